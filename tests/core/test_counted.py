"""Relationships without a counted pair have no score."""

from __future__ import annotations

import pytest

from mentorkit.core.contracts import Role
from mentorkit.core.counted import has_score
from mentorkit.core.relationships import Member, Relationship

ROLES = (
    Role("mentor", "mentor", served=False),
    Role("mentee", "mentee", served=True),
    Role("peer", "peer", served=True),
)


@pytest.mark.parametrize(
    ("roles", "score", "expected"),
    [
        (("mentee", "mentee", "mentee"), 0.0, False),
        (("mentee", "mentor"), 0.0, True),
        (("peer", "peer"), 0.0, True),
        (("mentee", "mentee"), 41.5, True),
    ],
)
def test_people_of_one_side_alone_have_no_score(roles: tuple[str, ...], score: float, *, expected: bool) -> None:
    members = tuple(Member(f"p{number}", role) for number, role in enumerate(roles))
    assert expected == has_score(Relationship("r", members, score), ROLES)
