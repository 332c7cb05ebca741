"""What a run asks before it acts: the consents that only a person gives, each by a flag of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from attrs import frozen

from mentorkit import clock
from mentorkit.core.contracts import ChannelKind, IdentifiedChannel
from mentorkit.core.errors import ConsentError, RefusedError
from mentorkit.core.plan import Plan
from mentorkit.core.planning.consents import consents_needed
from mentorkit.core.planning.deciding import PlanResult
from mentorkit.core.program import ChannelUse, Program
from mentorkit.opening import Opened
from mentorkit.running.channels import uses


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
    for needed in consents_needed(program, result, by_clock=clock.is_now(result.plan.at)):
        if not given[needed.flag]:
            raise ConsentError(f"{needed.reason}; look at `mentorkit plan`, and go on by {needed.flag}")


def ask_for_channels(
    opened: Opened, plan: Plan, has_consent: Callable[[str, str], bool], consents: Consents, *, saved: bool = False
) -> dict[str, str]:
    """Ask before anything leaves the machine by a channel for the first time, and never on another day than today.

    All channels are asked about at once, as what fails by one goes by another. A `saved` plan is of its own moment.

    Returns what is consented to by this very call: names of channels, and a digest of where each sends what from.

    Raises:
        ConsentError: nobody has consented to one of the channels yet.
        RefusedError: the moment is not now.
    """
    leaving = {one.name: _identity(one, opened) for one in uses(opened.program) if _kind(one, opened).leaves_machine}
    messages = len(plan.due) + len(plan.waiting)
    if not leaving or not messages:
        return {}
    if not saved and not clock.is_now(opened.at):
        raise RefusedError(
            f"messages by {_and(leaving)} leave this machine, and {opened.at:%Y-%m-%d %H:%M} UTC is not now: "
            "rehearse with --simulate"
        )
    new = {name: identity for name, identity in leaving.items() if not has_consent(name, identity)}
    if new and not consents.yes:
        raise ConsentError(
            f"{messages:,} message{'s' if messages > 1 else ''} would leave this machine, and nobody has consented to "
            f"{_and(new)} yet, or host or sender have changed: look at `mentorkit plan`, and consent by --yes"
        )
    return new


def nobody_has_consented(_channel: str, _identity: str) -> bool:
    """Return that there is no consent yet: there is no ledger that could know one."""
    return False


def _and(names: Iterable[str]) -> str:
    return " and ".join(sorted(names))


def _kind(use: ChannelUse, opened: Opened) -> ChannelKind:
    return opened.catalogue.channels[use.kind].implementation


def _identity(use: ChannelUse, opened: Opened) -> str:
    """Return a digest of where a channel sends what from: another one needs another consent."""
    kind = _kind(use, opened)
    host = kind.identity(use.options) if isinstance(kind, IdentifiedChannel) else ""
    sender = opened.program.contacts.get("coordinator", "")
    return hashlib.sha256("\x1f".join((kind.name, host, sender)).encode()).hexdigest()
