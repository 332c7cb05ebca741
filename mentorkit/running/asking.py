"""What a run asks before it acts: the consents that only a person gives, each by a flag of its own."""

from __future__ import annotations

import hashlib

from attrs import frozen

from mentorkit import clock
from mentorkit.core.contracts import ChannelKind
from mentorkit.core.errors import ConsentError, RefusedError
from mentorkit.core.plan import Plan
from mentorkit.core.planning.consents import consents_needed
from mentorkit.core.planning.deciding import PlanResult
from mentorkit.core.program import Program
from mentorkit.ledger import Ledger
from mentorkit.opening import Opened


@frozen
class Consents:
    """What the caller has consented to, each by the flag of that name."""

    yes: bool = False
    accept_missing: bool = False
    catch_up: bool = False
    retry_in_doubt: bool = False


def ask(program: Program, result: PlanResult, consents: Consents) -> None:
    """Refuse what needs a consent that was not given.

    Raises:
        ConsentError: with the flag that gives it.
    """
    given = {"--accept-missing": consents.accept_missing, "--catch-up": consents.catch_up}
    for needed in consents_needed(program, result):
        if not given[needed.flag]:
            raise ConsentError(f"{needed.reason}; look at `mentorkit plan`, and go on by {needed.flag}")


def ask_for_channel(kind: ChannelKind, opened: Opened, ledger: Ledger, plan: Plan, consents: Consents) -> None:
    """Ask before anything leaves the machine for the first time, and never on another day than today.

    Raises:
        ConsentError: nobody has consented to this channel yet.
        RefusedError: the moment is not now.
    """
    if not kind.leaves_machine or not plan.due:
        return
    if abs(clock.now() - opened.at) > clock.MAX_DRIFT:
        raise RefusedError(
            f"messages by {kind.name} leave this machine, and {opened.at:%Y-%m-%d %H:%M} UTC is not now: "
            "rehearse with --simulate"
        )
    digest = hashlib.sha256(opened.program.contacts.get("coordinator", "").encode()).hexdigest()
    if not ledger.has_consent(kind.name, digest):
        if not consents.yes:
            raise ConsentError(
                f"{len(plan.due)} messages would leave this machine by {kind.name}, the first of this program: "
                "look at `mentorkit plan`, and consent by --yes"
            )
        ledger.give_consent(kind.name, digest, plan.at)
