"""Reads the roster: from the program's sources to people with roles, and every problem on the way at once.

This module opens the files and places the diagnostics; what cells, rows and conditions mean is the core's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import MAXYEAR, MINYEAR, date
from pathlib import Path

from attrs import evolve, frozen

from mentorkit.busy_calendars import BusyReading, read_busy_calendars
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import Diagnostic, error, errors_in, suggestion, warning
from mentorkit.core.enrolling.columns import (
    OUR_WORDS,
    Kind,
    condition_columns,
    kinds_of,
    named_columns,
)
from mentorkit.core.enrolling.gathering import Gathering, gather
from mentorkit.core.enrolling.oddities import oddities, rows_of_people
from mentorkit.core.enrolling.participation import participate
from mentorkit.core.enrolling.roster_digest import digest_of
from mentorkit.core.enrolling.row_reading import (
    BadCells,
    Lacking,
    Row,
    SourcePlan,
    known_headers,
    missing_header,
    plan_source,
    read_rows,
)
from mentorkit.core.many_values import collector_paused
from mentorkit.core.program import Program, RosterSource
from mentorkit.core.roster import Roster
from mentorkit.core.variants import model_in_use
from mentorkit.holiday_calendars import HolidayReading, holidays_version, read_holidays
from mentorkit.tables import MAX_ERRORS, Findings, Table, TableError, TableRequest, open_table


@frozen
class RosterReading:
    """The people, as far as they could be read, and everything there is to say about their files.

    Attributes:
        headers: the headers of all files, as they are written there.
        columns_known: whether every file could be opened, so that a column which the roster lacks is in none of them.
    """

    roster: Roster
    diagnostics: tuple[Diagnostic, ...] = ()
    headers: tuple[str, ...] = ()
    columns_known: bool = True


@frozen
class _Opened:
    """A source with its table and how to read it."""

    number: int
    source: RosterSource
    table: Table
    plan: SourcePlan


def read_roster(program: Program, catalogue: Catalogue, *, today: date, matched: bool = False) -> RosterReading:
    """Return the people of the program's roster files, with roles and places.

    A role that nobody takes is an error, but not while people still sign up or an intake or round is to come, or once
    they were `matched`.

    Nothing is raised for mistakes in files or recipes: they come as diagnostics, at most 50 errors per file. With an
    error among them the roster holds whatever could be read, for nobody to act on.
    """
    with collector_paused():
        return _Reading(program, catalogue, today, matched).read()


class _Reading:
    """One reading: the diagnostics of each file, and those of the program."""

    def __init__(self, program: Program, catalogue: Catalogue, today: date, matched: bool) -> None:
        self.program, self.catalogue, self.today = program, catalogue, today
        self.may_be_empty = matched or _others_may_come(program, today)
        self.sources = program.roster.sources
        self.findings = {source.shown: Findings(source.shown) for source in self.sources}
        self.bad_cells = {source.shown: BadCells() for source in self.sources}
        self.general: list[Diagnostic] = []

    def read(self) -> RosterReading:
        opened = self._open_all()
        columns = frozenset().union(*(each.plan.names for each in opened))
        self._judge_columns(opened, columns)
        gathering = gather(self.sources, self._rows(opened))
        self._judge_people(gathering, columns)
        roster, diagnostics = self._with_roles(gathering, columns)
        holidays = self._holidays(roster)
        calendars = self._calendars(roster)
        version = holidays_version() if holidays.countries else ""
        roster = evolve(roster, countries=holidays.countries, holidays=version, busy=calendars.busy)
        headers = dict.fromkeys(header for each in opened for header in each.table.headers if header)
        told = (*diagnostics, *holidays.diagnostics, *calendars.diagnostics)
        return RosterReading(roster, told, tuple(headers), len(opened) == len(self.sources))

    def _open_all(self) -> list[_Opened]:
        named, kinds = named_columns(self.program, self.catalogue), kinds_of(self.program)
        opened = (self._open(number, named, kinds) for number in range(len(self.sources)))
        return [each for each in opened if each is not None]

    def _open(self, number: int, named: frozenset[str], kinds: Mapping[str, Kind]) -> _Opened | None:
        source = self.sources[number]
        findings = self.findings[source.shown]
        request = TableRequest(
            Path(source.path),
            source.shown,
            source.sheet,
            source.encoding,
            source.delimiter,
            known_headers(source, named),
        )
        try:
            table = open_table(request, findings)
        except TableError as refused:
            findings.add(refused.diagnostic)
            return None
        plan = plan_source(source, table.headers, named, kinds)
        for problem in plan.diagnostics:
            findings.add(problem, table.header_line)
        return _Opened(number, source, table, plan)

    def _judge_columns(self, opened: Iterable[_Opened], columns: frozenset[str]) -> None:
        opened = list(opened)
        for each in opened:
            for absent in each.plan.lacking:
                if not _made_elsewhere(absent, each, opened):
                    headers = each.table.headers
                    problem = missing_header(absent.header, headers, f"the recipe of {absent.column} names")
                    self.findings[each.source.shown].add(problem, each.table.header_line)
            for problem in _nearly_ours(each.table.headers, columns):
                self.findings[each.source.shown].add(problem, each.table.header_line)
        if len(opened) == len(self.sources):
            self.general += _absent_columns(self.program, columns | {"id"}, [each.table.headers for each in opened])

    def _rows(self, opened: Iterable[_Opened]) -> list[Iterable[Row]]:
        """Return the rows of every source in its place; a source without its key column has none to offer."""
        rows: list[Iterable[Row]] = [()] * len(self.sources)
        for each in opened:
            if (each.source.join or "id") in each.plan.names:
                rows[each.number] = self._rows_of(each)
        return rows

    def _rows_of(self, opened: _Opened) -> Iterator[Row]:
        findings, bad = self.findings[opened.source.shown], self.bad_cells[opened.source.shown]
        try:
            yield from read_rows(opened.table.rows, opened.plan, opened.number, opened.source.role, self.today, bad)
        except TableError as refused:
            findings.add(refused.diagnostic)

    def _judge_people(self, gathering: Gathering, columns: frozenset[str]) -> None:
        for file, bad in self.bad_cells.items():
            for line, problem in bad.listed(with_help=MAX_ERRORS):
                self.findings[file].add(problem, line)
        for source, line, problem in gathering.problems:
            self.findings[self.sources[source].shown].add(problem, line)
        self.general += rows_of_people(gathering)
        for row, problem in oddities(gathering):
            self.findings[self.sources[row.source].shown].add(problem, row.line)
        if "erg" in columns and "erg_consent" not in columns:
            self.general.append(_without_consent())
        people = len(gathering.by_id)
        if self._has_errors():  # how many people there are cannot be told
            return
        if not people:
            self.general.append(_nobody(self.sources))
        elif people < self.program.requires.people:
            message = f"the roster has {people} people, and the template needs at least {self.program.requires.people}"
            self.general.append(error("requires-people", message, path="requires.people"))

    def _holidays(self, roster: Roster) -> HolidayReading:
        """Return the working days of people's countries, from the year before the program or today to the one after."""
        cells = {person.text("country") for person in roster.people} if "country" in roster.columns else set()
        first, last = min(self.program.starts, self.today), max(self.program.ends, self.today)
        return read_holidays(cells - {""}, _years_from(first, -1), _years_from(last, 1))

    def _calendars(self, roster: Roster) -> BusyReading:
        """Return when those who take part are busy while the program lasts; their files lie beside a roster's."""
        if "busy_calendar" not in roster.columns:
            return BusyReading()
        folders = list(dict.fromkeys(Path(source.path).parent for source in self.sources))
        program = self.program
        first = min(program.starts, self.today)
        return read_busy_calendars(program, roster.participants, folders, first, program.ends)

    def _has_errors(self) -> bool:
        return bool(errors_in(self.general)) or any(findings.has_errors for findings in self.findings.values())

    def _with_roles(self, gathering: Gathering, columns: frozenset[str]) -> tuple[Roster, tuple[Diagnostic, ...]]:
        use = self.program.model.use
        model = model_in_use(self.catalogue.models[use.name], use.options)
        participation = participate(
            gathering.people, self.program.roster, model, columns, self.today, may_be_empty=self.may_be_empty
        )
        for row, found in participation.diagnostics:
            if row is not None:
                self.findings[self.sources[row.source].shown].add(found, row.line)
        sound = not self._has_errors()
        for row, found in participation.diagnostics:
            undecided = found.code == "roles-undecided" and bool(gathering.by_id)
            if row is None and (sound or undecided):  # else the errors above explain it
                self.general.append(found)
        people = participation.people
        roster = Roster(people, columns | {"id"}, digest_of(people))
        placed = (found for findings in self.findings.values() for found in findings.listed())
        return roster, (*self.general, *placed)


