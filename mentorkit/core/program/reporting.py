"""What is measured and what may be shown of it: `[kpis.NAME]` and `[privacy]`."""

from __future__ import annotations

from typing import Any

from attrs import frozen


@frozen
class KpiUse:
    """A declared KPI, its target (a share, or in the KPI's own unit) or None, and the goals that it measures."""

    name: str
    kind: str
    target: float | None = None
    options: Any = None
    goals: tuple[str, ...] = ()


MEMBERSHIP = ("erg", "erg_consent")
"""Columns of who belongs to which employee resource group: sensitive in every program, whatever its author says."""


@frozen
class Privacy:
    """What may be shown to whom."""

    sensitive: tuple[str, ...] = ()
    managers_see: tuple[str, ...] = ()
    small_cells: int = 5

    def hides(self, column: str) -> bool:
        """Return whether no message or calendar may show a roster column."""
        return column in self.sensitive or column in MEMBERSHIP
