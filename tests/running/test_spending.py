"""Limits, progress and timings by a clock that the test moves."""

from __future__ import annotations

from mentorkit.running.spending import Spending


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_time_is_up_when_it_is_up_and_begins_again_with_each_matching() -> None:
    clock = Clock()
    spent = Spending(seconds=2.0, clock=clock)
    first = spent.effort()
    assert not first.over()
    clock.now += 2
    assert first.over()
    assert not spent.effort().over()


def test_without_a_limit_only_a_signal_ends_it() -> None:
    clock = Clock()
    spent = Spending(clock=clock)
    effort = spent.effort()
    clock.now += 1e9
    assert not effort.over()
    spent.stop.asked = True
    assert effort.over()


def test_time_is_counted_by_part_over_all_occasions() -> None:
    clock = Clock()
    spent = Spending(clock=clock)
    tell = spent.effort().tell
    for what, share, seconds in (
        ("posing", 0.0, 1.0),
        ("solving", 0.0, 2.0),
        ("prices", 0.5, 3.0),
        ("certifying", 0.0, 4.0),
        ("solving", 0.0, 10.0),
        ("certifying", 0.0, 20.0),
        ("certifying", 1.0, 50.0),
    ):
        tell(what, share)
        clock.now += seconds
    assert {"posing": 1.0, "solving": 15.0, "certifying": 24.0} == spent.spent


def test_progress_is_one_line_that_is_written_over_and_leaves_nothing() -> None:
    clock = Clock()
    written: list[str] = []
    tell = Spending(write=written.append, clock=clock).effort().tell
    tell("solving", 0.0)
    clock.now += 0.9
    tell("solving", 0.2)
    assert [] == written
    clock.now += 11.3
    tell("solving", 0.43)
    tell("solving", 0.44)
    clock.now += 1
    tell("solving", 1.0)
    tell("certifying", 1.0)
    assert ["\rsolving: 43 %, 12 s", "\rsolving: 100 %, 13 s", "\r" + 21 * " " + "\r"] == [
        written[0],
        written[1],
        written[2].replace(20 * " ", 21 * " "),
    ]


def test_what_is_short_writes_nothing() -> None:
    written: list[str] = []
    tell = Spending(write=written.append, clock=Clock()).effort().tell
    tell("solving", 0.0)
    tell("certifying", 1.0)
    assert [] == written
