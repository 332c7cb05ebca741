from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attrs import frozen
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from mentorkit.core.catalogue import Catalogue, Offer, Origin
from mentorkit.core.conditions import Condition
from mentorkit.core.contracts import Role
from mentorkit.core.program import ColumnRecipe, Program, Requires, RosterSource, RosterUse, Step, When
from mentorkit.core.roster import Roster
from mentorkit.roster_files import RosterReading, read_roster
from mentorkit.testing import a_message, a_program

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
    reading = hostile("comma_in_quotes", columns=recipes(id="zip", name="first", location="address", department="city"))
    assert () == reading.diagnostics
    assert {"name": "John", "location": "120 any st.", "department": "Anytown, WW"} == values(reading.roster)["08123"]


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


# --------------------------------------------------------------------------------------------- columns and recipes


def test_headers_are_ours_in_any_case_and_spacing(people: Write) -> None:
    reading = read(people("ID, Name ,Preferred_Name\n1,Ann,Annie\n"), model=PEERS)
    assert {"1": {"name": "Ann", "preferred_name": "Annie"}} == values(reading.roster)


def test_a_column_that_nothing_names_is_not_read(people: Write) -> None:
    reading = read(people("id,name,salary\n1,Ann,90000\n"), model=PEERS)
    assert {"1": {"name": "Ann"}} == values(reading.roster)
    assert "salary" not in reading.roster.columns


def test_columns_that_the_program_names_are_read_by_their_own_name(people: Write) -> None:
    step = Step("probation", When("column", column="Probation_End"), ("mentee",), a_message())
    reading = read(
        people("id,Shift,mentor_places,shoe,Probation_end\n1,Night,3,44,2027-02-01\n"),
        program=a_program(timeline=(step,), message_columns=("shoe",)),
        eligible={"shift": Condition(any_of=frozenset({"night"}))},
        capacity={"mentor": "mentor_places"},
        roles={"mentor": {}, "mentee": {}},
    )
    assert [] == found(reading)
    expected = {"shift": "Night", "mentor_places": 3, "shoe": "44", "Probation_End": date(2027, 2, 1)}
    assert {"1": expected} == values(reading.roster)
    assert {"mentor": 3, "mentee": 1} == reading.roster.people[0].places


def test_a_missing_header_is_named_with_the_nearest(people: Write) -> None:
    reading = read(people("Employee-ID,Name\n1,Ann\n", columns=recipes(id="Employee ID")))
    assert [(1, "column-missing")] == found(reading)
    assert 'the recipe of id names the column "Employee ID", which is not there' in words(reading)
    assert 'did you mean "Employee-ID"?' in words(reading)


def test_conditions_on_absent_columns_are_errors(people: Write) -> None:
    reading = read(
        people("id,level,grade\n1,2,3\n"),
        roles={"mentor": {"levels": Condition(at_least=3)}},
        eligible={"hired": Condition(within_days=3)},
        capacity={"mentor": "plaecs"},
        program=a_program(requires=Requires(columns=("wants", "skills"))),
    )
    expected = [
        "roster.eligible.hired",
        "roster.roles.mentor.levels",
        "roster.capacity.mentor",
        "requires.columns",
        "requires.columns",
    ]
    assert expected == [each.path for each in reading.diagnostics]
    assert 'roster.roles.mentor needs the column "levels", which no roster file has | did you mean "level"?' in words(
        reading
    )


def test_a_template_may_require_a_number_of_people(people: Write) -> None:
    reading = read(people("id\n1\n"), program=a_program(requires=Requires(people=2)), model=PEERS)
    assert [(None, "requires-people")] == found(reading)


def test_maps_name_what_they_do_not_know_once_with_the_first_line(people: Write) -> None:
    sites = ColumnRecipe(("Site",), map={"Munich HQ": "DE", "Paris": "FR", "n/a": ""})
    content = "id,Site\n1,Munich HQ\n2,paris\n3,Munich\n4,Munich\n5,n/a\n6,\n"
    reading = read(people(content, columns=recipes(country=sites)), model=PEERS)
    assert [(4, "cell-unmapped")] == found(reading)
    assert 'country: "Munich" is not in the map (and in 1 more row)' in words(reading)
    assert "known: Munich HQ, Paris or n/a" in words(reading)
    assert [{"country": "DE"}, {"country": "FR"}, {}, {}, {}, {}] == list(values(reading.roster).values())


