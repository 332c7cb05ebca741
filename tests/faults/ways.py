"""The ways out that are disturbed, each with its server where it has one, and a count made on the other side."""

from __future__ import annotations

import collections
import os
import random
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

from attrs import frozen

from faults.answering import Calendars, Homeserver, Hooks, Workspace
from faults.subjects import SECRET, Subject
from mentorkit.core.contracts import Channel, ChannelSetting, Outgoing, Receipt
from mentorkit.core.roster import Person
from mentorkit_channels.caldav import CaldavKind, CaldavOptions
from mentorkit_channels.matrix import MatrixKind, MatrixOptions
from mentorkit_channels.outbox import OutboxKind
from mentorkit_channels.slack import SlackKind, SlackOptions
from mentorkit_channels.smtp.kind import SmtpKind
from mentorkit_channels.smtp.options import SmtpOptions
from mentorkit_channels.webhook import WebhookKind, WebhookOptions
from servers.calendars import CALENDAR, CalendarServer, calendar_server
from servers.certificates import make_certificates
from servers.faulty_smtp import DROP, SILENCE, TAKE_AND_DROP, TAKE_AND_SAY_NOTHING, FaultySmtp, Step, faulty_smtp
from servers.starting import HOST
from servers.web import FaultyServer, faulty_server

SUBJECTS = {
    "outbox": "`outbox`",
    "smtp": "`smtp`",
    "smtp-tls": "`smtp`, encrypted and logged in",
    "smtp-invites": "`smtp` with invitations",
    "smtp-faulty": "`smtp`, a server that does wrong in a tenth of all",
    "webhook": "`webhook`",
    "keyed": "`webhook` with `dedupe_window`",
    "matrix": "`matrix`",
    "slack": "`slack`, which looks for what is in doubt",
    "caldav": "`caldav`",
    "radicale": "`caldav`, with Radicale",
    "journal": "one that forgets what it has seen",
}
REPEATABLE = ("outbox", "keyed", "matrix", "slack", "caldav", "radicale")
"""Subjects of which nothing stays in doubt, since a repeat does no harm, or since they can look."""

WRONGS: Mapping[str, Sequence[Step]] = {
    "connect": ("421 4.3.2 closing", DROP, SILENCE),
    "mail": ("451 4.3.0 later", "421 4.7.0 not now", DROP),
    "rcpt": ("450 4.2.1 busy", "452 4.2.2 full", "550 5.7.1 not this", DROP),
    "data": ("451 4.3.0 later", "550 5.7.1 not this", DROP),
    "body": (DROP, SILENCE),
    "dot": (
        "451 4.3.0 later",
        "452 4.3.1 full",
        "550 5.7.1 not this",
        DROP,
        SILENCE,
        TAKE_AND_DROP,
        TAKE_AND_SAY_NOTHING,
    ),
}
"""What a mail server does instead, by verb."""


@contextmanager
def subject_of(name: str) -> Iterator[Subject]:
    """Give a subject, with its server where it has one."""
    if name == "outbox":
        yield Subject(name, OutboxKind(), None, _in_outbox)
    elif name == "journal":
        yield Subject(name, JournalKind(), None, _in_journal)
    elif name.startswith("smtp"):
        with _by_mail(name) as subject:
            yield subject
    elif name == "radicale":
        with calendar_server() as server:
            server.calendar("ada")
            yield _in_radicale(name, server)
    else:
        with faulty_server() as web:
            yield _over_the_web(name, web)


