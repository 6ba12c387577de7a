"""SIGTERM under load, directly and behind nginx with the project's own configuration."""
import asyncio
import re
from functools import partial
from pathlib import Path

from environment import Environment
from outcome import Outcome, Round
from ports import free_port
from probe import PageProbe
from reports import Customers, ReportLog
from verify import verify

NGINX_CONF = Path(__file__).parents[3] / "deploy" / "nginx.conf"

PAGES = ["/pl/guide/outgoing", "/pl/report?category=outgoing", "/staff/login"]


def nginx_configuration(folder: Path, port: int, upstreams: list[int]) -> str:
    """deploy/nginx.conf with plain HTTP on a loopback port."""
    site = NGINX_CONF.read_text()
    site = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", site, flags=re.S)
    site = re.sub(r"    listen \[::\]:443.*\n|    ssl_.*\n", "", site)
    site = re.sub(r"    listen 443.*\n", f"    listen 127.0.0.1:{port};\n", site)
    site = re.sub(r"(    server) 127\.0\.0\.1:8080(.*;\n)",
                  lambda line: "".join(f"{line[1]} 127.0.0.1:{upstream}{line[2]}" for upstream in upstreams), site)
    site = site.replace("/var/log/nginx", str(folder))
    return (f"daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\nevents {{ worker_connections 1024; }}\n"
            f"http {{\n{site}\n}}\n")


def start_nginx(env: Environment, upstreams: list[int]) -> str:
    """Returns the URL of the proxy."""
    port, configuration = free_port(), env.folder / "nginx.conf"
    configuration.write_text(nginx_configuration(env.folder, port, upstreams))
    env.run_command(["nginx", "-c", str(configuration), "-e", str(env.folder / "error.log")], "nginx.log")
    return f"http://127.0.0.1:{port}"


async def run(env: Environment, outcome: Outcome, portals: int, behind_nginx: bool) -> None:
    cluster = await env.postgres()
    running = [await env.portal(cluster.url) for _ in range(portals)]
    base = start_nginx(env, [portal.port for portal in running]) if behind_nginx else running[0].url
    await asyncio.sleep(0.5)
    log, ends = ReportLog(), []
    async with PageProbe(base, PAGES, interval=0.02) as probe, Customers([base], log) as customers:
        for _ in range(env.count(5)):
            for portal in running:
                await asyncio.sleep(1)
                ends.append(await portal.stop())
                await portal.start_and_wait()
        await customers.finish()
    pages = probe.total()
    if portals > 1:
        outcome.check(set(pages) == {"200"}, f"pages during the restarts: {pages}")
        outcome.check(set(log.answers) == {"303"}, f"reports during the restarts: {log.answers}")
    else:
        # nobody answers for a moment; an answer of the portal itself must not be an error
        outcome.check("500" not in pages and "503" not in pages, f"pages during the restarts: {pages}")
        outcome.check("500" not in log.answers, f"reports during the restarts: {log.answers}")
    outcome.record(restarts=len(ends), stop_s={"max": max(ends)}, pages=pages)
    await verify(outcome, cluster.url, running[0].url, log)
    for portal in running:
        await portal.stop()


ROUNDS = [
    Round("restart-direct", "the portal is restarted under load", partial(run, portals=1, behind_nginx=False)),
    Round("restart-nginx-one", "the portal is restarted behind nginx", partial(run, portals=1, behind_nginx=True)),
    Round("restart-nginx-two", "two portals behind nginx are restarted one after the other",
          partial(run, portals=2, behind_nginx=True)),
]
