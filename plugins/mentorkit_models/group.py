"""The model `group`: several mentees with one mentor or more. Unequal numbers of the two are its reason to be.

How many groups there are follows from the numbers: as near the wanted size as the mentors allow, sizes equal within
one. Mentors who are too many lead together, then stand by; mentees for whom mentors are too few wait, make a group one
too large, or form circles of their own, as `leftover` says. Rules hold for every two members of a group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import field, frozen, validators

from mentorkit.core.contracts import (
    Blend,
    Fit,
    Gate,
    Modifier,
    OnLeaving,
    Pool,
    Role,
    few_hours,
    goals_served,
    lack_of,
    short_time,
)
from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError
from mentorkit.core.problems import Occasion
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit.core.shapes import Groups
from mentorkit_models.posing import problem_of
from mentorkit_models.suiting import topics_lacking
from mentorkit_models.two_sided import mentees_with_mentors

_GOALS = {
    "leadership": 2,
    "career-growth": 2,
    "onboarding": 2,
    "knowledge-sharing": 3,
    "inclusion": 2,
    "networks": 2,
    "reach": 3,
}
_BETWEEN = (("mentee", "mentor"), ("mentee", "mentee"), ("mentor", "mentor"))

_FEW_MENTORS = 0.15
"""Places of mentors by mentees from which groups are the best that can be made of both."""

_HALF = 0.5

_FEWEST_TO_GO_ON = 2
"""Mentees without whom a group is none any more."""


@frozen
class GroupSize:
    """How many mentees a group has.

    Attributes:
        min: the fewest with whom a group is formed.
        target: as many as a group should have.
        max: the most.
    """

    min: int = field(default=3, validator=validators.ge(2))
    target: int = field(default=5, validator=validators.ge(2))
    max: int = field(default=8, validator=validators.ge(2))

    def __attrs_post_init__(self) -> None:
        """Check that the three are in order."""
        if not self.min <= self.target <= self.max:
            raise ValueError(f"min, target and max must not fall: {self.min}, {self.target}, {self.max}")


@frozen
class MentorCount:
    """How many mentors a group has.

    Attributes:
        min: the fewest; groups have more only where mentors are left.
        max: the most.
    """

    min: int = field(default=1, validator=validators.ge(1))
    max: int = field(default=2, validator=validators.ge(1))

    def __attrs_post_init__(self) -> None:
        """Check that the two are in order."""
        if self.min > self.max:
            raise ValueError(f"min must not be more than max: {self.min}, {self.max}")


@frozen
class GroupOptions:
    """Options of `group`.

    Attributes:
        mentees: how many mentees a group has.
        mentors: how many mentors a group has.
        leftover: what happens to mentees for whom there is no place: they wait, make groups one too large, or form
            circles of their own without a mentor.
        spread: roster columns in which the mentees of a group should differ, each with the points that a mentee gets
            for the share of their group mates who differ from them.
        on_leaving: what becomes of a group that somebody leaves: it gets somebody else in their place as soon as there
            is somebody, goes on without them, or ends. Where that leaves fewer than two mentees, it ends.
    """

    mentees: GroupSize = field(factory=GroupSize)
    mentors: MentorCount = field(factory=MentorCount)
    leftover: Literal["waitlist", "overfull", "peer-circle"] = "waitlist"
    spread: dict[str, float] = field(factory=lambda: {"department": 10.0})
    on_leaving: OnLeaving = "refill"


class Group:
    """Groups of several mentees with one or more mentors, who lead in turn; the others stand by."""

    name = "group"
    summary = "several mentees with one or more mentors"
    options = GroupOptions
    roles = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
    shape = "groups"
    matcher = "groups"
    template = "group-mentoring"

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        """Return the upper half of the levels as mentors, the rest as mentees."""
        border = len(levels) - len(levels) // 2
        return {"mentor": frozenset(levels[border:]), "mentee": frozenset(levels[:border])}

    def columns(self, options: GroupOptions) -> tuple[str, ...]:
        """Return the columns in which the mentees of a group should differ."""
        return tuple(options.spread)

    def occasions(self, options: GroupOptions, pool: Pool) -> Sequence[Occasion]:
        """Return one occasion with a problem of groups.

        Raises:
            ProgramError: sign-up is over, nobody is in a group yet, and mentees are too few for one.
        """
        waiting = pool.seatings["mentee"]
        mentees = int((~waiting.covered & (waiting.places > 0)).sum())
        if mentees < options.mentees.min and not (pool.signup_open or pool.past or pool.given):
            raise _too_few(mentees, options.mentees.min)
        sizes = Groups(
            mentees=(options.mentees.min, options.mentees.max),
            mentors=(options.mentors.min, options.mentors.max),
            target=options.mentees.target,
            leftover=options.leftover,
            spread=options.spread,
        )
        return (Occasion("match", problem_of(pool, self.shape, *_BETWEEN, details=sizes)),)

    def counted_pairs(
        self,
        options: GroupOptions,  # noqa: ARG002 (always the same)
        members: Sequence[Member],
    ) -> Sequence[tuple[Member, Member]]:
        """Return every mentee with every mentor; in a circle without one, nobody."""
        return mentees_with_mentors(members)

    def facilitator(self, options: GroupOptions, members: Sequence[Member], number: int) -> str:  # noqa: ARG002 (always so)
        """Return the mentor whose turn it is, in a circle without one the member."""
        mentors = [one for one in members if one.role == "mentor"] or list(members)
        return mentors[(number - 1) % len(mentors)].person if mentors else ""

    def on_leaving(
        self,
        options: GroupOptions,
        relationship: Relationship,
        person: str,
    ) -> OnLeaving:
        """Return what the option says, of a mentee who leaves as long as two or more are left."""
        if person in relationship.people("mentor"):
            return options.on_leaving
        left = [one for one in relationship.people("mentee") if one != person]
        return options.on_leaving if len(left) >= _FEWEST_TO_GO_ON else "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return how well it suits: best where mentors are fewer than those who want one, yet enough for groups."""
        mentees, mentors = facts.by_role.get("mentee", 0), facts.by_role.get("mentor", 0)
        places = facts.places.get("mentor", 0)
        ideal = mentees and _FEW_MENTORS * mentees <= places < mentees
        apart = facts.overlap is not None and facts.overlap < _HALF
        return Fit(
            0.0,
            goals=goals_served(_GOALS, goals),
            gates=_numbers(mentees, mentors),
            modifiers=(
                *(
                    [Modifier(1, f"{places:,} places of mentors are too few for pairs and enough for groups")]
                    * bool(ideal)
                ),
                *few_hours(facts, 1, "one hour reaches a whole group"),
                *short_time(facts, -2),
                *([Modifier(-1, "office hours overlap for less than half of the pairs")] * apart),
            ),
            lacks=(
                *lack_of(facts, "manager_id", "nobody is to sit in a group with their own manager"),
                *lack_of(facts, "department", "groups are to be mixed"),
                *topics_lacking(facts),
            ),
            blends=(Blend("peer", "peers help those whom no group has room for"),),
        )


def _numbers(mentees: int, mentors: int) -> tuple[Gate, ...]:
    """Return the gates on how many people there are."""
    usual = GroupOptions()
    if mentees < 2 * usual.mentees.min:
        return (Gate("mentees", f"{mentees:,} people are few for groups; pairs suit them better"),)
    if mentors * usual.mentees.max < mentees:
        most = mentors * usual.mentees.max
        return (Gate("mentors", f"{mentors:,} mentors can take {most:,} of {mentees:,} people into groups"),)
    return ()


def _too_few(mentees: int, fewest: int) -> ProgramError:
    people = "1 person wants" if mentees == 1 else f"{mentees} people want"
    message = f"{people} a mentor, and a group has at least {fewest} of them"
    advice = 'take model.use = "one-on-one" for so few, or let groups be smaller: model.options.mentees.min'
    return ProgramError([error("groups-too-few", message, path="model.use", help=advice)])
