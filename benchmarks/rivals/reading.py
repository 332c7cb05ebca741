"""Reads an instance that a case wrote, and tells what a peer made of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import Stages, tell


class Instance:
    """Scores and places; all in memory before a peer begins.

    Attributes:
        tenths: published scores in tenths, -1 where a pair is forbidden, shape (rows, columns).
        row_places: of those who want; between peers those of everybody.
        column_places: of those who offer.
    """

    def __init__(self, folder: Path) -> None:
        self.about = json.loads((folder / "instance.json").read_text())
        self.folder = folder
        self.tenths = np.load(folder / "tenths.npy")
        self.row_places = np.load(folder / "row_places.npy")
        self.column_places = np.load(folder / "column_places.npy")

    def slots(self) -> np.ndarray:
        """Return the column of each place of a column."""
        return np.repeat(np.arange(len(self.column_places)), self.column_places)

    def worth(self) -> float:
        """Return what placing one more person is worth: more than all points together."""
        return 1_001.0 * len(self.row_places)


def asked() -> Instance:
    """Return the instance whose folder the command line names."""
    return Instance(Path(sys.argv[1]))


def told(instance: Instance, engine: str, stages: Stages, pairs: Any, *, halved: bool = False, note: str = "") -> None:
    """Print what a peer made: pairs of (row, column), of which the allowed ones count; checked here."""
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    tenths = instance.tenths[found[:, 0], found[:, 1]].astype(np.int64)
    found, tenths = found[tenths >= 0], tenths[tenths >= 0]
    rows = np.bincount(found[:, 0], minlength=len(instance.row_places))
    if halved:
        rows = rows + np.bincount(found[:, 1], minlength=len(rows))
    columns = np.bincount(found[:, 1], minlength=len(instance.column_places))
    if (rows > instance.row_places).any() or (columns > instance.column_places).any():
        raise AssertionError(f"{engine} placed somebody more often than they have places")
    figures = {**stages.figures(), "placed": int((rows > 0).sum()), "total_score": round(float(tenths.sum()) / 10, 1)}
    tell(engine=engine, **instance.about, **figures, **({"note": note} if note else {}))
