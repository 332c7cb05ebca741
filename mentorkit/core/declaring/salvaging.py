"""What is left of a declaration without its misfits, so that the rest can be checked in the same go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from mentorkit.core.declaring.declarations import ProgramFile
from mentorkit.core.declaring.merging import NAMED, Path
from mentorkit.core.declaring.structuring import Misfit, structure
from mentorkit.core.diagnostics import suggestion

FOLLOWS = frozenset(
    {
        "agendas-few",
        "cadence-missing",
        "criterion-columns",
        "dates-order",
        "no-contact",
        "roster-missing",
        "session-past-end",
        "step-left-out",
        "step-without-anchor",
        "timezone-default",
        "unknown-recipient",
    }
)
"""Codes of problems that may only follow from what was left out."""
_TEMPLATE_HAS = FOLLOWS | {"agendas-missing", "file-missing", "message-missing", "missing-key"}
"""Codes of problems that a template which was not found might have solved."""
_SLIPS = 50
"""How many unknown keys of one table may be slips of the pen; more are something else."""
_KINDS = ("unknown-criterion", "unknown-kpi", "unknown-rule")

_Dropped = dict[str, "_Dropped | None"]

_STAND_INS: Mapping[Path, Mapping[str, Any]] = {
    (): {"program": {"name": "?", "starts": date(2000, 1, 3), "length": "50 years"}, "roster": {"file": "?"}},
    ("program",): {"name": "?", "starts": date(2000, 1, 3), "length": "50 years"},
}


def salvage(raw: Mapping[str, Any], misfits: Iterable[Misfit]) -> ProgramFile | None:
    """Return the declaration without the entries that do not fit, or None where too little is left.

    Required keys of `[program]` get stand-ins: the result is fit for checking, never for use.
    """
    raw = _without(raw, _dropped(_entry(misfit.path) for misfit in misfits))
    for path, stand_ins in _STAND_INS.items():
        raw = _filled(raw, path, stand_ins)
    return structure(ProgramFile, raw)[0]


def is_founded(misfit: Misfit, *, with_template: bool) -> bool:
    """Return whether a problem of what was salvaged stands, whatever was left out or the template would have said."""
    code = misfit.diagnostic.code
    if with_template:
        return code not in FOLLOWS
    return code not in _TEMPLATE_HAS and (code not in _KINDS or misfit.path[-1] == "kind")


def unexplained(misfits: Sequence[Misfit]) -> list[Misfit]:
    """Return the misfits without the missing keys that another one explains: `[progam]` has no `program.name`."""
    unknown: dict[Path, list[str]] = {}
    for one in misfits:
        if one.diagnostic.code == "unknown-key":
            unknown.setdefault(one.path[:-1], []).append(str(one.path[-1]))
    return [one for one in misfits if one.diagnostic.code != "missing-key" or not _misspelled(one, unknown)]


def _misspelled(missing: Misfit, unknown: Mapping[Path, Sequence[str]]) -> bool:
    wanted = (*missing.path, missing.diagnostic.path.rpartition(".")[2])
    return any(
        suggestion(word, [str(part)])
        for depth, part in enumerate(wanted)
        for word in unknown.get(wanted[:depth], ())[:_SLIPS]
    )


def _entry(path: Path) -> Path:
    """Return what must go: a whole entry of a named table, else the key itself, never an element of an array."""
    for named in NAMED:
        if path[: len(named)] == named and len(path) > len(named):
            return path[: len(named) + 1]
    index = next((at for at, part in enumerate(path) if isinstance(part, int)), len(path))
    return path[:index]


def _dropped(paths: Iterable[Path]) -> _Dropped:
    """Return paths as nested names; None where all of it goes."""
    tree: _Dropped = {}
    for path in sorted(set(filter(None, paths)), key=len):  # so that what goes as a whole is known before its parts
        below: _Dropped | None = tree
        for part in path[:-1]:
            below = None if below is None else below.setdefault(str(part), {})
        if below is not None:
            below[str(path[-1])] = None
    return tree


def _without(raw: Mapping[str, Any], dropped: _Dropped) -> Mapping[str, Any]:
    """Return tables without all of these, copied once; what is no table goes as a whole."""
    kept: dict[str, Any] = {}
    for name, value in raw.items():
        parts = dropped.get(name)
        if name not in dropped:
            kept[name] = value
        elif parts is not None and isinstance(value, Mapping):
            kept[name] = _without(value, parts)
    return kept


def _filled(raw: Mapping[str, Any], path: Path, stand_ins: Mapping[str, Any]) -> Mapping[str, Any]:
    if not path:
        return {**stand_ins, **raw}
    key = str(path[0])
    return {**raw, key: _filled(raw[key], path[1:], stand_ins)}
