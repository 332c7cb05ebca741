"""What the report writes for spreadsheets."""

import csv
import io

import pytest

from mentorkit.testing import program_folder

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize("department", ["=1+1", "@SUM(A1)", "+1", "-1+cmd|' /C calc'!A0"])
def test_no_cell_of_the_report_is_a_formula(mentorkit, folder, department):
    people = (folder / "people.csv").read_text().replace("Engineering", department).replace("Sales", department)
    program = (folder / "pilot.toml").read_text() + "\n[privacy]\nsmall_cells = 1\n"
    program_folder(folder, {"people.csv": people, "pilot.toml": program})
    assert 0 == mentorkit("run", "pilot.toml", "--at", "2027-01-11T10:00").code
    told = mentorkit("report", "pilot.toml", "--at", "2027-01-11T10:00", "--format", "csv")
    cells = [cell for row in csv.reader(io.StringIO(told.out)) for cell in row]
    assert any(department in cell for cell in cells)
    assert [] == [cell for cell in cells if cell.startswith(FORMULAS)]
