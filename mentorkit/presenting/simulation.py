"""What a simulation came to: as text for a coordinator and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from mentorkit.core.outcome import Item
from mentorkit.core.program import Program
from mentorkit.core.zones import utc_text
from mentorkit.presenting.plan_text import moment_text
from mentorkit.presenting.tables import counted, table
from mentorkit.running.simulating import Simulation


def simulation_json(simulation: Simulation, folder: str) -> dict[str, Any]:
    """Return a simulation as a JSON document."""
    return {
        "folder": folder,
        "began": utc_text(simulation.began),
        "ended": utc_text(simulation.ended),
        "relationships": len(simulation.history.relationships),
        "sessions": _states(simulation),
        "sent": dict(sorted(Counter(one.step for one in simulation.outcome.sent).items())),
        "failed": len(simulation.outcome.failed),
        "expired": dict(sorted(Counter(one.step for one in simulation.outcome.expired).items())),
    }


def _states(simulation: Simulation) -> dict[str, int]:
    return dict(sorted(Counter(known.state for known in simulation.history.sessions).items()))


def simulation_text(program: Program, simulation: Simulation, folder: str) -> str:
    """Return a simulation in a few lines: from when to when, what was sent, where to look."""
    zone = program.timezone
    sessions = ", ".join(f"{number:,} {state}" for state, number in _states(simulation).items()) or "none"
    facts = [
        ("from", moment_text(simulation.began, zone)),
        ("to", moment_text(simulation.ended, zone)),
        ("relationships", f"{len(simulation.history.relationships):,}"),
        ("sessions", sessions),
        ("messages", f"{len(simulation.outcome.sent):,} delivered to the outbox"),
    ]
    parts = [f"{program.name}, played on a virtual clock: everybody accepts and meets\n{table(facts)}"]
    parts.append("delivered\n" + table(_steps(simulation.outcome.sent)))
    if simulation.outcome.expired:
        parts.append("expired, never sent\n" + table(_steps(simulation.outcome.expired)))
    parts.append(f"Look at {folder}: report.html, matches.csv, schedule.csv, calendars/, outbox/.")
    return "\n\n".join(parts)


def _steps(items: Sequence[Item]) -> list[tuple[str, str]]:
    counts = Counter(one.step for one in items)
    return [(step, counted(number, "message")) for step, number in sorted(counts.items())]
