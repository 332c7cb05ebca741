"""A fairness audit: as text for a coordinator and as JSON."""

from __future__ import annotations

from typing import Any

from mentorkit.core.reporting.auditing import Audit, AuditGroup
from mentorkit.presenting.tables import counted, table


def audit_json(audit: Audit) -> dict[str, Any]:
    """Return an audit as JSON values; groups that are too small are only counted."""
    return {
        "column": audit.column,
        "everybody": None if audit.everybody is None else _figures(audit.everybody),
        "groups": [{"value": one.value, **_figures(one)} for one in audit.groups],
        "withheld": audit.withheld,
        "used_by": [{"what": one.what, "name": one.name} for one in audit.used_by],
    }


def _figures(group: AuditGroup) -> dict[str, Any]:
    return {
        "people": group.people,
        "matched": group.matched,
        "match_rate": round(group.match_rate, 4),
        "mean_score": group.mean_score,
    }


def audit_text(audit: Audit) -> str:
    """Return an audit as a table, with what it leaves out and what of the program reads the column."""
    parts = [f"audit by {audit.column}"]
    if audit.everybody is None:
        parts.append("  Too few people take part for any group to be shown.")
    else:
        rows = [_row("(empty)" if one.value is None else one.value, one) for one in audit.groups]
        header = (audit.column, "matched", "rate", "mean score")
        parts.append(table([*rows, _row("everybody", audit.everybody)], header))
    if audit.everybody and audit.withheld:
        parts.append(f"  {counted(audit.withheld, 'group')} not shown: too small, or needed to hide one that is.")
    if audit.used_by:
        names = ", ".join(f"{one.what} {one.name}" for one in audit.used_by)
        parts.append(f"  The matching itself reads this column ({names}): differences may be wanted.")
    return "\n".join(parts)


def _row(name: str, group: AuditGroup) -> tuple[str, str, str, str]:
    score = "-" if group.mean_score is None else f"{group.mean_score:.1f}"
    return name, f"{group.matched:,} of {group.people:,}", f"{group.match_rate:.0%}", score
