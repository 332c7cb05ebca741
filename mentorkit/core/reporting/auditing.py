"""Whether a matching serves everybody alike: match rate and mean score by the values of a roster column.

Nothing of it goes into the matching. A group of fewer people than may be shown is withheld, and others with it where
its number could be worked out by subtraction; the same holds for the mean score of few matched people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import ceil
from statistics import fmean
from typing import Literal

from attrs import frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.conditions import Value
from mentorkit.core.counted import has_score
from mentorkit.core.program import Program
from mentorkit.core.relationships import Matching, Member
from mentorkit.core.reporting.small_cells import withheld
from mentorkit.core.roster import Roster

_MOST_NUMBERS = 10
"""Distinct numbers or years of a column that are told apart one by one; more are joined with their neighbors."""

_JOINED = 5
"""Into about so many groups they are joined."""


@frozen
class AuditGroup:
    """The served people who have a value in the column.

    Attributes:
        value: as the roster says it (tags joined, a range of numbers, years or steps of an ordinal scale);
            None: an empty cell.
        people: how many there are, never a small number.
        matched: how many of them are in a relationship.
        mean_score: of those who are matched, each with the mean over their relationships; None where nobody is, or
            where it could give away the score of a few.
    """

    value: str | None
    people: int
    matched: int
    mean_score: float | None

    @property
    def match_rate(self) -> float:
        """Return the share of them that is matched."""
        return self.matched / self.people


@frozen
class Use:
    """What of the matching reads the audited column: a criterion or rule by name, or the matcher, model or scope."""

    what: Literal["criterion", "rule", "matcher", "model", "scope", "role"]
    name: str


@frozen
class Audit:
    """A column's groups.

    Attributes:
        everybody: all served people together; None where even they are too few to be shown.
        groups: those that can be shown, in the order of the values; an empty cell comes last.
        withheld: how many groups are not shown.
        used_by: what of the program reads the column, so that differences may be wanted.
    """

    column: str
    everybody: AuditGroup | None
    groups: tuple[AuditGroup, ...]
    withheld: int
    used_by: tuple[Use, ...]


@frozen
class _Served:
    """A served person: whether they are matched, and the mean score of their relationships; None where none has one."""

    value: Value | None
    matched: bool = False
    score: float | None = None


def audit(
    program: Program, roster: Roster, catalogue: Catalogue, served: Iterable[str], matching: Matching, column: str
) -> Audit:
    """Return match rate and mean score of those with a served role who are matched or unmatched, by a column's values.

    Args:
        program: resolved; `[privacy] small_cells` is the fewest people that are shown.
        roster: everybody.
        catalogue: where rules, matcher, model and scope say which columns they read.
        served: the served roles.
        matching: new and given relationships count alike.
        column: one that the roster has.
    """
    small = program.privacy.small_cells
    people = _served(program, roster, frozenset(served), matching, column)
    everybody = _group(None, people)
    sorted_out = _sorted_out(people, small, _scale_of(program, column))
    sizes = withheld([len(members) for _, members in sorted_out], small)
    scored = withheld([sum(one.score is not None for one in members) for _, members in sorted_out], small)
    shown = tuple(
        _group(value, members, tell_score=number is not None)
        for (value, members), size, number in zip(sorted_out, sizes, scored, strict=True)
        if size is not None
    )
    uses = tuple(_uses(program, catalogue, column))
    enough = everybody if everybody.people >= small else None
    return Audit(column, enough, shown if enough else (), sizes.count(None) if enough else len(sizes), uses)


def _served(program: Program, roster: Roster, roles: frozenset[str], matching: Matching, column: str) -> list[_Served]:
    scores: dict[Member, list[float]] = {}
    for one in (*matching.relationships, *matching.given):
        for member in one.members:
            if member.role in roles and member.person in roster.by_id:
                own = scores.setdefault(member, [])
                own += [one.score] if has_score(one, program.model.roles) else []
    placed = [
        _Served(_value(roster, member.person, column), matched=True, score=fmean(found) if found else None)
        for member, found in scores.items()
    ]
    return placed + [_Served(_value(roster, one.person, column)) for one in matching.unmatched]


def _value(roster: Roster, person: str, column: str) -> Value | None:
    return person if column == "id" else roster.by_id[person].values.get(column)


def _group(value: str | None, members: Sequence[_Served], *, tell_score: bool = True) -> AuditGroup:
    scores = sorted(one.score for one in members if one.score is not None)
    mean = round(fmean(scores), 1) if scores and tell_score else None
    return AuditGroup(value, len(members), sum(one.matched for one in members), mean)


def _scale_of(program: Program, column: str) -> tuple[str, ...]:
    """Return the words of an ordinal column, lowest first; none where it has no scale, or files differ in theirs."""
    recipes = [source.columns[column] for source in program.roster.sources if column in source.columns]
    scales = {recipe.order for recipe in recipes}
    return scales.pop() if len(scales) == 1 else ()


def _sorted_out(people: Sequence[_Served], small: int, scale: Sequence[str]) -> list[tuple[str | None, list[_Served]]]:
    """Return the people by value, in the order of the values; few people and many numbers are joined to ranges."""
    of_scale: dict[float, list[_Served]] = {}
    of_words: dict[str, list[_Served]] = {}
    spelled: dict[str, str] = {}
    for one in people:
        number = one.value.year if isinstance(one.value, date) else one.value
        if isinstance(number, (int, float)):
            of_scale.setdefault(number, []).append(one)
        else:
            words = _words(one.value)
            folded = words.casefold()
            of_words.setdefault(folded, []).append(one)
            spelled[folded] = min(spelled.get(folded, words), words)
    by_words = sorted(of_words.items(), key=lambda item: (item[0] == "", item[0]))
    return [*_ranges(of_scale, small, scale), *((spelled[folded] or None, members) for folded, members in by_words)]


def _words(value: Value | None) -> str:
    if isinstance(value, frozenset):
        return "; ".join(sorted(value))
    return "" if value is None else str(value)


def _ranges(
    of_scale: Mapping[float, list[_Served]], small: int, scale: Sequence[str]
) -> Iterable[tuple[str | None, list[_Served]]]:
    numbers = sorted(of_scale)
    together = small
    if len(numbers) > _MOST_NUMBERS:
        together = max(small, ceil(sum(map(len, of_scale.values())) / _JOINED))
    joined: list[list[float]] = []
    for number in numbers:
        if not joined or sum(len(of_scale[one]) for one in joined[-1]) >= together:
            joined.append([])
        joined[-1].append(number)
    if len(joined) > 1 and sum(len(of_scale[one]) for one in joined[-1]) < together:
        joined[-2:] = [joined[-2] + joined[-1]]
    for some in joined:
        low, high = _said(some[0], scale), _said(some[-1], scale)
        yield low if low == high else f"{low} to {high}", [one for number in some for one in of_scale[number]]


def _said(value: float, scale: Sequence[str]) -> str:
    if value in range(1, len(scale) + 1):
        return scale[int(value) - 1]
    return str(int(value)) if value == int(value) else str(value)


def _uses(program: Program, catalogue: Catalogue, column: str) -> Iterable[Use]:
    """Yield what of the matching reads a column."""
    for role, conditions in program.roster.roles.items():
        if column in conditions:
            yield Use("role", role)
    for criterion in program.matching.criteria:
        if column in (criterion.left, criterion.right, *criterion.only_if):
            yield Use("criterion", criterion.name)
    for rule in program.matching.rules:
        if column in catalogue.rules[rule.kind].implementation.columns(rule.options):
            yield Use("rule", rule.name)
    matcher, model, scope = program.matching.matcher, program.model.use, program.model.scope
    if column in catalogue.matchers[matcher.name].implementation.columns(matcher.options):
        yield Use("matcher", matcher.name)
    if column in catalogue.models[model.name].implementation.columns(model.options):
        yield Use("model", model.name)
    if scope and column in catalogue.scopes[scope.name].implementation.columns(scope.options):
        yield Use("scope", scope.name)
