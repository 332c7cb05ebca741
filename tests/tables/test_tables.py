from __future__ import annotations

import os
import zipfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.tables import Findings, Table, TableError, TableRequest, open_table
from mentorkit.tables.table import in_words

HEADERS = frozenset({"id", "name", "skills"})


def request(path: Path, **options: Any) -> TableRequest:
    return TableRequest(path, path.name, known=HEADERS, **options)


def opened(tmp_path: Path, content: str | bytes, **options: Any) -> tuple[Table, list[tuple[int, list[str]]], Findings]:
    path = tmp_path / "people.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    findings = Findings("people.csv")
    table = open_table(request(path, **options), findings)
    return table, list(table.rows), findings


def refused(tmp_path: Path, content: str | bytes, name: str = "people.csv", **options: Any) -> TableError:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TableError) as caught:
        list(open_table(request(path, **options), Findings(name)).rows)
    return caught.value


# --------------------------------------------------------------------------------------------------------- the file


def test_a_missing_file_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "people.csv").touch()
    with pytest.raises(TableError, match="there is no file peple") as caught:
        open_table(request(tmp_path / "peple.csv"), Findings("peple.csv"))
    assert ("file-missing", 'did you mean "people.csv"?') == (
        caught.value.diagnostic.code,
        caught.value.diagnostic.help,
    )


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="is a folder, not a file"):
        open_table(request(tmp_path), Findings("people"))


def test_a_device_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="is no ordinary file"):
        open_table(request(Path("/dev/zero")), Findings("zero"))


def test_a_path_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read") as caught:
        open_table(request(tmp_path / ("x" * 5000)), Findings("x"))
    assert "file-unreadable" == caught.value.diagnostic.code


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n", ",,\n", "# only a comment\n"])
def test_a_file_without_a_header_row_is_empty(tmp_path: Path, content: str) -> None:
    assert "file-empty" == refused(tmp_path, content).diagnostic.code


# ------------------------------------------------------------------------------------------------------------- text


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_are_told_apart_by_the_header_row(tmp_path: Path, delimiter: str, line_end: str) -> None:
    content = line_end.join([delimiter.join(["id", "name"]), delimiter.join(["1", '"Ann, Bob; Cem\tDot"']), ""])
    table, rows, findings = opened(tmp_path, content)
    assert ("id", "name") == table.headers
    assert [(2, ["1", "Ann, Bob; Cem\tDot"])] == rows
    assert () == findings.listed()


def test_known_headers_tell_the_delimiter_better_than_counting(tmp_path: Path) -> None:
    table, _, _ = opened(tmp_path, "id;Languages, tools, skills (a, b, c)\n")
    assert ("id", "Languages, tools, skills (a, b, c)") == table.headers


def test_a_declared_delimiter_is_kept_to(tmp_path: Path) -> None:
    table, rows, _ = opened(tmp_path, "id|name,first\n1|Ann\n", delimiter="|")
    assert (("id", "name,first"), [(2, ["1", "Ann"])]) == (table.headers, rows)
    assert "delimiter-unknown" == refused(tmp_path, "id\n", delimiter="||").diagnostic.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "latin-1", "UTF-16LE"])
def test_a_declared_encoding_is_used(tmp_path: Path, encoding: str) -> None:
    _, rows, _ = opened(tmp_path, "id,name\n1,Zoë\n".encode(encoding), encoding=encoding)
    assert [(2, ["1", "Zoë"])] == rows


@pytest.mark.parametrize("encoding", ["cp1253x", "rot13", "unicode_escape", "utf-7", "idna", "\0"])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, encoding: str) -> None:
    assert "encoding-unknown" == refused(tmp_path, "id\n1\n", encoding=encoding).diagnostic.code


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("id,name\n1,Zoë\n".encode("utf-16"), 1, "is UTF-16, not UTF-8"),
        ("id,name\n1,Ann\n".encode("utf-16-le"), 1, "holds a NUL character"),
        (b"id,name\n1,a\x00b\n", 2, "holds a NUL character"),
        (b'id,name\r\n1,"a\r\nb"\r\n2,\xe9\r\n', 4, "is not UTF-8 (byte 0xE9)"),
        (b"id\n\xed\xa0\x80\n", 2, "is not UTF-8 (byte 0xED)"),
        (b"\xef\xbb\xbfid\n1\n\xa9\n", 3, "is not UTF-8 (byte 0xA9)"),
    ],
)
def test_text_that_is_not_utf_8_is_named_with_its_first_bad_line(
    tmp_path: Path, content: bytes, line: int, says: str
) -> None:
    problem = refused(tmp_path, content).diagnostic
    assert ("file-encoding", line) == (problem.code, problem.line)
    assert says in problem.message
    assert 'encoding = "' in problem.help


