"""One process of the portal: `dzwoni serve`."""
from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Callable

from ports import free_port
from processes import kill_tree

BINARY = os.environ.get("DZWONI_BIN", "target/release/dzwoni")


class PortalEnded(RuntimeError):
    """The process ended although nobody stopped it."""


class Portal:
    """Uses the private database in `data` when there is no `database_url`."""

    def __init__(self, folder: Path, database_url: str | None = None, env: dict[str, str] | None = None,
                 preexec: Callable[[], None] | None = None):
        self.folder, self.database_url, self.env, self.preexec = folder, database_url, env or {}, preexec
        self.port = free_port()
        self.log = folder / f"portal-{self.port}.log"
        self.data = folder / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("DZWONI_", "PG", "DATABASE"))}
        if os.environ.get("PG_BIN_DIR"):
            env["PG_BIN_DIR"] = os.environ["PG_BIN_DIR"]
        env |= {
            "DZWONI_DATA": str(self.data),
            "DZWONI_LISTEN": f"127.0.0.1:{self.port}",
            # every report comes from an address of its own, which is in X-Forwarded-For
            "DZWONI_TRUSTED_PROXIES": "127.0.0.1/32",
            "DZWONI_MEDIA_LISTEN": "off",
            "RUST_LOG": "warn,dzwoni=info",
        }
        if self.database_url:
            env["DATABASE_URL"] = self.database_url
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([BINARY, "serve"], env=env | self.env, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True, preexec_fn=self.preexec)

    async def start_and_wait(self, path: str = "/readyz", timeout: float = 60) -> float:
        self.start()
        return await self.wait_until_up(path, timeout)

    async def wait_until_up(self, path: str = "/readyz", timeout: float = 60) -> float:
        """Waits until the path answers 200. Returns the seconds."""
        started = time.monotonic()
        while time.monotonic() - started < timeout:
            if not self.is_running:
                raise PortalEnded(f"the portal ended with code {self.process and self.process.returncode}, see {self.log}")
            if await asyncio.to_thread(self.status, path) == 200:
                return time.monotonic() - started
            await asyncio.sleep(0.02)
        raise TimeoutError(f"{path} did not answer 200 within {timeout:.0f} s, see {self.log}")

    def status(self, path: str) -> int:
        """The status of a GET, 0 without a response."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def kill(self) -> None:
        """kill -9 of the portal alone; its private database lives on."""
        if self.process and self.is_running:
            self.process.kill()
            self.process.wait()

    async def stop(self, timeout: float = 60) -> float:
        """SIGTERM. Returns the seconds until it had ended."""
        started = time.monotonic()
        if self.process and self.is_running:
            self.process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(self.process.wait, timeout)
        return time.monotonic() - started

    def log_messages(self, level: str) -> list[str]:
        """The different messages of a level in the log, shortest first."""
        messages = set()
        for line in self.log.read_text().splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if entry.get("level") == level:
                fields = entry.get("fields", {})
                messages.add(" ".join(str(fields[name]) for name in ("message", "error") if name in fields)[:200])
        return sorted(messages, key=len)

    # the private database

    @property
    def private_data(self) -> Path:
        return self.data / "postgres" / "data"

    @property
    def private_postgres_pid(self) -> int | None:
        try:
            return int((self.private_data / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError, ValueError):
            return None

    def kill_private_postgres(self) -> None:
        if pid := self.private_postgres_pid:
            kill_tree(pid)

    @property
    def dsn(self) -> str:
        """Where the tests connect to, past any proxy."""
        return self.database_url or f"host={self.data}/postgres/socket port=5432 user=postgres dbname=dzwoni"
