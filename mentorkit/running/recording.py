"""Writes down what somebody says, and what follows from it by itself; nothing is sent here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from mentorkit import clock
from mentorkit.core.diagnostics import Diagnostic, errors_in
from mentorkit.core.errors import ProgramError
from mentorkit.core.happenings import Happening, Told
from mentorkit.core.history import Event, History, numbered
from mentorkit.core.learning import consequences, learn
from mentorkit.core.roster import Roster
from mentorkit.guarding.ledger_guard import guarded
from mentorkit.ledger import read_history
from mentorkit.opening import Opened
from mentorkit.running.results import keep_the_template, write_results


@frozen
class Recorded:
    """What was written down.

    Attributes:
        happening: the events that are new, and what follows from them.
        known: ids of events that were recorded already, in the order in which they were told.
        before: the ledger without them.
        diagnostics: warnings and notes.
    """

    happening: Happening
    known: tuple[str, ...]
    before: History
    diagnostics: tuple[Diagnostic, ...] = ()


def record(opened: Opened, told: Sequence[Told]) -> Recorded:
    """Write down what was told, as of the opened program's moment, and nothing of what roster or answers say.

    Raises:
        ProgramError: an event is about nobody or nothing that there is, or contradicts what is recorded; none is
            written down.
        RefusedError: the program is held, or its ledger is unknown.
        RunError: something could not be written.
    """
    before = read_history(opened.workspace.ledger)
    planned = _learned(opened, before, told)  # refuses before a run folder is made
    if not planned.happening:
        return planned
    with guarded(opened.workspace, opened.program, opened.catalogue, clock.now()) as held:
        before = held.ledger.read()
        recorded = _learned(opened, before, told)
        if not recorded.happening:  # somebody else has written it down meanwhile
            return recorded
        numbers = _numbers(opened.roster, before, recorded.happening.events)
        keep_the_template(opened)
        held.ledger.record_happening(recorded.happening, numbers=numbers, at=opened.at, mark=before.mark)
        write_results(opened, held.ledger.read(), opened.workspace.folder)
        return Recorded(recorded.happening, recorded.known, before, held.notes + recorded.diagnostics)


def _learned(opened: Opened, history: History, told: Sequence[Told]) -> Recorded:
    learned = learn(opened.program, opened.roster, opened.catalogue, history, told, opened.at)
    if errors_in(learned.diagnostics):
        raise ProgramError(learned.diagnostics)
    ids = {one.id for one in told}
    events = tuple(event for event in learned.happening.events if event.id in ids)
    happening = consequences(opened.program, opened.catalogue, history, events, opened.at) if events else Happening()
    known = {event.id for event in history.events}
    return Recorded(happening, tuple(one.id for one in told if one.id in known), history, learned.diagnostics)


def _numbers(roster: Roster, history: History, events: Sequence[Event]) -> Mapping[str, int]:
    """Return running numbers for those whom the ledger sees for the first time, in the order of the roster."""
    told = {event.person for event in events}
    new = [one.id for one in roster.people if one.id in told and one.id not in history.numbers]
    return numbered(new, history.numbers.values())
