"""Many large forms at once to a portal with little memory."""
import asyncio
import os
from functools import partial
from pathlib import Path

import aiohttp

from environment import Environment
from outcome import Outcome, Round
from reports import Customers, ReportLog, client_headers
from verify import verify

FORMS = 300
FORM_SIZE = 500_000


class ControlGroup:
    """A control group with a memory limit, of either version."""

    def __init__(self, megabytes: int):
        v1 = Path("/sys/fs/cgroup/memory")
        parent = v1 if v1.exists() else Path("/sys/fs/cgroup")
        limit, self.peak_file = ("memory.limit_in_bytes", "memory.max_usage_in_bytes") if v1.exists() else (
            "memory.max", "memory.peak")
        self.folder = parent / f"dzwoni-campaign-{os.getpid()}"
        self.folder.mkdir()
        (self.folder / limit).write_text(f"{megabytes}M")

    def enter(self) -> None:
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def peak_mb(self) -> float:
        return int((self.folder / self.peak_file).read_text()) / 1024 / 1024

    def remove(self) -> None:
        self.folder.rmdir()


async def send_large_form(session: aiohttp.ClientSession, base: str) -> str:
    headers = {"content-type": "application/x-www-form-urlencoded", **client_headers(base)}
    try:
        async with session.post(f"{base}/pl/report", data="description=" + "x" * FORM_SIZE, headers=headers) as response:
            await response.read()
            return str(response.status)
    except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
        return type(error).__name__


async def run(env: Environment, outcome: Outcome, megabytes: int) -> None:
    try:
        group = ControlGroup(megabytes)
    except OSError as error:
        outcome.skipped = f"no control group: {error}"
        return
    try:
        cluster = await env.postgres()
        portal, log = await env.portal(cluster.url, preexec=group.enter), ReportLog()
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            answers = await asyncio.gather(*(send_large_form(session, portal.url) for _ in range(FORMS)))
        survived = portal.is_running
        if not survived:
            await portal.start_and_wait()
        async with Customers([portal.url], log, 4) as customers:
            await asyncio.sleep(1)
            await customers.finish()
        outcome.check(survived, "the portal was killed for its memory")
        outcome.record(limit_mb=megabytes, peak_mb=group.peak_mb(),
                       large_forms={answer: answers.count(answer) for answer in set(answers)})
        await verify(outcome, cluster.url, portal.url, log)
        await portal.stop()
    finally:
        await asyncio.to_thread(env.end_everything)
        group.remove()


ROUNDS = [Round("memory", f"{FORMS} forms of half a megabyte at once, with 128 MB of memory", partial(run, megabytes=128),
                needs_root=True)]
