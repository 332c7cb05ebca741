"""Key figures, and the counts they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol, runtime_checkable

from attrs import field, frozen

from mentorkit.core.contracts.plugin import Plugin

Unit = Literal["share", "days", "mean", "points"]
"""How a value reads: as percent, in days, as a mean of answers, or in points of a hundred with a sign."""

Bound = Literal["", "at least", "at most", "withheld"]
"""Whether a value is exact, a bound that hides a small count, or not told because of one."""


@frozen
class RelationshipFacts:
    """One relationship that was published. Days are counted in the program's zone.

    Attributes:
        possible_days: from its first day to the report's moment, or the end of the program or its own last day where
            that came before.
        lived_days: from its first day to its end, or as many as were possible.
        live: whether it had begun and not ended by then.
        days_since_met: since it last met, as far as anybody said so; None: nobody did.
    """

    possible_days: int
    lived_days: int
    live: bool
    days_since_met: float | None = None


@frozen
class AnswerFacts:
    """What was answered to one question of a survey; of each person, the last answer.

    Attributes:
        kind: scale, choice, yes-no or text.
        scale: the lowest and the highest number of a scale.
        asked: people the survey was sent to, or who answered any of its questions.
        answered: people who answered this question.
        counts: readable answers: people by number of a scale, by choice, by `yes` and `no`; empty for texts, and where
            fewer than `small` people gave one.
        small: the smallest count that a report shows.
        withheld: whether there are answers, but too few to be counted.
    """

    kind: str
    scale: tuple[int, int]
    asked: int
    answered: int
    counts: Mapping[str, int] = field(factory=dict)
    small: int = 1
    withheld: bool = False

    def rounded(self, total: float) -> float:
        """Return a sum over the answers so that nobody can work out a small count from it.

        It is exact where no count is small, and a multiple of `small` otherwise.
        """
        exact = all(count == 0 or count >= self.small for count in self.counts.values())
        return total if exact else float(round(total / self.small) * self.small)


@frozen
class RequestFacts:
    """What was asked for, in models that work on request, and what became of it. All 0 in other models.

    Attributes:
        people: people who asked for something.
        again: those of them who asked more than once.
        settled: requests that were served or have expired.
        served: those of them for which a relationship was published.
        topics: different topics that settled requests named.
        topics_unserved: those of them of which no request was served.
        days_to_answer: by served request, from its turn to the publication.
    """

    people: int = 0
    again: int = 0
    settled: int = 0
    served: int = 0
    topics: int = 0
    topics_unserved: int = 0
    days_to_answer: tuple[int, ...] = ()


@frozen
class KpiFacts:
    """Counts that KPIs are made of, as of one moment.

    Attributes:
        participants: people of the roster by role.
        matched: those of them who have been in a published relationship at least once.
        active: those of them who are in one now; once the program has ended, who was in one to its end or to that one's
            own last day.
        relationships_started: published ones, ended or not.
        relationships_ended_early: those that ended before the program did, and before their own last day.
        sessions_planned_so_far: sessions that are over by the clock and were not canceled.
        sessions_held: those of them of which somebody said that they took place.
        sessions_reported: those of them of which somebody said anything: held or missed.
        attendances_told: people invited to those held, counted once for each, who said whether they were there.
        attendances: those of them who were.
        requests: what was asked for.
        days_to_match: by matched person of a served role, from the first sight of them to the match, in a
            sign-up from its close.
        days_to_first_session: by relationship, from the match, or the program's start where that is later, to its
            first session.
        eligible: people of the roster who are invited.
        signed_up: those of them who take part, in whatever role.
        related: participants who are or were in a published relationship.
        heard: those of them of whom anything was heard.
        weeks: the program's length.
        cadence_days: the longest regular time from one session to the next; None: there are no sessions.
        relationships: every published one, ended or not.
        questions: what was answered, by SURVEY.QUESTION; every question of every survey is there.
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
    eligible: int = 0
    signed_up: int = 0
    related: int = 0
    heard: int = 0
    weeks: int = 0
    cadence_days: float | None = None
    relationships: tuple[RelationshipFacts, ...] = ()
    questions: Mapping[str, AnswerFacts] = field(factory=dict)
    attendances_told: int = 0
    attendances: int = 0
    requests: RequestFacts = field(factory=RequestFacts)


@frozen
class Measure:
    """A KPI's value with what it was made of; `value` is None where the denominator is 0.

    Attributes:
        bound: `at least` and `at most`: the exact numerator would show a small count; `withheld`: all of it would.
        counted: what the numerator counts, in words.
        among: what the denominator counts, in words.
    """

    numerator: float
    denominator: float
    bound: Bound = ""
    counted: str = field(default="", eq=False)
    among: str = field(default="", eq=False)

    @property
    def value(self) -> float | None:
        """Numerator by denominator."""
        return self.numerator / self.denominator if self.denominator else None


@runtime_checkable
class Kpi(Plugin, Protocol):
    """A key figure. `unit` says how to print it; `at_most` whether a target is an upper bound.

    Options that are called `survey` and `question` name a question of the program: one that it does not ask is an
    error in the program file. A KPI that cannot be made of every question is a `QuestionKpi`, too.
    """

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


@runtime_checkable
class QuestionKpi(Protocol):
    """What a key figure of a survey's question says of the questions that it can be made of."""

    @property
    def needs(self) -> str:
        """What such a question has, as an author writes it: `kind = "yes-no"`."""
        ...

    def suits(self, kind: str, scale: tuple[int, int]) -> bool:
        """Return whether a question of this kind, with this scale, is such a one."""
        ...
