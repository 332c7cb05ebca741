"""What a model tells a matcher beside people and scores: one class for each shape of problem that comes with mentorkit.

`two-sided` and `preferences` need nothing beside the seatings: capacities are their places. A model with a shape of
its own puts whatever its matcher reads into `MatchingProblem.details`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

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
class CirclePlan:
    """How many circles there are and how large they are.

    Attributes:
        circles: how many there are; 0: too few people for one.
        placed: how many people are in circles.
    """

    circles: int
    placed: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes, ascending, equal within one."""
        if not self.circles:
            return ()
        small, larger = divmod(self.placed, self.circles)
        return (small,) * (self.circles - larger) + (small + 1,) * larger


@frozen
class Circles:
    """Of shape `circles`: one role, everybody in one circle of peers at most, in which every two count.

    Attributes:
        sizes: the fewest and the most people of a circle, at least 2.
        target: how many a circle should have; None: halfway between the fewest and the most, rounded down.
    """

    sizes: tuple[int, int] = (3, 8)
    target: int | None = None

    def plans(self, people: int) -> tuple[CirclePlan, ...]:
        """Return the ways to part so many people into circles, the usual one first: as near the target as can be.

        All ways place as many people as possible; their sizes are equal within one.
        """
        fewest, most = self.sizes
        target = self.target or (fewest + most) // 2
        possible = people // fewest
        placed = min(people, possible * most)
        if not placed:
            return (CirclePlan(0, 0),)
        usual = (2 * placed + target) // (2 * target)
        counts = range(-(-placed // most), possible + 1)
        return tuple(CirclePlan(one, placed) for one in sorted(counts, key=lambda one: (abs(one - usual), -one)))


@frozen
class GroupPlan:
    """How many groups there are and what they hold.

    Attributes:
        groups: how many there are; 0: too few people for one.
        placed: how many mentees are in groups.
        mentees: the fewest and the most mentees of a group.
        mentors: how many mentors are in groups, as evenly over them as possible.
    """

    groups: int
    placed: int
    mentees: tuple[int, int]
    mentors: int


@frozen
class Groups:
    """Of shape `groups`: the people of one served role (mentees) with those of a role that offers (mentors) in groups.

    `MatchingProblem.pairs` holds scores of mentees and mentors, and may hold those of mentees among each other and of
    mentors among each other, whose rules then hold in groups, too. A mentee is in one group at a time. A mentor's
    places are how many groups they may be in; they are in one, and in further ones only where mentors are too few.

    Attributes:
        mentees: the fewest and the most mentees of a group.
        mentors: the fewest and the most mentors of a group.
        target: how many mentees a group should have; None: halfway between the fewest and the most, rounded down.
        leftover: who has no place in a group of the allowed size waits, or joins a group that gets one too many, or is
            in a circle: a group of an allowed size without a mentor, whose members have no points.
        spread: roster columns in which the mentees of a group should differ, each with the points that a mentee gets
            for the share of their group mates who differ from them.
    """

    mentees: tuple[int, int] = (3, 8)
    mentors: tuple[int, int] = (1, 2)
    target: int | None = None
    leftover: Literal["waitlist", "overfull", "peer-circle"] = "waitlist"
    spread: Mapping[str, float] = field(factory=dict)

    @property
    def most(self) -> int:
        """The most mentees that a group ever has, one too many included where that is allowed."""
        return self.mentees[1] + (self.leftover == "overfull")

    def plan(self, mentees: int, mentors: int, places: int) -> GroupPlan:
        """Return the usual groups of so many people: as near the target as possible, their sizes equal within one.

        Args:
            mentees: how many could be placed.
            mentors: how many could lead them.
            places: how many groups the mentors may be in altogether.
        """
        fewest, most = self.mentees
        target = self.target or (fewest + most) // 2
        needed = -(-mentees // most)
        leading = max(mentors // self.mentors[0], min(places // self.mentors[0], needed))
        possible = min(leading, mentees // fewest)
        groups = min(max((2 * mentees + target) // (2 * target), needed), possible)
        if groups <= 0:
            return GroupPlan(0, 0, (0, 0), 0)
        placed = min(mentees, groups * (self.most if groups < needed else most))
        seated = min(max(mentors, groups * self.mentors[0]), groups * self.mentors[1])
        return GroupPlan(groups, placed, (placed // groups, -(-placed // groups)), seated)

    def circles_of(self, people: int) -> tuple[int, ...]:
        """Return the sizes of circles of so many people, equal within one; who is too many or too few has no place."""
        fewest, most = self.mentees
        target = self.target or (fewest + most) // 2
        circles = min(max((2 * people + target) // (2 * target), -(-people // most)), people // fewest)
        placed = min(people, circles * most)
        return tuple((placed + number) // circles for number in range(circles))

    def most_placed(self, mentees: int) -> int:
        """Return how many of so many people can be in groups or circles at most, however many mentors there are."""
        return min(mentees, mentees // self.mentees[0] * self.most)

    def most_groups(self, mentees: int, places: int) -> int:
        """Return how many groups there can be at most."""
        return min(places // self.mentors[0], mentees // self.mentees[0])


@frozen
class Slots:
    """Of shape `slots`: meetings of a mentor and a mentee at one of several times.

    Who can meet when is in the seatings (`Seating.open`); a mentor's places are how many meetings they give at most, a
    mentee's how many they get. Nobody has two meetings at one time, and no two people meet twice.

    Where several mentees sit with a mentor in one slot (`seats`), they are one relationship, and a mentor's places are
    the slots in which they meet anybody.

    Attributes:
        names: what the slots are called, in order of time.
        rotate: whether everybody is to meet somebody in as many slots as possible (an event with rounds).
        seats: how many mentees a mentor meets in one slot at most.
        times: when each slot begins, UTC, aware; () where slots are no moments.
    """

    names: tuple[str, ...]
    rotate: bool = False
    seats: int = 1
    times: tuple[datetime, ...] = ()


def slot_name(details: Any, slot: int | None) -> str:
    """Return what a slot is called: "" for none, its number from 1 where a model gives its slots no names."""
    if slot is None:
        return ""
    return details.names[slot] if isinstance(details, Slots) and slot < len(details.names) else str(slot + 1)


def slot_time(details: Any, slot: int | None) -> datetime | None:
    """Return when a slot begins, UTC, aware; None where a model gives its slots no times."""
    timed = slot is not None and isinstance(details, Slots) and slot < len(details.times)
    return details.times[slot] if timed and slot is not None else None


@frozen
class Teams:
    """Of shape `teams`: members of several roles.

    `MatchingProblem.pairs` holds scores of some pairs of roles, whose rules hold in teams. A served member's points are
    the mean of the scores with all members of the roles that theirs is paired with; pairs without a served member
    count for nobody. Places are how many teams somebody may be in.

    Attributes:
        counts: how many members of each role a team has, at least 1 of each.
    """

    counts: Mapping[str, int]

    def most_teams(self, places: Mapping[str, Sequence[int]]) -> int:
        """Return how many complete teams people with so many places could fill, by role, if everybody were allowed."""
        most = min((sum(places[role]) // count for role, count in self.counts.items()), default=0)
        while any(sum(min(one, most) for one in places[role]) < count * most for role, count in self.counts.items()):
            most -= 1
        return most
