"""The stage `match`: program, people and what is published, to relationships with a certificate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from attrs import evolve, field, frozen

from mentorkit.core.blaming import OURS, blaming, expected
from mentorkit.core.catalogue import Catalogue, Offer
from mentorkit.core.contracts import Matcher, Pool, Request, Role
from mentorkit.core.diagnostics import Diagnostic, errors_in
from mentorkit.core.errors import BrokenPromiseError, PluginError, ProgramError
from mentorkit.core.history import History
from mentorkit.core.matching.certifying import Group
from mentorkit.core.matching.conflicts import nobody_allowed
from mentorkit.core.matching.decisions import Decisions
from mentorkit.core.matching.posing import Posed, posed, posed_to_all
from mentorkit.core.matching.tasks import Solved, Task, certified, tasks_of, times_over
from mentorkit.core.matching.unmatched import unmatched_people, without_anybody
from mentorkit.core.matching.usability import usable
from mentorkit.core.matching.waiting import JOINED_LATE, joined_late, with_all_places_free
from mentorkit.core.problems import Effort, MatchingProblem, Solution
from mentorkit.core.program import MatchingUse, Program
from mentorkit.core.relationships import Certificate, Matching, Member, Relationship, Spare, Unmatched, relationship_id
from mentorkit.core.resolving.objectives import refuse
from mentorkit.core.roster import Roster
from mentorkit.core.shapes import slot_name, slot_time

__all__ = ["PARTS", "MatchingOutcome", "Solved", "match", "usable"]

POSING, SOLVING, CERTIFYING = PARTS = ("posing", "solving", "certifying")
"""What the time goes to, in this order; the last two again for each occasion."""


@frozen
class MatchingOutcome:
    """What matching came to.

    Attributes:
        occasions: keys of the occasions that were solved.
        diagnostics: warnings and notes.
        solved: the problems behind it, in the order of the occasions.
        posing: what there was to solve, before it was narrowed to those whose turn it is.
    """

    matching: Matching
    occasions: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    solved: tuple[Solved, ...] = field(default=(), eq=False, repr=False)
    posing: Posed | None = field(default=None, eq=False, repr=False)


def match(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    on: date | None = None,
    *,
    decisions: Decisions | None = None,
    occasion: str = "",
    rematch: bool = False,
    only: Mapping[str, frozenset[str]] | None = None,
    requests: Mapping[str, Request] | None = None,
    at: datetime | None = None,
    effort: Effort = Effort(),  # noqa: B008 (frozen and empty)
) -> MatchingOutcome:
    """Match everybody who has a free place; published relationships are taken as given.

    Args:
        program: resolved.
        roster: everybody.
        catalogue: where model, scope, matcher, criteria and rules come from.
        history: what the ledger knows; an empty one solves afresh.
        on: the day, for `paused_until`, `left_on` and occasions with a day of their own; None: none of these count.
        decisions: pairs that somebody wants together or apart.
        occasion: what the occasion is called; "": as the model calls it.
        rematch: whether members of published relationships are free again. Who is in one keeps the right to a place;
            pairs are kept where nothing is lost by it, and the same members get the same relationship id.
        only: by role, the ids of those who can be matched; everybody in roles that are not named.
        requests: of a model that works on request, what is looked for, by person; None: see `posing.posed`.
        at: the moment, for models to which the day does not say enough; None: only the day is known.
        effort: how much the matcher may spend on each problem; it is told, too, when each of `PARTS` begins, and at
            the end that the last one is done.

    Raises:
        ProgramError: program and roster do not fit: a column is missing, pairs contradict each other; or the matcher
            does not pursue the objective.
        InternalError: the result of one of our matchers fails its certificate.
        PluginError: a plugin does not do what its contract says; so does a result of its matcher that fails.
    """
    freed = tuple(known.relationship for known in history.published) if rematch else ()
    if rematch:
        history = with_all_places_free(history)
    effort.tell(POSING, 0.0)
    posing = posed(
        program,
        roster,
        catalogue,
        history,
        on,
        decisions=decisions,
        occasion=occasion,
        only=only,
        requests=requests,
        at=at,
    )
    if errors_in(posing.diagnostics):
        raise ProgramError(posing.diagnostics)
    today = on or date.max
    tasks = tasks_of(posing, history, today, freed, effort)
    solved = [_solved(posing, task, catalogue) for task in tasks]
    effort.tell(CERTIFYING, 1.0)
    return _outcome(posing, solved, program, roster, catalogue, history, late=not occasion)


def _outcome(
    posing: Posed,
    solved: Sequence[Solved],
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    *,
    late: bool,
) -> MatchingOutcome:
    """Return what the solved problems come to together; `late`: whether reasons may be that somebody joined late."""
    relationships = _relationships(posing, solved, history)
    matching = Matching(
        relationships=tuple(sorted(relationships, key=lambda one: one.id)),
        unmatched=_unmatched(posing, roster, catalogue, history, relationships, late=late),
        spare=_spare(program.model.roles, posing.pool, relationships),
        certificate=_combined([one.certificate for one in solved], program.matching),
        given=posing.pool.given,
    )
    keys = tuple(one.key for one in posing.occasions)
    return MatchingOutcome(matching, keys, _told(posing, solved), tuple(solved), posing)


def _told(posing: Posed, solved: Sequence[Solved]) -> tuple[Diagnostic, ...]:
    """Return what there is to say: of the problems, of the solutions, each once, and of occasions without any."""
    words = dict.fromkeys(word for one in solved for word in one.solution.diagnostics)
    return (*posing.diagnostics, *words, *_nobody(posing, solved))


def _relationships(posing: Posed, solved: Sequence[Solved], history: History) -> list[Relationship]:
    over = times_over(history)
    return [
        _relationship(posing.program, group, one, over[frozenset(group.members)], posing.last_day(one.occasion))
        for one in solved
        for group in one.groups
    ]


def _nobody(posing: Posed, solved: Sequence[Solved]) -> Iterable[Diagnostic]:
    """Yield which rules leave nobody, of occasions in which nobody was matched.

    Beside published relationships that is nothing special: those few who wait may just fit nobody.
    """
    for occasion, one in zip(posing.occasions, solved, strict=True):
        if not one.groups and not posing.pool.given:
            yield from nobody_allowed(posing.program, occasion.problem)


def _solved(posing: Posed, task: Task, catalogue: Catalogue) -> Solved:
    use, effort = posing.program.matching.matcher, task.problem.effort
    offer: Offer[Matcher] = catalogue.matchers[use.name]
    refuse(task.problem.objective, use.name, offer.implementation)
    what = f'the matcher "{use.name}"'
    effort.tell(SOLVING, 0.0)
    with blaming(offer.origin, what):
        found = offer.implementation.solve(use.options, handed_out(task.problem, offer))
    solution = expected(found, Solution, offer.origin, what)
    effort.tell(CERTIFYING, 0.0)
    try:
        return certified(posing, task, solution, f"{use.name} of {offer.origin}")
    except BrokenPromiseError as reason:
        if offer.origin.distribution == OURS:
            raise
        raise PluginError(str(reason)) from reason


def handed_out(problem: MatchingProblem, offer: Offer[Matcher]) -> MatchingProblem:
    """Return a problem for a matcher: one that is not ours gets its own, so that it can change nothing about ours."""
    return problem if offer.origin.distribution == OURS else problem.apart()


def _unmatched(
    posing: Posed,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    relationships: Sequence[Relationship],
    *,
    late: bool,
) -> tuple[Unmatched, ...]:
    """Return who is unmatched; a partner whose places published relationships take counts as full, not as absent.

    Outside of an intake it is a reason to have joined `late`; in an intake everybody is on time.
    """
    roles = posing.program.model.roles
    if not any(without_anybody(roles, roster, posing, relationships).values()):
        return ()
    if history.binding:
        relationships = (*relationships, *posing.pool.given)
        posing = posed_to_all(posing, roster, catalogue, with_all_places_free(history))
    people = unmatched_people(roles, roster, posing, relationships)
    late = late and posing.program.model.request_days is None  # whoever asks is looked after in every run
    return tuple(
        evolve(one, reasons=(JOINED_LATE, *one.reasons)) if late and joined_late(one.person, history) else one
        for one in people
    )


def _relationship(
    program: Program, group: Group, solved: Solved, ended_before: int, until: date | None
) -> Relationship:
    return Relationship(
        relationship_id(program.id, group.members, ended_before),
        group.members,
        group.score,
        solved.occasion,
        slot_name(solved.problem.details, group.slot),
        slot_time(solved.problem.details, group.slot),
        until,
    )


def _spare(roles: Sequence[Role], pool: Pool, relationships: Sequence[Relationship]) -> tuple[Spare, ...]:
    used = Counter(member for one in relationships for member in one.members)
    free = [
        Spare(person, role.name, int(places) - used[Member(person, role.name)])
        for role in roles
        if not role.served
        for person, places in zip(pool.seatings[role.name].people, pool.seatings[role.name].places, strict=True)
    ]
    return tuple(sorted((one for one in free if one.places > 0), key=lambda one: (one.person, one.role)))


def _combined(certificates: Sequence[Certificate], use: MatchingUse) -> Certificate:
    """Return one certificate for all occasions: what it says are sums over them."""
    if len(certificates) == 1:
        return certificates[0]
    people = [one.matched_bound for one in certificates]
    points = [one.total_score_bound for one in certificates]
    extra: Mapping[str, object] = {"occasions": [one.extra for one in certificates if one.extra]}
    return Certificate(
        use.matcher.name,
        all(one.exact for one in certificates),
        sum(one.matched for one in certificates),
        sum(one.total_score for one in certificates),
        None if None in people else sum(one for one in people if one is not None),
        None if None in points else sum(one for one in points if one is not None),
        extra if any(one.extra for one in certificates) else {},
        sum(one.pairs_checked for one in certificates),
        use.objective,
    )
