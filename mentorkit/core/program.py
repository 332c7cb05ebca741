"""What a program means: the resolved value that every later stage reads.

It is complete and frozen: the texts of messages, agendas and pair lists are in it, so that nothing after loading opens
a file of the program. What the author wrote is another type (`mentorkit.core.declarations`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Literal

from attrs import field, frozen

from mentorkit.core.conditions import Condition

Unit = Literal["days", "weeks", "months", "years", "business days"]


@frozen
class Length:
    """A span of calendar time, `amount` of `unit`; negative amounts look back."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        """Return the words an author would write, `1 day` or `24 weeks`."""
        singular = self.unit[:-1] if abs(self.amount) == 1 else self.unit
        return f"{self.amount} {singular}"


Anchor = Literal[
    "opens",
    "signup-closes",
    "start",
    "midpoint",
    "end",
    "match",
    "relationship-midpoint",
    "relationship-end",
    "session",
    "column",
    "day",
]


@frozen
class When:
    """`ANCHOR [± N unit] [at HH:MM]`, in the recipient's zone and wall-clock time.

    Attributes:
        anchor: what the step hangs on; `column` means the date column named by `column`, `day` the day `day` (`until`).
        session: for `session N` the number (1-based); None means each session.
        column: the roster's date column, or "".
        offset: days, weeks or business days before (negative) or after the anchor.
        at: wall-clock time of day.
        text: as the author wrote it.
    """

    anchor: Anchor
    session: int | None = None
    column: str = ""
    offset: Length = Length(0, "days")
    at: time = time(9)
    text: str = ""
    day: date | None = None


@frozen
class MessageText:
    """One variant of a message.

    Attributes:
        path: where it stands, as the user would write it (for errors).
        role: the role it is for, or "" for any.
        language: the language it is in, or "" for any.
        subject: a Jinja template of one line.
        body: Markdown with Jinja.
        body_line: 1-based line of the file on which the body begins.
        subject_line: 1-based line of the subject.
    """

    path: str
    role: str
    language: str
    subject: str
    body: str
    body_line: int = 1
    subject_line: int = 1


@frozen
class MessageSet:
    """All variants of one message, `messages/x` in the program file."""

    name: str
    texts: tuple[MessageText, ...]

    def pick(self, role: str, language: str) -> MessageText | None:
        """Return the best variant: role and language, role, language, neither; None where none fits.

        A language falls back from `pt-BR` to `pt`.
        """
        languages = dict.fromkeys((language, language.partition("-")[0]))
        wanted = [(role, one) for one in languages] + [(role, "")] + [("", one) for one in languages] + [("", "")]
        by_kind = {(text.role, text.language): text for text in self.texts}
        return next((by_kind[key] for key in wanted if key in by_kind), None)


@frozen
class Question:
    """One question of a survey; `scale` is the lowest and the highest number of a scale."""

    id: str
    text: str
    kind: Literal["scale", "choice", "yes-no", "text"] = "text"
    choices: tuple[str, ...] = ()
    scale: tuple[int, int] = (1, 5)


@frozen
class StepCondition:
    """What must hold in the run that would send a step.

    Attributes:
        kind: `met`: a session was held; `not answered`: nothing was answered to the survey or step `of`; `silent`:
            nothing was heard for `span`; `ended early`: the relationship ended before the program.
        text: as the author wrote it.
    """

    kind: Literal["met", "not met", "answered", "not answered", "silent", "ended early"]
    of: str = ""
    span: Length = Length(0, "days")
    text: str = ""


@frozen
class Step:
    """One thing the timeline does.

    Attributes:
        name: unique in the program; part of every delivery's key.
        to: groups of recipients: roles, `everyone`, `matched`, … or names of contacts.
        per: one message per person and role, or one per relationship.
        expires: how long after its moment a delivery is still worth sending; 0 days: the same day only.
        questions: the survey's questions, empty for plain steps.
        repeat: the time from one occurrence to the next; None: it happens once.
        until: repeated up to this moment; None: until the relationship or the program ends.
        condition: what must hold when it would be sent; None: nothing.
    """

    name: str
    when: When
    to: tuple[str, ...]
    message: MessageSet
    per: Literal["person", "relationship"] = "person"
    expires: Length = Length(7, "days")
    questions: tuple[Question, ...] = ()
    repeat: Length | None = None
    until: When | None = None
    condition: StepCondition | None = None


@frozen
class Agenda:
    """One session's agenda, a Markdown text; `title` is its first heading."""

    path: str
    title: str
    text: str


