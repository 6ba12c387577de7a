"""kill -9 of the portal under load, again and again."""
import asyncio
import random
from functools import partial

from environment import Environment
from outcome import Outcome, Round
from probe import quantile
from reports import Customers, ReportLog
from verify import verify


async def run(env: Environment, outcome: Outcome, private: bool) -> None:
    cluster = None if private else await env.postgres()
    portal = await env.portal(cluster and cluster.url)
    log, recoveries = ReportLog(), []
    async with Customers([portal.url], log) as customers:
        for _ in range(env.count(12)):
            await asyncio.sleep(0.1 + random.random() * 0.5)
            portal.kill()
            recoveries.append(await portal.start_and_wait())
        await customers.finish()
    await verify(outcome, portal.dsn, portal.url, log)
    outcome.record(kills=len(recoveries), ready_again_s={"median": quantile(recoveries, 0.5), "max": max(recoveries)})
    await portal.stop()


ROUNDS = [
    Round("kill-portal-external", "the portal with an external database is killed under load", partial(run, private=False)),
    Round("kill-portal-private", "the portal with its private database is killed under load", partial(run, private=True)),
]
