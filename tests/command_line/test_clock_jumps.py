"""A clock that jumps, for one run, for good or while a run goes on: what was sent is never sent again.

Too far ahead, a run stops and asks before it gives up what it takes to be long past.
"""

from datetime import timedelta
from itertools import cycle

import pytest

from mentorkit import clock
from mentorkit.testing import a_moment

NOON = a_moment("2027-01-11T12:00:00+00:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEAR = 365 * DAY
LATER = NOON + 7 * DAY
AT_NOON, IN_ALL = 6, 13
"""How many messages go out at noon, and until a week later, by a clock that is right and runs at each."""


@pytest.fixture
def run_at(mentorkit, monkeypatch):
    """Return a function that runs the program by a clock, or by one that goes on so with each look."""

    def run(moment, *steps):
        looks = cycle(moment + step for step in steps or (timedelta(),))
        monkeypatch.setattr(clock, "now", lambda: next(looks))
        ran = mentorkit("run", "pilot.toml", "--json")
        return ran.code, [one["key"] for one in ran.document["sent"]] if ran.code == 0 else []

    return run


def sent_once(runs):
    """Return the number of all that was sent, each once."""
    keys = [key for _, sent in runs for key in sent]
    assert sorted(set(keys)) == sorted(keys)
    return len(keys)


@pytest.mark.parametrize("jump", [HOUR, DAY, -HOUR, -DAY], ids=str)
def test_a_clock_that_is_wrong_for_one_run_changes_nothing_of_what_goes_out(run_at, jump):
    runs = [run_at(NOON), run_at(NOON + jump), run_at(NOON + DAY), run_at(LATER)]
    assert (AT_NOON, IN_ALL) == (len(runs[0][1]), sent_once(runs))


@pytest.mark.parametrize("jump", [HOUR, DAY, -HOUR, -DAY], ids=str)
def test_a_clock_that_is_wrong_from_now_on_sends_nothing_again(run_at, jump):
    runs = [run_at(NOON), run_at(NOON + jump), run_at(LATER + jump)]
    assert AT_NOON < sent_once(runs)
    assert [0, 0, 0] == [code for code, _ in runs]


def test_a_clock_a_year_ahead_gives_nothing_up_unasked(run_at):
    runs = [run_at(NOON), run_at(NOON + YEAR), run_at(NOON + DAY), run_at(LATER)]
    assert [0, 4, 0, 0] == [code for code, _ in runs]
    assert IN_ALL == sent_once(runs)


def test_what_a_year_would_give_up_is_said_and_goes_on_by_consent(mentorkit, monkeypatch):
    mentorkit("run", "pilot.toml", "--at", "2027-01-11T12:00:00Z")
    monkeypatch.setattr(clock, "now", lambda: NOON + YEAR)
    stopped = [one["kind"] for one in mentorkit("status", "pilot.toml", "--json").document["needs"]]
    assert "stopped" in stopped
    asked = mentorkit("run", "pilot.toml")
    told = " ".join(asked.err.split())
    assert 4 == asked.code
    assert "messages would be given up as too late" in told
    assert "delivery.max_catch_up is 30 days" in told
    assert "--catch-up" in told
    assert 0 == mentorkit("run", "pilot.toml", "--catch-up").code


def test_who_names_a_moment_far_ahead_is_not_asked_whether_the_clock_is_right(mentorkit):
    mentorkit("run", "pilot.toml", "--at", "2027-01-11T12:00:00Z")
    ahead = "--at", "2028-01-11T12:00:00Z"
    assert "stopped" not in [
        one["kind"] for one in mentorkit("status", "pilot.toml", "--json", *ahead).document["needs"]
    ]
    done = mentorkit("run", "pilot.toml", "--json", *ahead)
    assert (0, True) == (done.code, bool(done.document["expired"]))


@pytest.mark.parametrize("steps", [(timedelta(), 2 * HOUR), (timedelta(), -2 * HOUR)], ids=["ahead", "back"])
def test_a_clock_that_jumps_while_a_run_goes_on_changes_nothing_of_what_goes_out(run_at, steps):
    runs = [run_at(moment, *steps) for moment in (NOON, NOON + DAY, LATER)]
    assert IN_ALL == sent_once(runs)
