"""What one round may use: a folder, PostgreSQL clusters and portals. Whatever was started ends with the round."""
from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from portal import Portal
from postgres import PostgresCluster
from processes import give_to_postgres, is_running

FOLDER = Path(os.environ.get("CAMPAIGN_DIR", Path(tempfile.gettempdir()) / "dzwoni-campaign"))


class Environment:
    def __init__(self, name: str, scale: float = 1.0):
        self.name, self.scale = name, scale
        self.folder = FOLDER / name
        self.portals: list[Portal] = []
        self.clusters: list[PostgresCluster] = []
        self.commands: list[subprocess.Popen] = []
        self.mounts: list[Path] = []

    async def __aenter__(self) -> Environment:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.end_everything)

    def count(self, number: float) -> int:
        """A number of repetitions, multiplied by --scale."""
        return max(1, round(number * self.scale))

    def end_everything(self) -> None:
        for portal in self.portals:
            portal.kill()
            pid = portal.private_postgres_pid
            if not portal.database_url and pid and is_running(pid):
                portal.kill_private_postgres()
        for command in self.commands:
            if command.poll() is None:
                command.terminate()
                command.wait()
        for cluster in self.clusters:
            cluster.kill()
        for folder in self.mounts:
            subprocess.run(["umount", str(folder)], check=False)

    async def postgres(self, name: str = "postgres", folder: Path | None = None,
                       settings: dict[str, str] | None = None) -> PostgresCluster:
        """A running cluster with an empty database."""
        cluster = self.new_cluster(name, folder, settings)
        await asyncio.to_thread(cluster.create)
        await asyncio.to_thread(cluster.start)
        await asyncio.to_thread(cluster.create_database)
        return cluster

    def new_cluster(self, name: str, folder: Path | None = None,
                    settings: dict[str, str] | None = None) -> PostgresCluster:
        cluster = PostgresCluster(name, folder or self.folder / name, settings)
        self.clusters.append(cluster)
        return cluster

    def new_portal(self, database_url: str | None = None, **options) -> Portal:
        portal = Portal(self.folder, database_url, **options)
        self.portals.append(portal)
        return portal

    async def portal(self, database_url: str | None = None, **options) -> Portal:
        """A portal that is ready."""
        portal = self.new_portal(database_url, **options)
        await portal.start_and_wait()
        return portal

    def run_command(self, command: list[str], log: str) -> subprocess.Popen:
        """Starts a program that ends with the round."""
        with open(self.folder / log, "ab") as output:
            process = subprocess.Popen(command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.commands.append(process)
        return process

    def mount_tmpfs(self, name: str, size_mb: int) -> Path:
        """A small file system that PostgreSQL may write to. Needs root."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        options = f"size={size_mb}m,mode=0755"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
        self.mounts.append(folder)
        give_to_postgres(folder)
        return folder

    def maildir(self) -> Path:
        folder = self.folder / "maildir"
        for part in ("new", "cur", "tmp"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        return folder
