"""The stage `learn`: what was told and what the roster says, each understood after the ones before it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from attrs import evolve, field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.happenings import Happening, Told
from mentorkit.core.history import History, numbered
from mentorkit.core.learning.completing import completions
from mentorkit.core.learning.consequences import doing
from mentorkit.core.learning.expiring import unanswered
from mentorkit.core.learning.known import known_from
from mentorkit.core.learning.noticing import Noticed, notice
from mentorkit.core.learning.recognizing import changed_hands
from mentorkit.core.learning.understanding import UnclearError, Understanding
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster


@frozen
class Learned:
    """What became known at one moment.

    Attributes:
        diagnostics: errors about what was told and cannot be taken, placed where it stands.
        numbers: running numbers of people whom events name and the ledger has not seen, in their order.
    """

    happening: Happening = field(factory=Happening)
    diagnostics: tuple[Diagnostic, ...] = ()
    numbers: Mapping[str, int] = field(factory=dict)


def learn(
    program: Program, roster: Roster, catalogue: Catalogue, history: History, told: Sequence[Told], at: datetime
) -> Learned:
    """Return what became known by `at` (UTC, aware) and everything that follows from it by itself.

    What was told is understood in the order of its moments, each against what the ones before it did; then
    relationships end that have come to their last day, and the roster's own columns are looked at, those of
    participants whom the ledger has not seen, too; at last, proposals end about which somebody was asked and has not
    answered in time. What the ledger has already counts once.
    """
    known = known_from(history, at)
    what, understanding = doing(program, catalogue), Understanding(program, roster)
    problems: list[tuple[Told, Diagnostic]] = []
    for one in sorted(told, key=lambda one: (one.at, one.id)):
        try:
            event = understanding.event(one, known)
        except UnclearError as unclear:
            problems.append((one, unclear.problem))
        else:
            if event is not None:
                what.do(known, event)
    events = sorted((*history.events, *known.new_events), key=lambda event: event.at)
    changed = changed_hands(roster, history.identities, program.id)

    def noticed(new: Mapping[str, int]) -> list[Noticed]:
        return notice(program, roster, {**history.numbers, **new}, events, at, changed, history.taking_part)

    named = [event.person for event in known.new_events]
    taking_part = noticed(_new_numbers(roster, history, {*named, *(one.id for one in roster.participants)}))
    new = _new_numbers(roster, history, {*named, *(one.event.person for one in taking_part)})
    completed = [Noticed(event, event.at) for event in completions(program, known)]
    for one_noticed in sorted([*completed, *noticed(new)], key=lambda each: each.ended_at):
        what.do(known, one_noticed.event, one_noticed.ended_at)
    for event in tuple(unanswered(program, known.relationships.values(), known.events.values(), at)):
        what.do(known, event)
    return Learned(known.happening(), _placed(problems), new)


def _placed(problems: Iterable[tuple[Told, Diagnostic]]) -> tuple[Diagnostic, ...]:
    ordered = sorted(problems, key=lambda found: (found[0].where, found[0].line, found[0].id))
    return tuple(evolve(found, file=one.where, line=one.line or None) for one, found in ordered)


def _new_numbers(roster: Roster, history: History, people: Collection[str]) -> dict[str, int]:
    """Return running numbers for those who have none, people in roster order first."""
    new = [one.id for one in roster.people if one.id in people and one.id not in history.numbers]
    return numbered(new, history.numbers.values())
