"""Reads files of events, CSV or XLSX, into what somebody told: one row each, every problem on the way at once.

What an event is about is understood later (`mentorkit.core.learning`); here a row is only well-formed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

from attrs import define, evolve, field, frozen

from mentorkit.core.diagnostics import Diagnostic, error, listed, note, suggestion, warning
from mentorkit.core.digesting import digest_of
from mentorkit.core.enrolling.recipes import clean, folded
from mentorkit.core.happenings import EVENT_KINDS, OWN_EVENT, EventKind, Told
from mentorkit.core.program import AnswersFile, Program
from mentorkit.core.roster import Roster
from mentorkit.core.written_dates import is_day, written_moment
from mentorkit.core.zones import utc_text
from mentorkit.incoming_mail import Bounced, read_mail
from mentorkit.tables import Findings, Table, TableError, TableRequest, open_table

REQUIRED = ("id", "at", "person", "kind")
COLUMNS = (*REQUIRED, "subject", "value")
LONGEST_ID = 200

_MET = ("met", "missed")


@frozen
class ToldReading:
    """What files of events tell, and everything there is to say about them.

    Attributes:
        told: rows that could be read and whose moment has come, each id once, by file and line.
        bounced: messages that folders of mail say did not arrive.
    """

    told: tuple[Told, ...] = ()
    bounced: tuple[Bounced, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_told(
    files: Sequence[AnswersFile], program: Program, roster: Roster, at: datetime, *, must_exist: bool = False
) -> ToldReading:
    """Return the events of some files, and of folders of mail, as far as they have happened by `at` (UTC, aware).

    Nothing is raised for mistakes in files: they come as diagnostics, at most 50 of a severity per file. A file that
    is not there yet, or is empty, is a note, unless it `must_exist`.
    """
    folders = [file for file in files if Path(file.path).is_dir()]
    reading = _Reading(program.timezone, at, must_exist)
    diagnostics = [found for file in files if file not in folders for found in reading.read(file)]
    mails = [read_mail(folder, program, roster, at) for folder in folders]
    told = {one.id: one for mail in mails for one in mail.told}
    rows = [one for one in reading.first.values() if one.at <= at]
    return ToldReading(
        (*rows, *(one for one in told.values() if one.id not in reading.first)),
        tuple(one for mail in mails for one in mail.bounced),
        (*diagnostics, *(found for mail in mails for found in mail.diagnostics)),
    )


def said(kind: str, person: str, subject: str, value: str, id: str, at: datetime) -> ToldReading:  # noqa: A002
    """Return an event as somebody says it on the command line, at a moment (UTC, aware).

    Without an id it gets one that is made of all the rest: said again at the same moment, it is the same event.
    """
    kind, person, subject, value, id = (clean(text) for text in (kind.casefold(), person, subject, value, id))  # noqa: A001
    made = f"said-{digest_of([kind, person, subject, value, utc_text(at)])[:12]}"
    told = Told(id or made, at, person, cast(EventKind, kind), subject, value)
    return ToldReading((told,), diagnostics=tuple(_id_problems(id)))


@define
class _Reading:
    """One reading of all files: the first row of every id.

    Attributes:
        zone: the program's.
    """

    zone: str
    at: datetime
    must_exist: bool
    first: dict[str, Told] = field(factory=dict)

    def read(self, file: AnswersFile) -> tuple[Diagnostic, ...]:
        """Take in the events of a file; return what there is to say about it."""
        findings = Findings(file.shown)
        rows: list[_Row] = []
        try:
            table = open_table(TableRequest(Path(file.path), file.shown, known=frozenset(COLUMNS)), findings)
            headers = [folded(header) for header in table.headers]
            for problem in _header_problems(table.headers):
                findings.add(problem, table.header_line)
            if not findings.has_errors:
                rows.extend(_rows(table, headers, findings))
        except TableError as refused:
            findings.add(self._judged(refused.diagnostic, file.shown))
        told = [one for row in rows if (one := self._told(row, file.shown, findings))]
        self._count(rows, told, findings)
        return findings.listed()

    def _judged(self, refused: Diagnostic, shown: str) -> Diagnostic:
        """Return the problem of a file in the words of events: most advice on tables is about people."""
        if refused.code in ("file-missing", "file-empty") and not self.must_exist:
            why = "there is no file" if refused.code == "file-missing" else "there is nothing in"
            return note("answers-none", f"{why} {shown} yet: nothing is read from it", help=_HEADER_HELP)
        advice = {
            "file-missing": refused.help.partition(";")[0],
            "file-empty": _HEADER_HELP,
            "file-encoding": 'save the file as "CSV UTF-8"',
        }
        return evolve(refused, help=advice.get(refused.code, refused.help))

    def _told(self, row: _Row, shown: str, findings: Findings) -> Told | None:
        """Return a row as an event, unless it cannot be one; of the same id, only the first counts."""
        problems = [*_incomplete(row.cells), *_id_problems(row.cells["id"]), *_kind_problems(row.cells["kind"])]
        moment = None
        if written := row.cells["at"]:
            try:
                moment = written_moment(written, self.zone)
            except ValueError:
                problems.append(error("event-at", f'"{written[:60]}" is no moment', help=_AT_HELP))
        for problem in problems:
            findings.add(problem, row.line)
        if problems or moment is None:
            return None
        kind = cast(EventKind, row.cells["kind"].casefold())
        subject, value = row.cells["subject"], row.cells["value"]
        told = Told(row.cells["id"], moment, row.cells["person"], kind, subject, value, shown, row.line)
        earlier = self.first.setdefault(told.id, told)
        if evolve(earlier, where=shown, line=row.line) != told:
            findings.add(_twice(earlier, told), row.line)
            return None
        return told

    def _count(self, rows: Sequence[_Row], told: Sequence[Told], findings: Findings) -> None:
        later = [one for one in told if one.at > self.at]
        if later:
            lie = "event lies" if len(later) == 1 else "events lie"
            message = f"{len(later):,} {lie} in the future of this moment, and {_are(later)} left out"
            findings.add(note("events-later", message, help="a later run takes them"), later[0].line)
        written = {row.line: row.cells["at"] for row in rows}
        vague = [one for one in told if one.kind in _MET and not one.subject and is_day(written[one.line])]
        if vague:
            message = (
                f"{len(vague):,} {'row says' if len(vague) == 1 else 'rows say'} met or missed with a day alone, "
                "which is its beginning: a session later on that day is not what is meant"
            )
            help_text = "write the time, as 2027-03-02T16:00, or name the session as subject"
            findings.add(warning("event-time-missing", message, help=help_text), vague[0].line)


@frozen
class _Row:
    """The cells of a row by column, cleaned; columns that the file lacks are empty."""

    line: int
    cells: Mapping[str, str]


_HEADER_HELP = f"the header row is {','.join(COLUMNS)}; the last two may be left out"
_AT_HELP = "write 2027-03-02T16:00 (the program's zone), 2027-03-02T16:00:00Z, or 2027-03-02 (its beginning)"


def _are(found: Sequence[object]) -> str:
    return "is" if len(found) == 1 else "are"


def _header_problems(headers: Iterable[str]) -> Iterator[Diagnostic]:
    names = [folded(header) for header in headers]
    for header, name in zip(headers, names, strict=True):
        if name and name not in COLUMNS:
            near = suggestion(name, COLUMNS)
            told = f'a file of events has no column "{header[:60]}"'
            yield error("answers-header", told, help=f"{near} {_HEADER_HELP}".strip())
    for name in COLUMNS:
        if names.count(name) > 1:
            yield error("answers-header", f"there are {names.count(name)} columns {name}", help=_HEADER_HELP)
        if name in REQUIRED and name not in names:
            yield error("answers-header", f"a file of events needs a column {name}", help=_HEADER_HELP)


def _rows(table: Table, headers: Sequence[str], findings: Findings) -> Iterator[_Row]:
    for line, cells in table.rows:
        texts = [clean(cell) for cell in cells]
        if any(text for header, text in zip(headers, texts, strict=False) if not header):
            told = "there is text in a column without a header"
            findings.add(error("answers-header", told, help="give the column its name, or empty it"), line)
        found = {header: text for header, text in zip(headers, texts, strict=False) if header}
        yield _Row(line, dict.fromkeys(COLUMNS, "") | found)


def _incomplete(cells: Mapping[str, str]) -> Iterator[Diagnostic]:
    if lacking := [column for column in REQUIRED if not cells[column]]:
        help_text = (
            "give every event an id of its own, such as the number of the answer: by it, an event counts once"
            if "id" in lacking
            else "fill it in, or delete the row"
        )
        yield error("event-incomplete", f"the event has no {listed(lacking)}", help=help_text)


def _id_problems(id: str) -> Iterator[Diagnostic]:  # noqa: A002 (the column's name)
    if id.casefold().startswith(OWN_EVENT):
        told = f'the id "{id[:60]}" begins like those that mentorkit gives'
        yield error("event-id", told, help="give the event an id of its own; recorded events need not be told again")
    elif id and (len(id) > LONGEST_ID or not id.isprintable()):
        told = f"an id has at most {LONGEST_ID} characters, no line breaks and no control characters"
        yield error("event-id", told, help="a short number or word is enough")


def _kind_problems(kind: str) -> Iterator[Diagnostic]:
    if kind and kind.casefold() not in EVENT_KINDS:
        near = suggestion(kind.casefold(), EVENT_KINDS)
        yield error("event-kind", f'unknown kind of event "{kind[:60]}"', help=near or f"it is {listed(EVENT_KINDS)}")


def _twice(earlier: Told, told: Told) -> Diagnostic:
    place = f"line {earlier.line}" if earlier.where == told.where else f"{earlier.where}, line {earlier.line}"
    message = f'the id "{told.id}" stands for another event in {place}'
    return error("event-id-twice", message, help="an event counts once, by its id: give each one its own")
