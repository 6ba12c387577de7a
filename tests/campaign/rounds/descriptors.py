"""The portal has no file descriptors left."""
import asyncio
import resource
import time

from environment import Environment
from outcome import Outcome, Round
from processes import cpu_seconds
from reports import Customers, ReportLog
from verify import verify

DESCRIPTORS = 64
CONNECTIONS = 200
SECONDS = 10


def limit_descriptors() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


async def open_connections(port: int) -> list[asyncio.StreamWriter]:
    writers = []
    for _ in range(CONNECTIONS):
        try:
            async with asyncio.timeout(2):
                writers.append((await asyncio.open_connection("127.0.0.1", port))[1])
        except (OSError, TimeoutError):
            pass
    return writers


async def run(env: Environment, outcome: Outcome) -> None:
    cluster = await env.postgres()
    portal, log = await env.portal(cluster.url, preexec=limit_descriptors), ReportLog()
    async with Customers([portal.url], log, 4, pause=0.05, timeout=15) as customers:
        await asyncio.sleep(1)
        idle = await open_connections(portal.port)
        cpu_before = cpu_seconds(portal.pid)
        await asyncio.sleep(SECONDS)
        cpu = cpu_seconds(portal.pid) - cpu_before
        for writer in idle:
            writer.close()
        freed = time.monotonic()
        await portal.wait_until_up()
        await log.wait_for_next(timeout=30)
        recovery = time.monotonic() - freed
        await customers.finish()
    outcome.check(portal.is_running, "the portal ended")
    outcome.check(cpu < SECONDS / 2, f"the portal used {cpu:.1f} s of processor time in {SECONDS} s")
    outcome.check("500" not in log.answers, f"reports: {log.answers}")
    outcome.record(connections=len(idle), cpu_s=cpu, first_report_s=recovery)
    await verify(outcome, cluster.url, portal.url, log)
    await portal.stop()


ROUNDS = [Round("descriptors", f"{CONNECTIONS} idle connections to a portal with {DESCRIPTORS} file descriptors", run)]
