from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.conditions import Value
from mentorkit.core.enrolling.columns import Kind
from mentorkit.core.enrolling.recipes import CellError, clean, folded, reader_of
from mentorkit.core.program import ColumnRecipe


def made(**parts: object) -> ColumnRecipe:
    return ColumnRecipe(("Theirs",), **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expected", "kind", "recipe", "text"),
    [
        ("Ann", "text", None, "Ann"),
        (None, "text", None, ""),
        ("4.0", "text", None, "4.0"),
        (4, "number", None, "4.0"),
        (3, "places", None, "3.0"),
        (0, "places", None, "0"),
        (frozenset({"law", "tax law"}), "tags", None, "Law; TAX LAW ;; law"),
        (None, "tags", None, " ; "),
        (frozenset({"a;b", "c"}), "tags", made(split=","), "a;b, C"),
        (frozenset({"one"}), "text", made(split=","), "One"),
        (2, "text", made(order=("Low", "High")), "HIGH"),
        (date(2020, 1, 31), "date", None, "2020-01-31"),
        (date(2020, 1, 31), "date", None, "2020-01-31T00:00:00Z"),
        (date(2014, 6, 30), "date", None, "2014-06-30 00:00:00.000"),
        (date(2020, 3, 4), "text", made(format="DD.MM.YYYY"), "4.3.2020"),
        (date(2020, 3, 4), "date", made(format="MM/DD/YYYY"), "03/04/2020"),
        (date(1969, 3, 4), "date", made(format="DDMMYY"), "040369"),
        (date(2068, 3, 4), "date", made(format="YY-MM-DD"), "68-3-4"),
        (date(2020, 3, 4), "date", made(format="DD.MM.YYYY"), "2020-03-04"),
        ("Europe/London", "zone", None, "Europe/London"),
        ("ada@example.org", "mail", None, "ada@example.org"),
        ("DE", "text", made(map={"Munich HQ": "DE"}), "munich hq"),
        (None, "number", made(map={"n/a": "", "none": ""}), "N/A"),
        (5, "number", made(map={"": "5"}), ""),
        (1, "text", made(map={"junior": "Low"}, order=("Low", "High")), "Junior"),
    ],
)
def test_a_cell_becomes_a_value(expected: Value | None, kind: Kind, recipe: ColumnRecipe | None, text: str) -> None:
    value = reader_of(kind, recipe)(text)
    assert expected == value
    assert type(expected) is type(value)


@pytest.mark.parametrize(
    ("code", "kind", "recipe", "text"),
    [
        ("cell-not-a-number", "number", None, "four"),
        ("cell-not-places", "places", None, "10001"),
        ("cell-not-places", "places", None, "many"),
        ("cell-not-a-date", "date", None, "04.03.2020"),
        ("cell-not-a-date", "date", None, "2020-02-30"),
        ("cell-not-a-date", "date", None, "2020-02-03 noon"),
        ("cell-not-a-date", "date", made(format="DD.MM.YYYY"), "31.02.2020"),
        ("cell-not-a-date", "date", made(format="DD.MM.YYYY"), "03/04/2020"),
        ("cell-not-a-date", "date", made(format="DDMMYYYY"), "432020"),
        ("cell-not-in-order", "number", made(order=("Low",)), "Middle"),
        ("cell-unmapped", "text", made(map={"a": "b"}), "c"),
        ("cell-not-a-zone", "zone", None, "Mars/Olympus"),
        ("cell-not-mail", "mail", None, "ada"),
    ],
)
def test_a_cell_that_is_no_value_says_why(code: str, kind: Kind, recipe: ColumnRecipe | None, text: str) -> None:
    with pytest.raises(CellError) as caught:
        reader_of(kind, recipe)(text)
    assert code == caught.value.code
    assert f'"{text}"' in caught.value.message
    assert caught.value.help


@given(st.dates(), st.sampled_from(["DD.MM.YYYY", "MM/DD/YYYY", "YYYY-MM-DD", "DDMMYYYY", "YYYY. MM. DD."]))
def test_every_day_is_read_as_it_is_written(day: date, form: str) -> None:
    recipe = made(format=form)
    words = {"DD": f"{day.day:02}", "MM": f"{day.month:02}", "YYYY": f"{day.year:04}"}
    for word, digits in words.items():
        form = form.replace(word, digits)
    assert day == reader_of("date", recipe)(form)


@given(st.text())
def test_cleaning_and_folding_are_done_once(text: str) -> None:
    assert clean(text) == clean(clean(text))
    assert folded(text) == folded(f" {text}\u200b")
