"""What is proven about a matching, in words that claim no more than that."""

from __future__ import annotations

from typing import Any

import pytest

from mentorkit.core.contracts import Role
from mentorkit.core.relationships import Certificate
from mentorkit.presenting.matching_text import certificate_text, relationships_text
from mentorkit.testing import a_person, a_relationship, a_roster

SCORE_FIRST = ("total-score", "coverage")
LOAD_BETWEEN = ("coverage", "even-load", "total-score")


def proven(**changes: Any) -> str:
    values = {"matched": 8, "matched_bound": 8, "total_score": 600.0, "total_score_bound": 600.0, **changes}
    return certificate_text(Certificate("acme", False, **values)).splitlines()[-1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Proven: no other allowed matching places more people or, placing as many, scores higher."),
        (
            {"objective": SCORE_FIRST},
            "Proven: no other allowed matching scores higher or, scoring as much, places more people.",
        ),
        (
            {"objective": LOAD_BETWEEN},
            "Proven: no other allowed matching places more people or, placing as many and being as good in even-load, "
            "scores higher.",
        ),
        (
            {"objective": ("coverage", "worst-off")},
            "Proven: no other allowed matching places more people or, placing as many and being as good in worst-off, "
            "scores higher.",
        ),
        ({"total_score_bound": 612.0}, "Proven: at most 12.0 points (1.96 %) below the best possible."),
        ({"total_score_bound": 600.01}, "Proven: at most 0.0 points (under 0.01 %) below the best possible."),
        ({"matched_bound": 9, "total_score_bound": 700.0}, "Proven: at most 1 more person could be placed."),
        ({"matched_bound": 10, "total_score_bound": 590.0}, "Proven: at most 2 more people could be placed."),
        (
            {"matched_bound": 9, "total_score_bound": 612.0, "objective": SCORE_FIRST},
            "Proven: at most 12.0 points (1.96 %) below the best possible.",
        ),
        (
            {"matched_bound": 9, "objective": SCORE_FIRST},
            "Proven: at most 1 more person could be placed.",
        ),
        (
            {"extra": {"queue": {"in_turn": 8, "behind": 2}}, "total_score_bound": 612.0},
            "Proven for those in turn: at most 12.0 points (1.96 %) below the best possible.",
        ),
        (
            {"matched_bound": None, "total_score_bound": None},
            "How far it is from the best possible is not known: acme hands in no proof.",
        ),
    ],
)
def test_says_what_is_proven(changes: dict[str, Any], told: str) -> None:
    assert told == proven(**changes)


def test_a_circle_without_a_mentor_shows_no_score() -> None:
    roles = Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True)
    roster = a_roster(*(a_person(one, "mentee") for one in "abc"), a_person("m", "mentor"))
    together = a_relationship(("m", "mentor"), ("a", "mentee"), score=0.0)
    circle = a_relationship(("b", "mentee"), ("c", "mentee"), score=0.0)
    told = relationships_text([together, circle], roles, roster).splitlines()
    assert ["0.0", "-"] == [line.split()[-2] for line in told[-2:]]
