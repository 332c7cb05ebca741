"""What a model tells a matcher beside people and scores: one class for each shape of problem that comes with mentorkit.

`two-sided` and `preferences` need nothing beside the seatings: capacities are their places. A model with a shape of
its own puts whatever its matcher reads into `MatchingProblem.details`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

Played = tuple[tuple[str, ...], ...]
"""One round that was played: who met, as tuples of ids."""


@frozen
class Peers:
    """Of shape `peers`: one role, pairs of equals.

    Attributes:
        odd: what happens when somebody is left over because the number is odd: they join the pair that suits all three
            best, or are left out.
        rounds: rounds played before, oldest first, for a matcher that rotates.
    """

    odd: Literal["trio", "leave-out"] = "trio"
    rounds: tuple[Played, ...] = ()


@frozen
class Groups:
    """Of shape `groups`: mentors and mentees in groups.

    Attributes:
        mentees: the fewest and the most mentees of a group.
        mentors: the fewest and the most mentors of a group.
        target: how many mentees a group should have; None: halfway between the fewest and the most.
        leftover: who has no place in a group of the allowed size waits, or joins a group that gets one too many.
        spread: roster columns in which the mentees of a group should differ, each with the points that a mentee gets
            for the share of their group mates who differ from them.
    """

    mentees: tuple[int, int] = (3, 8)
    mentors: tuple[int, int] = (1, 2)
    target: int | None = None
    leftover: Literal["waitlist", "overfull"] = "waitlist"
    spread: Mapping[str, float] = field(factory=dict)


@frozen
class Slots:
    """Of shape `slots`: meetings of a mentor and a mentee at one of several times.

    Who can meet when is in the seatings (`Seating.open`); a mentor's places are how many meetings they give at most, a
    mentee's how many they get. Nobody has two meetings at one time, and no two people meet twice.

    Attributes:
        names: what the slots are called, in order of time.
        rotate: whether everybody is to meet somebody in as many slots as possible (an event with rounds).
    """

    names: tuple[str, ...]
    rotate: bool = False


@frozen
class Teams:
    """Of shape `teams`: members of several roles.

    Attributes:
        counts: how many members of each role a team has.
    """

    counts: Mapping[str, int]
