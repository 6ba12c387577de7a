"""Many large forms at once to a portal with little memory."""
import asyncio
import os
from functools import partial
from pathlib import Path

import aiohttp

from environment import Environment
from outcome import Outcome, Round
from processes import memory_mb
from reports import Customers, ReportLog, client_headers
from verify import verify

FORMS = 300
FORM_SIZE = 500_000


def create_cgroup(megabytes: int) -> Path | None:
    """A control group with a limit, or None where the system does not allow it."""
    v1 = Path("/sys/fs/cgroup/memory")
    parent, limit = (v1, "memory.limit_in_bytes") if v1.exists() else (Path("/sys/fs/cgroup"), "memory.max")
    group = parent / f"dzwoni-campaign-{os.getpid()}"
    try:
        group.mkdir()
        (group / limit).write_text(f"{megabytes}M")
        return group
    except OSError:
        if group.exists():
            group.rmdir()
        return None


async def send_large_form(session: aiohttp.ClientSession, base: str) -> str:
    headers = {"content-type": "application/x-www-form-urlencoded", **client_headers(base)}
    try:
        async with session.post(f"{base}/pl/report", data="description=" + "x" * FORM_SIZE, headers=headers) as response:
            await response.read()
            return str(response.status)
    except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
        return type(error).__name__


async def run(env: Environment, outcome: Outcome, megabytes: int) -> None:
    group = create_cgroup(megabytes)
    if group is None:
        outcome.skipped = "no control group can be created"
        return
    try:
        cluster = await env.postgres()
        processes, log = group / "cgroup.procs", ReportLog()
        portal = await env.portal(cluster.url, preexec=lambda: processes.write_text(str(os.getpid())))
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            answers = await asyncio.gather(*(send_large_form(session, portal.url) for _ in range(FORMS)))
        survived, peak = portal.is_running, memory_mb(portal.pid, "VmHWM")
        if not survived:
            await portal.start_and_wait()
        async with Customers([portal.url], log, 4) as customers:
            await asyncio.sleep(1)
            await customers.finish()
        outcome.check(survived, "the portal was killed for its memory")
        outcome.record(limit_mb=megabytes, peak_mb=peak, large_forms={answer: answers.count(answer) for answer in set(answers)})
        await verify(outcome, cluster.url, portal.url, log)
        await portal.stop()
    finally:
        await asyncio.to_thread(env.end_everything)
        group.rmdir()


ROUNDS = [Round("memory", f"{FORMS} forms of half a megabyte at once, with 128 MB of memory", partial(run, megabytes=128),
                needs_root=True)]
