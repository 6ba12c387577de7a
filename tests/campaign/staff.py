"""Staff members with sessions. They are made in the database, so that no password has to be hashed for each."""
from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
import uuid

import aiohttp
import psycopg

from reports import ReportLog, client_headers, send

# its name on HTTPS and on loopback addresses
SESSION_COOKIE = "__Host-dzwoni"


class StaffMembers:
    def __init__(self, dsn: str, count: int = 1):
        self.dsn, self.count = dsn, count
        self.cookies: list[str] = []

    async def __aenter__(self) -> StaffMembers:
        await asyncio.to_thread(self._create)
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    def _create(self) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as db:
            for number in range(self.count):
                cookie, staff_id = secrets.token_hex(26).upper(), str(uuid.uuid4())
                db.execute("insert into staff (id, email, name, role, created_at) values (%s, %s, %s, 'agent', now())",
                           (staff_id, f"staff-{staff_id[:8]}@example.com", f"Agent {number}"))
                db.execute("""insert into staff_session (token_hash, staff_id, created_at, last_seen_at, ip, user_agent)
                    values (%s, %s, now(), now(), '127.0.0.1', 'campaign')""",
                           (hashlib.sha256(cookie.encode()).digest(), staff_id))
                self.cookies.append(cookie)

    def headers(self, base: str, member: int) -> dict[str, str]:
        return {"cookie": f"{SESSION_COOKIE}={self.cookies[member]}", **client_headers(base)}

    async def take_next(self, base: str, member: int) -> str | None:
        """Takes the next new ticket. Returns its path, or None when there is none."""
        async with self.session.post(f"{base}/staff/next", data={}, headers=self.headers(base, member),
                                     allow_redirects=False) as response:
            path = response.headers.get("location", "")
            return path if response.status == 303 and "/staff/tickets/" in path else None

    async def measure_live_update(self, base: str, report_base: str, timeout: float = 20) -> float | None:
        """Seconds until a queue that is open at `base` shows a report that was sent to `report_base`."""
        url = f"{base}/staff/live?view=all&mark=none"
        limits = aiohttp.ClientTimeout(total=None, sock_read=timeout)
        async with self.session.get(url, headers=self.headers(base, 0), timeout=limits) as stream:
            if stream.status != 200:
                return None
            await stream.content.readany()
            log = ReportLog()
            report = log.new_report()
            if not await send(self.session, report_base, report, log):
                return None
            started, received = time.monotonic(), ""
            try:
                while time.monotonic() - started < timeout:
                    received += (await stream.content.readany()).decode(errors="replace")
                    if report.reference in received:
                        return time.monotonic() - started
            except (asyncio.TimeoutError, aiohttp.ClientError):
                pass
            return None
