"""The primary is killed and its synchronous standby promoted; the database's address moves to the standby."""
import asyncio
import time

from environment import Environment
from outcome import Outcome, Round
from postgres import PostgresCluster
from probe import PageProbe
from reports import Customers, ReportLog
from tcp_proxy import TcpProxy
from verify import verify


async def start_pair(env: Environment) -> tuple[PostgresCluster, PostgresCluster]:
    """A primary with a synchronous standby."""
    primary = await env.postgres("primary")
    standby = env.new_cluster("standby")
    await asyncio.to_thread(standby.create_standby, primary)
    await asyncio.to_thread(standby.start)
    with primary.connect_as_superuser() as db:
        db.execute("alter system set synchronous_standby_names = '*'")
        db.execute("select pg_reload_conf()")
        while not db.execute("select 1 from pg_stat_replication where sync_state = 'sync'").fetchone():
            await asyncio.sleep(0.1)
    return primary, standby


async def run(env: Environment, outcome: Outcome) -> None:
    primary, standby = await start_pair(env)
    async with TcpProxy(primary.port) as network:
        portal = await env.portal(PostgresCluster.url_on(network.port))
        log = ReportLog()
        async with PageProbe(portal.url, ["/pl/guide/outgoing"]) as probe, Customers([portal.url], log) as customers:
            await asyncio.sleep(2)
            await asyncio.to_thread(primary.kill)
            # otherwise the standby would wait for a standby of its own
            standby.settings["synchronous_standby_names"] = ""
            await asyncio.to_thread(standby.promote)
            network.target_port = standby.port
            moved = time.monotonic()
            await log.wait_for_next(timeout=60)
            first_report = time.monotonic() - moved
            await asyncio.sleep(1)
            await customers.finish()
        outcome.check(set(probe.total()) == {"200"}, f"guide pages: {probe.total()}")
        outcome.check(set(log.answers) <= {"303", "503"}, f"reports: {log.answers}")
        outcome.record(first_report_s=first_report)
        await verify(outcome, standby.url, portal.url, log)
        await portal.stop()


ROUNDS = [Round("failover", "the primary is killed, its synchronous standby promoted, and the address moves", run)]
