from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from mentorkit.core.catalogue import Catalogue, Offer, Origin
from mentorkit.core.conditions import Condition
from mentorkit.core.contracts import Role
from mentorkit.core.program import ColumnRecipe, Program, RosterSource, RosterUse
from mentorkit.core.roster import Roster
from mentorkit.roster_files import RosterReading, read_roster
from mentorkit.testing import a_program

DATA = Path(__file__).parent / "data"
TODAY = date(2027, 1, 11)
YES = Condition(any_of=frozenset({"yes"}))


@frozen
class AModel:
    """As much of a model as reading a roster asks for."""

    name: str = "one-on-one"
    roles: tuple[Role, ...] = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
    reads: tuple[str, ...] = ()

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        top = len(levels) - len(levels) // 2
        return {"mentor": frozenset(levels[top:]), "mentee": frozenset(levels[:top])}

    def columns(self, options: Any) -> tuple[str, ...]:
        return self.reads


PEERS = AModel(roles=(Role("peer", "peer", served=True),))


def read(
    *sources: RosterSource, program: Program | None = None, model: AModel | None = None, **roster: Any
) -> RosterReading:
    program = program or a_program()
    offer = Offer(model or AModel(), Origin("tests", "1", "models"))
    program = a_program(
        roster=RosterUse(sources, **roster),
        requires=program.requires,
        timeline=program.timeline,
        message_columns=program.message_columns,
    )
    return read_roster(program, Catalogue(models={"one-on-one": offer}), today=TODAY)  # type: ignore[dict-item]


def source(path: Path, **options: Any) -> RosterSource:
    return RosterSource(str(path), path.name, **options)


def recipes(**made: str | ColumnRecipe) -> dict[str, ColumnRecipe]:
    return {column: ColumnRecipe((how,)) if isinstance(how, str) else how for column, how in made.items()}


Write = Callable[..., RosterSource]


@pytest.fixture
def people(tmp_path: Path) -> Write:
    """Write a file and return the source that reads it."""

    def write(content: str | bytes, name: str = "people.csv", **options: Any) -> RosterSource:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return source(path, **options)

    return write


def found(reading: RosterReading, severity: str = "error") -> list[tuple[int | None, str]]:
    return [(each.line, each.code) for each in reading.diagnostics if each.severity == severity]


def words(reading: RosterReading) -> str:
    return "\n".join(f"{each.message} | {each.help}" for each in reading.diagnostics)


def values(roster: Roster) -> dict[str, dict[str, Any]]:
    return {person.id: dict(person.values) for person in roster.people}


def roles(reading: RosterReading) -> dict[str, tuple[str, ...]]:
    return {person.id: person.roles for person in reading.roster.people}


# ------------------------------------------------------------------------------------------- rosters as they are


@pytest.mark.parametrize(
    ("name", "people", "mentors"),
    [
        ("oracle_hr", 107, 17),
        ("adventureworks", 290, 7),
        ("northwind", 9, 1),
        ("chinook", 8, 1),
        ("employees_1k", 1000, 684),
        ("ibm_hr_1470", 1470, 175),
        ("uk_energy_department_2013", 1483, 111),
        ("uk_english_heritage_2013", 2165, 573),
        ("uk_health_excellence_2013", 626, 18),
        ("mentor_directory", 149, 5),
    ],
)
def test_a_real_roster_loads_without_a_word(name: str, people: int, mentors: int) -> None:
    reading = read(source(DATA / "rosters" / f"{name}.csv"))
    assert () == reading.diagnostics
    assert people == len(reading.roster.people)
    assert mentors == len(reading.roster.in_role("mentor"))
    assert people - mentors == len(reading.roster.in_role("mentee"))


def test_cells_have_the_kinds_of_our_words() -> None:
    reading = read(source(DATA / "rosters" / "mentor_directory.csv"))
    expected = {
        "name": "Mentor FA002",
        "email": "fa002@example.org",
        "title": "Full Stack Web Developer",
        "level": 2,
        "location": "NG",
        "timezone": "Africa/Lagos",
        "skills": frozenset({"php", "frontend", "javascript", "html", "css"}),
        "languages": frozenset({"en"}),
    }
    assert expected == values(reading.roster)["FA002"]
    hired = read(source(DATA / "rosters" / "northwind.csv")).roster.people[0]
    assert date(1992, 5, 1) == hired.values["hire_date"]
    assert 2 == hired.line


GRADES = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")


def sign_up_sheets() -> list[RosterSource]:
    """Both sheets of a civil service; whoever says to be both stands in both lists."""
    folder = DATA / "rosters" / "signups_civil_service"
    made = recipes(
        id="email address",
        email="email address",
        name=ColumnRecipe(("first name", "last name")),
        level=ColumnRecipe(("grade",), order=GRADES),
        title="job title",
        department="organisation",
        skills="profession",
        erg="identity to match",
        erg_consent="match with similar identity",
    )
    both = {"both mentor and mentee": YES}
    return [
        source(folder / "mentors.csv", role="mentor", columns=made),
        source(folder / "mentees.csv", role="mentee", columns=made),
        source(folder / "mentors.csv", role="mentee", columns=made, where=both),
        source(folder / "mentees.csv", role="mentor", columns=made, where=both),
    ]


def test_sign_up_sheets_of_two_roles_load() -> None:
    reading = read(*sign_up_sheets())
    assert () == reading.diagnostics
    assert 100 == len(reading.roster.people)
    by_id = {person.id: person for person in reading.roster.people}
    assert ("mentee", "mentor") == by_id["mentor.00@example.org"].roles
    assert ("mentor",) == by_id["mentor.02@example.org"].roles
    mentee = by_id["mentee.00@example.org"]
    assert ("mentee", "mentor") == mentee.roles
    assert "mentee 00" == mentee.values["name"]
    assert 4 == mentee.values["level"]
    assert frozenset({"bisexual or pansexual"}) == mentee.values["erg"]
    assert "erg" not in by_id["mentor.00@example.org"].values


