"""The bundled templates: whole, shipped in the wheel, and fit for the model that names them."""

from __future__ import annotations

import re
import tomllib
import zipfile
from importlib.resources import as_file
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

from mentorkit.plugin_loading import build_catalogue

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "program-templates" / "mentorkit_templates"
FOLDERS = sorted(path.parent for path in PACKAGE.glob("*/template.toml"))
CATALOGUE = build_catalogue()

each_template = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def declared(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "template.toml").read_text(encoding="utf-8"))


def wheel_names(target: Path) -> frozenset[str]:
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(target), versions=["standard"]))
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


def shipped_files(source_root: Path, package: str) -> set[str]:
    """Return the files of a package as the wheel names them, caches of the interpreter aside."""
    paths = (path for path in (source_root / package).rglob("*") if path.is_file())
    return {path.relative_to(source_root).as_posix() for path in paths if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    return wheel_names(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_every_file_of_every_template(wheel: frozenset[str]) -> None:
    assert shipped_files(PACKAGE.parent, PACKAGE.name) - wheel == set()


def test_the_wheel_holds_every_file_of_the_framework(wheel: frozenset[str]) -> None:
    assert shipped_files(ROOT, "mentorkit") - wheel == set()


def test_every_folder_is_offered_and_every_offer_is_a_folder() -> None:
    bundled = {
        name: offer.implementation
        for name, offer in CATALOGUE.templates.items()
        if offer.origin.distribution == "mentorkit"
    }

    assert {folder.name for folder in FOLDERS} == set(bundled)
    for name, template in bundled.items():
        with as_file(template.folder.joinpath("template.toml")) as path:
            assert name == tomllib.loads(path.read_text(encoding="utf-8"))["template"]["name"]


def test_the_default_template_of_every_model_is_there() -> None:
    wanted = {offer.implementation.template for offer in CATALOGUE.models.values()}

    assert wanted <= set(CATALOGUE.templates)


@each_template
def test_every_agenda_has_a_title_and_fills_its_session(folder: Path) -> None:
    program = declared(folder)
    agendas = sorted((folder / program["sessions"]["agendas"]).glob("*.md"))
    parameters = {name: one["default"] for name, one in program["parameters"].items()}

    assert parameters["sessions"] == len(agendas)
    for agenda in agendas:
        text = agenda.read_text(encoding="utf-8")
        assert text.startswith("# ")
        assert parameters["minutes"] == sum(map(int, re.findall(r"\*\*(\d+) min\*\*", text))), agenda.name


@each_template
def test_weights_of_criteria_sum_up_to_a_hundred(folder: Path) -> None:
    criteria = declared(folder)["matching"]["criteria"]

    assert 100 == sum(one["weight"] for one in criteria.values())


@each_template
def test_every_message_is_used_and_every_used_one_is_there(folder: Path) -> None:
    program = declared(folder)
    steps = [*program["timeline"].values(), *program["surveys"].values()]
    there = {path.name.partition(".")[0] for path in (folder / "messages").iterdir()}

    assert {Path(step["message"]).name for step in steps} == there


@each_template
def test_the_readme_names_every_step_parameter_criterion_and_target(folder: Path) -> None:
    program = declared(folder)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    named = [*program["timeline"], *program["surveys"], *program["parameters"], *program["kpis"]]
    named += [*program["matching"]["criteria"], *program["matching"]["rules"]]

    assert [] == [name for name in named if f"`{name}`" not in readme]
