#!/usr/bin/env python3
"""Runs the rounds of the fault campaign, all of them or those whose names are given."""
from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time

from environment import FOLDER, Environment
from outcome import Outcome, Round
from processes import is_root
from rounds import ALL

ROUND_TIMEOUT = 300


def select(names: list[str]) -> list[Round]:
    """A name selects its round, or all rounds that begin with it and a dash."""
    selected = []
    for name in names:
        found = [one for one in ALL if one.name == name] or [one for one in ALL if one.name.startswith(f"{name}-")]
        if not found:
            sys.exit(f"there is no round {name!r}; --list shows all")
        selected += found
    return selected or ALL


async def run_round(one: Round, scale: float) -> Outcome:
    outcome = Outcome()
    if one.needs_root and not is_root():
        outcome.skipped = "needs root"
        return outcome
    try:
        async with asyncio.timeout(ROUND_TIMEOUT * max(1.0, scale)), Environment(one.name, scale) as env:
            await one.run(env, outcome)
    except Exception as error:
        outcome.check(False, f"{type(error).__name__}: {error}")
    return outcome


def shorten(value: object) -> object:
    if isinstance(value, float):
        return round(value, 2)
    if isinstance(value, dict):
        return {key: shorten(part) for key, part in value.items()}
    return value


def figures_text(figures: dict[str, object]) -> str:
    """`kills 12, ready again s (median 0.4, max 0.9)`"""
    parts = []
    for name, value in figures.items():
        label = name.replace("_", " ")
        parts.append(f"{label} ({figures_text(value)})" if isinstance(value, dict) else f"{label} {value}")
    return ", ".join(parts)


def print_outcome(one: Round, outcome: Outcome, seconds: float) -> None:
    reports = f"{outcome.acknowledged} reports, {outcome.acknowledged_late} of them sent again"
    details = outcome.skipped or ", ".join(filter(None, [reports, figures_text(outcome.figures)]))
    print(f"{outcome.label:8}{one.name} in {seconds:.0f} s: {details}", flush=True)
    for failure in outcome.failures:
        print(f"        - {failure}", flush=True)


def table(results: list[tuple[Round, Outcome]]) -> str:
    lines = ["| Round | Fault | Result | Reports | Sent again | Figures |", "|---|---|---|---:|---:|---|"]
    for one, outcome in results:
        figures = outcome.skipped or figures_text(outcome.figures)
        lines.append(f"| `{one.name}` | {one.fault} | {outcome.label} | {outcome.acknowledged} | {outcome.acknowledged_late} | "
                     f"{figures} |")
    return "\n".join(lines) + "\n"


async def run_all(rounds: list[Round], scale: float) -> list[tuple[Round, Outcome]]:
    # SIGTERM ends like Ctrl-C: what was started is ended
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    FOLDER.mkdir(parents=True, exist_ok=True)
    results = []
    with open(FOLDER / "results.jsonl", "w") as log:
        for one in rounds:
            started = time.monotonic()
            outcome = await run_round(one, scale)
            outcome.figures = shorten(outcome.figures)
            print_outcome(one, outcome, time.monotonic() - started)
            log.write(json.dumps({"round": one.name, "result": outcome.label, "failures": outcome.failures,
                                  "acknowledged": outcome.acknowledged, "acknowledged_late": outcome.acknowledged_late,
                                  **outcome.figures}, ensure_ascii=False) + "\n")
            results.append((one, outcome))
    (FOLDER / "results.md").write_text(table(results))
    return results


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="*", metavar="ROUND", help="name of a round, or the beginning of several")
    parser.add_argument("--list", action="store_true", help="show the rounds and end")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the number of kills and restarts")
    arguments = parser.parse_args()
    if arguments.list:
        for one in ALL:
            print(f"{one.name:24}{one.fault}")
        return 0
    try:
        results = asyncio.run(run_all(select(arguments.rounds), arguments.scale))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130
    failed = [one.name for one, outcome in results if not outcome.ok]
    print(f"\nLogs and results are in {FOLDER}")
    if failed:
        print(f"Failed: {' '.join(failed)}")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
