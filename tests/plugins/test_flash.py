from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import cattrs
import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.command_line.boundary import run_command
from mentorkit.core.contracts import Asking, Past, Pool
from mentorkit.core.errors import ProgramError
from mentorkit.core.problems import FORBIDDEN, MatchingProblem
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit.testing import a_two_sided_problem, program_folder
from mentorkit_models.flash import Flash, FlashOptions
from mentorkit_models.flash.timetables import quarters

MODEL = Flash()
ON = datetime(2027, 2, 4, 14, 0)  # noqa: DTZ001 (local, as an author writes it)
EVENT = FlashOptions(form="event", starts=ON)
HOURS = FlashOptions(form="office-hours")

PROGRAM = """\
[program]
name = "Speed"
starts = 2027-02-01
length = "4 weeks"
timezone = "Europe/London"

[roster]
file = "people.csv"

[model]
use = "flash"
options = { %s }

[matching.criteria.topics]
kind = "overlap"
mentee = "wants"
mentor = "skills"

[matching.rules.outside-reporting-line]
"""
PEOPLE = """\
id,name,role,manager_id,timezone,wants,skills,office_hours
m1,Ada,mentor,,Europe/London,,sql;law,2027-02-03 14:00;2027-02-10 14:00
m2,Ben,mentor,,Europe/Oslo,,law,2027-02-03 15:00
m3,Cleo,mentor,,Europe/London,,art,
e1,Dev,mentee,m1,Europe/London,sql,,
e2,Eva,mentee,,Europe/London,sql,,
e3,Finn,mentee,,Europe/London,law,,
e4,Gia,mentee,,Europe/London,art,,
"""


def a_pool(problem: MatchingProblem, cells: Mapping[str, Mapping[str, Any]] | None = None, **known: Any) -> Pool:
    """Return the pool of a two-sided problem, in which people have some roster cells, by role and column."""
    seatings = {
        role: evolve(seating, values=lambda column, role=role, seating=seating: _cells(cells, role, column, seating))
        for role, seating in problem.seatings.items()
    }
    pool = Pool(
        seatings=seatings,
        pair_scores=lambda first, second: problem.pairs[first, second],
        required=lambda _first, _second: (),
        given=(),
        starts=date(2027, 2, 1),
        ends=date(2027, 3, 1),
        objective=problem.objective,
        seed=7,
        today=date(2027, 2, 1),
    )
    return evolve(pool, **known)


def _cells(cells: Mapping[str, Mapping[str, Any]] | None, role: str, column: str, seating: Any) -> tuple[Any, ...]:
    of = (cells or {}).get(role, {}).get(column)
    return tuple(of) if of else (None,) * len(seating.people)


def posed(options: FlashOptions, pool: Pool) -> MatchingProblem:
    (occasion,) = MODEL.occasions(options, pool)
    return occasion.problem


def a_pair(mentor: str, mentee: str, **known: Any) -> Relationship:
    return Relationship(f"r-{mentor}-{mentee}", (Member(mentor, "mentor"), Member(mentee, "mentee")), 1.0, **known)


def matched(folder: Path, capfd: pytest.CaptureFixture[str], options: str, people: str = PEOPLE) -> list[Any]:
    program_folder(folder, {"p.toml": PROGRAM % options, "people.csv": people})
    assert 0 == run_command(["match", str(folder / "p.toml"), "--json", "--at", "2027-02-01T10:00"])
    relationships: list[Any] = json.loads(capfd.readouterr().out)["relationships"]
    return relationships


