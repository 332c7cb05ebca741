"""From a program and its people to the problems to solve, and what speaks against solving them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from attrs import evolve, field, frozen

from mentorkit.core.blaming import blaming, expected, expected_all
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import MentoringModel, Pool, Request, Round
from mentorkit.core.diagnostics import Diagnostic, error, errors_in, listed
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.matching.choices import unknown_choices
from mentorkit.core.matching.contradictions import (
    decision_conflicts,
    lacking_values,
    pair_conflicts,
    unknown_people,
)
from mentorkit.core.matching.decisions import Decisions
from mentorkit.core.matching.pooling import build_pool
from mentorkit.core.matching.requesting import looked_for_anyway, only_requesting, with_topics
from mentorkit.core.matching.rounds import round_of
from mentorkit.core.matching.scoreboard import Scoreboard
from mentorkit.core.matching.usability import usable
from mentorkit.core.problems import MatchingProblem, Occasion
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.standing import Standing, standing


@frozen
class Posed:
    """Everything there is to solve.

    Attributes:
        program: with only the criteria and rules that the roster has columns for.
        occasions: each with its problem, narrowed by the scope.
        unnarrowed: the same occasions as the model posed them.
        away: who cannot be placed now.
        leaving: who leaves too soon to begin anything.
        on: the day it is for; None: every occasion is due.
        at: the moment it is for, UTC, aware; None: only the day is known.
        name: what the occasion is called; "": as the model calls it.
        only: by role, who can be placed; everybody in roles that are not named.
        requests: what is looked for, by person, of a model that works on request.
    """

    program: Program
    model: MentoringModel
    pool: Pool
    board: Scoreboard
    occasions: tuple[Occasion, ...]
    unnarrowed: tuple[Occasion, ...]
    away: Standing
    leaving: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]
    on: date | None = None
    name: str = ""
    only: Mapping[str, frozenset[str]] = field(factory=dict)
    requests: Mapping[str, Request] = field(factory=dict)
    at: datetime | None = None

    def last_day(self, occasion: str) -> date | None:
        """Return the last day of the relationships of an occasion; None where they last as long as the program."""
        days = {one.key: one.until for one in self.occasions}
        day = days.get(occasion)
        if day is None and self.pool.round is not None:
            day = self.pool.round.until
        return day if day is not None and day < self.program.ends else None


def posed(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    on: date | None = None,
    *,
    decisions: Decisions | None = None,
    occasion: str = "",
    only: Mapping[str, frozenset[str]] | None = None,
    requests: Mapping[str, Request] | None = None,
    at: datetime | None = None,
) -> Posed:
    """Return what there is to solve, with everything that speaks against it among the diagnostics.

    `occasion` renames what the model poses; of several, each keeps its own name behind it. What a model in rounds
    poses is called like the round. `only` says by role who can be placed; of roles that it does not name, everybody.
    Of a model that works on request, only those are who asked for something: by `requests`; else by the history, and if
    that knows of no request, everybody as if they asked.

    Raises:
        ProgramError: the roster lacks what a criterion, rule or model cannot do without.
        PluginError: the model or the scope is broken.
    """
    decisions = decisions or Decisions()
    requests = looked_for_anyway(program, roster, history, on) if requests is None else requests
    roster, only = with_topics(program, roster, requests), only_requesting(program, only or {}, requests)
    program, notes = usable(program, roster, catalogue)
    if errors_in(notes):
        raise ProgramError(notes)
    model = catalogue.models[program.model.use.name].implementation
    away = standing(roster, history, on)
    current = round_of(program, occasion, on)
    occasion, how = occasion or (current.key if current else ""), (decisions, on, current, only, requests, at)

    def due_among_all() -> tuple[Occasion, ...]:
        everybody, _ = build_pool(program, roster, catalogue, history, away, *how)
        return _due(program, catalogue, everybody, on, occasion)

    leaving = _leaving(program, roster, on, current, due_among_all) - away.left
    pool, board = build_pool(program, roster, catalogue, history, _without(away, leaving), *how)
    due = _due(program, catalogue, pool, on, occasion)
    narrowed = _all_narrowed(program, roster, catalogue, due)
    diagnostics = (*notes, *_against(program, roster, catalogue, board, narrowed))
    return Posed(
        program, model, pool, board, narrowed, due, away, leaving, diagnostics, on, occasion, only, requests, at
    )


def _leaving(
    program: Program,
    roster: Roster,
    on: date | None,
    current: Round | None,
    occasions: Callable[[], Sequence[Occasion]],
) -> frozenset[str]:
    """Return who leaves too soon to begin anything.

    They may stay for most of what they would begin, though not for most of the program: the occasions tell.
    """
    ends = current.until if current else program.ends
    leaving = leaving_soon(program, roster, on, ends)
    if not leaving:
        return leaving
    return leaving_soon(program, roster, on, max((one.until or ends for one in occasions()), default=ends))


def _against(
    program: Program, roster: Roster, catalogue: Catalogue, board: Scoreboard, occasions: Sequence[Occasion]
) -> Iterable[Diagnostic]:
    """Yield what speaks against the occasions: unknown people, contradictions, values that nobody has."""
    yield from unknown_people(board, roster)
    yield from unknown_choices(program, program.model.roles, roster)
    yield from decision_conflicts(board, roster)
    yield from lacking_values(board)
    yield from pair_conflicts(board, roster, occasions)
    yield from _unsolvable(program, catalogue, occasions)


def posed_again(posing: Posed, program: Program, roster: Roster, catalogue: Catalogue) -> tuple[Occasion, ...]:
    """Return the same occasions, people and places under other rules or criteria, narrowed by the scope."""
    board = evolve(posing.board, program=program, asked={})
    pool = evolve(posing.pool, pair_scores=board.pair_scores, required=board.required)
    return _all_narrowed(program, roster, catalogue, _due(program, catalogue, pool, posing.on, posing.name))


def posed_to_all(posing: Posed, roster: Roster, catalogue: Catalogue, history: History) -> Posed:
    """Return the same occasions for the places that are free by another history; nothing speaks against it anew."""
    absent = _without(posing.away, posing.leaving)
    how = (posing.board.decisions, posing.on, posing.pool.round, posing.only, posing.requests, posing.at)
    roster = with_topics(posing.program, roster, posing.requests)
    pool, board = build_pool(posing.program, roster, catalogue, history, absent, *how)
    due = _due(posing.program, catalogue, pool, posing.on, posing.name)
    narrowed = _all_narrowed(posing.program, roster, catalogue, due)
    return evolve(posing, pool=pool, board=board, occasions=narrowed, unnarrowed=due)


def _without(away: Standing, leaving: frozenset[str]) -> Standing:
    return evolve(away, paused=away.paused | leaving)


def _due(program: Program, catalogue: Catalogue, pool: Pool, on: date | None, name: str) -> tuple[Occasion, ...]:
    offer = catalogue.models[program.model.use.name]
    what = f'the model "{program.model.use.name}"'
    with blaming(offer.origin, what):
        found = offer.implementation.occasions(program.model.use.options, pool)
    occasions = expected_all(found, Occasion, offer.origin, what)
    early = on is None or pool.round is not None  # the first round is matched as soon as the program is
    return _renamed([one for one in occasions if early or one.on is None or (on is not None and one.on <= on)], name)


def _renamed(occasions: Sequence[Occasion], name: str) -> tuple[Occasion, ...]:
    if not name:
        return tuple(occasions)
    keys = [name if len(occasions) == 1 else f"{name}-{one.key}" for one in occasions]
    return tuple(
        evolve(one, key=key, problem=evolve(one.problem, occasion=key))
        for one, key in zip(occasions, keys, strict=True)
    )


def leaving_soon(program: Program, roster: Roster, on: date | None, ends: date) -> frozenset[str]:
    """Return who leaves, as the roster says, before half of what is left on a day until another one is over.

    Nobody begins with somebody whose last day is known to come so soon. Without a day nothing is known to come.
    """
    if on is None:
        return frozenset()
    begins = max(program.starts, on)
    halfway = begins + (ends - begins) / 2
    days = {one.id: one.values.get("left_on") for one in roster.people}
    return frozenset(person for person, day in days.items() if isinstance(day, date) and day < halfway)


def _all_narrowed(
    program: Program, roster: Roster, catalogue: Catalogue, occasions: Sequence[Occasion]
) -> tuple[Occasion, ...]:
    return tuple(evolve(one, problem=narrowed(program, roster, catalogue, one.problem)) for one in occasions)


def narrowed(program: Program, roster: Roster, catalogue: Catalogue, problem: MatchingProblem) -> MatchingProblem:
    """Return a problem as the program's scope narrows it.

    Raises:
        PluginError: the scope is broken.
    """
    if program.model.scope is None:
        return problem
    offer = catalogue.scopes[program.model.scope.name]
    what = f'the scope "{program.model.scope.name}"'
    with blaming(offer.origin, what):
        found = offer.implementation.narrow(program.model.scope.options, problem, roster.by_id)
    return expected(found, MatchingProblem, offer.origin, what)


def _unsolvable(program: Program, catalogue: Catalogue, occasions: Sequence[Occasion]) -> list[Diagnostic]:
    use = program.matching.matcher.name
    if use not in catalogue.matchers:  # whoever proves a result again needs none, and resolving says what is missing
        return []
    matcher = catalogue.matchers[use].implementation
    shapes = dict.fromkeys(occasion.problem.shape for occasion in occasions)
    able = [name for name, offer in catalogue.matchers.items() if set(shapes) <= offer.implementation.shapes]
    return [
        error(
            "matcher-shape",
            f'the matcher "{use}" solves {listed(matcher.shapes)}, not "{shape}", which the model '
            f'"{program.model.use.name}" poses',
            path="matching.use",
            help=f"name a matcher that can: {listed(able)}" if able else "install a plugin with such a matcher",
        )
        for shape in shapes
        if shape not in matcher.shapes
    ]
