"""TOML and text files of programs and templates, read within bounds, with places for whoever reports a problem.

tomllib is the parser of record. It is quadratic in the parts of a dotted key and recursive in brackets, so both are
bounded before it sees the text. Nothing here knows what a program is.
"""

from __future__ import annotations

import math
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import define, field

from mentorkit.core.diagnostics import Diagnostic, error
from mentorkit.core.errors import ProgramError
from mentorkit.loading.syntax_advice import syntax_advice
from mentorkit.loading.toml_positions import Position, Positions, TomlPath

LARGEST_FILE = 1024 * 1024
"""Bytes. Program files are pages, not databases."""
DEEPEST = 32
"""Brackets inside of brackets, and parts of a dotted key."""
_INTEGERS = range(-(2**63), 2**63)
_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|\"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3,5}|'{3}(?:[^']|'(?!''))*+'{3,5})"""
    r"""|(?P<part>"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'|[\w+-]++)|(?P<dot>\.)|(?P<open>[\[{])|(?P<close>[\]}])"""
    r"""|(?P<space>[ \t]++)|(?P<broken>["'])|(?P<other>.)""",
    re.DOTALL,
)
_MAY_BE_SECRET = re.compile(r"(?i)(passw|token|secret|api.?key)[\w\"'-]*\s*=")
"""Lines in which somebody may have written a secret by mistake: what is wrong is told without repeating them."""
_LONG_NUMBER = re.compile(r"[+-]?[0-9_]{65,}", re.ASCII)
_NOT_SO_MUCH = "no program needs so much: look for a bracket that is not closed, or for what was put in by mistake"
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TABLE = re.compile(r"\s*\[([^\[\]]+)\]")
_DUPLICATE = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Cannot redefine", "Duplicate inline table key")


@define(frozen=True, slots=False, eq=False)
class TextFile:
    """A text file as it was read: without byte-order mark, `shown` as the user would write its path."""

    path: Path
    shown: str
    text: str

    def source_line(self, line: int) -> str:
        """Return one line, 1-based, without its line break; "" beyond the end."""
        return self._lines[line - 1].rstrip("\r") if 0 < line <= len(self._lines) else ""

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def place(self, diagnostic: Diagnostic, position: Position | None) -> Diagnostic:
        """Return the diagnostic, placed in this file."""
        if position is None:
            return diagnostic.at(self.shown)
        line = self.source_line(position[0])
        secret = diagnostic.path.startswith("channels.") or _MAY_BE_SECRET.search(line)
        return diagnostic.at(self.shown, *position, "" if secret else line)


@define(frozen=True, slots=False, eq=False)
class TomlFile(TextFile):
    """A TOML file: its values, and where each stands."""

    values: Mapping[str, Any] = field(factory=dict)
    _positions: Positions = field(init=False)

    @_positions.default
    def _find_later(self) -> Positions:
        return Positions(self.text)

    def locate(self, path: TomlPath) -> Position | None:
        """Return line and column of a path or of its longest known beginning; None where nothing of it stands."""
        return self._positions.locate(path)

    def place_at(self, diagnostic: Diagnostic, path: TomlPath) -> Diagnostic:
        """Return the diagnostic, placed where the path stands."""
        return self.place(diagnostic, self.locate(path))


def read_text(path: Path, shown: str) -> TextFile:
    """Return a text file: at most 1 MiB of UTF-8, with or without byte-order mark.

    Raises:
        ProgramError: it cannot be read, or is something else.
    """
    return TextFile(path, shown, _decoded(_read_bytes(path, shown), shown))


