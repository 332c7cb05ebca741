"""The model `peer`: colleagues of similar level help each other, in pairs or circles, or a buddy helps a newcomer.

Pairs may be matched anew in rounds, in which nobody meets the same person twice as long as that is possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Literal

from attrs import Attribute, field, frozen, validators

from mentorkit.core.contracts import (
    Caution,
    CheckFacts,
    Fit,
    Gate,
    Modifier,
    OnLeaving,
    Pool,
    Role,
    Round,
    Variant,
    goals_served,
)
from mentorkit.core.moments import add_length, parse_cadence, parse_length
from mentorkit.core.problems import Occasion
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit.core.shapes import Circles, Peers, Played
from mentorkit_models.posing import problem_of
from mentorkit_models.suiting import topics_lacking

_GOALS = {
    "leadership": 1,
    "career-growth": 1,
    "onboarding": 3,
    "knowledge-sharing": 2,
    "inclusion": 2,
    "networks": 2,
    "confidential": 1,
    "reach": 3,
    "quick-win": 1,
}

_AMONG = ("peer", "peer")
_TO_BUDDIES = ("newcomer", "buddy")

_PAIR = 2

_MANY = 4
"""Who has fewer others to be with hardly meets anybody new."""


@frozen
class CircleSize:
    """How many people a circle has.

    Attributes:
        min: the fewest; a circle that has lost more ends.
        target: how many it should have.
        max: the most.
    """

    min: int = field(default=3, validator=validators.ge(2))
    target: int = 5
    max: int = 8

    def __attrs_post_init__(self) -> None:
        """Refuse sizes out of order.

        Raises:
            ValueError: the target lies outside of fewest and most.
        """
        if not self.min <= self.target <= self.max:
            raise ValueError(f"min {self.min}, target {self.target}, max {self.max}: they must not decrease")


def _a_length(options: PeerOptions, _: Attribute[str], lasts: str) -> None:
    if not lasts:
        return
    if options.form != "buddies":
        raise ValueError("lasts is for buddies; pairs may have rounds")
    parse_length(lasts)


def _a_cadence(options: PeerOptions, _: Attribute[str], rounds: str) -> None:
    if not rounds:
        return
    if options.form != "pairs":
        raise ValueError(f"rounds are for pairs; {options.form} stay together")
    parse_cadence(rounds)


def _of_circles(options: PeerOptions, _: Attribute[OnLeaving], answer: OnLeaving) -> None:
    if answer != "refill" and options.form != "circles":
        raise ValueError("on_leaving is for circles; a pair ends with either of the two")


@frozen
class PeerOptions:
    """Options of `peer`.

    Attributes:
        form: pairs, circles, or pairs of a newcomer and a buddy.
        odd: what happens to the one who is left over by pairs: they make a trio of one, or wait.
        circle: how many people a circle has.
        lasts: "" for buddies for as long as the program; else for how long they stay together, such as "90 days".
        rounds: "" for pairs that last as long as the program; else how long each lasts, such as "every 2 weeks".
        on_leaving: what becomes of a circle that somebody leaves: it gets somebody else in their place as soon as there
            is somebody, goes on without them, or ends; with fewer than `circle.min` left it ends in any case. A pair
            ends, and a trio goes on as a pair.
    """

    form: Literal["pairs", "circles", "buddies"] = "pairs"
    odd: Literal["trio", "leave-out"] = "trio"
    circle: CircleSize = field(factory=CircleSize)
    lasts: str = field(default="", validator=_a_length)
    rounds: str = field(default="", validator=_a_cadence)
    on_leaving: OnLeaving = field(default="refill", validator=_of_circles)


class Peer:
    """Pairs, circles, or newcomers with their buddies."""

    name = "peer"
    summary = "colleagues of similar level help each other"
    options = PeerOptions
    roles = (Role("peer", "peer", served=True),)
    shape = "peers"
    matcher = "peers"
    template = "peer-mentoring"

    def variant(self, options: PeerOptions) -> Variant:
        """Return the roles, and the matcher for the form and for rounds."""
        if options.form == "buddies":
            roles = (Role("buddy", "mentor", served=False), Role("newcomer", "mentee", served=True))
            return Variant(roles, "optimal", _nobody_by_level, "two-sided")
        if options.form == "circles":
            return Variant(self.roles, "circles", shape="circles")
        return Variant(self.roles, "rotation" if options.rounds else "peers")

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        """Return everybody as a peer."""
        return {"peer": frozenset(levels)}

    def columns(self, options: PeerOptions) -> tuple[str, ...]:  # noqa: ARG002 (always the same)
        """Return none."""
        return ()

    def rounds(self, options: PeerOptions, starts: date, ends: date) -> Sequence[Round]:
        """Return whole rounds, one right after the other, from the first day on."""
        return list(_rounds(options.rounds, starts, ends)) if options.rounds else ()

    def cautions(self, options: PeerOptions, facts: CheckFacts) -> Sequence[Caution]:
        """Return that rounds longer than the program are none, and that buddies stay no longer than it lasts."""
        return list(_cautions(options, facts))

    def occasions(self, options: PeerOptions, pool: Pool) -> Sequence[Occasion]:
        """Return one occasion: a problem of pairs, of circles or of newcomers and buddies, or of the round to match."""
        between = _TO_BUDDIES if options.form == "buddies" else _AMONG
        shape = self.variant(options).shape or self.shape
        problem = problem_of(pool, shape, between, details=_details(options, pool))
        return (Occasion("match", problem, until=_last_day(options, pool)),)

    def counted_pairs(
        self,
        options: PeerOptions,  # noqa: ARG002 (the roles tell)
        members: Sequence[Member],
    ) -> Sequence[tuple[Member, Member]]:
        """Return every newcomer with every buddy, or every two peers."""
        if any(one.role == "peer" for one in members):
            return list(combinations(members, 2))
        buddies = [one for one in members if one.role == "buddy"]
        return [(one, buddy) for one in members if one.role == "newcomer" for buddy in buddies]

    def facilitator(self, options: PeerOptions, members: Sequence[Member], number: int) -> str:
        """Return who leads a session of a circle: everybody in turn; pairs lead themselves."""
        if options.form != "circles" or not members:
            return ""
        return members[(number - 1) % len(members)].person

    def on_leaving(
        self,
        options: PeerOptions,
        relationship: Relationship,
        person: str,  # noqa: ARG002 (all are alike)
    ) -> OnLeaving:
        """Return that pairs end, newcomers with their buddy too; trios go on, circles as the option says."""
        left = len(relationship.members) - 1
        if options.form == "circles":
            return options.on_leaving if left >= options.circle.min else "end"
        return "continue" if options.form == "pairs" and left >= _PAIR else "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return how well it suits: it needs nobody senior, only enough people."""
        return Fit(
            0.0,
            goals=goals_served(_GOALS, goals),
            gates=tuple(_gates(facts)),
            modifiers=tuple(_modifiers(facts)),
            lacks=topics_lacking(facts),
        )


