"""A mentoring model of our own: an executive, a manager and a junior learn from each other.

This file is all of it. `program.toml` loads it by `[plugins] files = ["triangle.py"]`; in a package, the entry point
`triangle = "acme_mentoring.triangle"` of the group `mentorkit` takes the place of that line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from mentorkit.core.contracts import (
    Fit,
    Gate,
    MatchingProblem,
    Member,
    MentoringModel,
    Occasion,
    Pool,
    Relationship,
    Role,
    RosterFacts,
    goals_served,
)
from mentorkit.core.shapes import Teams
from mentorkit.hookspecs import hookimpl

BETWEEN = (("junior", "manager"), ("junior", "executive"), ("manager", "executive"))
"""Who is compared with whom, the one that wants first; rules hold between all three."""


class Triangle:
    """One executive, one manager and one junior; the junior is the one it is for."""

    name = "triangle"
    summary = "an executive, a manager and a junior learn from each other"
    options = None
    roles = (
        Role("executive", "mentor", served=False),
        Role("manager", "mentor", served=False),
        Role("junior", "mentee", served=True),
    )
    shape = "teams"
    matcher = "teams"
    template = ""  # the program brings its own

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        """Return the lowest level as juniors, the highest as executives, and all between as managers."""
        return {
            "executive": frozenset(levels[2:][-1:]),
            "manager": frozenset(levels[1:-1]),
            "junior": frozenset(levels[:1]),
        }

    def columns(self, options: None) -> tuple[str, ...]:
        """Return none: criteria and rules name what they read."""
        return ()

    def occasions(self, options: None, pool: Pool) -> Sequence[Occasion]:
        """Return one occasion: teams with one person of each role."""
        problem = MatchingProblem(
            shape=self.shape,
            occasion="match",
            seatings=pool.seatings,
            pairs={pair: pool.pair_scores(*pair) for pair in BETWEEN},
            required={pair: pool.required(*pair) for pair in BETWEEN},
            objective=pool.objective,
            seed=pool.seed,
            details=Teams({role.name: 1 for role in self.roles}),
        )
        return [Occasion("match", problem)]

    def counted_pairs(self, options: None, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        """Return the junior with the manager and with the executive: the two whose points are the junior's."""
        juniors = [one for one in members if one.role == "junior"]
        return [(junior, other) for junior in juniors for other in members if other.role != "junior"]

    def on_leaving(self, options: None, relationship: Relationship, person: str) -> Literal["end", "continue"]:
        """Return that a triangle ends with its junior, and goes on without anybody else."""
        return "end" if Member(person, "junior") in relationship.members else "continue"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return that it suits leaders who want to know more of the house, if there are people for all roles."""
        missing = [role.name for role in self.roles if not facts.places.get(role.name)]
        gates = (Gate("roles", f"a triangle needs {' and '.join(missing)}"),) if missing else ()
        table = {"executive-awareness": 3, "leadership": 2, "networks": 3}
        return Fit(0.0, goals=goals_served(table, goals), gates=gates)


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    """Offer the model."""
    return [Triangle()]
