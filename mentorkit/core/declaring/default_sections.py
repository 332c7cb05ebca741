"""Sections that a model's default template fills in as a whole, and what a program gives up by writing one itself."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from mentorkit.core.declaring.merging import NAMED, Path, Table, at, without
from mentorkit.core.declaring.structuring import dotted
from mentorkit.core.diagnostics import Diagnostic, note

_SECTIONS: tuple[tuple[Path, ...], ...] = (
    (("matching", "criteria"),),
    (("matching", "rules"),),
    (("sessions",), ("series",)),
    (("timeline",),),
    (("surveys",),),
    (("kpis",),),
)
_CODES = frozenset(
    {"criterion-columns", "missing-key", "off-without-entry", "unknown-criterion", "unknown-kpi", "unknown-rule"}
)
"""Codes of problems that an entry may have only because the template's entry of that name is not under it."""


@frozen
class Replaced:
    """A section of a default template that a program's own takes the place of.

    Attributes:
        path: where the program has it.
        gone: each entry (of `[sessions]`: each key) that the template has, and whether the program has one, too.
    """

    path: Path
    gone: dict[str, bool]


def defaults_under(program: Table, template: Table) -> Table:
    """Return what of a model's default template may fill in a program that extends nothing.

    Criteria, rules, sessions with series, timeline, surveys and KPIs each play a part only where the program has
    none of them; every other key stands by itself.
    """
    for section in _SECTIONS:
        if any(at(program, path) is not None for path in section):
            for path in section:
                template = _cut(template, path)
    return template


def _cut(table: Table, path: Path) -> Table:
    key = str(path[0])
    below = table.entries.get(key)
    if len(path) == 1:
        return without(table, key)
    return evolve(table, entries={**table.entries, key: _cut(below, path[1:])}) if isinstance(below, Table) else table


def replaced_sections(program: Table, template: Table) -> tuple[Replaced, ...]:
    """Return the sections of the template that `defaults_under` leaves out."""
    return tuple(one for section in _SECTIONS for one in _replaced(section, program, template))


def _replaced(section: tuple[Path, ...], program: Table, template: Table) -> Iterator[Replaced]:
    written = [path for path in section if at(program, path) is not None]
    for path in section if written else ():
        below, own = at(template, path), at(program, path)
        if isinstance(below, Table) and below.entries:
            said = own.entries if isinstance(own, Table) else {}
            gone = {name: name in said for name in below.entries}
            yield Replaced(path, gone) if path in written else Replaced(written[0], {dotted(path): False})


def replaces_default(replaced: Replaced, template: str) -> Diagnostic:
    """Return the note that a program's section takes the place of the template's whole one, with what is gone."""
    section = dotted(replaced.path)
    lost = sorted(name for name, again in replaced.gone.items() if not again)
    again = sorted(name for name, again in replaced.gone.items() if again) if replaced.path in NAMED else []
    told = [f"{', '.join(lost)} {'is' if len(lost) == 1 else 'are'} gone"] if lost else []
    told += [f"of {', '.join(again)} only what you write is left"] if again else []
    message = f"your [{section}] takes the place of the template's: {', '.join(told) or 'nothing of it is left'}"
    return note("replaces-default", message, path=section, help=advice(template))


def advice(template: str) -> str:
    """Return how to change single entries of a template."""
    return f'to change single entries of the template, write extends = "{template}"'


def lacks_template(code: str, path: Path, replaced: Replaced) -> bool:
    """Return whether a problem at a path would not be one if the template's section were still there."""
    if code not in _CODES or path[: len(replaced.path)] != replaced.path:
        return False
    if replaced.path not in NAMED:
        return True
    return len(path) > len(replaced.path) and path[len(replaced.path)] in replaced.gone
