"""Seats that people have left in relationships that go on, and who may take them.

A seat is worked out anew in each run: whoever has left and in whose place nobody has come, as the model answers under
today's options. Nothing of it is kept, so a seat is free as long as it is, in the first run after somebody has left and
in any later one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from attrs import evolve, frozen

from mentorkit.core.blaming import blaming
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.history import TO_COME, History, KnownRelationship
from mentorkit.core.memberships import Membership, members_now
from mentorkit.core.phases import last_day
from mentorkit.core.program import Program
from mentorkit.core.zones import day_end


@frozen
class Seat:
    """A seat that somebody has left.

    Attributes:
        known: the relationship as it goes on.
        former: the time there of whoever had it.
        for_anybody: whether the model wants it filled; else only its former holder can come back to it.
    """

    known: KnownRelationship
    former: Membership
    for_anybody: bool

    @property
    def relationship(self) -> str:
        """The relationship's id."""
        return self.known.relationship.id

    @property
    def role(self) -> str:
        """The role of whoever sits there."""
        return self.former.member.role


def free_seats(program: Program, catalogue: Catalogue, history: History, at: datetime) -> tuple[Seat, ...]:
    """Return the seats that are free at `at` (aware), by relationship id, those first that were left first.

    A relationship with nothing to come has none: its sessions are over, or its last day. Whoever must be asked before
    they begin, or must ask for it, takes no seat unasked.

    Raises:
        PluginError: the model cannot say what it wants.
    """
    left = [known for known in history.published if known.departures]
    if not left:
        return ()
    to_come = {one.session.relationship for one in history.sessions if one.state in TO_COME and one.session.starts > at}
    had = {one.session.relationship for one in history.sessions}
    return tuple(
        Seat(known, former, answer == "refill" and former.member.role not in _asked_roles(program))
        for known in sorted(left, key=lambda one: one.relationship.id)
        if at < day_end(last_day(program, known.relationship), program.timezone)
        and (known.relationship.id in to_come or known.relationship.id not in had)
        for former in _without_successor(known)
        if (answer := _answer(program, catalogue, known, former)) != "end"
    )


def wanted_seats(program: Program, catalogue: Catalogue, history: History, at: datetime) -> tuple[Seat, ...]:
    """Return the free seats that the model wants filled, in the order of `free_seats`.

    Raises:
        PluginError: the model cannot say what it wants.
    """
    return tuple(seat for seat in free_seats(program, catalogue, history, at) if seat.for_anybody)


def _without_successor(known: KnownRelationship) -> Iterator[Membership]:
    """Yield whoever has left and has nobody in their place: who came last came for who had left first."""
    came = Counter(one.member.role for one in known.own_days if one.joined is not None)
    gone: dict[str, list[Membership]] = {}
    for one in known.departures:
        gone.setdefault(one.member.role, []).append(one)
    for role, theirs in gone.items():
        yield from sorted(theirs, key=lambda one: (one.left, one.member))[came[role] :]


def _answer(program: Program, catalogue: Catalogue, known: KnownRelationship, former: Membership) -> str:
    offer = catalogue.models[program.model.use.name]
    days = tuple(evolve(one, left=None) if one == former else one for one in known.own_days)
    still = evolve(known.relationship, members=members_now(days))
    with blaming(offer.origin, f'the model "{program.model.use.name}"'):
        return offer.implementation.on_leaving(program.model.use.options, still, former.member.person)


def _asked_roles(program: Program) -> frozenset[str]:
    """Return the roles whose people begin nothing that they have not accepted, or asked for."""
    asking = program.model.asking.roles if program.model.asking else ()
    requesting = [role.name for role in program.model.roles if role.served and program.model.request_days is not None]
    return frozenset((*asking, *requesting))
