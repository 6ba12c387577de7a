"""kill -9 of the portal between the end of an e-mail and the mail server's answer."""
import asyncio

import aiohttp

from email_queue import EmailQueue
from environment import Environment
from outcome import Outcome, Round
from reports import ReportLog, send
from smtp_server import SmtpServer
from verify import verify

EMAILS_PER_KILL = 6


async def run(env: Environment, outcome: Outcome) -> None:
    cluster = await env.postgres()
    queue, log, in_transit = EmailQueue(cluster.url), ReportLog(), []
    async with SmtpServer(delay=0.6) as smtp, aiohttp.ClientSession() as session:
        portal = env.new_portal(cluster.url, env={"DZWONI_SMTP_URL": smtp.url})
        for _ in range(env.count(8)):
            await portal.start_and_wait()
            for _ in range(EMAILS_PER_KILL):
                await send(session, portal.url, log.new_report(), log)
            await smtp.wait_until_receiving()
            await asyncio.sleep(0.1)
            in_transit.append(smtp.unanswered)
            portal.kill()
            await asyncio.sleep(0.7)
        await portal.start_and_wait()
        smtp.delay = 0
        queue.expire_claims()
        emptied = await queue.wait_until_empty(timeout=45)
        outcome.check(emptied is not None, f"e-mails are left in the queue: {queue.states()}")
        sent, failed, confirmed = queue.message_ids("sent"), queue.message_ids("failed"), smtp.confirmed_ids
        outcome.check(len(confirmed) == len(set(confirmed)), "e-mails were sent twice")
        outcome.check(sent <= set(confirmed), "e-mails are marked as sent that the mail server did not accept")
        outcome.check(len(sent) + len(failed) == len(log.acknowledged), f"not one e-mail per report: {queue.states()}")
        outcome.check(set(queue.failures()) <= {"unconfirmed"}, f"e-mails failed: {queue.failures()}")
        outcome.check(len(failed) <= sum(in_transit), f"{len(failed)} e-mails wait for a decision, of {sum(in_transit)}")
    await verify(outcome, cluster.url, portal.url, log)
    outcome.record(kills=len(in_transit), in_transit=sum(in_transit), emails=queue.states())
    await portal.stop()


ROUNDS = [Round("email-kill", "the portal is killed before the mail server has confirmed an e-mail", run)]
