"""What the ledger knows, as one frozen value that planning reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from attrs import field, frozen

from mentorkit.core.deliveries import State
from mentorkit.core.memberships import Membership, members_ever, memberships_of
from mentorkit.core.proofs import Price
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.sessions import Session

CONTACT, ERASED = "contact:", "erased:"
RESERVED = (CONTACT, ERASED)
"""What begins a ledger's names of those who are no participants: no participant's id may begin like them."""


RelationshipState = Literal["proposed", "published", "ended"]
COMPLETED = "completed"
"""Why relationships end that have come to their own last day: as the matching meant it, and not early."""

AGAIN, REQUESTS = "again-", "requests-"
"""What the keys of occasions begin with that are between others: for who lost somebody, for who asked for something."""

SessionState = Literal["planned", "moved", "canceled", "held", "missed"]
TO_COME: tuple[SessionState, ...] = ("planned", "moved")
"""States of sessions that nobody has said anything final of."""


def numbered(names: Iterable[str], taken: Iterable[int]) -> dict[str, int]:
    """Return running numbers for people and contacts who have none, in their order, after those that are taken."""
    return {name: number for number, name in enumerate(names, max(taken, default=0) + 1)}


@frozen
class Event:
    """Something that happened.

    `subject` is a relationship, a session or SURVEY.QUESTION, or "" for what is about the person alone.
    """

    id: str
    at: datetime
    person: str
    kind: str
    subject: str
    value: str = ""


@frozen
class KnownRelationship:
    """A relationship in the ledger.

    Attributes:
        relationship: its members are those who are in it, of an ended one those who were in it at its end.
        published_at: UTC, aware; None while proposed.
        reason: why it ended, or ""; a proposed one with a reason is proposed no longer (`withdrawn`, `declined`,
            `expired`).
        end_noted: when the ledger learned that it has ended, UTC, aware; None while it has not.
        asked_at: when its members were asked whether they accept, UTC, aware; None: nobody is asked.
        own_days: everybody who was ever in it, in the order in which they came, where anybody was in it for a shorter
            time than it lasted; () where nobody was.
    """

    relationship: Relationship
    state: RelationshipState
    published_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
    end_noted: datetime | None = None
    asked_at: datetime | None = None
    own_days: tuple[Membership, ...] = ()

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """Everybody's time in it, in the order in which they came."""
        return self.own_days or memberships_of(self.relationship.members)

    @property
    def founders(self) -> tuple[Member, ...]:
        """Who was in it from its publication on: its id is made of them."""
        return tuple(one.member for one in self.memberships if one.joined is None)

    @property
    def everybody(self) -> tuple[Member, ...]:
        """Whoever was ever in it, each once, in the order of its members."""
        return members_ever(self.own_days) if self.own_days else self.relationship.members

    @property
    def departures(self) -> tuple[Membership, ...]:
        """The times of those who have left it while it went on."""
        return tuple(one for one in self.own_days if one.left is not None)

    def joined(self, person: str) -> datetime | None:
        """Return when somebody who is in it took their seat, UTC, aware; None: they were in it from the beginning."""
        return next((one.joined for one in self.own_days if one.left is None and one.member.person == person), None)

    @property
    def completed(self) -> bool:
        """Whether it has ended on its own last day."""
        return self.state == "ended" and self.reason == COMPLETED and self.relationship.until is not None

    @property
    def withdrawn(self) -> bool:
        """Whether it was proposed, and is no longer: it never was a relationship."""
        return self.state == "proposed" and bool(self.reason)

    @property
    def is_asked(self) -> bool:
        """Whether people are asked about it, and it depends on what they say."""
        return self.state == "proposed" and not self.reason and self.asked_at is not None


@frozen
class KnownSession:
    """A session in the ledger, with its state.

    Attributes:
        sequence: how often its calendar entry has changed.
        moves: how often its time has changed.
        changed: when it was last changed, UTC, aware; None: never since its relationship was published.
    """

    session: Session
    state: SessionState = "planned"
    sequence: int = 0
    moves: int = 0
    changed: datetime | None = None


@frozen
class KnownTransmission:
    """A transmission in the ledger.

    Attributes:
        deliveries: keys of its deliveries, as long as it waits to be sent; () otherwise.
        changed: when it came into its state, UTC, aware.
        bundle: the message in which it went out, or was to, with others; "" for one of its own.
        channel: the program's name of the channel that it was last about to go by; "" before.
    """

    key: str
    state: State
    step: str
    number: int
    due: datetime
    detail: str = ""
    attempts: int = 0
    not_before: datetime | None = None
    deliveries: tuple[str, ...] = ()
    changed: datetime | None = None
    bundle: str = ""
    channel: str = ""


