"""The portal starts while nothing useful answers at the database's address."""
import asyncio
import os
import subprocess
from functools import partial

import aiohttp

from environment import Environment
from outcome import Outcome, Round
from portal import BINARY, PortalEnded
from ports import free_port
from postgres import PostgresCluster
from reports import ReportLog, client_headers, send
from staff import SESSION_COOKIE

MESSAGE = b"From: a@example.com\r\nTo: pomoc@example.com\r\nMessage-ID: <x@example.com>\r\nSubject: x\r\n\r\nx\r\n"

# EX_TEMPFAIL of sysexits.h: the mail server keeps the message and tries again
EX_TEMPFAIL = 75


async def run(env: Environment, outcome: Outcome, how: str) -> None:
    async def close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if how == "reset":
            writer.transport.abort()
        else:
            writer.close()

    port = free_port()
    server = await asyncio.start_server(close, "127.0.0.1", port) if how != "refuse" else None
    url = PostgresCluster.url_on(port)
    received = await asyncio.to_thread(subprocess.run, [BINARY, "mail", "receive"], input=MESSAGE, capture_output=True,
                                       env={"PATH": os.environ["PATH"], "DATABASE_URL": url})
    outcome.check(received.returncode == EX_TEMPFAIL,
                  f"`mail receive` ended with {received.returncode}: {received.stderr.decode()[-200:]}")
    portal, log = env.new_portal(url), ReportLog()
    portal.start()
    try:
        await portal.wait_until_up("/pl", timeout=10)
        async with aiohttp.ClientSession() as session:
            await send(session, portal.url, log.new_report(), log)
            headers = {"cookie": f"{SESSION_COOKIE}=x", **client_headers()}
            async with session.get(portal.url + "/staff", headers=headers, allow_redirects=False) as response:
                outcome.check(response.status == 503, f"the staff page answered {response.status}")
        outcome.check(log.answers == {"503": 1}, f"the report was answered {log.answers}")
        outcome.check(portal.status("/readyz") == 503, "/readyz does not answer 503")
        await asyncio.sleep(3)
        outcome.check(portal.is_running, "the portal ended")
    except (PortalEnded, aiohttp.ClientError) as error:
        outcome.check(False, f"{error!r}: {portal.log.read_text()[-300:]}")
    if server:
        server.close()


ROUNDS = [
    Round("startup-refuse", "the portal starts while the database refuses connections", partial(run, how="refuse")),
    Round("startup-close", "the portal starts while a balancer closes connections to the database",
          partial(run, how="close")),
    Round("startup-reset", "the portal starts while a balancer resets connections to the database",
          partial(run, how="reset")),
]
