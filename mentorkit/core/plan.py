"""A plan is a value: what a run would do at one moment. It prints, it is saved, it diffs; `run` adds nothing to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from attrs import field, frozen

from mentorkit.core.deliveries import Held, Transmission
from mentorkit.core.happenings import Happening
from mentorkit.core.history import RosterSeen
from mentorkit.core.outlook import Outlook, outlook
from mentorkit.core.proofs import Price
from mentorkit.core.relationships import Matching, Member, Relationship
from mentorkit.core.sessions import Schedule


@frozen
class Newcomer:
    """A person or contact the ledger sees for the first time and the running number they get."""

    number: int
    id: str


@frozen
class Waiting:
    """A transmission that is in the ledger already, and waits to be sent."""

    key: str
    step: str
    number: int


@frozen
class Paced:
    """A transmission that could go out and waits.

    Attributes:
        number: the recipient's running number.
        until: when it may go out, UTC, aware, if nothing comes between.
        reason: the recipient's quiet hours, or that they have had as many messages as they get in that time.
        due: since when it has been due, UTC, aware; nothing is decided by it.
    """

    key: str
    step: str
    number: int
    until: datetime
    reason: Literal["quiet-hours", "at-most"]
    due: datetime | None = field(default=None, eq=False)


def published_now(
    matching: Matching | None, accepted: tuple[Relationship, ...], waits: bool
) -> tuple[Relationship, ...]:
    """Return what is published now, by id: what was accepted, and what was matched unless that `waits`."""
    made = matching.relationships if matching and not waits else ()
    return tuple(sorted((*accepted, *made), key=lambda one: one.id))


@frozen
class Plan:
    """What a run does at `at`, and what comes later.

    Attributes:
        at: the moment, UTC, aware.
        program: the program's id.
        digest: a SHA-256 over program, roster and everything else that the plan was made from.
        ledger_id: of the ledger it was made against; "" for none yet.
        mark: that ledger's last log number.
        newcomers: who gets a running number, in order.
        happening: what became known since the last run (answers, the roster's own columns), and what follows.
        rearranged: what this plan itself changes of what is published: relationships that a rematch ends, and
            sessions that changed session keys or newer zone data move.
        matching: the matching made at this moment, or None when none is due. Where it takes up relationships that are
            proposed already, they are published.
        occasions: keys of the occasions it settles.
        proposing: whether `matching` is only proposed, and waits for somebody to publish it.
        asking: whether the people of `matching` are asked first: its relationships are published once they accept.
        accepted: relationships that are published now, because everybody who was asked about them has accepted.
        withdrawn: ids of proposed relationships that it replaces.
        breaks: ids of published relationships that end once the proposal is published.
        provisional: whether `matching` is only a preview, because sign-up has not closed: nothing of it is done now.
        published: the moment from which those relationships count as published, UTC, aware; None: `at`.
        schedule: sessions of the relationships published now, and those that found no time.
        due: transmissions to send now, by (due, key).
        waiting: what an earlier run recorded and did not come to send; a run sends it first.
        paced: what is due, or left by an earlier run, and waits by the program's pacing, by (until, key).
        expired: transmissions met too late; they are named and never sent.
        suppressed: transmissions that expired while their recipient paused; they are never sent, and nobody minds.
        held: recipients whose transmissions wait.
        later: transmissions that come after `at`, by (due, key), as far as today's knowledge reaches; while the
            matching is provisional, as if it were published when sign-up closes. They are made when looked at.
        preview: sessions of the provisional matching, likewise; they are never recorded.
        series: by name, what the sessions are laid out by from now on, where the ledger does not know it yet.
        data: by name, the version of data about the world in use, where the ledger knows of another one.
        taking_part: by id, who takes part by this roster and who does not, where the ledger knows otherwise.
        prices: what places cost by `matching`, where everybody was free in it: kept in place of earlier ones, if any.
        identities: what people are recognized by from now on, by id, where the ledger does not know it yet.
        ways: by key of what is due or waits, the channel that it goes by, "" where none reaches its recipient; empty
            for a program that declares no channels.
        roster: the roster, where it differs from the one that the ledger saw last.
    """

    at: datetime
    program: str
    digest: str
    ledger_id: str = ""
    mark: int = 0
    newcomers: tuple[Newcomer, ...] = ()
    happening: Happening = field(factory=Happening)
    rearranged: Happening = field(factory=Happening)
    matching: Matching | None = None
    occasions: tuple[str, ...] = ()
    provisional: bool = False
    proposing: bool = False
    asking: bool = False
    accepted: tuple[Relationship, ...] = ()
    withdrawn: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    published: datetime | None = None
    schedule: Schedule = field(factory=Schedule)
    due: tuple[Transmission, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    paced: tuple[Paced, ...] = ()
    expired: tuple[Transmission, ...] = ()
    suppressed: tuple[Transmission, ...] = ()
    held: tuple[Held, ...] = ()
    later: Outlook = field(default=Outlook(), converter=outlook)
    preview: Schedule = field(factory=Schedule)
    series: Mapping[str, str] = field(factory=dict)
    data: Mapping[str, str] = field(factory=dict)
    taking_part: Mapping[str, bool] = field(factory=dict)
    prices: Mapping[Member, Price] = field(factory=dict)
    identities: Mapping[str, str] = field(factory=dict)
    ways: Mapping[str, str] = field(factory=dict)
    roster: RosterSeen | None = None

    @property
    def publishing(self) -> tuple[Relationship, ...]:
        """The relationships that are published now, by id."""
        return published_now(self.matching, self.accepted, self.provisional or self.proposing or self.asking)

    @property
    def lateness(self) -> timedelta:
        """How late the oldest due transmission is; nothing where none is due."""
        return max((self.at - one.due for one in self.due), default=timedelta())