def _years_from(day: date, years: int) -> date:
    return date(min(max(day.year + years, MINYEAR), MAXYEAR), 1, 1)


def _others_may_come(program: Program, today: date) -> bool:
    """Return whether people can still sign up, or an intake or round can take in those who are new by then."""
    signing_up = program.signup_closes is not None and today <= program.signup_closes
    taking_in = program.matching.intake is not None and today <= program.ends
    return signing_up or taking_in or any(today < one.on <= program.ends for one in program.model.rounds)


def _made_elsewhere(absent: Lacking, here: _Opened, opened: Iterable[_Opened]) -> bool:
    """Return whether the same recipe, said once for all sources, finds its headers in another one."""
    key = here.source.join or "id"
    return absent.column != key and any(
        each.number != here.number
        and each.source.columns.get(absent.column) == absent.recipe
        and absent.column in each.plan.names
        for each in opened
    )


def _nearly_ours(headers: Iterable[str], read: frozenset[str]) -> Iterator[Diagnostic]:
    """Yield a warning for every header that is one of our words but for spaces and hyphens, and so is not read."""
    for header in headers:
        word = "_".join(re.split(r"[\s_-]+", header.strip().casefold()))
        if word in OUR_WORDS and word not in read:
            message = f'the column "{header}" is not read'
            yield warning(
                "column-not-read", message, help=f'call it {word}, or say [roster.columns] {word} = "{header}"'
            )


