"""The Python consumer of `make bench` that does the same work as Tallyhouse's signature worker.

Each batch, in one transaction: the 27 columns of `orders` that an accepted order fills, by COPY
into a table with the same indexes and checks; one outbox row with the batch's `orders.accepted`
events; the stored offsets, moved by compare-and-set. After the commit an idempotent producer publishes the
events with their trace; the outbox row is deleted once all are acknowledged.

Tuned by hand. Four threads a process, with batches in flight between them, so that one batch is
read while another is checked, a third stored and up to four are waiting for their acknowledgements:

    read → prepare → store → publish

orjson; COPY in one string a batch; what depends on a merchant alone is made once; a callback for
the last event of each partition only (a gapless producer without a time limit acknowledges in order
or stops); deletions are part of the next batch's transaction; no garbage collector.

    intake_peer.py '{"database":…,"brokers":…}'      a line of JSON with the rate
"""
import collections
import gc
import hashlib
import json
import os
import queue
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from zlib import crc32

import psycopg
from confluent_kafka import KafkaException, Producer
from orjson import dumps, loads

from intake import consumer_of, escaped, run_drain

BATCH = 4_000
# Batches whose events may wait for their acknowledgement at the same time.
PUBLISHING = 4
ACCEPTED = "bench.accepted"
SCHEMA = """
drop table if exists peer_orders, peer_outbox, peer_offsets;
create table peer_orders (like orders including all);
create table peer_outbox (like outbox including all);
create table peer_offsets (like consumer_offsets including all);
insert into peer_offsets (worker, topic, partition, next_offset)
    select 'peer', 'bench.orders', n, 0 from generate_series(0, 63) as n;
"""
COPY = """
copy peer_orders (order_no, merchant_no, merchant_order_no, product, amount_fen, subject,
    notify_url, return_url, client_ip, attach, content_digest, channel, app_id, seller_id,
    chain_party_nos, chain_rates_ppm, merchant_fee_fen, channel_fee_fen, agent_share_fen,
    platform_share_fen, status, submission_id, accepted_event_id, traceparent, accepted_at,
    expires_at, next_inquiry_at) from stdin
"""
ADD_TO_OUTBOX = """
insert into peer_outbox (worker, sources, events, event_count) values ('peer', %s, %b, %s)
returning outbox_id
"""
MOVE_OFFSETS = """
update peer_offsets as o set next_offset = n.next, poison_run = 0, updated_at = clock_timestamp()
from unnest(%s::int[], %s::bigint[], %s::bigint[]) as n (partition, seen, next)
where o.worker = 'peer' and o.topic = 'bench.orders' and o.partition = n.partition
    and o.next_offset = n.seen
"""
NOT_SIGNED = frozenset(("sign", "agent_signatures"))
NOT_CONTENT = NOT_SIGNED | {"timestamp", "nonce", "sign_type", "key_version", "client_ip"}
WINDOW = timedelta(seconds=600)
EXPIRY_SECONDS = 7_200
FIRST_INQUIRY_SECONDS = 30


class Directory:
    """The merchants' chains, rates and keys, read once; the version is compared in each batch."""

    def __init__(self, connection, secrets):
        self.version = connection.execute("select version from directory_version").fetchone()[0]
        parties = {
            row[0]: row for row in connection.execute(
                "select party_no, kind, parent_no from parties where status = 'active'")}
        rates = dict(connection.execute("select party_no, rate_ppm from rates"))
        self.merchants = {}
        for party_no, kind, _ in list(parties.values()):
            if kind != "merchant":
                continue
            chain = [party_no]
            while parties[chain[0]][2]:
                chain.insert(0, parties[chain[0]][2])
            self.merchants[party_no] = Merchant(chain, [rates[p] for p in chain], secrets)


class Merchant:
    """What the orders of one merchant have in common."""

    def __init__(self, chain, rates, secrets):
        self.key = f"&key={secrets[0]}"
        self.agent_no = chain[-2]
        self.agent_key = f"&key={secrets[1]}"
        self.rates = rates
        parties, ppm = ",".join(chain), ",".join(map(str, rates))
        self.columns = f"alipay\tapp\tseller\t{{{parties}}}\t{{{ppm}}}"

    def fees(self, amount):
        """Merchant's fee, channel's fee, the agents' shares together, the platform's share."""
        rates = self.rates
        channel = (amount * rates[0] + 500_000) // 1_000_000
        platform = (amount * rates[1] + 500_000) // 1_000_000
        merchant = (amount * rates[-1] + 500_000) // 1_000_000
        return merchant, channel, merchant - platform, platform - channel


class Batch:
    """A batch on its way through the threads."""

    __slots__ = (
        "count", "moves", "rows", "values", "keys", "partitions", "traces", "last", "packed",
        "outbox_id", "waiting")


