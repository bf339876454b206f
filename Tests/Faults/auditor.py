"""Audits a finished fault run: reads topics and tables by itself, sharing no code with the workers.

    auditor.py --database URL --brokers HOST:PORT [--submissions N] [--callbacks N]

Every record of orders.submitted must have come to one order, one rejection, one repeated answer or
one dead letter; every record of callbacks.received to the state that the channel's notifications, taken
in order, lead to, or to a dead letter; and every event must have been published: each answer, each
change in order, each dead letter. The header `expected`, which the workers don't read, says what
must become of a record.

Prints one JSON line: published, accepted, rejected, dead, repeated, lost, doubled, breaches. Exits
with 0 where nothing is lost, doubled or otherwise wrong.
"""

import argparse
import json
import sys
import time
import urllib.parse
from collections import Counter, defaultdict

import psycopg
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

BREACHES_SHOWN = 50
READS = {"signature": "orders.submitted", "callback": "callbacks.received"}


class Record:
    """What the audit needs of a Kafka record."""

    __slots__ = ("place", "value", "headers")

    def __init__(self, message):
        self.place = (message.partition(), message.offset())
        self.value = message.value() or b""
        self.headers = {k: (v or b"").decode() for k, v in message.headers() or []}

    def json(self):
        try:
            value = json.loads(self.value)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


class Findings:
    """What is wrong, by kind."""

    def __init__(self):
        self.lost = 0
        self.doubled = 0
        self.breaches = []

    def is_lost(self, text):
        self.lost += 1
        self.breaches.append("lost: " + text)

    def is_doubled(self, text):
        self.doubled += 1
        self.breaches.append("doubled: " + text)

    def is_wrong(self, text):
        self.breaches.append("wrong: " + text)


def read_topics(brokers, topics):
    """Every record of the topics, each partition to its end, in the partition's order."""
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "auditor",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
        }
    )
    known = consumer.list_topics(timeout=20).topics
    places = {(topic, number) for topic in topics for number in known[topic].partitions}
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for topic, number in places])
    records, ended = {topic: [] for topic in topics}, set()
    moved = time.monotonic()
    while ended != places:
        if time.monotonic() - moved > 60:
            raise SystemExit(f"auditor: nothing came in 60 s of {sorted(places - ended)}")
        for message in consumer.consume(10_000, timeout=0.2):
            moved = time.monotonic()
            if message.error() is None:
                records[message.topic()].append(Record(message))
            elif message.error().code() == KafkaError._PARTITION_EOF:
                ended.add((message.topic(), message.partition()))
            elif not message.error().retriable():
                raise SystemExit(f"auditor: {message.error()}")
    consumer.close()
    return {topic: sorted(found, key=lambda one: one.place) for topic, found in records.items()}


def group(rows):
    grouped = defaultdict(list)
    for key, *rest in rows:
        grouped[key].append(rest[0] if len(rest) == 1 else tuple(rest))
    return grouped


