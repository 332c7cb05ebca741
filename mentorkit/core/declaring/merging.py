"""Laying one declaration over another, key by key, without forgetting which file said what.

A layer is a file's tables as read; layers are numbered, 0 is the program. A merged tree knows for every value the
layer and the path it came from. Here nothing is read, typed or understood beyond the few words that merging needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from attrs import evolve, frozen

from mentorkit.core.diagnostics import Diagnostic, error, suggestion

Path = tuple[str | int, ...]

NAMED = (
    ("matching", "criteria"),
    ("matching", "rules"),
    ("series",),
    ("timeline",),
    ("surveys",),
    ("kpis",),
    ("channels",),
)
"""Tables whose entries are named by the author: `off = true` removes one, another `kind` or `use` replaces it."""
_ATOMS = (("roster", "roles"), ("roster", "columns"), ("roster", "eligible"))


@frozen
class Spot:
    """Where something was said: a layer's number and the path inside of that layer's file."""

    layer: int
    path: Path


@frozen
class Leaf:
    """A value that is replaced whole: anything that is not a table, and tables that describe one thing."""

    value: Any
    spot: Spot


@frozen
class Table:
    """A table that merges key by key."""

    entries: Mapping[str, Node]
    spot: Spot


Node = Leaf | Table
EMPTY = Table({}, Spot(0, ()))


def is_parameter(value: object) -> bool:
    """Whether a value is `{ parameter = "NAME" }`."""
    return isinstance(value, dict) and set(value) == {"parameter"} and isinstance(value["parameter"], str)


def as_layer(values: Mapping[str, Any], layer: int) -> Table:
    """Return a file's values as a tree that remembers where they came from."""
    return Table({key: _as_node(value, layer, (key,)) for key, value in values.items()}, Spot(layer, ()))


def _as_node(value: Any, layer: int, path: Path) -> Node:
    spot = Spot(layer, path)
    if not isinstance(value, dict) or is_parameter(value) or _is_atom(path):
        return Leaf(value, spot)
    return Table({key: _as_node(member, layer, (*path, key)) for key, member in value.items()}, spot)


def _is_atom(path: Path) -> bool:
    if path[-1] in ("only_if", "place"):
        return True
    return len(path) == 3 and path[:2] in _ATOMS


def plain(node: Node) -> Any:
    """Return the tree as the nested values that tomllib would have read."""
    if isinstance(node, Leaf):
        return node.value
    return {key: plain(entry) for key, entry in node.entries.items()}


def spot_of(node: Node, path: Path) -> Spot:
    """Return where a path, or its longest known beginning, was said."""
    for index, part in enumerate(path):
        if isinstance(node, Leaf):
            return Spot(node.spot.layer, (*node.spot.path, *path[index:]))
        if not isinstance(part, str) or part not in node.entries:
            break
        node = node.entries[part]
    return node.spot