class Intake:
    """One process: its share of the partitions, from the records to the last acknowledgement."""

    def __init__(self, options, partitions, progress):
        self.options = options
        self.partitions = partitions
        self.progress = progress
        self.topic_partitions = options["partitions"]
        self.read, self.prepared = queue.Queue(2), queue.Queue(2)
        self.stored = queue.Queue(PUBLISHING)
        self.acknowledged = collections.deque()
        self.published = threading.Event()
        self.failure = None
        with psycopg.connect(options["database"]) as connection:
            self.directory = Directory(connection, options["secrets"])

    def run(self):
        gc.disable()
        threads = [
            threading.Thread(target=self.guard, args=(body,), daemon=True)
            for body in (self.read_batches, self.prepare_batches, self.publish_batches)]
        for thread in threads:
            thread.start()
        self.guard(self.store_batches)
        if self.failure:
            raise self.failure

    def guard(self, body):
        try:
            body()
        except BaseException as error:
            self.failure = self.failure or error
            self.published.set()

    def is_over(self):
        return self.failure or self.progress.done.value >= self.options["count"]

    # Reads.

    def read_batches(self):
        consumer = consumer_of(self.options["brokers"], self.options["topic"], self.partitions)
        while not self.is_over():
            messages = consumer.consume(BATCH, 0.05)
            if messages:
                self.read.put(messages)

    # Prepares: everything that needs neither the database nor the broker.

    def prepare_batches(self):
        positions = dict.fromkeys(self.partitions, 0)
        while True:
            messages = self.read.get()
            self.prepared.put(self.prepare(messages, positions))

    def prepare(self, messages, positions):
        merchants, topic_partitions = self.directory.merchants, self.topic_partitions
        now = datetime.now(timezone.utc)
        now_text = text_of(now)
        prefix = f"{int(now.timestamp() * 1000):012x}"
        prefix = f"{prefix[:8]}-{prefix[8:]}-7"
        random = os.urandom(10 * len(messages)).hex()
        inquiry_text = text_of(now + timedelta(seconds=FIRST_INQUIRY_SECONDS))
        expiries = {}
        rows, values, keys, partitions, traces = [], [], [], [], []
        ends, last = {}, {}
        for place, message in enumerate(messages):
            if message.error() is not None:
                raise KafkaException(message.error())
            ends[message.partition()] = message.offset() + 1
            trace = None
            for name, value in message.headers():
                if name == "traceparent":
                    trace = value
            event = loads(message.value())
            order = event["order"]
            merchant = merchants[order["merchant_no"]]
            names = sorted(order)
            text = "&".join([
                f"{k}={order[k]}" for k in names
                if k not in NOT_SIGNED and order[k] is not None and order[k] != ""])
            check(text, order, merchant)
            received = event["received_at"]
            arrived = datetime.fromisoformat(received)
            if abs(arrived - datetime.fromisoformat(order["timestamp"])) > WINDOW or arrived > now:
                raise SystemExit("a time is off")
            content = "&".join([
                f"{k}={order[k]}" for k in names
                if k not in NOT_CONTENT and order[k] is not None and order[k] != ""])
            seconds = order.get("expires_in_seconds") or EXPIRY_SECONDS
            expires = expiries.get(seconds)
            if expires is None:
                expires = expiries[seconds] = text_of(now + timedelta(seconds=seconds))
            digits = random[20 * place:20 * place + 20]
            event_id = f"{prefix}{digits[:3]}-8{digits[3:6]}-{digits[6:18]}"
            order_no, amount = event["order_no"], order["amount_fen"]
            number, subject = order["merchant_order_no"], escaped(order["subject"])
            fees = merchant.fees(amount)
            rows.append(
                f"{order_no}\t{order['merchant_no']}\t{number}\t{order['product']}\t{amount}\t"
                f"{subject}\t{optional(order, 'notify_url')}\t{optional(order, 'return_url')}\t"
                f"{optional(order, 'client_ip')}\t{optional(order, 'attach')}\t"
                f"\\\\x{hashlib.sha256(content.encode()).hexdigest()}\t{merchant.columns}\t"
                f"{fees[0]}\t{fees[1]}\t{fees[2]}\t{fees[3]}\taccepted\t{event['event_id']}\t"
                f"{event_id}\t{trace.decode()}\t{now_text}\t{expires}\t{inquiry_text}\n")
            values.append(dumps({
                "accepted_at": now_text, "amount_fen": amount, "event_id": event_id,
                "event_type": "order.accepted", "expires_at": expires,
                "merchant_no": order["merchant_no"], "merchant_order_no": number,
                "occurred_at": now_text, "order_no": order_no, "product": order["product"],
                "repeated": False, "schema_version": 1, "status": "accepted",
                "submission_id": event["event_id"]}))
            key = order_no.encode()
            partition = crc32(key) % topic_partitions
            keys.append(key)
            partitions.append(partition)
            traces.append(trace)
            last[partition] = place
        batch = Batch()
        batch.count = len(messages)
        batch.moves = [(p, positions[p], end) for p, end in ends.items()]
        positions.update(ends)
        batch.rows = "".join(rows)
        batch.values, batch.keys, batch.partitions = values, keys, partitions
        batch.traces, batch.last = traces, frozenset(last.values())
        # Neither JSON as orjson writes it nor a traceparent holds a line feed.
        batch.packed = b"\n".join(values) + b"\n\n" + b"\n".join(traces)
        return batch

    # Stores: one transaction a batch.

    def store_batches(self):
        with psycopg.connect(self.options["database"]) as connection:
            while not self.is_over():
                try:
                    batch = self.prepared.get(timeout=0.05)
                except queue.Empty:
                    self.delete_acknowledged(connection)
                    connection.commit()
                    continue
                self.store(connection, batch)
                connection.commit()
                self.stored.put(batch)
                self.progress.add(batch.count)
            self.stored.put(None)
            self.published.wait()
            self.delete_acknowledged(connection)
            connection.commit()
            self.progress.add(0)

    def store(self, connection, batch):
        with connection.cursor() as cursor:
            version = cursor.execute("select version from directory_version").fetchone()[0]
            if version != self.directory.version:
                raise SystemExit("the parties changed")
            with cursor.copy(COPY) as copy:
                copy.write(batch.rows)
            sources = [f"{self.options['topic']}/{move[0]}" for move in batch.moves]
            cursor.execute(ADD_TO_OUTBOX, (sources, batch.packed, batch.count))
            batch.outbox_id = cursor.fetchone()[0]
            cursor.execute(MOVE_OFFSETS, [list(column) for column in zip(*batch.moves)])
            if cursor.rowcount != len(batch.moves):
                raise SystemExit("another process moved the offsets")
        self.delete_acknowledged(connection)

    def delete_acknowledged(self, connection):
        ids = [self.acknowledged.popleft() for _ in range(len(self.acknowledged))]
        if ids:
            connection.execute("delete from peer_outbox where outbox_id = any(%s)", (ids,))

    # Publishes; the callbacks run in this thread, where it polls.

    def publish_batches(self):
        def failed(error):
            if error.fatal():
                self.failure = self.failure or KafkaException(error)

        producer = Producer({
            "bootstrap.servers": self.options["brokers"], "enable.idempotence": True,
            "enable.gapless.guarantee": True, "message.timeout.ms": 0, "acks": "all",
            "linger.ms": 5, "queue.buffering.max.messages": 1_000_000, "error_cb": failed,
            "log_level": 3})
        in_flight = set()
        while True:
            try:
                batch = self.stored.get(timeout=0.005)
            except queue.Empty:
                producer.poll(0)
                continue
            if batch is None:
                break
            while len(in_flight) >= PUBLISHING:
                producer.poll(0.005)
            in_flight.add(batch)
            self.publish(producer, batch, in_flight)
        while in_flight and not self.failure:
            producer.poll(0.005)
        self.published.set()

    def publish(self, producer, batch, in_flight):
        batch.waiting = len(batch.last)

        def acknowledge(error, _):
            if error is not None:
                raise KafkaException(error)
            batch.waiting -= 1
            if batch.waiting == 0:
                in_flight.discard(batch)
                self.acknowledged.append(batch.outbox_id)

        produce, last = producer.produce, batch.last
        events = zip(batch.values, batch.keys, batch.partitions, batch.traces)
        for place, (value, key, partition, trace) in enumerate(events):
            produce(
                ACCEPTED, value, key, partition, acknowledge if place in last else None,
                headers=[("traceparent", trace)])
            if place % 500 == 0:
                producer.poll(0)