# ------------------------------------------------------------------------------------------------------- options


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"form": "event"}, "needs its beginning"),
        ({"form": "event", "starts": ON.replace(minute=10)}, "quarter-hour"),
        ({"form": "event", "starts": ON.replace(tzinfo=UTC)}, "leave the offset out"),
        ({"form": "event", "starts": ON, "minutes": 20, "gap": 5}, "make 25"),
        ({"meetings": 2, "per_month": 1}, "less than the meetings"),
        ({"meetings": 3}, "meetings"),
    ],
)
def test_options_that_cannot_be_are_refused_with_the_reason(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        FlashOptions(**options)


def test_each_form_has_its_matcher_and_only_requests_are_asked_about() -> None:
    found = [MODEL.variant(one) for one in (FlashOptions(), HOURS, EVENT)]
    assert [("optimal", ""), ("slots", "slots"), ("slots", "slots")] == [(one.matcher, one.shape) for one in found]
    assert Asking(("mentor",), 5) == MODEL.asking(FlashOptions())
    assert [None, None, None] == [MODEL.asking(one) for one in (FlashOptions(ask=False), HOURS, EVENT)]
    assert [10, None, None] == [MODEL.request_days(one) for one in (FlashOptions(), HOURS, EVENT)]
    assert 3 == MODEL.request_days(cattrs.structure({"expiry_days": 3}, FlashOptions))


def test_the_rounds_of_an_event_begin_one_gap_apart() -> None:
    options = FlashOptions(form="event", starts=ON, rounds=3, minutes=12, gap=3)
    assert [ON, ON + timedelta(minutes=15), ON + timedelta(minutes=30)] == list(options.round_starts)


def test_a_table_goes_on_as_long_as_it_has_a_mentor_and_a_mentee() -> None:
    table = Relationship("r", (Member("m", "mentor"), Member("a", "mentee"), Member("b", "mentee")), 1.0)
    assert ["end", "continue", "continue"] == [MODEL.on_leaving(EVENT, table, one) for one in ("m", "a", "b")]
    assert {"end"} == {MODEL.on_leaving(EVENT, a_pair("m", "a"), one) for one in ("m", "a")}
    assert [("a", "m"), ("b", "m")] == [(x.person, y.person) for x, y in MODEL.counted_pairs(EVENT, table.members)]


# ---------------------------------------------------------------------------------------------------- on request


@pytest.mark.parametrize(("per_month", "meetings", "room"), [(1, 1, [0, 0, 1]), (2, 1, [0, 1, 2]), (4, 2, [0, 1, 2])])
def test_mentors_have_as_much_room_as_is_left_of_their_month(per_month: int, meetings: int, room: list[int]) -> None:
    problem = a_two_sided_problem(np.full((3, 3), 500), mentor_places=[2, 2, 2])
    mentors, mentees = (problem.seatings[role].people for role in ("mentor", "mentee"))
    this_month, before = date(2027, 2, 1), date(2027, 1, 31)
    past = (
        Past(a_pair(mentors[0], mentees[0]), this_month),
        Past(a_pair(mentors[1], mentees[1]), this_month, ended=date(2027, 2, 20)),
        Past(a_pair(mentors[2], mentees[2]), before),
    )
    asked = a_pair(mentors[0], mentees[2])
    given_ = (past[0].relationship, asked)
    pool = a_pool(problem, past=past, given=given_, today=date(2027, 2, 22))

    found = posed(FlashOptions(per_month=per_month, meetings=meetings), pool)

    assert room == found.seatings["mentor"].places.tolist()


def test_only_those_who_know_the_topic_are_asked_about_it() -> None:
    problem = a_two_sided_problem(np.full((4, 3), 300))
    tags = [frozenset(words) for words in (["sql"], ["law", "sql"], ["knitting"], [])]
    cells = {"mentee": {"wants": tags}, "mentor": {"skills": [frozenset({"sql"}), frozenset({"law"}), None]}}

    def allowed(options: FlashOptions, cells: Mapping[str, Mapping[str, Any]]) -> list[list[bool]]:
        scores = posed(options, a_pool(problem, cells)).pairs["mentee", "mentor"]
        found: list[list[bool]] = (scores.scores(np.arange(4), np.arange(3)) != FORBIDDEN).tolist()
        return found

    yes, no = True, False
    everybody = [[yes] * 3] * 4
    assert [[yes, no, no], [yes, yes, no], [no, no, no], [yes, yes, yes]] == allowed(FlashOptions(), cells)
    assert everybody == allowed(FlashOptions(topics="preferred"), cells)
    assert everybody == allowed(FlashOptions(), {"mentee": cells["mentee"]})


def test_meetings_take_place_within_some_weeks_of_the_match() -> None:
    pool = a_pool(a_two_sided_problem(np.full((1, 1), 1)))
    (soon,) = MODEL.occasions(FlashOptions(weeks=2), evolve(pool, today=date(2027, 2, 5)))
    (early,) = MODEL.occasions(FlashOptions(weeks=2), evolve(pool, today=date(2027, 1, 5)))
    assert [date(2027, 2, 19), date(2027, 2, 15)] == [soon.until, early.until]


# ---------------------------------------------------------------------------------------------------- at an event


def test_everybody_meets_somebody_new_in_each_round_and_nobody_their_manager(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = matched(tmp_path, capfd, 'form = "event", starts = 2027-02-04T14:00:00, rounds = 3')
    pairs = [(one["mentees"][0], one["mentors"][0]) for one in found]
    assert 9 == len(found) == len(set(pairs))
    assert ("e1", "m1") not in pairs
    for side in ("mentees", "mentors"):
        assert {1} == set(Counter((one[side][0], one["slot"]) for one in found).values())
    assert {f"2027-02-04T14:{minute:02}:00Z" for minute in (0, 30)} | {"2027-02-04T15:00:00Z"} == {
        one["at"] for one in found
    }
    assert {"2027-02-04"} == {one["until"] for one in found}


def test_tables_seat_several_and_whoever_comes_later_gets_the_rounds_that_are_left() -> None:
    problem = a_two_sided_problem(np.full((4, 2), 500))
    mentors, mentees = (problem.seatings[role].people for role in ("mentor", "mentee"))
    second = datetime(2027, 2, 4, 14, 30, tzinfo=UTC)
    pool = a_pool(problem, given=(a_pair(mentors[0], mentees[1], at=second),))

    found = posed(evolve(EVENT, rounds=3, seats=2), pool)

    assert 2 == found.details.seats
    assert [[True, False, True], [True, True, True]] == found.seatings["mentor"].open.tolist()  # type: ignore[union-attr]
    assert [3, 2, 3, 3] == found.seatings["mentee"].places.tolist()
    after = posed(evolve(EVENT, rounds=3), evolve(pool, today=date(2027, 2, 4)))
    assert () == after.details.times


def test_an_event_that_is_not_to_come_is_told_unless_somebody_was_matched_for_it() -> None:
    pool = a_pool(a_two_sided_problem(np.full((2, 2), 500)))
    mentor, mentee = (pool.seatings[role].people[0] for role in ("mentor", "mentee"))
    assert 4 == len(posed(EVENT, evolve(pool, today=date(2027, 2, 3))).details.times)
    with pytest.raises(ProgramError, match=r"begins on 2027-02-04 at 14:00, .* matched for 2027-02-04") as told:
        posed(EVENT, evolve(pool, today=date(2027, 2, 4)))
    assert ["event-not-to-come"] == [one.code for one in told.value.diagnostics]
    begins = datetime(2027, 2, 4, 14, tzinfo=UTC)
    the_day = evolve(pool, today=date(2027, 2, 4), now=begins - timedelta(minutes=1))
    assert 4 == len(posed(EVENT, the_day).details.times)
    with pytest.raises(ProgramError, match=r"begins on 2027-02-04 at 14:00, .* matched for 2027-02-04 at 14:00"):
        posed(EVENT, evolve(the_day, now=begins))
    with pytest.raises(ProgramError, match="lasts from 2027-02-05 to 2027-03-01"):
        posed(EVENT, evolve(pool, starts=date(2027, 2, 5), today=None))
    met = Past(a_pair(mentor, mentee, at=datetime(2027, 2, 4, 14, tzinfo=UTC)), date(2027, 2, 1), date(2027, 2, 4))
    assert () == posed(EVENT, evolve(pool, today=date(2027, 2, 5), past=(met,))).details.times


# ---------------------------------------------------------------------------------------------------- office hours


def test_times_are_local_to_each_mentor_and_only_those_who_offer_any_are_met(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = matched(tmp_path, capfd, 'form = "office-hours"')
    assert 3 == len(found)
    assert {"m1", "m2"} == {one["mentors"][0] for one in found}
    assert {"2027-02-03T14:00:00Z", "2027-02-10T14:00:00Z"} == {one["at"] for one in found}
    assert {"2027-02-03 14:00"} == {one["slot"] for one in found if one["mentors"] == ["m2"]}
    assert {"2027-02-17"} == {one["until"] for one in found}


def test_seats_bring_several_together(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    found = matched(tmp_path, capfd, 'form = "office-hours", seats = 4, ahead = 5')
    assert {"2027-02-03T14:00:00Z"} == {one["at"] for one in found}
    assert ["e1", "e2", "e3", "e4"] == sorted(person for one in found for person in one["mentees"])


def test_a_cell_that_is_no_time_is_told_with_who_wrote_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    people = PEOPLE.replace("2027-02-03 15:00", "Wednesday at 3; 2027-02-03; 2027-02-04 15:00+01:00")
    program_folder(tmp_path, {"p.toml": PROGRAM % 'form = "office-hours"', "people.csv": people})
    assert 2 == run_command(["match", str(tmp_path / "p.toml"), "--at", "2027-02-01T10:00"])
    told = capfd.readouterr().err
    assert "times-unreadable" in told
    assert '"2027-02-03" (m2), "2027-02-04 15:00+01:00" (m2), "Wednesday at 3" (m2)' in told


def test_times_of_one_mentor_that_overlap_are_told() -> None:
    cells = {"mentor": {"office_hours": ["2027-02-03 14:00;2027-02-03 14:25"]}}
    pool = a_pool(a_two_sided_problem(np.full((1, 1), 1)), cells)
    assert 2 == len(posed(evolve(HOURS, minutes=15), pool).details.times)
    with pytest.raises(ProgramError, match="overlap, at 30 minutes"):
        posed(evolve(HOURS, minutes=30), pool)


def test_mentees_come_when_they_can_and_no_more_often_than_they_may() -> None:
    problem = a_two_sided_problem(np.full((4, 1), 500))
    (mentor,), mentees = (problem.seatings[role].people for role in ("mentor", "mentee"))
    cells = {
        "mentor": {"office_hours": [frozenset({"2027-02-09t10:00", "2027-02-16 10:00"})]},
        "mentee": {"free": [None, "2027-02-16 10:00", None, None]},
    }
    first = datetime(2027, 2, 2, 10, 0, tzinfo=UTC)
    past = (
        Past(a_pair(mentor, mentees[2], at=first), date(2027, 2, 1), ended=date(2027, 2, 2)),
        Past(a_pair(mentor, mentees[3], at=first), date(2027, 2, 1), ended=date(2027, 2, 1)),
    )

    found = posed(evolve(HOURS, mentee_column="free"), a_pool(problem, cells, past=past)).seatings["mentee"]

    assert [[True, True], [False, True], [True, True], [True, True]] == found.open.tolist()  # type: ignore[union-attr]
    assert [1, 1, 0, 1] == found.places.tolist()
    assert ("office_hours", "free") == MODEL.columns(evolve(HOURS, mentee_column="free"))


MOMENTS = st.integers(0, 400).map(lambda minutes: datetime(2027, 2, 4, 9, 0, tzinfo=UTC) + timedelta(minutes=minutes))


@settings(max_examples=60, deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=4, unique=True), MOMENTS, st.sampled_from([10, 15, 25, 45]))
def test_nobody_is_given_a_time_that_touches_a_meeting_of_theirs(
    offered: Sequence[datetime], met: datetime, minutes: int
) -> None:
    problem = a_two_sided_problem(np.full((1, 2), 500))
    mentors, mentees = (problem.seatings[role].people for role in ("mentor", "mentee"))
    cells = {"mentor": {"office_hours": [None, None]}}
    words = [f"{one:%Y-%m-%d %H:%M}" for one in offered]
    cells["mentor"]["office_hours"] = [words[0], None]  # type: ignore[list-item]
    pool = a_pool(problem, cells, given=(a_pair(mentors[1], mentees[0], at=met),))

    found = posed(evolve(HOURS, minutes=minutes), pool)

    free = bool(found.seatings["mentee"].open[0, 0])  # type: ignore[index]
    assert free is quarters(offered[0], minutes).isdisjoint(quarters(met, minutes))
    if abs(offered[0] - met) < timedelta(minutes=minutes):
        assert not free


# ---------------------------------------------------------------------------------------------------------- advice


def test_it_suits_those_with_little_time_and_many_questions() -> None:
    def facts(hours: float | None = None, topics: int = 5) -> RosterFacts:
        return RosterFacts(30, {"mentor": 5, "mentee": 25}, {"mentor": 5}, 3, {"skills": 1.0}, topics, hours=hours)

    served = MODEL.fit(["quick-win", "knowledge-sharing", "confidential", "leadership"], facts()).goals
    assert {"quick-win": 3, "knowledge-sharing": 3, "confidential": 1, "leadership": 1} == served
    assert () == MODEL.fit([], facts()).modifiers
    assert [2] == [one.points for one in MODEL.fit([], facts(hours=0.5)).modifiers]
    assert [-2] == [one.points for one in MODEL.fit([], facts(topics=2)).modifiers]
    assert {"manager_id", "wants"} == {one.what for one in MODEL.fit([], facts()).lacks}


def test_a_run_on_the_day_of_an_event_gives_everybody_their_rounds_until_it_begins(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    options = 'form = "event", starts = 2027-02-04T14:00:00, rounds = 3'
    program_folder(tmp_path, {"p.toml": PROGRAM % options, "people.csv": PEOPLE})
    program = str(tmp_path / "p.toml")
    assert 2 == run_command(["run", program, "--at", "2027-02-04T14:00"])
    assert "event-not-to-come" in capfd.readouterr().err
    assert 0 == run_command(["run", program, "--at", "2027-02-04T13:59"])
    rows = (tmp_path / "p.run" / "schedule.csv").read_text().splitlines()[1:]
    assert rows
    assert all("2027-02-04T14:" in row or "2027-02-04T15:" in row for row in rows)
