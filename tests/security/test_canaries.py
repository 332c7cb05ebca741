"""Secrets stand nowhere, people only where the documentation says: canaries, when all has gone wrong."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from mentorkit import clock
from mentorkit.command_line.boundary import run_command
from security.canaries import OPEN, QUILL, WAYS, person_id, secrets, words_in, write
from security.echoing import Echoing, echoing_server
from servers.faulty_smtp import FaultySmtp, faulty_smtp

ID = "Kx44"
FIRST_DAY = datetime(2027, 1, 11, 12, tzinfo=UTC)
MAY_NAME = re.compile(r"p\.run/(outbox/[^/]+\.eml|calendars/[^/]+\.ics)|people\.csv|inbox/[^/]+")
"""Files for people to read, and what they have written themselves."""
MAY_HAVE_IDS = re.compile(
    r"p\.run/(ledger\.sqlite(-wal)?|matches\.csv|schedule\.csv|waiting\.csv)|saved\.json|matching\.json"
)


NAMED = re.compile(rb'(?mi)(^Message-ID|^UID|"key"|"message_id"|"uid")\\?:\s*([^\s,]+)')


class EchoingReplies(dict[str, Any]):
    """What a mail server says to verbs: where it is set, a code and all that it was told."""

    server: FaultySmtp

    def get(self, verb: str, usual: Any = None) -> Any:
        """Return a reply with what has just been said to the server, and whose message it is."""
        if verb not in self:
            return usual
        told = next((one for one in reversed(self.server.said) if one.startswith("RCPT")), "")
        way = (re.findall(r"zab\.(\w+)\.quill", told) or ["mail"])[0]
        return f"{self[verb]} {self.server.said[-1]}; to Zab{way}quill Zeb{way}quill <zab.{way}.quill@example.org>"


@define
class Aviary:
    """The program in its folder, what commands have said, and the servers around it."""

    root: Path
    web: Echoing
    mail: FaultySmtp
    capfd: pytest.CaptureFixture[str]
    now: datetime = FIRST_DAY
    said: list[tuple[tuple[str, ...], str]] = field(factory=list)

    def __call__(self, *arguments: str) -> int:
        self.capfd.readouterr()
        command, *rest = arguments
        words = (command, *rest) if command == "ledger" else (command, "p.toml", *rest)
        code = run_command(words)
        told = self.capfd.readouterr()
        self.said.append((arguments, told.out + told.err))
        return code

    def goes_wrong(self, status: int, *, shut: bool = False, **replies: str) -> int:
        """Go on to the next day, on which servers answer so, and run."""
        self.now += timedelta(days=1)
        self.web.status, self.web.shut = status, shut
        self.mail.script.clear()  # type: ignore[attr-defined]
        self.mail.script.update(replies)  # type: ignore[attr-defined]
        self("plan")
        code = self("run", "--yes", "--json")
        self("status")
        return code

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield what lies in the folder and in the state directory, but for the files that hold secrets."""
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root)).removeprefix("program/")
            if path.is_file() and not name.startswith("secrets/"):
                yield name, path.read_bytes()


@pytest.fixture
def aviary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Aviary]:
    """A program of which every command has been given, while all its channels worked and then failed in every way."""
    folder = tmp_path / "program"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    replies = EchoingReplies()
    with echoing_server() as web, faulty_smtp(replies, mechanisms=["PLAIN"]) as mail:
        replies.server = mail
        made = Aviary(tmp_path, web, mail, capfd)
        monkeypatch.setattr(clock, "now", lambda: made.now)
        for name, content in write(folder, web.url, mail.port).items():
            monkeypatch.setenv(name, content)
        _live(made, folder)
        yield made


def _live(aviary: Aviary, folder: Path) -> None:
    for command in ("check", "show", "match", "plan"):
        aviary(command)
        aviary(command, "--json")
    aviary("show", "--origin")
    aviary("match", "--out", "matching.json")
    aviary("match", "--explain", person_id(0), "--explain-unmatched")
    aviary("plan", "--out", "saved.json")
    assert 1 == aviary("run", "--plan", "saved.json", "--yes")
    assert 1 == aviary.goes_wrong(401, auth="535 5.7.8")
    assert 1 == aviary.goes_wrong(500, rcpt="451 4.2.0")
    assert 1 == aviary.goes_wrong(422, dot="554 5.7.1")
    assert 1 == aviary.goes_wrong(200, shut=True, rcpt="550 5.1.1")
    _come_back(folder)
    assert 1 == aviary.goes_wrong(0, mail="421 4.3.2")
    aviary("record", "left", "--person", person_id(0), "--value", "moved to Quillville")
    aviary.goes_wrong(200)
    for command in ("status", "report", "plan"):
        aviary(command, "--json")
    aviary("report")
    aviary("ledger", "verify", "p.toml")


