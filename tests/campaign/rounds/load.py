"""Many connections at once."""
import asyncio
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import aiohttp

from environment import Environment
from outcome import Outcome, Round
from probe import get_status, quantile
from processes import memory_mb
from reports import Customers, ReportLog
from verify import verify

SECONDS = 6
PATHS = ["/pl/guide/outgoing", "/pl", "/en/guide/audio?all", "/pl/report?category=outgoing", "/pl/check/number",
         "/pl/incidents", "/healthz"]


def raise_descriptor_limit() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def open_pages(base: str, connections: int) -> tuple[list[float], dict[str, int]]:
    """Every connection opens one page after the other. Returns the latencies and the answers."""
    latencies: list[float] = []
    answers: dict[str, int] = {}
    end = time.monotonic() + SECONDS
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        async def visit(turn: int) -> None:
            while time.monotonic() < end:
                started = time.monotonic()
                answer = await get_status(session, base + PATHS[turn % len(PATHS)])
                latencies.append(time.monotonic() - started)
                answers[answer] = answers.get(answer, 0) + 1
                turn += 1
        await asyncio.gather(*(visit(number) for number in range(connections)))
    return latencies, answers


def open_pages_in_process(base: str, connections: int) -> tuple[list[float], dict[str, int]]:
    raise_descriptor_limit()
    return asyncio.run(open_pages(base, connections))


async def run(env: Environment, outcome: Outcome, connections: int) -> None:
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < connections + 100:
        outcome.skipped = "the limit of open files is too low"
        return
    cluster = await env.postgres()
    portal, log = await env.portal(cluster.url, preexec=raise_descriptor_limit), ReportLog()
    memory_before = memory_mb(portal.pid)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        async with Customers([portal.url], log, 4, pause=0.05) as customers:
            work = asyncio.get_running_loop().run_in_executor(pool, open_pages_in_process, portal.url, connections)
            latencies, answers = await work
            await customers.finish()
    outcome.check(set(answers) == {"200"}, f"pages: {answers}")
    outcome.check(set(log.answers) <= {"303", "503"}, f"reports: {log.answers}")
    outcome.record(pages_per_s=len(latencies) / SECONDS, median_ms=quantile(latencies, 0.5) * 1000,
                   p99_ms=quantile(latencies, 0.99) * 1000,
                   memory_mb={"before": memory_before, "peak": memory_mb(portal.pid, "VmHWM")})
    await verify(outcome, cluster.url, portal.url, log)
    await portal.stop()


ROUNDS = [
    Round("load-500", "500 connections at once", partial(run, connections=500)),
    Round("load-2000", "2000 connections at once", partial(run, connections=2000)),
]