@contextmanager
def _by_mail(name: str) -> Iterator[Subject]:
    with ExitStack() as stack:
        more: dict[str, Any] = {}
        offered: dict[str, Any] = {}
        if name == "smtp-tls":
            made = make_certificates(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-"))))
            more = {"security": "starttls", "user": "c@example.org", "password": SECRET, "ca": str(made.authority)}
            offered = {"chain": (made.chain, made.key), "mechanisms": ("PLAIN",)}
        mail = stack.enter_context(faulty_smtp(**offered))
        told = {"host": HOST, "port": mail.port, "security": "none", "sender": "c@example.org", "timeout": 5.0}
        arrived, forget = _counting(lambda: _mails(mail.taken), mail.taken.clear)
        yield Subject(
            name,
            SmtpKind(),
            SmtpOptions(**{**told, **more}),
            arrived,
            forget,
            storms=_weather(mail) if name == "smtp-faulty" else lambda _now: None,
            refuses=name == "smtp-faulty",
            invites=name == "smtp-invites",
        )


def _weather(mail: FaultySmtp) -> Callable[[bool], None]:
    """Return what lets a mail server do wrong with about a tenth of its messages, or ends that."""
    chance = random.Random(11)

    def struck(verb: str) -> Step | None:
        return chance.choice(WRONGS[verb]) if verb in WRONGS and chance.random() < 0.02 else None

    def storms(now: bool) -> None:
        mail.weather = struck if now else lambda _verb: None

    return storms


def _over_the_web(name: str, web: FaultyServer) -> Subject:
    here: dict[str, Any] = {"allow_private": True, "timeout": 5.0}
    if name == "webhook":
        count = _counting(lambda: collections.Counter(one.json["key"] for one in web.asked), web.asked.clear)
        return Subject(name, WebhookKind(), WebhookOptions(url=web.url, **here), *count)
    made: dict[str, tuple[Any, Any, Any]] = {
        "keyed": (Hooks(), WebhookKind(), WebhookOptions(url=web.url, dedupe_window="24 hours", **here)),
        "matrix": (Homeserver(), MatrixKind(), MatrixOptions(url=web.url, token=SECRET, **here)),
        "slack": (Workspace(), SlackKind(), SlackOptions(base_url=web.url, token=SECRET, **here)),
        "caldav": (
            Calendars(),
            CaldavKind(),
            CaldavOptions(url=f"{web.url}/{{login}}/mentoring/", user="mentorkit", password=SECRET, **here),
        ),
    }
    web.answer, kind, options = made[name]
    kept = web.answer

    def forget() -> None:
        web.asked.clear()
        kept.forget()

    return Subject(name, kind, options, *_counting(kept.count, forget), looks=name == "slack", invites=name == "caldav")


def _in_radicale(name: str, server: CalendarServer) -> Subject:
    """A real server, which says what is there, and not how often it was written."""
    where = f"{server.url}/{{login}}/{CALENDAR}/"
    options = CaldavOptions(url=where, user="ada", password=SECRET, allow_private=True, timeout=30.0)

    def arrived(_folder: Path) -> Mapping[str, int]:
        status, found = server.ask("GET", f"/ada/{CALENDAR}/", "ada")
        assert status == 200, status
        return collections.Counter(re.findall(r"(?m)^UID:(\w+)@", found.decode()))

    return Subject(name, CaldavKind(), options, arrived, lambda: server.calendar("ada"), invites=True)


def _in_outbox(folder: Path) -> Mapping[str, int]:
    found = (path for path in (folder / "outbox").glob("*.eml") if b"Hello." in path.read_bytes())
    return collections.Counter(path.stem for path in found)


def _in_journal(folder: Path) -> Mapping[str, int]:
    journal = folder / "journal"
    return collections.Counter(journal.read_text().split() if journal.exists() else ())


def _mails(taken: Sequence[Any]) -> Mapping[str, int]:
    ids = (str(message_from_bytes(one.content)["Message-ID"]) for one in taken)
    return collections.Counter(one.strip("<>").partition("@")[0] for one in ids)


def _counting(
    count: Callable[[], Mapping[str, int]], forget: Callable[[], object]
) -> tuple[Callable[[Path], Mapping[str, int]], Callable[[], object]]:
    """Return what counts and what begins anew; both wait until no conversation with a server goes on."""
    alone = threading.active_count()

    def arrived(_folder: Path) -> Mapping[str, int]:
        _wait(alone)
        return count()

    def forgotten() -> None:
        _wait(alone)
        forget()

    return arrived, forgotten


def _wait(threads: int, patience: float = 20.0) -> None:
    end = time.monotonic() + patience
    while threading.active_count() > threads and time.monotonic() < end:
        time.sleep(0.002)


@frozen
class JournalKind:
    """A channel like a mail server: what it accepted is a line in a file, and it forgets that it has seen it."""

    name: str = "journal"
    summary: str = "one line each"
    options: None = None
    leaves_machine: bool = True
    repeat_is_harmless: bool = False

    def open(self, options: None, setting: ChannelSetting) -> Channel:
        return Journal(Path(setting.folder) / "journal")


@frozen
class Journal:
    path: Path

    def reaches(self, person: Person | None, address: str) -> bool:
        return True

    def prepare(self, outgoing: Outgoing) -> Line:
        return Line(self.path, outgoing.key)


@frozen
class Line:
    path: Path
    key: str

    def commit(self) -> Receipt:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, f"{self.key}\n".encode())
        finally:
            os.close(descriptor)
        return Receipt("sent")

    def abandon(self) -> None:
        pass