@frozen
class Unreachable:
    """An address at which a channel reaches nobody, as the other side said.

    Attributes:
        number: running number of whom it was to reach.
        digest: of the address (`routing.address_digest`), which is nowhere in the ledger itself.
        at: when it was said, UTC, aware.
        detail: what was said, without addresses.
    """

    channel: str
    number: int
    digest: str
    at: datetime
    detail: str = ""


@frozen
class RosterSeen:
    """A roster as a run saw it.

    Attributes:
        at: UTC, aware.
        people: everybody in it.
        participants: those of them who take part.
        columns: our names of the columns it had, sorted.
    """

    at: datetime
    digest: str
    people: int
    participants: int
    columns: tuple[str, ...] = ()


@frozen
class History:
    """Everything planning needs to know of the past.

    Attributes:
        ledger_id: random id of the ledger; "" where there is none yet.
        mark: number of the last log entry; 0 for none.
        numbers: running numbers by person id; contacts as `contact:NAME`.
        seen: when each of them got that number, UTC, aware, by the same keys.
        occasions: key of each occasion that was matched, with the moment.
        deliveries: state by delivery key.
        transmissions: by key.
        series: by name, what the sessions that are planned were laid out by (`scheduling.series_marks`).
        data: by name (`zones.data_versions`), the version of the data about the world that a run used last.
        participants: ids of people who took part by the roster in which they were seen last.
        identities: what each person is recognized by (`learning.recognizing`), by id.
        prices: what places cost by the last matching in which everybody was free and some cost anything, by person and
            role (`matching.earlier_prices`).
        rosters: every roster that differed from the one before, by `at`.
        refusals: by transmission, the channels that will never deliver it.
        unreachable: addresses at which channels reach nobody.
        assume_sent_until: an adopted ledger does not know what went out before; whatever was due up to this moment
            counts as sent. UTC, aware.
    """

    ledger_id: str = ""
    mark: int = 0
    numbers: Mapping[str, int] = field(factory=dict)
    seen: Mapping[str, datetime] = field(factory=dict)
    occasions: Mapping[str, datetime] = field(factory=dict)
    relationships: tuple[KnownRelationship, ...] = ()
    sessions: tuple[KnownSession, ...] = ()
    deliveries: Mapping[str, State] = field(factory=dict)
    transmissions: Mapping[str, KnownTransmission] = field(factory=dict)
    events: tuple[Event, ...] = ()
    series: Mapping[str, str] = field(factory=dict)
    data: Mapping[str, str] = field(factory=dict)
    participants: frozenset[str] = frozenset()
    identities: Mapping[str, str] = field(factory=dict)
    prices: Mapping[Member, Price] = field(factory=dict)
    rosters: tuple[RosterSeen, ...] = ()
    assume_sent_until: datetime | None = None
    refusals: Mapping[str, tuple[str, ...]] = field(factory=dict)
    unreachable: tuple[Unreachable, ...] = ()

    @property
    def published(self) -> tuple[KnownRelationship, ...]:
        """Relationships that are published and have not ended."""
        return tuple(known for known in self.relationships if known.state == "published")

    @property
    def in_place_of_another(self) -> bool:
        """Whether it stands in the place of a ledger that was lost, and has matched nobody yet."""
        return self.assume_sent_until is not None and not self.relationships

    @property
    def last_for_all(self) -> datetime | None:
        """When the last matching was that was for everybody: what is matched between others is for some people only."""
        return max((at for key, at in self.occasions.items() if not key.startswith((AGAIN, REQUESTS))), default=None)

    @property
    def placed(self) -> frozenset[Member]:
        """Members of relationships that go on, or have come to their last day after the last matching for all."""
        last = self.last_for_all
        lived = (one for one in self.relationships if one.completed and last and one.ended_at and one.ended_at > last)
        return frozenset(member for known in (*self.published, *lived) for member in known.relationship.members)

    @property
    def taking_part(self) -> frozenset[str]:
        """Ids of participants, and of members of published relationships."""
        return self.participants | {one for known in self.published for one in known.relationship.people()}

    @property
    def proposed(self) -> tuple[KnownRelationship, ...]:
        """Relationships that wait for somebody to publish them."""
        return tuple(one for one in self.relationships if one.state == "proposed" and not (one.reason or one.is_asked))

    @property
    def asked(self) -> tuple[KnownRelationship, ...]:
        """Relationships that are published once everybody asked has accepted."""
        return tuple(one for one in self.relationships if one.is_asked)

    @property
    def binding(self) -> tuple[KnownRelationship, ...]:
        """Relationships that take places: published ones, and those whose people are asked."""
        return tuple(one for one in self.relationships if one.state == "published" or one.is_asked)