def test_the_same_sheets_may_say_both_roles_in_a_column() -> None:
    folder = DATA / "rosters" / "signups_civil_service"
    sheets = []
    for role in ("mentor", "mentee"):
        both = ColumnRecipe(("both mentor and mentee",), map={"yes": "mentor; mentee", "no": role})
        made = recipes(id="email address", role=both)
        sheets.append(source(folder / f"{role}s.csv", columns=made))
    assert roles(read(*sign_up_sheets())) == roles(read(*sheets))


# ---------------------------------------------------------------------------------------------------- hostile files


def hostile(name: str, **options: Any) -> RosterReading:
    return read(source(DATA / "hostile" / f"csv_{name}.csv", **options), model=PEERS)


def test_a_file_without_headers_is_named_for_its_missing_column() -> None:
    reading = hostile("adventureworks_tab_noheader")
    assert [(1, "column-missing")] == found(reading)
    assert 'there is no column "id"' in words(reading)
    assert "headers found: 1, 295847284, adventure-works\\ken0" in words(reading)


def test_rows_of_bare_delimiters_are_not_people() -> None:
    reading = hostile("blank_rows_multiple")
    assert ["1101", "1102"] == [person.id for person in reading.roster.people]
    assert [(4, "rows-empty")] == found(reading, "note")
    assert "11 empty rows skipped: lines 4 to 14" in words(reading)


@pytest.mark.parametrize("name", ["bom", "delimiter_semicolon"])
def test_byte_order_marks_and_semicolons_are_no_trouble(name: str) -> None:
    reading = hostile(name)
    assert () == reading.diagnostics
    assert {"1": {"name": "english"}, "2": {"name": "中国人"}} == values(reading.roster)


def test_a_quoted_cell_may_hold_the_delimiter() -> None:
    reading = hostile("comma_in_quotes", columns=recipes(id="zip", name="first", location="address", country="city"))
    assert () == reading.diagnostics
    assert {"name": "John", "location": "120 any st.", "country": "Anytown, WW"} == values(reading.roster)["08123"]


def test_rows_with_too_few_or_too_many_cells_are_both_named() -> None:
    reading = hostile("defective_rows")
    assert [(2, "row-ragged"), (3, "row-ragged")] == found(reading)
    assert "the row has 2 cells where the header has 3" in words(reading)
    assert "the row has 4 cells where the header has 3" in words(reading)


def test_a_repeated_id_header_is_refused() -> None:
    reading = hostile("duplicate_headers")
    assert [(1, "header-duplicate")] == found(reading)
    assert 'the header "id" occurs 3 times (columns 1, 3, 5)' in words(reading)


def test_a_repeated_row_is_named_with_both_lines() -> None:
    reading = hostile("duplicate_rows")
    assert [(4, "id-duplicate")] == found(reading)
    assert 'the id "1101" is taken already, in line 2 of csv_duplicate_rows.csv' in words(reading)


def test_an_encoding_is_asked_for_and_never_guessed() -> None:
    reading = hostile("latin1")
    assert [(3, "file-encoding")] == found(reading)
    assert "line 3 of csv_latin1.csv is not UTF-8 (byte 0xA9)" in words(reading)
    assert 'encoding = "cp1252"' in words(reading)
    declared = hostile("latin1", encoding="latin-1")
    assert () == declared.diagnostics
    assert "©" == declared.roster.people[1].name


def test_lines_are_counted_through_line_breaks_in_cells() -> None:
    reading = hostile("newlines", columns=recipes(id="a", name="b"))
    assert () == reading.diagnostics
    assert [("1", 2), ("Once upon \na time", 3), ("7", 5)] == [(p.id, p.line) for p in reading.roster.people]


def test_a_raw_export_loads_through_recipes() -> None:
    grades = ColumnRecipe(("Grade",), order=("SCS1", "SCS2"))
    made = recipes(
        id="Post Unique Reference", title="Job Title", level=grades, manager_id="Reports to Senior Post", fte="FTE"
    )
    reading = hostile("organogram_raw_acas", columns=made)
    assert [] == found(reading)
    assert 6 == len(reading.roster.people)
    expected = {"title": "Chief Executive", "name": "withheld", "level": 2, "manager_id": "xx", "fte": "1.0"}
    assert expected == {**values(reading.roster)["1"], "manager_id": "xx"}


def test_comment_lines_are_not_people() -> None:
    reading = hostile("skip_rows_comments")
    assert ["1", "2"] == [person.id for person in reading.roster.people]
    assert [(4, "row-comment")] == found(reading, "note")


def test_an_empty_row_and_a_ragged_row_are_both_reported() -> None:
    reading = hostile("structure_errors")
    assert [(5, "row-ragged")] == found(reading)
    assert [(4, "rows-empty")] == found(reading, "note")
    assert ["1101", "1102"] == [person.id for person in reading.roster.people]


def test_text_that_is_not_ascii_is_kept() -> None:
    reading = hostile("utf8", columns=recipes(id="a", name="c"))
    assert () == reading.diagnostics
    assert "ʤ" == reading.roster.people[1].name


def test_a_header_alone_is_nobody() -> None:
    reading = hostile("without_rows")
    assert [(None, "roster-empty")] == found(reading)
    assert "there is nobody in csv_without_rows.csv" in words(reading)
