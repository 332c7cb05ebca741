from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from attrs import evolve

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.history import Event, History, KnownRelationship
from mentorkit.core.matching import match
from mentorkit.core.matching.queueing import InLine, waiting_list
from mentorkit.core.program import Carried, CriterionUse, Program
from mentorkit.core.relationships import Member, Reason
from mentorkit.core.roster import Person
from mentorkit.plugin_loading import build_catalogue
from mentorkit.presenting.matching_text import certificate_text
from mentorkit.testing import a_person, a_program, a_relationship, a_roster

CATALOGUE: Catalogue = build_catalogue()
ROLES = CATALOGUE.models["one-on-one"].implementation.roles
SKILLS = CriterionUse("skills", "overlap", 1, "wants", "skills", ("mentee", "mentor"))


def at(month: int, day: int) -> datetime:
    return datetime(2027, month, day, 12, tzinfo=UTC)


def mentee(person: str, wants: str = "a") -> Person:
    return a_person(person, "mentee", wants=frozenset(wants.split()))


def mentor(person: str, places: int = 1) -> Person:
    return a_person(person, "mentor", places=places, skills=frozenset("a"))


def over(mentee: str, mentor: str, ended: datetime, reason: str, **changes: Any) -> KnownRelationship:
    one = a_relationship((mentor, "mentor"), (mentee, "mentee"))
    return evolve(KnownRelationship(one, "ended", at(1, 11), ended, reason), **changes)


def event(kind: str, person: str, subject: str = "") -> Event:
    return Event(f"{kind}-{person}", at(3, 1), person, kind, subject)


def line(history: History, *people: Person, **matching: Any) -> list[InLine]:
    return list(waiting_list(with_matching(**matching), ROLES, a_roster(*people), history, at(4, 1)))


def with_matching(**changes: Any) -> Program:
    program = a_program()
    return evolve(program, matching=evolve(program.matching, criteria=(SKILLS,), **changes))


def test_who_was_there_waits_since_the_first_matching_and_joiners_since_they_came() -> None:
    history = History(
        occasions={"match": at(1, 11), "intake-2027-02-15": at(2, 15)},
        seen={"1": at(1, 2), "2": at(1, 11), "3": at(2, 1), "4": at(3, 1)},
        relationships=(over("5", "9", at(2, 2), "", state="published", ended_at=None),),
        events=(event("left", "6"),),
    )
    assert [
        InLine("1", "mentee", date(2027, 1, 11)),
        InLine("2", "mentee", date(2027, 1, 11)),
        InLine("3", "mentee", date(2027, 2, 1)),
        InLine("4", "mentee", date(2027, 3, 1)),
        InLine("new", "mentee", date(2027, 4, 1)),
    ] == line(history, *map(mentee, ("new", "4", "3", "2", "1", "5", "6")), mentor("9"))


def test_whom_the_other_one_left_or_declined_is_first_and_others_wait_from_that_day() -> None:
    declined = over("2", "8", at(2, 1), "declined")
    proposed = over("5", "7", at(2, 20), "declined", state="proposed", published_at=None)
    history = History(
        occasions={"match": at(1, 11)},
        seen=dict.fromkeys("12345", at(1, 2)),
        relationships=(over("1", "9", at(3, 1), "left"), declined, over("3", "7", at(2, 10), "no time"), proposed),
        events=(
            evolve(event("left", "1"), id="earlier", at=at(1, 1)),
            evolve(event("resumed", "1"), at=at(1, 2)),  # back again when the relationship began
            event("left", "9"),
            event("declined", "2", declined.relationship.id),
            event("declined", "7", proposed.relationship.id),
        ),
    )
    assert [
        InLine("5", "mentee", date(2027, 2, 20), first=True),
        InLine("1", "mentee", date(2027, 3, 1), first=True),
        InLine("4", "mentee", date(2027, 1, 11)),
        InLine("2", "mentee", date(2027, 2, 1)),
        InLine("3", "mentee", date(2027, 2, 10)),
    ] == line(history, *map(mentee, "12345"))


def test_who_waited_in_an_earlier_program_comes_first_at_the_first_matching_and_nobody_else() -> None:
    people = (mentee("1"), mentee("2"), mentee("3", "b"), mentor("9"))
    carried = (Carried("3", "mentee", date(2026, 6, 1)),)
    assert ["3", "1", "2"] == [one.person for one in line(History(), *people, carried=carried)]
    outcome = match(with_matching(carried=carried), a_roster(*people), CATALOGUE, History())
    assert [(Member("9", "mentor"), Member("3", "mentee"))] == [one.members for one in outcome.matching.relationships]
    assert {"in_turn": 1, "behind": 2} == outcome.matching.certificate.extra["queue"]
    assert [("1", Reason("capacity", 1)), ("2", Reason("capacity", 1))] == [
        (one.person, one.reasons[-1]) for one in outcome.matching.unmatched
    ]
    told = certificate_text(outcome.matching.certificate)
    assert "the longest waiting come first: 1 are in turn, 2 behind them" in told
    assert "Proven for those in turn" in told
    without = match(with_matching(), a_roster(*people), CATALOGUE, History())
    assert "queue" not in without.matching.certificate.extra
    assert "3" not in without.matching.relationships[0].people()


def test_a_rematch_takes_nobody_the_place_they_have() -> None:
    history = History(
        occasions={"match": at(1, 11)},
        seen=dict.fromkeys("12", at(1, 2)),
        relationships=(over("1", "9", at(2, 2), "", state="published", ended_at=None),),
    )
    people = (mentee("1", "b"), mentee("2"), mentor("9"))
    outcome = match(with_matching(), a_roster(*people), CATALOGUE, history, at(4, 1).date(), rematch=True)
    assert [history.relationships[0].relationship.id] == [one.id for one in outcome.matching.relationships]
