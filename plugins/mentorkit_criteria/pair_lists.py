"""Rules about named pairs: `always`, `never` and `not-matched-before`. The order of the two ids does not matter."""

from __future__ import annotations

from datetime import date

from attrs import Attribute, field, frozen

from mentorkit.core.contracts import Group, PairTable, RuleFacts, Ruling
from mentorkit.core.moments import add_length, parse_length
from mentorkit.core.program import Length
from mentorkit_criteria.sparse_pairs import either_way, only


@frozen
class PairOptions:
    """Options of `always` and `never`: the pairs."""

    pairs: PairTable = field(factory=PairTable)


def _is_length(_instance: object, _attribute: Attribute[str], text: str) -> None:
    if text:
        parse_length(text)


@frozen
class PastOptions:
    """Options of `not-matched-before`.

    Attributes:
        pairs: past pairs from elsewhere, with the day each ended; without a day it counts as if it had just ended.
        within: only what ended within this time before the program's start counts, `2 years`; empty: everything.
    """

    pairs: PairTable = field(factory=PairTable)
    within: str = field(default="", validator=_is_length)


class Always:
    """These pairs are part of every result."""

    name = "always"
    summary = "these pairs must be matched"
    options = PairOptions

    def columns(self, options: PairOptions) -> tuple[str, ...]:  # noqa: ARG002 (reads none)
        """Return none."""
        return ()

    def prepare(self, options: PairOptions, wanting: Group, offering: Group, facts: RuleFacts) -> Ruling:  # noqa: ARG002 (needs no facts)
        """Require the pairs."""
        named = _ids(options.pairs)
        nobody = only((), wanting, offering)
        required = either_way(named, wanting, offering)
        return Ruling(nobody.block, required=required, named=named, pairs=nobody.index)


class Never:
    """These pairs are part of no result, whatever else is said."""

    name = "never"
    summary = "these pairs must not be matched"
    options = PairOptions

    def columns(self, options: PairOptions) -> tuple[str, ...]:  # noqa: ARG002 (reads none)
        """Return none."""
        return ()

    def prepare(self, options: PairOptions, wanting: Group, offering: Group, facts: RuleFacts) -> Ruling:  # noqa: ARG002 (needs no facts)
        """Forbid the pairs."""
        named = _ids(options.pairs)
        apart = only(either_way(named, wanting, offering), wanting, offering)
        return Ruling(apart.block, overrides=True, named=named, pairs=apart.index)


class NotMatchedBefore:
    """People who were matched already, here or in the listed pairs, are not matched again."""

    name = "not-matched-before"
    summary = "people who were in a relationship before are not matched again"
    options = PastOptions

    def columns(self, options: PastOptions) -> tuple[str, ...]:  # noqa: ARG002 (reads none)
        """Return none."""
        return ()

    def prepare(self, options: PastOptions, wanting: Group, offering: Group, facts: RuleFacts) -> Ruling:
        """Forbid the pairs of the past."""
        since = _since(options.within, facts.starts)
        past = [(a, b) for a, b, ended in (*options.pairs.pairs, *facts.past) if ended is None or ended >= since]
        apart = only(either_way(past, wanting, offering), wanting, offering)
        return Ruling(apart.block, pairs=apart.index)


def _since(within: str, starts: date) -> date:
    if not within:
        return date.min
    length = parse_length(within)
    return add_length(starts, Length(-length.amount, length.unit))


def _ids(table: PairTable) -> tuple[tuple[str, str], ...]:
    return tuple((a, b) for a, b, _ in table.pairs)
