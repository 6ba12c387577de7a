"""All rounds, in the order in which they run."""
from outcome import Round

from . import (backup, clock, descriptors, disk, email_kill, failover, kill_portal, kill_postgres, load, memory, outage,
               pgbouncer, read_only, restart, startup, two_portals)

MODULES = [kill_portal, kill_postgres, outage, startup, read_only, failover, pgbouncer, email_kill, two_portals, restart,
           backup, disk, descriptors, memory, clock, load]

ALL: list[Round] = [a_round for module in MODULES for a_round in module.ROUNDS]