class Audit:
    def __init__(self, database, brokers):
        self.found = Findings()
        self.counts = Counter()
        topics = [
            "orders.submitted", "callbacks.received", "orders.accepted", "orders.rejected",
            "orders.changed", "dead-letters",
        ]
        self.topics = read_topics(brokers, topics)
        with psycopg.connect(database) as connection:
            self.connection = connection
            self.read_tables()

    def rows(self, sql):
        return self.connection.execute(sql).fetchall()

    def read_tables(self):
        self.orders = {
            row[0]: row[1:]
            for row in self.rows("select order_no, status, version, is_late from orders")
        }
        self.by_submission = group(
            self.rows("select submission_id::text, order_no from orders order by order_no")
        )
        self.rejections = group(
            self.rows("select submission_id::text, code from order_rejections")
        )
        self.events = group(
            self.rows(
                "select order_no, version, event_id::text from order_history order by 1, 2"
            )
        )
        self.dead_letters = {
            (worker, topic, (partition, offset)): dead_letter
            for worker, topic, partition, offset, dead_letter in self.rows(
                "select worker, origin_topic, origin_partition, origin_offset,"
                " dead_letter_id::text from dead_letters"
            )
        }
        self.offsets = {
            (worker, topic, partition): offset
            for worker, topic, partition, offset in self.rows(
                "select worker, topic, partition, next_offset from consumer_offsets"
            )
        }
        self.outbox = self.rows("select worker, count(*) from outbox group by worker")

    def run(self):
        self.check_offsets()
        self.check_submissions()
        self.check_callbacks()
        self.check_changes()
        self.check_dead_letters()
        for worker, count in self.outbox:
            self.found.is_lost(f"{count} outbox rows of {worker} were never published")

    # The stored offset is one past the last record: none skipped at the end, none invented.
    def check_offsets(self):
        for worker, topic in READS.items():
            ends = Counter()
            for record in self.topics[topic]:
                partition, offset = record.place
                if offset != ends[partition]:
                    self.found.is_wrong(f"{topic}/{partition} has a gap before offset {offset}")
                ends[partition] = offset + 1
            for partition, end in ends.items():
                stored = self.offsets.get((worker, topic, partition), 0)
                if stored < end:
                    self.found.is_lost(
                        f"{worker} is at {stored} of {end} in {topic}/{partition}"
                    )
                elif stored > end:
                    self.found.is_wrong(
                        f"{worker} is at {stored}, past the end {end}, in {topic}/{partition}"
                    )

    def check_submissions(self):
        accepted = self.answers("orders.accepted")
        rejected = self.answers("orders.rejected")
        first_of = {}
        for record in self.topics["orders.submitted"]:
            self.counts["published"] += 1
            body = record.json()
            name = f"submission at orders.submitted{list(record.place)}"
            submission = body.get("event_id") if body else None
            if submission:
                name = f"submission {submission}"
            orders = self.by_submission.get(submission, []) if submission else []
            rejections = self.rejections.get(submission, []) if submission else []
            is_dead = ("signature", "orders.submitted", record.place) in self.dead_letters
            repeats = any(e["repeated"] for e in accepted.get(submission, {}).values())
            came_to = (
                ["accepted"] * len(orders) + ["rejected"] * len(rejections) + ["dead"] * is_dead
            )
            if not came_to and repeats:
                came_to = ["repeated"]
            self.counts.update(came_to)
            self.judge(name, record, came_to)
            if "accepted" in came_to or "repeated" in came_to:
                self.check_answer(name, accepted.get(submission, {}))
            if "rejected" in came_to:
                self.check_answer(name, rejected.get(submission, {}))
            if orders:
                self.check_first_event(orders[0], accepted.get(submission, {}))
            if body and (orders or repeats):
                key = (body["order"]["merchant_no"], body["order"]["merchant_order_no"])
                first_of.setdefault(key, []).extend(orders)
        for key, orders in first_of.items():
            if len(orders) > 1:
                self.found.is_doubled(f"{key[0]} {key[1]} has the orders {', '.join(orders)}")
        known = sum(len(orders) for orders in first_of.values())
        if len(self.orders) != known:
            self.found.is_doubled(
                f"{len(self.orders)} orders are stored, of which submissions explain {known}"
            )

    def judge(self, name, record, came_to):
        expected = record.headers.get("expected")
        if not came_to:
            self.found.is_lost(f"{name} came to nothing; it should be {expected}")
        elif len(came_to) > 1:
            self.found.is_doubled(f"{name} came to {' and '.join(came_to)}")
        elif expected and came_to[0] != expected:
            self.found.is_wrong(f"{name} came to {came_to[0]}; it should be {expected}")

    # submission id -> event id -> event: repeats of one event are one.
    def answers(self, topic):
        answers = defaultdict(dict)
        for record in self.topics[topic]:
            event = record.json()
            answers[event["submission_id"]][event["event_id"]] = event
            self.counts["events"] += 1
        return answers

    def check_answer(self, name, events):
        if not events:
            self.found.is_lost(f"{name} was answered by no event")
        elif len(events) > 1:
            self.found.is_doubled(f"{name} was answered by the events {', '.join(events)}")

    def check_first_event(self, order_no, answers):
        stored = [event_id for version, event_id in self.events.get(order_no, []) if version == 1]
        if len(stored) != 1:
            self.found.is_lost(f"order {order_no} has {len(stored)} acceptances in order_history")
        elif answers and stored[0] not in answers:
            self.found.is_wrong(f"order {order_no} was published under another event_id")

    # The statuses that the channel sent of each order, in order, lead to one state and version.
    def check_callbacks(self):
        statuses = defaultdict(list)
        for record in self.topics["callbacks.received"]:
            self.counts["callbacks"] += 1
            is_dead = ("callback", "callbacks.received", record.place) in self.dead_letters
            self.counts["dead_callbacks"] += is_dead
            expects_dead = record.headers.get("expected") == "dead"
            if is_dead != expects_dead:
                verb = "became" if is_dead else "did not become"
                text = f"callback at callbacks.received{list(record.place)} {verb} a dead letter"
                (self.found.is_wrong if is_dead else self.found.is_lost)(text)
            if not is_dead and not expects_dead:
                form = dict(urllib.parse.parse_qsl(record.json()["raw"]))
                statuses[form["out_trade_no"]].append(form["trade_status"])
        for order_no, (status, version, is_late) in self.orders.items():
            wanted = progress(statuses.pop(order_no, []))
            if version < wanted[1]:
                self.found.is_lost(
                    f"order {order_no} is at version {version} ({status}), not {wanted[1]}"
                )
            elif version > wanted[1]:
                self.found.is_doubled(
                    f"order {order_no} is at version {version} ({status}), not {wanted[1]}"
                )
            elif (status, is_late) != (wanted[0], wanted[2]):
                self.found.is_wrong(f"order {order_no} is {status}; it should be {wanted[0]}")
            versions = [version for version, _ in self.events.get(order_no, [])]
            if versions != list(range(1, version + 1)):
                self.found.is_wrong(f"order {order_no} at {version} has the events {versions}")
        for order_no in statuses:
            self.found.is_lost(f"notifications of {order_no}, which is no order")
        for order_no in self.events.keys() - self.orders.keys():
            self.found.is_wrong(f"there are events of {order_no}, but no order")

    # Each version after the first is published, under its event_id, first seen in order.
    def check_changes(self):
        seen = defaultdict(dict)
        for record in self.topics["orders.changed"]:
            event = record.json()
            self.counts["events"] += 1
            order_no, version, event_id = event["order_no"], event["version"], event["event_id"]
            versions = seen[order_no]
            if version in versions:
                if versions[version] != event_id:
                    self.found.is_doubled(
                        f"order {order_no} version {version} has the events"
                        f" {versions[version]} and {event_id}"
                    )
                continue
            if versions and version < max(versions):
                self.found.is_wrong(
                    f"order {order_no}: version {version} was first published after"
                    f" {max(versions)}"
                )
            versions[version] = event_id
        for order_no, stored in self.events.items():
            for version, event_id in stored:
                if version == 1:
                    continue
                published = seen[order_no].pop(version, None)
                if published is None:
                    self.found.is_lost(f"order {order_no} version {version} was never published")
                elif published != event_id:
                    self.found.is_wrong(
                        f"order {order_no} version {version} was published under another event_id"
                    )
        for order_no, versions in seen.items():
            for version in versions:
                self.found.is_doubled(
                    f"order {order_no} version {version} was published and isn't stored"
                )

    def check_dead_letters(self):
        published = {r.headers.get("dead-letter-id", "") for r in self.topics["dead-letters"]}
        for (_, topic, place), dead_letter in self.dead_letters.items():
            if dead_letter not in published:
                self.found.is_lost(
                    f"dead letter {dead_letter} of {topic}{list(place)} wasn't published"
                )
        for dead_letter in published - set(self.dead_letters.values()):
            self.found.is_wrong(f"dead letter {dead_letter} was published and isn't stored")


