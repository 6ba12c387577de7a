"""The portal behind PgBouncer in session mode. It needs prepared statements and LISTEN, which transaction mode has not."""
import asyncio

from environment import Environment
from outcome import Outcome, Round
from ports import free_port
from postgres import PostgresCluster
from processes import as_postgres, give_to_postgres
from reports import Customers, ReportLog
from staff import StaffMembers
from verify import verify

CONFIGURATION = """
[databases]
dzwoni = host=127.0.0.1 port={target} dbname=dzwoni user=dzwoni
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
auth_type = any
pool_mode = session
max_client_conn = 200
default_pool_size = 40
ignore_startup_parameters = extra_float_digits,options
unix_socket_dir =
"""


async def run(env: Environment, outcome: Outcome) -> None:
    cluster = await env.postgres()
    port = free_port()
    configuration = env.folder / "pgbouncer.ini"
    configuration.write_text(CONFIGURATION.format(target=cluster.port, port=port))
    give_to_postgres(configuration)
    env.run_command(as_postgres(["pgbouncer", str(configuration)]), "pgbouncer.log")
    await asyncio.sleep(0.5)
    portal = await env.portal(PostgresCluster.url_on(port))
    log = ReportLog()
    async with Customers([portal.url], log) as customers:
        await asyncio.sleep(4)
        await customers.finish()
    async with StaffMembers(cluster.url) as staff:
        live_update = await staff.measure_live_update(portal.url, portal.url)
    outcome.check(live_update is not None, "an open queue does not show a new report")
    outcome.check(set(log.answers) == {"303"}, f"reports: {log.answers}")
    outcome.check(not portal.log_messages("ERROR"), f"errors in the log: {portal.log_messages('ERROR')[:3]}")
    outcome.record(live_update_s=live_update)
    await verify(outcome, cluster.url, portal.url, log)
    await portal.stop()


ROUNDS = [Round("pgbouncer", "PgBouncer in session mode between portal and database", run)]