MAIN_SERIES = "sessions"
"""The name of the series under `[sessions]`."""


@frozen
class Series:
    """A declared series of sessions.

    Attributes:
        name: `sessions` for the main series, else the NAME of `[series.NAME]`.
        cadence: steps between sessions; the last one repeats.
        minutes: length of a session.
        hours: earliest start and latest end, in everybody's local time.
        days: weekdays, 0 is Monday.
        place: a fixed place, or "".
        place_column: the column that holds the place (the mentor's first), or "".
        book: whom we put a session into the calendar of.
        who: roles that take part; empty: everybody in the relationship.
    """

    name: str
    count: int
    cadence: tuple[Length, ...]
    minutes: int = 60
    hours: tuple[time, time] = (time(9), time(17))
    days: frozenset[int] = frozenset(range(5))
    agendas: tuple[Agenda, ...] = ()
    place: str = ""
    place_column: str = ""
    book: Literal["all", "first", "suggest", "none"] = "all"
    who: tuple[str, ...] = ()


@frozen
class CriterionUse:
    """A declared criterion: the kind's options and what the core needs to apply it.

    Attributes:
        between: the two roles it compares, (the one that wants, the one that offers).
        left: column of the first role of `between` (`mentee =`), or `column`.
        right: column of the second role (`mentor =`), or `column`.
        only_if: conditions on columns of the first role's people; others go without the criterion.
        options: the kind's own options, structured, or None.
        optional: it came from the model's default template: left out with a note where its columns are absent.
    """

    name: str
    kind: str
    weight: float
    left: str
    right: str
    between: tuple[str, str] | None = None
    only_if: Mapping[str, Condition] = field(factory=dict)
    options: Any = None
    optional: bool = False


@frozen
class RuleUse:
    """A declared rule: the kind's options, whether a missing value blocks, and `optional` as for criteria."""

    name: str
    kind: str
    options: Any = None
    between: tuple[str, str] | None = None
    if_missing: Literal["allow", "block"] = "allow"
    optional: bool = False


@frozen
class Use:
    """A plugin chosen by name, with its structured options (None where it has none)."""

    name: str
    options: Any = None


@frozen
class ModelUse:
    """The model, and for a scope the model it narrows."""

    use: Use
    scope: Use | None = None


@frozen
class Intake:
    """When later matchings fill free places: on a weekday, or every `every` from the program's start.

    Attributes:
        weekday: 0 is Monday; None: every `every`.
        text: as the author wrote it.
    """

    weekday: int | None = None
    every: Length = Length(1, "weeks")
    text: str = ""


@frozen
class Carried:
    """Somebody who has been waiting since an earlier program."""

    person: str
    role: str
    since: date


@frozen
class MatchingUse:
    """How people are matched.

    Attributes:
        publish: whether a matching is published at once, or proposed and waits for `mentorkit publish`.
        intake: when later matchings are; None: never by themselves.
        rematch: `everyone`: an intake may break published relationships for better ones.
        carried: who has been waiting since before this program.
        audit: columns by whose values match rates and scores are compared whenever people are matched.
    """

    matcher: Use
    objective: tuple[str, ...] = ("coverage", "total-score")
    publish: Literal["auto", "review"] = "auto"
    intake: Intake | None = None
    rematch: Literal["nobody", "everyone"] = "nobody"
    carried: tuple[Carried, ...] = ()
    audit: tuple[str, ...] = ()
    criteria: tuple[CriterionUse, ...] = ()
    rules: tuple[RuleUse, ...] = ()


