"""The portal's clock jumps forth and back under load."""
import asyncio
from pathlib import Path

import psycopg

from environment import Environment
from outcome import Outcome, Round
from probe import PageProbe
from reports import Customers, ReportLog
from verify import verify

JUMPS = {"+2d": 48, "+0": 0, "-12h": -12}
PAGES = ["/pl/guide/outgoing", "/readyz", "/staff/login"]

CREATED_HOURS_AHEAD = """select distinct round(extract(epoch from created_at - now()) / 3600)::int
    from ticket where description like %s"""


async def run(env: Environment, outcome: Outcome) -> None:
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        outcome.skipped = "libfaketime is missing"
        return
    cluster, offset = await env.postgres(), env.folder / "faketime"
    offset.write_text("+0\n")
    portal = await env.portal(cluster.url, env={
        "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
    hours = {}
    for jump, expected in JUMPS.items():
        log = ReportLog()
        async with PageProbe(portal.url, PAGES) as probe, Customers([portal.url], log, 4, pause=0.02) as customers:
            await asyncio.sleep(1.5)
            offset.write_text(jump + "\n")
            await asyncio.sleep(3)
            await customers.finish()
        with psycopg.connect(cluster.url) as db:
            hours[jump] = sorted(row[0] for row in db.execute(CREATED_HOURS_AHEAD, (f"Znak {log.id}-%",)))
        outcome.check(expected in hours[jump], f"created_at is {hours[jump]} hours ahead at {jump}")
        outcome.check(set(probe.total()) == {"200"}, f"pages at {jump}: {probe.counts}")
        outcome.check(set(log.answers) == {"303"}, f"reports at {jump}: {log.answers}")
        await verify(outcome, cluster.url, portal.url, log, f"reports at {jump}")
    await portal.stop()


ROUNDS = [Round("clock", "the clock jumps two days ahead, back, and twelve hours back", run)]
