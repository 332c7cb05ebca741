"""What models of one mentor and one mentee have in common: their problem, and the pair that counts."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import Pool
from mentorkit.core.problems import Occasion
from mentorkit.core.relationships import Member
from mentorkit_models.posing import problem_of


def only_occasion(pool: Pool) -> tuple[Occasion, ...]:
    """Return the one occasion of a program that matches mentees to mentors."""
    return (Occasion("match", problem_of(pool, "two-sided", ("mentee", "mentor"))),)


def mentees_with_mentors(members: Sequence[Member]) -> list[tuple[Member, Member]]:
    """Return every mentee with every mentor, as (who wants, who offers)."""
    mentors = [one for one in members if one.role == "mentor"]
    return [(one, mentor) for one in members if one.role == "mentee" for mentor in mentors]
