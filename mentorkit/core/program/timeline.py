"""What happens when: the steps of `[[timeline]]`, with surveys among them."""

from __future__ import annotations

from datetime import date, time
from typing import Literal

from attrs import frozen

from mentorkit.core.program.lengths import Length
from mentorkit.core.program.surveys import Question
from mentorkit.core.program.texts import MessageSet

INVITATION = "calendar-invitation"
"""The name of the step that invites people to their sessions. It is the core's own: no program declares it."""

Anchor = Literal[
    "opens",
    "signup-closes",
    "start",
    "midpoint",
    "end",
    "match",
    "ask",
    "request",
    "relationship-midpoint",
    "relationship-end",
    "member-leaves",
    "member-joins",
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
class StepCondition:
    """What must hold in the run that would send a step.

    Attributes:
        kind: `met`: a session was held; `not answered`: nothing was answered to the survey or step `of`; `silent`:
            nothing was heard for `span`; `ended early`: the relationship ended before the program; `missed`: at least
            `times` of its sessions were missed or moved since its last held one; `served`: somebody was found for the
            request that the step hangs on.
        text: as the author wrote it.
    """

    kind: Literal["met", "not met", "answered", "not answered", "silent", "ended early", "missed", "served", "unserved"]
    of: str = ""
    span: Length = Length(0, "days")
    text: str = ""
    times: int = 0


@frozen
class Step:
    """One thing the timeline does.

    Attributes:
        name: unique in the program; part of every delivery's key.
        to: groups of recipients: roles, `everyone`, `matched`, … or names of contacts.
        per: one message per person and role, or one per relationship; the core's own step for invitations sends one
            per occurrence.
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
    per: Literal["person", "relationship", "occurrence"] = "person"
    expires: Length = Length(7, "days")
    questions: tuple[Question, ...] = ()
    repeat: Length | None = None
    until: When | None = None
    condition: StepCondition | None = None