def test_an_unknown_grade_is_named_with_the_nearest(people: Write) -> None:
    grade = ColumnRecipe(("Grade",), order=("Junior", "Senior", "Principal"))
    reading = read(people("id,Grade\n1,senior\n2,Principle\n", columns=recipes(level=grade)))
    assert [(3, "cell-not-in-order")] == found(reading)
    assert (
        'level: "Principle" is not in the order | did you mean "Principal"? the order is Junior, Senior, Principal'
        in words(reading)
    )
    assert 2 == reading.roster.people[0].values["level"]


def test_dates_are_iso_or_of_the_declared_format(people: Write) -> None:
    undeclared = read(people("id,hire_date\n1,2020-03-04\n2,03.04.2020\n"), model=PEERS)
    assert [(3, "cell-not-a-date")] == found(undeclared)
    assert 'format = "DD.MM.YYYY"' in words(undeclared)
    hired = ColumnRecipe(("Hired",), format="MM/DD/YY")
    declared = read(people("id,Hired\n1,03/04/20\n2,2020-03-04\n", columns=recipes(hire_date=hired)), model=PEERS)
    assert [date(2020, 3, 4)] * 2 == [person.values["hire_date"] for person in declared.roster.people]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("level", "four", "cell-not-a-number"),
        ("level", "4,5", "cell-not-a-number"),
        ("level", "nan", "cell-not-a-number"),
        ("capacity", "-1", "cell-not-places"),
        ("capacity", "1.5", "cell-not-places"),
        ("left_on", "31/12/2026", "cell-not-a-date"),
        ("hire_date", "2026-02-29", "cell-not-a-date"),
        ("timezone", "Europe/Londn", "cell-not-a-zone"),
        ("email", "Eve <eve@example.org>", "cell-not-mail"),
        ("email", "a@example.org; b@example.org", "cell-not-mail"),
        ("email", "a@example.org\nBcc: b@example.org", "cell-not-mail"),
        ("email", "a b@example.org", "cell-not-mail"),
        ("email", "a..b@example.org", "cell-not-mail"),
        ("email", "a@-example.org", "cell-not-mail"),
        ("email", "a@", "cell-not-mail"),
        ("assistant_email", "nobody", "cell-not-mail"),
    ],
)
def test_a_cell_that_cannot_be_what_it_should_is_an_error(people: Write, column: str, cell: str, code: str) -> None:
    reading = read(people(f'id,{column}\n1,"{cell}"\n'), model=PEERS)
    assert [(2, code)] == found(reading)
    assert f"{column}: " in words(reading)


@pytest.mark.parametrize(
    "address", ["a.b+c@example.org", "jörg@example.org", "x@bücher.example", "o'neil@mail.example"]
)
def test_mail_addresses_of_every_kind_are_kept(people: Write, address: str) -> None:
    reading = read(people(f"id,email\n1,{address}\n"), model=PEERS)
    assert () == reading.diagnostics
    assert address == reading.roster.people[0].values["email"]


def test_groups_are_read_only_with_consent(people: Write) -> None:
    reading = read(people("id,erg,erg_consent\n1,Pride,Yes\n2,Pride,no\n3,Pride,\n4,Pride,X\n"), model=PEERS)
    assert ["1", "4"] == [person.id for person in reading.roster.people if "erg" in person.values]
    without = read(people("id,erg\n1,Pride\n"), model=PEERS)
    assert [(None, "erg-without-consent")] == found(without, "warning")
    assert {"1": {}} == values(without.roster)


# -------------------------------------------------------------------------------------------------- ids and people


@pytest.mark.parametrize("twin", ["1A", " 1a ", "1a\u200b"])
def test_twins_of_an_id_are_named_with_both_lines(people: Write, twin: str) -> None:
    reading = read(people(f"id,name\n1a,Ann\n2,Bob\n{twin},Cem\n"), model=PEERS)
    assert [(4, "id-duplicate")] == found(reading)
    assert "line 2 of people.csv" in words(reading)


def test_ids_that_differ_only_in_composition_are_the_same(people: Write) -> None:
    reading = read(people("id\nJose\u0301\nJos\u00e9\n"), model=PEERS)
    assert [(3, "id-duplicate")] == found(reading)


def test_every_person_needs_an_id(people: Write) -> None:
    reading = read(people("id,name\n1,Ann\n ,Bob\n"), model=PEERS)
    assert [(3, "id-missing")] == found(reading)


def test_leading_zeros_and_long_numbers_stay_ids(people: Write) -> None:
    reading = read(people("id,name\n0000123,Ann\n12345678901234567890,Bob\n"), model=PEERS)
    assert ["0000123", "12345678901234567890"] == [person.id for person in reading.roster.people]


