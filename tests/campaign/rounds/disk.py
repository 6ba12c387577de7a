"""The disk of the database is full."""
import asyncio
import shutil
from pathlib import Path
from typing import Awaitable, Callable

import psycopg

from environment import Environment
from outcome import Outcome, Round
from portal import Portal
from postgres import PostgresCluster
from probe import PageProbe
from processes import give_to_postgres
from reports import Customers, ReportLog
from verify import verify

SECONDS = 10
PAGES = ["/pl/guide/outgoing", "/healthz", "/pl/report?category=outgoing"]
# small segments, so that the write-ahead log fits onto the small disk
SETTINGS = {"wal_keep_size": "0", "max_wal_size": "48MB", "min_wal_size": "32MB"}


def fill(folder: Path) -> Path:
    ballast = folder / "ballast"
    with open(ballast, "wb") as file:
        try:
            while True:
                file.write(b"x" * 65536)
                file.flush()
        except OSError:
            pass
    return ballast


async def start_on_small_disk(env: Environment, disk: Path, wal_apart: bool) -> PostgresCluster:
    cluster = env.new_cluster("small", disk, SETTINGS)
    await asyncio.to_thread(cluster.create)
    if wal_apart:
        wal = env.folder / "wal"
        shutil.copytree(cluster.data / "pg_wal", wal)
        give_to_postgres(wal, *wal.rglob("*"))
        shutil.rmtree(cluster.data / "pg_wal")
        (cluster.data / "pg_wal").symlink_to(wal)
    await asyncio.to_thread(cluster.start)
    await asyncio.to_thread(cluster.create_database)
    return cluster


def use_up_wal(superuser_dsn: str) -> bool:
    """Uses up the segments of the write-ahead log that exist already. Without room for another, PostgreSQL panics and
    cannot start before there is room. Returns whether it did."""
    try:
        with psycopg.connect(superuser_dsn, autocommit=True) as db:
            for _ in range(20):
                db.execute("select pg_logical_emit_message(false, 'campaign', repeat('x', 1000)), pg_switch_wal()")
    except psycopg.OperationalError:
        return db.broken
    return False


async def run_tables(env: Environment, outcome: Outcome) -> None:
    disk = env.mount_tmpfs("disk", 230)
    cluster = await start_on_small_disk(env, disk, wal_apart=True)
    portal = await env.portal(cluster.url)
    await report_while_full(outcome, portal, disk)
    outcome.check(cluster.pid, "PostgreSQL ended")


async def run_wal(env: Environment, outcome: Outcome) -> None:
    disk = env.mount_tmpfs("disk", 230)
    cluster = await start_on_small_disk(env, disk, wal_apart=False)
    portal = await env.portal(cluster.url)

    async def start_again() -> None:
        if not cluster.pid:
            await cluster.start_again()

    await report_while_full(outcome, portal, disk, cluster.superuser_dsn, start_again)


async def run_private(env: Environment, outcome: Outcome) -> None:
    """The portal restarts its private database itself when there is room again."""
    disk = env.mount_tmpfs("data", 260)
    portal = await env.portal()
    await report_while_full(outcome, portal, disk, portal.dsn)


async def report_while_full(outcome: Outcome, portal: Portal, disk: Path, superuser_dsn: str | None = None,
                            start_again: Callable[[], Awaitable[None]] | None = None) -> None:
    """Fills the disk under load and makes room again. With `superuser_dsn` the write-ahead log is used up, too."""
    log = ReportLog()
    async with Customers([portal.url], log, pause=0.02, retry_delay=0.5) as customers:
        await asyncio.sleep(1.5)
        ballast = await asyncio.to_thread(fill, disk)
        if superuser_dsn:
            outcome.check(await asyncio.to_thread(use_up_wal, superuser_dsn), "PostgreSQL survived: the disk was not full")
        # what is allocated already may be written to
        await asyncio.sleep(5)
        answers_before = dict(log.answers)
        async with PageProbe(portal.url, PAGES) as pages, PageProbe(portal.url, ["/readyz"]) as readiness:
            await asyncio.sleep(SECONDS)
        during = log.answers_since(answers_before)
        ballast.unlink()
        if start_again:
            await start_again()
        outcome.record(first_report_s=await log.wait_for_next(timeout=60))
        await portal.wait_until_up()
        await asyncio.sleep(1)
        await customers.finish()
    outcome.check(set(pages.total()) == {"200"}, f"pages while the disk is full: {pages.counts}")
    outcome.check(set(during) <= {"303", "503"}, f"reports while the disk is full: {during}")
    outcome.check("503" in during, f"the disk was not full: {during}")
    # as long as some reports fit into the free space of the tables, both answers are right
    allowed = {"503"} if "303" not in during else {"200", "503"}
    outcome.check(set(readiness.total()) <= allowed, f"/readyz while the disk is full: {readiness.total()}")
    await verify(outcome, portal.dsn, portal.url, log)
    await portal.stop()


ROUNDS = [
    Round("disk-tables", "the disk of the tables is full", run_tables, needs_root=True),
    Round("disk-wal", "the disk of the tables and of the write-ahead log is full", run_wal, needs_root=True),
    Round("disk-private", "the disk of the private database is full", run_private, needs_root=True),
]
