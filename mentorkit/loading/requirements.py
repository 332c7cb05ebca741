"""Whether the distributions that a program or template asks for are installed, in the versions it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from mentorkit.core.diagnostics import Diagnostic, error
from mentorkit.core.errors import ProgramError
from mentorkit.loading.program_files import read_toml


def check_requirements(required: Sequence[str]) -> Iterator[tuple[int, Diagnostic]]:
    """Yield what is missing, by its index in the list."""
    for index, text in enumerate(required):
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            told = f'"{text}" is no requirement on a distribution'
            yield index, error("plugin-requirement", told, help='write "acme-mentoring >=2"')
            continue
        if told := _lacking(requirement):
            yield index, error("plugin-requirement", told, help=f"install {text} beside mentorkit")


def named_plugins(program: Path) -> frozenset[str] | None:
    """Return the distributions that a program file requires, in their canonical names; None where it does not say.

    It is read before anything else of the program is: what is wrong with it, loading the program tells.
    """
    try:
        table = read_toml(program, str(program)).values.get("plugins")
    except ProgramError:
        return None
    required = table.get("require") if isinstance(table, Mapping) else None
    if not isinstance(required, list):
        return None
    return frozenset(name for text in required if (name := _name(text)))


def _name(text: object) -> str:
    try:
        return canonicalize_name(Requirement(str(text)).name)
    except InvalidRequirement:
        return ""


def _lacking(requirement: Requirement) -> str:
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return f'the plugin distribution "{requirement.name}" is not installed'
    if requirement.specifier.contains(found, prereleases=True):
        return ""
    return f'the plugin distribution "{requirement.name}" has version {found}, not {requirement.specifier}'
