"""How things stand before anything is matched or sent: what became known, who takes free seats, which sessions move.

Runs and publications begin alike, and their plans say the same about where they began.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import Diagnostic, as_warning
from mentorkit.core.happenings import Happening, Told
from mentorkit.core.history import History, RosterSeen, numbered
from mentorkit.core.learning import Learned, applied, joined, learn
from mentorkit.core.learning.recognizing import new_signs
from mentorkit.core.plan import Newcomer
from mentorkit.core.planning.filling import Filled, Filling, fill_seats
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.resettling import Resettled, resettle
from mentorkit.core.scheduling.rezoning import rezone
from mentorkit.core.timeline.occurrences import Occurrence
from mentorkit.core.zones import data_versions, tzdata_version


@frozen
class Begun:
    """How things stand at one moment before anything is matched or sent.

    Attributes:
        learned: what became known.
        known: the history with that.
        filled: who takes seats that others have left.
        resettled: the sessions that changed session keys or newer zone data move, those of whoever takes a seat among
            them.
        history: the history with all that.
    """

    learned: Learned
    known: History
    filled: Filled
    resettled: Resettled
    history: History

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What there is to say about what was told: what cannot be taken is left out, and stops nobody else's."""
        return (*map(as_warning, self.learned.diagnostics), *self.filled.diagnostics)

    @property
    def rearranged(self) -> Happening:
        """What changes of what is published because of free seats and changed keys."""
        return joined(self.filled.happening, self.resettled.happening)


def begin(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    at: datetime,
    told: Sequence[Told] = (),
    filling: Filling = "as-declared",
) -> Begun:
    """Learn what happened since the last run, fill free seats, and move the sessions whose keys have changed.

    Raises:
        PluginError: the model or a rule is broken.
    """
    roles = program.model.roles
    past = [one for one in told if one.at <= at]
    learned = learn(program, roster, catalogue, history, past, at)
    known = evolve(applied(history, learned.happening), numbers={**history.numbers, **learned.numbers})
    filled = fill_seats(program, roster, catalogue, known, at, filling)
    after = applied(known, filled.happening)
    rezoned = rezone(after, at)
    resettled = resettle(program, roster, roles, applied(after, rezoned), at)
    resettled = evolve(resettled, happening=joined(rezoned, resettled.happening))
    return Begun(learned, known, filled, resettled, applied(after, resettled.happening))


def plan_for(
    program: Program,
    roster: Roster,
    history: History,
    begun: Begun,
    at: datetime,
    occurrences: Iterable[Occurrence] = (),
) -> dict[str, Any]:
    """Return the attributes of a plan that are the same whatever it goes on to do."""
    new = newcomers(roster, history, begun.learned.numbers, occurrences)
    numbers = {**history.numbers, **{one.id: one.number for one in new}}
    return {
        "at": at,
        "program": program.id,
        "digest": _digest(program, roster, history, at),
        "ledger_id": history.ledger_id,
        "mark": history.mark,
        "newcomers": new,
        "taking_part": _taking_part(roster, history, numbers),
        "identities": new_signs(roster, numbers, history.identities, program.id),
        "happening": begun.learned.happening,
        "series": {name: mark for name, mark in begun.resettled.marks.items() if history.series.get(name) != mark},
        "data": {name: one for name, one in data_versions(roster).items() if history.data.get(name) != one},
        "roster": _roster_seen(roster, history, at),
    }


def newcomers(
    roster: Roster, history: History, named: Mapping[str, int], occurrences: Iterable[Occurrence]
) -> tuple[Newcomer, ...]:
    """Return who has no running number and gets one: whom events name, people in roster order, then contacts."""
    addressees = {id(one.addressee): one.addressee for one in occurrences}  # most are the same object many times
    receiving = {one.number_key: one for one in addressees.values()}
    people = [one.id for one in roster.people if one.roles or one.id in receiving]
    contacts = sorted(key for key, addressee in receiving.items() if addressee.kind == "contact")
    new = [key for key in people + contacts if key not in history.numbers and key not in named]
    given = {**named, **numbered(new, [*history.numbers.values(), *named.values()])}
    return tuple(Newcomer(number, key) for key, number in given.items())


def _taking_part(roster: Roster, history: History, numbers: Mapping[str, int]) -> dict[str, bool]:
    here = {one.id: bool(one.roles) for one in roster.people if one.id in numbers}
    return {person: takes for person, takes in here.items() if takes != (person in history.participants)}


def _roster_seen(roster: Roster, history: History, at: datetime) -> RosterSeen | None:
    columns = tuple(sorted(roster.columns))
    if history.rosters and (history.rosters[-1].digest, history.rosters[-1].columns) == (roster.digest, columns):
        return None
    return RosterSeen(at, roster.digest, len(roster.people), len(roster.participants), columns)


def _digest(program: Program, roster: Roster, history: History, at: datetime) -> str:
    words = (
        program.id,
        program.digest,
        roster.digest,
        history.ledger_id,
        history.mark,
        at.isoformat(),
        tzdata_version(),
        *sorted(roster.countries.items()),
        *sorted(roster.busy.items()),
    )
    return hashlib.sha256("\x1f".join(map(str, words)).encode()).hexdigest()
