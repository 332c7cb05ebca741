"""Rules: which pairs are out of the question, and which must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, runtime_checkable

from attrs import field, frozen

from mentorkit.core.contracts.criteria import Cells
from mentorkit.core.contracts.plugin import Plugin
from mentorkit.core.problems import BoolArray, IntArray
from mentorkit.core.roster import Person


@frozen(eq=False)
class Group:
    """The people of one seating, as a rule sees them."""

    role: str
    people: tuple[Person, ...]

    def cells(self, column: str) -> Cells:
        """Return one column of them."""
        return Cells(column, tuple(person.values.get(column) for person in self.people))


@frozen
class RuleFacts:
    """What rules may know beyond the two people.

    Attributes:
        managers: manager's id by person's id, over the whole roster.
        zones: IANA zone by person's id, the program's where a person has none.
        past: pairs of ids that were in a relationship, with the day it ended (None: it has not), from this ledger.
    """

    starts: date
    managers: Mapping[str, str] = field(factory=dict)
    zones: Mapping[str, str] = field(factory=dict)
    past: tuple[tuple[str, str, date | None], ...] = ()


@frozen(eq=False)
class Ruling:
    """A rule, ready to be asked about two groups.

    Attributes:
        blocked: (rows, columns) to a boolean array of their outer shape: which pairs the rule forbids. A pair with a
            missing value is not blocked: the core decides about those by `if_missing`.
        lacking: for each group, who lacks a value the rule needs; bool arrays.
        required: pairs of ids that must be matched, (wanting, offering); they stand over other rules.
        overrides: whether its blocks stand over required pairs (`never`).
        named: the pairs of ids the author wrote, where a pair that names nobody is a mistake.
        classes: for each group, a number for everybody, where `blocked` depends on the two numbers alone: matchers
            look through all pairs much faster then.
        pairs: exactly the pairs that `blocked` blocks, as (row, column), shape (k, 2), where they are few: faster, too.
    """

    blocked: Callable[[IntArray, IntArray], BoolArray]
    lacking: tuple[BoolArray, BoolArray] | None = None
    required: tuple[tuple[str, str], ...] = ()
    overrides: bool = False
    named: tuple[tuple[str, str], ...] = ()
    classes: tuple[IntArray, IntArray] | None = None
    pairs: IntArray | None = None


@runtime_checkable
class Rule(Plugin, Protocol):
    """A hard rule: which pairs are out of the question."""

    def columns(self, options: Any) -> tuple[str, ...]:
        """Return the roster columns it reads."""
        ...

    def prepare(self, options: Any, wanting: Group, offering: Group, facts: RuleFacts) -> Ruling:
        """Return the rule for two groups. Differences are always offering minus wanting (mentor minus mentee)."""
        ...


@frozen
class Relaxation:
    """A weaker version of a rule: the same with options that forbid less.

    Attributes:
        label: what it means, as advice to whoever decides: `allow a seniority gap of 4`.
        options: the changed options.
    """

    label: str
    options: Any


@runtime_checkable
class RelaxableRule(Rule, Protocol):
    """A rule that can offer weaker versions of itself, so that people are told what would help those it leaves out.

    Leaving a rule out as a whole needs no offer.
    """

    def relaxations(self, options: Any) -> Sequence[Relaxation]:
        """Return weaker versions, the smallest change first; few, as each of them is tried."""
        ...


@frozen
class PairTable:
    """Pairs of people from a file or a list: an options field of this type is read by the loader.

    In the program file it is `file = "x.csv"` (columns a, b and optionally `ended`) or `pairs = [["1", "2"]]`.
    """

    pairs: tuple[tuple[str, str, date | None], ...] = ()
