"""What a careful engineer writes in Python for the same intake: the other side of `make bench`.

One process a share of the partitions. Each batch: JSON, two MD5 signatures an order, COPY of one
row an order into `bench_orders` and one into `bench_outbox`, the offsets, one durable commit.
Nothing is published; ours is.

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

try:
    from orjson import loads
except ImportError:
    from json import loads

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
        outbox.append(event["order_no"] + "\t" + escaped(json.dumps(
            {"order_no": event["order_no"], "merchant_no": order["merchant_no"],
             "merchant_order_no": order["merchant_order_no"], "status": "accepted"})))
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


def drain(database, brokers, topic, partitions, count, secrets, done):
    consumer = Consumer({
        "bootstrap.servers": brokers, "group.id": "bench", "enable.auto.commit": False,
        "fetch.min.bytes": 65536, "fetch.wait.max.ms": 50})
    consumer.assign([TopicPartition(topic, p, 0) for p in partitions])
    started = None
    total = 0
    with psycopg.connect(database) as connection:
        while done.value < count:
            messages = [m for m in consumer.consume(BATCH, 0.1) if m.error() is None]
            if not messages:
                continue
            started = started or time.perf_counter()
            store(connection, messages, secrets)
            total += len(messages)
            with done.get_lock():
                done.value += len(messages)


def run_drain(database, brokers, topic, processes, count, partitions, secrets):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(SCHEMA)
    done = multiprocessing.Value("q", 0)
    shares = [list(range(partitions))[i::processes] for i in range(processes)]
    workers = [multiprocessing.Process(
        target=drain, args=(database, brokers, topic, share, count, secrets, done))
        for share in shares]
    for worker in workers:
        worker.start()
    # As ours is measured: from the first effect that is seen to the last.
    while done.value == 0:
        time.sleep(0.001)
    first, start = done.value, time.perf_counter()
    for worker in workers:
        worker.join()
    return (count - first) / (time.perf_counter() - start)


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


def run_ceiling(database, processes, count):
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
    for worker in workers:
        worker.join()
    return count / (time.perf_counter() - start)


def main():
    options = json.loads(sys.argv[1])
    if options["mode"] == "drain":
        rate = run_drain(
            options["database"], options["brokers"], options["topic"], options["processes"],
            options["count"], options["partitions"], options["secrets"])
    else:
        rate = run_ceiling(options["database"], options["processes"], options["count"])
    print(json.dumps({"rate": rate}))


if __name__ == "__main__":
    main()
