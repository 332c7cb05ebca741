"""What every result must keep whatever its shape: real people, free places, required pairs, nobody twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from attrs import frozen

from mentorkit.core.errors import BrokenPromiseError
from mentorkit.core.problems import MatchingProblem, Solution
from mentorkit.core.relationships import Member


@frozen
class Broken:
    """Who to name when a promise is broken."""

    matcher: str
    occasion: str

    def promise(self, what: str) -> BrokenPromiseError:
        """Return the error to raise; `what` goes on after "a result that"."""
        told = f"the matcher {self.matcher} returned a result for {self.occasion} that {what}; nothing of it is used"
        return BrokenPromiseError(told, what)


def members_of(problem: MatchingProblem, solution: Solution, broken: Broken) -> list[tuple[Member, ...]]:
    """Return each group's members, by role as the problem lists them, then by person."""
    seatings = list(problem.seatings.values())
    if not len(solution.group) == len(solution.seating) == len(solution.person):
        raise broken.promise("has arrays of different lengths")
    found: dict[int, list[tuple[int, str]]] = {}
    for number, seating, person in zip(
        solution.group.tolist(), solution.seating.tolist(), solution.person.tolist(), strict=True
    ):
        if not 0 <= seating < len(seatings) or not 0 <= person < len(seatings[seating].people):
            raise broken.promise(f"names person {person} of role number {seating}, who does not exist")
        found.setdefault(number, []).append((seating, seatings[seating].people[person]))
    return [
        tuple(Member(person, seatings[seating].role) for seating, person in sorted(found[number]))
        for number in sorted(found)
    ]


def check_places(problem: MatchingProblem, groups: Sequence[tuple[Member, ...]], broken: Broken) -> None:
    """Refuse people who are in a relationship twice or have no place left, and relationships that are there twice."""
    for group in groups:
        if len({member.person for member in group}) < len(group):
            raise broken.promise(f"has somebody twice in one relationship ({named(group)})")
    twice = [group for group, times in Counter(groups).items() if times > 1]
    if twice:
        raise broken.promise(f"has the same relationship twice ({named(twice[0])})")
    used = Counter(member for group in groups for member in group)
    for seating in problem.seatings.values():
        for person, places in zip(seating.people, seating.places.tolist(), strict=True):
            if used[Member(person, seating.role)] > places:
                raise broken.promise(f"places {seating.role} {person} more often than the {places} times allowed")


def slots_of(
    problem: MatchingProblem, solution: Solution, groups: Sequence[tuple[Member, ...]], broken: Broken
) -> tuple[int | None, ...]:
    """Return the slot of each group, after refusing slots that somebody cannot, or in which somebody is twice."""
    if solution.slot is None:
        return (None,) * len(groups)
    found: dict[int, set[int]] = {}
    for group, slot in zip(solution.group.tolist(), solution.slot.tolist(), strict=True):
        found.setdefault(group, set()).add(slot)
    busy: set[tuple[str, int]] = set()
    slots = []
    for members, number in zip(groups, sorted(found), strict=True):
        if len(found[number]) != 1:
            raise broken.promise(f"has one relationship in several slots ({named(members)})")
        (slot,) = found[number]
        for member in members:
            seating = problem.seatings[member.role]
            row = seating.index[member.person]
            if seating.open is None or not 0 <= slot < seating.open.shape[1] or not seating.open[row, slot]:
                raise broken.promise(f"has {member.role} {member.person} in slot {slot}, in which they cannot meet")
            if (member.person, slot) in busy:
                raise broken.promise(f"has {member.role} {member.person} in slot {slot} twice")
            busy.add((member.person, slot))
        slots.append(slot)
    return tuple(slots)


def check_required(problem: MatchingProblem, groups: Sequence[tuple[Member, ...]], broken: Broken) -> None:
    """Refuse a result without one of the required pairs."""
    together = {pair for group in groups for a, b in combinations(group, 2) for pair in ((a, b), (b, a))}
    for (first, second), pairs in problem.required.items():
        for a, b in pairs:
            if (Member(a, first), Member(b, second)) not in together:
                raise broken.promise(f"leaves out the required pair of {first} {a} and {second} {b}")


def named(group: Iterable[Member]) -> str:
    """Return members as words."""
    return ", ".join(f"{member.role} {member.person}" for member in group)
