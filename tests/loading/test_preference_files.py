from __future__ import annotations

from pathlib import Path

import pytest

from mentorkit.core.contracts import ChoiceColumns, PreferenceTable
from mentorkit.core.errors import ProgramError
from mentorkit.loading.loader import Loaded, load_program
from mentorkit.loading.preference_files import read_preferences
from mentorkit.opening import open_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import program_folder

CATALOGUE = build_catalogue()
PROGRAM = """
program.name = "Pilot"
program.starts = 2027-01-11
model.use = "one-on-one"
roster.file = "people.csv"
matching.use = "stable"
[matching.options]
"""
PEOPLE = "id,role,choice_1\n17,mentor,\n19,mentor,\n42,mentee,17\n43,mentee,190\n44,mentee,190\n"


def loaded(folder: Path, options: str) -> Loaded:
    program_folder(folder, {"pilot.toml": PROGRAM + options, "people.csv": PEOPLE})
    return load_program(folder / "pilot.toml", CATALOGUE)


def told(found: Loaded) -> list[tuple[str, str, int | None]]:
    return [(one.code, Path(one.file).name, one.line) for one in found.diagnostics if one.severity != "note"]


def problems(folder: Path, options: str) -> list[tuple[str, int | None, str]]:
    loaded(folder, options)
    try:
        found = open_program(folder / "pilot.toml").diagnostics
    except ProgramError as refused:
        found = refused.diagnostics
    return [(one.code, one.line, one.help) for one in found if one.severity != "note"]


def test_choices_come_from_a_file_or_the_program_itself(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("Rank;voter;choice\r\n1;42;17\r\n1;42;19\r\n3;17;42\r\n")
    written = (("42", "17", 1), ("42", "19", 1), ("17", "42", 3))
    for options, choices in (
        ('file = "p.csv"', written),
        ('lists = { "42" = ["17", " 19"] }', (("42", "17", 1), ("42", "19", 2))),
        ("lists = {}", ()),
        ('propose = "mentor"', ()),
    ):
        program = loaded(tmp_path, options).program
        assert program is not None
        assert PreferenceTable(choices) == program.matching.matcher.options.lists


def test_columns_of_choices_are_named_by_side(tmp_path: Path) -> None:
    program = loaded(tmp_path, 'columns = { mentee = ["choice_1"] }').program
    assert program is not None
    assert ChoiceColumns(("choice_1",)) == program.matching.matcher.options.columns
    assert ("choice_1",) == program.matching.matcher.options.columns.names


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ('file = "p.csv"\nlists = {}', [("lists-twice", "pilot.toml", 9)]),
        ("file = 3", [("wrong-type", "pilot.toml", 8)]),
        ('file = "none.csv"', [("file-missing", "none.csv", None)]),
        ("lists = 4", [("wrong-type", "pilot.toml", 8)]),
        ('lists = { "1" = ["2"], "2" = ["2"] }', [("wrong-type", "pilot.toml", 8)]),
        ('lists = { "1" = ["2", "2"] }', [("wrong-type", "pilot.toml", 8)]),
        ("length = 0", [("wrong-value", "pilot.toml", 8)]),
        ("columns = { mentee = 3 }", [("wrong-type", "pilot.toml", 8)]),
    ],
)
def test_options_that_do_not_fit_are_told_where_they_stand(
    tmp_path: Path, options: str, codes: list[tuple[str, str, int | None]]
) -> None:
    assert codes == told(loaded(tmp_path, options))
    assert codes[0][0] in {code for code, *_ in problems(tmp_path, options)}


def test_everything_that_is_wrong_in_a_file_is_told(tmp_path: Path) -> None:
    rows = "1,2,1\n,2,1\n3,3,1\n4,2,first\n4,5,0\n1,2,3\n"
    (tmp_path / "p.csv").write_text("voter,choice,rank\n" + rows)
    with pytest.raises(ProgramError) as refused:
        read_preferences(tmp_path / "p.csv", "p.csv")
    assert [("preferences-row", line) for line in range(3, 8)] == [
        (one.code, one.line) for one in refused.value.diagnostics
    ]
    (tmp_path / "p.csv").write_text("voter,item,rank\n")
    with pytest.raises(ProgramError) as refused:
        read_preferences(tmp_path / "p.csv", "p.csv")
    assert {"preferences-header"} == {one.code for one in refused.value.diagnostics}


def test_an_empty_file_is_told_how_choices_are_written(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("")
    with pytest.raises(ProgramError) as refused:
        read_preferences(tmp_path / "p.csv", "p.csv")
    assert [("file-empty", "the header row is voter,choice,rank")] == [
        (one.code, one.help) for one in refused.value.diagnostics
    ]


def test_columns_that_the_roster_lacks_are_errors_and_unknown_people_warnings(tmp_path: Path) -> None:
    absent = problems(tmp_path, 'columns = { mentee = ["choice_1"], mentor = ["choice_2"] }')
    unknown = ("choice-unknown-person", 8, 'did you mean "19"?')
    assert [("column-missing", 8, 'did you mean "choice_1"?'), unknown] == absent
    assert [unknown] == problems(tmp_path, 'columns = { mentee = ["choice_1"] }')
    (tmp_path / "p.csv").write_text("voter,choice,rank\n42,17,1\n42,zz,2\n43,zz,1\n43,190,2\n")
    assert [
        ("choice-unknown-person", 8, "correct the id, or take the choice out"),
        ("choice-unknown-person", 8, 'did you mean "19"?'),
    ] == problems(tmp_path, 'file = "p.csv"')
    assert [("choice-unknown-person", 9, 'did you mean "19"?')] == problems(
        tmp_path, 'propose = "mentor"\nlists = { "42" = ["190"] }'
    )


def test_of_very_many_unknown_people_some_are_named(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("voter,choice,rank\n" + "".join(f"42,x{number},1\n" for number in range(80)))
    found = problems(tmp_path, 'file = "p.csv"')
    assert {"choice-unknown-person": 50, "more-problems": 1} == {
        code: sum(code == one for one, *_ in found) for code, *_ in found
    }
