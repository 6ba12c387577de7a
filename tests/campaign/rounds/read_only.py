"""The database's address leads to a standby that is not promoted yet: it can be read and not written."""
import asyncio

from environment import Environment
from outcome import Outcome, Round
from postgres import PostgresCluster
from probe import PageProbe
from reports import Customers, ReportLog
from rounds.failover import start_pair
from tcp_proxy import TcpProxy
from verify import verify

PAGES = ["/pl/guide/outgoing", "/pl/check/number?number=0044208190"]


async def run(env: Environment, outcome: Outcome) -> None:
    primary, standby = await start_pair(env)
    async with TcpProxy(primary.port) as network:
        url = PostgresCluster.url_on(network.port)
        portal, log = await env.portal(url), ReportLog()
        async with Customers([portal.url], log, 4, pause=0.05, retry_delay=0.5) as customers:
            await asyncio.sleep(1.5)
            await asyncio.to_thread(primary.kill)
            network.target_port = standby.port
            await asyncio.sleep(1)
            answers_before = dict(log.answers)
            async with PageProbe(portal.url, PAGES) as pages, PageProbe(portal.url, ["/readyz"]) as readiness:
                await asyncio.sleep(6)
            during = log.answers_since(answers_before)
            second = env.new_portal(url)
            second.start()
            await asyncio.sleep(4)
            outcome.check(second.is_running, f"a portal that starts now ends: {second.log.read_text()[-300:]}")
            await asyncio.to_thread(standby.promote)
            outcome.record(first_report_s=await log.wait_for_next(timeout=60))
            if second.is_running:
                await second.wait_until_up()
            await customers.finish()
        outcome.check(set(during) <= {"503"}, f"reports while the database is read-only: {during}")
        outcome.check(set(readiness.total()) == {"503"}, f"/readyz while the database is read-only: {readiness.total()}")
        outcome.check(set(pages.total()) == {"200"}, f"pages while the database is read-only: {pages.counts}")
        await verify(outcome, standby.url, portal.url, log)
        await portal.stop()


ROUNDS = [Round("read-only", "the database's address leads to a standby that is not promoted yet", run)]