def test_managers_may_be_odd_without_stopping_anything(people: Write) -> None:
    reading = read(people("id,manager_id\n1,2\n2,3\n3,1\n4,4\n5,99\n6,5\n7,1\n"), model=PEERS)
    assert [(2, "manager-loop"), (5, "manager-self"), (6, "manager-unknown")] == found(reading, "warning")
    assert "managers in a circle: 1 → 2 → 3 → 1" in words(reading)
    assert '"99" (manager of 5)' in words(reading)
    assert "99" == reading.roster.by_id["5"].values["manager_id"]


def test_people_who_share_an_address_are_warned_about(people: Write) -> None:
    reading = read(people("id,email\n1,a@example.org\n2,A@example.org\n"), model=PEERS)
    assert [(3, "mail-shared")] == found(reading, "warning")
    assert [] == found(reading)


def test_at_most_fifty_errors_of_a_file_are_listed(people: Write) -> None:
    reading = read(people("id,level\n" + "".join(f"{number},x{number}\n" for number in range(80))), model=PEERS)
    assert 51 == len(found(reading))
    assert "and 30 more errors in people.csv" == reading.diagnostics[-1].message
    assert list(range(2, 52)) == [line for line, _ in found(reading)][:-1]


def test_all_files_are_read_before_anything_is_said(people: Write, tmp_path: Path) -> None:
    reading = read(
        people("id,level\n1,x\n", "a.csv", role="mentor"),
        source(tmp_path / "missing.csv", role="mentee"),
        people(b"id\n\xff\n", "c.csv", role="mentee"),
    )
    expected = [("a.csv", "cell-not-a-number"), ("missing.csv", "file-missing"), ("c.csv", "file-encoding")]
    assert expected == [(each.file, each.code) for each in reading.diagnostics]


def test_a_file_that_breaks_off_in_the_middle_is_named(people: Write) -> None:
    reading = read(people(b"id,level\n1,x\n2,\x00\n"), model=PEERS)
    assert [(2, "cell-not-a-number"), (3, "file-encoding")] == found(reading)


# ---------------------------------------------------------------------------------------------------------- sources


def test_one_person_in_two_lists_has_both_roles(people: Write) -> None:
    reading = read(
        people("id,name,skills\n1,Ann,python\n2,Bob,\n", "mentors.csv", role="mentor"),
        people("id,name,wants\n1,Ann,law\n3,Cem,\n", "mentees.csv", role="mentee"),
    )
    assert () == reading.diagnostics
    assert {"1": ("mentee", "mentor"), "2": ("mentor",), "3": ("mentee",)} == roles(reading)
    ann = {"name": "Ann", "skills": frozenset({"python"}), "wants": frozenset({"law"})}
    assert ann == values(reading.roster)["1"]


def test_lists_that_disagree_about_a_person_are_an_error(people: Write) -> None:
    reading = read(
        people("id,name,level\n1,Ann,3\n", "mentors.csv", role="mentor"),
        people("id,name,level\n0,Zoe,1\n1,Anna,4\n", "mentees.csv", role="mentee"),
    )
    assert [(3, "row-conflict")] == found(reading)
    assert '"1" has level "4" here and "3" in line 2 of mentors.csv (also name)' in words(reading)


def test_plain_lists_may_not_share_ids(people: Write) -> None:
    reading = read(people("id\n1\n2\n", "north.csv"), people("id\n2\n", "south.csv"), model=PEERS)
    assert [(2, "id-duplicate")] == found(reading)
    assert "line 3 of north.csv" in words(reading)


def test_joined_files_lay_columns_over_people(people: Write) -> None:
    staff = people("id,email,department\n1,a@example.org,Sales\n2,b@example.org,Law\n", "staff.csv")
    sheet = "Mail,department,wants\nB@example.org,Legal,python\nz@example.org,,x\n"
    joined = people(sheet, "signup.csv", join="email", role="mentee", columns=recipes(email="Mail"))
    reading = read(staff, joined)
    assert {"1": (), "2": ("mentee",)} == roles(reading)
    bob = {"email": "B@example.org", "department": "Legal", "wants": frozenset({"python"})}
    assert bob == values(reading.roster)["2"]
    assert [(3, "join-nobody")] == found(reading, "warning")
    assert [(None, "role-empty")] == found(reading)
    assert [(2, "join-changes")] == found(reading, "note")


