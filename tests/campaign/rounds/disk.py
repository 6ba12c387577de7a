"""The disk of the database is full."""
import asyncio
import shutil
from functools import partial
from pathlib import Path

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


async def run(env: Environment, outcome: Outcome, wal_apart: bool) -> None:
    disk = env.mount_tmpfs("disk", 230)
    cluster = await start_on_small_disk(env, disk, wal_apart)
    portal = await env.portal(cluster.url)

    async def make_room(ballast: Path) -> None:
        ballast.unlink()
        if not cluster.pid:
            await cluster.start_again()

    await report_while_full(outcome, portal, disk, make_room)
    outcome.check(not wal_apart or cluster.pid, "PostgreSQL ended")


async def run_private(env: Environment, outcome: Outcome) -> None:
    disk = env.mount_tmpfs("data", 260)
    portal = await env.portal()

    async def make_room(ballast: Path) -> None:
        ballast.unlink()

    await report_while_full(outcome, portal, disk, make_room)


async def report_while_full(outcome: Outcome, portal: Portal, disk: Path, make_room) -> None:
    log = ReportLog()
    async with Customers([portal.url], log, pause=0.02, retry_delay=0.5) as customers:
        await asyncio.sleep(1.5)
        ballast = await asyncio.to_thread(fill, disk)
        # what is allocated already may be written to
        await asyncio.sleep(5)
        answers_before = dict(log.answers)
        async with PageProbe(portal.url, PAGES) as pages, PageProbe(portal.url, ["/readyz"]) as readiness:
            await asyncio.sleep(SECONDS)
        during = log.answers_since(answers_before)
        await make_room(ballast)
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
    Round("disk-tables", "the disk of the tables is full", partial(run, wal_apart=True), needs_root=True),
    Round("disk-wal", "the disk of the write-ahead log is full, too", partial(run, wal_apart=False), needs_root=True),
    Round("disk-private", "the disk of the private database is full", run_private, needs_root=True),
]
