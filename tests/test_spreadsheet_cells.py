"""Cells that no spreadsheet takes for a formula, and what they were before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.spreadsheet_cells import FORMULAS, as_written, harmless


@given(st.text(st.sampled_from("'=;+\t a5＝"), max_size=12) | st.text(max_size=12))  # noqa: RUF001 (beside the plain one)
def test_whatever_is_written_reads_back_the_same_as_a_whole_and_in_parts(cell):
    written = harmless(cell)
    assert cell == as_written(written)
    assert cell.split(";") == [as_written(part) for part in written.split(";")]
    assert not any(part.startswith(tuple(FORMULAS)) for part in written.split(";"))


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("17;=1", "17;'=1"), ("'t Hooft", "'t Hooft"), ("'=1", "''=1"), ("a = b", "a = b"), ("", "")],
)
def test_only_what_would_be_a_formula_is_changed(cell, written):
    assert written == harmless(cell)