def test_a_join_that_meets_several_people_is_an_error(people: Write) -> None:
    staff = people("id,email\n1,a@example.org\n2,a@example.org\n3,c@example.org\n", "staff.csv")
    sheet = "email,wants\na@example.org,x\nc@example.org,y\nc@example.org,z\n"
    reading = read(staff, people(sheet, "signup.csv", join="email"), model=PEERS)
    assert [(2, "join-several"), (4, "join-twice")] == found(reading)


def test_conditions_of_a_source_choose_its_rows_by_our_or_their_columns(people: Write) -> None:
    content = "id,level,Opt in\n1,3,x\n2,4,no\n3,oops,no\n4,2,yes\n"
    where = {"level": Condition(at_least=3), "Opt in": YES}
    reading = read(people(content, where=where), model=PEERS)
    assert () == reading.diagnostics
    assert ["1"] == [person.id for person in reading.roster.people]
    unknown = read(people(content, where={"opted in": YES}), model=PEERS)
    assert [(1, "column-missing"), (4, "cell-not-a-number")] == found(unknown)


def test_a_recipe_for_all_files_need_not_fit_each(people: Write) -> None:
    shared = recipes(id="Key", skills="Can")
    mentors = people("Key,Can\n1,python\n", "mentors.csv", role="mentor", columns=shared)
    mentees = people("Key,Wants\n2,python\n", "mentees.csv", role="mentee", columns=shared)
    assert () == read(mentors, mentees).diagnostics
    assert [(1, "column-missing")] == found(read(mentees, people("Key\n1\n", "other.csv", columns=shared)))[:1]


# ------------------------------------------------------------------------------------------------------------ roles


def test_conditions_decide_over_everything_else(people: Write) -> None:
    reading = read(
        people("id,level,role,mentor_opt_in\n1,5,mentee,yes\n2,5,mentee,no\n3,1,mentor,x\n"),
        roles={
            "mentor": {"level": Condition(at_least=4), "mentor_opt_in": YES},
            "mentee": {"level": Condition(at_most=3)},
        },
    )
    assert {"1": ("mentor",), "2": (), "3": ("mentee",)} == roles(reading)


def test_the_role_column_may_name_several(people: Write) -> None:
    reading = read(people("id,role\n1,Mentor; mentee\n2,mentee\n3,\n"))
    assert {"1": ("mentee", "mentor"), "2": ("mentee",), "3": ()} == roles(reading)


def test_an_unknown_role_is_named_with_the_nearest(people: Write) -> None:
    reading = read(people("id,role\n1,mentor\n2,mentro\n3,mentro\n"))
    assert [(3, "role-unknown")] == found(reading)
    assert '"mentro" is not a role of one-on-one (and in 1 more row)' in words(reading)
    assert 'did you mean "mentor"?' in words(reading)


def test_levels_divide_people_and_those_without_are_named(people: Write) -> None:
    reading = read(people("id,level\n1,1\n2,2\n3,3\n4,\n5,3.0\n"))
    assert {"1": ("mentee",), "2": ("mentee",), "3": ("mentor",), "4": (), "5": ("mentor",)} == roles(reading)
    assert [(5, "level-missing")] == found(reading, "warning")
    assert "1 person has no level and so no role: 4" in words(reading)


def test_neither_roles_nor_levels_is_an_error_that_says_what_to_add(people: Write) -> None:
    reading = read(people("id,name\n1,Ann\n"))
    assert [(None, "roles-undecided")] == found(reading)
    assert "add a column role with mentee or mentor, a column level with numbers" in words(reading)


def test_a_model_with_one_role_takes_everybody(people: Write) -> None:
    assert {"1": ("peer",), "2": ("peer",)} == roles(read(people("id,level\n1,4\n2,\n"), model=PEERS))


def test_who_is_not_eligible_or_has_left_takes_no_part(people: Write) -> None:
    content = "id,level,left_on,paused_until\n1,1,,\n2,2,2027-01-10,\n3,2,2027-01-11,\n4,9,,\n5,2,,2027-06-01\n"
    reading = read(people(content), eligible={"level": Condition(at_most=5)})
    assert {"1": ("mentee",), "2": (), "3": ("mentor",), "4": (), "5": ("mentor",)} == roles(reading)
    assert ["1", "3", "5"] == [person.id for person in reading.roster.people if person.eligible]
    assert date(2027, 6, 1) == reading.roster.by_id["5"].values["paused_until"]


