"""Where people come from, who of them takes part as what, and who else the program knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mentorkit.core.declaring.declarations import AboutTable, MailAddress, Name, RosterTable, SourceTable, Text
from mentorkit.core.declaring.merging import Path
from mentorkit.core.diagnostics import listed, suggestion
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import RosterSource, RosterUse
from mentorkit.core.resolving.files import Problems, ProgramFiles

GROUPS = (
    "everyone",
    "matched",
    "unmatched",
    "spare",
    "eligible",
    "not-signed-up",
    "silent",
    "coordinator",
    "sponsor",
    "managers",
)
"""Words for recipients that every program has, beside roles and contacts."""


def check_role(role: str, roles: Collection[str], path: Path, problems: Problems) -> bool:
    """Return whether the model has a role, and tell where it has not."""
    if role in roles:
        return True
    hint = suggestion(role, roles) or f"the model has {listed(roles)}"
    problems.error(path, "unknown-role", f'unknown role "{role}"', hint)
    return False


def resolve_roster(table: RosterTable, roles: Collection[str], files: ProgramFiles, problems: Problems) -> RosterUse:
    """Return where people come from and who takes part as what."""
    for key in ("roles", "capacity"):
        for role in getattr(table, key):
            check_role(role, roles, ("roster", key, role), problems)
    sources = _declared_sources(table, problems)
    return RosterUse(
        sources=tuple(_source(source, path, table, roles, files, problems) for source, path in sources),
        eligible=table.eligible,
        roles=table.roles,
        capacity=table.capacity,  # type: ignore[arg-type]
        missing=table.missing,
    )


def _declared_sources(table: RosterTable, problems: Problems) -> list[tuple[SourceTable, Path]]:
    if table.file and table.sources:
        told = "people come both from roster.file and from [[roster.sources]]"
        problems.error(("roster", "file"), "roster-twice", told, "keep one of the two")
    if not table.file and not table.sources:
        told = "the program does not say where its people are"
        problems.error(("roster",), "roster-missing", told, 'add roster.file = "people.csv"')
    if table.file:
        single = SourceTable(
            file=Text(table.file), sheet=table.sheet, encoding=table.encoding, delimiter=table.delimiter
        )
        return [(single, ("roster",))]
    return [(source, ("roster", "sources", index)) for index, source in enumerate(table.sources)]


def _source(
    source: SourceTable,
    path: Path,
    table: RosterTable,
    roles: Collection[str],
    files: ProgramFiles,
    problems: Problems,
) -> RosterSource:
    if source.role:
        check_role(source.role, roles, (*path, "role"), problems)
    if source.join and path[-1] == 0:
        told = "the first source has nobody yet to join its rows to"
        problems.error((*path, "join"), "join-first", told, "leave join out here")
    if source.delimiter and len(source.delimiter) != 1:
        told = f'"{source.delimiter}" is not one character'
        problems.error((*path, "delimiter"), "delimiter-unknown", told, 'write delimiter = ";"')
    try:
        absolute = files.roster_file((*path, "file"), source.file)
    except ProgramError as problem:
        problems.placed(problem)
        absolute = ""
    return RosterSource(
        path=absolute,
        shown=source.file,
        sheet=source.sheet,
        role=source.role,
        join=source.join,
        where=source.where,
        columns={**table.columns, **source.columns},
        encoding=source.encoding,
        delimiter=source.delimiter,
    )


def resolve_contacts(
    about: AboutTable, named: Mapping[Name, MailAddress], roles: Collection[str], problems: Problems
) -> dict[str, str]:
    """Return name to mail address, coordinator and sponsor among them where declared."""
    contacts = {key: address for key in ("coordinator", "sponsor") if (address := getattr(about, key))}
    for name, address in named.items():
        if name in (*GROUPS, *roles):
            told = f'a contact cannot be called "{name}": that is a word for recipients already'
            problems.error(("contacts", name), "contact-name", told, "choose another name")
        else:
            contacts[name] = address
    return contacts
