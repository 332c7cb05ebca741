"""What a simulation came to: as text for a coordinator and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from mentorkit.core.history import TO_COME
from mentorkit.core.outcome import Item
from mentorkit.core.program import Program
from mentorkit.core.reporting.activity import is_over
from mentorkit.core.simulating import IDEAL, happened
from mentorkit.core.zones import utc_text
from mentorkit.presenting.plan_text import moment_text
from mentorkit.presenting.tables import counted, table
from mentorkit.running.simulating import Simulation


def simulation_json(program: Program, simulation: Simulation, folder: str) -> dict[str, Any]:
    """Return a simulation as a JSON document."""
    return {
        "folder": folder,
        "world": simulation.world,
        "began": utc_text(simulation.began),
        "ended": utc_text(simulation.ended),
        "relationships": _relationships(simulation),
        "sessions": _states(simulation),
        "happened": dict(happened(program, simulation.history)),
        "sent": dict(sorted(Counter(one.step for one in simulation.outcome.sent).items())),
        "failed": len(simulation.outcome.failed),
        "expired": dict(sorted(Counter(one.step for one in simulation.outcome.expired).items())),
    }


def _relationships(simulation: Simulation) -> int:
    """Return how many began; what people were asked about in vain never did."""
    return sum(one.published_at is not None for one in simulation.history.relationships)


def _states(simulation: Simulation) -> dict[str, int]:
    return dict(sorted(Counter(known.state for known in simulation.history.sessions).items()))


def _sessions(simulation: Simulation) -> str:
    """Return in words what became of sessions: who says nothing leaves them planned, though they are over."""
    known = simulation.history.sessions
    said = Counter(
        "over without a word" if one.state in TO_COME and is_over(one, simulation.ended) else one.state for one in known
    )
    return ", ".join(f"{number:,} {state}" for state, number in sorted(said.items())) or "none"


def simulation_text(program: Program, simulation: Simulation, folder: str) -> str:
    """Return a simulation in a few lines: from when to when, what was sent, where to look."""
    zone = program.timezone
    facts = [
        ("from", moment_text(simulation.began, zone)),
        ("to", moment_text(simulation.ended, zone)),
        ("relationships", f"{_relationships(simulation):,}"),
        ("sessions", _sessions(simulation)),
        ("messages", f"{len(simulation.outcome.sent):,} delivered to the outbox"),
    ]
    happenings = happened(program, simulation.history)
    facts[4:4] = [(name, told) for name, told in _told(happenings) if told]
    behaving = "everybody accepts and meets" if simulation.world == IDEAL else f"people of a {simulation.world} world"
    parts = [f"{program.name}, played on a virtual clock: {behaving}\n{table(facts)}"]
    parts.append("delivered\n" + table(_steps(simulation.outcome.sent)))
    if simulation.outcome.expired:
        parts.append("expired, never sent\n" + table(_steps(simulation.outcome.expired)))
    parts.append(f"Look at {folder}: report.html, matches.csv, schedule.csv, calendars/, outbox/.")
    return "\n\n".join(parts)


def _told(happenings: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return in words what people did, as far as anybody did it."""
    said = {kind: f"{happenings[kind]:,} {kind}" for kind in happenings if happenings[kind]}
    said |= {"requested": f"{happenings['requested']:,} asked"} if happenings["requested"] else {}
    in_vain, put_off, surveys = (happenings[kind] for kind in ("unanswered", "moved", "answered"))
    return [
        ("people", ", ".join(said[kind] for kind in ("accepted", "declined", "left") if kind in said)),
        ("refilled", counted(happenings["refilled"], "free seat") if happenings["refilled"] else ""),
        ("no answer", counted(in_vain, "proposal") if in_vain else ""),
        ("put off", counted(put_off, "session") if put_off else ""),
        ("answered", counted(surveys, "survey") if surveys else ""),
        ("requests", ", ".join(said[kind] for kind in ("requested", "served", "expired") if kind in said)),
    ]


def _steps(items: Sequence[Item]) -> list[tuple[str, str]]:
    counts = Counter(one.step for one in items)
    return [(step, counted(number, "message")) for step, number in sorted(counts.items())]