def test_places_come_from_columns_numbers_or_one(people: Write) -> None:
    content = "id,role,capacity,talks\n1,mentor,3,\n2,mentor,,\n3,mentee,5,2\n4,mentor;mentee,0,4\n"
    default = read(people(content))
    assert [{"mentor": 3}, {"mentor": 1}, {"mentee": 1}, {"mentee": 1, "mentor": 0}] == [
        dict(person.places) for person in default.roster.people
    ]
    declared = read(people(content), capacity={"mentor": 2, "mentee": "talks"})
    assert [{"mentor": 2}, {"mentor": 2}, {"mentee": 2}, {"mentee": 4, "mentor": 2}] == [
        dict(person.places) for person in declared.roster.people
    ]


def test_a_role_with_nobody_is_an_error(people: Write) -> None:
    reading = read(people("id,role\n1,mentee\n"))
    assert [(None, "role-empty")] == found(reading)
    assert "nobody takes part as mentor" in words(reading)


# ---------------------------------------------------------------------------------------------------------- digests


def test_equal_people_have_equal_digests_whatever_file_they_come_from(people: Write) -> None:
    one = read(people("id,role,skills\n1,mentor,a;b\n2,mentee,\n"))
    two = read(people("skills;id;role\n;2;mentee\nB,a;1;mentor\n", columns={"skills": ColumnRecipe(("skills",), ",")}))
    assert one.roster.digest == two.roster.digest
    assert "7b028970" == one.roster.digest[:8]


@pytest.mark.parametrize("changed", ["1,mentee,a", "1,mentor,b", "1,mentor;mentee,a", "3,mentor,a", "1,mentor,"])
def test_any_difference_changes_the_digest(people: Write, changed: str) -> None:
    before = read(people("id,role,skills\n1,mentor,a\n2,mentee,\n")).roster.digest
    assert before != read(people(f"id,role,skills\n{changed}\n2,mentee,\n")).roster.digest


# -------------------------------------------------------------------------------------------------------- workbooks


def test_a_workbook_reads_like_a_file_of_text(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "People"
    rows = [("id", "hire_date", "level", "role", "erg_consent"), (1234.0, date(2020, 1, 31), 4, "mentor", True)]
    for row in [*rows, ("007", None, 2.5, "mentee", False)]:
        sheet.append(row)
    workbook.save(tmp_path / "people.xlsx")
    reading = read(source(tmp_path / "people.xlsx"))
    assert () == reading.diagnostics
    expected = {
        "1234": {"hire_date": date(2020, 1, 31), "level": 4, "role": frozenset({"mentor"}), "erg_consent": "yes"},
        "007": {"level": 2.5, "role": frozenset({"mentee"}), "erg_consent": "no"},
    }
    assert expected == values(reading.roster)
    assert [2, 3] == [person.line for person in reading.roster.people]


def test_dates_of_the_old_epoch_are_right(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.active
    assert sheet is not None
    sheet.append(("id", "hire_date"))
    sheet.append(("1", date(2020, 1, 31)))
    workbook.save(tmp_path / "people.xlsx")
    reading = read(source(tmp_path / "people.xlsx"), model=PEERS)
    assert date(2020, 1, 31) == reading.roster.people[0].values["hire_date"]


def test_managers_are_spelled_as_their_own_rows_spell_them(people: Write) -> None:
    reading = read(people("id,manager_id\nAnn@example.org,\nbob@example.org,ANN@example.org\n"), model=PEERS)
    assert () == reading.diagnostics
    assert "Ann@example.org" == reading.roster.people[1].values["manager_id"]


def test_a_program_without_files_has_nobody() -> None:
    assert [(None, "roster-empty")] == found(read())


@pytest.mark.parametrize("person", ["contact:c", "erased:1", "Contact:c"])
def test_an_id_that_the_ledger_uses_for_others_is_refused(people: Write, person: str) -> None:
    reading = read(people(f"id,name\n1,Ann\n{person},Bob\n"), model=PEERS)
    assert [(3, "id-reserved")] == found(reading)
    assert f'"{person}"' in words(reading)


@pytest.mark.parametrize(
    ("header", "word"), [("Left on", "left_on"), ("Manager-ID", "manager_id"), ("PAUSED UNTIL", "paused_until")]
)
def test_a_header_that_is_nearly_one_of_our_words_is_named(tmp_path: Path, header: str, word: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"id,name,role,{header}\n1,Ada,mentor,\n2,Dev,mentee,\n", encoding="utf-8")
    (found,) = [one for one in read(source(path)).diagnostics if one.severity == "warning"]
    assert ("column-not-read", 1) == (found.code, found.line)
    assert word in found.help
