"""The channel's SDK, unchanged, against the simulator: pays, queries, refunds, closes, cancels,
fetches a bill, and verifies what it receives; and the channel's console over HTTP. Prints one line for
each call; exits 1 where one differs.

    alipay_sdk.py SIMULATOR_URL KEYS_FOLDER APP_ID BILL_DATE
"""

import http.client
import json
import queue
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError

simulator, keys, app_id, bill_date = sys.argv[1:]
# The forms of each order, in the order of their arrival.
notices = {order_no: queue.Queue() for order_no in ("SDK1", "SDK2", "SDK3")}


class Platform(BaseHTTPRequestHandler):
    """Acknowledges every notification and keeps its form."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = dict(urllib.parse.parse_qsl(body))
        notices[form["out_trade_no"]].put(form)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"success")

    def log_message(self, *arguments):
        pass


def read(name):
    with open(f"{keys}/{name}", encoding="utf-8") as file:
        return file.read()


def client(public_key="alipay_public.pem"):
    sdk = AliPay(
        appid=app_id,
        app_notify_url=notify_url,
        app_private_key_string=read("app_private.pem"),
        alipay_public_key_string=read(public_key),
        sign_type="RSA2",
    )
    sdk._gateway = simulator + "/gateway.do"
    return sdk


def post(path, fields):
    body = fields if isinstance(fields, str) else urllib.parse.urlencode(fields)
    request = urllib.request.Request(simulator + path, data=body.encode(), method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def console(method, path, body=None):
    """A call to the channel's console: status and text."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(simulator + "/console" + path, data=data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def expect(what, seen, wanted):
    if seen != wanted:
        print(f"{what}: {seen!r}, expected {wanted!r}")
        sys.exit(1)
    print(f"{what}: {seen!r}")


def notice_of(order_no):
    """The next notification of an order, verified by the SDK."""
    form = notices[order_no].get(timeout=30)
    sign = form.pop("sign")
    changed = dict(form, total_amount="0.01")
    expect(f"verify {order_no}", alipay.verify(form, sign), True)
    expect(f"verify {order_no}, changed", alipay.verify(changed, sign), False)
    return form


server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
threading.Thread(target=server.serve_forever, daemon=True).start()
notify_url = f"http://127.0.0.1:{server.server_port}/notify"
alipay = client()
gateway = simulator + "/gateway.do?"

# Page, WAP and app payments: the order string, the cashier, the payer's payment.
page = alipay.api_alipay_trade_page_pay("茶, 250g", "SDK1", "100.00", return_url="http://127.0.0.1/r")
with urllib.request.urlopen(gateway + page, timeout=10) as cashier:
    expect("page pay", "确认付款" in cashier.read().decode(), True)
wap = alipay.api_alipay_trade_wap_pay("茶", "SDK2", "20.00")
with urllib.request.urlopen(gateway + wap, timeout=10) as cashier:
    expect("wap pay", "确认付款" in cashier.read().decode(), True)
expect("app pay", "确认付款" in post("/cashier/app", alipay.api_alipay_trade_app_pay("茶", "SDK3", "30.00")), True)
expect("query of a waiting trade", alipay.api_alipay_trade_query("SDK1")["trade_status"], "WAIT_BUYER_PAY")
expect("paid by WAP", "支付成功" in post("/cashier/pay", {"out_trade_no": "SDK2"}), True)
expect("paid by app", "支付成功" in post("/cashier/pay", {"out_trade_no": "SDK3"}), True)
for order_no in ("SDK2", "SDK3"):
    expect(f"notification of {order_no}", notice_of(order_no)["trade_status"], "TRADE_SUCCESS")

# Query, by either number; refund, its repeat and its query.
paid = alipay.api_alipay_trade_query("SDK2")
expect("query", (paid["trade_status"], paid["total_amount"]), ("TRADE_SUCCESS", "20.00"))
expect("query by trade_no", alipay.api_alipay_trade_query(trade_no=paid["trade_no"])["out_trade_no"], "SDK2")
refund = dict(out_trade_no="SDK2", out_request_no="R1")
done = alipay.api_alipay_trade_refund("5.00", **refund)
expect("refund", (done["code"], done["fund_change"], done["refund_fee"]), ("10000", "Y", "5.00"))
expect("the refund's repeat", alipay.api_alipay_trade_refund("5.00", **refund)["fund_change"], "N")
found = alipay.api_alipay_trade_fastpay_refund_query("R1", out_trade_no="SDK2")
expect("refund query", (found["refund_status"], found["refund_amount"]), ("REFUND_SUCCESS", "5.00"))
missing = alipay.api_alipay_trade_fastpay_refund_query("R9", out_trade_no="SDK2")
expect("query of no refund", missing, {"code": "10000", "msg": "Success"})
expect("notification of the refund", notice_of("SDK2")["refund_fee"], "5.00")

