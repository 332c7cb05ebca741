"""What verifying a ledger found, and what is tried again: as text and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any

from mentorkit.core.roster import Roster
from mentorkit.guarding.verifying import Verified
from mentorkit.presenting.matching_text import called
from mentorkit.presenting.next_steps import Caller
from mentorkit.presenting.report_words import state_words
from mentorkit.presenting.tables import counted
from mentorkit.running.retrying import Retried
from mentorkit.workspace import Workspace


def verified_json(found: Verified, places: Workspace) -> dict[str, Any]:
    """Return what was found sound as a JSON document."""
    return {
        "ledger": str(places.ledger),
        "id": found.ledger,
        "entries": found.tail.number,
        "hash": found.tail.hash,
        "locked": found.locked,
        "remembered": found.remembered,
        "relationships": len(found.history.relationships),
        "sessions": len(found.history.sessions),
        "events": len(found.history.events),
        "transmissions": dict(sorted(_by_state(found).items())),
    }


def verified_text(found: Verified, places: Workspace) -> str:
    """Return what was found sound in a few lines."""
    history = found.history
    kept = (
        f"{counted(len(history.relationships), 'relationship')}, {counted(len(history.sessions), 'session')}, "
        f"{counted(len(history.events), 'event')}"
    )
    states = ", ".join(f"{number:,} {state_words(state)}" for state, number in sorted(_by_state(found).items()))
    entries = counted(found.tail.number, "entry", "entries")
    lock = f"it is the one that {places.lock_file} names" if found.locked else f"there is no {places.lock_file} yet"
    known = "how far it had got is not known on this machine: make sure that it is the latest copy"
    if found.remembered is not None:
        known = f"it holds the last entry that this machine remembers ({found.remembered:,})"
    return "\n".join(
        [
            f"{places.ledger} adds up: {entries}, each hashed with the one before",
            f"  {kept}, as the log says",
            f"  messages: {states or 'none yet'}",
            f"  {lock}; {known}",
        ]
    )


def _by_state(found: Verified) -> Counter[str]:
    return Counter(one.state for one in found.history.transmissions.values())


def retried_json(done: Retried) -> dict[str, Any]:
    """Return what is tried again as a JSON document."""
    addresses = [{"id": person, "channel": channel} for person, channel in done.addresses]
    return {"retried": list(done.keys), "left": done.left, "addresses": addresses}


def retried_text(done: Retried, roster: Roster, caller: Caller) -> str:
    """Return what is tried again in a few lines."""
    told = [f"{key} is due again" for key in done.keys]
    told += [
        f"the address of {called(person, roster)} is tried again by {channel}" for person, channel in done.addresses
    ]
    left = f"{counted(done.left, 'message')} stayed failed: too late by now, or about what is no more"
    told += [left] if done.left else []
    following = [f"next: {caller.command(('run',))}"] if done.keys else []
    return "\n".join([*(told or ["nothing has failed"]), *following])
