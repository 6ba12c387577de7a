"""The queue of outgoing e-mails as the database has it."""
from __future__ import annotations

import asyncio
import time

import psycopg


class EmailQueue:
    def __init__(self, dsn: str):
        self.dsn = dsn

    def query(self, sql: str) -> list[tuple]:
        with psycopg.connect(self.dsn, autocommit=True) as db:
            return db.execute(sql).fetchall()

    def execute(self, sql: str) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as db:
            db.execute(sql)

    def states(self) -> dict[str, int]:
        return dict(self.query("select state::text, count(*) from outgoing_email group by 1 order by 1"))

    def failures(self) -> dict[str, int]:
        return dict(self.query("select failure::text, count(*) from outgoing_email where state = 'failed' group by 1"))

    def message_ids(self, state: str) -> set[str]:
        return {row[0] for row in self.query(f"select message_id from outgoing_email where state = '{state}'")}

    def pending(self) -> int:
        return self.query("select count(*) from outgoing_email where state in ('queued', 'sending')")[0][0]

    def claimed(self) -> int:
        return self.query("select count(*) from outgoing_email where state = 'queued' and claimed_until > now()")[0][0]

    def expire_claims(self) -> None:
        """As if the time of all claims had passed: processes that were killed keep theirs for fifteen minutes."""
        self.execute("update outgoing_email set claimed_until = now() - interval '1 second' where claimed_until is not null")

    def retry_now(self) -> None:
        """As if the delay of all e-mails that the server deferred had passed."""
        self.execute("update outgoing_email set next_attempt_at = now() where state = 'queued' and next_attempt_at > now()")

    async def wait_until_empty(self, timeout: float, retry: bool = False) -> float | None:
        """Seconds until no e-mail was queued or being sent, or None."""
        started = time.monotonic()
        while time.monotonic() - started < timeout:
            if retry:
                await asyncio.to_thread(self.retry_now)
            if not await asyncio.to_thread(self.pending):
                return round(time.monotonic() - started, 1)
            await asyncio.sleep(0.5)
        return None
