"""The targets, a module for each kind of file that comes from outside."""

from __future__ import annotations

import importlib

from fuzz.target import Target

NAMES = (
    *("program", "template", "message", "words"),
    *("roster_csv", "roster_xlsx", "people_sheet", "answers", "small_tables", "review"),
    *("calendar", "calendar_reply", "mail", "bounce"),
    *("saved_plan", "saved_matching", "lock", "high_water", "ledger", "folder"),
)


def load_target(name: str) -> Target:
    """Return a target; nothing else is imported, so that a search can see the branches of what it needs."""
    found: Target = importlib.import_module(f"fuzz.targets.{name}").TARGET
    return found
