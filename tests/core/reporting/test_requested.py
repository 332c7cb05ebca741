"""What became of requests, counted."""

from __future__ import annotations

from attrs import evolve

from mentorkit.core.contracts import RequestFacts
from mentorkit.core.history import Event, History, KnownRelationship
from mentorkit.core.program import Program
from mentorkit.core.reporting.requested import request_facts
from mentorkit.core.requests import overdue, request_key
from mentorkit.testing import a_moment, a_program, a_relationship


def on_request() -> Program:
    program = a_program()
    return evolve(program, model=evolve(program.model, request_days=10))


def asked(number: int, person: str, day: str, topics: str) -> Event:
    return Event(f"q{number}", a_moment(f"{day}T09:00:00Z"), person, "requested", "", topics)


def test_requests_are_counted_by_what_became_of_them() -> None:
    program = on_request()
    events = (
        asked(1, "e1", "2027-01-11", "SQL; law"),
        asked(2, "e2", "2027-01-11", "Law"),
        asked(3, "e3", "2027-01-12", "welding"),
        asked(4, "e1", "2027-01-13", "art"),
    )
    served = KnownRelationship(
        a_relationship(("m1", "mentor"), ("e1", "mentee")), "published", published_at=a_moment("2027-01-15T09:00:00Z")
    )
    history = History(relationships=(served,), events=events, occasions={"match": a_moment("2027-01-11T00:00:00Z")})
    late = a_moment("2027-01-28T00:00:00Z")
    over = tuple(one for one in overdue(program, history, late) if one.subject != request_key("q4"))

    assert {request_key("q2"), request_key("q3")} == {one.subject for one in over}
    assert RequestFacts(3, 1, 1, 1, 2, 0, (4,)) == request_facts(program, history)
    assert RequestFacts(3, 1, 3, 1, 3, 1, (4,)) == request_facts(program, evolve(history, events=(*events, *over)))


def test_without_requests_there_is_nothing_to_count() -> None:
    history = History(events=(asked(1, "e1", "2027-01-11", "sql"),))

    assert RequestFacts() == request_facts(a_program(), history)
