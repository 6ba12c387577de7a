"""kill -9 of all processes of PostgreSQL under load."""
import asyncio
import random
import time
from functools import partial

from environment import Environment
from outcome import Outcome, Round
from probe import PageProbe
from reports import Customers, ReportLog
from verify import verify

PAGES = ["/pl/guide/outgoing", "/pl", "/healthz"]


async def run(env: Environment, outcome: Outcome, private: bool) -> None:
    cluster = None if private else await env.postgres()
    portal = await env.portal(cluster and cluster.url)
    log, recoveries = ReportLog(), []
    async with PageProbe(portal.url, PAGES) as probe, Customers([portal.url], log) as customers:
        for _ in range(env.count(6)):
            await asyncio.sleep(0.3 + random.random() * 0.7)
            if cluster:
                await asyncio.to_thread(cluster.kill)
                await cluster.start_again()
            else:
                await asyncio.to_thread(portal.kill_private_postgres)
            started = time.monotonic()
            await portal.wait_until_up()
            await log.wait_for_next(timeout=60)
            recoveries.append(time.monotonic() - started)
        await customers.finish()
    await verify(outcome, portal.dsn, portal.url, log)
    outcome.check(set(probe.total()) == {"200"}, f"pages that need no database: {probe.counts}")
    outcome.check("500" not in log.answers, f"reports: {log.answers}")
    outcome.record(kills=len(recoveries), first_report_s={"max": max(recoveries)})
    await portal.stop()


ROUNDS = [
    Round("kill-postgres-external", "an external PostgreSQL is killed under load", partial(run, private=False)),
    Round("kill-postgres-private", "the private PostgreSQL is killed under load", partial(run, private=True)),
]
