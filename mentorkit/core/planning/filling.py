"""Free seats of relationships that go on: who takes them in a run, with the sessions that change because of it.

Under `publish = "review"` nobody is put anywhere by a run; whoever is back takes their own seat in any case. Whoever is
matched anew by a rematch of everyone needs no seat beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from attrs import field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.happenings import Happening, Joining, with_all_joined
from mentorkit.core.history import History
from mentorkit.core.matching.intakes import intake_due
from mentorkit.core.matching.refilling import who_joins, who_returns
from mentorkit.core.matching.seats import free_seats, wanted_seats
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.joining import Unsuited, with_joiners
from mentorkit.core.zones import to_local

Filling = Literal["not", "as-declared", "decided"]
"""Whether free seats are filled: not now; as the program declares it; all of them, because somebody asked for it."""


@frozen
class Filled:
    """What becomes of free seats at one moment.

    Attributes:
        happening: who joins what, and the sessions that change.
    """

    happening: Happening = field(factory=Happening)
    diagnostics: tuple[Diagnostic, ...] = ()


def fill_seats(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    at: datetime,
    filling: Filling = "as-declared",
) -> Filled:
    """Return who takes which seat at `at` (UTC, aware); `history` is with everything that became known.

    Raises:
        PluginError: the model or a rule is broken.
    """
    idle = filling == "not" or not any(known.departures for known in history.published)
    if idle or _rematch_due(program, history, at):
        return Filled()
    seats = free_seats(program, catalogue, history, at)
    back = who_returns(program, roster, history, seats, at)
    known = with_all_joined(history, back)
    others: tuple[Joining, ...] = ()
    if filling == "decided" or program.matching.publish == "auto":
        others = who_joins(program, roster, catalogue, known, wanted_seats(program, catalogue, known, at), at)
        known = with_all_joined(known, others)
    joinings = (*back, *others)
    sessions, unsuited = with_joiners(program, roster, known, joinings, at)
    ordered = tuple(sorted(joinings, key=lambda one: (one.relationship, one.member)))
    return Filled(Happening(sessions=sessions, joinings=ordered), tuple(_told(unsuited)))


def _rematch_due(program: Program, history: History, at: datetime) -> bool:
    if program.matching.rematch != "everyone":
        return False
    return intake_due(program, history, to_local(at, program.timezone).date()) is not None


def _told(unsuited: Sequence[Unsuited]) -> Iterator[Diagnostic]:
    for one in unsuited:
        first, who = one.sessions[0], f"{one.joining.member.person} joins {one.joining.relationship}"
        yield warning(
            "joins-at-a-bad-time",
            f"{who}, and {len(one.sessions)} of {one.of} sessions to come lie outside their hours or when they are "
            f"elsewhere, the first on {first.local:%Y-%m-%d %H:%M} ({first.zone})",
            help=f"the sessions stay where they are; if all agree on another time, `record moved --subject {first.id}`",
        )
