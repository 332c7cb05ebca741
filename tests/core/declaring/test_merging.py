from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.declaring.default_sections import defaults_under
from mentorkit.core.declaring.merging import (
    EMPTY,
    Spot,
    as_layer,
    drop_off,
    lay_over,
    leaves,
    plain,
    spot_of,
)


def merged(upper: dict[str, Any], lower: dict[str, Any]) -> Any:
    tree, problems = lay_over(as_layer(upper, 0), as_layer(lower, 1))
    assert [] == problems
    return plain(tree)


def test_keys_are_overridden_one_by_one_and_arrays_as_a_whole() -> None:
    lower = {"sessions": {"count": 7, "cadence": ["2 weeks", "4 weeks"], "minutes": 60}}
    upper = {"sessions": {"count": 5, "cadence": ["1 week"]}}
    assert {"sessions": {"count": 5, "cadence": ["1 week"], "minutes": 60}} == merged(upper, lower)


def test_named_tables_keep_their_order_and_new_names_are_appended() -> None:
    lower = {"timeline": {"b": {"when": "start"}, "a": {"when": "end", "to": "mentor"}}}
    upper = {"timeline": {"c": {"when": "match"}, "a": {"when": "midpoint"}}}
    result = merged(upper, lower)
    assert ["b", "a", "c"] == list(result["timeline"])
    assert {"when": "midpoint", "to": "mentor"} == result["timeline"]["a"]


def test_an_entry_turned_off_is_gone() -> None:
    lower = {"matching": {"rules": {"gap": {"at_least": 1}, "line": {}}}}
    assert {"matching": {"rules": {"line": {}}}} == merged({"matching": {"rules": {"gap": {"off": True}}}}, lower)


def test_off_may_be_false() -> None:
    assert {"kpis": {"x": {"target": 1}}} == merged({"kpis": {"x": {"off": False}}}, {"kpis": {"x": {"target": 1}}})


def test_turning_off_what_is_not_there_is_told_with_the_nearest_name() -> None:
    upper = as_layer({"timeline": {"kick-of": {"off": True}}}, 0)
    tree, [(spot, told)] = lay_over(upper, as_layer({"timeline": {"kick-off": {"when": "start"}}}, 1))
    assert Spot(0, ("timeline", "kick-of")) == spot
    assert ("off-without-entry", 'did you mean "kick-off"?') == (told.code, told.help)
    assert {"timeline": {"kick-off": {"when": "start"}}} == plain(tree)


@pytest.mark.parametrize(
    ("upper", "lower", "result"),
    [
        ({"kind": "gap", "span": 2}, {"kind": "near", "span": 3, "column": "level"}, {"kind": "gap", "span": 2}),
        (
            {"kind": "near", "span": 2},
            {"kind": "near", "column": "level"},
            {"kind": "near", "span": 2, "column": "level"},
        ),
        ({"kind": "x", "span": 2}, {"column": "level"}, {"kind": "x", "span": 2, "column": "level"}),
        ({"kind": "y"}, {"column": "level"}, {"kind": "y"}),
        ({"weight": 2}, {"kind": "near", "column": "level"}, {"weight": 2, "kind": "near", "column": "level"}),
    ],
)
def test_an_entry_of_another_kind_is_replaced(upper: Any, lower: Any, result: Any) -> None:
    wrap = lambda entry: {"matching": {"criteria": {"x": entry}}}  # noqa: E731 (three words, used three times)
    assert wrap(result) == merged(wrap(upper), wrap(lower))


def test_another_model_takes_its_options_with_it() -> None:
    lower = {"model": {"use": "group", "options": {"size": 4}, "inner": {"use": "peer"}}}
    assert {"model": {"use": "peer"}} == merged({"model": {"use": "peer"}}, lower)
    assert {"model": {"use": "group", "options": {"size": 5}, "inner": {"use": "peer"}}} == merged(
        {"model": {"use": "group", "options": {"size": 5}}}, lower
    )


def test_another_matcher_loses_the_options_and_nothing_else() -> None:
    lower = {"matching": {"use": "a", "options": {"x": 1}, "rules": {"line": {}}}}
    assert {"matching": {"use": "b", "rules": {"line": {}}}} == merged({"matching": {"use": "b"}}, lower)


