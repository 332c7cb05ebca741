"""The program as a whole, and the template that it lives by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from mentorkit.core.program.channels import ChannelUse
from mentorkit.core.program.lengths import Length
from mentorkit.core.program.matching import MatchingUse
from mentorkit.core.program.pacing import Pacing
from mentorkit.core.program.reporting import KpiUse, Privacy
from mentorkit.core.program.roster import RosterUse
from mentorkit.core.program.sessions import Series
from mentorkit.core.program.surveys import AnswersFile
from mentorkit.core.program.timeline import Step
from mentorkit.core.program.uses import ModelUse


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
        language: of texts that name none: messages, agendas and questions.
        requires: what its templates need of roster and plugins.
        silent_after: who says nothing for so long is silent.
        answers: files that events are read from.
        channels: by which messages go out, in order; () where none is declared, and they go to the outbox.
        pacing: when messages wait although they are due.
        invitation: the core's own step that invites people to their sessions; None where no declared channel brings
            invitations, or no session is booked.
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
    language: str = "en"
    requires: Requires = Requires()
    silent_after: Length = Length(21, "days")
    answers: tuple[AnswersFile, ...] = ()
    channels: tuple[ChannelUse, ...] = ()
    pacing: Pacing = field(factory=Pacing)
    invitation: Step | None = None
    digest: str = ""

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything that sends messages: the timeline, and the core's own step for invitations."""
        return self.timeline if self.invitation is None else (*self.timeline, self.invitation)
