"""Names, places and texts stay what they are: in mails, calendars, pages and tables, whatever is written in them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zipfile import ZipFile

import icalendar
import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.core.enrolling.recipes import clean
from mentorkit.spreadsheet_cells import FORMULAS, as_written
from mentorkit.testing import program_folder
from security.guarded import NOON, PROGRAM
from security.pages import Page
from tests.test_ical_js import read

PLAIN = "Ada Osei"
HOSTILE = (
    "Eve\r\nBcc: x@evil.example",
    "Eve\nContent-Type: text/html\n\n<b>",
    'Eve" <eve@evil.example>, "Ada',
    "Eve <eve@evil.example>, Ada",
    "=?utf-8?q?Eve=0D=0ABcc:_x@evil.example?=",
    "Eve%0d%0aBcc: x@evil.example",
    "BEGIN:VEVENT",
    "Eve\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    'Eve;CN="x":mailto:eve@evil.example',
    "Eve:mailto:eve@evil.example\\n\\;\\,",
    "Eve^nATTENDEE^'x",
    "Ünïcödé 山田 " * 9,
    "👩‍🏫" * 30,
    "x" * 190,
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><a href="javascript:alert(1)">Ada</a>',
    "[Ada](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "**bold** `code` # head",
    "&lt;b&gt; &amp; &#60;",
    "<!channel> <https://evil.example|Ada> @everyone",
    "{{ 7 * 7 }} {% raw %} ${7*7} %s %(name)s",
    '=HYPERLINK("https://evil.example","Ada")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "＝1+1",  # noqa: RUF001 (that is the point)
    "Ada;=1+1",
    "'=1",
    "\t=1",
)
MESSAGE = (
    "---\nsubject: Dear {{ me.name }}\n---\nDear {{ me.name }}, meet {{ partners | map(attribute='name') | join }}.\n"
)
INVITING = """
sessions = { count = 1, cadence = "every 2 weeks", place = { column = "meeting_link" } }
[channels.files]
use = "outbox"
"""
FIRST = (*"=+-@＝＋", "'=", "'t ")  # noqa: RUF001 (that is the point)
"""With what ids of mentees begin."""


def roster(names: Sequence[str]) -> str:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("id", "name", "email", "role", "meeting_link"))
    for number, name in enumerate(names):
        writer.writerow((number, name, f"x{number}@example.org", "mentor", f"{name} https://meet.example/{number}"))
        writer.writerow((f"{FIRST[number % 8]}e{number}", PLAIN, f"e{number}@example.org", "mentee", ""))
    return table.getvalue()


def as_shown(name: str) -> str:
    """Return a name as somebody reads it: on one line."""
    return " ".join(clean(name).split())


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in which a program with hostile mentors has been run once, and beside it one with a plain one."""
    root = tmp_path_factory.mktemp("played")
    program = PROGRAM.replace('\nsessions = { count = 2, cadence = "every 2 weeks" }\n', INVITING)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", str(root / "state"))
        for name, names in {"plain": (PLAIN,), "hostile": HOSTILE}.items():
            files = {"people.csv": roster(names), "messages/hello.md": MESSAGE, "p.toml": program}
            folder = program_folder(root / name, files)
            assert 0 == run_command(["run", str(folder / "p.toml"), *NOON])
        program_folder(root / "again", {name: (root / "hostile" / name).read_text() for name in files})
        yield root / "hostile"


def mails(folder: Path, step: str) -> dict[str, EmailMessage]:
    paths = sorted((folder / "p.run" / "outbox").glob(f"*.{step}.*.eml"))
    return {path.name: message_from_bytes(path.read_bytes(), policy=default) for path in paths}  # type: ignore[misc]


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.uncounted
def test_each_mail_is_one_mail_to_one_person_whom_it_names(played: Path) -> None:
    (plain, *_) = mails(played.parent / "plain", "hello").values()
    found = mails(played, "hello")
    assert 2 * len(HOSTILE) == len(found)
    shown, named = {as_shown(name) for name in HOSTILE} | {PLAIN}, set()
    for file, mail in found.items():
        assert [] == mail.defects
        assert set(plain.keys()) == set(mail.keys()), file
        (to,) = mail["To"].addresses
        assert re.fullmatch(r"[xe]\d+@example\.org", to.addr_spec)
        page = Page(body(mail, "html"))
        assert Page(body(plain, "html")).elements == page.elements, file
        (line,) = [one for one in page.text.splitlines() if ", meet " in one]
        me, _, partner = line.removeprefix("Dear ").removesuffix(".").partition(", meet ")
        assert {me, partner} <= shown
        assert f"Dear {me}, meet {partner}." == body(mail, "plain").strip()
        named.add(me)
    assert shown == named


