"""A TCP proxy between the portal and its database: its target can move, and it can swallow everything."""
from __future__ import annotations

import asyncio

from ports import free_port


class TcpProxy:
    def __init__(self, target_port: int):
        self.port = free_port()
        self.target_port = target_port
        # bytes vanish and no connection is closed, as behind a firewall that drops packets
        self.is_blackhole = False
        self.writers: set[asyncio.StreamWriter] = set()
        self.connections: set[asyncio.Task] = set()

    async def __aenter__(self) -> TcpProxy:
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        for task in list(self.connections):
            task.cancel()
        for writer in list(self.writers):
            writer.transport.abort()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.connections.add(task)
        self.writers.add(writer)
        try:
            await self.relay(reader, writer)
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self.connections.discard(task)

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_blackhole:
            return  # accepted and never answered
        target_reader, target_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        self.writers.add(target_writer)
        await asyncio.gather(self.copy(reader, target_writer), self.copy(target_reader, writer))

    async def copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        has_lost_bytes = False
        try:
            while data := await reader.read(65536):
                # a connection that lost bytes stays dead
                has_lost_bytes |= self.is_blackhole
                if not has_lost_bytes:
                    writer.write(data)
                    await writer.drain()
        except OSError:
            pass
        if not has_lost_bytes:
            writer.close()
            self.writers.discard(writer)
