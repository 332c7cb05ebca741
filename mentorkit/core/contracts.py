"""The contracts plugins implement. The core calls these and never sees a plugin manager.

Every implementation has a `name` (what the program file says), a one-line `summary`, and `options`: an attrs class
that its table is structured into, or None where it takes none. Implementations keep no state between calls.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from mentorkit.core.conditions import Value
from mentorkit.core.problems import (
    BoolArray,
    IntArray,
    MatchingProblem,
    Occasion,
    PairScores,
    Seating,
    Solution,
)
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import Person, RosterFacts

FloatArray = NDArray[np.float64]
Side = Literal["mentor", "mentee", "peer"]
Needs = Literal["tags", "numbers", "any"]
Unit = Literal["share", "days"]


class Plugin(Protocol):
    """What every implementation has."""

    @property
    def name(self) -> str:
        """What the program file says."""
        ...

    @property
    def summary(self) -> str:
        """One line for `mentorkit plugins list`."""
        ...

    @property
    def options(self) -> type[Any] | None:
        """The attrs class of its table, or None."""
        ...


# ---------------------------------------------------------------------------------------------- models and scopes


@frozen
class Role:
    """A role of a model.

    Attributes:
        side: where its people stand in `mentors`, `mentees` and `peers` of a matching's JSON.
        served: whether coverage counts them.
    """

    name: str
    side: Side
    served: bool


@frozen(eq=False)
class Pool:
    """What a model poses its problems from.

    Attributes:
        seatings: the participants of each role with free places; places already taken are subtracted.
        pair_scores: scores between two roles, (that wants, that offers), under the declared criteria and rules.
        required: pairs of ids that must be part of the result, by the same two roles.
        given: published relationships, taken as they are.
        starts: first day of the program.
        ends: last day of the program.
    """

    seatings: Mapping[str, Seating]
    pair_scores: Callable[[str, str], PairScores]
    required: Callable[[str, str], tuple[tuple[str, str], ...]]
    given: tuple[Relationship, ...]
    starts: date
    ends: date
    objective: tuple[str, ...]
    seed: int


@frozen
class Fit:
    """How well a model suits goals and a roster: 0 (not at all) to 1, with reasons people can read."""

    score: float
    reasons: tuple[str, ...] = ()


@runtime_checkable
class MentoringModel(Plugin, Protocol):
    """A way of mentoring.

    `roles` come in the order in which members are listed; `template` names the template that fills in what a program
    leaves out; `matcher` the matcher that is used where none is named; `shape` the shape of its problems.
    """

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles, at least one of them served."""
        ...

    @property
    def shape(self) -> str:
        """The shape of the problems it poses."""
        ...

    @property
    def matcher(self) -> str:
        """The matcher used by default."""
        ...

    @property
    def template(self) -> str:
        """The default template."""
        ...

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        """Return who takes part as what when the roster has levels and no roles.

        `levels` are the distinct levels, ascending; the result maps role to its levels.
        """
        ...

    def columns(self, options: Any) -> tuple[str, ...]:
        """Return the roster columns it reads, beyond criteria and rules."""
        ...

    def occasions(self, options: Any, pool: Pool) -> Sequence[Occasion]:
        """Return its occasions, each with the problem to solve; most models have one."""
        ...

    def counted_pairs(self, options: Any, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        """Return which pairs of a relationship count for scores and rules: (who wants, who offers)."""
        ...

    def on_leaving(self, options: Any, relationship: Relationship, person: str) -> Literal["end", "continue", "refill"]:
        """Return what happens to a relationship when one of its members leaves the program.

        Asked from the time on that a program has intakes; until then, a person who has left gets no partner and no
        message, and their relationship stays as it is.
        """
        ...

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return how well the model suits these goals and people.

        Asked from the time on that mentorkit advises on models; until then, by nobody but tests.
        """
        ...


@runtime_checkable
class Scope(Plugin, Protocol):
    """Narrows the problems of any model, and knows none by name."""

    def columns(self, options: Any) -> tuple[str, ...]:
        """Return the roster columns it reads."""
        ...

    def narrow(self, options: Any, problem: MatchingProblem, people: Mapping[str, Person]) -> MatchingProblem:
        """Return the problem with fewer people or pairs, by `MatchingProblem.keep` and `MatchingProblem.forbid`."""
        ...


# ---------------------------------------------------------------------------------------------------- matchers


@runtime_checkable
class Matcher(Plugin, Protocol):
    """Solves problems of one or more shapes."""

    @property
    def shapes(self) -> frozenset[str]:
        """The shapes it can solve."""
        ...

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:
        """Return a solution that uses no forbidden pair, exceeds no places and holds every required pair.

        The core recomputes all of that; a solution that breaks it is reported as the matcher's bug.
        """
        ...


# --------------------------------------------------------------------------------------------- criteria and rules


@define(frozen=True, slots=False, eq=False)
class Cells:
    """One column of a group of people.

    Attributes:
        column: our name of it.
        values: typed values in the group's order; None for an empty cell.
    """

    column: str
    values: tuple[Value | None, ...]

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self.values)

    @cached_property
    def missing(self) -> BoolArray:
        """Who has no value, or no tag, shape (len,)."""
        return np.array([value is None or value == frozenset() for value in self.values], dtype=np.bool_)

    @cached_property
    def numbers(self) -> FloatArray:
        """Numbers, and dates as days, shape (len,); NaN where there is none."""
        return np.array([_number(value) for value in self.values], dtype=np.float64)

    @cached_property
    def tags(self) -> tuple[frozenset[str], ...]:
        """Values as sets of folded tags: a text is one tag, an empty cell none."""
        return tuple(_tags(value) for value in self.values)

    @cached_property
    def keys(self) -> tuple[Hashable, ...]:
        """What values are compared by: numbers and dates as they are, text and tags as sets of folded tags."""
        return tuple(
            value if value is None or isinstance(value, (int, float, date)) else tags
            for value, tags in zip(self.values, self.tags, strict=True)
        )

    @cached_property
    def vocabulary(self) -> Mapping[str, int]:
        """Every tag that occurs, sorted, with its number."""
        return {tag: number for number, tag in enumerate(sorted(frozenset().union(*self.tags)))}

    @cached_property
    def tag_rows(self) -> NDArray[np.uint8]:
        """Who has which tag: 1 or 0, shape (len(vocabulary) + 1, len); the last row belongs to no tag and is 0."""
        rows = np.zeros((len(self.vocabulary) + 1, len(self)), dtype=np.uint8)
        for person, tags in enumerate(self.tags):
            rows[[self.vocabulary[tag] for tag in tags], person] = 1
        return rows

    def take(self, index: IntArray) -> Cells:
        """Return the column of a part of the people."""
        return Cells(self.column, tuple(self.values[i] for i in index))


def _number(value: Value | None) -> float:
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, date):
        return float(value.toordinal())
    try:
        return float(value) if isinstance(value, str) else np.nan
    except ValueError:
        return np.nan


def _tags(value: Value | None) -> frozenset[str]:
    if value is None:
        return frozenset()
    return value if isinstance(value, frozenset) else frozenset({str(value).casefold()})


@runtime_checkable
class Criterion(Plugin, Protocol):
    """A soft wish: how alike, near or fitting two values are.

    `directed` criteria (one side wants, the other offers) are averaged over both directions between peers. `needs`
    says which columns make sense, so that `check` can refuse the rest.
    """

    @property
    def directed(self) -> bool:
        """Whether swapping the sides changes the meaning."""
        ...

    @property
    def needs(self) -> Needs:
        """The kind of column it reads."""
        ...

    def similarity(self, options: Any, wanting: Cells, offering: Cells) -> FloatArray:
        """Return s in [0, 1], shape (len(wanting), len(offering)); 0 where either value is missing.

        s may depend on the two values alone: it is asked once per pair of distinct values.
        """
        ...


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
    """

    blocked: Callable[[IntArray, IntArray], BoolArray]
    lacking: tuple[BoolArray, BoolArray] | None = None
    required: tuple[tuple[str, str], ...] = ()
    overrides: bool = False
    named: tuple[tuple[str, str], ...] = ()


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
class PairTable:
    """Pairs of people from a file or a list: an options field of this type is read by the loader.

    In the program file it is `file = "x.csv"` (columns a, b and optionally `ended`) or `pairs = [["1", "2"]]`.
    """

    pairs: tuple[tuple[str, str, date | None], ...] = ()


# ---------------------------------------------------------------------------------------------------- channels


@frozen
class Attachment:
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes


@frozen
class Outgoing:
    """One message, ready for a channel.

    Attributes:
        key: the transmission's key: the same on every attempt, safe as a file name.
        to_name: the recipient's name.
        to_address: the recipient's mail address, or "".
        at: the moment the message is of, UTC, aware: the same on every attempt.
        message_id: stable Message-ID without angle brackets.
    """

    key: str
    to_name: str
    to_address: str
    from_name: str
    from_address: str
    subject: str
    text: str
    html: str
    at: datetime
    message_id: str
    language: str = "en"
    attachments: tuple[Attachment, ...] = ()


@frozen
class Receipt:
    """What became of the step that cannot be undone.

    `deferred` means certainly not delivered, try again; `failed` never will be; `unknown` becomes in doubt.
    """

    outcome: Literal["sent", "deferred", "failed", "unknown"]
    detail: str = ""


class Prepared(Protocol):
    """A delivery of which everything that can be undone is done."""

    def commit(self) -> Receipt:
        """Do only the step that cannot be undone. An exception counts as unknown."""
        ...

    def abandon(self) -> None:
        """Undo what was prepared."""
        ...


class Channel(Protocol):
    """An open way to reach people."""

    def reaches(self, person: Person | None, address: str) -> bool:
        """Return whether this recipient can be reached (None: a contact that is not in the roster)."""
        ...

    def prepare(self, outgoing: Outgoing) -> Prepared:
        """Do all that can be undone. An exception means certainly not delivered."""
        ...


@frozen
class ChannelSetting:
    """Where a channel works.

    Attributes:
        folder: absolute path of the run folder.
        durable: whether what it writes must survive a power cut (False in a simulation).
    """

    folder: str
    durable: bool = True


@runtime_checkable
class ChannelKind(Plugin, Protocol):
    """A kind of channel. Declares whether deliveries leave the machine and whether repeating one is harmless."""

    @property
    def leaves_machine(self) -> bool:
        """Whether the first delivery needs a consent."""
        ...

    @property
    def repeat_is_harmless(self) -> bool:
        """Whether a delivery of unknown outcome may be repeated without asking."""
        ...

    def open(self, options: Any, setting: ChannelSetting) -> Channel:
        """Return a channel ready to deliver."""
        ...


# -------------------------------------------------------------------------------------------- KPIs and templates


@frozen
class KpiFacts:
    """Counts that KPIs are made of, as of one moment.

    Attributes:
        participants: people of the roster by role.
        matched: those of them who have been in a published relationship at least once.
        active: those of them who are in one now.
        relationships_started: published ones, ended or not.
        relationships_ended_early: those that ended before the program did.
        sessions_planned_so_far: sessions that are over by the clock and were not canceled.
        sessions_held: those of them of which somebody said that they took place.
        sessions_reported: those of them of which somebody said anything: held or missed.
        days_to_match: by matched person of a served role, from the first sight of them to the match.
        days_to_first_session: by relationship, from the match to its first session.
    """

    participants: Mapping[str, int]
    matched: Mapping[str, int]
    active: Mapping[str, int]
    served_roles: tuple[str, ...]
    offering_roles: tuple[str, ...]
    relationships_started: int
    relationships_ended_early: int
    sessions_planned_so_far: int
    sessions_held: int
    sessions_reported: int
    days_to_match: tuple[int, ...] = ()
    days_to_first_session: tuple[int, ...] = ()


@frozen
class Measure:
    """A KPI's value with what it was made of; `value` is None where the denominator is 0."""

    numerator: float
    denominator: float

    @property
    def value(self) -> float | None:
        """Numerator by denominator."""
        return self.numerator / self.denominator if self.denominator else None


@runtime_checkable
class Kpi(Plugin, Protocol):
    """A key figure. `unit` says how to print it; `at_most` whether a target is an upper bound."""

    @property
    def unit(self) -> Unit:
        """How its value reads."""
        ...

    @property
    def at_most(self) -> bool:
        """Whether smaller is better."""
        ...

    def measure(self, options: Any, facts: KpiFacts) -> Measure:
        """Return its value."""
        ...


@frozen
class Template:
    """A template a plugin offers: a folder with `template.toml`."""

    name: str
    folder: Traversable
