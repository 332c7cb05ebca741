"""What people read in the run folder beside the ledger: matches, schedule, who waits, calendars.

The ledger alone is the truth. Every command that writes the ledger writes these again; a file is touched only where its
content changes, and is replaced as a whole, so that whoever has it open sees either the old or the new one.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from mentorkit.calendars import calendars
from mentorkit.core.contracts import Role
from mentorkit.core.counted import has_score
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.matching.queueing import InLine, waiting_list
from mentorkit.core.memberships import Membership
from mentorkit.core.phases import last_day, relationship_start, relationship_state
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.zones import last_day_before, to_local, utc_text
from mentorkit.spreadsheet_cells import harmless

MATCHES = ("relationship", "person", "role", "score", "starts", "ends", "state")
SCHEDULE = ("session", "relationship", "number", "starts_utc", "minutes", "timezone", "people", "state")
WAITING = ("id", "role", "since", "first")

_LONGEST_NAME = 200


def write_views(
    folder: Path,
    program: Program,
    roles: Sequence[Role],
    roster: Roster,
    history: History,
    leads: Mapping[str, str] | None = None,
    *,
    written: datetime,
) -> None:
    """Write `matches.csv`, `schedule.csv` and `calendars/` as of a moment (UTC, aware).

    `leads` says who leads a session, by ids, where somebody does.

    From the first matching on there is `waiting.csv`, too: who waits for a partner, in order.
    Calendars of people who have none any more are removed.

    Raises:
        OSError: something cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _replace(folder / "matches.csv", _table(MATCHES, _matches(program, history, written)))
    _replace(folder / "schedule.csv", _table(SCHEDULE, _sessions(history)))
    if history.occasions:
        line = waiting_list(program, roles, roster, history, written)
        _replace(folder / "waiting.csv", _table(WAITING, map(_in_line, line)))
    drawn = calendars(program, roles, roster, history, leads)
    wanted = {calendar_name(person): content for person, content in drawn.items()}
    shelf = folder / "calendars"
    if shelf.is_symlink():
        shelf.unlink()  # as with files: nothing is written, or taken away, where a link leads to
    shelf.mkdir(mode=0o700, exist_ok=True)
    for name, content in wanted.items():
        _replace(shelf / name, content)
    for stale in shelf.glob("*.ics"):
        if stale.name not in wanted:
            stale.unlink(missing_ok=True)


def calendar_name(person: str) -> str:
    """Return the file name of a person's calendar: the percent-encoded id; a very long one ends in a digest of it."""
    encoded = quote(person, safe="")
    if encoded.startswith("."):
        encoded = f"%2E{encoded[1:]}"  # a hidden file would be nobody's calendar
    if len(encoded) > _LONGEST_NAME:
        encoded = f"{encoded[:_LONGEST_NAME]}-{hashlib.sha256(person.encode()).hexdigest()[:16]}"
    return f"{encoded}.ics"


def _matches(program: Program, history: History, at: datetime) -> Iterator[Sequence[str]]:
    real = (known for known in history.relationships if not known.withdrawn)
    for known in sorted(real, key=lambda one: one.relationship.id):
        score = f"{known.relationship.score:.1f}" if has_score(known.relationship, program.model.roles) else ""
        life = _life(program, known, at)
        for one in sorted(known.memberships, key=_by_place(known)):
            days = _own_life(program, one, *life) if one.has_own_days else life
            yield known.relationship.id, one.member.person, one.member.role, score, *days


def _by_place(known: KnownRelationship) -> Callable[[Membership], tuple[int, datetime | None]]:
    """Return the order of memberships: as the members are listed, of one person as they came."""
    place = {member: number for number, member in enumerate(known.everybody)}
    return lambda one: (place[one.member], one.joined or known.published_at)


def _own_life(program: Program, one: Membership, starts: str, ends: str, state: str) -> tuple[str, str, str]:
    """Return first and last day, and the state, of somebody with days of their own in a relationship."""
    if one.joined is not None:
        starts = max(starts, to_local(one.joined, program.timezone).date().isoformat())
    if one.left is not None:
        ends = max(starts, last_day_before(one.left, program.timezone).isoformat())
        return starts, ends, f"ended ({one.reason})"
    return starts, ends, state


def _life(program: Program, known: KnownRelationship, at: datetime) -> tuple[str, str, str]:
    """Return first and last day, and the state.

    An end at 24:00 is the end of its day; what ended before it began has one day, its first.
    """
    if known.published_at is None:
        return "", "", known.state
    starts = relationship_start(program, known.published_at)
    if known.ended_at is not None:
        ended = max(starts, last_day_before(known.ended_at, program.timezone))
        return starts.isoformat(), ended.isoformat(), f"ended ({known.reason})" if known.reason else "ended"
    ends = max(starts, last_day(program, known.relationship))
    return starts.isoformat(), ends.isoformat(), relationship_state(program, known, at)


def _sessions(history: History) -> Iterator[Sequence[str]]:
    for known in sorted(history.sessions, key=lambda one: (one.session.starts, one.session.id)):
        session = known.session
        yield (
            session.id,
            session.relationship,
            str(session.number),
            utc_text(session.starts),
            str(session.minutes),
            session.zone,
            ";".join(session.people),
            known.state,
        )


def _in_line(one: InLine) -> Sequence[str]:
    return one.person, one.role, one.since.isoformat(), "yes" if one.first else ""


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO()
    table = csv.writer(written)  # RFC 4180: commas, quotes where needed, CR LF
    table.writerow(header)
    table.writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode()


def _replace(path: Path, content: bytes) -> None:
    if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
        return
    temporary = path.parent / f".{hashlib.sha256(path.name.encode()).hexdigest()[:16]}.tmp"
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.write(content)
    temporary.replace(path)