def leaves(node: Node, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """Yield every leaf with its path, in the tree's order; an empty table is a leaf, too."""
    if isinstance(node, Leaf) or (path and not node.entries):
        yield path, node if isinstance(node, Leaf) else Leaf({}, node.spot)
        return
    for key, entry in node.entries.items():
        yield from leaves(entry, (*path, key))


def without(table: Table, *keys: str) -> Table:
    """Return a table without some of its keys."""
    return evolve(table, entries={key: entry for key, entry in table.entries.items() if key not in keys})


def lay_over(upper: Table, lower: Table) -> tuple[Table, list[tuple[Spot, Diagnostic]]]:
    """Return `upper` laid over `lower`, and what cannot be done, by spot.

    Tables merge key by key; a new name is appended; an entry with `off = true` removes the lower one of that name; an
    entry whose `kind` differs, and a model, matcher or channel with another `use`, replace what is under them.
    """
    merged = Table(_merged_entries(upper, lower, ()), upper.spot)
    problems = [(node.spot, _nothing_off(path, lower)) for path, node in _off(upper) if not at(lower, path)]
    return drop_off(merged), problems


def _over(upper: Node, lower: Node | None, path: Path) -> Node:
    if lower is None or isinstance(upper, Leaf) or isinstance(lower, Leaf) or _replaces(upper, lower, path):
        return upper
    return Table(_merged_entries(upper, _without_options(upper, lower, path), path), upper.spot)


def _merged_entries(upper: Table, lower: Table, path: Path) -> dict[str, Node]:
    entries = dict(lower.entries)
    for key, entry in upper.entries.items():
        entries[key] = _over(entry, lower.entries.get(key), (*path, key))
    return entries


def _replaces(upper: Table, lower: Table, path: Path) -> bool:
    if path in (("model",), ("model", "inner")):
        return _said(upper, "use") not in (None, _said(lower, "use"))
    if path[:-1] == ("channels",):
        return "use" in upper.entries and _said(upper, "use") != (_said(lower, "use") or path[-1])
    if path[:-1] in NAMED:
        return "kind" in upper.entries and _said(upper, "kind") != (_said(lower, "kind") or path[-1])
    return False


def _without_options(upper: Table, lower: Table, path: Path) -> Table:
    if path == ("matching",) and _said(upper, "use") not in (None, _said(lower, "use")):
        return without(lower, "options")
    return lower


def _said(table: Table, key: str) -> Any:
    entry = table.entries.get(key)
    return entry.value if isinstance(entry, Leaf) else None


def at(node: Node, path: Path) -> Node | None:
    """Return what stands at a path, or None."""
    for part in path:
        if not isinstance(node, Table) or part not in node.entries:
            return None
        node = node.entries[str(part)]
    return node


def _off(table: Table) -> Iterator[tuple[Path, Table]]:
    for path in NAMED:
        named = at(table, path)
        if isinstance(named, Table):
            for name, entry in named.entries.items():
                if isinstance(entry, Table) and _said(entry, "off") is True:
                    yield (*path, name), entry


def _nothing_off(path: Path, lower: Table) -> Diagnostic:
    named = at(lower, path[:-1])
    known = named.entries if isinstance(named, Table) else {}
    help_ = suggestion(str(path[-1]), known) or (
        f"the template has {', '.join(sorted(known))}" if known else "without an entry under it, leave it out"
    )
    return error(
        "off-without-entry", f'"{path[-1]}" is turned off, but nothing that the program extends declares it', help=help_
    )


def drop_off(table: Table) -> Table:
    """Return the tree without entries that are turned off, and without the key `off` itself."""
    for path in NAMED:
        table = _rewrite(table, path)
    return table


def _rewrite(table: Table, path: Path) -> Table:
    below = table.entries.get(str(path[0]))
    if not isinstance(below, Table):
        return table
    if len(path) > 1:
        return _with(table, str(path[0]), _rewrite(below, path[1:]))
    kept = {name: _without_off(entry) for name, entry in below.entries.items() if not _is_off(entry)}
    return _with(table, str(path[0]), evolve(below, entries=kept))


def _is_off(entry: Node) -> bool:
    return isinstance(entry, Table) and _said(entry, "off") is True


def _without_off(entry: Node) -> Node:
    return without(entry, "off") if isinstance(entry, Table) and isinstance(_said(entry, "off"), bool) else entry


def _with(table: Table, key: str, node: Node) -> Table:
    return evolve(table, entries={**table.entries, key: node})


def filled_in(upper: Table, lower: Table) -> Table:
    """Return `upper` with what `lower` has beyond it, at the end of each table."""
    entries = dict(upper.entries)
    for key, below in lower.entries.items():
        above = entries.get(key, below)
        entries[key] = filled_in(above, below) if isinstance(above, Table) and isinstance(below, Table) else above
    return evolve(upper, entries=entries)


def canonical(value: Any) -> Any:
    """Return nested values as JSON can write them, equal values equally, with the types of TOML told apart."""
    if isinstance(value, Mapping):
        return {key: canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [canonical(member) for member in value]
    if isinstance(value, date | time):
        return {"\0": value.isoformat()}
    return value
