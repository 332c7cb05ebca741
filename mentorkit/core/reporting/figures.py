"""The report as a value: figures without names, as of one moment. Nobody can be recognized in it.

`mentorkit.core.reporting` makes it; how it looks is the business of `mentorkit.presenting`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from attrs import frozen

from mentorkit.core.phases import Phase


@frozen
class ProgramFigures:
    """What the report is about.

    Attributes:
        today: the day of the report's moment in the program's zone.
        phase: where the moment lies in the program's life.
        matched_on: the day of the first matching, or None while there is none.
    """

    id: str
    name: str
    model: str
    template: str
    starts: date
    ends: date
    timezone: str
    goals: tuple[str, ...]
    today: date
    phase: Phase
    matched_on: date | None = None


@frozen
class RoleFigures:
    """The people of one role.

    Attributes:
        title: what readers call the role.
        participants: people of the roster with this role.
        matched: those of them who have been in a published relationship at least once.
        active: those who are in one now.
        places: how many relationships they can be in, all together.
        taken: how many of these places are taken now.
    """

    role: str
    title: str
    served: bool
    participants: int
    matched: int
    active: int
    places: int
    taken: int


@frozen
class Count:
    """How many of something there are."""

    name: str
    count: int


@frozen
class ReasonFigures:
    """A reason why people are unmatched.

    Attributes:
        mainly: people for whom it is the largest reason; over all reasons these sum up to the unmatched people.
        people: people for whom it is one of the reasons.
    """

    reason: str
    mainly: int
    people: int


@frozen
class ScoreBand:
    """Relationships with a score of at least `low` and below `high`; the last band includes 100.

    Bands with fewer relationships than a report may show are joined with their neighbors.
    """

    low: int
    high: int
    count: int


@frozen
class Load:
    """How many people of an offering role have from `relationships` to `up_to` relationships now.

    Counts of fewer people than a report may show are joined with their neighbors.
    """

    role: str
    relationships: int
    up_to: int
    people: int

    @property
    def words(self) -> str:
        """The number of relationships, such as `1` or `0-2`."""
        return str(self.relationships) if self.up_to == self.relationships else f"{self.relationships}-{self.up_to}"


@frozen
class Flow:
    """Pairs in which somebody of one department is mentored by somebody of another."""

    wanting: str
    offering: str
    count: int


@frozen
class Flows:
    """Who learns from which department.

    Attributes:
        shown: flows of at least `small_cells` pairs, the largest first.
        hidden: pairs in smaller flows, which are not told apart, and pairs without a department.
    """

    shown: tuple[Flow, ...]
    hidden: int
    small_cells: int


@frozen
class MonthFigures:
    """Sessions that begin in one month (`2027-01`, in the program's zone); canceled ones are not planned."""

    month: str
    planned: int
    held: int


@frozen
class SessionFigures:
    """Sessions of all relationships.

    Attributes:
        planned: all that are not canceled.
        so_far: those of them that are over at the report's moment.
        held, missed: those of which somebody said so.
    """

    planned: int
    so_far: int
    held: int
    missed: int
    canceled: int
    months: tuple[MonthFigures, ...]


@frozen
class StepFigures:
    """Messages of one step of the timeline, by state."""

    step: str
    states: Mapping[str, int]


@frozen
class KpiFigures:
    """A key figure with all it was made of.

    Attributes:
        value: numerator by denominator; None while the denominator is 0.
        at_most: whether the target is an upper bound.
        met: whether the target is met; None without a target or a value, and before the first matching.
    """

    name: str
    summary: str
    unit: Literal["share", "days"]
    numerator: float
    denominator: float
    value: float | None
    target: float | None
    at_most: bool
    met: bool | None


@frozen
class Report:
    """Everything the report says, as of `at` (UTC, aware).

    Attributes:
        relationships: by state: proposed, published, ended.
        endings: ended relationships by reason.
        unmatched: people of the served roles without a relationship, once the program has been matched.
        mean_score: of the published relationships, one digit; None where there is none.
        flows: None where the roster has no department or the program calls it sensitive.
    """

    at: datetime
    program: ProgramFigures
    kpis: tuple[KpiFigures, ...]
    roles: tuple[RoleFigures, ...]
    relationships: tuple[Count, ...]
    endings: tuple[Count, ...]
    unmatched: int
    reasons: tuple[ReasonFigures, ...]
    scores: tuple[ScoreBand, ...]
    mean_score: float | None
    loads: tuple[Load, ...]
    flows: Flows | None
    sessions: SessionFigures
    messages: tuple[Count, ...]
    steps: tuple[StepFigures, ...]
