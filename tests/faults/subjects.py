"""What is disturbed: a small program with one channel, and a count of what has arrived, made on the other side.

Whoever counts shares no code with what is counted: what came is what a server took, or what lies in a folder.
"""

from __future__ import annotations

import collections
import os
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Channel, ChannelKind, ChannelSetting, Outgoing, Receipt
from mentorkit.core.deliveries import Transmission
from mentorkit.core.history import History
from mentorkit.core.plan import Newcomer, Plan
from mentorkit.core.roster import Person
from mentorkit.guarding.ledger_guard import guarded
from mentorkit.ledger import read_history
from mentorkit.running.channels import open_channel
from mentorkit.running.delivering import carry_out
from mentorkit.testing import a_person, a_plan, a_program, a_transmission
from mentorkit.workspace import workspace
from mentorkit_channels.outbox import OutboxKind
from mentorkit_channels.smtp.kind import SmtpKind
from mentorkit_channels.smtp.options import SmtpOptions
from mentorkit_channels.webhook import WebhookKind, WebhookOptions
from servers.faulty_smtp import faulty_smtp
from servers.starting import HOST
from servers.web import faulty_server

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
PROGRAM = a_program()
KEYS = ("a", "b", "c")
BEFORE = "before"
ADA = a_person("17")

REPEATABLE = ("outbox", "keyed")
"""Subjects of which nothing stays in doubt, since a repeat does no harm."""


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


@frozen
class Subject:
    """What is disturbed.

    Attributes:
        arrived: how often each message has arrived, by its key; asked with the run folder.
        forget: begins a new count.
    """

    name: str
    kind: ChannelKind
    options: Any
    arrived: Callable[[Path], Mapping[str, int]]
    forget: Callable[[], object] = lambda: None


@contextmanager
def subject_of(name: str) -> Iterator[Subject]:
    """Give a subject, with its server where it has one."""
    if name == "outbox":
        yield Subject(name, OutboxKind(), None, _in_outbox)
    elif name == "smtp":
        with faulty_smtp() as mail:
            options = SmtpOptions(host=HOST, port=mail.port, security="none", sender="c@example.org", timeout=5.0)
            yield Subject(name, SmtpKind(), options, *_counting(mail.taken, _mails))
    elif name in ("webhook", "keyed"):
        with faulty_server() as web:
            window = "24 hours" if name == "keyed" else ""
            options = WebhookOptions(url=web.url, allow_private=True, timeout=5.0, dedupe_window=window)
            count = _requests if name == "webhook" else _first_requests
            yield Subject(name, WebhookKind(), options, *_counting(web.asked, count))
    else:
        yield Subject(name, JournalKind(), None, _in_journal)


def _in_outbox(folder: Path) -> Mapping[str, int]:
    found = (path for path in (folder / "outbox").glob("*.eml") if b"Hello." in path.read_bytes())
    return collections.Counter(path.stem for path in found)


def _in_journal(folder: Path) -> Mapping[str, int]:
    journal = folder / "journal"
    return collections.Counter(journal.read_text().split() if journal.exists() else ())


def _mails(taken: Sequence[Any]) -> Mapping[str, int]:
    ids = (str(message_from_bytes(one.content)["Message-ID"]) for one in taken)
    return collections.Counter(one.strip("<>").partition("@")[0] for one in ids)


def _requests(asked: Sequence[Any]) -> Mapping[str, int]:
    return collections.Counter(one.json["key"] for one in asked)


def _first_requests(asked: Sequence[Any]) -> Mapping[str, int]:
    """Count as a receiver does that drops what it has had."""
    return collections.Counter({one.headers["Idempotency-Key"] for one in asked})


def _counting(
    kept: list[Any], count: Callable[[Sequence[Any]], Mapping[str, int]]
) -> tuple[Callable[[Path], Mapping[str, int]], Callable[[], None]]:
    """Return what counts a server's list and what empties it; both wait until no conversation goes on."""
    alone = threading.active_count()

    def arrived(_folder: Path) -> Mapping[str, int]:
        _wait(alone)
        return count(kept)

    def forget() -> None:
        _wait(alone)
        kept.clear()

    return arrived, forget


def _wait(threads: int, patience: float = 20.0) -> None:
    end = time.monotonic() + patience
    while threading.active_count() > threads and time.monotonic() < end:
        time.sleep(0.005)


