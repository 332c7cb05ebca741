"""The series of sessions with their agendas, held against the program's dates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import islice, repeat

from attrs import frozen

from mentorkit.core.contracts import Round
from mentorkit.core.declaring.declarations import PlaceTable, ProgramFile, SeriesTable, SessionsTable
from mentorkit.core.declaring.merging import Path
from mentorkit.core.moments import add_length
from mentorkit.core.program import MAIN_SERIES, Agenda, Series
from mentorkit.core.resolving.agendas import resolve_agendas
from mentorkit.core.resolving.files import Problems, ProgramFiles
from mentorkit.core.resolving.people import check_role

_MOST = 1000


@frozen
class Span:
    """The days that the sessions of a relationship have at most: of the program, or of its longest round."""

    starts: date
    ends: date
    what: str = "program"


def longest_span(starts: date, ends: date, rounds: Sequence[Round]) -> Span:
    """Return the days of the longest round of a program with this first and last day; of the program without rounds."""
    longest = max(rounds, key=lambda one: one.until - one.on, default=None)
    return Span(longest.on, min(longest.until, ends), "round") if longest else Span(starts, ends)


def resolve_series(
    declared: ProgramFile, span: Span, roles: Collection[str], files: ProgramFiles, problems: Problems
) -> tuple[Series, ...]:
    """Return the main series and the others, as they are declared, held against the days that they have at most."""
    tables: dict[str, tuple[SessionsTable, Path]] = {}
    if declared.sessions is not None:
        tables[MAIN_SERIES] = (declared.sessions, ("sessions",))
    for name, further in declared.series.items():
        path: Path = ("series", name)
        if name == MAIN_SERIES:
            told = 'a further series cannot be called "sessions": that is the main one'
            problems.error(path, "series-name", told, "choose another name, or write [sessions]")
        else:
            tables[name] = (further, path)
    for table, path in tables.values():
        _check(table, path, span, problems)
        if isinstance(table, SeriesTable):
            for role in table.who:
                check_role(role, roles, (*path, "who"), problems)
    return tuple(_series(name, table, path, files, problems) for name, (table, path) in tables.items())


def _check(table: SessionsTable, path: Path, span: Span, problems: Problems) -> None:
    if not 1 <= table.count <= _MOST:
        told = f"{table.count} sessions are {'too many' if table.count else 'none'}"
        problems.error((*path, "count"), "wrong-value", told, f"write a number from 1 to {_MOST}")
        return
    if table.count > 1 and not table.cadence:
        told = f"{table.count} sessions need a cadence"
        problems.error(path, "cadence-missing", told, 'add cadence = "every 4 weeks"')
        return
    window = _minutes(table)
    if not 1 <= table.minutes <= window:
        told = f"a session of {table.minutes} minutes does not fit into hours of {window} minutes"
        problems.error((*path, "minutes"), "wrong-value", told, "shorten the sessions or widen hours")
    number = _first_past(table, span.starts, span.ends)
    if number:
        told = f"session {number} of {table.count} would lie after the {span.what}'s last day, {span.ends:%Y-%m-%d}"
        hint = f"lengthen the {span.what}, have fewer sessions or a shorter cadence"
        tell = problems.warning if span.what == "round" else problems.error  # rounds may be an option among others
        tell((*path, "count"), "session-past-end", told, hint)


def _minutes(table: SessionsTable) -> int:
    begins, ends = (datetime.combine(date.min, one) for one in table.hours)
    return int((ends - begins).total_seconds()) // 60


def _first_past(table: SessionsTable, starts: date, ends: date) -> int | None:
    """Return the number of the first session that lies after the end even where the first is on the first day."""
    day = starts
    steps = [*table.cadence, *repeat(table.cadence[-1], table.count)] if table.cadence else []
    for number, step in enumerate(islice(steps, table.count - 1), start=2):
        try:
            day = add_length(day, step)
        except OverflowError:
            return None if ends == date.max else number
        if day > ends:
            return number
    return None


def _series(name: str, table: SessionsTable, path: Path, files: ProgramFiles, problems: Problems) -> Series:
    return Series(
        name=name,
        count=table.count,
        cadence=tuple(table.cadence),
        minutes=table.minutes,
        hours=table.hours,
        days=table.days,
        agendas=_agendas(table, path, files, problems) if table.agendas else (),
        place="" if isinstance(table.place, PlaceTable) else table.place,
        place_column=table.place.column if isinstance(table.place, PlaceTable) else "",
        book=table.book,
        who=tuple(table.who) if isinstance(table, SeriesTable) else (),
    )


def _agendas(table: SessionsTable, path: Path, files: ProgramFiles, problems: Problems) -> tuple[Agenda, ...]:
    where = (*path, "agendas")
    found = resolve_agendas(table.agendas, where, files, problems)
    if found and len(found) < table.count:
        told = f"{table.count} sessions, but only {len(found)} agendas in {table.agendas}"
        problems.warning(where, "agendas-few", told, "the sessions after them have no agenda")
    return found
