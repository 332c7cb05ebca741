"""New times for published relationships whose series an author has changed: the smallest change that fits the new keys.

What has begun stays, and so does a session later today: people are on their way. What people moved themselves stays
where they agreed to meet. Everything else keeps its weekday and clock if the new keys allow it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from attrs import evolve, field, frozen

from mentorkit.core.contracts import Role
from mentorkit.core.happenings import Happening
from mentorkit.core.history import TO_COME, History, KnownSession
from mentorkit.core.invitation_ids import invited
from mentorkit.core.moments import add_length
from mentorkit.core.program import Program, Series
from mentorkit.core.roster import Person, Roster
from mentorkit.core.scheduling.availability import Hours, minute_of, minutes_since_epoch
from mentorkit.core.scheduling.circles import (
    NOTICE,
    Busy,
    Circle,
    busy_with,
    circle_of,
    elsewhere,
    place_of,
    seed_of,
    session_of,
)
from mentorkit.core.scheduling.marking import Change, change_between, series_marks
from mentorkit.core.scheduling.searching import Choice, Shape, blocks_of, series_days, shape_of, tightness
from mentorkit.core.scheduling.unplaced import why_unplaced
from mentorkit.core.sessions import Session, Unplaced
from mentorkit.core.zones import to_local

Shapes = dict[tuple[tuple[Hours, ...], date, date, date, int], Shape]
"""What was worked out already for one series: people with equal hours share a search."""


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
    """What came of a task: by number, the session, or why there is none."""

    task: Task
    sessions: Mapping[int, Session]
    missed: Mapping[int, str]


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
    busy = busy_with(known.session for known in stay)
    settled = [one for series, group in tasks.items() for one in _settle(scene, series, group, busy)]
    changed = _in_another_place(scene, history, changes, stay)
    return _told(history, settled, (*surplus, *changed), at, marks)


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


def _settle(scene: Scene, series: Series, tasks: Sequence[Task], busy: Busy) -> list[Settled]:
    """Return what came of the tasks of a series: first those who can meet as ever, then the hardest to place."""
    shapes: Shapes = {}
    tasks = sorted(tasks, key=lambda one: (tightness(one.circle.everybody, one.soon), one.circle.relationship))
    settled, others = [], []
    for task in tasks:
        shape = _shape(shapes, task, task.soon)
        choices = _as_ever(task, shape, _occupied(scene, task, busy))
        if choices is None:
            others.append(task)
        else:
            settled.append(_placed(scene, series, task, shape, choices, busy))
    for task in others:
        shape = _shape(shapes, task, task.heard)
        calendars = _occupied(scene, task, busy)
        option = shape.at_the_usual_time(calendars, *task.usual) if task.usual else None
        seed = seed_of(scene.program.seed, task.circle.relationship, series.name)
        choices = shape.follow(option, calendars) if option else shape.choose(calendars, seed)
        settled.append(_placed(scene, series, task, shape, choices, busy))
    return settled


def _occupied(scene: Scene, task: Task, busy: Busy) -> list[set[int]]:
    """Return the quarter-hours in which its people are in sessions, or busy elsewhere."""
    people = task.circle.people
    return [*(busy[person] for person in people), *elsewhere(scene.roster, people)]


def _shape(shapes: Shapes, task: Task, first: date) -> Shape:
    key = (task.circle.everybody, first, task.heard, task.circle.ends, task.after)
    if key not in shapes:
        shapes[key] = shape_of(task.circle.everybody, first, task.heard, task.rest, task.circle.ends)
    return shapes[key]


def _as_ever(task: Task, shape: Shape, calendars: Sequence[set[int]]) -> list[Choice | None] | None:
    """Return the choices at the usual time, if the next session can stay where it is and nobody is elsewhere then."""
    known = task.known.get(task.numbers[0])
    option = shape.at_the_usual_time(calendars, *task.usual) if task.usual and known else None
    if option is None or known is None:
        return None
    choices = shape.follow(option, calendars)
    first = choices[task.numbers[0] - task.after - 1]
    stays = first is not None and first.moment == minutes_since_epoch(known.session.starts)
    return choices if stays and None not in choices else None


def _placed(
    scene: Scene, series: Series, task: Task, shape: Shape, choices: Sequence[Choice | None], busy: Busy
) -> Settled:
    circle = task.circle
    place = place_of(scene.roster, series, circle)
    sessions, missed = {}, {}
    for number in task.numbers:
        choice = choices[number - task.after - 1]
        if choice is None:
            missed[number] = why_unplaced(
                shape, number - task.after, circle.people, circle.ends, scene.roster, task.rest, scene.program
            )
            continue
        sessions[number] = session_of(series, circle, number, choice, place)
        for person in circle.people:
            busy[person].update(blocks_of(choice.moment, series.minutes))
    return Settled(task, sessions, missed)


def _in_another_place(
    scene: Scene, history: History, changes: Mapping[str, Change], stay: Iterable[KnownSession]
) -> list[KnownSession]:
    """Return the sessions to come that keep their time and change their place."""
    relationships = {known.relationship.id: known.relationship for known in history.published}
    moving = {one.name: one for one in scene.program.series if one.name in changes and changes[one.name].place}
    changed = []
    for known in stay:
        series, relationship = moving.get(known.session.series), relationships.get(known.session.relationship)
        if series is None or relationship is None or known.session.starts <= scene.at:
            continue
        circle = circle_of(scene.program, scene.roster, scene.roles, series, relationship, scene.at)
        place = place_of(scene.roster, series, circle) if circle else known.session.place
        if place != known.session.place:
            session = evolve(known.session, place=place)
            changed.append(evolve(known, session=session, sequence=known.sequence + 1, changed=scene.at))
    return changed


def _canceled(known: KnownSession, at: datetime) -> KnownSession:
    return evolve(known, state="canceled", sequence=known.sequence + 1, changed=at)


def _told(
    history: History,
    settled: Sequence[Settled],
    others: Iterable[KnownSession],
    at: datetime,
    marks: Mapping[str, str],
) -> Resettled:
    changed, added, unplaced = list(others), [], []
    for one in settled:
        for number, session in one.sessions.items():
            known = one.task.known.get(number)
            if known is None:
                added.append(session)
            elif (known.session, known.state) != (session, "planned"):
                changed.append(_changed(known, session, at))
        for number, reason in one.missed.items():
            unplaced.append(Unplaced(one.task.circle.relationship, one.task.rest.name, number, reason))
            known = one.task.known.get(number)
            changed += [_canceled(known, at)] if known and known.state != "canceled" else []
    changed.sort(key=lambda known: (known.session.starts, known.session.id))
    return Resettled(
        Happening(sessions=tuple(changed), superseded=_superseded(history, changed)),
        tuple(sorted(added, key=lambda session: (session.starts, session.id))),
        tuple(sorted(unplaced, key=lambda one: (one.relationship, one.series, one.number))),
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