@frozen
class ColumnRecipe:
    """How one of our columns is made from theirs.

    Attributes:
        columns: their headers; several are joined with a space.
        split: the separator of tags, or "" (the column is then not a tag column by recipe).
        map: exact cell text to what it means.
        order: an ordinal scale, lowest first; the value is the 1-based position.
        format: how dates are written, in the words DD, MM, YYYY, YY.
    """

    columns: tuple[str, ...]
    split: str = ""
    map: Mapping[str, str] = field(factory=dict)
    order: tuple[str, ...] = ()
    format: str = ""


@frozen
class RosterSource:
    """One file people are read from.

    Attributes:
        path: absolute path.
        shown: the path as the author wrote it.
        role: everybody in this source takes part as this role, or "".
        join: the column (ours) by which rows of a later source are laid over people of the first, or "".
        where: conditions (on their or our columns) a row must meet.
        encoding: declared, or "" for UTF-8 with or without BOM.
        delimiter: declared, or "" to tell comma, semicolon and tab apart by the header row.
    """

    path: str
    shown: str
    sheet: str = ""
    role: str = ""
    join: str = ""
    where: Mapping[str, Condition] = field(factory=dict)
    columns: Mapping[str, ColumnRecipe] = field(factory=dict)
    encoding: str = ""
    delimiter: str = ""


@frozen
class RosterUse:
    """Where people come from and who of them takes part as what.

    Attributes:
        roles: role to its conditions (all hold together); empty: by the `role` column, else by level.
        capacity: role to a number of places or the column that holds it.
        missing: what a person's absence from a new roster means: their deliveries are held, or they have left.
    """

    sources: tuple[RosterSource, ...]
    eligible: Mapping[str, Condition] = field(factory=dict)
    roles: Mapping[str, Mapping[str, Condition]] = field(factory=dict)
    capacity: Mapping[str, str | int] = field(factory=dict)
    missing: Literal["hold", "left"] = "hold"


@frozen
class AnswersFile:
    """A file that events are read from: its absolute path, and the path as the author wrote it."""

    path: str
    shown: str


@frozen
class KpiUse:
    """A declared KPI, its target (a share, or in the KPI's own unit) or None, and the goals that it measures."""

    name: str
    kind: str
    target: float | None = None
    options: Any = None
    goals: tuple[str, ...] = ()


@frozen
class Privacy:
    """What may be shown to whom."""

    sensitive: tuple[str, ...] = ()
    managers_see: tuple[str, ...] = ()
    small_cells: int = 5


@frozen
class TemplateUse:
    """The template a program lives by; `digest` is a SHA-256 over all of its resolved files."""

    name: str
    version: str
    digest: str


@frozen
class Requires:
    """What a program's templates need.

    Attributes:
        columns: roster columns, by our names.
        people: the smallest roster they make sense for.
        plugins: requirements on installed distributions, as packaging writes them.
    """

    columns: tuple[str, ...] = ()
    people: int = 0
    plugins: tuple[str, ...] = ()


@frozen
class Program:
    """A resolved program.

    Attributes:
        id: never changes; part of every relationship's id.
        ends: the last day (its midnight end is the end of the program).
        timezone: for people without one, and for dates without a zone of their own.
        roles: role name to what readers call it (`[words]` applied).
        contacts: name to mail address, `coordinator` and `sponsor` among them where declared.
        message_columns: roster columns that messages may show.
        requires: what its templates need of roster and plugins.
        silent_after: who says nothing for so long is silent.
        answers: files that events are read from.
        digest: a SHA-256 over everything the program resolved to.
    """

    id: str
    name: str
    starts: date
    ends: date
    length: Length
    timezone: str
    roster: RosterUse
    model: ModelUse
    matching: MatchingUse
    series: tuple[Series, ...]
    timeline: tuple[Step, ...]
    template: TemplateUse
    opens: date | None = None
    signup_closes: date | None = None
    goals: tuple[str, ...] = ()
    contacts: Mapping[str, str] = field(factory=dict)
    seed: int = 0
    kpis: tuple[KpiUse, ...] = ()
    privacy: Privacy = Privacy()
    max_catch_up: Length = Length(30, "days")
    words: Mapping[str, str] = field(factory=dict)
    message_columns: tuple[str, ...] = ()
    requires: Requires = Requires()
    silent_after: Length = Length(21, "days")
    answers: tuple[AnswersFile, ...] = ()
    digest: str = ""
