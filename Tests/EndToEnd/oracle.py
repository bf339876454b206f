"""Computes a played day's figures from outside and compares them with what the platform printed.

    oracle.py --simulator FOLDER --line JSON

FOLDER is the simulator's, with `parties.json` and `oracle/` (the files are described in
Workers/Sandbox/Simulator/Oracle/OracleFiles.swift): the merchants' submissions, the channel's trades
and bills as served, the bank's payouts, the receivers' log. No line of the platform is used, and
none of its tables is read: fees, shares, matching and settlements are computed here again, in
integers.

Prints one line for each difference. Exits 0 where there is none.
"""

import argparse
import csv
import io
import json
import pathlib
import sys
import zipfile
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
# Dead letters that the day makes on purpose, beside those of orders and of unknown orders: malformed
# records, in every thousand orders.
MALFORMED_RECORDS = 5
# Scenarios with one notification that doesn't fit its order. One that isn't the channel's, or of another
# app or payee, is refused by the gateway and becomes no record.
MISFITS = {"wrongAmountNotified"}


def fee(amount, ppm):
    """Rounded half up to a fen."""
    return (amount * ppm + 500_000) // 1_000_000


def fen(yuan):
    """An amount of the bill: `-12.34` is -1234."""
    sign = -1 if yuan.startswith("-") else 1
    whole, _, part = yuan.lstrip("+-").partition(".")
    if len(part) > 2:
        raise ValueError(f"{yuan} has more than two decimals")
    return sign * (int(whole or "0") * 100 + int(part.ljust(2, "0")))


def day_of(time):
    """The business day of an RFC 3339 time."""
    return datetime.fromisoformat(time).astimezone(SHANGHAI).date().isoformat()


def read_lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_bill(path):
    """The detail lines of a bill as the channel served it: a zip of CSV in GBK."""
    with zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist()]
        for name in names:
            rows = list(csv.reader(io.StringIO(archive.read(name).decode("gbk"))))
            rows = [[cell.strip() for cell in row] for row in rows]
            head = next((row for row in rows if row and row[0] == "支付宝交易号"), None)
            # The summary has no trade numbers.
            if head is None or "业务类型" not in head:
                continue
            start = rows.index(head) + 1
            lines = []
            for row in rows[start:]:
                if not row or row[0].startswith("#"):
                    break
                # The channel doesn't quote a subject's commas.
                more, subject = len(row) - len(head), head.index("商品名称")
                joined = ",".join(row[subject : subject + more + 1])
                row = row[:subject] + [joined] + row[subject + more + 1 :]
                lines.append(dict(zip(head, row)))
            return lines
    raise SystemExit(f"oracle: {path} has no detail file among {names}")


class Day:
    """What the outside knows of a played day."""

    def __init__(self, folder):
        oracle = folder / "oracle"
        parties = json.loads((folder / "parties.json").read_text(encoding="utf-8"))
        self.parties = {party["party_no"]: party for party in parties["parties"]}
        self.channel_ppm = parties["channel_rate_ppm"]
        self.submissions = read_lines(oracle / "submissions.jsonl")
        channel = read_lines(oracle / "channel.jsonl")
        self.trades = {t["out_trade_no"]: t for t in channel if t["kind"] == "trade"}
        self.refunds = [r for r in channel if r["kind"] == "refund"]
        self.bank = read_lines(oracle / "bank.jsonl")
        self.deliveries = read_lines(oracle / "deliveries.jsonl")
        self.violations = read_lines(oracle / "violations.jsonl")
        self.bills = {
            path.stem.removeprefix("bill-"): read_bill(path)
            for path in sorted(oracle.glob("bill-*.zip"))
        }
        # By the merchant's number, which no two merchants of a day share.
        self.orders = {
            s["merchant_order_no"]: s
            for s in self.submissions
            if s["kind"] in ("submitted", "published")
        }
        numbers = {d["order_no"]: d["merchant_order_no"] for d in self.deliveries}
        # The platform's order number of every order that anybody was notified of.
        self.order_of = {
            order_no: self.orders[number]
            for order_no, number in numbers.items()
            if number in self.orders
        }

    def chain(self, merchant_no):
        """The agents above a merchant, top first."""
        agents, number = [], self.parties[merchant_no].get("parent_no")
        while number and self.parties[number]["kind"] == "agent":
            agents.insert(0, number)
            number = self.parties[number].get("parent_no")
        return agents

    def rates(self, order):
        """From the channel's to the merchant's, each level's."""
        levels = self.chain(order["merchant_no"]) + [order["merchant_no"]]
        return [self.channel_ppm] + [
            self.parties[level]["products"][order["product"]] for level in levels
        ]

    def receivers(self, order):
        """The parties that are notified of an order."""
        levels = self.chain(order["merchant_no"]) + [order["merchant_no"]]
        return [level for level in levels if self.parties[level].get("callback_path")]

    def paid(self):
        """Trades of the platform's orders that were paid."""
        return {
            number: trade
            for number, trade in self.trades.items()
            if trade.get("paid_at") and number in self.order_of
        }


