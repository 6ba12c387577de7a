"""An SMTP server that can be slow, refuse e-mails or disappear. It remembers every e-mail whose text arrived complete."""
from __future__ import annotations

import asyncio
import email
import email.policy
import random
import re
from dataclasses import dataclass

from ports import free_port

# how a server of the mode `mixed` treats an e-mail
MIXED_MODES = ["ok", "ok", "ok", "defer", "defer-recipient", "close-at-recipient"]


@dataclass
class ReceivedEmail:
    message_id: str
    recipient: str
    text: str
    is_confirmed: bool = False  # the server answered 250

    def decoded_text(self) -> str:
        """The plain text, decoded."""
        message = email.message_from_string(self.text, policy=email.policy.default)
        body = message.get_body(preferencelist=("plain",))
        return body.get_content() if body else ""


class SmtpServer:
    """Modes: `ok`, `defer` (451 after the text), `defer-recipient` (450), `close-at-recipient`, `mixed` (one of these for
    each e-mail). `delay` is the time between the end of the text and the answer."""

    def __init__(self, mode: str = "ok", delay: float = 0.0):
        self.mode, self.delay = mode, delay
        self.port = free_port()
        self.received: list[ReceivedEmail] = []
        self.unanswered = 0  # texts that arrived and were not answered yet
        self.server: asyncio.Server | None = None
        self.writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def confirmed_ids(self) -> list[str]:
        return [received.message_id for received in self.received if received.is_confirmed]

    async def __aenter__(self) -> SmtpServer:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.crash()

    async def start(self) -> None:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port)

    def crash(self) -> None:
        """Closes the port and resets every connection."""
        if self.server:
            self.server.close()
            self.server = None
        for writer in list(self.writers):
            writer.transport.abort()

    async def wait_until_receiving(self, timeout: float = 10) -> None:
        """Waits until an e-mail has arrived and is not answered."""
        async with asyncio.timeout(timeout):
            while not self.unanswered:
                await asyncio.sleep(0.005)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        try:
            await self.converse(reader, writer)
        except OSError:
            pass  # the client is gone
        finally:
            self.writers.discard(writer)
            writer.close()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def reply(text: str) -> None:
            writer.write(f"{text}\r\n".encode())
            await writer.drain()

        await reply("220 campaign ESMTP")
        recipient, mode = "", self.mode
        while line := await reader.readline():
            command = line.decode(errors="replace").strip()
            name = command.upper()
            if name.startswith("EHLO"):
                await reply("250-campaign\r\n250-8BITMIME\r\n250 SMTPUTF8")
            elif name.startswith("MAIL"):
                mode = random.choice(MIXED_MODES) if self.mode == "mixed" else self.mode
                await reply("250 ok")
            elif name.startswith("RCPT"):
                recipient = re.sub(r"^RCPT TO:<(.*?)>.*$", r"\1", command, flags=re.I)
                if mode == "close-at-recipient":
                    return
                await reply("450 later" if mode == "defer-recipient" else "250 ok")
            elif name == "DATA":
                await reply("354 go on")
                received = await self.receive(reader, recipient)
                if received is None:
                    return
                await self.confirm(received, mode, reply)
            elif name == "QUIT":
                return await reply("221 bye")
            else:
                await reply("250 ok")

    async def receive(self, reader: asyncio.StreamReader, recipient: str) -> ReceivedEmail | None:
        """The text, or None if the connection was closed before its end."""
        lines = []
        while (line := await reader.readline()) != b".\r\n":
            if not line:
                return None
            lines.append(line)
        text = b"".join(lines).decode(errors="replace")
        found = re.search(r"^Message-ID:\s*(\S+)", text, re.M | re.I)
        received = ReceivedEmail(found[1] if found else "", recipient, text)
        self.received.append(received)
        return received

    async def confirm(self, received: ReceivedEmail, mode: str, reply) -> None:
        self.unanswered += 1
        try:
            await asyncio.sleep(self.delay)
            # the client may be gone, but the e-mail is on its way to the recipient
            received.is_confirmed = mode != "defer"
            await reply("250 queued" if received.is_confirmed else "451 later")
        finally:
            self.unanswered -= 1
