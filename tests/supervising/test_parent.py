"""How a supervised command ends, whatever becomes of the child that does its work."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from mentorkit.core.errors import RunError
from mentorkit.supervising.parent import supervise


def raising(problem: BaseException) -> Callable[[], int]:
    def work() -> int:
        raise problem

    return work


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (lambda: 0, 0),
        (lambda: 4, 4),
        (raising(KeyboardInterrupt()), 130),
        (raising(MemoryError()), 3),
        (raising(SystemExit(0)), 3),
    ],
)
def test_the_code_is_that_of_the_work_and_nothing_gets_past_it(work: Callable[[], int], code: int) -> None:
    here = os.getpid()
    assert code == supervise(work)
    assert here == os.getpid()


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (lambda: os._exit(0), "ended the process behind mentorkit's back, with exit code 0"),
        (
            lambda: os.kill(os.getpid(), signal.SIGKILL) or 0,
            r"was killed \(signal 9\): by .* memory ran out",
        ),
    ],
)
def test_a_child_that_ends_without_a_word_is_never_taken_for_done(work: Callable[[], int], told: str) -> None:
    with pytest.raises(RunError, match=f"this process {told}; nothing was sent after this"):
        supervise(work)


def test_signals_and_handlers_are_as_before() -> None:
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)}
    assert 0 == supervise(lambda: 0)
    assert before == {one: signal.getsignal(one) for one in before}
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, []) & {signal.SIGINT, signal.SIGTERM}
