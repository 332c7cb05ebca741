"""A model in rounds over any series of runs, people joining in between."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.matching.rounds import next_round, round_due, round_of
from mentorkit.core.matching.waiting import why_waiting
from mentorkit.core.planning.deciding import PlanResult, make_plan
from mentorkit.core.program import ModelUse, Program, Series, Use
from mentorkit.core.roster import Roster
from mentorkit.core.variants import rounds_of
from mentorkit.core.zones import day_end, to_utc
from mentorkit.plugin_loading import build_catalogue, with_plugin_files
from mentorkit.testing import a_person, a_program, a_roster

PLUGIN = Path(__file__).parents[2] / "contracts" / "coffee_plugin.py"
STARTS, ENDS = date(2027, 1, 11), date(2027, 4, 11)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return with_plugin_files(build_catalogue(), [(PLUGIN, "coffee_plugin.py")])


def a_coffee(catalogue: Catalogue, days: int = 14, pause: int = 0) -> Program:
    offer = catalogue.models["coffee"]
    assert offer.implementation.options is not None
    options = offer.implementation.options(days, pause)
    rounds = rounds_of(offer, options, STARTS, ENDS)
    program = a_program(starts=STARTS, ends=ENDS, series=(Series("sessions", 1, ()),), timeline=())
    use = ModelUse(Use("coffee", options), roles=offer.implementation.roles, rounds=rounds)
    return evolve(program, model=use, matching=evolve(program.matching, matcher=Use("rotation")))


def done(result: PlanResult) -> History:
    """Return the history once everything of a plan is done."""
    plan, history = result.plan, result.history
    made = plan.matching.relationships if plan.matching else ()
    return evolve(
        history,
        numbers={**history.numbers, **{one.id: one.number for one in plan.newcomers}},
        occasions={**history.occasions, **dict.fromkeys(plan.occasions, plan.at)},
        series={**history.series, **plan.series},
        relationships=(*history.relationships, *(KnownRelationship(one, "published", plan.at) for one in made)),
        sessions=(*history.sessions, *(KnownSession(one) for one in plan.schedule.sessions)),
    )


def people(count: int) -> Roster:
    return a_roster(*(a_person(f"p{number}", "guest") for number in range(count)))


@settings(max_examples=12, deadline=None)
@given(
    steps=st.lists(st.tuples(st.integers(1, 20), st.sampled_from((0, 0, 1, 2))), min_size=2, max_size=7),
    first=st.sampled_from((4, 7, 8, 12)),
    pause=st.integers(0, 3),
)
def test_nobody_is_in_two_at_once_or_meets_again_before_it_is_forced(
    catalogue: Catalogue, steps: list[tuple[int, int]], first: int, pause: int
) -> None:
    program, history, day, count = a_coffee(catalogue, 14, pause), History(), STARTS, first
    for days, joining in steps:
        roster = people(count)
        at = to_utc(datetime.combine(day, time(10)), program.timezone)
        due = round_due(program, history, day)
        result = make_plan(program, roster, catalogue, history, at)
        assert ((due.key,) if due else ()) == result.plan.occasions
        history = done(result)
        running = Counter(person for known in history.published for person in known.relationship.people())
        assert {1} >= set(running.values())
        assert not due or set(running) == {one.id for one in roster.people}
        ends = [day_end(known.relationship.until or ENDS, program.timezone) for known in history.published]
        assert all(at < end for end in ends)
        _nobody_meets_again_unforced(history, first)
        day, count = day + timedelta(days=days), count + joining
    last = {known.relationship.id: known.relationship.until for known in history.relationships}
    days_of_sessions = [(last[one.session.relationship], one.session.local.date()) for one in history.sessions]
    assert all(until and day <= until for until, day in days_of_sessions)


def _nobody_meets_again_unforced(history: History, count: int) -> None:
    """Check that as long as there have been fewer rounds than others to meet, no pair met twice, but in trios."""
    rounds = {known.relationship.occasion for known in history.relationships}
    groups = [known.relationship.people() for known in history.relationships]
    met = Counter(pair for group in groups for pair in combinations(sorted(group), 2))
    if len(rounds) < count // 2 and all(len(group) == 2 for group in groups):
        assert {1} >= set(met.values())


def test_between_rounds_only_those_wait_who_were_in_none(catalogue: Catalogue) -> None:
    program = a_coffee(catalogue, 10, 4)
    at = to_utc(datetime.combine(STARTS, time(10)), program.timezone)
    history = done(make_plan(program, people(6), catalogue, History(), at))
    later = done(make_plan(program, people(8), catalogue, history, at + timedelta(days=11)))
    assert (6, 3) == (len(later.placed), sum(known.completed for known in later.relationships))
    found = why_waiting(program, program.model.roles, people(8), catalogue, later, STARTS + timedelta(days=11))
    assert {"p6", "p7"} == {one.person for one in found}


def test_a_ledger_in_the_place_of_a_lost_one_takes_the_round_that_goes_on_for_announced(catalogue: Catalogue) -> None:
    at = to_utc(datetime.combine(STARTS + timedelta(days=30), time(10)), "Europe/London")
    plan = make_plan(a_coffee(catalogue), people(4), catalogue, History(assume_sent_until=at), at).plan
    begins = to_utc(datetime.combine(STARTS + timedelta(days=28), time()), "Europe/London")
    assert (("round-3",), begins) == (plan.occasions, plan.published)


def test_who_leaves_within_the_program_is_still_matched_for_rounds_before_that(catalogue: Catalogue) -> None:
    leaver = evolve(a_person("p9", "guest"), values={"left_on": STARTS + timedelta(days=18)})
    roster = a_roster(*people(3).people, leaver)
    rounds = []
    for days in (0, 14):
        at = to_utc(datetime.combine(STARTS + timedelta(days=days), time(10)), "Europe/London")
        matching = make_plan(a_coffee(catalogue), roster, catalogue, History(), at).plan.matching
        assert matching is not None
        rounds.append("p9" in {person for one in matching.relationships for person in one.people()})
    assert [True, False] == rounds


def test_the_first_round_comes_at_once_and_only_the_one_that_goes_on_later(catalogue: Catalogue) -> None:
    program = a_coffee(catalogue, 10, 4)
    nothing, begun = History(), History(occasions={"round-1": to_utc(datetime.combine(STARTS, time()), "UTC")})
    keys = [one.key for one in program.model.rounds]
    assert [f"round-{number}" for number in range(1, 8)][: len(keys)] == keys

    def due(history: History, days: int) -> str | None:
        found = round_due(program, history, STARTS + timedelta(days=days))
        return found.key if found else None

    assert ["round-1", "round-1", "round-1", None, "round-2"] == [due(nothing, days) for days in (-9, 0, 9, 10, 14)]
    assert [None, None, "round-2", None, "round-3"] == [due(begun, days) for days in (-9, 0, 14, 24, 28)]
    following = [next_round(program, begun, STARTS + timedelta(days=days)) for days in (0, 13, 14)]
    assert ["round-2", "round-2", "round-3"] == [one.key for one in following if one]
    assert None is next_round(program, nothing, STARTS)
    assert None is next_round(program, begun, ENDS)
    assert "round-4" == getattr(round_of(program, "round-4", STARTS), "key", None)