# Close, and what may not be closed; cancel, of a paid trade and of none.
expect("close", alipay.api_alipay_trade_close("SDK1")["out_trade_no"], "SDK1")
expect("query of a closed trade", alipay.api_alipay_trade_query("SDK1")["trade_status"], "TRADE_CLOSED")
expect("close of a paid trade", alipay.api_alipay_trade_close("SDK2")["sub_code"], "ACQ.TRADE_STATUS_ERROR")
expect("query of no trade", alipay.api_alipay_trade_query("SDK9")["sub_code"], "ACQ.TRADE_NOT_EXIST")
cancelled = alipay.api_alipay_trade_cancel("SDK3")
expect("cancel", (cancelled["action"], cancelled["retry_flag"]), ("refund", "N"))
expect("query of a cancelled trade", alipay.api_alipay_trade_query("SDK3")["trade_status"], "TRADE_CLOSED")
expect("cancel of no trade", alipay.api_alipay_trade_cancel("SDK9").get("action"), None)

# The address of a bill, and the file behind it.
method = "alipay.data.dataservice.bill.downloadurl.query"
bill = alipay.server_api(method, {"bill_type": "trade", "bill_date": bill_date})
with urllib.request.urlopen(bill["bill_download_url"], timeout=10) as file:
    expect("bill", file.read()[:2], b"PK")

# Agreements.
expect("an agreement is signed", console("PUT", "/agreements/2015AG1", {"status": "NORMAL"})[0], 200)
query = ("alipay.user.agreement.query", {"agreement_no": "2015AG1"})
expect("agreement", alipay.server_api(*query)["status"], "NORMAL")
ended = alipay.server_api("alipay.user.agreement.unsign", {"agreement_no": "2015AG1"})
expect("unsign", ended["code"], "10000")
expect("the ended agreement", alipay.server_api(*query)["status"], "STOP")

# The console: refunds and closes at the channel, and answers that fail.
made = console("POST", "/orders/SDK2/refunds", {"amount_fen": 200})
number = json.loads(made[1])["request_no"]
found = alipay.api_alipay_trade_fastpay_refund_query(number, out_trade_no="SDK2")
expect("the console's refund", found["refund_amount"], "2.00")
expect("its notification", notice_of("SDK2")["out_biz_no"], number)
refused = console("POST", "/orders/SDK2/refunds", {"amount_fen": 9999})
expect("a refund of too much", refused, (409, "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL\n"))
expect("a close of a paid trade", console("POST", "/orders/SDK2/close")[0], 409)
expect("a misspelt fault", console("PUT", "/orders/SDK2/faults", {"looses": True})[0], 400)
refund = dict(out_trade_no="SDK2", out_request_no="R2")
faults = {"answers": [
    {"kind": "lost", "method": "alipay.trade.refund"}, {"kind": "slow", "seconds": 1}, {"kind": "bad_gateway"},
    {"kind": "cut"}, {"kind": "wrong_key"}, {"kind": "unsigned"}, {"kind": "gbk"},
]}
expect("faults", console("PUT", "/orders/SDK2/faults", faults)[0], 200)
try:
    alipay.api_alipay_trade_refund("3.00", **refund)
    expect("a lost answer", "an answer", "none")
except (http.client.HTTPException, ConnectionError):
    expect("a lost answer", "none", "none")
begin = time.monotonic()
found = alipay.api_alipay_trade_fastpay_refund_query("R2", out_trade_no="SDK2")
expect("a slow answer, about the refund", (found["refund_amount"], time.monotonic() - begin >= 1), ("3.00", True))
for kind, expected in (
    ("bad gateway", urllib.error.HTTPError), ("cut", json.JSONDecodeError),
    ("wrong key", AliPayValidationError), ("unsigned", AliPayException),
):
    try:
        alipay.api_alipay_trade_query("SDK2")
        expect(kind, "an answer", "none")
    except expected:
        expect(kind, "refused", "refused")
expect("gbk", alipay.api_alipay_trade_query("SDK2")["total_amount"], "20.00")
trade = json.loads(console("GET", "/orders/SDK2")[1])
expect("the trade", (trade["status"], trade["refunded_fen"], len(trade["refunds"])), ("TRADE_SUCCESS", 1000, 3))
console("PUT", "/call-limit", {"per_second": 0})
expect("too many calls", alipay.api_alipay_trade_query("SDK2")["sub_code"], "isv.method-call-limited")
console("PUT", "/call-limit", {})
expect("no limit", alipay.api_alipay_trade_query("SDK2")["code"], "10000")

# Wrong keys on either side.
try:
    client(public_key="attacker_public.pem").api_alipay_trade_query("SDK2")
    expect("an answer under another key", "accepted", "refused")
except AliPayValidationError:
    expect("an answer under another key", "refused", "refused")
alipay._appid = "2021000000009999"
try:
    alipay.api_alipay_trade_query("SDK2")
    expect("another app", "accepted", "refused")
except AliPayException as error:
    expect("another app", "code:40002" in str(error), True)
server.shutdown()
