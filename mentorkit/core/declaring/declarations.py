"""What an author writes: the tables and keys of program files, templates and question files.

Here a declaration is only well-formed. Whether its names exist and its dates agree is `mentorkit.core.resolving`.
A key that is not here is refused. A field whose key is a word of Python's names it in its metadata (`key`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Literal, NewType

from attrs import field, frozen

from mentorkit.core.conditions import Condition
from mentorkit.core.program import AtMost, ColumnRecipe, Intake, Length, StepCondition, When

Text = NewType("Text", str)
"""A text that is not empty."""
Name = NewType("Name", str)
"""Letters, digits, `-` and `_`, at most 60: names that become part of keys and file names."""
Zone = NewType("Zone", str)
LanguageCode = NewType("LanguageCode", str)
"""An IANA time zone."""
MailAddress = NewType("MailAddress", str)
"""One addr-spec."""
Count = NewType("Count", int)
"""A whole number from 0."""
Positive = NewType("Positive", float)
"""A number above 0."""
OneOrMore = NewType("OneOrMore", tuple[str, ...])
"""A text, or a list of texts."""
Cadence = NewType("Cadence", tuple[Length, ...])
"""A step between sessions, or a list of them of which the last repeats."""
Repeat = NewType("Repeat", Length)
"""The time from one occurrence of a step to the next, at least a day."""
Until = NewType("Until", When)
"""The last day on which a step is repeated."""
Hours = NewType("Hours", tuple[time, time])
QuietHours = NewType("QuietHours", tuple[time, time])
"""From when until when, over midnight where the end comes first."""
Patience = NewType("Patience", float)
"""Seconds, above 0."""
Weekdays = NewType("Weekdays", frozenset[int])
ChannelNames = NewType("ChannelNames", tuple[str, ...])
"""The name of a channel, or a list of them."""
Places = NewType("Places", object)
"""A number from 1, or the name of a column."""
RawTable = NewType("RawTable", dict[str, Any])
"""A table whose keys depend on a plugin."""

Goal = Literal[
    "leadership",
    "career-growth",
    "onboarding",
    "knowledge-sharing",
    "inclusion",
    "executive-awareness",
    "networks",
    "confidential",
    "reach",
    "quick-win",
]
Objective = Literal["coverage", "total-score", "worst-off", "even-load", "fewest-changes"]

_A_WEEK = Length(7, "days")
_THREE_WEEKS = Length(21, "days")
_A_MONTH = Length(30, "days")


@frozen(kw_only=True)
class AboutTable:
    """`[program]`."""

    name: Text
    starts: date
    length: Length
    id: Text = Text("")
    opens: date | None = None
    signup_closes: date | None = None
    timezone: Zone | None = None
    goals: tuple[Goal, ...] = ()
    coordinator: MailAddress | None = None
    sponsor: MailAddress | None = None
    seed: Count = Count(0)
    silent_after: Length = _THREE_WEEKS


@frozen(kw_only=True)
class SourceTable:
    """`[[roster.sources]]`."""

    file: Text
    sheet: str = ""
    role: str = ""
    join: str = ""
    where: Mapping[str, Condition] = field(factory=dict)
    columns: Mapping[str, ColumnRecipe] = field(factory=dict)
    encoding: str = ""
    delimiter: str = ""


@frozen(kw_only=True)
class RosterTable:
    """`[roster]`; `sheet`, `encoding` and `delimiter` are those of `file`."""

    file: str = ""
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    sources: tuple[SourceTable, ...] = ()
    columns: Mapping[str, ColumnRecipe] = field(factory=dict)
    eligible: Mapping[str, Condition] = field(factory=dict)
    roles: Mapping[str, Mapping[str, Condition]] = field(factory=dict)
    capacity: Mapping[str, Places] = field(factory=dict)
    missing: Literal["hold", "left"] = "hold"


@frozen(kw_only=True)
class RecipeTable:
    """A column recipe that is more than a header."""

    column: str = ""
    columns: tuple[str, ...] = ()
    split: str = ""
    map: Mapping[str, str] = field(factory=dict)
    order: tuple[str, ...] = ()
    format: str = ""


@frozen(kw_only=True)
class UseTable:
    """`[model.inner]`: a plugin by name, with its options."""

    use: Text
    options: RawTable = field(factory=lambda: RawTable({}))


@frozen(kw_only=True)
class ModelTable(UseTable):
    """`[model]`."""

    inner: UseTable | None = None


@frozen(kw_only=True)
class MatchingTable:
    """`[matching]`; `use` defaults to the model's matcher."""

    use: str = ""
    options: RawTable = field(factory=lambda: RawTable({}))
    objective: tuple[Objective, ...] = ("coverage", "total-score")
    publish: Literal["auto", "review"] = "auto"
    intake: Intake | None = None
    rematch: Literal["nobody", "everyone"] = "nobody"
    waiting: str = ""
    audit: tuple[str, ...] = ()
    criteria: Mapping[Name, RawTable] = field(factory=dict)
    rules: Mapping[Name, RawTable] = field(factory=dict)


@frozen(kw_only=True)
class CriterionTable:
    """The keys of a criterion that every kind has; beside them stand role names (`mentor = "column"`) and options."""

    kind: str = ""
    weight: Positive = Positive(1.0)
    column: str = ""
    between: tuple[str, ...] = ()
    only_if: Mapping[str, Condition] = field(factory=dict)


