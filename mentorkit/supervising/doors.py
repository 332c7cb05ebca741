"""Doors to the plugins that are not ours: every call goes through one, and comes back through the same.

A door notes on the page who is called, sends to standard error what they print, and lets only the process come back
that went in: a copy that a plugin forked is ended as soon as it has left the plugin's code, before it touches a file,
the ledger or the output.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, TextIO

from mentorkit.supervising.page import INNER, LOADED, OUTER, PAGE, RETURNED
from mentorkit.supervising.telling import COPIED

if TYPE_CHECKING:
    from types import TracebackType

    from mentorkit.core.catalogue import Origin

CAME_BACK = 70
"""Exit code of a copy that comes back."""
_MOMENT = 0.5
"""Seconds to wait for a copy that is still running, in case it comes back at once."""

_entered: list[str] = []
_output: list[TextIO] = []
_entering = threading.Lock()


def door_of(origin: Origin) -> Callable[[str], AbstractContextManager[object]]:
    """Return the door to a plugin: from what it is asked to do to the context in which it is called."""
    told = str(origin)

    def door(what: str) -> _Door:
        _note_loaded(told)
        _watch_forks()
        return _Door(f"{what} of the plugin {told}")

    return door


def limit_calls(seconds: float) -> None:
    """Let each call of a plugin last so long."""
    PAGE.limit = seconds


def allow_calls(seconds: float) -> None:
    """Let each call of a plugin last so long, also where the program says less."""
    PAGE.allow(seconds)


class _Door:
    """The context of one call.

    Raises, when it is left:
        PluginError: a copy of this process has come back from what it was asked, now or earlier. What comes back
            later than the last call is told when all is done.
    """

    def __init__(self, told: str) -> None:
        self.told = told

    def __enter__(self) -> None:
        self.pid, self.forks = os.getpid(), PAGE.forks
        with _entering:
            if not _entered:
                PAGE.write(OUTER, self.told)
                PAGE.call += 1
                _output.append(sys.stdout)
                sys.stdout = sys.stderr
            _entered.append(self.told)
            PAGE.write(INNER, self.told)

    def __exit__(self, kind: type[BaseException] | None, problem: Any, trace: TracebackType | None) -> None:
        if os.getpid() != self.pid:
            PAGE.write(RETURNED, self.told)
            os._exit(CAME_BACK)
        if PAGE.forks > self.forks:
            _wait_for_copies(self.forks)
        with _entering:
            _entered.pop()
            if _entered:
                PAGE.write(INNER, _entered[-1])
            else:
                PAGE.call += 1
                sys.stdout = _output.pop()
        if kind is None and PAGE.text(RETURNED) == self.told:
            _refuse_copy(self.told)


def _refuse_copy(who: str) -> None:
    from mentorkit.core.errors import PluginError

    PAGE.write(RETURNED, "")
    raise PluginError(f"{who} {COPIED}; the copy was ended at once, and what the plugin returned is not used")


def _wait_for_copies(since: int) -> None:
    """Give copies that are running a moment to come back or to end."""
    until = time.monotonic() + _MOMENT
    while any(map(_is_running, PAGE.copies(since))) and not PAGE.text(RETURNED) and time.monotonic() < until:
        time.sleep(0.005)


def _is_running(pid: int) -> bool:
    if not pid:
        return True
    if not hasattr(os, "waitid"):  # macOS before Python 3.13
        return False
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    except ChildProcessError:
        return False


def _note_loaded(told: str) -> None:
    known = PAGE.text(LOADED)
    if told not in known:
        PAGE.write(LOADED, f"{known}, {told}" if known else told)


_watching: list[bool] = []


def _watch_forks() -> None:
    """Note every copy that this process makes of itself from now on."""
    if not _watching:
        _watching.append(True)
        os.register_at_fork(before=PAGE.begin_fork, after_in_child=lambda: PAGE.note_fork(os.getpid()))