@pytest.mark.parametrize(
    ("content", "encoding", "line"),
    [
        ("id\nZo\u00eb\n".encode(), "ascii", 2),
        ("id\n1\n".encode("utf-16-le"), "utf-16", 1),
        (b"id\n1\n\x81\n", "cp1252", 3),
    ],
)
def test_text_that_is_not_as_declared_is_named(tmp_path: Path, content: bytes, encoding: str, line: int) -> None:
    problem = refused(tmp_path, content, encoding=encoding).diagnostic
    assert ("file-encoding", line) == (problem.code, problem.line)
    assert f"is not {encoding}" in problem.message


def test_a_file_of_more_than_a_gibibyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id\n1\n")
    os.truncate(path, 2**30 + 1)
    with pytest.raises(TableError, match="more than 1,073,741,824"):
        open_table(request(path), Findings("people.csv"))


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ('id,name\n1,Ann\n2,"Bob\n3,Cem\n', 3, "never ends"),
        ('id,name\n1,"Ann" Smith\n2,Bob\n', 2, "text after its closing quote"),
        ('id,name\n1,"' + "x" * 140_000 + '"\n2,Bob\n', 2, "more than 131,072 characters"),
    ],
)
def test_broken_quotes_are_an_error_and_never_merge_rows(tmp_path: Path, content: str, line: int, says: str) -> None:
    _, _, findings = opened(tmp_path, content)
    [problem] = findings.listed()
    assert ("csv-malformed", line) == (problem.code, problem.line)
    assert says in problem.message


def test_a_broken_header_row_is_named(tmp_path: Path) -> None:
    assert "csv-malformed" == refused(tmp_path, '"id,name\n1,Ann\n').diagnostic.code


def test_rows_know_the_line_they_begin_on(tmp_path: Path) -> None:
    content = '# export\n\n"id","na\nme"\n1,"a\r\nb\nc"\n\n2,d\n'
    table, rows, findings = opened(tmp_path, content)
    assert 3 == table.header_line
    assert [(5, ["1", "a\r\nb\nc"]), (9, ["2", "d"])] == rows
    assert [(8, "rows-empty")] == [(each.line, each.code) for each in findings.listed()]


def test_empty_cells_beyond_the_header_do_no_harm(tmp_path: Path) -> None:
    _, rows, findings = opened(tmp_path, "id,name\n1,Ann,,\n2,Bob,,x\n3\n")
    assert [(2, ["1", "Ann", "", ""])] == rows
    assert [3, 4] == [each.line for each in findings.listed()]


def test_a_commented_row_is_skipped_aloud_and_a_header_may_begin_with_a_hash(tmp_path: Path) -> None:
    table, rows, findings = opened(tmp_path, "#,id,name\n1,17,Ann\n# 2,18,Bob\n# left\n")
    assert ("#", "id", "name") == table.headers
    assert [(2, ["1", "17", "Ann"])] == rows
    assert [(3, "warning"), (4, "note")] == [(each.line, each.severity) for each in findings.listed()]


def test_line_numbers_are_listed_as_spans() -> None:
    assert "line 4" == in_words([4])
    assert "lines 4 to 6, 8 and 10 to 11" == in_words([4, 5, 6, 8, 10, 11])
    assert "lines 1, 3 and more" == in_words([1, 3, 5, 7], shown=2)


# -------------------------------------------------------------------------------------------------------- workbooks


def workbook(tmp_path: Path, *sheets: tuple[str, list[tuple[Any, ...]]], hidden: str = "") -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == hidden:
            sheet.sheet_state = "hidden"
    book.save(tmp_path / "people.xlsx")
    return tmp_path / "people.xlsx"


