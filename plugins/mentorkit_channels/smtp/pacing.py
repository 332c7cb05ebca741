"""How fast mail goes: evenly, so that a run that starts again right after another goes no faster."""

from __future__ import annotations

import time
from collections.abc import Callable

from attrs import define, field


@define
class Pace:
    """Keeps messages apart.

    Attributes:
        per_minute: the most messages in a minute; None: no limit.
        clock: seconds, going only forward.
        sleep: waits so many seconds.
    """

    per_minute: float | None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    _next: float | None = field(default=None, init=False)

    def wait(self) -> None:
        """Wait until the next message may go."""
        if self.per_minute is None:
            return
        now = self.clock()
        if self._next is not None and self._next > now:
            self.sleep(self._next - now)
            now = self._next
        self._next = now + 60 / self.per_minute