class Oracle:
    """The figures of a day, and what is inconsistent in it."""

    def __init__(self, day):
        self.day = day
        self.figures = {}
        self.breaches = []

    def run(self):
        self.count_orders()
        self.count_deliveries()
        self.sum_fees()
        self.reconcile()
        self.settle()
        self.count_dead_letters()
        for violation in self.day.violations:
            self.breaches.append(f"{violation['source']}: {violation['violation']}")

    def count_orders(self):
        day = self.day
        outcomes = Counter(order["expected"] for order in day.orders.values())
        # Other content under a used number is a refusal of its own.
        others = sum(1 for s in day.submissions if s["kind"] == "other_content")
        paid = len(day.paid())
        self.figures["orders_accepted"] = outcomes["accepted"]
        self.figures["orders_rejected"] = outcomes["rejected"] + others
        self.figures["orders_submitted"] = sum(outcomes.values()) + others
        self.figures["orders_paid"] = paid
        # By the end of the next morning every order that nobody paid has expired.
        self.figures["orders_closed"] = outcomes["accepted"] - paid
        self.figures["refunds"] = len(day.refunds)

    def count_deliveries(self):
        """One for each event of an order at each party of its chain that has an address."""
        day = self.day
        trades = {day.order_of[n]["merchant_order_no"]: t for n, t in day.paid().items()}
        refunds = Counter(
            day.order_of[r["out_trade_no"]]["merchant_order_no"] for r in day.refunds
        )
        due = Counter()
        for number, order in day.orders.items():
            if order["expected"] != "accepted":
                continue
            events = Counter({"order.refunded": refunds[number]})
            if number in trades:
                events["order.paid"] = 1
            if number not in trades or order["scenario"] == "paidAfterClose":
                events["order.closed"] = 1
            for party in day.receivers(order):
                for event, count in events.items():
                    if count:
                        due[(party, number, event)] = count
        came = Counter((d["party_no"], d["merchant_order_no"], d["event"]) for d in day.deliveries)
        for key in sorted(due.keys() | came.keys()):
            if due[key] != came[key]:
                self.breaches.append(
                    f"{key[0]} is due {due[key]} {key[2]} of {key[1]}, and received {came[key]}"
                )
        for delivery in day.deliveries:
            if not delivery["verified"]:
                self.breaches.append(f"{delivery['delivery_id']} had an attempt with a bad signature")
        self.figures["deliveries_due"] = sum(due.values())
        self.figures["deliveries_acknowledged"] = sum(
            1 for delivery in day.deliveries if delivery["acknowledged"]
        )

    def sum_fees(self):
        names = ["merchant_fee_fen", "channel_fee_fen", "agent_share_fen", "platform_share_fen"]
        sums = dict.fromkeys(names, 0)
        refunded = Counter()
        for refund in self.day.refunds:
            refunded[refund["out_trade_no"]] += refund["amount_fen"]
        for number, trade in self.day.paid().items():
            rates = self.day.rates(self.day.order_of[number])
            if trade["fee_fen"] != fee(trade["amount_fen"], rates[0]):
                self.breaches.append(f"{number}: the channel charged {trade['fee_fen']}")
            whole = [fee(trade["amount_fen"], ppm) for ppm in rates]
            if whole != sorted(whole):
                self.breaches.append(f"{number}: the fees {whole} fall on the way to the merchant")
            # A refund returns its part of each fee.
            fees = [fee(trade["amount_fen"], ppm) - fee(refunded[number], ppm) for ppm in rates]
            sums["channel_fee_fen"] += fees[0]
            sums["platform_share_fen"] += fees[1] - fees[0]
            sums["agent_share_fen"] += fees[-1] - fees[1]
            sums["merchant_fee_fen"] += fees[-1]
        self.figures.update(sums)

    def reconcile(self):
        """Each day's bill against the payments and refunds that the channel made on it."""
        counts = Counter()
        self.matched_trades, self.matched_refunds = {}, []
        refunds = {(r["out_trade_no"], r["out_request_no"]): r for r in self.day.refunds}
        for date, lines in self.day.bills.items():
            billed = set()
            for line in lines:
                number = line["商户订单号"]
                amount = fen(line["订单金额（元）"])
                if line["业务类型"] == "退款":
                    refund = refunds.get((number, line["退款批次号/请求号"]))
                    kind = "matched" if refund and refund["amount_fen"] == abs(amount) else "odd"
                    if kind == "matched":
                        self.matched_refunds.append(refund)
                elif number not in self.day.order_of:
                    kind = "channel_only"
                else:
                    billed.add(number)
                    trade = self.day.trades[number]
                    if trade["billed_fen"] != amount:
                        self.breaches.append(f"{number} is billed as {amount} in {date}")
                    kind = "matched" if trade["amount_fen"] == amount else "amount_mismatch"
                    if kind == "matched":
                        self.matched_trades[number] = trade
                if kind == "odd":
                    self.breaches.append(f"bill {date}: no refund at the channel: {line}")
                counts[kind] += 1
            # Paid by the channel's own words on that day, and not in its bill.
            counts["platform_only"] += sum(
                1
                for number, trade in self.day.paid().items()
                if day_of(trade["paid_at"]) == date and number not in billed
            )
        for name in ["matched", "platform_only", "channel_only", "amount_mismatch"]:
            self.figures[name] = counts[name]

    def settle(self):
        """The bank was sent each merchant's net amount, once, under one number."""
        net = defaultdict(int)
        for number, trade in self.matched_trades.items():
            order = self.day.order_of[number]
            amount = trade["amount_fen"]
            net[order["merchant_no"]] += amount - fee(amount, self.day.rates(order)[-1])
        refunded = Counter()
        for refund in sorted(self.matched_refunds, key=lambda r: r["refunded_at"]):
            number = refund["out_trade_no"]
            order, amount = self.day.order_of[number], refund["amount_fen"]
            ppm, before = self.day.rates(order)[-1], refunded[number]
            refunded[number] += amount
            # The fee returns with the refund, so that all parts together return the whole of it.
            returned = fee(refunded[number], ppm) - fee(before, ppm)
            net[order["merchant_no"]] -= amount - returned
        expected = Counter(
            (self.day.parties[merchant]["settlement_card"]["payee_name"], amount)
            for merchant, amount in net.items()
            if amount > 0
        )
        sent = Counter((payout["payee_name"], payout["amount_fen"]) for payout in self.day.bank)
        for payee, amount in sorted((expected - sent).keys()):
            self.breaches.append(f"the bank was never sent {amount} for {payee}")
        for payee, amount in sorted((sent - expected).keys()):
            self.breaches.append(f"the bank was sent {amount} for {payee}, which isn't its net")
        self.figures["settlements"] = len(net)
        self.figures["paid_out_fen"] = sum(
            payout["amount_fen"] for payout in self.day.bank if payout["outcome"] == "succeeded"
        )

    def count_dead_letters(self):
        day = self.day
        scenarios = Counter(order["scenario"] for order in day.orders.values())
        # As often as a trade that only the channel has, it notifies of an order that nobody has;
        # that dead letter is replayed once, and becomes one again.
        unknown = sum(1 for number in day.trades if number not in day.order_of)
        unpaid = sum(
            1
            for number, trade in day.trades.items()
            if number not in day.order_of and not trade.get("paid_at")
        )
        unknown -= unpaid
        self.figures["dead_letters"] = (
            MALFORMED_RECORDS * max(1, len(day.orders) // 1000)
            + 2 * unknown
            + sum(scenarios[scenario] for scenario in MISFITS)
        )
        self.figures["dead_letters_replayed"] = unknown


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simulator", required=True, type=pathlib.Path)
    parser.add_argument("--line", required=True, help="the last line of tally demo")
    options = parser.parse_args()
    line = json.loads(options.line)
    oracle = Oracle(Day(options.simulator))
    oracle.run()
    found = list(oracle.breaches)
    for name, value in line.items():
        if name in ("audit", "seconds"):
            continue
        if name not in oracle.figures:
            found.append(f"{name} is {value}, and the oracle doesn't compute it")
        elif oracle.figures[name] != value:
            found.append(f"{name} is {value}; computed from outside it is {oracle.figures[name]}")
    for name in oracle.figures.keys() - line.keys():
        found.append(f"{name} is missing in the line")
    if line.get("audit") != "ok":
        found.append(f"audit is {line.get('audit')}")
    for text in found:
        print(text)
    print(f"oracle: {len(oracle.figures)} figures, {len(found)} differences", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
