"""Where each key and array element of a TOML text stands. Values are tomllib's business; this only finds places."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cached_property

import tree_sitter_toml
from attrs import define
from tree_sitter import Language, Node, Parser

TomlPath = tuple[str | int, ...]
Position = tuple[int, int]


@define(frozen=True, slots=False, eq=False)
class Positions:
    """Places in one text, found when the first is asked for.

    Lines and columns are 1-based; columns count characters.
    """

    text: str

    def locate(self, path: TomlPath) -> Position | None:
        """Return where the path, or else its longest known beginning, stands; None where nothing of it does."""
        places = self._found[0]
        for length in range(len(path), 0, -1):
            if path[:length] in places:
                return places[path[:length]]
        return None

    def duplicate(self) -> tuple[TomlPath, Position] | None:
        """Return the first key or table that is written a second time, and where that is."""
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[dict[TomlPath, Position], tuple[TomlPath, Position] | None]:
        return _Walk(self.text).run()


class _Walk:
    """One pass over the syntax tree; `written` holds the paths that may not be written again."""

    def __init__(self, text: str) -> None:
        self.content = text.encode()
        self.lines = self.content.split(b"\n")
        self.places: dict[TomlPath, Position] = {}
        self.written: set[TomlPath] = set()
        self.lengths: dict[TomlPath, int] = {}
        self.twin: tuple[TomlPath, Position] | None = None

    def run(self) -> tuple[dict[TomlPath, Position], tuple[TomlPath, Position] | None]:
        """Return the place of every path, and of the first that is written twice."""
        root = Parser(Language(tree_sitter_toml.language())).parse(self.content).root_node
        for node in root.named_children:
            if node.type == "pair":
                self._pair(node, ())
            elif node.type in ("table", "table_array_element"):
                self._table(node)
        return self.places, self.twin

    def _table(self, node: Node) -> None:
        key, *members = [child for child in node.named_children if child.type != "comment"]
        parts = list(_parts(key))
        path = self._enter((), parts[:-1])
        name, place = parts[-1]
        path = (*path, name)
        if node.type == "table_array_element":
            if path not in self.lengths:
                self._write(path, place)
            index = self.lengths[path] = self.lengths.get(path, -1) + 1
            path = (*path, index)
        self._write(path, place)
        for member in members:
            if member.type == "pair":
                self._pair(member, path)

    def _enter(self, path: TomlPath, parts: list[tuple[str, Node]]) -> TomlPath:
        for name, place in parts:
            path = (*path, name)
            self.places.setdefault(path, self._position(place))
            if path in self.lengths:
                path = (*path, self.lengths[path])
        return path

    def _pair(self, node: Node, path: TomlPath) -> None:
        children = [child for child in node.named_children if child.type != "comment"]
        if len(children) != 2:
            return  # a piece of broken syntax, which tomllib has refused
        parts = list(_parts(children[0]))
        path = (*self._enter(path, parts[:-1]), parts[-1][0])
        self._write(path, parts[-1][1])
        self._value(children[1], path)

    def _value(self, node: Node, path: TomlPath) -> None:
        members = [child for child in node.named_children if child.type != "comment"]
        if node.type == "inline_table":
            for member in members:
                self._pair(member, path)
        elif node.type == "array":
            for index, member in enumerate(members):
                self.places[(*path, index)] = self._position(member)
                self._value(member, (*path, index))

    def _write(self, path: TomlPath, node: Node) -> None:
        if path in self.written and self.twin is None:
            self.twin = (path, self._position(node))
        self.written.add(path)
        self.places.setdefault(path, self._position(node))

    def _position(self, node: Node) -> Position:
        row, offset = node.start_point.row, node.start_point.column
        return row + 1, len(self.lines[row][:offset].decode(errors="replace")) + 1


def _parts(key: Node) -> Iterator[tuple[str, Node]]:
    if key.type == "dotted_key":
        for child in key.named_children:
            yield from _parts(child)
        return
    text = (key.text or b"").decode()
    yield (next(iter(tomllib.loads(f"{text} = 0"))) if key.type == "quoted_key" else text), key
