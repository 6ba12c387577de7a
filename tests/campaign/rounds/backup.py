"""pg_dump and pg_restore as docs/deployment.md describes them; a private database of another major version."""
import asyncio
import os
import subprocess
from pathlib import Path

import aiohttp

from email_queue import EmailQueue
from environment import Environment
from outcome import Outcome, Round
from postgres import bin_directories, bin_directory
from reports import Customers, ReportLog, send
from smtp_server import SmtpServer
from verify import verify


async def shell(outcome: Outcome, command: str, database_url: str) -> None:
    """Runs a command of the documentation."""
    env = {"PATH": f"{bin_directory()}:{os.environ['PATH']}", "LC_ALL": "C", "DATABASE_URL": database_url}
    done = await asyncio.to_thread(subprocess.run, command, shell=True, capture_output=True, text=True, env=env)
    outcome.check(done.returncode == 0, f"{command.split()[0]} failed: {(done.stdout + done.stderr).strip()[-300:]}")


async def dump_under_load(env: Environment, outcome: Outcome, database_url: str, dump: Path) -> ReportLog:
    """Takes a backup while customers report. Returns the reports that were acknowledged before."""
    portal = await env.portal(database_url)
    log, earlier = ReportLog(), ReportLog()
    async with Customers([portal.url], log) as customers:
        await asyncio.sleep(1.5)
        earlier.id, earlier.reports = log.id, list(log.acknowledged)
        await shell(outcome, f'pg_dump --format=custom "$DATABASE_URL" > {dump}', database_url)
        await customers.finish()
    await portal.stop()
    return earlier


async def restore_into_empty_database(env: Environment, outcome: Outcome) -> None:
    source, target, dump = await env.postgres("source"), await env.postgres("target"), env.folder / "dzwoni.dump"
    earlier = await dump_under_load(env, outcome, source.url, dump)
    await shell(outcome, f'pg_restore --clean --if-exists --dbname "$DATABASE_URL" {dump}', target.url)
    portal = await env.portal(target.url)
    await verify(outcome, target.url, portal.url, earlier, "reports before the backup")
    log = ReportLog()
    async with Customers([portal.url], log, 4) as customers:
        await asyncio.sleep(1)
        await customers.finish()
    await verify(outcome, target.url, portal.url, log, "reports after the restore")
    await portal.stop()


async def restore_under_running_portal(env: Environment, outcome: Outcome) -> None:
    """The portal has worked on a database of its own, with another signing secret, which the restore replaces."""
    source, target, dump = await env.postgres("source"), await env.postgres("target"), env.folder / "dzwoni.dump"
    earlier = await dump_under_load(env, outcome, source.url, dump)
    log = ReportLog()
    async with SmtpServer() as smtp, aiohttp.ClientSession() as session:
        portal = await env.portal(target.url, env={"DZWONI_SMTP_URL": smtp.url})
        discarded = ReportLog()
        await send(session, portal.url, discarded.new_report(), discarded)
        await shell(outcome, f'pg_restore --clean --if-exists --dbname "$DATABASE_URL" {dump}', target.url)
        await verify(outcome, target.url, portal.url, earlier, "reports before the backup")
        for _ in range(5):
            await send(session, portal.url, log.new_report(), log)
        await verify(outcome, target.url, portal.url, log, "reports after the restore")
        await check_links_in_emails(outcome, target.url, smtp, log)
        await portal.stop()
        await portal.start_and_wait()
        await send_again(outcome, session, portal.url, log)
        await verify(outcome, target.url, portal.url, log, "reports after the restore and a restart")
        await portal.stop()


async def check_links_in_emails(outcome: Outcome, dsn: str, smtp: SmtpServer, log: ReportLog) -> None:
    await EmailQueue(dsn).wait_until_empty(timeout=60)
    texts = {email.recipient: email.decoded_text() for email in smtp.received}
    sent = [report for report in log.acknowledged if report.email in texts]
    outcome.check(len(sent) == len(log.acknowledged), f"{len(log.acknowledged) - len(sent)} e-mails were not sent")
    without = [report.reference for report in sent if report.ticket_path not in texts[report.email]]
    outcome.check(not without, f"{len(without)} of {len(sent)} e-mails do not contain the link that the customer received")


async def send_again(outcome: Outcome, session: aiohttp.ClientSession, base: str, log: ReportLog) -> None:
    """The same forms lead to the same ticket pages."""
    for report in log.acknowledged:
        await send(session, base, report, log)
    last_answers = {report.answers[-1] for report in log.acknowledged}
    outcome.check(last_answers == {"303"}, f"the same forms again: {last_answers}")


async def private_database_of_another_version(env: Environment, outcome: Outcome) -> None:
    portal = await env.portal()
    await portal.stop()
    other = next(str(version) for version in (14, 13, 12) if version not in bin_directories())
    (portal.private_data / "PG_VERSION").write_text(other + "\n")
    portal.start()
    code = await asyncio.to_thread(portal.process.wait, 30)
    last_line = portal.log.read_text().splitlines()[-1]
    outcome.check(code != 0, "the portal starts")
    outcome.check(f"postgresql-{other}" in last_line, f"the message does not say what to install: {last_line}")


ROUNDS = [
    Round("backup-restore", "backup under load, restore into an empty database", restore_into_empty_database),
    Round("backup-running", "restore under a running portal", restore_under_running_portal),
    Round("backup-version", "the private database was written by another version of PostgreSQL",
          private_database_of_another_version),
]
