"""What single events and single cells of a roster mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from mentorkit.core.happenings import Ending, Happening, Told
from mentorkit.core.history import Event, History, KnownRelationship, KnownSession
from mentorkit.core.learning import Learned, applied, consequences, learn
from mentorkit.core.sessions import Session
from mentorkit.testing import a_catalogue, a_person, a_program, a_relationship, a_roster
from mentorkit_models.one_on_one import OneOnOne

NOON = datetime(2027, 1, 20, 12, tzinfo=UTC)
PAIR = a_relationship(("17", "mentor"), ("42", "mentee"))
OTHER = a_relationship(("17", "mentor"), ("43", "mentee"))
CATALOGUE = a_catalogue(models=[OneOnOne()])
PEOPLE = (a_person("17", "mentor"), a_person("42", "mentee"), a_person("43", "mentee"))


def a_session(relationship, number, days):
    starts = NOON + timedelta(days=days)
    name, local = f"{relationship.id}-{number}", starts.replace(tzinfo=None)
    people = relationship.people()
    zone = "Europe/London"
    return KnownSession(Session(name, relationship.id, "sessions", number, local, zone, starts, 60, people))


SESSIONS = tuple(a_session(pair, number, days) for pair in (PAIR, OTHER) for number, days in ((1, -2), (2, 5)))
HISTORY = History(
    numbers={"17": 1, "42": 2, "43": 3},
    relationships=tuple(KnownRelationship(one, "published", NOON - timedelta(days=9)) for one in (PAIR, OTHER)),
    sessions=tuple(sorted(SESSIONS, key=lambda one: (one.session.starts, one.session.id))),
)


def told(kind: str, person: str = "42", subject: str = "", value: str = "", name: str = "e1") -> Told:
    return Told(name, NOON, person, kind, subject, value, "answers.csv", 2)  # type: ignore[arg-type]


def learned(*said: Told, people=PEOPLE, history=HISTORY, missing="hold") -> Learned:
    program = a_program()
    program = evolve(program, roster=evolve(program.roster, missing=missing))
    return learn(program, a_roster(*people), CATALOGUE, history, said, NOON)


@pytest.mark.parametrize(("kind", "state"), [("met", "held"), ("missed", "missed")])
def test_a_session_that_is_not_named_is_the_latest_that_has_begun(kind, state):
    (session,) = learned(told(kind)).happening.sessions
    assert (f"{PAIR.id}-1", state, 0, NOON) == (session.session.id, session.state, session.sequence, session.changed)


def test_the_session_that_is_moved_is_the_next_one():
    (session,) = learned(told("moved", value="2027-03-02T10:00")).happening.sessions
    assert (f"{PAIR.id}-2", "moved", 1, 1) == (session.session.id, session.state, session.sequence, session.moves)
    assert datetime(2027, 3, 2, 10, tzinfo=UTC) == session.session.starts


def test_who_declines_ends_the_relationship_and_its_sessions_to_come():
    happening = learned(told("declined")).happening
    assert (Ending(PAIR.id, NOON, NOON, "declined"),) == happening.endings
    assert [(f"{PAIR.id}-2", "canceled", 1)] == [
        (one.session.id, one.state, one.sequence) for one in happening.sessions
    ]


def test_who_leaves_by_the_roster_left_at_the_end_of_that_day():
    people = (PEOPLE[0], evolve(PEOPLE[1], values={**PEOPLE[1].values, "left_on": date(2027, 1, 18)}), PEOPLE[2])
    happening = learned(people=people).happening
    assert (Event("mentorkit:left:p2:2027-01-18", NOON, "42", "left", "", "2027-01-18"),) == happening.events
    assert (Ending(PAIR.id, datetime(2027, 1, 19, tzinfo=UTC), NOON, "left"),) == happening.endings


@pytest.mark.parametrize("hour", [0, 8, 23])
def test_on_their_last_day_nobody_has_left_yet_at_whatever_hour(hour):
    people = (PEOPLE[0], evolve(PEOPLE[1], values={**PEOPLE[1].values, "left_on": date(2027, 1, 18)}), PEOPLE[2])
    on_the_day, after = (datetime(2027, 1, day, hour, 30, tzinfo=UTC) for day in (18, 19))
    assert not learn(a_program(), a_roster(*people), CATALOGUE, HISTORY, (), on_the_day).happening
    (ending,) = learn(a_program(), a_roster(*people), CATALOGUE, HISTORY, (), after).happening.endings
    assert datetime(2027, 1, 19, tzinfo=UTC) == ending.at


def test_who_is_missing_has_left_only_where_the_program_says_so():
    assert not learned(people=PEOPLE[:2]).happening
    happening = learned(people=PEOPLE[:2], missing="left").happening
    assert ["mentorkit:left:p3:missing-2027-01-20"] == [event.id for event in happening.events]
    assert [OTHER.id] == [ending.relationship for ending in happening.endings]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (told("left", person="44"), "event-unknown-person"),
        (told("accepted", person="17"), "event-ambiguous"),
        (told("accepted", subject=OTHER.id), "event-unknown-subject"),
        (told("accepted", subject="r0"), "event-unknown-subject"),
        (told("answered", subject="pulse.mood"), "event-unknown-question"),
        (told("moved", value="soon"), "event-bad-value"),
        (told("paused", value="soon"), "event-bad-value"),
    ],
)
def test_what_cannot_be_meant_is_a_problem_where_it_stands(said, code):
    result = learned(said)
    assert [(code, "answers.csv", 2)] == [(found.code, found.file, found.line) for found in result.diagnostics]
    assert not result.happening


def test_all_problems_are_told_at_once_and_the_rest_is_learned():
    result = learned(told("left", person="44"), told("moved", value="x", name="e2"), told("met", name="e3"))
    assert ["event-unknown-person", "event-bad-value"] == [found.code for found in result.diagnostics]
    assert ["e3"] == [event.id for event in result.happening.events]


def test_an_id_counts_once_and_stands_for_one_event():
    after = applied(HISTORY, learned(told("met")).happening)
    assert Learned() == learned(told("met"), history=after)
    assert ["event-conflict"] == [found.code for found in learned(told("missed"), history=after).diagnostics]


@pytest.mark.parametrize("kind", ["paused", "resumed", "left"])
def test_a_subject_that_says_nothing_is_no_other_event_when_read_again(kind):
    said = told(kind, subject=PAIR.id)
    after = applied(HISTORY, learned(said).happening)
    assert Learned() == learned(said, history=after)


def after(history: History, happening: Happening, *events: Event) -> History:
    known = applied(history, happening)
    return evolve(known, events=(*known.events, *events))


def test_what_the_roster_says_again_and_again_on_one_day_has_names_of_its_own():
    pausing = (evolve(PEOPLE[0], values={**PEOPLE[0].values, "paused_until": date(2027, 3, 1)}), *PEOPLE[1:])
    history, away = HISTORY, a_person("99", paused_until=date(2027, 3, 1))  # so that the column stays
    for _ in range(5):
        for people in ((*pausing, away), (*PEOPLE, away)):
            history = applied(history, learned(people=people, history=history).happening)
    kinds = [event.kind for event in history.events]
    assert ["paused", "resumed"] * 5 == kinds
    assert 10 == len({event.id for event in history.events})


def test_who_was_taken_in_again_does_not_leave_again_for_missing():
    missing = {"people": PEOPLE[:2], "missing": "left"}
    gone = applied(HISTORY, learned(**missing).happening)
    back = after(gone, Happening(), Event("e2", NOON, "43", "resumed", ""))
    assert not learned(**missing, history=back).happening


@pytest.mark.parametrize(
    "value",
    [
        "9999-12-31T23:59",
        "0001-01-01T00:00",
        "9999-12-31T23:59-09:00",
        "2027-W05-1T10:00",
        "20270201T1000",
        "2027-02-01T10",
        "2027-02-01",
        "2027-02-30T10:00",
    ],
)
def test_what_is_no_time_as_it_is_written_is_none_to_move_to(value):
    (problem,) = learned(told("moved", value=value)).diagnostics
    assert "event-bad-value" == problem.code


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("2027-01-11T11:59", "before its relationship was published"),
        ("2027-03-28T01:30", "clocks skip"),
        ("2027-06-29T00:00", "after the program's last day, 2027-06-28"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_the_reason(value, why):
    (problem,) = learned(told("moved", value=value)).diagnostics
    assert "event-bad-value" == problem.code
    assert why in problem.message


@pytest.mark.parametrize("value", ["20270301", "2027-W10-1"])
def test_a_pause_ends_on_a_day_as_it_is_written(value):
    assert ["event-bad-value"] == [found.code for found in learned(told("paused", value=value)).diagnostics]


def test_no_session_of_an_ended_relationship_is_moved():
    ended = applied(HISTORY, learned(told("declined")).happening)
    held = f"{PAIR.id}-1"
    result = learned(told("moved", subject=held, value="2027-02-15T10:00", name="e2"), history=ended)
    assert ["event-not-movable"] == [found.code for found in result.diagnostics]
    assert not result.happening


def test_a_move_never_revives_what_is_over():
    ended = applied(HISTORY, learned(told("declined")).happening)
    for name in (f"{PAIR.id}-1", f"{PAIR.id}-2"):
        moved = Event("e2", NOON - timedelta(days=5), "42", "moved", name, "2027-02-15T10:00")
        assert () == consequences(a_program(), CATALOGUE, ended, [moved], NOON).sessions


@pytest.mark.parametrize("order", [("e1", "e2"), ("e2", "e1")])
def test_of_several_moves_the_latest_word_holds_whenever_it_is_heard(order):
    said = {
        "e1": evolve(told("moved", subject=f"{PAIR.id}-2", value="2027-02-01T10:00"), at=NOON - timedelta(days=2)),
        "e2": evolve(told("moved", subject=f"{PAIR.id}-2", value="2027-02-03T11:00", name="e2"), at=NOON),
    }
    history = HISTORY
    for name in order:
        history = applied(history, learned(said[name], history=history).happening)
    together = applied(HISTORY, learned(*said.values()).happening)
    for known in (history, together):
        (session,) = [one for one in known.sessions if one.session.id == f"{PAIR.id}-2"]
        assert datetime(2027, 2, 3, 11, tzinfo=UTC) == session.session.starts
        assert ["e1", "e2"] == [event.id for event in known.events]


def test_a_pause_until_another_day_is_another_event():
    after = applied(HISTORY, learned(told("paused", value="2027-02-01")).happening)
    (problem,) = learned(told("paused", value="2027-06-01"), history=after).diagnostics
    assert "event-conflict" == problem.code
    assert 'paused "2027-02-01" of 42 at 2027-01-20T12:00:00Z' in problem.message


def test_a_newcomer_who_pauses_by_the_roster_pauses_from_the_first_run_on():
    pausing, idle = (
        a_person(one, *roles, paused_until=date(2027, 3, 1)) for one, roles in (("51", ("mentee",)), ("52", ()))
    )
    people = (a_person("50", "mentee"), pausing, idle, *PEOPLE)
    first = learned(told("requested", person="50"), people=people)
    assert {"50": 4, "51": 5} == first.numbers
    assert ["51"] == [event.person for event in first.happening.events if event.kind == "paused"]
    numbered = evolve(applied(HISTORY, first.happening), numbers={**HISTORY.numbers, **first.numbers})
    assert Learned() == learned(told("requested", person="50"), people=people, history=numbered)


def test_a_column_that_is_gone_from_the_roster_ends_no_pause():
    pausing = (evolve(PEOPLE[0], values={**PEOPLE[0].values, "paused_until": date(2027, 3, 1)}), *PEOPLE[1:])
    history = applied(HISTORY, learned(people=pausing).happening)
    assert not learned(people=PEOPLE, history=history).happening


def test_who_is_named_by_a_part_of_their_name_is_suggested():
    people = (*PEOPLE, a_person("99", "mentee", name="Zora Quill"))
    (found,) = learned(told("left", person="zora"), people=people).diagnostics
    assert ("event-unknown-person", "did you mean the id 99?") == (found.code, found.help)
