"""Ending when asked to: the first signal lets the deed in hand be finished, the second ends at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from attrs import define

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@define
class Stop:
    """Whether somebody has asked to stop.

    Attributes:
        on_asked: called when somebody first does, from within the signal handler.
        around: what the block around this one looks at; who asks one asks both.
    """

    asked: bool = False
    on_asked: Callable[[], object] = lambda: None
    around: Stop | None = None

    def ask(self, number: int, _frame: FrameType | None) -> None:
        """Take a signal.

        Raises:
            KeyboardInterrupt: it is not the first.
        """
        if self.asked:
            raise KeyboardInterrupt(signal.Signals(number).name)
        self.asked = True
        if self.around is not None:
            self.around.asked = True
        self.on_asked()


@contextmanager
def stop_when_asked(on_asked: Callable[[], object] = lambda: None) -> Iterator[Stop]:
    """Give what tells whether to stop, as long as the block lasts.

    Python hands signals to the main thread only; elsewhere nothing is ever asked. An ignored signal stays ignored. A
    block within another one knows what that was asked, and passes on what it is asked itself.
    """
    if threading.current_thread() is not threading.main_thread():
        yield Stop(on_asked=on_asked)
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    around = getattr(before[signal.SIGTERM], "__self__", None)
    around = around if isinstance(around, Stop) else None
    stop = Stop(asked=around is not None and around.asked, on_asked=on_asked, around=around)
    heard = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in heard:
        signal.signal(number, stop.ask)
    try:
        yield stop
    finally:
        for number in heard:
            signal.signal(number, before[number])