def _absent_columns(
    program: Program, columns: frozenset[str], headers: Iterable[Iterable[str]]
) -> Iterator[Diagnostic]:
    """Yield an error for every column that conditions, capacities or the template need and no file has."""
    known = columns.union(*headers) - {""}
    for path, who, column in _needs(program):
        if column not in columns:
            near = suggestion(column, known)
            help_text = near or f'add the column, or say how to make it: [roster.columns] {column} = "their header"'
            message = f'{who} needs the column "{column}", which no roster file has'
            yield error("column-missing", message, path=path, help=help_text)


def _needs(program: Program) -> Iterator[tuple[str, str, str]]:
    """Yield every column that people cannot be told apart without: where it is named, by whom, its name."""
    for path, column in condition_columns(program).items():
        yield path, path.removesuffix(f".{column}"), column
    for role, said in program.roster.capacity.items():
        if isinstance(said, str):
            yield f"roster.capacity.{role}", f"roster.capacity.{role}", said
    for column in program.requires.columns:
        yield "requires.columns", "the template", column


def _without_consent() -> Diagnostic:
    return warning(
        "erg-without-consent",
        "the column erg is not used: it is read only where erg_consent is yes, and there is no column erg_consent",
        path="roster",
        help="ask people for their consent and add the column erg_consent",
    )


def _nobody(sources: Iterable[RosterSource]) -> Diagnostic:
    files = ", ".join(dict.fromkeys(source.shown for source in sources))
    if not files:
        return error(
            "roster-empty", "the program names no roster file", path="roster", help='say roster.file = "people.csv"'
        )
    return error(
        "roster-empty", f"there is nobody in {files}", path="roster", help="the rows below the headers are people"
    )
