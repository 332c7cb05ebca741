"""Which relationships have a score: people of one side alone, as in a circle without a mentor, are no counted pair.

Their score is the number 0 wherever a number must stand, and is left out of means and of what people read.
"""

from __future__ import annotations

from collections.abc import Iterable

from mentorkit.core.contracts import Role
from mentorkit.core.relationships import Relationship


def has_score(relationship: Relationship, roles: Iterable[Role]) -> bool:
    """Return whether people of a relationship could be a counted pair: peers, or people of two sides.

    A relationship with points has a score whoever is in it, as a model may count pairs that others do not.
    """
    there = {member.role for member in relationship.members}
    sides = {role.side for role in roles if role.name in there}
    return relationship.score > 0 or "peer" in sides or len(sides) != 1
