"""Where more than two meet, `met` and `missed` are about the person who says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from attrs import evolve

from mentorkit.core.history import Event, History, KnownRelationship, KnownSession
from mentorkit.core.learning import applied, consequences
from mentorkit.core.program import Use
from mentorkit.core.reporting.kpis import kpi_facts
from mentorkit.core.sessions import Session
from mentorkit.testing import a_catalogue, a_person, a_program, a_relationship, a_roster
from mentorkit_models.group import Group, GroupOptions
from mentorkit_models.one_on_one import OneOnOne

NOON = datetime(2027, 1, 20, 12, tzinfo=UTC)
GROUP = a_relationship(("17", "mentor"), ("42", "mentee"), ("43", "mentee"), ("44", "mentee"))
PAIR = a_relationship(("17", "mentor"), ("42", "mentee"))


def history(relationship, *events: Event) -> History:
    starts = NOON - timedelta(days=1)
    session = Session("s1", relationship.id, "sessions", 1, starts, "Europe/London", starts, 60, relationship.people())
    return History(
        relationships=(KnownRelationship(relationship, "published", NOON - timedelta(days=9)),),
        sessions=(KnownSession(session),),
        events=events,
    )


def said(*words: tuple[str, str]) -> list[Event]:
    return [
        Event(f"e{number}", NOON + timedelta(minutes=number), person, kind, "s1")
        for number, (person, kind) in enumerate(words)
    ]


def state(relationship, events, known: History | None = None) -> str:
    before = known or history(relationship)
    program = a_program()
    model = Group() if relationship is GROUP else OneOnOne()
    program = evolve(program, model=evolve(program.model, use=evolve(program.model.use, name=model.name)))
    found = consequences(program, a_catalogue(models=[model]), before, events, NOON + timedelta(hours=1)).sessions
    return found[0].state if found else before.sessions[0].state


@pytest.mark.parametrize("words", list(permutations([("17", "met"), ("42", "missed"), ("43", "met")])))
def test_a_group_has_met_if_anybody_was_there_whoever_speaks_last(words):
    assert "held" == state(GROUP, said(*words))


def test_a_group_whose_members_all_missed_has_missed():
    assert "missed" == state(GROUP, said(("42", "missed"), ("43", "missed")))
    assert "missed" == state(GROUP, said(("42", "met"), ("42", "missed")))


def test_what_was_said_in_an_earlier_run_still_counts():
    first = said(("43", "met"))
    known = history(GROUP, *first)
    known = evolve(known, sessions=(evolve(known.sessions[0], state="held"),))

    assert "held" == state(GROUP, said(("x", "met"), ("42", "missed"))[1:], known)


def test_of_a_pair_the_latest_word_holds():
    assert "missed" == state(PAIR, said(("42", "met"), ("17", "missed")))


def test_attendance_counts_those_who_said_whether_they_were_there():
    known = history(GROUP, *said(("17", "met"), ("42", "missed"), ("43", "met")))
    known = evolve(known, sessions=(evolve(known.sessions[0], state="held"),))
    people = (a_person("17", "mentor"), *(a_person(one, "mentee") for one in ("42", "43", "44")))

    facts = kpi_facts(a_program(), Group().roles, a_roster(*people), known, NOON + timedelta(days=1))

    assert (2, 3) == (facts.attendances, facts.attendances_told)


@pytest.mark.parametrize(("gone", "ends"), [((), False), (("43",), False), (("43", "44"), True)])
def test_a_group_ends_when_those_who_are_still_there_become_too_few(gone, ends):
    earlier = [Event(f"left-{one}", NOON - timedelta(hours=2), one, "left", "") for one in gone]
    four = a_relationship(("17", "mentor"), *((one, "mentee") for one in ("42", "43", "44", "45")))
    program = a_program()
    program = evolve(program, model=evolve(program.model, use=Use("group", GroupOptions())))
    leaves = [Event("now", NOON, "42", "left", "")]

    catalogue, known = a_catalogue(models=[Group()]), history(four)
    known = applied(known, consequences(program, catalogue, known, earlier, NOON - timedelta(hours=1)))
    happening = consequences(program, catalogue, known, leaves, NOON)

    assert ends == bool(happening.endings)
