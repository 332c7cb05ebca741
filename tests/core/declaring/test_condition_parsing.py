from datetime import date
from typing import Any

import pytest

from mentorkit.core.conditions import Condition
from mentorkit.core.declaring.condition_parsing import parse_condition


@pytest.mark.parametrize(
    ("raw", "condition"),
    [
        ("Sales", Condition(any_of=frozenset({"sales"}))),
        (4, Condition(any_of=frozenset({"4"}))),
        (4.0, Condition(any_of=frozenset({"4"}))),
        (True, Condition(any_of=frozenset({"yes"}))),
        (False, Condition(none_of=frozenset({"yes"}))),
        (["Sales ", "IT"], Condition(any_of=frozenset({"sales", "it"}))),
        (date(2027, 1, 11), Condition(any_of=frozenset({"2027-01-11"}))),
        ({"at_least": 4, "at_most": 6}, Condition(at_least=4, at_most=6)),
        ({"at_least": date(2027, 1, 11)}, Condition(at_least=date(2027, 1, 11))),
        ({"not": "AA"}, Condition(none_of=frozenset({"aa"}))),
        ({"not": ["AA", "AO"]}, Condition(none_of=frozenset({"aa", "ao"}))),
        ({"contains": "Python"}, Condition(contains=frozenset({"python"}))),
        ({"within": "14 days"}, Condition(within_days=14)),
        ({"within": "2 weeks"}, Condition(within_days=14)),
        ({"longer_ago": "2 weeks"}, Condition(longer_ago_days=14)),
        ("E\u0301quipe", Condition(any_of=frozenset({"\u00e9quipe"}))),
    ],
)
def test_conditions_read_as_authors_write_them(raw: Any, condition: Condition) -> None:
    assert condition == parse_condition(raw)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"at_leest": 4}, 'did you mean "at_least"'),
        ({}, "empty table"),
        ([], "matches nobody"),
        ({"not": []}, "matches nobody"),
        ({"at_least": "4"}, "at_least needs a number"),
        ({"at_least": True}, "at_least needs a number"),
        ({"at_least": 5, "at_most": 4}, "more than at_most"),
        ({"at_least": 5, "at_most": date(2027, 1, 1)}, "both be dates"),
        ({"within": "2 months"}, "days or weeks"),
        ({"within": 14}, "days or weeks"),
        ({"longer_ago": "1 year"}, "longer_ago needs days or weeks"),
        ([["a"]], "texts, numbers and dates"),
    ],
)
def test_what_is_no_condition_says_why(raw: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_condition(raw)
