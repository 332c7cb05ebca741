"""The process that the user started waits here for the child that does the command's work.

The child has terminal, standard input and signals as if it were alone: both are in one process group, so that Ctrl-C
and Ctrl-Z reach it from the terminal; a signal that was sent to this process alone is passed on. It says on the page
when it has ended; a child that ends without that word was ended by a plugin, by somebody, or by the system.
"""

from __future__ import annotations

import io
import os
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from mentorkit.supervising.dying_with import die_with
from mentorkit.supervising.page import PAGE
from mentorkit.supervising.telling import behind_our_back, no_child, too_long

PASSED_ON = (signal.SIGINT, signal.SIGTERM)
LEFT_TO_THEIR_EFFECT = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGPIPE)
"""Signals by which somebody ends a command: this process ends by the same one."""
INTERRUPTED, BUG = 130, 3
"""Exit codes of a child in which nobody is left who could tell more."""
_SAME_TIME = 0.1
"""Seconds within which a signal that was sent to both reaches both."""
_ENOUGH = 3
"""Times that somebody asks before a child that does not hear them is killed: it hears only between steps of Python."""
_GLANCE = 1.0
"""Seconds between two looks at how long a call lasts, at most."""


def supervise(work: Callable[[], int]) -> int:
    """Do a command's work in a child process and return its exit code.

    Raises:
        PluginError: a plugin has ended the child, or kept it longer than it may.
        RunError: something else has ended it, or there can be none.
        KeyboardInterrupt: somebody has asked for its end so often that it was killed.
    """
    PAGE.clear()
    heard, hearing = os.pipe()
    _flush()
    parent = os.getpid()
    signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)  # until both are ready for them
    try:
        child = os.fork()
    except OSError as problem:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
        raise no_child(problem) from problem
    if not child:
        os.close(heard)
        _be_the_child(work, hearing, parent)
    os.close(hearing)
    try:
        with _woken_by(signal.SIGCHLD, *PASSED_ON) as woken:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
            status = _Watch(child, woken, heard).until_it_ends()
    finally:
        os.close(heard)
        _end_copies()
    if PAGE.ended is not None:
        return PAGE.ended
    code = os.waitstatus_to_exitcode(status)
    if -code in LEFT_TO_THEIR_EFFECT:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    raise behind_our_back(code)


class _Watch:
    """What is known of a child while it works.

    Attributes:
        woken: readable when a signal has reached this process: a byte for each, its number.
        heard: the same of the child.
    """

    def __init__(self, child: int, woken: int, heard: int) -> None:
        self.child, self.woken, self.heard = child, woken, heard
        self.listened_to = [woken, heard]
        self.ours: Counter[int] = Counter()
        self.theirs: Counter[int] = Counter()
        self.passed: Counter[int] = Counter()
        self.call, self.lasted, self.looked = 0, 0.0, time.monotonic()

    def until_it_ends(self) -> int:
        """Return how the child has ended, as `os.waitpid` says it.

        Raises:
            PluginError: it was ended, since a plugin did not come back.
        KeyboardInterrupt: it was ended, since it did not hear who asked for it.
        """
        while True:
            self._wait(_SAME_TIME if self._not_passed() else min(_GLANCE, PAGE.limit / 4))
            ended, status = os.waitpid(self.child, os.WNOHANG)
            if ended:
                return status
            if max(self.ours.values(), default=0) >= _ENOUGH:
                self._kill()
                raise KeyboardInterrupt
            self._look_at_the_call()

    def _wait(self, seconds: float) -> None:
        before = self._not_passed()
        ready, _, _ = select.select(self.listened_to, [], [], seconds)
        if self.woken in ready:
            self.ours.update(one for one in os.read(self.woken, 512) if one in PASSED_ON)
        if self.heard in ready:
            told = os.read(self.heard, 512)
            self.theirs.update(told)
            if not told:  # it has closed its end: it is about to end, or a plugin has
                self.listened_to = [self.woken]
        if not ready:
            for one in before:
                self.passed[one] += 1
                os.kill(self.child, one)

    def _not_passed(self) -> list[int]:
        """Return the signals that have reached this process more often than the child."""
        return [one for one, times in self.ours.items() if times > max(self.passed[one], self.theirs[one])]

    def _look_at_the_call(self) -> None:
        """Count how long the call lasts, without the time for which this process did not run: Ctrl-Z, a lid closed."""
        now = time.monotonic()
        passed, self.looked = min(now - self.looked, 2 * _GLANCE), now
        call = PAGE.call
        self.lasted = self.lasted + passed if call == self.call and call % 2 else 0.0
        self.call = call
        if self.lasted > PAGE.limit:
            problem = too_long(PAGE.limit)
            self._kill()
            raise problem

    def _kill(self) -> None:
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)


def _be_the_child(work: Callable[[], int], hearing: int, parent: int) -> NoReturn:
    """Do the work and end; threads that a plugin has started are not waited for."""
    die_with(parent)
    os.set_blocking(hearing, False)
    signal.set_wakeup_fd(hearing, warn_on_full_buffer=False)
    _print_apart()
    os.register_at_fork(after_in_child=_hear_nothing)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
    try:
        code = work()
        _flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BaseException:  # nothing may get past here: it would go on as the process that waits
        traceback.print_exc()
        code = BUG
    PAGE.end(code)
    os._exit(code)


def _hear_nothing() -> None:
    """Keep the signals of a copy for itself."""
    with suppress(ValueError):
        signal.set_wakeup_fd(-1)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # the last: where the stream was closed from the beginning
            stream.flush()


def _print_apart() -> None:
    """Keep standard output for the command: what a plugin's own child writes there, for one, goes to the errors."""
    before = sys.stdout
    if before is None or sys.stderr is None:
        return
    apart = os.dup(1)
    os.dup2(2, 1)
    out = open(apart, "w", encoding=before.encoding, errors=before.errors, closefd=False)  # noqa: SIM115
    if isinstance(before, io.TextIOWrapper):
        out.reconfigure(line_buffering=before.line_buffering, write_through=before.write_through)
    sys.stdout = sys.__stdout__ = out  # type: ignore[misc]


@contextmanager
def _woken_by(*signals: signal.Signals) -> Iterator[int]:
    """Give what can be read when one of these signals comes; those that are ignored stay so."""
    woken, waking = os.pipe()
    os.set_blocking(waking, False)
    known = {one: signal.getsignal(one) for one in signals}
    before = signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    for one, handler in known.items():
        if handler is not signal.SIG_IGN or one is signal.SIGCHLD:
            signal.signal(one, lambda _number, _frame: None)
    try:
        yield woken
    finally:
        signal.set_wakeup_fd(before)
        for one, handler in known.items():
            signal.signal(one, handler)
        os.close(woken)
        os.close(waking)


def _end_copies() -> None:
    """End the copies that plugins have made of the child and left behind; they are in this process's group, or gone."""
    for pid in filter(None, PAGE.copies()):
        with suppress(OSError):
            if os.getpgid(pid) == os.getpgrp():
                os.kill(pid, signal.SIGKILL)