def progress(statuses):
    """The state, version and lateness of an order of which the channel sent these statuses."""
    status, version, is_late, was_closed = "accepted", 1, False, False
    for status_sent in statuses:
        if status_sent == "WAIT_BUYER_PAY" and status == "accepted":
            status, version = "paying", version + 1
        elif status_sent == "TRADE_CLOSED":
            was_closed = True
            if status == "paid":
                is_late = True
            elif status != "closed":
                status, version = "closed", version + 1
        elif status_sent in ("TRADE_SUCCESS", "TRADE_FINISHED") and status != "paid":
            status, version, is_late = "paid", version + 1, is_late or was_closed
    return status, version, is_late


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True)
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--submissions", type=int, help="records acknowledged to the publisher")
    parser.add_argument("--callbacks", type=int, help="records acknowledged to the publisher")
    options = parser.parse_args()
    audit = Audit(options.database, options.brokers)
    audit.run()
    counts, found = audit.counts, audit.found
    for name, acknowledged, read in [
        ("orders.submitted", options.submissions, counts["published"]),
        ("callbacks.received", options.callbacks, counts["callbacks"]),
    ]:
        if acknowledged is not None and acknowledged != read:
            found.is_wrong(f"{acknowledged} records were acknowledged in {name}, which holds {read}")
    names = ["published", "accepted", "rejected", "dead", "repeated"]
    names += ["callbacks", "dead_callbacks", "events"]
    report = {name: counts[name] for name in names}
    report["lost"], report["doubled"] = found.lost, found.doubled
    report["breach_count"] = len(found.breaches)
    report["breaches"] = found.breaches[:BREACHES_SHOWN]
    print(json.dumps(report, ensure_ascii=False))
    return 1 if found.breaches else 0


if __name__ == "__main__":
    sys.exit(main())
