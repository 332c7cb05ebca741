"""Where a program stands and what needs its coordinator: read from the history and today's plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from attrs import field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Round
from mentorkit.core.deliveries import Transmission
from mentorkit.core.happenings import Happening
from mentorkit.core.history import TO_COME, History
from mentorkit.core.learning import applied
from mentorkit.core.learning.completing import is_completion
from mentorkit.core.matching.intakes import next_intake
from mentorkit.core.matching.queueing import InLine, waiting_list
from mentorkit.core.matching.rounds import next_round
from mentorkit.core.matching.seats import Seat, wanted_seats
from mentorkit.core.matching.waiting import why_waiting
from mentorkit.core.phases import STATES, Phase, phase, relationship_state
from mentorkit.core.plan import Plan
from mentorkit.core.planning.absentees import Absentee, absentees
from mentorkit.core.planning.broken_rules import broken_rules
from mentorkit.core.planning.consents import consents_needed
from mentorkit.core.planning.deciding import PlanResult
from mentorkit.core.planning.free_places import FreePlaces, free_places
from mentorkit.core.planning.if_published import sent_if_published
from mentorkit.core.planning.lacking_sessions import lacking_sessions
from mentorkit.core.planning.needs import NEED_KINDS, Need, Situation
from mentorkit.core.planning.needs_of_messages import (
    at_night,
    expired,
    stopped,
    troubles,
    unreachable,
    unreached,
    unsent,
)
from mentorkit.core.planning.needs_of_people import (
    back_again,
    changed_hands,
    held,
    leavers,
    missing,
    requested,
    unmatched,
)
from mentorkit.core.planning.needs_of_relationships import (
    asked,
    forbidden,
    in_pause,
    not_coming,
    proposed,
    silent,
    unsaid,
    vacant,
    without_time,
)
from mentorkit.core.planning.needs_of_requests import unserved, waiting_requests
from mentorkit.core.planning.workload import Workload, workload
from mentorkit.core.program import Program
from mentorkit.core.relationships import Unmatched
from mentorkit.core.roster import Roster
from mentorkit.core.zones import data_versions, local_day, to_local

WEEK = timedelta(days=7)


@frozen
class Going:
    """How many messages of one step go out on one day (in the program's zone)."""

    day: date
    step: str
    messages: int


@frozen
class NextRun:
    """What a run would do now beside sending.

    Attributes:
        learns: events that became known and are not in the ledger yet.
        ends: relationships and proposals that end with them or by a rematch.
        publishes: relationships; 0 while sign-up is open.
        proposes: relationships that would wait to be published and do not yet.
        asks: relationships about which people would be asked.
        unmatched: served people whom that matching leaves without a relationship.
        fills: free seats of relationships that go on.
    """

    learns: int = 0
    ends: int = 0
    publishes: int = 0
    proposes: int = 0
    unmatched: int = 0
    asks: int = 0
    fills: int = 0


@frozen
class Status:
    """Where a program stands at one moment.

    Attributes:
        phase: where `at` lies in the program's life.
        relationships: count by state, see `phases.relationship_state`.
        sessions: count by state; `over` counts planned ones whose time has passed, `beyond` declared ones of running
            relationships that by their cadence would lie after the program's last day, and do not take place.
        messages: count by state of transmission.
        due: how many messages a run would send now.
        paced: how many could go out now and wait, by reason (`quiet-hours`, `at-most`).
        next_message: when the next one is due after `at`, UTC.
        next_session: when the next session begins after `at`, UTC; while sign-up is open, one that is foreseen.
        provisional: whether sign-up is open, so that what comes after it is foreseen from the people there are now.
        needs: most urgent first, in the order of `NEED_KINDS`; within a kind nobody and nothing is named twice.
        next_intake: the day on which free places are filled next, or None.
        next_round: the round that is matched next, of a model in rounds, or None.
        next_run: what a run would do now beside sending.
        if_published: how many messages the run after publishing the open proposals would send beside what is due.
        week: what goes out now and within seven days, by (day, step); while proposals wait, as if they were published
            now.
        free: what is free beside those who wait for a partner.
        workload: what the program still asks of people.
        data: the versions of the data about the world in use, by name.
        absent: what the ledger knows of those named in `needs` who are not in the roster, by id.
    """

    at: datetime
    program: str
    phase: Phase
    relationships: Mapping[str, int]
    sessions: Mapping[str, int]
    messages: Mapping[str, int]
    due: int
    next_message: datetime | None
    next_session: datetime | None
    needs: tuple[Need, ...]
    provisional: bool = False
    next_intake: date | None = None
    next_round: Round | None = None
    next_run: NextRun = NextRun()
    if_published: int = 0
    week: tuple[Going, ...] = ()
    free: FreePlaces = field(factory=FreePlaces)
    workload: Workload = field(factory=Workload)
    absent: Mapping[str, Absentee] = field(factory=dict)
    data: Mapping[str, str] = field(factory=dict)
    paced: Mapping[str, int] = field(factory=dict)

    @property
    def open_trouble(self) -> bool:
        """Whether anything failed, is in doubt, or could not be sent."""
        return any(need.kind in ("failed", "in-doubt", "unsent") for need in self.needs)


def make_status(
    program: Program, roster: Roster, catalogue: Catalogue, result: PlanResult, *, by_clock: bool = False
) -> Status:
    """Return where the program stands as of the plan's moment.

    Args:
        program: the resolved program.
        roster: today's people.
        catalogue: what is installed.
        result: what a run would do now, and what the ledger will know of what became known.
        by_clock: whether the plan's moment is the clock's, and nobody has named it.
    """
    history, plan = result.history, result.plan
    situation = Situation(program, roster, history, plan)
    roles = program.model.roles
    waiting: tuple[Unmatched, ...] = ()
    line: tuple[InLine, ...] = ()
    free = FreePlaces()
    if not situation.over and history.occasions:
        waiting = why_waiting(program, roles, roster, catalogue, history, situation.today)
        line = waiting_list(program, roles, roster, history, plan.at)
        unproposed = [one for one in waiting if one.person not in situation.in_proposals]
        free = free_places(program, roles, roster, catalogue, history, situation.today, unproposed)
    if program.model.request_days is None:
        people_waiting = [*requested(situation), *unmatched(situation, waiting, line, free.placeable)]
    else:
        people_waiting = [*waiting_requests(situation, waiting), *unserved(situation)]
    found = _needs(situation, catalogue, result, people_waiting, by_clock)
    named = {person for need in found for person in (*need.people, *need.others)}
    publishing = sent_if_published(program, roster, roles, history, plan)
    return Status(
        at=plan.at,
        program=program.id,
        phase=phase(program, history, plan.at),
        relationships=_relationship_counts(program, history, plan.at),
        sessions=_session_counts(program, history, plan.at),
        messages=_sorted_counts(Counter(known.state for known in history.transmissions.values())),
        due=len(plan.due) + len(plan.waiting),
        next_message=plan.later[0].due if plan.later else None,
        next_session=_next_session(history, plan),
        needs=found,
        provisional=plan.provisional,
        next_intake=None if program.model.rounds else next_intake(program, history, situation.today),
        next_round=next_round(program, history, situation.today),
        next_run=_next_run(history, plan),
        if_published=len(publishing),
        week=_week(program, plan, publishing),
        free=free,
        workload=workload(program, plan, history, situation.away.left),
        absent=absentees(roster, history, named),
        data=data_versions(roster),
        paced=_sorted_counts(Counter(str(one.reason) for one in plan.paced)),
    )


def _needs(
    situation: Situation, catalogue: Catalogue, result: PlanResult, people_waiting: Sequence[Need], by_clock: bool
) -> tuple[Need, ...]:
    """Return everything that waits for somebody; of a program that has ended, only what still matters."""
    lost = unreachable(situation)
    found = [
        *troubles(situation),
        *unsent(situation),
        *stopped(consents_needed(situation.program, result, by_clock=by_clock)),
        *proposed(situation),
        *asked(situation),
        *missing(situation, result.missing),
        *held(situation),
        *without_time(situation),
        *unsaid(situation),
        *lost,
        *unreached(situation, lost),
        *at_night(situation),
        *expired(situation),
    ]
    if not situation.over:
        broken = broken_rules(situation.program, situation.roster, catalogue, situation.history)
        found += [
            *forbidden(broken),
            *changed_hands(situation),
            *back_again(situation),
            *leavers(situation),
            *vacant(situation, _vacant_seats(situation, catalogue)),
            *silent(situation),
            *in_pause(situation),
            *not_coming(situation),
            *people_waiting,
        ]
    return tuple(sorted(found, key=lambda need: NEED_KINDS.index(need.kind)))


def _vacant_seats(situation: Situation, catalogue: Catalogue) -> tuple[Seat, ...]:
    """Return the seats that somebody is wanted for and that nobody takes in the next run."""
    filled = applied(situation.history, Happening(joinings=situation.plan.rearranged.joinings))
    return wanted_seats(situation.program, catalogue, filled, situation.at)


def _next_run(history: History, plan: Plan) -> NextRun:
    matching = None if plan.provisional else plan.matching
    waiting = {known.relationship.id for known in history.proposed} if plan.proposing else set()
    new = sum(one.id not in waiting for one in matching.relationships) if matching else 0
    return NextRun(
        learns=sum(not is_completion(event) for event in plan.happening.events),
        ends=len(plan.happening.endings) + len(plan.rearranged.endings),
        publishes=0 if plan.provisional else len(plan.publishing),
        proposes=new if plan.proposing else 0,
        unmatched=len(matching.unmatched) if matching else 0,
        asks=new if plan.asking else 0,
        fills=len(plan.rearranged.joinings),
    )


def _next_session(history: History, plan: Plan) -> datetime | None:
    known = [known.session for known in history.sessions if known.state != "canceled"]
    sessions = known or (*plan.schedule.sessions, *plan.preview.sessions)
    return min((session.starts for session in sessions if session.starts > plan.at), default=None)


def _week(program: Program, plan: Plan, publishing: Sequence[Transmission]) -> tuple[Going, ...]:
    today = to_local(plan.at, program.timezone).date()
    waiting = (one.step for one in plan.waiting)
    now = [(today, step) for step in (*(one.step for one in (*plan.due, *publishing)), *waiting)]
    soon = [(local_day(one.due, program.timezone), one.step) for one in plan.later.headings(until=plan.at + WEEK)]
    counts = Counter([*now, *soon])
    return tuple(Going(day, step, number) for (day, step), number in sorted(counts.items()))


def _sorted_counts(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _relationship_counts(program: Program, history: History, at: datetime) -> dict[str, int]:
    counts = Counter(relationship_state(program, known, at) for known in history.relationships if not known.withdrawn)
    return {state: counts[state] for state in STATES if counts[state]}


def _session_counts(program: Program, history: History, at: datetime) -> dict[str, int]:
    over = sum(known.state in TO_COME and known.session.starts <= at for known in history.sessions)
    counts = Counter(str(known.state) for known in history.sessions)
    beyond = sum(one.beyond for one in lacking_sessions(program, history))
    more = {"over": over, "beyond": beyond}
    return {**_sorted_counts(counts), **{state: number for state, number in more.items() if number}}
