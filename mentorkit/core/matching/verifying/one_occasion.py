"""One occasion of a saved matching, compared with its problem as it is posed today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import attrs
import numpy as np

from mentorkit.core.diagnostics import Diagnostic, error
from mentorkit.core.errors import BrokenPromiseError
from mentorkit.core.history import History
from mentorkit.core.matching.forbidden_pairs import forbidden_pairs
from mentorkit.core.matching.posing import Posed
from mentorkit.core.matching.saved import SavedCertificate, SavedOccasion, places_in, saved_certificate
from mentorkit.core.matching.tasks import Solved, Task, certified, times_over
from mentorkit.core.matching.written_proofs import read
from mentorkit.core.problems import MatchingProblem, Solution
from mentorkit.core.proofs import Proof
from mentorkit.core.relationships import Member, relationship_id

_NAMED = 5
"""Ids that are named of many."""

Found = Iterator[Diagnostic]


class OccasionCheck:
    """One occasion, compared; lives as long as that.

    Attributes:
        solved: what was certified anew, once everything has been looked at; None where it could not be.
    """

    def __init__(self, saved: SavedOccasion, task: Task, posing: Posed, history: History) -> None:
        self.saved = saved
        self.task = task
        self.posing = posing
        self.over = times_over(history)
        self.groups = [tuple(Member(one.id, one.role) for one in each.members) for each in saved.relationships]
        self.solved: Solved | None = None

    @property
    def problem(self) -> MatchingProblem:
        """The problem as it is posed today."""
        return self.task.problem

    def everything(self) -> Found:
        """Yield all differences; what can only be known when others are mended is not looked at."""
        posed_anew = [*self._objective(), *self._people()]
        relationships = [*self._strangers(), *self._ids(), *self._places(), *self._required()]
        yield from posed_anew
        yield from relationships
        if any(one.code == "verify-people" for one in relationships):
            return
        proof = None
        if not posed_anew and self.saved.proof is not None:
            try:
                proof = read(self.saved.proof, self.problem)
            except ValueError as wrong:
                yield error("verify-proof", f"the proof {wrong}")
                posed_anew.append(error("verify-proof", ""))
        yield from self._certified(proof, proven=not posed_anew)

    def _objective(self) -> Found:
        before, now = self.saved.objective, self.problem.objective
        if before != now:
            yield error("verify-program", f"the objective is {', '.join(now)} by now, it was {', '.join(before)}")
        matcher = self.posing.program.matching.matcher.name
        if self.saved.certificate.matcher != matcher:
            told = f'the program names the matcher "{matcher}" by now, it was "{self.saved.certificate.matcher}"'
            yield error("verify-program", told)

    def _people(self) -> Found:
        """Yield who is gone, who is new, and whose number of places is another."""
        before, now = self.saved.places, places_in(self.problem)
        for role in dict.fromkeys((*now, *before)):
            then, today = before.get(role, {}), now.get(role, {})
            for what, people in (
                ("cannot be matched any more", then.keys() - today.keys()),
                ("can be matched by now and could not", today.keys() - then.keys()),
                (
                    "may join another number of relationships by now",
                    {p for p in then if then[p] != today.get(p, then[p])},
                ),
            ):
                if people:
                    yield error("verify-people", f"{role} {_some(people)} {what}")

    def _strangers(self) -> Found:
        for one, group in zip(self.saved.relationships, self.groups, strict=True):
            if not group:
                yield error("verify-people", f"the relationship {one.id} has nobody")
            unknown = [who for who in group if not self._is_there(who)]
            if unknown:
                told = ", ".join(f"{who.role} {who.person}" for who in unknown)
                yield error("verify-people", f"the relationship {one.id} has {told}, who cannot be matched")

    def _is_there(self, member: Member) -> bool:
        seating = self.problem.seatings.get(member.role)
        return seating is not None and member.person in seating.index

    def _ids(self) -> Found:
        for one, group in zip(self.saved.relationships, self.groups, strict=True):
            expected = relationship_id(self.posing.program.id, group, self.over[frozenset(group)])
            if one.id != expected:
                yield error("verify-relationship", f"the relationship {one.id} has other members than its id says")

    def _places(self) -> Found:
        used = Counter(member for group in self.groups for member in group)
        free = places_in(self.problem)
        for member, times in sorted(used.items()):
            places = free.get(member.role, {}).get(member.person, times)
            if times > places:
                told = f"{member.role} {member.person} is in {times} relationships and may join {places}"
                yield error("verify-relationship", told)

    def _required(self) -> Found:
        together = {frozenset(pair) for group in self.groups for pair in _pairs(group)}
        for (first, second), pairs in self.problem.required.items():
            for a, b in pairs:
                if frozenset((Member(a, first), Member(b, second))) not in together:
                    yield error("verify-relationship", f"{first} {a} and {second} {b} must be together and are not")

    def _certified(self, proof: Proof | None, *, proven: bool) -> Found:
        """Yield what certifying anew finds; without a proof to look at, only scores and rules."""
        solution = self._solution(proof, exact=proven and self.saved.certificate.exact)
        name = f"{self.posing.program.matching.matcher.name} of the file"
        try:
            solved = certified(self.posing, self.task, solution, name)
        except BrokenPromiseError as broken:
            found = [
                error("verify-relationship", f"{first} {a} and {second} {b} are together, and {rules} forbids it")
                for first, a, second, b, rules in forbidden_pairs(self.problem, self.groups)
            ]
            yield from found or [error("verify-proof", f"the result {broken.what}")]
            if proven and not found:
                yield from self._certified(None, proven=False)
            return
        yield from self._scores(solved)
        if proven:
            self.solved = solved
            yield from self._claims(saved_certificate(solved.certificate))

    def _solution(self, proof: Proof | None, *, exact: bool) -> Solution:
        roles = {role: number for number, role in enumerate(self.problem.seatings)}
        flat = [
            (number, roles[one.role], self.problem.seatings[one.role].index[one.person])
            for number, group in enumerate(self.groups)
            for one in group
        ]
        group, seating, person = np.array(flat, dtype=np.int64).reshape(-1, 3).T
        slots = [one.slot for one in self.saved.relationships]
        timed = [slot for slot in slots if slot is not None]
        slot = np.array(timed, dtype=np.int64)[group] if timed and len(timed) == len(slots) else None
        return Solution(group, seating, person, exact, proof, slot, self.saved.said)

    def _scores(self, solved: Solved) -> Found:
        for one, group in zip(self.saved.relationships, solved.groups, strict=True):
            if one.score != group.score:
                yield error(
                    "verify-score", f"the relationship {one.id} scores {group.score}, the file says {one.score}"
                )
            if one.slot != group.slot:
                yield error("verify-relationship", f"the relationship {one.id} has a slot, and others have none")

    def _claims(self, now: SavedCertificate) -> Found:
        before = self.saved.certificate
        for name in (one.name for one in attrs.fields(SavedCertificate)):
            said, proven = getattr(before, name), getattr(now, name)
            if said != proven or type(said) is not type(proven):
                yield error("verify-certificate", f"{name} is {_word(proven)}, the file says {_word(said)}")


def _pairs(group: Sequence[Member]) -> Iterable[tuple[Member, Member]]:
    return ((one, other) for number, one in enumerate(group) for other in group[number + 1 :])


def _some(people: Iterable[str]) -> str:
    """Return a few ids, and how many more there are."""
    ordered = sorted(people)
    more = f" and {len(ordered) - _NAMED:,} more" if len(ordered) > _NAMED else ""
    return ", ".join(ordered[:_NAMED]) + more


def _word(value: object) -> str:
    if value is None:
        return "unknown"
    return f"{value:,}" if type(value) in (int, float) else str(value)
