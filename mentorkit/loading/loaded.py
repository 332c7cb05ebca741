"""A loaded program: what it means, what is wrong with it, and where each of its values was written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from attrs import define, field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.declaring.merging import EMPTY, Spot, Table, leaves, plain, spot_of
from mentorkit.core.declaring.structuring import dotted
from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.program import Program
from mentorkit.loading.layers import Layer
from mentorkit.loading.template_chains import Chain

ENGINE = -1
"""The layer of what nobody said."""


@frozen
class Place:
    """Where a value was written."""

    file: str
    line: int | None
    column: int | None

    def __str__(self) -> str:
        """Return `file:line`, or `default` for what no file says."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


@define(frozen=True, slots=False, eq=False)
class Loaded:
    """A program with all that is known of how it came to be.

    Attributes:
        program: None where an error was found.
        catalogue: what is installed, local plugin files included.
        diagnostics: in reading order, the program's own file first.
        layers: the program's file and those of its templates, the nearest first.
        tree: the merged declaration with the engine's own defaults; every value knows the layer that said it.
        chain: the template it lives by, parameters not replaced.
        partial: where there are errors, what of the program people and messages can be checked with, if anything.
    """

    program: Program | None
    catalogue: Catalogue
    diagnostics: tuple[Diagnostic, ...]
    layers: tuple[Layer, ...] = ()
    tree: Table = EMPTY
    chain: Chain = field(factory=Chain)
    partial: Program | None = None

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The merged declaration as nested values."""
        return plain(self.tree)  # type: ignore[no-any-return]

    @cached_property
    def origins(self) -> Mapping[str, Place]:
        """Where each value was written, by dotted path."""
        return {dotted(path): self.place_of(leaf.spot) for path, leaf in leaves(self.tree)}

    def place_of(self, spot: Spot) -> Place:
        """Return the file, line and column of a spot."""
        if spot.layer == ENGINE:
            return Place("default", None, None)
        file = self.layers[spot.layer].file
        return Place(file.shown, *(file.locate(spot.path) or (None, None)))

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return a diagnostic with the file, line and column of its dotted path, or of the nearest part around it."""
        if diagnostic.file or not diagnostic.path or not self.layers:
            return diagnostic
        path = tuple(diagnostic.path.split("."))
        spots = (spot_of(self.tree, path[:length]) for length in range(len(path), -1, -1))
        spot = next(one for one in spots if one.layer != ENGINE)
        return self.layers[spot.layer].file.place_at(diagnostic, spot.path)


def shown_values(loaded: Loaded) -> tuple[tuple[str, Any, str], ...]:
    """Return every value of the merged declaration: dotted path, value, and `file:line` or `default`."""
    return tuple((dotted(path), leaf.value, str(loaded.place_of(leaf.spot))) for path, leaf in leaves(loaded.tree))
