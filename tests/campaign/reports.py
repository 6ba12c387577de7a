"""Reports as customers send them, and a record of what each customer was told."""
from __future__ import annotations

import asyncio
import itertools
import random
import re
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

TICKET_PATH = re.compile(r"^/(pl|en)/ticket/(DZ-[0-9A-Z]{5}-[0-9A-Z]{5})\?key=([0-9A-Z]{26})$")


def random_client_ip() -> str:
    """Each request has a client address of its own: rate limits are not what is tested here."""
    return f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"


def client_headers(base: str = "") -> dict[str, str]:
    headers = {"x-forwarded-for": random_client_ip()}
    return headers | {"origin": base} if base else headers


@dataclass
class Report:
    """One form. Sent again, it keeps its submission id, like a page on which "send" is pressed again."""

    marker: str
    email: str
    submission: str = field(default_factory=lambda: str(uuid.uuid4()))
    answers: list[str] = field(default_factory=list)
    ticket_path: str = ""
    reference: str = ""

    @property
    def description(self) -> str:
        return f"Znak {self.marker} – zażółć gęślą jaźń."

    def body(self) -> str:
        yesterday = time.strftime("%Y-%m-%d", time.localtime(time.time() - 86400))
        return urlencode({
            "submission": self.submission, "category": "outgoing", "service": "virtual-pbx", "caller": "22 555 01 20",
            "callee": "0044 20 8190 0322", "day": "other", "date": yesterday, "time": "10:05", "precision": "exact",
            "error_text": "503 Service Unavailable", "in_billing": "yes", "email": self.email,
            "description": self.description,
        })


class ReportLog:
    """Every report that was sent, and how it was answered."""

    def __init__(self) -> None:
        self.id = uuid.uuid4().hex[:8]
        self.reports: list[Report] = []
        self.answers: dict[str, int] = {}
        self.latencies: list[float] = []

    def new_report(self) -> Report:
        number = len(self.reports)
        report = Report(f"{self.id}-{number}", f"c{number}-{self.id}@example.com")
        self.reports.append(report)
        return report

    @property
    def acknowledged(self) -> list[Report]:
        return [report for report in self.reports if report.ticket_path]

    @property
    def acknowledged_late(self) -> int:
        """Reports that were acknowledged only when they were sent again. The first attempt may have been stored."""
        return sum(1 for report in self.acknowledged if len(report.answers) > 1)

    def answers_since(self, earlier: dict[str, int]) -> dict[str, int]:
        counts = {answer: count - earlier.get(answer, 0) for answer, count in self.answers.items()}
        return {answer: count for answer, count in counts.items() if count}

    async def wait_for_next(self, timeout: float) -> float:
        """Waits until one more report is acknowledged. Returns the seconds."""
        started, count = time.monotonic(), len(self.acknowledged)
        while len(self.acknowledged) == count:
            if time.monotonic() - started > timeout:
                raise TimeoutError(f"no report was accepted within {timeout:.0f} s")
            await asyncio.sleep(0.02)
        return time.monotonic() - started


async def send(session: aiohttp.ClientSession, base: str, report: Report, log: ReportLog, timeout: float = 40) -> bool:
    """One attempt. True when the customer was told that the report has arrived."""
    started = time.monotonic()
    headers = {"content-type": "application/x-www-form-urlencoded", **client_headers(base)}
    try:
        async with session.post(f"{base}/pl/report", data=report.body(), headers=headers, allow_redirects=False,
                                timeout=aiohttp.ClientTimeout(total=timeout)) as response:
            body = await response.text()
            log.latencies.append(time.monotonic() - started)
            answer = classify(response, body, report)
    except asyncio.TimeoutError:
        answer = "timeout"
    except (aiohttp.ClientError, OSError) as error:
        answer = type(error).__name__
    log.answers[answer] = log.answers.get(answer, 0) + 1
    report.answers.append(answer)
    return answer == "303"


def classify(response: aiohttp.ClientResponse, body: str, report: Report) -> str:
    """The status, with what is wrong about the response."""
    if response.status == 503 and "submission" in body and report.marker not in body:
        return "503 without the text"
    if response.status != 303:
        return str(response.status)
    path = response.headers["location"]
    match = TICKET_PATH.match(path)
    if match is None:
        return "303 to another page"
    if not report.ticket_path:
        report.ticket_path, report.reference = path, match[2]
    return "303" if report.ticket_path == path else "303 with another link"


class Customers:
    """Customers who report one call after the other, and send the same form again until it is accepted."""

    def __init__(self, bases: list[str], log: ReportLog, count: int = 8, pause: float = 0.0, timeout: float = 40,
                 retry_delay: float = 0.05):
        self.bases, self.log, self.count = bases, log, count
        self.pause, self.timeout, self.retry_delay = pause, timeout, retry_delay
        self.is_ending = False
        self.tasks: list[asyncio.Task] = []

    async def __aenter__(self) -> Customers:
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self.tasks = [asyncio.create_task(self.report_calls(number)) for number in range(self.count)]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.finish()
        await self.session.close()

    async def finish(self, timeout: float = 60) -> None:
        """Starts no new report. Reports that are being sent go on until they are accepted."""
        self.is_ending = True
        if self.tasks:
            _, late = await asyncio.wait(self.tasks, timeout=timeout)
            for task in late:
                task.cancel()
            await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks = []

    async def report_calls(self, number: int) -> None:
        while not self.is_ending:
            report = self.log.new_report()
            for attempt in itertools.count():
                base = self.bases[(number + attempt) % len(self.bases)]
                if await send(self.session, base, report, self.log, self.timeout):
                    break
                await asyncio.sleep(self.retry_delay)
            await asyncio.sleep(self.pause)
