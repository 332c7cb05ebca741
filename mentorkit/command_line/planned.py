"""What `mentorkit plan` prints: the plan with audits, what needs consent, and the mails and hours of each person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from attrs import evolve, frozen

from mentorkit import clock
from mentorkit.command_line.audits import audits
from mentorkit.core.diagnostics import Diagnostic, errors_in
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.planning.coming import coming_after
from mentorkit.core.planning.consents import ConsentNeeded, consents_needed
from mentorkit.core.planning.deciding import PlanResult, make_plan
from mentorkit.core.planning.workload import Workload, workload
from mentorkit.core.problems import Effort
from mentorkit.core.reporting.auditing import Audit
from mentorkit.core.standing import standing
from mentorkit.core.zones import to_local
from mentorkit.guarding.ledger_guard import misgivings
from mentorkit.ledger import read_history
from mentorkit.opening import Opened, placing
from mentorkit.presenting.audit import audit_json, audit_text
from mentorkit.presenting.next_steps import Caller
from mentorkit.presenting.plan_text import consents_text, plan_text, workload_text
from mentorkit.presenting.round_text import round_json
from mentorkit.running.channels import with_channels
from mentorkit.running.saved_plans import dump_plan


@frozen
class Planned:
    """A plan and what is told beside it.

    Attributes:
        history: what was known before.
        consents: what a run would stop for.
        load: messages and hours of each person.
        audits: of the matching that the plan holds; none without one.
    """

    opened: Opened
    history: History
    result: PlanResult
    diagnostics: tuple[Diagnostic, ...]
    consents: Sequence[ConsentNeeded]
    load: Workload
    audits: Sequence[Audit]

    def text(self, caller: Caller, *, everything: bool) -> str:
        """Return what is printed; long lists whole where `everything` says so."""
        opened = self.opened
        parts = [
            plan_text(self.result.plan, opened.program, opened.roles, opened.roster, self.history, caller, everything),
            *map(audit_text, self.audits),
        ]
        if self.consents:
            parts.append(consents_text(self.consents))
        if self.load.messages or self.load.minutes:
            parts.append(workload_text(self.load, opened.roster))
        return "\n\n".join(parts)

    def document(self) -> dict[str, Any]:
        """Return it as JSON values: what a saved plan holds, and more."""
        document: dict[str, Any] = json.loads(dump_plan(self.result.plan))
        document["missing"] = list(self.result.missing)
        document["consents"] = [{"flag": one.flag, "reason": one.reason} for one in self.consents]
        document["workload"] = [
            {"id": person, "messages": one.messages, "hours": round(one.hours, 2)}
            for person, one in self.load.people.items()
        ]
        coming = coming_after(self.opened.program, self.history, self.result.plan)
        document["next_intake"] = coming.on.isoformat() if coming.on and coming.round is None else None
        document["next_round"] = round_json(coming.round) if coming.round else None
        if self.audits:
            document["audit"] = [audit_json(one) for one in self.audits]
        return document


def planned(opened: Opened, effort: Effort) -> Planned:
    """Plan what a run would do now.

    Raises:
        ProgramError: something is wrong with program, roster or ledger.
    """
    history = read_history(opened.workspace.ledger)
    with placing(opened):
        result = make_plan(opened.program, opened.roster, opened.catalogue, history, opened.at, opened.told, effort)
    found = opened.diagnostics + opened.placed(result.diagnostics) + misgivings(opened.workspace, history.ledger_id)
    if errors_in(found):
        raise ProgramError(found)
    result = evolve(result, plan=with_channels(result.plan, opened, history))
    plan, today = result.plan, to_local(opened.at, opened.program.timezone).date()
    return Planned(
        opened,
        history,
        result,
        found,
        consents_needed(opened.program, result, by_clock=clock.is_now(opened.at)),
        workload(opened.program, plan, result.history, standing(opened.roster, result.history, today).left),
        audits(opened, plan.matching) if plan.matching else (),
    )
