"""Settling doubts: a person has looked whether a message arrived, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mentorkit import clock
from mentorkit.core.errors import RefusedError
from mentorkit.guarding.ledger_guard import guarded
from mentorkit.opening import Opened
from mentorkit.running.results import write_results


def settle(opened: Opened, keys: Sequence[str], found: Literal["sent", "not-sent"]) -> tuple[str, ...]:
    """Write down of messages in doubt that they have arrived, or that they have not and are due again.

    Returns their keys. All of them are settled, or none.

    Raises:
        RefusedError: one of them is not in doubt, the program is held, or its ledger is unknown.
        RunError: something could not be written.
    """
    with guarded(opened.workspace, opened.program, opened.catalogue, clock.now()) as held:
        known = held.ledger.read().transmissions
        wrong = [key for key in keys if key not in known or known[key].state != "in_doubt"]
        if wrong:
            raise RefusedError(_refusal(wrong[0], known[wrong[0]].state if wrong[0] in known else ""))
        settled = held.ledger.settle_doubts(tuple(dict.fromkeys(keys)), found == "sent", opened.at)
        write_results(opened, held.ledger.read(), opened.workspace.folder)
    return settled


def _refusal(key: str, state: str) -> str:
    what = f"is {state.replace('_', ' ')}, not in doubt" if state else "is no message of this ledger"
    return f'"{key}" {what}; `mentorkit status` names what is in doubt; nothing was changed'
