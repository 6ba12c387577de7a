"""A PostgreSQL cluster of a round's own, on a loopback port."""
from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from ports import free_port
from processes import as_postgres, descendants, give_to_postgres, is_running, kill_tree, signal_all


def bin_directories() -> dict[int, Path]:
    """The server programs that are installed, by major version: PG_BIN_DIR, Debian's directories, or PATH."""
    candidates = [Path(os.environ["PG_BIN_DIR"])] if os.environ.get("PG_BIN_DIR") else [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *(Path(found).resolve().parent for found in [shutil.which("initdb")] if found),
    ]
    found = {}
    for directory in candidates:
        if (directory / "initdb").exists():
            version = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True).stdout
            if match := re.search(r"\) (\d+)", version):
                found.setdefault(int(match[1]), directory)
    if not found:
        raise RuntimeError("PostgreSQL's server programs are missing: install postgresql, or set PG_BIN_DIR")
    return found


def bin_directory() -> Path:
    directories = bin_directories()
    return directories[max(directories)]


class PostgresCluster:
    def __init__(self, name: str, folder: Path, settings: dict[str, str] | None = None):
        self.name, self.folder, self.settings = name, folder, settings or {}
        self.bin = bin_directory()
        self.data = folder / "pgdata"
        self.port = free_port()

    @property
    def url(self) -> str:
        return self.url_on(self.port)

    @staticmethod
    def url_on(port: int, database: str = "dzwoni") -> str:
        return f"postgres://dzwoni@127.0.0.1:{port}/{database}"

    def create(self) -> None:
        self._prepare_folder()
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale")
        with open(self.data / "pg_hba.conf", "a") as rules:
            rules.write("host replication all 127.0.0.1/32 trust\n")

    def create_standby(self, primary: PostgresCluster) -> None:
        """A streaming standby."""
        self._prepare_folder()
        self._run("pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres", "-D", str(self.data), "-R",
                  "-X", "stream", "-c", "fast")

    def _prepare_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        give_to_postgres(self.folder)

    def start(self) -> None:
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "120",
                    "shared_buffers": "64MB", **self.settings}
        options = " ".join([f"-p {self.port}", *(f"-c {name}='{value}'" for name, value in settings.items())])
        self._run("pg_ctl", "start", "-D", str(self.data), "-l", str(self.folder / "log"), "-o", options, "-w", "-t", "60",
                  "-s")

    async def start_again(self) -> None:
        """Starts it after a crash, as soon as PostgreSQL agrees that the old processes are gone."""
        for attempt in range(100):
            try:
                return await asyncio.to_thread(self.start)
            except RuntimeError:
                if attempt == 99:
                    raise
                await asyncio.sleep(0.2)

    def create_database(self, name: str = "dzwoni") -> str:
        """An empty database. Returns its URL."""
        with self.connect_as_superuser() as db:
            if not db.execute("select 1 from pg_roles where rolname = 'dzwoni'").fetchone():
                db.execute("create role dzwoni login")
            db.execute(f'create database "{name}" owner dzwoni')
        return self.url_on(self.port, name)

    def connect_as_superuser(self) -> psycopg.Connection:
        return psycopg.connect(self.superuser_dsn, autocommit=True)

    @property
    def superuser_dsn(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"

    @property
    def pid(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError):
            return None
        return pid if is_running(pid) else None

    def kill(self) -> None:
        """kill -9 of all its processes."""
        if pid := self.pid:
            kill_tree(pid)

    def freeze(self) -> list[int]:
        """Stops all its processes with SIGSTOP. Returns their ids."""
        pid = self.pid
        pids = [pid, *descendants(pid)] if pid else []
        signal_all(pids, signal.SIGSTOP)
        return pids

    def promote(self) -> None:
        self._run("pg_ctl", "promote", "-D", str(self.data), "-s", "-w")

    def stop(self, mode: str = "fast") -> None:
        if self.pid:
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", mode, "-s", "-w", "-t", "30")

    def _run(self, program: str, *arguments: str) -> None:
        log_path = self.folder / "commands.log"
        with open(log_path, "ab") as log:
            done = subprocess.run(as_postgres([str(self.bin / program), *arguments]), cwd="/", stdin=subprocess.DEVNULL,
                                  stdout=log, stderr=log, env={"PATH": os.environ["PATH"], "LC_ALL": "C"})
        if done.returncode:
            raise RuntimeError(f"{program} failed, see {log_path}")
