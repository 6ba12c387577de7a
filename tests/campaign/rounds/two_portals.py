"""Two portals on one database: kills, an unreliable mail server, a shared maildir, "take next", live updates."""
import asyncio
import random
from pathlib import Path

from email_queue import EmailQueue
from environment import Environment
from outcome import Outcome, Round
from portal import Portal
from reports import Customers, ReportLog
from smtp_server import SmtpServer
from staff import StaffMembers
from verify import verify

STAFF = 50
MESSAGES_PER_KILL = 20

MESSAGE = ("From: Jan <m{number}@example.com>\r\nTo: pomoc@example.com\r\nSubject: nie dzwoni {number}\r\n"
           "Message-ID: <m{number}@example.com>\r\n\r\nZnak mail-{number}: nie moge dzwonic na 0044 20 8190 0322\r\n")


async def run(env: Environment, outcome: Outcome) -> None:
    cluster, maildir, log, kills = await env.postgres(), env.maildir(), ReportLog(), env.count(6)
    async with SmtpServer("mixed") as smtp:
        settings = {"DZWONI_SMTP_URL": smtp.url, "DZWONI_MAILDIR": str(maildir)}
        first = await env.portal(cluster.url, env=settings)
        # the e-mails of both portals contain the same public URL
        second = await env.portal(cluster.url, env={**settings, "DZWONI_PUBLIC_URL": first.url})
        first_url, second_url = first.url, second.url
        async with StaffMembers(cluster.url, STAFF) as staff:
            live_update = await staff.measure_live_update(first_url, second_url)
            outcome.check(live_update is not None, "a queue at one portal does not show a report at the other")
            async with Customers([first_url, second_url], log, pause=0.05) as customers:
                for number in range(kills):
                    deliver(maildir, range(number * MESSAGES_PER_KILL, (number + 1) * MESSAGES_PER_KILL))
                    await asyncio.sleep(0.5 + random.random() * 2)
                    await kill_one([first, second], smtp if number % 3 == 2 else None)
                await customers.finish()
            await verify(outcome, cluster.url, first_url, log)
            await check_take_next(outcome, staff, [first_url, second_url])
        smtp.mode = "ok"
        await check_emails(outcome, EmailQueue(cluster.url), smtp)
        check_inbound_mail(outcome, EmailQueue(cluster.url), maildir, kills * MESSAGES_PER_KILL)
    outcome.record(kills=kills, live_update_s=live_update)
    for portal in (first, second):
        await portal.stop()


def deliver(maildir: Path, numbers: range) -> None:
    for number in numbers:
        (maildir / "tmp" / f"{number:06}").write_text(MESSAGE.format(number=number))
        (maildir / "tmp" / f"{number:06}").rename(maildir / "new" / f"{number:06}")


async def kill_one(portals: list[Portal], smtp: SmtpServer | None) -> None:
    """Kills one of the portals, and the mail server if there is one, and starts them again."""
    victim = random.choice(portals)
    victim.kill()
    if smtp:
        smtp.crash()
        await asyncio.sleep(0.3)
        await smtp.start()
    await victim.start_and_wait()


async def check_take_next(outcome: Outcome, staff: StaffMembers, urls: list[str]) -> None:
    """All staff members take tickets at both portals. No ticket goes to two of them."""
    taken: list[str] = []

    async def take(member: int) -> None:
        for turn in range(10):
            path = await staff.take_next(urls[(member + turn) % len(urls)], member)
            if path is None:
                return
            taken.append(path)

    await asyncio.gather(*(take(member) for member in range(STAFF)))
    outcome.check(taken, "nobody could take a ticket")
    outcome.check(len(taken) == len(set(taken)), f"{len(taken) - len(set(taken))} tickets were taken by two")
    outcome.record(tickets_taken=len(taken))


async def check_emails(outcome: Outcome, queue: EmailQueue, smtp: SmtpServer) -> None:
    queue.expire_claims()
    emptied = await queue.wait_until_empty(timeout=60, retry=True)
    outcome.check(emptied is not None, f"e-mails are left in the queue: {queue.states()}")
    confirmed = smtp.confirmed_ids
    outcome.check(len(confirmed) == len(set(confirmed)), "e-mails were sent twice")
    outcome.check(queue.message_ids("sent") <= set(confirmed), "e-mails are marked as sent that nobody accepted")
    outcome.check(set(queue.failures()) <= {"unconfirmed"}, f"e-mails failed: {queue.failures()}")
    outcome.record(emails=queue.states())


def check_inbound_mail(outcome: Outcome, queue: EmailQueue, maildir: Path, expected: int) -> None:
    tickets, texts = queue.query("select count(*), count(distinct description) from ticket where channel = 'email'")[0]
    outcome.check(tickets == texts == expected, f"{expected} messages became {tickets} tickets with {texts} texts")
    left = len(list((maildir / "new").iterdir()))
    outcome.check(not left, f"{left} messages are left in the maildir")
    outcome.record(inbound_messages=expected)


ROUNDS = [Round("two-portals", "two portals on one database; portals and mail server are killed", run)]
