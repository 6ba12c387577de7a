"""What a round found: its checks and its figures."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Awaitable, Callable

from environment import Environment


@dataclass
class Outcome:
    failures: list[str] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)
    acknowledged: int = 0  # reports whose sender was told that they have arrived
    acknowledged_late: int = 0  # of these, the ones that had to be sent again
    skipped: str = ""

    def check(self, condition: object, failure: str) -> None:
        """Adds the failure when the condition does not hold."""
        if not condition:
            self.failures.append(failure)

    def record(self, **figures: object) -> None:
        self.figures |= figures

    @property
    def ok(self) -> bool:
        return not self.failures

    @property
    def label(self) -> str:
        if self.failures:
            return "FAILED"
        return "skipped" if self.skipped else "ok"


@dataclass(frozen=True)
class Round:
    name: str
    fault: str
    run: Callable[[Environment, Outcome], Awaitable[None]]
    needs_root: bool = False
