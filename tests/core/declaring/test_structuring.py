from datetime import date
from typing import Any, Literal

import pytest
from attrs import field, frozen, validators
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.contracts import PairTable, Secret
from mentorkit.core.declaring.declarations import ProgramFile
from mentorkit.core.declaring.structuring import Misfit, dotted, structure


@frozen
class Inner:
    n: int


@frozen
class Address:
    where: str | Secret


@frozen
class Options:
    text: str = ""
    whole: int = 0
    number: float = 0.0
    truth: bool = False
    day: date | None = None
    choice: Literal["a", "b"] = "a"
    texts: tuple[str, ...] = ()
    inner: Inner | None = None
    table: dict[str, int] = field(factory=dict)
    small: int = field(default=0, validator=validators.le(5))
    renamed: str = field(default="", metadata={"key": "from"})
    few: int = field(default=1, validator=validators.in_((1, 2)), metadata={"key": "only"})


def misfits(raw: dict[str, Any], wanted: type = Options) -> list[Misfit]:
    made, found = structure(wanted, raw)
    assert (made is None) == bool(found)
    return found


def only(raw: dict[str, Any]) -> Misfit:
    (found,) = misfits(raw)
    return found


def test_a_table_becomes_its_class() -> None:
    raw = {
        "text": "x",
        "whole": 1,
        "number": 2,
        "truth": True,
        "day": date(2027, 1, 11),
        "choice": "b",
        "texts": ["a"],
        "inner": {"n": 1},
        "table": {"x": 1},
        "from": "y",
    }
    expected = Options("x", 1, 2.0, True, date(2027, 1, 11), "b", ("a",), Inner(1), {"x": 1}, 0, "y")
    assert (expected, []) == structure(Options, raw)
    assert type(structure(Options, raw)[0].number) is float  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("raw", "path", "said"),
    [
        ({"text": 7}, ("text",), '"text" is 7, but must be a text in quotes'),
        ({"whole": True}, ("whole",), '"whole" is true, but must be a whole number'),
        ({"whole": 1.0}, ("whole",), '"whole" is 1.0, but must be a whole number'),
        ({"whole": "1"}, ("whole",), '"whole" is "1", but must be a whole number'),
        ({"number": True}, ("number",), '"number" is true, but must be a number'),
        ({"truth": 1}, ("truth",), '"truth" is 1, but must be true or false'),
        ({"day": "2027-01-11"}, ("day",), "without quotes"),
        ({"choice": "c"}, ("choice",), '"c" is not possible here; write a or b'),
        ({"texts": "abc"}, ("texts",), '"texts" is "abc", but must be a list'),
        ({"texts": ["a", 1]}, ("texts", 1), "texts[1] is 1, but must be a text"),
        ({"inner": []}, ("inner",), '"inner" is a list of 0, but must be a table'),
        ({"inner": {"n": "x"}}, ("inner", "n"), "must be a whole number"),
        ({"table": {"x": "y"}}, ("table", "x"), "must be a whole number"),
        ({"small": 6}, (), "must be <= 5"),
        ({"only": 3}, ("only",), "must be in (1, 2)"),
        ({"text": "a\rb"}, ("text",), "control character"),
    ],
)
def test_what_does_not_fit_is_told_at_its_path(raw: dict[str, Any], path: tuple[str | int, ...], said: str) -> None:
    found = only(raw)
    assert path == found.path
    assert said in found.diagnostic.message


def test_unknown_keys_are_told_with_the_nearest_name() -> None:
    found = only({"choise": "a"})
    assert (("choise",), "unknown-key", 'did you mean "choice"?') == (
        found.path,
        found.diagnostic.code,
        found.diagnostic.help,
    )
    assert 'did you mean "weight"?' == structure(Options, {"wieght": 1}, (), ("weight",))[1][0].diagnostic.help


def test_missing_keys_are_told_at_their_table() -> None:
    found = only({"inner": {}})
    assert ("missing-key", ("inner",), "inner.n") == (found.diagnostic.code, found.path, found.diagnostic.path)


def test_everything_is_told_at_once() -> None:
    assert 4 == len(misfits({"text": 1, "whole": "x", "nothing": 1, "texts": [1]}))


def test_pairs_come_only_from_the_loader() -> None:
    @frozen
    class WithPairs:
        pairs: PairTable = PairTable()  # noqa: RUF009 (frozen)

    table = PairTable((("1", "2", None),))
    assert (WithPairs(table), []) == structure(WithPairs, {"pairs": table})
    assert "wrong-type" == misfits({"pairs": [["1", "2"]]}, WithPairs)[0].diagnostic.code


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://example.org", Address("https://example.org")),
        ({"env": "HOOK"}, Address(Secret("env", "HOOK"))),
        ({"file": "hook"}, Address(Secret("file", "hook"))),
        ({"env": ""}, None),
        ({"value": "canary"}, None),
        (7, None),
    ],
)
def test_what_may_be_a_secret_is_a_text_or_where_it_is_kept(value: Any, expected: Address | None) -> None:
    found, problems = structure(Address, {"where": value})
    assert expected == found
    assert (expected is None) == ([("where",)] == [one.path for one in problems])
    assert not any("canary" in one.diagnostic.message for one in problems)


