"""Running a program for months: at its next step and whenever one of its files changes, until somebody asks to end.

Each turn is a run like any other, with a plan of its own; nothing is kept in between but when to look again. So it
may be stopped, killed or run beside cron: the ledger decides what is due.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path

from attrs import frozen

from mentorkit import clock
from mentorkit.core.errors import ConsentError, MentorkitError, PluginError, ProgramError, RefusedError
from mentorkit.core.zones import day_end, to_local
from mentorkit.opening import Opened
from mentorkit.running.asking import Consents
from mentorkit.running.run_once import Done
from mentorkit.running.stopping import Stop, stop_when_asked
from mentorkit.watched_files import Stamps, differ, stamps
from mentorkit.workspace import Workspace

GLANCE = 2.0
"""Seconds between two looks at clock and files; it also is how long a file must keep still before it is read."""
TRY_AGAIN = timedelta(minutes=5)
"""When to come back where something did not work that may by itself: a server, somebody else's hold."""


@frozen
class Turn:
    """What came of one run, and when the next is.

    Attributes:
        opened: the program, as it was read; None where it could not be.
        done: what the run did; None where it did nothing.
        problem: why it did nothing; None where it ran.
        again: the latest moment of the next run, UTC, aware; a changed file brings it forward.
        because: what that run is for, in a few words.
    """

    opened: Opened | None
    done: Done | None
    problem: MentorkitError | None
    again: datetime
    because: str


Run = Callable[[Opened, Consents], Done]


def watch(
    places: Workspace,
    read: Callable[[], Opened],
    run: Run,
    consents: Consents,
    tell: Callable[[Turn], object],
    pause: Callable[[float], object] = time.sleep,
) -> None:
    """Run a program again and again; return when a signal asks to end, after what is in hand is finished.

    Args:
        places: where the program's files are.
        read: reads program and people, as of now.
        run: carries out what is due.
        consents: what the caller has consented to. All but `yes` hold for the first run only: a guard that somebody
            let pass today is not let pass for ever.
        tell: told of every turn.
        pause: waits for so many seconds.

    Raises:
        MentorkitError: the first run is refused, or a later one could not write what it did (`RunError`). Whatever
            else refuses a later run is told, and tried again when a file changes.
    """
    with stop_when_asked() as stop:
        before = stamps(_inputs(places, None))
        turn = _first(read, run, consents)
        while True:
            tell(turn)
            _sleep(stop, places, turn, before, pause)
            if stop.asked:
                return
            before = stamps(_inputs(places, turn.opened))
            turn = _later(read, run, Consents(yes=consents.yes))


def _first(read: Callable[[], Opened], run: Run, consents: Consents) -> Turn:
    opened = read()
    return _following(opened, run(opened, consents))


def _later(read: Callable[[], Opened], run: Run, consents: Consents) -> Turn:
    opened: Opened | None = None
    try:
        opened = read()
        return _following(opened, run(opened, consents))
    except (ProgramError, PluginError) as problem:
        return Turn(opened, None, problem, _tomorrow(opened), "a file to be mended")
    except ConsentError as problem:
        return Turn(opened, None, problem, _tomorrow(opened), "that consent: stop, and start with the flag")
    except RefusedError as problem:
        return Turn(opened, None, problem, clock.now() + TRY_AGAIN, "another try")


def _tomorrow(opened: Opened | None) -> datetime:
    zone = opened.program.timezone if opened else "UTC"
    return day_end(to_local(clock.now(), zone).date(), zone)


def _following(opened: Opened, done: Done) -> Turn:
    """Return when to run next: at the next step, where something is to be tried again, or when a new day begins."""
    moments = [(_tomorrow(opened), "a new day"), *_steps(done), *_rests(done), *_retries(done)]
    again, because = min(moments)
    return Turn(opened, done, None, again, because)


def _steps(done: Done) -> Iterator[tuple[datetime, str]]:
    away = {one.recipient for one in done.plan.held}
    later = (one for one in done.plan.later if one.recipient not in away)
    first = next(later, None)
    if first is not None:
        at_once = takewhile(lambda one: one.due == first.due, later)
        yield first.due, ", ".join(sorted({first.step, *(one.step for one in at_once)}))


def _rests(done: Done) -> Iterator[tuple[datetime, str]]:
    """Yield when something may go out that waits by the program's pacing."""
    if done.plan.paced:
        yield max(done.plan.paced[0].until, clock.now()), "messages that wait"


def _retries(done: Done) -> Iterator[tuple[datetime, str]]:
    soon = clock.now() + TRY_AGAIN
    if done.outcome.unprepared or done.outcome.waiting:
        yield soon, "what could not be delivered"
    deferred = [one.not_before or soon for one in done.history.transmissions.values() if one.state == "deferred"]
    if deferred:
        yield max(min(deferred), soon), "what could not be delivered yet"


def _inputs(places: Workspace, opened: Opened | None) -> list[Path]:
    """Return what a program is made of: its folder, the templates, people and answers that lie elsewhere."""
    around = [places.program_file.absolute().parent]
    if opened is not None:
        around += [layer.folder for layer in opened.loaded.layers[1:] if not layer.installed]
        around += [Path(source.path) for source in opened.program.roster.sources]
        around += [Path(answers.path) for answers in opened.program.answers]
    return around


def _ledger(places: Workspace) -> Stamps:
    """Return the stamps of the ledger: `record` writes events between two runs."""
    return stamps([places.ledger, places.ledger.with_name(f"{places.ledger.name}-wal")])


def _sleep(stop: Stop, places: Workspace, turn: Turn, before: Stamps, pause: Callable[[float], object]) -> None:
    """Wait for the moment of the next run, for a file that has changed and keeps still, or for the end."""
    ledger = _ledger(places)
    inputs = _inputs(places, turn.opened)
    known: Stamps = {file: before.get(file, stamp) for file, stamp in stamps(inputs).items()}
    latest = known
    while not stop.asked:
        pause(GLANCE)
        seen = stamps(inputs)
        changed = differ(seen, known) or differ(_ledger(places), ledger)
        if clock.now() >= turn.again or (changed and not differ(seen, latest)):
            return
        latest = seen
