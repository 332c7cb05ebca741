"""Mentoring models and the scopes around them, with what they are asked about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol, runtime_checkable

from attrs import field, frozen

from mentorkit.core.contracts.fits import Fit
from mentorkit.core.contracts.plugin import Plugin
from mentorkit.core.problems import MatchingProblem, Occasion, PairScores, Seating
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import Person, RosterFacts

Side = Literal["mentor", "mentee", "peer"]

OnLeaving = Literal["end", "continue", "refill"]
"""What becomes of a relationship that somebody leaves: it ends, goes on without them, or goes on with somebody else in
their seat as soon as there is somebody for it."""


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


@frozen
class Round:
    """One of several matchings whose days a model knows beforehand; each makes relationships of their own.

    Attributes:
        key: unique in the program; the key of its occasion.
        on: the day on which it is matched; the first one is matched as soon as the program is.
        until: the last day of its relationships.
    """

    key: str
    on: date
    until: date


@frozen
class Past:
    """A relationship that was published, over or not, with its days and everybody who was ever in it."""

    relationship: Relationship
    published: date
    ended: date | None = None


@frozen
class Request:
    """What somebody asked for and has not got yet: the first of their open requests.

    Attributes:
        topics: folded for comparison; they stand in place of what the person wants otherwise.
        on: the day they asked.
    """

    person: str
    topics: frozenset[str]
    on: date


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
        today: the day that is matched for; None: no day counts.
        counts_from: since when what is matched counts as published: mostly today, but earlier where a new ledger stands
            in the place of one that was lost; None: no day counts.
        now: the moment that is matched for, UTC, aware; None: only the day is known, if any.
        round: the round that is matched, of a model in rounds.
        past: everything that was ever published, oldest first.
        requests: open requests by person, of a model that works on request.
        signup_open: whether people can still sign up, so that what is matched is a preview.
    """

    seatings: Mapping[str, Seating]
    pair_scores: Callable[[str, str], PairScores]
    required: Callable[[str, str], tuple[tuple[str, str], ...]]
    given: tuple[Relationship, ...]
    starts: date
    ends: date
    objective: tuple[str, ...]
    seed: int
    timezone: str = "UTC"
    today: date | None = None
    now: datetime | None = None
    counts_from: date | None = None
    round: Round | None = None
    past: tuple[Past, ...] = ()
    requests: Mapping[str, Request] = field(factory=dict)
    signup_open: bool = False


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

    def on_leaving(self, options: Any, relationship: Relationship, person: str) -> OnLeaving:
        """Return what happens to a published relationship when one of its members leaves it.

        `relationship` is with those who are still there and the one who leaves: the program, or by a `declined` of
        their own what more than two are in. It is asked again in every later run whether the seat is still to be
        filled, with those who are there then and the one who has left. Nobody is put into a seat of a role that is
        asked first, or that asks by requests.
        """
        ...

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return how well the model suits these goals and people: whoever runs `mentorkit advise` is told.

        `facts` count people in the roles of the model under its usual options.
        """
        ...


@frozen
class Variant:
    """What a model is under some options: its roles, and the matcher that is used where none is named.

    Attributes:
        roles_by_level: who takes part as what by level, as `MentoringModel.roles_by_level` says it of the usual roles;
            None: that one holds for these roles, too.
        shape: the shape of its problems; "": the usual one.
    """

    roles: tuple[Role, ...]
    matcher: str
    roles_by_level: Callable[[Sequence[float]], Mapping[str, frozenset[float]]] | None = None
    shape: str = ""


@runtime_checkable
class VariableModel(Protocol):
    """A model whose roles or matcher depend on its options; its `roles` and `matcher` are those of the usual ones."""

    def variant(self, options: Any) -> Variant:
        """Return what it is under these options."""
        ...


@runtime_checkable
class RoundsModel(Protocol):
    """A model that matches again and again, on days that it knows beforehand."""

    def rounds(self, options: Any, starts: date, ends: date) -> Sequence[Round]:
        """Return its rounds in a program with this first and last day, in order; none: it matches once."""
        ...


@frozen
class Asking:
    """Who is asked before a relationship is published.

    Attributes:
        roles: everybody in these roles must have accepted.
        days: business days after which no answer counts as no; the same people are not put together again.
    """

    roles: tuple[str, ...]
    days: int


@runtime_checkable
class AskingModel(Protocol):
    """A model in which somebody is asked first; whoever says no, or nothing, frees the others for somebody else."""

    def asking(self, options: Any) -> Asking | None:
        """Return who is asked; None: nobody."""
        ...


@runtime_checkable
class RequestModel(Protocol):
    """A model that works on request: who has no open request (an event `requested`) is not matched."""

    def request_days(self, options: Any) -> int | None:
        """Return after how many business days a request that nobody could serve expires; None: not on request."""
        ...


@runtime_checkable
class FacilitatedModel(Protocol):
    """A model in which somebody leads each session, perhaps in turn."""

    def facilitator(self, options: Any, members: Sequence[Member], number: int) -> str:
        """Return the id of who leads a session, counted from 1, among those who are still there; "": nobody."""
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


@runtime_checkable
class SuitedScope(Protocol):
    """A scope that has a say in whether it is advised; of one that has none, `mentorkit advise` does not speak."""

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return how well the scope suits these goals and people, whatever the model inside; `facts` are the model's.

        Gates, modifiers and what the roster lacks count beside the model's own; each goal is served as well as the
        two serve it on average.
        """
        ...