def calendars(folder: Path) -> list[bytes]:
    """Return the calendars that invitations carry, of people with hostile names and their partners."""
    found = []
    for mail in mails(folder, "calendar-invitation").values():
        (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar" and not one.get_filename()]
        found.append(part.get_payload(decode=True))
    return found  # type: ignore[return-value]


def _in_calendars(name: str) -> str:
    """Return a name as calendars show it: a double quote has no place there (RFC 5545, 3.2), and both readers take
    backslashes for more than they are in a parameter.
    """
    return as_shown(re.sub(r"\\([;,])", r"\1", name.replace('"', "'").replace(r"\n", " ")))


@pytest.mark.uncounted
def test_each_invitation_is_one_event_with_two_people_by_whomever_it_is_read(played: Path) -> None:
    (usual, *_) = calendars(played.parent / "plain")
    properties = sorted(icalendar.Calendar.from_ical(usual).walk("VEVENT")[0])
    invitations = calendars(played)
    assert 2 * len(HOSTILE) == len(invitations)
    places = set()
    for content in invitations:
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        assert content.count(b"\n") == content.count(b"\r") == content.count(b"\r\n")
        (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
        assert properties == sorted(event)
        assert re.fullmatch(r"mailto:x\d+@example\.org", event["ATTENDEE"][0])
        places.add(str(event["LOCATION"]))
    assert {" ".join(f"{clean(name)} https://meet.example/{n}".split()) for n, name in enumerate(HOSTILE)} == {
        " ".join(place.split()) for place in places
    }


@pytest.mark.uncounted
def test_ical_js_reads_the_same(played: Path) -> None:
    invitations = calendars(played)
    found, named = read(*invitations), set()
    for content, one in zip(invitations, found, strict=True):
        (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
        assert (1, 2) == (one["events"], one["attendees"])
        assert [str(event["SUMMARY"]), str(event["LOCATION"])] == [one["summary"], one["location"]]
        assert [str(who) for who in event["ATTENDEE"]] == one["addresses"]
        assert sorted(event) == sorted({name.upper() for name in one["properties"]})
        named.add(as_shown(one["names"][0]))
    assert {_in_calendars(name) for name in HOSTILE} == named


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.uncounted
def test_no_cell_of_a_table_is_a_formula_and_all_of_them_read_back(
    played: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    ids = {f"{FIRST[number % 8]}e{number}" for number in range(len(HOSTILE))}
    again = played.parent / "again"
    for name in ("review.csv", "review.xlsx"):
        assert 0 == run_command(["match", str(again / "p.toml"), "--review", str(again / name), *NOON])
    for path in (played / "p.run/matches.csv", played / "p.run/schedule.csv", again / "review.csv"):
        cells = [part for row in rows(path) for cell in row for part in cell.split(";")]
        assert not [cell for cell in cells if cell.startswith(tuple(FORMULAS))]
    assert ids == {as_written(row[1]) for row in rows(played / "p.run/matches.csv") if row[2] == "mentee"}
    with ZipFile(again / "review.xlsx") as book:
        assert not [name for name in book.namelist() if re.search(rb"<f[ >]", book.read(name))]
    kept = rows(again / "review.csv")
    mentee, decision = kept[0].index("mentee"), kept[0].index("decision")
    assert ids == {as_written(row[mentee]) for row in kept[1:]}
    with (again / "review.csv").open("w", newline="") as file:
        csv.writer(file).writerows([kept[0], *([*row[:decision], "keep"] for row in kept[1:])])
    assert 0 == run_command(["match", str(again / "p.toml"), "--review", str(again / "review.csv"), *NOON])
    assert [row[:3] for row in kept[1:]] == [row[:3] for row in rows(again / "review.csv")[1:]]
    assert {"keep"} == {row[decision] for row in rows(again / "review.csv")[1:]}
