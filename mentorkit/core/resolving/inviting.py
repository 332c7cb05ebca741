"""Invitations: whether a program sends any, and what they say."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import InvitingChannel
from mentorkit.core.declaring.declarations import ProgramFile
from mentorkit.core.program import INVITATION, ChannelUse, MessageSet, Step, When
from mentorkit.core.resolving.files import Problems, ProgramFiles
from mentorkit.core.resolving.invitation_texts import invitation_texts
from mentorkit.core.resolving.texts import resolve_message

MESSAGE = f"messages/{INVITATION}"
_RECIPIENTS = ("matched",)


def resolve_invitation(
    channels: Sequence[ChannelUse],
    readers: Collection[str],
    language: str,
    catalogue: Catalogue,
    files: ProgramFiles,
    problems: Problems,
) -> Step | None:
    """Return the core's own step that invites people to sessions; None where nothing brings invitations to anybody.

    The outbox of a program that declares no channel brings none: its calendars are in the run folder. A program that
    books nothing has the step all the same: what it booked before is taken out of calendars.
    """
    if not any(carries_invitations(catalogue, use) for use in channels):
        return None
    message = _message(readers, files, problems, language)
    return Step(INVITATION, When("session", text="session"), _RECIPIENTS, message, per="occurrence")


def carries_invitations(catalogue: Catalogue, use: ChannelUse) -> bool:
    """Return whether invitations may go by a channel."""
    kind = catalogue.channels[use.kind].implementation
    return isinstance(kind, InvitingChannel) and kind.carries_invitations


def refuse_its_name(declared: ProgramFile, problems: Problems) -> None:
    """Tell a step or survey of the name that the core's own step has."""
    for table, names in (("timeline", declared.timeline), ("surveys", declared.surveys)):
        if INVITATION in names:
            told = f'"{INVITATION}" is the name of mentorkit\'s own step for invitations to sessions'
            problems.error((table, INVITATION), "step-reserved", told, f"rename it; its text is {MESSAGE}.md")


def _message(readers: Collection[str], files: ProgramFiles, problems: Problems, language: str) -> MessageSet:
    written = any(name.startswith(f"{INVITATION}.") and name.endswith(".md") for name in files.names("messages"))
    if not written:
        return invitation_texts(MESSAGE, language)
    return resolve_message(MESSAGE, ("channels",), readers, files, problems)
