"""The database is away for a while under load: frozen, stopped, or behind a network that swallows everything."""
import asyncio
import signal
import time
from functools import partial
from pathlib import Path

import psycopg

from email_queue import EmailQueue
from environment import Environment
from outcome import Outcome, Round
from probe import PageProbe
from processes import memory_mb, signal_all
from reports import Customers, ReportLog
from smtp_server import SmtpServer
from tcp_proxy import TcpProxy
from verify import verify

# these pages work without the database
PAGES = ["/pl/guide/outgoing", "/en/guide/audio?all", "/pl", "/pl/report?category=outgoing", "/pl/incidents", "/healthz",
         "/pl/check/number?number=0044208190", "/pl/check/message?text=503+Service+Unavailable", "/staff/login", "/pl/ticket"]

MAIL_AFTERWARDS = ("From: Jan <jan@example.com>\r\nTo: pomoc@example.com\r\nSubject: po przerwie\r\n"
                   "Message-ID: <afterwards@example.com>\r\n\r\nNie moge dzwonic na 0044 20 8190 0322\r\n")


async def run(env: Environment, outcome: Outcome, how: str, seconds: float, smtp_delay: float = 0.0) -> None:
    cluster = await env.postgres()
    maildir = env.maildir()
    async with TcpProxy(cluster.port) as network, SmtpServer(delay=smtp_delay) as smtp:
        portal = await env.portal(cluster.url_on(network.port), env={"DZWONI_SMTP_URL": smtp.url,
                                                                     "DZWONI_MAILDIR": str(maildir)})
        log = ReportLog()
        async with Customers([portal.url], log, pause=0.05, retry_delay=0.5) as customers:
            await asyncio.sleep(2)
            if smtp_delay:
                await smtp.wait_until_receiving()
            memory_before, answers_before = memory_mb(portal.pid), dict(log.answers)
            frozen = cluster.freeze() if how == "freeze" else []
            if how == "stop":
                await asyncio.to_thread(cluster.stop, "immediate")
            network.is_blackhole = how == "blackhole"
            # a request that was accepted before may still be answered
            await asyncio.sleep(2)
            async with PageProbe(portal.url, PAGES) as pages, PageProbe(portal.url, ["/readyz"]) as readiness:
                await asyncio.sleep(seconds)
            during = log.answers_since(answers_before)
            memory_after = memory_mb(portal.pid)
            signal_all(frozen, signal.SIGCONT)
            network.is_blackhole = False
            if how == "stop":
                await asyncio.to_thread(cluster.start)
            back = time.monotonic()
            await portal.wait_until_up()
            await log.wait_for_next(timeout=60)
            first_report = time.monotonic() - back
            await customers.finish()
        smtp.delay = 0.0
        outcome.check(set(pages.total()) == {"200"}, f"pages during the outage: {pages.counts}")
        outcome.check(set(readiness.total()) == {"503"}, f"/readyz during the outage: {readiness.total()}")
        outcome.check(set(during) <= {"303", "503"}, f"reports during the outage: {during}")
        outcome.record(away_s=seconds, first_report_s=first_report, slowest_page_s=max(pages.slowest.values()),
                       memory_mb={"before": memory_before, "after": memory_after})
        await verify(outcome, cluster.url, portal.url, log)
        await check_background_work(outcome, cluster.url, maildir, smtp)
        await portal.stop()


async def check_background_work(outcome: Outcome, dsn: str, maildir: Path, smtp: SmtpServer) -> None:
    """E-mails go out and come in again, and nobody receives one twice."""
    (maildir / "new" / "1.afterwards").write_text(MAIL_AFTERWARDS)
    queue = EmailQueue(dsn)
    sent_after = await queue.wait_until_empty(timeout=45)
    outcome.check(sent_after is not None,
                  f"e-mails are not sent 45 s after the outage: {queue.states()}, of these {queue.claimed()} still claimed")
    with psycopg.connect(dsn) as db:
        received = db.execute("select count(*) from inbound_mail where disposition = 'ticket'").fetchone()
    outcome.check(received == (1,), "inbound mail is not ingested after the outage")
    confirmed = smtp.confirmed_ids
    outcome.check(len(confirmed) == len(set(confirmed)), "e-mails were sent twice")
    unknown = set(confirmed) - queue.message_ids("sent")
    outcome.check(not unknown, f"{len(unknown)} e-mails that the mail server accepted are not marked as sent")
    outcome.record(emails_sent_after_s=sent_after, emails=queue.states())


ROUNDS = [
    Round("outage-freeze", "the database hangs (SIGSTOP)", partial(run, how="freeze", seconds=12)),
    Round("outage-stop", "the database is stopped", partial(run, how="stop", seconds=12)),
    Round("outage-blackhole", "the network to the database swallows everything", partial(run, how="blackhole", seconds=20)),
    Round("outage-emails", "the database is stopped while e-mails are being sent",
          partial(run, how="stop", seconds=10, smtp_delay=1.5)),
]
