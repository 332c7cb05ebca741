"""Channels: which are declared, with what options, and in which order messages go to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from mentorkit.core.contracts import ChannelKind, ColumnsChannel, InvitingChannel, Secret
from mentorkit.core.declaring.declarations import ChannelTable, ProgramFile
from mentorkit.core.declaring.merging import Path
from mentorkit.core.declaring.structuring import key_of, keys_of
from mentorkit.core.diagnostics import listed, suggestion
from mentorkit.core.program import ChannelUse
from mentorkit.core.resolving.matching import Setting
from mentorkit.core.resolving.plugins import find, fitting, options_of, refuse_reserved


def resolve_channels(declared: ProgramFile, setting: Setting) -> tuple[ChannelUse, ...]:
    """Return the channels that messages go to, in order: those of `[delivery] channels`, else all that are declared."""
    found: dict[str, ChannelUse | None] = {
        name: _channel(name, raw, setting) for name, raw in declared.channels.items()
    }
    wanted = declared.delivery.channels or tuple(found)
    for index, name in enumerate(wanted):
        if name not in found:
            hint = suggestion(name, found) or (f"declared are {listed(found)}" if found else f"add [channels.{name}]")
            told = f'"{name}" is no channel of this program'
            setting.problems.error(("delivery", "channels", index), "channel-not-declared", told, hint)
    uses = tuple(use for name in wanted if (use := found.get(name)) is not None)
    if uses and not any(_carries_messages(setting.catalogue.channels[use.kind].implementation) for use in uses):
        told = f"no message can go out: {listed(use.name for use in uses)} can only bring invitations into calendars"
        setting.problems.error(("channels",), "channel-carries-none", told, "declare a channel for messages, too")
    return uses


def _carries_messages(kind: ChannelKind) -> bool:
    return kind.carries_messages if isinstance(kind, InvitingChannel) else True


def _channel(name: str, raw: Mapping[str, Any], setting: Setting) -> ChannelUse | None:
    known = keys_of(ChannelTable)
    path: Path = ("channels", name)
    table = fitting(ChannelTable, {key: raw[key] for key in raw if key in known}, path, setting.problems, known)
    if raw.get("use", "") != table.use:
        return None  # told already
    kind = find(
        setting.catalogue.channels,
        "channel",
        table.use or name,
        (*path, "use") if table.use else path,
        setting.problems,
    )
    if kind is None:
        return None
    refuse_reserved(setting.catalogue.channels[kind.name], "channel", known)
    rest = {key: value for key, value in raw.items() if key not in known}
    options = options_of(kind, rest, path, setting.files, setting.problems, known)
    if options is None and kind.options is not None:
        return None
    _check_secrets(options, path, setting)
    columns = kind.columns(options) if isinstance(kind, ColumnsChannel) else ()
    return ChannelUse(name, kind.name, options, tuple(dict.fromkeys(columns)))


def _check_secrets(options: Any, path: Path, setting: Setting) -> None:
    """Tell secrets that a template names: whoever wrote it must not reach into the machine of whoever uses it."""
    for where, _ in secrets_of(options, path):
        if not setting.files.said_by_program(where):
            told = "a template names no secrets, not even where they are kept"
            setting.problems.error(where, "secret-in-template", told, "write it into the program file")


def secrets_of(value: Any, path: Path) -> Iterator[tuple[Path, Secret]]:
    """Yield where secrets stand among options that stand at `path`, and what is said there of where they are kept."""
    if isinstance(value, Secret):
        yield path, value
    elif attrs.has(type(value)):
        for one in attrs.fields(type(value)):
            yield from secrets_of(getattr(value, one.name), (*path, key_of(one)))
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from secrets_of(member, (*path, key))
