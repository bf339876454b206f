"""The raw Python consumer of `make bench`: the floor of the work, hand-tuned.

One process a share of the partitions. Each batch: JSON, two MD5 signatures an order, COPY of one
row an order into `bench_orders` and one into `bench_outbox`, the offsets, one durable commit.
Nothing is published. `intake_peer.py` is the consumer that does the same work as Tallyhouse's.

    intake.py '{"mode":"drain",…}'      a line of JSON with the rate
    intake.py '{"mode":"ceiling",…}'    PostgreSQL alone: ready rows through unnest
"""
import hashlib
import json
import multiprocessing
import sys
import time

import psycopg
from confluent_kafka import Consumer, TopicPartition
from orjson import dumps, loads

BATCH = 2_000
SCHEMA = """
drop table if exists bench_orders, bench_outbox, bench_offsets;
create table bench_orders (
    order_no text primary key, merchant_no text not null, merchant_order_no text not null,
    product text not null, amount_fen bigint not null, subject text not null, digest text not null,
    status text not null, accepted_at timestamptz not null,
    unique (merchant_no, merchant_order_no));
create table bench_outbox (order_no text not null, payload text not null);
create table bench_offsets (partition int primary key, next_offset bigint not null);
"""


class Progress:
    """What the processes of one drain have finished, on the machine's one monotonic clock.

    The clock runs from the first effect to the last: neither the start of a process nor its end
    is counted.
    """

    def __init__(self):
        self.done = multiprocessing.Value("q", 0)
        # Seconds and orders at the first effect; seconds at the last.
        self.marks = multiprocessing.Array("d", 3)

    def add(self, count):
        now = time.perf_counter()
        with self.done.get_lock():
            if self.done.value == 0:
                self.marks[0], self.marks[1] = now, count
            self.done.value += count
            self.marks[2] = now

    def rate(self, count):
        first, begun, last = self.marks
        return (count - begun) / (last - first)


def string_to_sign(order):
    skip = ("sign", "agent_signatures")
    return "&".join(f"{k}={order[k]}" for k in sorted(order)
                    if k not in skip and order[k] not in (None, ""))


def verified(order, secrets):
    text = string_to_sign(order)
    sign = order["sign"]
    if hashlib.md5(f"{text}&key={secrets[0]}".encode()).hexdigest() != sign:
        return False
    agent = order["agent_signatures"][0]
    wanted = hashlib.md5(f"{text}&sign={sign}&key={secrets[1]}".encode()).hexdigest()
    return wanted == agent["sign"]


def escaped(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def store(connection, messages, secrets):
    orders, outbox, ends = [], [], {}
    for message in messages:
        ends[message.partition()] = message.offset() + 1
        event = loads(message.value())
        order = event["order"]
        if not verified(order, secrets):
            raise SystemExit("a signature doesn't fit")
        digest = hashlib.sha256(f"{order['amount_fen']}|{order['subject']}".encode()).hexdigest()
        orders.append("\t".join((
            event["order_no"], order["merchant_no"], order["merchant_order_no"],
            order["product"], str(order["amount_fen"]), escaped(order["subject"]), digest,
            "accepted", event["received_at"])))
        outbox.append(event["order_no"] + "\t" + escaped(dumps(
            {"order_no": event["order_no"], "merchant_no": order["merchant_no"],
             "merchant_order_no": order["merchant_order_no"], "status": "accepted"}).decode()))
    with connection.cursor() as cursor:
        with cursor.copy("copy bench_orders from stdin") as copy:
            copy.write("\n".join(orders) + "\n")
        with cursor.copy("copy bench_outbox from stdin") as copy:
            copy.write("\n".join(outbox) + "\n")
        for partition, offset in ends.items():
            cursor.execute(
                "insert into bench_offsets values (%s, %s) on conflict (partition) "
                "do update set next_offset = excluded.next_offset", (partition, offset))
    connection.commit()


def consumer_of(brokers, topic, partitions):
    consumer = Consumer({
        "bootstrap.servers": brokers, "group.id": "bench", "enable.auto.commit": False,
        "fetch.min.bytes": 65536, "fetch.wait.max.ms": 50})
    consumer.assign([TopicPartition(topic, p, 0) for p in partitions])
    return consumer


def drain(options, partitions, progress):
    consumer = consumer_of(options["brokers"], options["topic"], partitions)
    with psycopg.connect(options["database"]) as connection:
        while progress.done.value < options["count"]:
            messages = [m for m in consumer.consume(BATCH, 0.1) if m.error() is None]
            if not messages:
                continue
            store(connection, messages, options["secrets"])
            progress.add(len(messages))


def run_drain(options, schema, body):
    """Runs `body` in as many processes as `options` says, and returns the rate of the drain."""
    with psycopg.connect(options["database"], autocommit=True) as connection:
        connection.execute(schema)
    progress = Progress()
    processes = options["processes"]
    shares = [list(range(options["partitions"]))[i::processes] for i in range(processes)]
    workers = [
        multiprocessing.Process(target=body, args=(options, share, progress)) for share in shares]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        if worker.exitcode != 0:
            raise SystemExit(f"a process ended with {worker.exitcode}")
    return progress.rate(options["count"])


def insert_ready(database, share, count, barrier):
    rows = range(share * count, (share + 1) * count)
    batches = []
    for begin in range(0, count, BATCH):
        part = rows[begin:begin + BATCH]
        batches.append((
            [f"T{i:020d}" for i in part], [f"M{i % 24}" for i in part],
            [f"C{i:020d}" for i in part], [100 + i % 1000 for i in part],
            ["0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" for _ in part]))
    with psycopg.connect(database) as connection:
        barrier.wait()
        for numbers, merchants, theirs, amounts, digests in batches:
            connection.execute(
                """insert into bench_orders
                   select n, m, t, 'WAP', a, 'order', d, 'accepted', now()
                   from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[])
                       as x (n, m, t, a, d)""",
                (numbers, merchants, theirs, amounts, digests), prepare=True)
            connection.execute(
                "insert into bench_outbox select n, n from unnest(%s::text[]) as x (n)",
                (numbers,), prepare=True)
            connection.commit()
        barrier.wait()


def run_ceiling(options):
    database, processes, count = options["database"], options["processes"], options["count"]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(SCHEMA)
    barrier = multiprocessing.Barrier(processes + 1)
    workers = [multiprocessing.Process(
        target=insert_ready, args=(database, share, count // processes, barrier))
        for share in range(processes)]
    for worker in workers:
        worker.start()
    barrier.wait()
    start = time.perf_counter()
    barrier.wait()
    seconds = time.perf_counter() - start
    for worker in workers:
        worker.join()
    return count / seconds


def main():
    options = json.loads(sys.argv[1])
    if options["mode"] == "drain":
        rate = run_drain(options, SCHEMA, drain)
    else:
        rate = run_ceiling(options)
    print(json.dumps({"rate": rate}))


if __name__ == "__main__":
    main()
