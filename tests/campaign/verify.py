"""Compares what customers were told with what is in the database."""
from __future__ import annotations

import asyncio
import time

import aiohttp
import psycopg

from outcome import Outcome
from reports import Report, ReportLog, client_headers

FIND_TICKETS = """
    select substring(ticket.description from 'Znak (\\S+)'), ticket.reference, ticket.description,
        (select count(*) from ticket_event where ticket_id = ticket.id),
        (select count(*) from outgoing_email where ticket_id = ticket.id and kind = 'received')
    from ticket where ticket.description like %s"""

MAX_EXAMPLES = 3


def find_tickets(dsn: str, log: ReportLog, timeout: float = 30) -> dict[str, list[tuple]]:
    """The tickets of these reports, by marker."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            with psycopg.connect(dsn) as db:
                rows = db.execute(FIND_TICKETS, (f"Znak {log.id}-%",)).fetchall()
            break
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
    tickets: dict[str, list[tuple]] = {}
    for row in rows:
        tickets.setdefault(row[0], []).append(row)
    return tickets


def faults_of(report: Report, tickets: list[tuple]) -> list[str]:
    """What is wrong with the tickets of one report."""
    if len(tickets) > 1:
        return ["doubled"]
    if not report.ticket_path:
        return []
    if not tickets:
        return ["lost"]
    _, reference, description, events, emails = tickets[0]
    expected = report.reference.removeprefix("DZ-").replace("-", "")
    found = []
    if (reference, description) != (expected, report.description):
        found.append("changed")
    if events != 1:
        found.append("with a wrong number of events")
    if emails != 1:
        found.append("with a wrong number of e-mails")
    return found


async def count_closed_pages(base: str, reports: list[Report], max_pages: int) -> int:
    """How many of the ticket pages do not open with the key that the customer received."""
    reports = reports[:: max(1, len(reports) // max_pages)]
    limit = asyncio.Semaphore(8)
    async with aiohttp.ClientSession() as session:
        async def opens(report: Report) -> bool:
            async with limit, session.get(base + report.ticket_path, headers=client_headers()) as response:
                return response.status == 200 and report.marker in await response.text()
        return [await task for task in [asyncio.create_task(opens(report)) for report in reports]].count(False)


async def verify(outcome: Outcome, dsn: str, base: str, log: ReportLog, what: str = "reports", max_pages: int = 300) -> None:
    """Every acknowledged report is stored exactly once, with its text, one event, one e-mail and a page that opens."""
    tickets = await asyncio.to_thread(find_tickets, dsn, log)
    faults: dict[str, list[str]] = {}
    for report in log.reports:
        for fault in faults_of(report, tickets.get(report.marker, [])):
            faults.setdefault(fault, []).append(f"{report.reference or report.marker} after {report.answers}")
    for fault, examples in faults.items():
        outcome.check(False, f"{len(examples)} {what} {fault}: {'; '.join(examples[:MAX_EXAMPLES])}")
    closed = await count_closed_pages(base, log.acknowledged, max_pages)
    outcome.check(not closed, f"{closed} ticket pages of {what} do not open with their key")
    bad_answers = {answer: count for answer, count in log.answers.items() if answer.startswith(("303 ", "503 "))}
    outcome.check(not bad_answers, f"answers to {what}: {bad_answers}")
    outcome.check(log.acknowledged, f"none of the {what} was acknowledged")
    outcome.acknowledged += len(log.acknowledged)
    outcome.acknowledged_late += log.acknowledged_late
