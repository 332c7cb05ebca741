from datetime import timedelta

import pytest
from attrs import evolve

from mentorkit.core.deliveries import Held, Recipient
from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.planning.workload import Load, workload
from mentorkit.core.sessions import Schedule, Session
from mentorkit.testing import a_moment, a_plan, a_program, a_relationship, a_transmission

NOON = a_moment("2027-01-11T12:00:00+00:00")
PAIR = a_relationship(("1", "mentor"), ("2", "mentee"))
OVER = a_relationship(("1", "mentor"), ("3", "mentee"))
CONTACT = Recipient(9, "coordinator", "coordinator", "contact")


def a_session(relationship, days, minutes=60):
    starts = NOON + timedelta(days=days)
    name = f"{relationship.id}-{days}"
    return Session(name, relationship.id, "sessions", 1, starts, "UTC", starts, minutes, relationship.people())


def test_messages_and_hours_to_come():
    history = History(
        relationships=(
            KnownRelationship(PAIR, "published", NOON),
            KnownRelationship(OVER, "ended", NOON, NOON, "left"),
        ),
        sessions=(
            KnownSession(a_session(PAIR, -1)),
            KnownSession(a_session(PAIR, 7)),
            KnownSession(a_session(PAIR, 8), "canceled"),
            KnownSession(a_session(OVER, 9)),
        ),
    )
    plan = a_plan(
        due=(a_transmission("hello"), evolve(a_transmission("summary"), recipient=CONTACT)),
        later=(a_transmission("reminder"), a_transmission("halfway", 2, "2")),
        held=(Held(Recipient(4, "4", "mentee"), "missing", ("hello",)),),
        schedule=Schedule((a_session(PAIR, 14, 90),)),
    )
    load = workload(a_program(), plan, history)
    gone = frozenset({"2"})
    assert {"1": Load(2, 150), "2": Load(1, 150), "4": Load(1, 0)} == load.people
    assert {"coordinator": Load(1, 0)} == load.contacts
    assert {"1": Load(2, 150), "2": Load(1, 0)}.items() <= workload(a_program(), plan, history, gone).people.items()
    assert (5, 300, 5.0, 2.5) == (load.messages, load.minutes, load.hours, load.people["1"].hours)


def test_a_plan_of_another_program_is_a_mistake():
    with pytest.raises(ValueError, match="other"):
        workload(a_program(id="other"), a_plan(), History())
