"""What `mentorkit match` prints: the matching or what explains it, with audits and what objectives cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from mentorkit.command_line.explanations import Explained
from mentorkit.core.matching.trading import Trade
from mentorkit.core.relationships import Matching
from mentorkit.core.reporting.auditing import Audit
from mentorkit.opening import Opened
from mentorkit.presenting.audit import audit_json, audit_text
from mentorkit.presenting.matching_json import match_json
from mentorkit.presenting.matching_text import matching_text
from mentorkit.presenting.trade_off import trade_off_json, trade_off_text


@frozen
class Matched:
    """A matching and what was asked about it.

    Attributes:
        explained: of people; None where nobody was to be explained.
        costs: of objectives; None where that was not asked for.
    """

    opened: Opened
    matching: Matching
    explained: Explained | None
    audits: Sequence[Audit]
    costs: Sequence[Trade] | None

    def text(self) -> str:
        """Return what is printed; explanations take the place of the whole matching."""
        parts = [
            matching_text(self.matching, self.opened.roles, self.opened.roster)
            if self.explained is None
            else self.explained.text(self.opened),
            *map(audit_text, self.audits),
        ]
        if self.costs is not None:
            parts.append(trade_off_text(self.costs))
        return "\n\n".join(parts)

    def document(self) -> dict[str, Any]:
        """Return it as JSON values."""
        document = match_json(self.matching, self.opened.roles)
        if self.explained is not None:
            document |= self.explained.document()
        if self.audits:
            document["audit"] = [audit_json(one) for one in self.audits]
        if self.costs is not None:
            document["trade_off"] = trade_off_json(self.costs)
        return document
