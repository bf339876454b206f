"""Signs most of what schemathesis generates, so that it reaches what lies behind the signature.

Loaded by SCHEMATHESIS_HOOKS. TALLY_ENDPOINTS names the file that `tally up` writes, with the sample
merchants' keys. Every fourth request is left as it was generated.
"""

import datetime
import hashlib
import hmac
import json
import os
import random
import secrets

import schemathesis

RANDOM = random.Random(7)
ACTIONS = {
    ("GET", "/v1/orders/{merchant_order_no}"): "order.show",
    ("POST", "/v1/orders/{merchant_order_no}/close"): "order.close",
    ("POST", "/v1/orders/{merchant_order_no}/refunds"): "order.refund",
}
SIGNED = {"merchant_no", "timestamp", "nonce", "sign_type", "key_version"}

with open(os.environ["TALLY_ENDPOINTS"], encoding="utf-8") as endpoints:
    MERCHANTS = [
        (merchant["merchant_no"], key)
        for merchant in json.load(endpoints)["merchants"]
        if not merchant.get("requires_agent_signatures")
        for key in merchant["keys"]
        if key.get("secret")
    ]


def text_of(value):
    """The text that is signed; None for what isn't signed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int)):
        return str(value)
    return None


def sign(fields, covered):
    """Adds a merchant, the time and the signature over the fields and what isn't sent."""
    merchant_no, key = RANDOM.choice(MERCHANTS)
    now = datetime.datetime.now(datetime.timezone.utc)
    fields.update(
        merchant_no=merchant_no, timestamp=now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        nonce=secrets.token_hex(8), sign_type=key["sign_type"], key_version=key["key_version"])
    fields.pop("agent_signatures", None)
    signed = {**fields, **covered}
    signed.pop("sign", None)
    texts = {name: text_of(value) for name, value in signed.items()}
    text = "&".join(
        f"{name}={texts[name]}"
        for name in sorted(texts, key=lambda name: name.encode("utf-8", "surrogatepass"))
        if texts[name])
    secret = key["secret"].encode()
    data = text.encode("utf-8", "surrogatepass")
    if key["sign_type"] == "MD5":
        fields["sign"] = hashlib.md5(data + b"&key=" + secret).hexdigest()
    else:
        fields["sign"] = hmac.new(secret, data, hashlib.sha256).hexdigest()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Signs orders, and the calls on them, in three cases of four."""
    place = (case.method.upper(), case.operation.path)
    if RANDOM.random() < 0.25:
        return
    if place == ("POST", "/v1/orders") and isinstance(case.body, dict):
        sign(case.body, {})
    elif place in ACTIONS:
        number = (case.path_parameters or {}).get("merchant_order_no")
        covered = {"action": ACTIONS[place], "merchant_order_no": str(number)}
        if place[0] == "GET" and isinstance(case.query, dict):
            if set(case.query) <= SIGNED | {"sign"}:
                sign(case.query, covered)
        elif isinstance(case.body, dict):
            sign(case.body, covered)