def _nobody_by_level(levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
    """Return nobody: a level says nothing about how long somebody has been there."""
    del levels
    return {"buddy": frozenset(), "newcomer": frozenset()}


def _last_day(options: PeerOptions, pool: Pool) -> date | None:
    if not options.lasts:
        return None
    begins = max(pool.starts, pool.counts_from or pool.today or pool.starts)
    return add_length(begins, parse_length(options.lasts)) - timedelta(days=1)


def _details(options: PeerOptions, pool: Pool) -> Peers | Circles | None:
    if options.form == "buddies":
        return None
    if options.form == "circles":
        return Circles((options.circle.min, options.circle.max), options.circle.target)
    return Peers(options.odd, _played(pool) if options.rounds else ())


def _played(pool: Pool) -> tuple[Played, ...]:
    """Return who met in each round so far, oldest first."""
    rounds: dict[str, list[tuple[str, ...]]] = {}
    for one in pool.past:
        rounds.setdefault(one.relationship.occasion, []).append(one.relationship.people())
    return tuple(tuple(groups) for groups in rounds.values())


def _rounds(every: str, starts: date, ends: date) -> Iterator[Round]:
    step, on = parse_cadence(every), starts
    while (after := add_length(on, step)) <= ends + timedelta(days=1):
        yield Round(f"round-{on.isoformat()}", on, after - timedelta(days=1))
        on = after


def _cautions(options: PeerOptions, facts: CheckFacts) -> Iterator[Caution]:
    if options.rounds and next(_rounds(options.rounds, facts.starts, facts.ends), None) is None:
        told = f"no round of {options.rounds.removeprefix('every ')} fits into the program, which ends on {facts.ends}"
        help_ = "make rounds shorter or the program longer, or leave rounds out"
        yield Caution(f"{told}: people are matched once, for all of it", help_, "rounds")
    if options.lasts and add_length(facts.starts, parse_length(options.lasts)) > facts.ends + timedelta(days=1):
        told = f"the program ends on {facts.ends}, before anybody had a buddy for {options.lasts}"
        yield Caution(f"{told}: all of them end with it", "make lasts shorter or the program longer", "lasts")


def _gates(facts: RosterFacts) -> Iterator[Gate]:
    people = facts.by_role.get("peer", facts.people)
    if people < _MANY:
        yield Gate("few-people", f"{people} people are too few to choose whom to be with", blocks=people < 2)


def _modifiers(facts: RosterFacts) -> Iterator[Modifier]:
    if facts.levels < 2:
        yield Modifier(1, "nobody stands above anybody")
