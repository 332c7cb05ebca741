"""The program on the desk, opened and planned once: what most doors need to know before they can read a file."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from attrs import evolve, frozen

from fuzz.scratch import scratch
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Receipt
from mentorkit.core.history import History
from mentorkit.core.plan import Plan
from mentorkit.core.planning.deciding import make_plan
from mentorkit.ledger import open_ledger
from mentorkit.ledger.logbook import Tail
from mentorkit.opening import Opened, open_program
from mentorkit.plugin_loading import build_catalogue

AT = datetime(2027, 1, 13, 10, tzinfo=UTC)
"""The moment at which everything on the desk is looked at."""


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return what is installed."""
    return build_catalogue()


@lru_cache(maxsize=1)
def opened() -> Opened:
    """Return the program on the desk with its people."""
    return open_program(scratch() / "pilot.toml", at=AT.isoformat())


@lru_cache(maxsize=1)
def the_plan() -> Plan:
    """Return the plan of the program on the desk."""
    desk = opened()
    return make_plan(desk.program, desk.roster, desk.catalogue, History(), AT, desk.told).plan


@frozen(eq=False)
class SoundLedger:
    """A ledger in which people are matched, and messages sent and in doubt: the file's bytes, and what it tells."""

    file: bytes
    id: str
    tail: Tail
    history: History


@lru_cache(maxsize=1)
def the_ledger() -> SoundLedger:
    """Return a ledger that has the plan of the desk in it."""
    path: Path = scratch() / "sound.sqlite"
    with open_ledger(path, create_for=opened().program.id, durable=False) as ledger:
        ledger.record_plan(evolve(the_plan(), ledger_id=ledger.id, mark=ledger.tail().number))
        for key, outcome in zip(ledger.claim(ledger.waiting(AT), AT), ("sent", "unknown"), strict=False):
            ledger.mark_at_risk(key, "outbox", AT)
            ledger.settle(key, Receipt(outcome), AT)  # type: ignore[arg-type]
        told = ledger.id, ledger.tail(), ledger.read()
    return SoundLedger(path.read_bytes(), *told)