def read_toml(path: Path, shown: str) -> TomlFile:
    """Return a TOML file.

    Raises:
        ProgramError: it cannot be read or is no TOML 1.0 within our bounds; every problem is placed.
    """
    file = read_text(path, shown)
    if problem := _beyond_bounds(file):
        raise ProgramError([problem])
    try:
        values = tomllib.loads(file.text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as reason:
        raise ProgramError([_syntax_error(file, str(reason))]) from None
    read = TomlFile(path, shown, file.text, values)
    problems = [read.place_at(problem, where) for where, problem in _odd_numbers(values, ())]
    if problems:
        raise ProgramError(problems)
    return read


def _read_bytes(path: Path, shown: str) -> bytes:
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise _refused("not-a-file", f'"{shown}" is a folder, not a file', shown, _folder_help(path, shown))
        if not stat.S_ISREG(kind):
            raise _refused("not-a-file", f'"{shown}" is not an ordinary file', shown)
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        told = f'there is no file "{shown}"'
        link = path.is_symlink()
        help_ = f"it is a symbolic link to {path.readlink()}, which does not exist" if link else _nearby(path)
        raise _refused("file-missing", told, shown, help_) from None
    except (OSError, ValueError) as reason:
        told = getattr(reason, "strerror", None) or str(reason)
        raise _refused("file-unreadable", f'"{shown}" cannot be read: {told}', shown) from None
    if len(content) > LARGEST_FILE:
        raise _refused("file-too-large", f'"{shown}" is larger than {LARGEST_FILE // 1024**2} MiB', shown)
    return content


def _refused(code: str, message: str, shown: str, help_: str = "") -> ProgramError:
    return ProgramError([error(code, message, help=help_).at(shown)])


def _folder_help(path: Path, shown: str) -> str:
    inside = next((name for name in ("program.toml", "template.toml") if (path / name).is_file()), "")
    return f"did you mean {Path(shown) / inside}?" if inside else "name the file inside of it"


def _nearby(path: Path) -> str:
    try:
        names = sorted(one.name for one in path.parent.iterdir() if one.suffix == path.suffix)
    except OSError:
        return "its folder does not exist either"
    return f"in that folder are: {', '.join(names[:10])}" if names else ""


def _decoded(content: bytes, shown: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content.count(0) > len(content) // 4:
        raise _misencoded(shown, 1, 1, f'"{shown}" is UTF-16, not UTF-8')
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as reason:
        before = content[: reason.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode(errors="replace")) + 1
        told = f'"{shown}" is not UTF-8: byte 0x{content[reason.start]:02X} on line {line}'
        raise _misencoded(shown, line, column, told) from None
    if "\0" in text:
        line, column = _at(text, text.index("\0"))
        raise _misencoded(shown, line, column, f'"{shown}" holds a NUL character on line {line}; it is no text file')
    return text


def _misencoded(shown: str, line: int, column: int, message: str) -> ProgramError:
    return ProgramError([error("file-encoding", message, help="save it as UTF-8").at(shown, line, column)])


def _at(text: str, offset: int) -> Position:
    begin = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - begin + 1


def _beyond_bounds(file: TextFile) -> Diagnostic | None:
    """Return what would make tomllib slow or fail oddly. Scanning stops where a string never ends: so does tomllib."""
    depth = dots = 0
    for token in _TOKEN.finditer(file.text):
        kind = token.lastgroup
        if kind == "broken":
            return None
        depth += (kind == "open") - (kind == "close")
        dots = dots + 1 if kind == "dot" else dots if kind in ("part", "space") else 0
        told = ""
        if depth > DEEPEST:
            told = f"brackets inside of brackets, more than {DEEPEST} deep"
        elif dots >= DEEPEST:
            told = f"a key of more than {DEEPEST} parts"
        elif kind == "part" and _LONG_NUMBER.fullmatch(token[0]):
            told = f"a number of {len(token[0])} digits"
        if told:
            return file.place(
                error("toml-too-deep", f"this goes beyond our bounds: {told}", help=_NOT_SO_MUCH),
                _at(file.text, token.start()),
            )
    return None


def _syntax_error(file: TextFile, message: str) -> Diagnostic:
    place = _PLACE.search(message)
    told = message[: place.start()] if place else message
    end = _at(file.text, len(file.text.rstrip("\r\n")))
    position = (int(place[1]), int(place[2])) if place and place[1] else end
    if told.startswith(_DUPLICATE) and (twin := Positions(file.text).duplicate()):
        path, position = twin
        first = Positions(file.text).locate(path) or (1, 1)
        words = ".".join(str(part) for part in path)
        return file.place(
            error("toml-duplicate", f'"{words}" is written twice', path=words, help=f"the first is on line {first[0]}"),
            position,
        )
    if told.startswith(_DUPLICATE) and (table := _TABLE.match(file.source_line(position[0]))):
        return file.place(_begun_with_dots(table[1].strip()), position)
    help_ = syntax_advice(told, file.source_line(position[0]))
    return file.place(error("toml-syntax", f"this is not TOML: {told}", help=help_), position)


def _begun_with_dots(name: str) -> Diagnostic:
    told = f"[{name}] is begun a second time: keys with dots above have begun it"
    hint = f"write all of it one way: {name}.KEY = … where those keys are, or KEY = … below [{name}]"
    return error("toml-duplicate", told, path=name, help=hint)


def _odd_numbers(value: Any, path: TomlPath) -> Iterator[tuple[TomlPath, Diagnostic]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _odd_numbers(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _odd_numbers(member, (*path, index))
    elif isinstance(value, float) and not math.isfinite(value):
        yield path, error("toml-number", f"{value} is not a number we can reckon with")
    elif isinstance(value, int) and value not in _INTEGERS:
        yield path, error("toml-number", "this number does not fit into 64 bits")