def plan(history: History, at: datetime, keys: Collection[str]) -> Plan:
    """Return what planning would: everything the ledger does not know yet."""
    due = tuple(a_transmission(key, 1, "17") for key in keys if key not in history.transmissions)
    newcomers = () if history.numbers else (Newcomer(1, "17"),)
    return a_plan(at=at, ledger_id=history.ledger_id, mark=history.mark, newcomers=newcomers, due=due)


def compose(one: Transmission) -> Outgoing:
    message_id = f"{one.key}@pilot.example.org"
    return Outgoing(one.key, "Ada", "ada@example.org", "", "c@example.org", "Hello", "Hello.", "", one.due, message_id)


def run(folder: Path, subject: Subject, at: datetime = NOON, keys: Collection[str] = KEYS) -> None:
    """Do what `mentorkit run` does to the files of a program."""
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    places = workspace(folder / "pilot.toml")
    with guarded(places, PROGRAM, Catalogue(), at) as held:
        channel = open_channel(subject.kind, subject.options, ChannelSetting(str(places.folder)))
        due = plan(held.ledger.read(), at, keys)
        hooks = {"after_claim": held.remember, "before_leaving": held.before_leaving}
        try:
            carry_out(due, held.ledger, [channel], compose, people={"17": ADA}, now=lambda: at, **hooks)
        finally:
            channel.close()


def run_to_the_end(folder: Path, subject: Subject, at: datetime = NOON, keys: Collection[str] = KEYS) -> None:
    """Run undisturbed, and once more where something is to be tried again."""
    run(folder, subject, at, keys)
    if {"deferred", "due"} & set(states(folder).values()):
        run(folder, subject, at + timedelta(hours=1), keys)


def record_only(folder: Path, keys: Collection[str] = KEYS) -> None:
    """Leave a folder as a run does that was interrupted before it sent anything."""
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    with guarded(workspace(folder / "pilot.toml"), PROGRAM, Catalogue(), NOON) as held:
        held.ledger.record_plan(plan(held.ledger.read(), NOON, keys))


def states(folder: Path) -> dict[str, str]:
    known = read_history(workspace(folder / "pilot.toml").ledger).transmissions
    return {key: one.state for key, one in known.items()}


def start(folder: Path) -> None:
    """Make a folder for a run: empty, or as one beside it was left."""
    shutil.rmtree(folder, ignore_errors=True)
    if (folder.parent / BEFORE).exists():
        shutil.copytree(folder.parent / BEFORE, folder)
    else:
        folder.mkdir(parents=True)


@define
class Tally:
    """What has come of disturbances.

    Attributes:
        points: how often a run was disturbed.
        stopped: how many of these ended it.
        messages: how many messages were to arrive.
        lost: what never arrived, and is not named as unknown.
        doubled: what arrived more than once.
        in_doubt: what is named as unknown in the end.
        arrived: how much of that had arrived.
        wrong: whatever else must not be.
    """

    points: int = 0
    stopped: int = 0
    messages: int = 0
    lost: list[str] = field(factory=list)
    doubled: list[str] = field(factory=list)
    in_doubt: list[str] = field(factory=list)
    arrived: int = 0
    wrong: list[str] = field(factory=list)

    @property
    def symptoms(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.wrong]


def audit(folder: Path, subject: Subject, where: str, tally: Tally, keys: Collection[str] = KEYS) -> None:
    """Compare what has arrived with what the ledger says."""
    places = workspace(folder / "pilot.toml")
    with guarded(places, PROGRAM, Catalogue(), NOON) as held:
        held.ledger.check()
    known, delivered = states(folder), subject.arrived(places.folder)
    for key in keys:
        state, copies = known[key], delivered.get(key, 0)
        tally.messages += 1
        tally.in_doubt += [where] * (state == "in_doubt")
        tally.arrived += state == "in_doubt" and copies > 0
        tally.lost += [f"{where}: {key} {state}"] * (copies == 0 and state != "in_doubt")
        tally.doubled += [f"{where}: {key} {state}"] * (copies > 1)
        if state not in ("sent", "in_doubt"):
            tally.wrong.append(f"{where}: {key} {state}")
    tally.wrong += [f"{where}: {key} is nobody's" for key in delivered.keys() - set(keys)]
    leftovers = [path.name for path in places.folder.rglob("*") if ".new" in path.name or path.name.startswith(".tmp")]
    tally.wrong += [f"{where}: {name} is left" for name in leftovers]
