"""Whether the distributions that a program or template asks for are installed, in the versions it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version

from packaging.requirements import InvalidRequirement, Requirement

from mentorkit.core.diagnostics import Diagnostic, error


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


def _lacking(requirement: Requirement) -> str:
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return f'the plugin distribution "{requirement.name}" is not installed'
    if requirement.specifier.contains(found, prereleases=True):
        return ""
    return f'the plugin distribution "{requirement.name}" has version {found}, not {requirement.specifier}'
