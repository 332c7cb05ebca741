"""The bundled templates: whole, shipped in the wheel, and fit for the model that names them."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import as_file
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.sessions import Session
from mentorkit.core.zones import to_utc
from mentorkit.messages import Rendered, render
from mentorkit.messages.checking import reader_roles
from mentorkit.messages.naming import Reader, Topic, known_names, program_wording, role_words
from mentorkit.opening import Opened, open_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import program_folder

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


PEOPLE = "id,name,email,level\n1,Ada,ada@example.org,4\n2,Bo,bo@example.org,1\n3,Cy,cy@example.org,1\n"
COORDINATOR = 'program.coordinator = "team@example.org"\n'
WORDS = 'words = { mentor = "road captain", mentee = "rider" }\n'


def four_lines(folder: Path, model: str, more: str) -> Opened:
    lines = 'program.name = "Pilot"\nprogram.starts = 2027-01-11\nroster.file = "people.csv"\n'
    program_folder(folder, {"people.csv": PEOPLE, "pilot.toml": f'{lines}model.use = "{model}"\n{more}'})
    return open_program(folder / "pilot.toml", at="2027-01-04")


def letters(one: Opened, partners: int, with_session: bool) -> Iterator[tuple[str, str, Rendered]]:
    """Yield step, reader and text of every message of a program."""
    words = role_words(one.program, one.roles)
    first, last = (role.name for role in one.roles)
    everybody = {first: one.roster.by_id["1"], last: one.roster.by_id["2"]}
    for step in one.program.timeline:
        if not with_session and step.when.anchor == "session":
            continue
        for role in dict.fromkeys(role for group in step.to for role in reader_roles(one.roles, group)):
            me = everybody.get(role)
            others = ["2", "3"] if role == first else ["1", "3"]
            topics = tuple(
                _topic(Relationship(f"r{other}", (Member(me.id if me else "9", role), Member(other, last)), 80.0))
                for other in others[:partners]
            )
            if not with_session:
                topics = tuple(Topic(topic.relationship) for topic in topics)
            text = step.message.pick(role, "")
            assert text is not None
            reader = Reader(me, role, "Europe/London", "", "team@example.org")
            yield step.name, role, render(text, known_names(one.program, words, one.roster, step, reader, topics))


def _topic(relationship: Relationship) -> Topic:
    local = datetime(2027, 1, 25, 9)  # noqa: DTZ001 (local time and zone, as sessions are kept)
    starts = to_utc(local, "Europe/London")
    one = Session("s", relationship.id, "sessions", 1, local, "Europe/London", starts, 60, relationship.people())
    return Topic(relationship, one, (one,))


@pytest.mark.parametrize("model", sorted(CATALOGUE.models))
@pytest.mark.parametrize("more", ["", COORDINATOR], ids=["nobody to answer to", "a coordinator"])
@pytest.mark.parametrize("partners", [1, 2])
@pytest.mark.parametrize("with_session", [True, False])
def test_every_message_reads_well(tmp_path: Path, model: str, more: str, partners: int, with_session: bool) -> None:
    one = four_lines(tmp_path, model, more)
    answerable = ("reply to this message", "tell us", "let us know", "Send your answers", "in a reply", "We would like")
    for step, role, letter in letters(one, partners, with_session):
        lines = letter.text.splitlines()
        closings = [number for number, line in enumerate(lines) if re.fullmatch(r"(With|Kind) [a-z ]+,", line)]
        assert all("" == lines[number - 1] and "" == lines[number + 1] for number in closings), (step, role)
        asks = [words for words in answerable if words in letter.text]
        assert ("team@example.org" in letter.text) is bool(more and asks), (step, role)
        assert bool(more) or not asks, (step, role, asks)
        assert "  " not in letter.text.replace("\n  ", "").replace("\n   ", ""), (step, role)


@pytest.mark.parametrize("model", sorted(CATALOGUE.models))
def test_a_program_that_renames_its_roles_reads_of_no_others(tmp_path: Path, model: str) -> None:
    one = four_lines(tmp_path, model, WORDS + COORDINATOR)
    wording = program_wording(one.program, role_words(one.program, one.roles))
    agendas = [wording.agenda(agenda)[1] for series in one.program.series for agenda in series.agendas]
    assert agendas
    assert [] == [name for text in agendas for name in re.findall(r"(?i)\b(?:mentor|mentee)s?\b", text)]
    for step, role, letter in letters(one, 1, with_session=True):
        told = f"{letter.subject}\n{letter.text}".replace("Pilot", "")
        assert [] == re.findall(r"(?i)\b(?:mentor|mentee)s?\b", told), (step, role)
