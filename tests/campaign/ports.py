"""Free TCP ports on the loopback address."""
from __future__ import annotations

import random
import socket
from pathlib import Path

RESERVED: set[int] = set()


def free_port() -> int:
    """A port that nobody listens on and that the kernel does not give to outgoing connections: a portal has to get its
    port back after a restart, while clients try to connect."""
    first_ephemeral = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    candidates = [port for port in range(10_000, first_ephemeral) if port not in RESERVED]
    for port in random.sample(candidates, len(candidates)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        RESERVED.add(port)
        return port
    raise RuntimeError("no free port")
