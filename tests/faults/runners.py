"""Several runs of one program at the same time, each in a process of its own.

They wait for each other, as runs do; or, which must not happen, each believes to be alone and takes over what the
others have in hand.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from faults.programs import ended
from faults.subjects import ADA, NOON, Subject, Tally, audit, record_only, run, run_to_the_end
from faults.ways import subject_of
from mentorkit.core.contracts import ChannelSetting
from mentorkit.core.errors import MentorkitError
from mentorkit.ledger import open_ledger
from mentorkit.running.channels import open_channel
from mentorkit.running.delivering import Ways, deliver
from mentorkit.workspace import workspace

PATIENCE = 600.0


def together(place: Path, runners: int, messages: int, *, alone: bool) -> Tally:
    """Let runners send so many messages by a channel that forgets, and count; `alone`: what each believes to be."""
    keys = [f"k{number:04d}" for number in range(messages)]
    tally = Tally(points=runners)
    folder = place / "run"
    record_only(folder, keys if alone else ())
    with subject_of("journal") as subject:
        shares = [keys[number::runners] for number in range(runners)]
        running = [_begin(_believing_to_be_alone if alone else _waiting, folder, subject, share) for share in shares]
        for child in running:
            code = ended(child)
            tally.wrong += [f"a runner ended with {code}"] * (code != 0)
        if alone:
            run_to_the_end(folder, subject, keys=keys)
        audit(folder, subject, "together", tally, keys)
    return tally


def _begin(
    runner: Callable[[Path, Subject, Sequence[str]], None], folder: Path, subject: Subject, keys: Sequence[str]
) -> int:
    child = os.fork()
    if child == 0:
        code = 99
        try:
            runner(folder, subject, keys)
            code = 0
        except MentorkitError as problem:
            os.write(2, f"{problem}\n".encode())
            code = 1
        finally:
            os._exit(code)
    return child


def _waiting(folder: Path, subject: Subject, keys: Sequence[str]) -> None:
    run(folder, subject, NOON, keys, patience=PATIENCE)


def _believing_to_be_alone(folder: Path, subject: Subject, _keys: Sequence[str]) -> None:
    places = workspace(folder / "pilot.toml")
    with open_ledger(places.ledger) as ledger:
        channel = open_channel(subject.kind, subject.options, ChannelSetting(str(places.folder)))
        deliver(ledger, Ways([channel], subject.composed, people={"17": ADA}, now=lambda: NOON), NOON)
