"""The fairness audits that `match` and `plan` print beside a matching."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mentorkit.core.relationships import Matching
    from mentorkit.core.reporting.auditing import Audit
    from mentorkit.opening import Opened


def audits(opened: Opened, matching: Matching, asked: Sequence[str] = ()) -> tuple[Audit, ...]:
    """Return audits by the columns that the program always wants compared, then by those asked for.

    A column of a template that this roster does not have is left out; `check` has a note about it.
    """
    from mentorkit.core.reporting.auditing import audit

    served = [role.name for role in opened.roles if role.served]
    always = [column for column in opened.program.matching.audit if column in opened.roster.columns]
    return tuple(
        audit(opened.program, opened.roster, opened.catalogue, served, matching, column)
        for column in dict.fromkeys((*always, *asked))
    )


def refuse_unread(columns: Sequence[str], opened: Opened) -> None:
    """Raise RefusedError for a column that was not read from the roster."""
    from mentorkit.core.diagnostics import suggestion
    from mentorkit.core.errors import RefusedError

    for column in columns:
        if column not in opened.roster.columns:
            near = suggestion(column, opened.roster.columns)
            advice = near or f'a column that nothing names is not read: write audit = ["{column}"] under [matching]'
            raise RefusedError(f'nothing can be audited by "{column}", which was not read from the roster; {advice}')
