"""What headers and cells are taken for; the expected value comes first."""

from __future__ import annotations

import pytest

from mentorkit.core.proposing import Answers, Proposal, Sheet, propose


def proposed(text: str, answers: Answers | None = None) -> Proposal:
    """Propose for a table whose cells stand between bars, the headers in the first line."""
    headers, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return propose(Sheet(tuple(headers), rows), answers)


GERMAN = """
Personalnummer | Vorname | Nachname | E-Mail       | Eintrittsdatum | Vorgesetzter | Abteilung | Kenntnisse   | Land
1001           | Ada     | Berg     | a@example.org| 01.02.2020     |              | Bau       | Excel, Recht | DE
1002           | Jan     | Adler    | b@example.org| 17.03.2021     | 1001         | Bau       | Python       | DE
1003           | Uwe     | Storch   | c@example.org| 28.10.2022     | 1001         | Recht     | Recht, Excel | AT
"""


def test_german_headers_are_read_without_a_question() -> None:
    found = proposed(GERMAN)

    assert {
        "id": "Personalnummer",
        "name": {"columns": ["Vorname", "Nachname"]},
        "email": "E-Mail",
        "hire_date": {"column": "Eintrittsdatum", "format": "DD.MM.YYYY"},
        "manager_id": "Vorgesetzter",
        "department": "Abteilung",
        "skills": {"column": "Kenntnisse", "split": ","},
        "country": "Land",
    } == found.recipes()
    assert ((), ()) == (found.open, found.unsure)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Matricule", "id"),
        ("Correo electrónico", "email"),
        ("Intitulé du poste", "title"),
        ("EmployeeID", "id"),
        ("Fecha de ingreso", "hire_date"),
        ("Afdeling", "department"),
        ("Sprachkenntnisse", "languages"),
        ("Fuso orario", "timezone"),
    ],
)
def test_headers_of_several_languages_mean_our_columns(header: str, column: str) -> None:
    cells = {"email": "a@example.org", "hire_date": "2020-01-01", "timezone": "Europe/Rome"}

    assert header == proposed(f"{header} | Other\n{cells.get(column, 'x1')} | y").guesses[column].headers[0]


def test_our_own_words_need_no_mapping() -> None:
    assert {} == proposed("id | name | level | skills\n1 | Ada | 3 | law;tax\n2 | Bo | 1 | tax").recipes()


def test_managers_are_found_by_cells_that_are_ids_of_others() -> None:
    found = proposed("Nr | Chef ist\n1 |\n2 | 1\n3 | 1\n4 | 2", Answers({"id": "Nr"}))

    guess = found.guesses["manager_id"]
    assert (("Chef ist",), False) == (guess.headers, guess.sure)


def test_managers_by_name_are_a_question_for_hr() -> None:
    found = proposed("id | Line manager\n1 |\n2 | Ada Berg\n3 | Ada Berg")

    assert "manager_id" not in found.guesses
    (asked,) = found.open
    assert '"Line manager" names 1 manager, 0 of them by an id that is in the file' == asked.says
    assert "by id" in asked.ask


def test_addresses_serve_as_ids_where_there_are_none() -> None:
    found = proposed("Full name | Work email\nAda | a@example.org\nBo | b@example.org")

    assert ("Work email", "Work email") == (found.recipes()["id"], found.recipes()["email"])


def test_a_first_row_that_is_a_person_is_no_header() -> None:
    found = proposed("17 | Ada | 2020-01-02\n18 | Bo | 2021-03-04")

    assert {} == found.guesses
    assert ["the first row looks like a person, not like headers"] == [one.says for one in found.open]


def test_ids_that_repeat_are_none() -> None:
    found = proposed("Employee ID | Grade\n7 | 1\n7 | 2\n8 | 1")

    assert "id" not in found.guesses
    assert ['"Employee ID" does not tell the rows apart: 2 distinct cells in 3 rows'] == [
        one.says for one in found.open
    ][:1]


@pytest.mark.parametrize(
    ("cells", "order", "sure"),
    [
        (("SEO", "AO", "G6", "AO"), ("AO", "SEO", "G6"), True),
        (("Senior", "Junior", "Lead"), ("Junior", "Senior", "Lead"), True),
        (("P10", "P2", "P1"), ("P1", "P2", "P10"), False),
    ],
)
def test_grades_are_put_in_order(cells: tuple[str, ...], order: tuple[str, ...], sure: bool) -> None:
    rows = "\n".join(f"{at} | {cell}" for at, cell in enumerate(cells))

    guess = proposed(f"id | Grade\n{rows}").guesses["level"]

    assert (order, sure) == (guess.order, guess.sure)


def test_grades_in_no_known_order_are_asked_about_and_answered() -> None:
    text = "id | Band\n1 | Red\n2 | Blue"

    assert ["level"] == [one.column for one in proposed(text).open]
    assert ("Blue", "Red") == proposed(text, Answers(level_order=("Blue", "Red"))).guesses["level"].order


def test_dates_that_may_be_read_in_two_ways_are_asked_about_and_answered() -> None:
    text = "id | Hired\n1 | 03/04/2020\n2 | 05/06/2021"

    (asked,) = proposed(text).open
    assert "DD/MM/YYYY or MM/DD/YYYY" in asked.says
    assert "MM/DD/YYYY" == proposed(text, Answers(date_format="MM/DD/YYYY")).guesses["hire_date"].format
    assert "DD/MM/YYYY" == proposed(f"{text}\n3 | 31/01/2022").guesses["hire_date"].format


@pytest.mark.parametrize(
    ("header", "cells", "says"),
    [
        ("Hired", ("2020-04-03", "soon"), '"Hired" holds cells that are no dates, such as "soon"'),
        ("Time zone", ("Europe/Paris", "Mars"), '"Time zone" holds cells that name no time zone, such as "Mars"'),
        ("E-Mail", ("Ada", "Jan"), '"E-Mail" holds no mail addresses, but "Ada"'),
        ("Capacity", ("2", "many"), '"Capacity" holds cells that are no numbers, such as "many"'),
    ],
)
def test_cells_that_are_not_what_their_header_says_are_named(header: str, cells: tuple[str, ...], says: str) -> None:
    rows = "\n".join(f"{at} | {cell}" for at, cell in enumerate(cells))

    assert [says] == [one.says for one in proposed(f"id | {header}\n{rows}").open]


def test_sign_up_sheets_say_roles_in_their_own_words() -> None:
    guess = proposed("id | Signed up as\n1 | Mentor\n2 | Both\n3 | Mentee").guesses["role"]

    assert {"Both": "mentor;mentee"} == guess.map


def test_job_titles_are_no_roles() -> None:
    found = proposed("id | Rolle\n1 | Engineer\n2 | Clerk")

    assert "role" not in found.guesses
    assert ["role"] == [one.column for one in found.open]


def test_an_answer_stands_over_every_guess() -> None:
    found = proposed("id | Team | Unit\n1 | a | b", Answers({"department": "Unit", "title": ""}))

    assert ("Unit",) == found.guesses["department"].headers
    assert "title" not in found.guesses
