"""What is left of a declaration without its misfits, and what it costs to find out."""

from __future__ import annotations

from collections.abc import ItemsView
from datetime import date
from typing import Any

from mentorkit.core.declaring.declarations import ProgramFile
from mentorkit.core.declaring.salvaging import salvage, unexplained
from mentorkit.core.declaring.structuring import Misfit, structure
from mentorkit.core.diagnostics import error

HEAD = {"name": "Pilot", "starts": date(2027, 1, 11), "length": "8 weeks"}


class Counted(dict[str, Any]):
    """A table that knows how often it was gone through."""

    walks = 0

    def items(self) -> ItemsView[str, Any]:
        """Return all entries, once more."""
        self.walks += 1
        return super().items()


def test_a_table_is_gone_through_once_however_many_entries_go() -> None:
    raw = Counted(
        program=HEAD, roster={"file": "p.csv"}, model={"use": "x"}, **{f"odd{number}": 1 for number in range(300)}
    )
    misfits = structure(ProgramFile, dict(raw))[1]
    salvaged = salvage(raw, misfits)
    assert salvaged is not None
    assert (300, 1) == (len([one for one in misfits if one.diagnostic.code == "unknown-key"]), raw.walks)


def test_a_table_that_goes_as_a_whole_takes_its_parts_along() -> None:
    raw = {
        "program": HEAD,
        "model": {"use": "x"},
        "sessions": {"count": 3, "odd": 1},
        "odd": {"deep": {"key": 1}},
    }
    paths = [("odd", "deep", "key"), ("sessions", "odd"), ("odd",), ("odd", "deep")]
    salvaged = salvage(raw, [Misfit(path, error("unknown-key", "odd")) for path in paths])
    assert salvaged is not None
    assert "Pilot" == salvaged.program.name


def test_a_misspelled_table_explains_what_is_missing_in_it() -> None:
    misfits = structure(ProgramFile, {"progam": HEAD, "roster": {"file": "p.csv"}, "model": {"use": "x"}})[1]
    assert ["unknown-key"] == [one.diagnostic.code for one in unexplained(misfits)]