def test_paths_are_written_as_an_author_would() -> None:
    assert 'roster.sources[1]."a b".x-y' == dotted(("roster", "sources", 1, "a b", "x-y"))


def program(**tables: Any) -> dict[str, Any]:
    about = {"name": "P", "starts": date(2027, 1, 11), "length": "24 weeks"}
    return {"program": about, "roster": {"file": "p.csv"}, "model": {"use": "one-on-one"}, **tables}


def test_the_smallest_declaration_fits() -> None:
    assert [] == structure(ProgramFile, program())[1]


@pytest.mark.parametrize(
    ("tables", "path", "said"),
    [
        ({"sessions": {"count": -1}}, ("sessions", "count"), "less than 0"),
        ({"sessions": {"count": 2, "cadence": "often"}}, ("sessions", "cadence"), "is not a cadence"),
        ({"sessions": {"count": "2"}}, ("sessions", "count"), "must be a whole number"),
        ({"sessions": {"count": 2, "cadence": 4}}, ("sessions", "cadence"), "every 4 weeks"),
        ({"sessions": {"count": 2, "days": "mon"}}, ("sessions", "days"), "a list of weekdays"),
        ({"sessions": {"count": 2, "hours": 9}}, ("sessions", "hours"), "09:00-17:00"),
        ({"series": {"a": {"count": 1, "who": []}}}, ("series", "a", "who"), "names nobody"),
        ({"model": {"use": " "}}, ("model", "use"), "must not be empty"),
        ({"model": {"use": "x", "options": 1}}, ("model", "options"), "must be a table"),
        ({"roster": {"file": "p", "capacity": {"mentor": True}}}, ("roster", "capacity", "mentor"), "a column"),
        ({"roster": {"file": "p", "columns": {"name": 1}}}, ("roster", "columns", "name"), "a header"),
        (
            {"roster": {"file": "p", "columns": {"level": {"column": "G", "order": ["a", "a"]}}}},
            ("roster", "columns", "level", "order"),
            "twice",
        ),
        ({"sessions": {"count": 2, "hours": "17:00-09:00"}}, ("sessions", "hours"), "ends before"),
        ({"sessions": {"count": 2, "days": ["mun"]}}, ("sessions", "days"), '"mun"'),
        ({"sessions": {"count": 2, "repeat": 1}}, ("sessions", "repeat"), "unknown key"),
        ({"series": {"a/b": {"count": 1}}}, ("series", "a/b"), "is not a name"),
        ({"contacts": {"desk": "Desk <a@b>"}}, ("contacts", "desk"), "mail address"),
        ({"contacts": {"desk": "a@b\nc"}}, ("contacts", "desk"), "mail address"),
        ({"matching": {"publish": "later"}}, ("matching", "publish"), "not possible"),
        ({"matching": {"intake": "daily"}}, ("matching", "intake"), "no days of intakes"),
        ({"matching": {"intakes": "monthly"}}, ("matching", "intakes"), "unknown key"),
        ({"channels": {"a/b": {}}}, ("channels", "a/b"), "is not a name"),
        ({"delivery": {"channels": []}}, ("delivery", "channels"), "names no channel"),
        ({"delivery": {"channels": 1}}, ("delivery", "channels"), "the name of a channel"),
        ({"roster": {"file": "p", "capacity": {"mentor": 0}}}, ("roster", "capacity", "mentor"), "0 places"),
        (
            {"roster": {"file": "p", "columns": {"hired": {"column": "H", "format": "D.M.Y"}}}},
            ("roster", "columns", "hired", "format"),
            "not a way to write dates",
        ),
        (
            {"roster": {"file": "p", "roles": {"mentor": {"level": {"at_least": "4"}}}}},
            ("roster", "roles", "mentor", "level"),
            "at_least needs a number",
        ),
    ],
)
def test_words_of_the_program_file_are_checked(tables: Any, path: tuple[str | int, ...], said: str) -> None:
    (found,) = structure(ProgramFile, program(**tables))[1]
    assert path == found.path
    assert said in found.diagnostic.message


def test_what_is_no_table_at_all_is_told() -> None:
    assert ["wrong-type"] == [one.diagnostic.code for one in structure(Options, [])[1]]


TOML = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes() | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from([*program(), "sessions", "timeline", "matching", "series", "x"]), TOML, max_size=5)
)
def test_any_values_fit_or_are_told(raw: dict[str, Any]) -> None:
    made, found = structure(ProgramFile, raw)
    assert (made is None) == bool(found)
    for misfit in found:
        assert misfit.diagnostic.message
