"""Who of the served side waits for a relationship after the matching, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attrs import evolve

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Role
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.matching.posing import posed
from mentorkit.core.matching.requesting import looked_for_now
from mentorkit.core.matching.unmatched import unmatched_people
from mentorkit.core.program import Program
from mentorkit.core.relationships import Reason, Unmatched
from mentorkit.core.roster import Roster
from mentorkit.core.standing import standing

JOINED_LATE = Reason("joined-late", 0)


def why_waiting(
    program: Program, roles: Sequence[Role], roster: Roster, catalogue: Catalogue, history: History, today: date
) -> tuple[Unmatched, ...]:
    """Return who waits for a partner and why: against everybody on the other side, as if all places were free.

    Where program and roster contradict each other by now (a matching would be refused), people have no reasons.
    """
    requests = looked_for_now(program, history)
    found = waiting(tuple(roles), roster, history)
    if program.model.request_days is not None:
        found = tuple(one for one in found if one.person in requests)
    if not found:
        return ()
    try:
        afresh = posed(program, roster, catalogue, with_all_places_free(history), today, requests=requests)
    except ProgramError:
        return found
    on_request = program.model.request_days is not None  # whoever asks is looked after in every run
    late = {(one.person, one.role): one for one in found if one.reasons and not on_request}
    who = {(one.person, one.role) for one in found}
    published = [known.relationship for known in history.published]
    people = unmatched_people(roles, roster, afresh, published)
    return tuple(late.get((one.person, one.role), one) for one in people if (one.person, one.role) in who)


def waiting(roles: tuple[Role, ...], roster: Roster, history: History) -> tuple[Unmatched, ...]:
    """Return the participants of the served side who are in no published relationship, by (person, role).

    Who was in one that has come to its last day waits from the next matching on.
    Nobody waits before the matching is made. Who was first seen after it has the reason `joined-late`; for the others
    the matching itself named the reasons.
    """
    if not history.occasions:
        return ()
    left = standing(roster, history, None).left
    placed = {(member.person, member.role) for member in history.placed}
    found = [
        Unmatched(person.id, role.name, (JOINED_LATE,) if joined_late(person.id, history) else ())
        for role in roles
        if role.served
        for person in roster.in_role(role.name)
        if (person.id, role.name) not in placed and person.id not in left
    ]
    return tuple(sorted(found, key=lambda one: (one.person, one.role)))


def joined_late(person: str, history: History) -> bool:
    """Return whether somebody was first seen after the last matching that was for everybody, or not at all yet."""
    settled = history.last_for_all
    if settled is None:
        return False
    return person not in history.numbers or (person in history.seen and history.seen[person] > settled)


def with_all_places_free(history: History) -> History:
    """Return the history without what takes places, so that people are compared with everybody on the other side."""
    taking = {known.relationship.id for known in history.binding}
    others = tuple(one for one in history.relationships if one.relationship.id not in taking)
    return evolve(history, relationships=others)
