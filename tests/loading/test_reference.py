"""The reference of program and template files holds every key that they take, and its examples are what they say."""

import re
import tomllib
from pathlib import Path
from typing import Any

import attrs
import pytest

from mentorkit.core.declaring import declarations
from mentorkit.core.declaring.declarations import TemplateHead
from mentorkit.core.declaring.merging import as_layer
from mentorkit.core.declaring.parameters import TYPES, declare
from mentorkit.core.declaring.structuring import keys_of, structure

ROOT = Path(__file__).parents[2]
OF_TEMPLATES = ("TemplateHead", "TemplateTable", "RequiresTable")
TABLES = sorted(
    name
    for name, one in vars(declarations).items()
    if getattr(one, "__module__", "") == declarations.__name__ and attrs.has(one)
)


def page(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")


def words_of(text: str) -> set[str]:
    """Return every word that stands between backticks or in a code block."""
    return set(re.findall(r"[\w-]+", " ".join(re.findall(r"```.*?```|`[^`]+`", text, re.DOTALL))))


def examples(name: str) -> list[dict[str, Any]]:
    return [tomllib.loads(one) for one in re.findall(r"```toml\n(.*?)```", page(name), re.DOTALL)]


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_every_table_is_in_the_reference(table: str) -> None:
    name = "template-file.md" if table in OF_TEMPLATES else "program-file.md"
    assert set() == set(keys_of(getattr(declarations, table))) - words_of(page(name))


def test_every_type_of_a_parameter_and_key_of_its_declaration_is_in_the_reference() -> None:
    assert set() == {*TYPES, "type", "default", "help"} - words_of(page("template-file.md"))


def test_keys_that_nothing_reads_are_not_in_the_reference() -> None:
    words = words_of(page("program-file.md")) | words_of(page("template-file.md"))
    assert {"moved", "delete_after"}.isdisjoint(words)


def test_the_example_of_a_template_is_one() -> None:
    (values,) = examples("template-file.md")
    head, misfits = structure(TemplateHead, {key: values[key] for key in keys_of(TemplateHead) if key in values})
    assert ("acme-onboarding", []) == (head and head.template.name, misfits)
    parameters, problems = declare(as_layer({"parameters": values["parameters"]}, 1).entries["parameters"], {})  # type: ignore[arg-type]
    assert (["rhythm"], []) == (list(parameters), problems)


def test_the_examples_of_programs_are_read() -> None:
    smallest, twice, channels = examples("program-file.md")
    assert ["program", "roster", "model"] == list(smallest)
    assert ["mentor", "mentee"] == [source["role"] for source in twice["roster"]["sources"]]
    assert {"mail", "chat"} == channels["channels"].keys() == {*channels["delivery"]["channels"]}
