"""What the ledger knows of people whom the roster does not: their role, and whose partner they are or were."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from attrs import frozen

from mentorkit.core.history import History
from mentorkit.core.roster import Roster


@frozen
class Absentee:
    """Somebody who is not in the roster.

    Attributes:
        role: in their latest relationship, those that go on first.
        partners: ids of the others in it.
    """

    role: str
    partners: tuple[str, ...]


def absentees(roster: Roster, history: History, people: Collection[str]) -> Mapping[str, Absentee]:
    """Return what is known of those of `people` who are not in the roster and were ever in a relationship, by id."""
    found: dict[str, Absentee] = {}
    wanted = set(people) - roster.by_id.keys()
    ordered = sorted(
        (one for one in history.relationships if not one.withdrawn), key=lambda one: one.state == "published"
    )
    for known in ordered:  # the last one stands
        for member in known.everybody:
            if member.person in wanted:
                others = tuple(one for one in known.relationship.people() if one != member.person)
                found[member.person] = Absentee(member.role, others)
    return dict(sorted(found.items()))