@frozen(kw_only=True)
class RuleTable:
    """The keys of a rule that every kind has; beside them stand its options."""

    kind: str = ""
    between: tuple[str, ...] = ()
    if_missing: Literal["allow", "block"] = "allow"


@frozen(kw_only=True)
class KpiTable:
    """The keys of a KPI that every kind has; beside them stand its options."""

    kind: str = ""
    target: float | None = None
    goals: tuple[Goal, ...] = ()


@frozen(kw_only=True)
class PlaceTable:
    """`place = { column = "meeting_link" }`."""

    column: Text


@frozen(kw_only=True)
class SessionsTable:
    """`[sessions]`."""

    count: Count
    cadence: Cadence = Cadence(())
    minutes: Count = Count(60)
    hours: Hours = Hours((time(9), time(17)))
    days: Weekdays | None = None
    agendas: str = ""
    place: PlaceTable | str = ""
    book: Literal["all", "first", "suggest", "none"] = "all"


@frozen(kw_only=True)
class SeriesTable(SessionsTable):
    """`[series.NAME]`."""

    who: OneOrMore = OneOrMore(())


@frozen(kw_only=True)
class StepTable:
    """`[timeline.NAME]`."""

    when: When
    to: OneOrMore
    message: Text
    per: Literal["person", "relationship"] = "person"
    expires: Length = _A_WEEK
    repeat: Repeat | None = None
    until: Until | None = None
    only_if: StepCondition | None = field(default=None, metadata={"key": "if"})


@frozen(kw_only=True)
class SurveyTable:
    """`[surveys.NAME]`: a step with questions."""

    questions: Text
    when: When
    to: OneOrMore
    message: Text = Text("messages/survey")
    per: Literal["person", "relationship"] = "person"
    expires: Length = _A_WEEK
    repeat: Repeat | None = None
    until: Until | None = None
    only_if: StepCondition | None = field(default=None, metadata={"key": "if"})


@frozen(kw_only=True)
class PrivacyTable:
    """`[privacy]`."""

    sensitive: tuple[str, ...] = ()
    managers_see: tuple[Literal["partners"], ...] = ()
    small_cells: Count = Count(5)


@frozen(kw_only=True)
class ChannelTable:
    """The keys of `[channels.NAME]` that every kind has; beside them stand its options. `use` defaults to the name."""

    use: str = ""


@frozen(kw_only=True)
class DeliveryTable:
    """`[delivery]`; without `channels`, all that are declared, in their order."""

    channels: ChannelNames = ChannelNames(())
    quiet_hours: QuietHours | None = None
    at_most: AtMost | None = None
    digest: bool = False
    max_catch_up: Length = _A_MONTH


@frozen(kw_only=True)
class AnswersTable:
    """`[answers]`."""

    files: tuple[Text, ...] = ()


@frozen(kw_only=True)
class MessagesTable:
    """`[messages]`."""

    columns: tuple[str, ...] = ()
    language: LanguageCode = LanguageCode("en")


@frozen(kw_only=True)
class ProgramFile:
    """All tables of a program after its templates are laid under it."""

    program: AboutTable
    roster: RosterTable
    model: ModelTable
    matching: MatchingTable = MatchingTable()
    sessions: SessionsTable | None = None
    series: Mapping[Name, SeriesTable] = field(factory=dict)
    timeline: Mapping[Name, StepTable] = field(factory=dict)
    surveys: Mapping[Name, SurveyTable] = field(factory=dict)
    kpis: Mapping[Name, RawTable] = field(factory=dict)
    privacy: PrivacyTable = PrivacyTable()
    channels: Mapping[Name, RawTable] = field(factory=dict)
    delivery: DeliveryTable = DeliveryTable()
    answers: AnswersTable = AnswersTable()
    messages: MessagesTable = MessagesTable()
    words: Mapping[str, Text] = field(factory=dict)
    contacts: Mapping[Name, MailAddress] = field(factory=dict)


# ------------------------------------------------------------------------------- what each file says for itself


@frozen(kw_only=True)
class PluginsTable:
    """`[plugins]`."""

    require: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    time_limit: Patience = Patience(600.0)


@frozen(kw_only=True)
class ProgramHead:
    """What a program file says that does not merge."""

    format: Literal[1] = 1
    extends: str = ""
    plugins: PluginsTable = PluginsTable()


@frozen(kw_only=True)
class TemplateTable:
    """`[template]`."""

    name: Name
    version: Text
    summary: str = ""


@frozen(kw_only=True)
class RequiresTable:
    """`[requires]`."""

    columns: tuple[str, ...] = ()
    people: Count = Count(0)
    plugins: tuple[str, ...] = ()


@frozen(kw_only=True)
class TemplateHead:
    """What a template's file says that does not merge."""

    template: TemplateTable
    format: Literal[1] = 1
    extends: str = ""
    requires: RequiresTable = RequiresTable()


@frozen(kw_only=True)
class QuestionTable:
    """`[[question]]`."""

    id: Name
    text: Text
    kind: Literal["scale", "choice", "yes-no", "text"] = "text"
    choices: tuple[str, ...] = ()
    scale: tuple[int, ...] = ()


@frozen(kw_only=True)
class QuestionFile:
    """A file of questions."""

    question: tuple[QuestionTable, ...]
