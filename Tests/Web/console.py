"""Walks the console of a stack that is up, in real Chromium: signs in as each role, opens every page
in both languages, dark and light, at 390 and 1440 pixels, and has axe-core look at each.

  console.py ENDPOINTS_JSON [SCREENSHOT_FOLDER]

Prints one JSON object; exit 1 where a page isn't as a user expects, with the reason on standard error.
"""
import base64
import hashlib
import hmac
import json
import pathlib
import struct
import sys
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = {"phone": (390, 844), "wide": (1440, 900)}
# What each role finds in the navigation, by its address.
PAGES = {
    "super_admin": ["/", "/orders", "/stuck", "/dead-letters", "/days", "/reports", "/applications", "/users"],
    "operator": ["/", "/orders", "/stuck", "/dead-letters", "/days", "/reports", "/applications"],
    "reviewer": ["/", "/orders", "/stuck", "/days", "/reports", "/applications"],
    "finance": ["/", "/orders", "/days", "/reports"],
    "support": ["/", "/orders", "/stuck"],
    "agent_admin": ["/", "/orders", "/reports", "/applications"],
    "agent_staff": ["/", "/orders"],
    "merchant": ["/", "/orders", "/reports"],
}
EVERY_PAGE = PAGES["super_admin"]
failures = []
figures = {"pages": 0, "violations": 0, "refused": 0, "roles": 0}


def expect(condition, what):
    if not condition:
        failures.append(what)


def one_time_code(key, step):
    """RFC 6238, written apart from the console's own."""
    mac = hmac.new(base64.b32decode(key), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def code_of(login):
    return one_time_code(login["authenticator_key"].replace(" ", ""), int(time.time()) // 30)


def sign_in(page, base, login):
    page.goto(base + "/sign-in")
    page.fill("#login", login["login"])
    page.fill("#password", login["password"])
    page.click("main button")
    if page.locator("#code").count():
        page.fill("#code", code_of(login))
        page.click("main button")
    expect(page.url == base + "/", f"{login['login']} isn't signed in: {page.url}")


def look(page, name, shots):
    """What every page must be: no violation of accessibility, nothing wider than the screen."""
    figures["pages"] += 1
    for violation in Axe().run(page).response["violations"]:
        figures["violations"] += 1
        nodes = [node["html"][:120] for node in violation["nodes"]]
        failures.append(f"{name}: {violation['id']}: {violation['help']}: {nodes}")
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    expect(width <= 0, f"{name} is {width} pixels wider than the screen")
    if shots:
        page.screenshot(path=str(shots / f"{name}.png"), full_page=True)


def own_merchants(endpoints, login):
    """The merchants below a login's party; None for every one."""
    party = login["party_no"]
    if party is None:
        return None
    return {
        merchant["merchant_no"]
        for merchant in endpoints["merchants"]
        if party == merchant["merchant_no"] or party in merchant["agent_nos"]
    }


def walk(browser, endpoints, login, shots, looks):
    base, role = endpoints["console"], login["role"]
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    sign_in(page, base, login)
    links = page.eval_on_selector_all("header nav a", "all => all.map(a => a.getAttribute('href'))")
    expect(links == PAGES[role], f"{role} finds {links}")
    for path in EVERY_PAGE:
        status = page.goto(base + path).status
        wanted = 200 if path in PAGES[role] else 403
        figures["refused"] += status == 403
        expect(status == wanted, f"{role} at {path}: {status}, not {wanted}")
    page.goto(base + "/orders")
    own = own_merchants(endpoints, login)
    shown = set(page.eval_on_selector_all(
        "tbody tr", "rows => rows.map(row => row.children[1].textContent)"))
    expect(own is None or shown <= own, f"{role} of {login['party_no']} sees {shown - (own or set())}")
    orders = page.eval_on_selector_all(
        "tbody tr a", "all => all.map(a => a.getAttribute('href'))")
    if looks:
        paths = PAGES[role] + orders[:1]
        days, applications = None, []
        for language in ("en", "zh"):
            page.goto(f"{base}/language/{language}?back=/")
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                for size, (width, height) in WIDTHS.items():
                    page.set_viewport_size({"width": width, "height": height})
                    for path in paths:
                        page.goto(base + path)
                        if path == "/days" and days is None:
                            found = page.eval_on_selector_all(
                                "tbody a", "all => all.map(a => a.getAttribute('href'))")
                            days = found[:1]
                        if path == "/applications":
                            applications = page.eval_on_selector_all(
                                "tbody a", "all => all.map(a => a.getAttribute('href'))")
                        name = path.strip("/").replace("/", "-") or "home"
                        name = "order" if path in orders else name
                        look(page, f"{role}-{name}-{language}-{theme}-{size}", shots)
                    for application in applications[:1]:
                        page.goto(base + application)
                        look(page, f"{role}-application-{language}-{theme}-{size}", shots)
                    for path in days or []:
                        page.goto(base + path)
                        look(page, f"{role}-day-{language}-{theme}-{size}", shots)
                        differences = page.eval_on_selector_all(
                            "a[href^='/differences/']", "all => all.map(a => a.getAttribute('href'))")
                        for difference in differences[:1]:
                            page.goto(base + difference)
                            look(page, f"{role}-difference-{language}-{theme}-{size}", shots)
    figures["roles"] += 1
    page.goto(base + "/")
    page.click("header form button")
    expect(page.url == base + "/sign-in", f"{role} isn't signed out")
    expect(page.goto(base + "/orders").status == 401, f"{role} sees orders after signing out")
    context.close()
    return orders


def first_pages(browser, base, shots):
    """The pages before a sign-in."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(base + "/")
    expect(page.url == base + "/sign-in", "the first page isn't the sign-in")
    look(page, "sign-in-zh", shots)
    page.fill("#login", "nobody")
    page.fill("#password", "<script>alert(1)</script>")
    page.click("main button")
    expect("登录名或密码错误" in page.inner_text("main"), "an unknown login isn't refused")
    look(page, "sign-in-refused-zh", shots)
    expect(page.goto(base + "/no-such-page").status == 404, "an unknown page isn't 404")
    look(page, "not-found-zh", shots)


def main():
    endpoints = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    shots = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        first_pages(browser, endpoints["console"], shots)
        seen = {}
        for login in endpoints["logins"]:
            looks = login["role"] in ("super_admin", "merchant")
            seen[login["role"]] = walk(browser, endpoints, login, shots, looks)
        # Another party's order isn't there, whoever names it.
        merchant = next(login for login in endpoints["logins"] if login["role"] == "merchant")
        own = set(seen["merchant"])
        foreign = [order for order in seen["super_admin"] if order not in own]
        expect(foreign, "there is no order of another merchant to look for")
        page = browser.new_context().new_page()
        sign_in(page, endpoints["console"], merchant)
        for order in foreign[:5]:
            number = order.rsplit("/", 1)[1]
            expect(page.goto(endpoints["console"] + order).status == 404, f"a merchant sees {order}")
            status = page.goto(f"{endpoints['console']}/orders?number={number}").status
            expect(status == 404, f"a merchant finds {number}")
        browser.close()
    for failure in failures:
        print(failure, file=sys.stderr)
    print(json.dumps({**figures, "failures": len(failures)}))
    sys.exit(1 if failures else 0)


main()
