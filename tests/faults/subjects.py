"""What is disturbed: a small program with one channel, and a count of what has arrived, made on the other side.

Whoever counts shares no code with what is counted: what came is what a server took, or what lies in a folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import define, evolve, field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import ChannelKind, ChannelSetting, ColumnsChannel, Invitation, Outgoing, Secret
from mentorkit.core.deliveries import Transmission
from mentorkit.core.history import History
from mentorkit.core.plan import Newcomer, Plan
from mentorkit.core.program import INVITATION, ChannelUse
from mentorkit.guarding.ledger_guard import guarded
from mentorkit.ledger import read_history
from mentorkit.running.channels import open_channel
from mentorkit.running.delivering import carry_out
from mentorkit.testing import a_person, a_plan, a_program, a_transmission
from mentorkit.workspace import workspace

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
PROGRAM = a_program()
KEYS = ("a", "b", "c")
BEFORE = "before"
ADA = a_person("17", matrix_room="!ada:example.org", slack_id="U0ADA0001", login="ada")
SECRET = Secret("env", "PASSWORD")


@frozen
class Subject:
    """What is disturbed.

    Attributes:
        arrived: how often each message has arrived, by its key; asked with the run folder.
        forget: begins a new count.
        storms: lets the other side do wrong now and then, or ends that.
        looks: whether the channel can look for what is in doubt.
        refuses: whether the other side may refuse messages for good.
        invites: whether its messages are invitations.
    """

    name: str
    kind: ChannelKind
    options: Any
    arrived: Callable[[Path], Mapping[str, int]] = lambda _folder: {}
    forget: Callable[[], object] = lambda: None
    storms: Callable[[bool], object] = lambda _now: None
    looks: bool = False
    refuses: bool = False
    invites: bool = False

    def composed(self, one: Transmission) -> Outgoing:
        """Return a message, with an invitation where it is one."""
        outgoing = compose(one)
        return evolve(outgoing, invitation=invitation(one.key)) if self.invites else outgoing


def plan(history: History, at: datetime, keys: Collection[str], *, invites: bool = False) -> Plan:
    """Return what planning would: everything the ledger does not know yet."""
    step = {"step": INVITATION} if invites else {}
    due = tuple(a_transmission(key, 1, "17", **step) for key in keys if key not in history.transmissions)
    newcomers = () if history.numbers else (Newcomer(1, "17"),)
    return a_plan(at=at, ledger_id=history.ledger_id, mark=history.mark, newcomers=newcomers, due=due)


def compose(one: Transmission) -> Outgoing:
    message_id = f"{one.key}@pilot.example.org"
    return Outgoing(one.key, "Ada", "ada@example.org", "", "c@example.org", "Hello", "Hello.", "", one.due, message_id)


def invitation(key: str) -> Invitation:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mentorkit//EN", "METHOD:REQUEST", "BEGIN:VEVENT"]
    lines += [f"UID:{key}@pilot", "DTSTAMP:20270111T090000Z", "SEQUENCE:0", "STATUS:CONFIRMED", "SUMMARY:Hello"]
    lines += ["DTSTART:20270405T080000Z", "DTEND:20270405T083000Z", "ORGANIZER:mailto:c@example.org"]
    lines += ["ATTENDEE;CN=Ada:mailto:ada@example.org", "END:VEVENT", "END:VCALENDAR", ""]
    return Invitation("REQUEST", f"{key}@pilot", 0, "\r\n".join(lines).encode())


def run(
    folder: Path,
    subject: Subject,
    at: datetime = NOON,
    keys: Collection[str] = KEYS,
    *,
    tell: Callable[[str], object] = lambda _phase: None,
    patience: float = 0.0,
) -> None:
    """Do what `mentorkit run` does to the files of a program; `tell` is told where it is."""
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    places = workspace(folder / "pilot.toml")
    with guarded(places, PROGRAM, Catalogue(), at, patience) as held:
        tell("planning")
        setting = ChannelSetting(
            str(places.folder), program="pilot", beside=str(folder), reveal=lambda _: "of-the-tests"
        )
        columns = subject.kind.columns(subject.options) if isinstance(subject.kind, ColumnsChannel) else ()
        use = ChannelUse(subject.kind.name, subject.kind.name, subject.options, tuple(columns))
        channel = open_channel(subject.kind, subject.options, setting, use)
        due = plan(held.ledger.read(), at, keys, invites=subject.invites)
        hooks = {"after_claim": held.remember, "before_leaving": held.before_leaving}
        try:
            carry_out(due, held.ledger, [channel], subject.composed, people={"17": ADA}, now=lambda: at, **hooks)
            tell("ending")
        finally:
            channel.close()


def run_to_the_end(folder: Path, subject: Subject, at: datetime = NOON, keys: Collection[str] = KEYS) -> None:
    """Run undisturbed, and once more where something is to be tried again."""
    run(folder, subject, at, keys)
    again = {"deferred", "due"} | ({"in_doubt"} if subject.looks else set())
    if again & set(states(folder).values()):
        run(folder, subject, at + timedelta(hours=1), keys)


def record_only(folder: Path, keys: Collection[str] = KEYS, *, invites: bool = False) -> None:
    """Leave a folder as a run does that was interrupted before it sent anything."""
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    with guarded(workspace(folder / "pilot.toml"), PROGRAM, Catalogue(), NOON) as held:
        held.ledger.record_plan(plan(held.ledger.read(), NOON, keys, invites=invites))


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
        refused: how many the other side did not take, for good.
        wrong: whatever else must not be.
        killed_while: how many runs were killed, by where they were.
        paused: how many were stopped for a moment, and went on.
    """

    points: int = 0
    stopped: int = 0
    messages: int = 0
    lost: list[str] = field(factory=list)
    doubled: list[str] = field(factory=list)
    in_doubt: list[str] = field(factory=list)
    arrived: int = 0
    refused: int = 0
    wrong: list[str] = field(factory=list)
    killed_while: dict[str, int] = field(factory=dict)
    paused: int = 0

    @property
    def symptoms(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.wrong]


def together(tallies: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return tallies, each as read from JSON, as one."""
    found: dict[str, Any] = dict(tallies[0])
    for one in tallies[1:]:
        for name, value in one.items():
            if isinstance(value, dict):
                found[name] = {key: found[name].get(key, 0) + value.get(key, 0) for key in {**found[name], **value}}
            else:
                found[name] = found[name] + value
    return found


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
        refused = subject.refuses and state == "failed" and copies == 0
        tally.refused += refused
        tally.lost += [f"{where}: {key} {state}"] * (copies == 0 and state != "in_doubt" and not refused)
        tally.doubled += [f"{where}: {key} {state}"] * (copies > 1)
        if state not in ("sent", "in_doubt") and not refused:
            tally.wrong.append(f"{where}: {key} {state}")
    tally.wrong += [f"{where}: {key} is nobody's" for key in delivered.keys() - set(keys)]
    leftovers = [path.name for path in places.folder.rglob("*") if ".new" in path.name or path.name.startswith(".tmp")]
    tally.wrong += [f"{where}: {name} is left" for name in leftovers]
