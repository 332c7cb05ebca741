from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.conditions import Condition, Value, holds, is_yes, number_in

TODAY = date(2027, 1, 11)


def any_of(*texts: str) -> Condition:
    return Condition(any_of=frozenset(texts))


def none_of(*texts: str) -> Condition:
    return Condition(none_of=frozenset(texts))


@pytest.mark.parametrize(
    ("expected", "condition", "value"),
    [
        (True, any_of("sales"), "Sales"),
        (True, any_of("sales", "law"), "LAW"),
        (False, any_of("sales"), "Sales and more"),
        (False, any_of("sales"), None),
        (True, any_of("4"), 4),
        (True, any_of("4"), 4.0),
        (True, any_of("4"), "4.0"),
        (True, any_of("4.0"), 4),
        (True, any_of("007"), "007"),
        (True, any_of("2027-01-11"), TODAY),
        (True, any_of("yes"), "X"),
        (True, any_of("yes"), "1"),
        (True, any_of("yes"), 1),
        (False, any_of("yes"), "maybe"),
        (True, any_of("no"), "FALSE"),
        (True, any_of("no"), 0),
        (False, any_of("x"), "yes"),
        (True, any_of("law"), frozenset({"law", "tax"})),
        (False, none_of("aa"), "AA"),
        (True, none_of("aa"), "AO"),
        (True, none_of("aa"), None),
        (False, none_of("yes"), "y"),
        (False, none_of("law"), frozenset({"law", "tax"})),
        (True, Condition(contains=frozenset({"law"})), frozenset({"law", "tax"})),
        (False, Condition(contains=frozenset({"law"})), frozenset({"tax law"})),
        (True, Condition(contains=frozenset({"law"})), "Law"),
        (False, Condition(contains=frozenset({"law"})), None),
        (True, Condition(at_least=4), 4),
        (False, Condition(at_least=4), 3.9),
        (True, Condition(at_most=4), "4"),
        (False, Condition(at_most=4), "4.5"),
        (False, Condition(at_most=4), "four"),
        (False, Condition(at_most=4), None),
        (False, Condition(at_least=4), TODAY),
        (False, Condition(at_least=4), frozenset({"5"})),
        (True, Condition(at_least=2, at_most=4), 3),
        (False, Condition(at_least=2, at_most=4), 5),
        (True, Condition(at_least=TODAY), "2027-01-11"),
        (False, Condition(at_most=TODAY), date(2027, 1, 12)),
        (False, Condition(at_least=TODAY), 5),
        (False, Condition(at_least=TODAY), "soon"),
        (True, Condition(within_days=14), TODAY - timedelta(days=14)),
        (True, Condition(within_days=14), TODAY + timedelta(days=14)),
        (False, Condition(within_days=14), TODAY - timedelta(days=15)),
        (False, Condition(within_days=14), "later"),
        (False, Condition(within_days=14), None),
        (True, Condition(longer_ago_days=14), TODAY - timedelta(days=14)),
        (False, Condition(longer_ago_days=14), TODAY - timedelta(days=13)),
        (False, Condition(longer_ago_days=14), TODAY + timedelta(days=30)),
        (False, Condition(longer_ago_days=14), "long ago"),
        (False, Condition(longer_ago_days=14), None),
        (False, Condition(any_of=frozenset({"5"}), at_most=4), 5),
        (False, Condition(none_of=frozenset({"5"}), at_most=4), None),
        (True, Condition(), None),
    ],
)
def test_a_condition_holds(expected: bool, condition: Condition, value: Value | None) -> None:
    assert expected == holds(condition, value, TODAY)


@given(st.text(max_size=5), st.text(max_size=5))
def test_either_a_value_is_among_texts_or_among_none_of_them(asked: str, value: str) -> None:
    one = frozenset({asked.casefold()})
    assert holds(Condition(any_of=one), value, TODAY) != holds(Condition(none_of=one), value, TODAY)


@pytest.mark.parametrize("text", ["yes", "TRUE", "1", "Y", "x"])
def test_yes_is_said_in_five_ways(text: str) -> None:
    assert is_yes(text)
    assert not is_yes(f"not {text}")
    assert not is_yes(None)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (4, "4"),
        (4, "4.0"),
        (-1.5, "-1.5"),
        (7, "+7"),
        *((None, text) for text in ("", "4,5", "1e3", "nan", "1_0", "9" * 400, "٤")),
    ],
)
def test_only_plain_numbers_are_numbers(expected: float | None, text: str) -> None:
    number = number_in(text)
    assert expected == number
    assert type(expected) is type(number)
