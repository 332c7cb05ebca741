from datetime import date
from typing import Any

import pytest

from mentorkit.core.declaring.merging import Spot, Table, as_layer, plain, spot_of
from mentorkit.core.declaring.parameters import Parameter, assign, declare, substitute
from mentorkit.core.diagnostics import Diagnostic


def table(values: dict[str, Any], layer: int) -> Table:
    node = as_layer({"parameters": values}, layer).entries["parameters"]
    assert isinstance(node, Table)
    return node


def declared(values: dict[str, Any], known: dict[str, Parameter] | None = None, layer: int = 1) -> dict[str, Parameter]:
    parameters, problems = declare(table(values, layer), known or {})
    assert [] == problems
    return parameters


def told(problems: list[tuple[Spot, Diagnostic]]) -> list[tuple[str, tuple[str | int, ...], int]]:
    return [(one.code, spot.path, spot.layer) for spot, one in problems]


def test_a_value_stands_where_the_template_named_the_parameter() -> None:
    parameters = declared({"rhythm": {"type": "length", "default": "every 4 weeks"}, "n": {"type": "integer"}})
    parameters, problems = assign(table({"n": 3}, 0), parameters)
    tree = as_layer({"sessions": {"count": {"parameter": "n"}, "cadence": ["1 week", {"parameter": "rhythm"}]}}, 1)
    result, more = substitute(tree, parameters)
    assert [] == problems == more
    assert {"sessions": {"count": 3, "cadence": ["1 week", "every 4 weeks"]}} == plain(result)
    assert Spot(0, ("parameters", "n")) == spot_of(result, ("sessions", "count"))


@pytest.mark.parametrize(
    ("kind", "fits", "does_not"),
    [
        ("string", "x", 1),
        ("strings", ["x"], "x"),
        ("integer", 1, True),
        ("integer", 1, 1.0),
        ("number", 1.5, "1.5"),
        ("number", 1, True),
        ("boolean", True, 1),
        ("date", date(2027, 1, 11), "2027-01-11"),
        ("length", "24 weeks", "24"),
        ("length", "every 4 weeks", "every so often"),
        ("length", "24 weeks", 24),
        ("time", "09:00", "9"),
    ],
)
def test_values_have_the_type_that_is_declared(kind: str, fits: Any, does_not: Any) -> None:
    parameters = declared({"x": {"type": kind}})
    assert [] == assign(table({"x": fits}, 0), parameters)[1]
    wrong = assign(table({"x": does_not}, 0), parameters)[1]
    assert ("parameter-value", ("parameters", "x"), 0) == told(wrong)[0]
    assert "parameter-value" == declare(table({"x": {"type": kind, "default": does_not}}, 1), {})[1][0][1].code


def test_a_parameter_without_default_must_be_set() -> None:
    parameters = declared({"x": {"type": "integer", "help": "How many."}})
    (_, problem), *_ = assign(table({}, 0), parameters)[1]
    assert "parameter-unset" == problem.code
    assert "How many." in problem.message


def test_unknown_parameters_are_told_where_they_are_set_and_where_they_are_used() -> None:
    parameters = declared({"rhythm": {"type": "string", "default": "x"}})
    problems = assign(table({"rythm": "y"}, 0), parameters)[1]
    assert [("unknown-parameter", ("parameters", "rythm"), 0)] == told(problems)
    assert 'did you mean "rhythm"?' == problems[0][1].help
    problems = substitute(as_layer({"a": {"b": [{"parameter": "rythm"}]}}, 1), parameters)[1]
    assert [("unknown-parameter", ("a", "b"), 1)] == told(problems)


def test_a_template_sets_and_redeclares_what_it_extends() -> None:
    base = declared({"n": {"type": "integer", "default": 1}, "m": {"type": "integer", "default": 2}}, layer=2)
    above = declared({"n": 5, "m": {"type": "string", "default": "two"}}, base)
    assert (5, Spot(1, ("parameters", "n"))) == (above["n"].default, above["n"].set_at)
    assert ("string", "two") == (above["m"].type, above["m"].default)


def test_a_parameter_may_take_the_value_of_another() -> None:
    base = declared({"n": {"type": "integer", "default": 1}}, layer=2)
    above = declared({"pairs": {"type": "integer", "default": 4}, "n": {"parameter": "pairs"}}, base)
    result, problems = substitute(as_layer({"x": {"parameter": "n"}}, 2), above)
    assert ([], {"x": 4}) == (problems, plain(result))


def test_only_templates_declare() -> None:
    assert "parameter-declared" == assign(table({"x": {"type": "integer"}}, 0), {})[1][0][1].code


def test_declarations_are_checked() -> None:
    problems = declare(table({"x": {"type": "integr"}, "y": {"type": "integer", "defualt": 1}}, 1), {})[1]
    assert [
        ("parameter-type", ("parameters", "x", "type"), 1),
        ("unknown-key", ("parameters", "y", "defualt"), 1),
    ] == told(problems)
    assert ['did you mean "integer"?', 'did you mean "default"?'] == [one.help for _, one in problems]


def test_parameters_that_only_name_each_other_have_no_value() -> None:
    parameters = declared({"n": {"type": "integer", "default": {"parameter": "n"}}})
    problems = substitute(as_layer({"x": {"parameter": "n"}}, 1), parameters)[1]
    assert [("parameter-circle", ("parameters", "n", "default"), 1)] == told(problems)
