"""How much a matching may take and how far it is: limits, progress on a terminal, Ctrl-C, and what the time went to.

The core reads no clock; what it is handed here does.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from attrs import define, field

from mentorkit.core.matching.solving import PARTS
from mentorkit.core.problems import Effort
from mentorkit.running.stopping import Stop

QUIET = 1.0
"""Seconds for which nobody needs to be told that something is being done."""

_BETWEEN = 0.2
"""Seconds between two lines of progress."""


@define
class Spending:
    """What is allowed, and what has been spent so far.

    Attributes:
        seconds: for one matching; None: as long as it takes.
        megabytes: what a matcher should stay below; None: it need not care.
        write: where the line of progress goes; None: nowhere.
        stop: whether somebody has asked to stop.
        clock: seconds from some moment on.
        spent: seconds by part (`posing`, `solving`, `certifying`), in the order in which they were first begun.
    """

    seconds: float | None = None
    megabytes: int | None = None
    write: Callable[[str], object] | None = None
    stop: Stop = field(factory=Stop)
    clock: Callable[[], float] = time.monotonic
    spent: dict[str, float] = field(factory=dict)
    _part: str = ""
    _since: float = 0.0
    _began: float = 0.0
    _told: float = 0.0
    _wide: int = 0

    def effort(self) -> Effort:
        """Return what to hand to a matching that begins now."""
        self._began = self._since = self._told = self.clock()
        until = None if self.seconds is None else self._began + self.seconds

        def over() -> bool:
            return self.stop.asked or (until is not None and self.clock() >= until)

        return Effort(over, self.megabytes, self.tell)

    def tell(self, what: str, share: float) -> None:
        """Take note of what is being done and which share of it is done; a part is over when the next one begins."""
        now = self.clock()
        if what in PARTS:
            self._switch(what if share < 1 else "", now)
        if self.write is None:
            return
        if what == PARTS[-1] and share >= 1:
            self._show("")
        elif now - self._began >= QUIET and now - self._told >= _BETWEEN:
            self._told = now
            self._show(f"{what}: {f'{share:.0%}'.replace('%', ' %')}, {now - self._began:.0f} s")

    def _switch(self, part: str, now: float) -> None:
        if self._part:
            self.spent[self._part] = self.spent.get(self._part, 0.0) + now - self._since
        self._part, self._since = part, now

    def _show(self, line: str) -> None:
        """Write over the line before; an empty one leaves nothing behind."""
        if self.write is not None and (line or self._wide):
            self.write(f"\r{line:<{self._wide}}" + ("" if line else "\r"))
        self._wide = len(line)


def on_terminal(text: str) -> None:
    """Write a piece of a line to standard error at once."""
    sys.stderr.write(text)
    sys.stderr.flush()


def spending(seconds: float | None, megabytes: int | None, *, quiet: bool, stop: Stop | None = None) -> Spending:
    """Return limits with a line of progress on a terminal; `quiet`: without."""
    write = None if quiet or not sys.stderr.isatty() else on_terminal
    return Spending(seconds, megabytes, write, stop or Stop())