def rewritten(path: Path, old: str, new: str, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """Change the XML of a part, by default of the first sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = parts[part].replace(old.encode(), new.encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


PEOPLE = [("id", "name"), (1, "Ann")]


def test_sheets_are_found_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("Old", [("x",)]), ("Sign-up", PEOPLE))
    table = open_table(request(path, sheet="sign-up"), Findings("people.xlsx"))
    assert (("id", "name"), [(2, ["1", "Ann"])]) == (table.headers, list(table.rows))
    with pytest.raises(TableError, match='has no sheet "Signup"') as caught:
        open_table(request(path, sheet="Signup"), Findings("people.xlsx"))
    assert 'did you mean "Sign-up"?' == caught.value.diagnostic.help


def test_the_first_visible_sheet_is_read_and_others_are_noted(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("Secret", [("x",)]), ("People", PEOPLE), ("Notes", []), hidden="Secret")
    findings = Findings("people.xlsx")
    table = open_table(request(path), findings)
    assert ("id", "name") == table.headers
    assert [("sheet-chosen", 'read the first sheet, "People", and not Notes')] == [
        (each.code, each.message) for each in findings.listed()
    ]


def test_rows_keep_their_numbers_around_empty_ones(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("People", [(), ("id", "name"), (1, "Ann"), (None, " "), ("# a comment",), (2, "Bob")]))
    findings = Findings("people.xlsx")
    table = open_table(request(path), findings)
    assert [(3, ["1", "Ann"]), (6, ["2", "Bob"])] == list(table.rows)
    assert [(4, "rows-empty"), (5, "row-comment")] == [(each.line, each.code) for each in findings.listed()]


def test_typed_cells_become_text_without_losing_anything(tmp_path: Path) -> None:
    moment = datetime.fromisoformat("2027-01-31T09:30")
    cells = (
        1234.0,
        0.25,
        True,
        False,
        moment.date(),
        moment,
        moment.time(),
        timedelta(minutes=90),
        "007",
        10**14,
        None,
    )
    path = workbook(tmp_path, ("People", [tuple(f"h{number}" for number in range(len(cells))), cells]))
    expected = [
        "1234",
        "0.25",
        "yes",
        "no",
        "2027-01-31",
        "2027-01-31 09:30:00",
        "09:30:00",
        "1:30:00",
        "007",
        "1" + "0" * 14,
    ]
    assert [(2, [*expected, ""])] == list(open_table(request(path), Findings("people.xlsx")).rows)


def test_a_book_without_visible_sheets_needs_a_name(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("People", PEOPLE), ("Other", PEOPLE), hidden="Other")
    rewritten(path, 'name="People"', 'state="hidden" name="People"', part="xl/workbook.xml")
    rewritten(path, 'name="People" sheetId="1" state="visible"', 'name="People" sheetId="1"', part="xl/workbook.xml")
    with pytest.raises(TableError, match="has no visible sheet"):
        open_table(request(path), Findings("people.xlsx"))
    assert ("id", "name") == open_table(request(path, sheet="People"), Findings("people.xlsx")).headers


def test_an_empty_sheet_has_no_header_row(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="has no header row"):
        open_table(request(workbook(tmp_path, ("People", []))), Findings("people.xlsx"))


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        '<c r="ALM2"><v>1</v></c>',
        '<c r="A1000001"><v>1</v></c>',
        "<c  r='zz90000'><v>1</v></c>",
        '<x:c s="1" r="AAA99999"><v>1</v></x:c>',
    ],
)
def test_a_sheet_that_claims_to_be_vast_is_refused_before_it_is_opened(tmp_path: Path, cell: str) -> None:
    path = rewritten(workbook(tmp_path, ("People", PEOPLE)), "</row></sheetData>", f"{cell}</row></sheetData>")
    with pytest.raises(TableError, match=r"claims .* rows and .* columns") as caught:
        open_table(request(path), Findings("people.xlsx"))
    assert "workbook-too-large" == caught.value.diagnostic.code


def test_formats_without_values_make_no_sheet_vast(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    path = rewritten(workbook(tmp_path, ("People", PEOPLE)), "</sheetData>", far.replace('<row r="1048576">', "<row>"))
    assert [(2, ["1", "Ann"])] == list(open_table(request(path), Findings("people.xlsx")).rows)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = rewritten(workbook(tmp_path, ("People", PEOPLE)), "</sheetData>", "</sheetData>" + " " * 40_000_000)
    with pytest.raises(TableError, match="would unpack to 38 MB"):
        open_table(request(path), Findings("people.xlsx"))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("people.xlsx", b"id,name\n1,Ann\n", "is named like a workbook but is none"),
        ("people.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old format, or one with a password"),
        ("people.xlsx", b"PK\x03\x04 and no more", "cannot be read as a workbook"),
    ],
)
def test_files_that_are_no_workbooks_are_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    problem = refused(tmp_path, content, name).diagnostic
    assert "workbook-unreadable" == problem.code
    assert says in problem.message


def test_a_zip_file_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "people.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(TableError, match="cannot be read as a workbook"):
        open_table(request(tmp_path / "people.xlsx"), Findings("people.xlsx"))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_whatever_raise_anything_but_a_table_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "people.csv"
    for start in (b"", b"id,name\n", b"PK\x03\x04"):
        path.write_bytes(start + content)
        findings = Findings("people.csv")
        with suppress(TableError):
            assert all(len(row) > 0 for _, row in open_table(request(path), findings).rows)
        assert all(found.message for found in findings.listed())
