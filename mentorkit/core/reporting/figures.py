"""The report as a value: figures without names, as of one moment. Nobody can be recognized in it.

`mentorkit.core.reporting` makes it; how it looks is the business of `mentorkit.presenting`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, get_args

from attrs import field, frozen

from mentorkit.core.contracts import Bound, Unit
from mentorkit.core.phases import Phase

Told = int | None
"""A count as it may be shown; None where it is small, or would give a small one away."""


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


OTHER = "other"
"""What reasons are called that few people share."""


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
    mainly: Told
    people: Told


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
        hidden: pairs in other flows, which are not told apart, and pairs without a department.
    """

    shown: tuple[Flow, ...]
    hidden: int
    small_cells: int


@frozen
class MonthFigures:
    """Sessions that begin in the months from `month` to `until` (`2027-01`, in the program's zone).

    Canceled ones are not planned. Months with few of them are joined with their neighbors.
    """

    month: str
    until: str
    planned: int
    held: Told

    @property
    def months(self) -> int:
        """How many months these are."""
        first, last = (12 * int(one[:4]) + int(one[5:]) for one in (self.month, self.until))
        return last - first + 1


@frozen
class NumberFigures:
    """How many relationships have the sessions from `number` to `up_to` planned, and how many have held them.

    Numbers of few are joined with their neighbors, and their sessions counted together.
    """

    number: int
    up_to: int
    planned: int
    held: Told


@frozen
class SessionFigures:
    """Sessions of all relationships.

    Attributes:
        numbers: by number in the main series, from 1 on.
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
    numbers: tuple[NumberFigures, ...] = ()


@frozen
class AnswerCount:
    """How many people gave an answer; marks of a scale that few gave are joined (`1-2`)."""

    answer: str
    people: Told


@frozen
class QuestionFigures:
    """What was answered to one question; of each person, the last answer.

    Attributes:
        kind: scale, choice, yes-no or text.
        answered: people who answered, whatever they wrote.
        unreadable: those of them whose answer the question does not allow.
        answers: by answer; () for texts, and where too few have answered.
        mean: of a scale, one digit; a small count cannot be worked out from it.
        withheld: whether too few have answered for anything else to be shown.
        scale: the lowest and the highest number; None for other kinds.
    """

    question: str
    text: str
    kind: str
    answered: int
    unreadable: int
    answers: tuple[AnswerCount, ...] = ()
    mean: float | None = None
    withheld: bool = False
    scale: tuple[int, int] | None = None


@frozen
class SurveyFigures:
    """A survey; `asked` are the people it was sent to, and those who answered it all the same."""

    survey: str
    asked: int
    questions: tuple[QuestionFigures, ...]


@frozen
class TrendFigures:
    """What there was at the end of a month (`2027-01`, in the program's zone), or at the report's moment.

    Attributes:
        participants: people of the roster with a role; None where no roster had been seen.
        matched: people of served roles who had been in a relationship at least once.
        active: relationships that had begun and not ended.
        held: sessions held up to then, as reported.
    """

    month: str
    participants: int | None
    matched: int
    active: int
    held: Told


@frozen
class StepFigures:
    """Messages of one step of the timeline, by state."""

    step: str
    states: Mapping[str, Told]


Outcome = Literal["sent", "failed", "passed_on", "in_doubt", "deferred"]
"""What becomes of a message on a channel; `passed_on`: refused there, and taken up by another channel."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@frozen
class ChannelFigures:
    """Messages of one channel, under the program's name for it, by what became of them."""

    channel: str
    outcomes: Mapping[Outcome, Told]


@frozen
class KpiFigures:
    """A key figure with all it was made of.

    Attributes:
        value: numerator by denominator; None while the denominator is 0.
        at_most: whether the target is an upper bound.
        met: whether the target is met; None without a target or a value, and before the first matching.
        goals: the program's goals that it measures; (): the program as a whole.
        bound: whether the value is exact, a bound that hides a small count, or withheld because of one.
        counted: what the numerator counts, in words, or "".
        among: what the denominator counts, in words, or "".
        about: the question of a survey that it is made of, or "".
    """

    name: str
    summary: str
    unit: Unit
    numerator: float
    denominator: float
    value: float | None
    target: float | None
    at_most: bool
    met: bool | None
    goals: tuple[str, ...] = ()
    bound: Bound = ""
    counted: str = ""
    among: str = ""
    about: str = ""


@frozen
class Report:
    """Everything the report says, as of `at` (UTC, aware).

    Attributes:
        relationships: by state: proposed, published, active, ended.
        endings: ended relationships by reason, the largest first; reasons of few are counted as `OTHER`.
        unmatched: people of the served roles without a relationship, once the program has been matched.
        mean_score: of the published relationships, one digit; None where there is none.
        small_cells: the smallest count of people that is shown in a breakdown.
        data: the versions of the data about the world in use, by name: `tzdata`, and `holidays` where countries count.
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
    surveys: tuple[SurveyFigures, ...] = ()
    trend: tuple[TrendFigures, ...] = ()
    small_cells: int = 1
    data: Mapping[str, str] = field(factory=dict)
    channels: tuple[ChannelFigures, ...] = ()
