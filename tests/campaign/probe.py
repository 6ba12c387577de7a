"""Visitors who open pages again and again."""
from __future__ import annotations

import asyncio
import time

import aiohttp

from reports import client_headers


async def get_status(session: aiohttp.ClientSession, url: str, timeout: float = 30) -> str:
    """The status of a GET, or the name of the error."""
    try:
        async with session.get(url, allow_redirects=False, headers=client_headers(),
                               timeout=aiohttp.ClientTimeout(total=timeout)) as response:
            await response.read()
            return str(response.status)
    except asyncio.TimeoutError:
        return "timeout"
    except (aiohttp.ClientError, OSError) as error:
        return type(error).__name__


class PageProbe:
    """Opens each of the pages continuously and counts the answers."""

    def __init__(self, base: str, paths: list[str], interval: float = 0.05, timeout: float = 20):
        self.base, self.paths, self.interval, self.timeout = base, paths, interval, timeout
        self.counts: dict[str, dict[str, int]] = {path: {} for path in paths}
        self.slowest: dict[str, float] = {path: 0.0 for path in paths}
        self.is_ending = False

    async def __aenter__(self) -> PageProbe:
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self.tasks = [asyncio.create_task(self.open_repeatedly(path)) for path in self.paths]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.is_ending = True
        await asyncio.gather(*self.tasks)
        await self.session.close()

    async def open_repeatedly(self, path: str) -> None:
        counts = self.counts[path]
        while not self.is_ending:
            started = time.monotonic()
            answer = await get_status(self.session, self.base + path, self.timeout)
            counts[answer] = counts.get(answer, 0) + 1
            self.slowest[path] = max(self.slowest[path], time.monotonic() - started)
            await asyncio.sleep(self.interval)

    def total(self) -> dict[str, int]:
        totals: dict[str, int] = {}
        for counts in self.counts.values():
            for answer, count in counts.items():
                totals[answer] = totals.get(answer, 0) + count
        return totals


def quantile(values: list[float], part: float) -> float:
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