def _come_back(folder: Path) -> None:
    """Have somebody answer, and a mail return whose reason names them."""
    (box,) = (folder / "p.run" / "outbox").glob("*.pulse.*.eml")
    sent = re.search(rb"Message-ID: (<[^>]+>)", box.read_bytes())
    assert sent
    answer = EmailMessage()
    answer["From"], answer["Date"] = "zab.box.quill@example.org", "Thu, 14 Jan 2027 10:00:00 +0000"
    answer["In-Reply-To"] = sent[1].decode()
    answer.set_content("use: very much, says Zabboxquill\n")
    (folder / "inbox" / "1.eml").write_bytes(answer.as_bytes())
    report = (
        "From: mailer-daemon@example.org\nTo: aviary@example.org\nSubject: Undelivered\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n--B\n\nno Zabmailquill here\n"
        "--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "Final-Recipient: rfc822; zab.mail.quill@example.org\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 zab.mail.quill@example.org unknown\n\n"
        f"--B\nContent-Type: text/rfc822-headers\n\nMessage-ID: {_mailed(folder)}\n\n--B--\n"
    )
    (folder / "inbox" / "2.eml").write_text(report)


def _mailed(folder: Path) -> str:
    with sqlite3.connect(folder / "p.run" / "ledger.sqlite") as ledger:
        ((key,),) = ledger.execute("SELECT key FROM transmissions WHERE channel = 'mail' AND state = 'sent' LIMIT 1")
    return f"<{key}@p.mentorkit>"


def _names_of_files(aviary: Aviary) -> Iterator[str]:
    for path in aviary.root.rglob("*"):
        name = str(path.relative_to(aviary.root))
        if not name.startswith("program/p.run/calendars/"):
            yield name


@pytest.mark.uncounted
def test_canaries_are_where_they_may_be_and_nowhere_else(aviary: Aviary) -> None:
    _servers_have_had_all_of_it(aviary)
    files = dict(aviary.files())
    assert {"p.run/ledger.sqlite", "p.lock", "saved.json", "p.run/report.html", "p.run/waiting.csv"} < set(files)
    assert any(name.startswith("state/") for name in files)
    _secrets_are_nowhere(aviary, files)
    _people_are_in_files_for_people_alone(aviary, files)
    _names_of_messages_and_sessions_name_nobody(aviary, files)
    _people_are_in_one_table_and_their_words_and_places_in_two(aviary.root / "program" / "p.run" / "ledger.sqlite")


def _servers_have_had_all_of_it(aviary: Aviary) -> None:
    """What has not been said to anybody could not have been repeated."""
    told = "\n".join((*aviary.web.told, *aviary.mail.said)).encode()
    unsaid = {"secrets/hook"} | (set() if find_spec("apprise") else {"APPRISE_URL"})  # it signs; it is optional
    kept = {name: content for name, content in secrets(aviary.web.url).items() if name not in unsaid}
    used = {re.findall(rf"{OPEN}[ \w]*", content)[0] for name, content in kept.items() if name != "TELLING"}
    assert used == words_in(told, *used)
    assert {f"zab.{way}.quill" for way in ("mail", "hook", "teams", "mattermost", "zulip")} <= words_in(
        told, *(f"zab.{way}.quill" for way in WAYS)
    )


def _secrets_are_nowhere(aviary: Aviary, files: dict[str, bytes]) -> None:
    assert [] == [name for name, content in files.items() if words_in(content, OPEN)]
    assert [] == [command for command, told in aviary.said if words_in(told.encode(), OPEN)]
    told = "".join(told for _, told in aviary.said)
    for sign in ("535 5.7.8", "550 5.1.1", "554 5.7.1", "came back: 5.1.1", "ValueError", "OSError", "<…>"):
        assert sign in told  # else nothing has gone wrong in that way
    assert "\x1b" not in told


def _people_are_in_files_for_people_alone(aviary: Aviary, files: dict[str, bytes]) -> None:
    assert [] == [
        name
        for name, content in files.items()
        if words_in(content, QUILL) and not MAY_NAME.fullmatch(name) and name != "p.run/ledger.sqlite"
    ]
    assert [] == [
        name
        for name, content in files.items()
        if words_in(content, ID) and not (MAY_NAME.fullmatch(name) or MAY_HAVE_IDS.fullmatch(name))
    ]
    assert [] == [name for name in _names_of_files(aviary) if words_in(name.encode(), QUILL, ID)]
    documents = [told for command, told in aviary.said if {"run", "plan"} & set(command) and "--json" in command]
    assert [] == [told[:200] for told in documents if words_in(told.encode(), QUILL)]


def _names_of_messages_and_sessions_name_nobody(aviary: Aviary, files: dict[str, bytes]) -> None:
    """Message-IDs, UIDs and keys go to people's mailboxes, calendars and servers, and from there anywhere."""
    seen = [content for name, content in files.items() if name.endswith((".eml", ".ics"))]
    seen += [one.content for one in aviary.mail.taken] + [told.encode() for told in aviary.web.told]
    named = [one for content in seen for one in NAMED.findall(content)]
    assert {b"message-id", b"uid", b'"key"', b'"message_id"', b'"uid"'} <= {one[0].lower() for one in named}
    assert [] == [value for _, value in named if words_in(value, QUILL, ID)]


def _people_are_in_one_table_and_their_words_and_places_in_two(ledger: Path) -> None:
    found: set[tuple[str, str]] = set()
    with sqlite3.connect(ledger) as connection:
        connection.row_factory = sqlite3.Row
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                cells = zip(row.keys(), map(str, row), strict=True)
                found |= {(table, column) for column, cell in cells if words_in(cell.encode(), QUILL, ID, OPEN)}
    assert {("people", "external"), ("sessions", "place"), ("events", "value")} == found
