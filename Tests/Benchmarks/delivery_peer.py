"""The Python sender of `make bench BENCH="--measure deliveries"`: aiohttp, two processes.

    delivery_peer.py '{"mode":"work",…}'    the work of Tallyhouse's delivery role: claims rows with a
                                            lease, makes each body from the order, signs it, posts it,
                                            and stores the outcome and the attempt
    delivery_peer.py '{"mode":"raw",…}'     posts alone: one body signed beforehand, no database

Tuned by hand: a claim of 500 rows by one statement, 256 posts in flight over kept connections, the
outcomes of a claim stored by one statement while the next is sent; orjson; no access to the database
a row. Prints a line of JSON with the rate, over both processes, from the first post to the last
outcome.
"""
import asyncio
import hashlib
import json
import multiprocessing
import sys
import time
import uuid

import aiohttp
import psycopg
from orjson import dumps

CLAIM = """
with claimed as (
    update deliveries as t set attempt = t.attempt + 1,
        lease_until = clock_timestamp() + interval '60 seconds'
    where t.delivery_id = any(array(
        select d.delivery_id from deliveries d
        where d.next_attempt_at <= clock_timestamp()
            and (d.lease_until is null or d.lease_until < clock_timestamp())
        order by d.party_no, d.next_attempt_at limit 500 for update skip locked))
    returning t.*)
select c.delivery_id, c.event_id, c.event_type, c.url, c.attempt, o.order_no, o.merchant_no,
    o.merchant_order_no, o.product, o.amount_fen, o.refunded_fen, o.status, o.version, o.paid_at
from claimed c join orders o using (order_no)
"""
COMPLETE = """
with ended as (
    select * from unnest(%s::uuid[], %s::int[], %s::text[], %s::int[], %s::int[])
        as e (delivery_id, attempt, status, http_status, ms)
), completed as (
    update deliveries d set lease_until = null, status = e.status, next_attempt_at = null,
        acknowledged_at = clock_timestamp()
    from ended e where d.delivery_id = e.delivery_id and d.attempt = e.attempt
        and d.status = 'pending' returning d.delivery_id)
insert into delivery_attempts (delivery_id, attempt, http_status, duration_ms, at)
select e.delivery_id, e.attempt, e.http_status, e.ms, clock_timestamp()
from ended e join completed using (delivery_id)
"""
IN_FLIGHT = 256


def body_of(row, key):
    fields = {
        "event_id": str(row[1]), "event": row[2], "order_no": row[5], "merchant_no": row[6],
        "merchant_order_no": row[7], "product": row[8], "amount_fen": row[9],
        "refunded_fen": row[10], "status": row[11], "version": row[12],
        "paid_at": row[13].isoformat(), "timestamp": "2026-11-25T02:00:00Z",
        "nonce": str(uuid.uuid4()), "sign_type": "MD5", "key_version": 1,
    }
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
    fields["sign"] = hashlib.md5(f"{text}&key={key}".encode()).hexdigest()
    return dumps(fields)


async def post(session, limit, url, body, delivery_id, attempt):
    headers = {
        "content-type": "application/json; charset=utf-8", "tally-delivery-id": str(delivery_id),
        "tally-attempt": str(attempt),
    }
    started = time.perf_counter()
    async with limit, session.post(url, data=body, headers=headers) as response:
        text = await response.text()
        return response.status, text.strip() == "success", time.perf_counter() - started


async def work(options, report):
    connector = aiohttp.TCPConnector(limit=IN_FLIGHT)
    limit = asyncio.Semaphore(IN_FLIGHT)
    claims = await psycopg.AsyncConnection.connect(options["database"], autocommit=True)
    stores = await psycopg.AsyncConnection.connect(options["database"], autocommit=True)
    storing = None
    async with aiohttp.ClientSession(connector=connector) as session:
        report.begin()
        while rows := await (await claims.execute(CLAIM)).fetchall():
            replies = await asyncio.gather(*(
                post(session, limit, row[3], body_of(row, options["secret"]), row[0], row[4])
                for row in rows))
            if storing:
                await storing
            storing = asyncio.create_task(stores.execute(COMPLETE, [
                [row[0] for row in rows], [row[4] for row in rows],
                ["acknowledged" if is_done else "exhausted" for _, is_done, _ in replies],
                [status for status, _, _ in replies],
                [int(seconds * 1000) for _, _, seconds in replies]]))
            report.add(len(rows))
        if storing:
            await storing
    report.end()
    await claims.close()
    await stores.close()


async def raw(options, report):
    connector = aiohttp.TCPConnector(limit=IN_FLIGHT)
    limit = asyncio.Semaphore(IN_FLIGHT)
    body = dumps({"event": "order.paid", "padding": "x" * 400})
    share = options["count"] // options["processes"]
    async with aiohttp.ClientSession(connector=connector) as session:
        report.begin()
        for start in range(0, share, 1_000):
            count = min(1_000, share - start)
            await asyncio.gather(*(
                post(session, limit, options["url"], body, "0", 1) for _ in range(count)))
            report.add(count)
    report.end()


class Report:
    """One monotonic clock for all processes of the machine."""

    def __init__(self):
        self.done = multiprocessing.Value("q", 0)
        self.first = multiprocessing.Value("d", 1e18)
        self.last = multiprocessing.Value("d", 0)

    def begin(self):
        with self.first.get_lock():
            self.first.value = min(self.first.value, time.perf_counter())

    def add(self, count):
        with self.done.get_lock():
            self.done.value += count

    def end(self):
        with self.last.get_lock():
            self.last.value = max(self.last.value, time.perf_counter())


def run(options, report):
    asyncio.run((work if options["mode"] == "work" else raw)(options, report))


def main():
    options = json.loads(sys.argv[1])
    report = Report()
    processes = [
        multiprocessing.Process(target=run, args=(options, report))
        for _ in range(options["processes"])]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        if process.exitcode:
            sys.exit(f"a sender ended with {process.exitcode}")
    seconds = report.last.value - report.first.value
    print(json.dumps({"rate": report.done.value / seconds}))


if __name__ == "__main__":
    main()
