"""New times for published relationships whose series an author has changed: the smallest change that fits the new keys.

What has begun stays, and so does a session later today: people are on their way. What people moved themselves stays
where they agreed to meet. Everything else keeps its weekday and clock if the new keys allow it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from attrs import evolve, field, frozen

from mentorkit.core.contracts import Role
from mentorkit.core.happenings import Happening
from mentorkit.core.history import TO_COME, History, KnownSession
from mentorkit.core.invitation_ids import invited
from mentorkit.core.moments import add_length
from mentorkit.core.program import Program, Series
from mentorkit.core.relationships import Relationship
from mentorkit.core.roster import Person, Roster
from mentorkit.core.scheduling.availability import minute_of, minutes_since_epoch, tightness
from mentorkit.core.scheduling.axis import Axis
from mentorkit.core.scheduling.cadences import series_days
from mentorkit.core.scheduling.circles import (
    NOTICE,
    Circle,
    circle_of,
    frame_of,
    local_time,
    place_of,
    seed_of,
    session_of,
    wish_of,
)
from mentorkit.core.scheduling.diaries import Diaries
from mentorkit.core.scheduling.marking import Change, change_between, is_booked_otherwise, series_marks
from mentorkit.core.scheduling.relaxing import Missed, missed_of, why_unplaced
from mentorkit.core.scheduling.searching import Laid, Search
from mentorkit.core.scheduling.timetables import Frame
from mentorkit.core.sessions import Session, Unplaced
from mentorkit.core.zones import to_local


@frozen
class Resettled:
    """What changed session keys do to published relationships.

    Attributes:
        happening: sessions that change or are canceled, and what waits in the ledger for their old times.
        added: sessions the ledger does not know, by (starts, id).
        unplaced: sessions that fit nowhere under the new keys, by (relationship, series, number).
        marks: by series, what the ledger does not know yet of what sessions are laid out by; "" where the program
            has the series no longer.
    """

    happening: Happening = field(factory=Happening)
    added: tuple[Session, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    marks: Mapping[str, str] = field(factory=dict)


@frozen
class Scene:
    """What everything here depends on; the roster holds stand-ins for people who are missing from it."""

    program: Program
    roster: Roster
    roles: tuple[Role, ...]
    at: datetime


@frozen
class Task:
    """The sessions of one relationship in one series that need a time.

    Attributes:
        rest: the series from the first of them on.
        after: the number of the session that stays before them; 0: none.
        numbers: which sessions they are.
        known: those of them that the ledger knows, canceled ones among them.
        soon: the first day on which they may meet.
        heard: the first day by which people have had time to hear of it, where the program is long enough for that.
        usual: weekday (0 is Monday) and minute of the day at which these people meet; None: they have not met.
    """

    circle: Circle
    rest: Series
    after: int
    numbers: tuple[int, ...]
    known: Mapping[int, KnownSession]
    soon: date
    heard: date
    usual: tuple[int, int] | None


@frozen
class Settled:
    """What came of a task: by number, the session; and those that found no time."""

    task: Task
    sessions: Mapping[int, Session]
    missed: tuple[Missed, ...]


def resettle(program: Program, roster: Roster, roles: tuple[Role, ...], history: History, at: datetime) -> Resettled:
    """Return what the sessions of published relationships become at `at` (aware), where their series' keys changed.

    Sessions that have not begun and that nobody moved are laid out anew after the last one that has, by the rest of
    the cadence; fewer sessions cancel the last ones, more sessions add some; a changed place alone moves nothing. A
    ledger with sessions and without marks was written before there were any: nothing changes but that it gets them.
    The result depends on neither the roster's order nor the ledger's.
    """
    marks = _news(program, history)
    if not marks or (history.sessions and not history.series):
        return Resettled(marks=marks)
    changes = {name: change_between(history.series.get(name, ""), mark) for name, mark in marks.items() if mark}
    scene = Scene(program, _with_stand_ins(program, roster, history), roles, at)
    surplus = _surplus(program, history, marks, at)
    tasks = {
        series: _tasks(scene, history, series, changes[series.name])
        for series in program.series
        if series.name in changes and (changes[series.name].times or changes[series.name].count)
    }
    to_place = {known.session.id for group in tasks.values() for task in group for known in task.known.values()}
    to_place |= {known.session.id for known in surplus}
    stay = [known for known in history.sessions if known.state != "canceled" and known.session.id not in to_place]
    diaries = _diaries(scene, [task for group in tasks.values() for task in group])
    diaries.enter(known.session for known in stay)
    settled = [one for series, group in tasks.items() for one in _settle(scene, series, group, diaries)]
    unplaced = why_unplaced([one for each in settled for one in each.missed], scene.roster, program, diaries)
    changed = _told_otherwise(scene, history, changes, marks, stay)
    return _told(history, settled, unplaced, (*surplus, *changed), at, marks)


def _diaries(scene: Scene, tasks: Sequence[Task]) -> Diaries:
    """Return diaries of everybody over all days on which any of them may meet."""
    days: set[int] = set()
    for task in tasks:
        days |= _frame(task, task.soon).days() | _frame(task, task.heard).days()
    return Diaries((person for task in tasks for person in task.circle.people), scene.roster, Axis(days))


def _news(program: Program, history: History) -> dict[str, str]:
    marks = {**dict.fromkeys(history.series, ""), **series_marks(program)}
    return {name: marks[name] for name in sorted(marks) if history.series.get(name) != marks[name]}


def _with_stand_ins(program: Program, roster: Roster, history: History) -> Roster:
    """Return the roster with those who are missing from it, as their sessions know them."""
    columns = {series.name: series.place_column for series in program.series}
    absent: dict[str, Person] = {}
    for known in sorted(history.sessions, key=lambda known: known.session.id):
        one = known.session
        place = {columns[one.series]: one.place} if columns.get(one.series) and one.place else {}
        for person in one.people:
            if person not in roster.by_id:
                absent.setdefault(person, Person(person, (), {}, {"timezone": one.zone, **place}))
    return evolve(roster, people=roster.people + tuple(absent.values()))


def _surplus(program: Program, history: History, marks: Mapping[str, str], at: datetime) -> list[KnownSession]:
    """Return the sessions to come that the program has no longer, canceled."""
    counts = {series.name: series.count for series in program.series}
    published = {known.relationship.id for known in history.published}
    return [
        _canceled(known, at)
        for known in history.sessions
        if known.session.series in marks
        and known.session.relationship in published
        and known.state in TO_COME
        and known.session.starts > at
        and known.session.number > counts.get(known.session.series, 0)
    ]


def _tasks(scene: Scene, history: History, series: Series, change: Change) -> list[Task]:
    """Return what has to be laid out in a series, by relationship."""
    of_series: dict[str, dict[int, KnownSession]] = {}
    for known in history.sessions:
        if known.session.series == series.name:
            of_series.setdefault(known.session.relationship, {})[known.session.number] = known
    tasks = []
    for paired in sorted(history.published, key=lambda known: known.relationship.id):
        published = paired.published_at or scene.at
        circle = circle_of(scene.program, scene.roster, scene.roles, series, paired.relationship, published)
        task = _task(scene, series, change, circle, of_series.get(paired.relationship.id, {})) if circle else None
        tasks += [task] if task else []
    return tasks


def _task(
    scene: Scene, series: Series, change: Change, circle: Circle, sessions: Mapping[int, KnownSession]
) -> Task | None:
    alive = {number: known for number, known in sessions.items() if known.state != "canceled"}
    firm = {number for number, known in alive.items() if not change.times or _under_way(known.session, scene.at)}
    firm |= {1} & alive.keys() if circle.at is not None else set()
    after = max(firm, default=0)
    agreed = {number for number, known in alive.items() if known.state != "planned"}
    numbers = tuple(number for number in range(after + 1, series.count + 1) if number not in agreed)
    if not numbers:
        return None
    rest = evolve(series, count=series.count - after, cadence=series.cadence[min(after, len(series.cadence) - 1) :])
    known = {number: sessions[number] for number in numbers if number in sessions}
    soon, heard = _first_days(scene, series, circle, alive[after].session if after else None, rest)
    return Task(circle, rest, after, numbers, known, soon, heard, _usual(alive.values()))


def _under_way(session: Session, at: datetime) -> bool:
    """Whether a session has begun or will later on its day, on the clocks of its own zone."""
    return session.starts <= at or session.local.date() <= to_local(at, session.zone).date()


def _first_days(
    scene: Scene, series: Series, circle: Circle, before: Session | None, rest: Series
) -> tuple[date, date]:
    today, country = to_local(scene.at, circle.everybody[0].zone).date(), circle.everybody[0].country
    earliest = max(circle.earliest, today + timedelta(days=1))
    if before is not None:
        step = series.cadence[min(before.number, len(series.cadence)) - 1]
        earliest = max(earliest, add_length(before.local.date(), step, country))
    heard = max(earliest, add_length(today, NOTICE, country))
    in_time = series_days(heard, rest, country)[-1] <= circle.ends
    return earliest, heard if in_time else earliest


def _usual(sessions: Iterable[KnownSession]) -> tuple[int, int] | None:
    counted = Counter((one.session.local.weekday(), minute_of(one.session.local.time())) for one in sessions)
    return min(counted, key=lambda one: (-counted[one], one), default=None)


def _settle(scene: Scene, series: Series, tasks: Sequence[Task], diaries: Diaries) -> list[Settled]:
    """Return what came of the tasks of a series: first those who can meet as ever, then the hardest to place."""
    tasks = sorted(tasks, key=lambda one: (tightness(one.circle.everybody, one.soon), one.circle.relationship))
    settled, others = [], []
    for task in tasks:
        laid = _laid(scene, series, task, task.soon, diaries)
        if _as_ever(task, laid):
            settled.append(_placed(scene, series, task, task.soon, laid, diaries))
        else:
            others.append(task)
    for task in others:
        laid = _laid(scene, series, task, task.heard, diaries)
        settled.append(_placed(scene, series, task, task.heard, laid, diaries))
    return settled


def _frame(task: Task, first: date) -> Frame:
    return evolve(frame_of(task.circle, task.rest), earliest=first, ready=task.heard)


def _laid(scene: Scene, series: Series, task: Task, first: date, diaries: Diaries) -> Laid:
    seed = seed_of(scene.program.seed, task.circle.relationship, series.name)
    wish = wish_of(task.circle, _frame(task, first), diaries, seed, task.usual)
    return Search([wish], task.rest, diaries).lay(np.array([0]))


def _as_ever(task: Task, laid: Laid) -> bool:
    """Whether all sessions are at the usual time or near it, the next one where it is already."""
    known = task.known.get(task.numbers[0])
    if known is None or not laid.usual[0]:
        return False
    moments = laid.moments[0]
    stays = moments[task.numbers[0] - task.after - 1] == minutes_since_epoch(known.session.starts)
    return bool(stays and (moments >= 0).all())


def _placed(scene: Scene, series: Series, task: Task, first: date, laid: Laid, diaries: Diaries) -> Settled:
    circle = task.circle
    place = place_of(scene.roster, series, circle)
    times = list(laid.of(0))
    sessions = {}
    for number in task.numbers:
        day, clock, moment = times[number - task.after - 1]
        if moment >= 0:
            sessions[number] = session_of(series, circle, number, moment, local_time(day, clock), place)
            diaries.book(circle.people, moment, series.minutes)
    without = missed_of(circle, _frame(task, first), [moment for _, _, moment in times], task.after + 1)
    return Settled(task, sessions, tuple(one for one in without if one.number in task.numbers))


def _told_otherwise(
    scene: Scene,
    history: History,
    changes: Mapping[str, Change],
    marks: Mapping[str, str],
    stay: Iterable[KnownSession],
) -> list[KnownSession]:
    """Return the sessions to come that keep their time, and stand in calendars otherwise: elsewhere, or booked anew."""
    relationships = {known.relationship.id: known.relationship for known in history.published}
    series_of = {one.name: one for one in scene.program.series if one.name in changes}
    changed = []
    for known in stay:
        series, relationship = series_of.get(known.session.series), relationships.get(known.session.relationship)
        if series is None or relationship is None or known.session.starts <= scene.at:
            continue
        session = known.session
        if changes[series.name].place:
            session = evolve(session, place=_new_place(scene, series, relationship, session))
        if session != known.session or _is_rebooked(history, marks, session):
            changed.append(evolve(known, session=session, sequence=known.sequence + 1, changed=scene.at))
    return changed


def _new_place(scene: Scene, series: Series, relationship: Relationship, session: Session) -> str:
    circle = circle_of(scene.program, scene.roster, scene.roles, series, relationship, scene.at)
    return place_of(scene.roster, series, circle) if circle else session.place


def _is_rebooked(history: History, marks: Mapping[str, str], session: Session) -> bool:
    return is_booked_otherwise(history.series.get(session.series, ""), marks[session.series], session.number)


def _canceled(known: KnownSession, at: datetime) -> KnownSession:
    return evolve(known, state="canceled", sequence=known.sequence + 1, changed=at)


def _told(
    history: History,
    settled: Sequence[Settled],
    unplaced: tuple[Unplaced, ...],
    others: Iterable[KnownSession],
    at: datetime,
    marks: Mapping[str, str],
) -> Resettled:
    changed, added = list(others), []
    for one in settled:
        for number, session in one.sessions.items():
            known = one.task.known.get(number)
            if known is None:
                added.append(session)
            elif (known.session, known.state) != (session, "planned") or _is_rebooked(history, marks, session):
                changed.append(_changed(known, session, at))
        for missed in one.missed:
            known = one.task.known.get(missed.number)
            changed += [_canceled(known, at)] if known and known.state != "canceled" else []
    changed.sort(key=lambda known: (known.session.starts, known.session.id))
    return Resettled(
        Happening(sessions=tuple(changed), superseded=_superseded(history, changed)),
        tuple(sorted(added, key=lambda session: (session.starts, session.id))),
        unplaced,
        marks,
    )


def _changed(known: KnownSession, session: Session, at: datetime) -> KnownSession:
    again = known.state == "canceled" or known.session.starts != session.starts
    return KnownSession(session, "planned", known.sequence + 1, known.moves + again, at)


def _superseded(history: History, changed: Sequence[KnownSession]) -> tuple[str, ...]:
    """Return what waits only for sessions that are not any more when they were, or invites to them as they were."""
    moves = {known.session.id: known.moves for known in history.sessions}
    moved = {one.session.id for one in changed if one.state == "canceled" or one.moves != moves[one.session.id]}
    anew = {one.session.id for one in changed}

    def lost(delivery: str) -> bool:
        occurrence = delivery.split("/")[1]
        invitation = invited(occurrence)
        if invitation is None:
            return occurrence.partition("~")[0].partition("+")[0] in moved
        session, _, canceled = invitation
        return session in anew and not canceled

    waiting = (one for one in history.transmissions.values() if one.deliveries)
    return tuple(sorted(one.key for one in waiting if all(map(lost, one.deliveries))))