def check(text, order, merchant):
    sign = order["sign"]
    if hashlib.md5((text + merchant.key).encode()).hexdigest() != sign:
        raise SystemExit("a merchant's signature doesn't fit")
    agent = order["agent_signatures"][0]
    signed = f"{text}&sign={sign}{merchant.agent_key}"
    if (agent["agent_no"] != merchant.agent_no
            or hashlib.md5(signed.encode()).hexdigest() != agent["sign"]):
        raise SystemExit("an agent's signature doesn't fit")


def optional(order, name):
    value = order.get(name)
    return escaped(value) if value else "\\N"


def text_of(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def drain(options, partitions, progress):
    Intake(options, partitions, progress).run()


def stored(options):
    """What the drain left: orders, and outbox rows that were not deleted."""
    with psycopg.connect(options["database"]) as connection:
        return connection.execute(
            "select (select count(*) from peer_orders), (select count(*) from peer_outbox)"
        ).fetchone()


def main():
    options = json.loads(sys.argv[1])
    rate = run_drain(options, SCHEMA, drain)
    orders, outbox = stored(options)
    if (orders, outbox) != (options["count"], 0):
        raise SystemExit(f"{orders} orders were stored, {outbox} outbox rows are left")
    print(json.dumps({"rate": rate}))


if __name__ == "__main__":
    main()