def test_roles_recipes_and_conditions_are_replaced_whole() -> None:
    lower = {
        "roster": {
            "roles": {"mentor": {"level": {"at_least": 4}, "opt_in": "yes"}, "mentee": {"level": 1}},
            "columns": {"name": {"columns": ["First", "Last"]}},
        },
        "matching": {"criteria": {"x": {"only_if": {"level": 1}, "column": "level"}}},
        "sessions": {"place": {"column": "room"}},
    }
    upper = {
        "roster": {"roles": {"mentor": {"level": 5}}, "columns": {"name": {"column": "Name"}}},
        "matching": {"criteria": {"x": {"only_if": {"department": "Sales"}}}},
        "sessions": {"place": "online"},
    }
    result = merged(upper, lower)
    assert {"mentor": {"level": 5}, "mentee": {"level": 1}} == result["roster"]["roles"]
    assert {"name": {"column": "Name"}} == result["roster"]["columns"]
    assert {"only_if": {"department": "Sales"}, "column": "level"} == result["matching"]["criteria"]["x"]
    assert "online" == result["sessions"]["place"]


def test_every_value_knows_who_said_it() -> None:
    tree, _ = lay_over(
        as_layer({"sessions": {"count": 5}, "roster": {"sources": [{"file": "a"}]}}, 0),
        as_layer({"sessions": {"count": 7, "minutes": 60}}, 1),
    )
    assert Spot(0, ("sessions", "count")) == spot_of(tree, ("sessions", "count"))
    assert Spot(1, ("sessions", "minutes")) == spot_of(tree, ("sessions", "minutes"))
    assert Spot(0, ("roster", "sources", 0, "file")) == spot_of(tree, ("roster", "sources", 0, "file"))
    assert Spot(0, ("sessions",)) == spot_of(tree, ("sessions", "nothing"))


SECTIONS = ["criteria", "rules", "sessions", "series", "timeline", "surveys", "kpis"]


def full(word: str) -> dict[str, Any]:
    tables = {section: {word: {"x": word}} for section in SECTIONS}
    matching = {"criteria": tables.pop("criteria"), "rules": tables.pop("rules"), "use": word}
    return {"matching": matching, "privacy": {word: word}, **tables}


def test_a_default_template_fills_in_sections_that_the_program_leaves_out() -> None:
    program = {"matching": {"rules": {"mine": {}}}, "sessions": {"count": 1}, "privacy": {"mine": "mine"}}
    below = defaults_under(as_layer(program, 0), as_layer(full("theirs"), 1))
    result = plain(lay_over(as_layer(program, 0), below)[0])
    assert {"mine": {}} == result["matching"]["rules"]
    assert {"theirs": {"x": "theirs"}} == result["matching"]["criteria"]
    assert {"count": 1} == result["sessions"]
    assert "series" not in result
    assert {"theirs": {"x": "theirs"}} == result["timeline"]
    assert {"mine": "mine", "theirs": "theirs"} == result["privacy"]


def test_off_by_a_parameter_is_dropped_at_the_end() -> None:
    tree = as_layer({"timeline": {"a": {"off": True}, "b": {"off": False, "when": "start"}}}, 0)
    assert {"timeline": {"b": {"when": "start"}}} == plain(drop_off(tree))


NAMES = st.sampled_from(["a", "b", "c"])
ENTRIES = st.dictionaries(st.sampled_from(["kind", "x", "y"]), st.integers(0, 2), max_size=3)
LAYERS = st.fixed_dictionaries(
    {}, optional={"timeline": st.dictionaries(NAMES, ENTRIES, max_size=3), "words": st.dictionaries(NAMES, NAMES)}
)


@given(LAYERS, LAYERS, LAYERS)
def test_laying_three_files_over_each_other_does_not_depend_on_where_one_begins(a: Any, b: Any, c: Any) -> None:
    upper, middle, lower = as_layer(a, 0), as_layer(b, 1), as_layer(c, 2)
    if any("kind" in entry for one in (a, b, c) for entry in one.get("timeline", {}).values()):
        return  # a changed kind forgets what it replaces, which only the order from below can know
    left = lay_over(lay_over(upper, middle)[0], lower)[0]
    right = lay_over(upper, lay_over(middle, lower)[0])[0]
    assert plain(left) == plain(right)
    assert dict(leaves(left)) == dict(leaves(right))


@given(LAYERS)
def test_laying_over_nothing_changes_nothing(a: Any) -> None:
    assert a == plain(lay_over(as_layer(a, 0), EMPTY)[0])
    assert a == plain(lay_over(EMPTY, as_layer(a, 1))[0])
