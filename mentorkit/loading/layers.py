"""Layers of declaration: the program's file over its templates' files, and the files beside each.

A file at the same relative path beside the program takes the place of a template's. A template reads its own folder
only; an installed one may be made of links, as package managers make them, any other may not lead out by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from attrs import define, frozen

from mentorkit.core.declaring.merging import Path as TomlPath
from mentorkit.core.declaring.merging import Spot, Table, spot_of
from mentorkit.core.diagnostics import Diagnostic, error
from mentorkit.core.errors import ProgramError
from mentorkit.core.resolving import FoundText, PlaceIn
from mentorkit.core.resolving.files import Pairs, Preferences, Waiting
from mentorkit.core.resolving.texts import is_inside
from mentorkit.loading.pair_files import read_pairs
from mentorkit.loading.preference_files import read_preferences
from mentorkit.loading.program_files import TomlFile, read_text, read_toml
from mentorkit.loading.waiting_files import read_waiting

_LONGEST_NAME = 255
_LONGEST_PATH = 2048
"""Bytes; what every file system we run on can do, with room for the folder."""


@frozen(eq=False)
class Layer:
    """One file of a program's declaration, with the folder around it.

    Attributes:
        number: 0 is the program, its templates follow, the nearest first.
        name: of the template, or "" for the program.
        shown: the folder as a user would write it.
        installed: whether a distribution brought it.
    """

    number: int
    file: TomlFile
    folder: Path
    shown: str
    name: str = ""
    installed: bool = False

    def find(self, name: str) -> Path | None:
        """Return the file or folder of this relative name, or None.

        Raises:
            ProgramError: it leads out of a template's folder.
        """
        path = self.folder / name
        if not is_there(path):
            return None
        if self.number > 0 and not self.installed and not stays_inside(path, self.folder):
            raise ProgramError([outside(self.shown_path(name))])
        return path

    def shown_path(self, name: str) -> str:
        """Return a relative name as a user would write it from where they are."""
        return str(Path(self.shown) / name)


def is_there(path: Path) -> bool:
    """Return whether there is a file, folder or link of this name; a name that cannot be one is not there."""
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True


def stays_inside(path: Path, folder: Path) -> bool:
    """Return whether a path lies in a folder when all links are followed."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links in a circle
        return False


def outside(shown: str) -> Diagnostic:
    """Return the error about a path that leads out of a template's folder."""
    told = f'"{shown}" leads out of the template\'s folder'
    return error("outside-folder", told, help="a template reads its own folder only").at(shown)


@define(frozen=True, slots=False, eq=False)
class LayeredFiles:
    """The files around a program, for resolving: see `mentorkit.core.resolving.ProgramFiles`.

    Attributes:
        layers: the program's first.
        tree: the merged declaration.
        extends: whether the program extends its template, rather than being filled in by the model's default one.
    """

    layers: Sequence[Layer]
    tree: Table
    extends: bool

    def said_by_program(self, path: TomlPath) -> bool:
        """Return whether the program's own file says what stands at a path."""
        return spot_of(self.tree, path).layer == 0

    def said_by_default(self, path: TomlPath) -> bool:
        """Return whether it comes from the model's default template, which the program does not extend."""
        return not self.extends and not self.said_by_program(path)

    def names(self, folder: str) -> tuple[str, ...]:
        """Return the names of the files in a folder of any layer, sorted."""
        found: set[str] = set()
        for layer in self.layers:
            with suppress(OSError, ValueError):  # no such folder, or none that may be read
                inside = (layer.folder / folder).iterdir()
                found.update(one.name for one in inside if not one.is_dir() and not one.name.startswith("."))
        return tuple(sorted(found))

    def beside(self, name: str, original: str) -> bool:
        """Return whether a file stands where another does or nearer to the program, and not behind it."""
        return self._nearest(name)[1].number <= self._nearest(original)[1].number

    def text(self, name: str) -> FoundText:
        """Return a text file of the nearest layer that has it."""
        path, layer = self._nearest(name)
        file = read_text(path, layer.shown_path(name))
        return FoundText(file.shown, file.text)

    def toml(self, name: str) -> tuple[Mapping[str, Any], PlaceIn]:
        """Return a TOML file of the nearest layer that has it."""
        path, layer = self._nearest(name)
        file = read_toml(path, layer.shown_path(name))
        return file.values, file.place_at

    def roster_file(self, path: TomlPath, file: str) -> str:
        """Return the absolute path of a roster file named at a path."""
        return str(self._named(path, file)[0].absolute())

    def pairs(self, path: TomlPath, file: str) -> Pairs:
        """Return the pairs of a file named at a path."""
        found, shown = self._table(path, file, 'pairs, such as "keep-apart.csv"')
        return read_pairs(found, shown)

    def preferences(self, path: TomlPath, file: str) -> Preferences:
        """Return the preferences of a file named at a path."""
        found, shown = self._table(path, file, 'preferences, such as "preferences.csv"')
        return read_preferences(found, shown)

    def waiting(self, path: TomlPath, file: str) -> Waiting:
        """Return who waits by a file named at a path."""
        found, layer = self._named(path, file)
        return read_waiting(found.absolute(), layer.shown_path(file))

    def _table(self, path: TomlPath, file: str, what: str) -> tuple[Path, str]:
        """Return where a file named at a path is, and how its path is shown."""
        if not isinstance(file, str) or not file:
            raise ProgramError([self._placed(error("wrong-type", f'"file" must name a file of {what}'), path)])
        found, layer = self._named(path, file)
        return found.absolute(), layer.shown_path(file)

    def _nearest(self, name: str) -> tuple[Path, Layer]:
        for layer in self.layers:
            if path := layer.find(name):
                return path, layer
        return self.layers[0].folder / name, self.layers[0]

    def _named(self, path: TomlPath, file: str) -> tuple[Path, Layer]:
        """Return a file that a layer names, or the one that takes its place; a program may name any file."""
        writer = self.layers[spot_of(self.tree, path).layer]
        if writer.number > 0 and not is_inside(file):
            raise ProgramError([self._placed(outside(file), path)])
        if len(file.encode()) > _LONGEST_PATH or any(len(part.encode()) > _LONGEST_NAME for part in file.split("/")):
            told = f'"{file[:60]}…" is too long for the name of a file'
            raise ProgramError([self._placed(error("file-unreadable", told), path)])
        for layer in self.layers[: writer.number + 1]:
            if found := layer.find(file):
                return found, layer
        return writer.folder / file, writer

    def _placed(self, diagnostic: Diagnostic, path: TomlPath) -> Diagnostic:
        return place(diagnostic, spot_of(self.tree, path), self.layers)


def place(diagnostic: Diagnostic, spot: Spot, layers: Sequence[Layer]) -> Diagnostic:
    """Return a diagnostic, placed in the file of the layer that said it."""
    return layers[spot.layer].file.place_at(diagnostic, spot.path)
