"""Few pairs out of very many, as blocks."""

from __future__ import annotations

from collections.abc import Iterable

from mentorkit.core.contracts import Group
from mentorkit.core.matching.pair_sets import PairSet, as_pairs


def either_way(pairs: Iterable[tuple[str, str]], wanting: Group, offering: Group) -> tuple[tuple[str, str], ...]:
    """Return the pairs that stand between the two groups, as (wanting, offering) ids, each once, in their order."""
    first = {person.id for person in wanting.people}
    second = {person.id for person in offering.people}
    both = [one for a, b in pairs for one in ((a, b), (b, a)) if a != b and one[0] in first and one[1] in second]
    return tuple(dict.fromkeys(both))


def only(pairs: Iterable[tuple[str, str]], wanting: Group, offering: Group) -> PairSet:
    """Return the set of exactly these pairs of ids (wanting, offering)."""
    first = {person.id: index for index, person in enumerate(wanting.people)}
    second = {person.id: index for index, person in enumerate(offering.people)}
    return PairSet((len(first), len(second)), as_pairs([(first[a], second[b]) for a, b in pairs]))
