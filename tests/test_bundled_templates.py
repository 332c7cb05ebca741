"""The bundled templates: whole, shipped in the wheel, and fit for the model that names them."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.resources import as_file
from pathlib import Path
from typing import Any, cast

import pytest
from attrs import evolve, frozen
from hatchling.builders.wheel import WheelBuilder

from mentorkit.core.declaring.merging import is_parameter, plain
from mentorkit.core.declaring.parameters import Parameter
from mentorkit.core.program import Step
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.sessions import Session
from mentorkit.core.zones import to_utc
from mentorkit.loading.template_chains import Chain, follow, installed
from mentorkit.loading.template_contents import read_contents
from mentorkit.messages import Rendered, render
from mentorkit.messages.checking import reader_roles
from mentorkit.messages.naming import Ending, Reader, Topic, known_names, program_wording, role_words
from mentorkit.opening import Opened, open_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import program_folder

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "program-templates" / "mentorkit_templates"
FOLDERS = sorted(path.parent for path in PACKAGE.glob("*/template.toml"))
CATALOGUE = build_catalogue()

MOST_SESSIONS = {"flash-mentoring": 2, "flash-training-support": 2}
"""How many sessions a parameter can ask for, where there are agendas for more than the usual number."""

WHAT_IT_NEEDS = {"flash-speed-event": "model.options.starts = 2027-01-14T14:00:00\n"}
"""What no template can say for a program."""

each_template = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def chain_of(folder: Path) -> Chain:
    return follow(installed(folder.name, CATALOGUE.templates[folder.name]), CATALOGUE)


def declared(folder: Path) -> dict[str, Any]:
    """Return what a template's own file says."""
    return tomllib.loads((folder / "template.toml").read_text(encoding="utf-8"))


def resolved(folder: Path) -> dict[str, Any]:
    """Return what a template says together with all that it extends, parameters in place."""
    chain = chain_of(folder)
    assert ((), ()) == (chain.problems, chain.lost)
    return cast("dict[str, Any]", _filled(plain(chain.tree), chain.parameters))


def _filled(value: Any, parameters: Mapping[str, Parameter]) -> Any:
    if isinstance(value, list):
        return [_filled(one, parameters) for one in value]
    if is_parameter(value):
        return parameters[value["parameter"]].default
    return {key: _filled(one, parameters) for key, one in value.items()} if isinstance(value, dict) else value


def layered(folder: Path, inside: str, ending: str = "") -> dict[str, Path]:
    """Return the files of a folder of a template and of all that it extends, by name; the nearest takes the place."""
    layers = [layer.folder / inside for layer in reversed(chain_of(folder).layers)]
    return {path.name: path for layer in layers if layer.is_dir() for path in sorted(layer.glob(f"*{ending}"))}


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
def test_no_survey_about_a_session_hangs_on_its_own_day(folder: Path) -> None:
    """By the clock of somebody far away any hour of that day may come before the session."""
    days = [str(one.get("when", "")) for one in resolved(folder).get("surveys", {}).values() if not one.get("off")]
    assert [] == [when for when in days if re.match(r"session( \d+)?( \+ 0| at|$)", when)]


@each_template
def test_every_agenda_has_a_title_and_fills_its_session(folder: Path) -> None:
    sessions = resolved(folder)["sessions"]
    if "agendas" not in sessions:
        assert "count" not in sessions
        return
    agendas = layered(folder, sessions["agendas"], ".md")
    assert MOST_SESSIONS.get(folder.name, sessions["count"]) == sum(name.count(".") == 1 for name in agendas)
    for name, agenda in agendas.items():
        text = agenda.read_text(encoding="utf-8")
        assert text.startswith("# ")
        assert sessions["minutes"] == sum(map(int, re.findall(r"\*\*(\d+) (?:min|Min\.)\*\*", text))), name


@each_template
def test_weights_of_criteria_sum_up_to_a_hundred(folder: Path) -> None:
    criteria = resolved(folder).get("matching", {}).get("criteria", {})

    assert sum(one["weight"] for one in criteria.values()) in ({100} if criteria else {0})


@each_template
def test_every_file_is_used_and_every_used_one_is_there(folder: Path) -> None:
    program = resolved(folder)
    steps = [*program["timeline"].values(), *program["surveys"].values()]
    used = {Path(step["message"]).name for step in steps}
    asked = {Path(step["questions"]).name for step in program["surveys"].values()}
    own = {path.name.partition(".")[0] for path in (folder / "messages").glob("*")}

    assert set() == own - used
    assert set() == used - {name.partition(".")[0] for name in layered(folder, "messages")}
    translated = (path.name for path in (folder / "surveys").glob("*"))
    assert set() == {re.sub(r"\.[a-z]{2}\.toml$", ".toml", name) for name in translated} - asked
    assert set() == asked - set(layered(folder, "surveys"))


@each_template
def test_the_readme_names_every_step_parameter_criterion_and_target(folder: Path) -> None:
    """Those of its own file; what it extends is named, and has a README of its own."""
    program = declared(folder)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    named = [name for table in ("timeline", "surveys", "parameters", "kpis") for name in program.get(table, {})]
    named += [name for table in ("criteria", "rules") for name in program.get("matching", {}).get(table, {})]
    named += [program["extends"].partition(" ")[0]] if "extends" in program else []

    assert [] == [name for name in named if f"`{name}`" not in readme]


PEOPLE = """\
id,name,email,level,manager_id,erg,erg_consent,timezone,office_hours,hire_date,skills,wants
1,Ada,ada@example.org,4,4,pride,yes,Europe/London,2027-01-20 10:00,2015-01-01,sailing,sailing
2,Bo,bo@example.org,1,4,pride,yes,Europe/London,2027-01-20 10:00,2026-11-25,sailing,sailing
3,Cy,cy@example.org,1,4,pride,yes,Europe/London,2027-01-20 10:00,2026-11-25,sailing,sailing
4,Di,di@example.org,4,,pride,yes,Europe/London,2027-01-20 10:00,2015-01-01,sailing,sailing
"""
PEOPLE += "".join(
    f"{number},Person {number},p{number}@example.org,1,4,pride,yes,Europe/London,,2015-01-01,sailing,sailing\n"
    for number in range(5, 21)
)
COORDINATOR = 'program.coordinator = "team@example.org"\n'
FOUR = (
    'program.name = "Pilot"',
    "program.starts = 2027-01-11",
    'roster.file = "people.csv"',
    'model.use = "one-on-one"',
)
CAMPAIGN = "program.opens = 2026-11-30\nprogram.signup_closes = 2026-12-18\n"
WHOLE = COORDINATOR + CAMPAIGN + 'program.sponsor = "cto@example.org"\n'
BASICS = 'program.length = "12 weeks"\nsessions.count = 2\nsessions.cadence = "4 weeks"\nsessions.minutes = 60\n'
ENDINGS: tuple[Ending, ...] = ("", "left", "declined", "ended", "rematched")


def four_lines(folder: Path, model: str, more: str) -> Opened:
    lines = "\n".join(FOUR).replace("one-on-one", model)
    program_folder(folder, {"people.csv": PEOPLE, "pilot.toml": f"{lines}\n{more}"})
    return open_program(folder / "pilot.toml", at="2026-11-30")


def model_of(folder: Path) -> str:
    """Return the model that a template is for: the one it uses, else the one whose default it or its parent is."""
    names = [layer.name for layer in chain_of(folder).layers]
    default = {offer.implementation.template: name for name, offer in CATALOGUE.models.items()}
    used = resolved(folder).get("model", {}).get("use")
    return used or next((default[name] for name in names if name in default), "one-on-one")


def with_template(folder: Path, template: Path, more: str) -> Opened:
    """Return a program of four lines, and some more, that extends a template."""
    what_it_leaves = WHAT_IT_NEEDS.get(template.name, "") if "count" in resolved(template)["sessions"] else BASICS
    return four_lines(folder, model_of(template), f'extends = "{template.name}"\n{what_it_leaves}{more}')


def other_words(opened: Opened) -> str:
    """Return a program's line that renames all its roles."""
    named = zip((role.name for role in opened.roles), ("road captain", "rider", "navigator"), strict=False)
    return f"words = {{ {', '.join(f'{role} = {word!r}' for role, word in named)} }}\n"


@frozen
class Setting:
    """What a message is about: how many partners, whether there is a session, and how it ended."""

    partners: int
    session: bool
    ending: Ending = ""


def letters(one: Opened, setting: Setting) -> Iterator[tuple[str, str, Rendered]]:
    """Yield step, reader and text of every message of a program."""
    words = role_words(one.program, one.roles)
    for step in one.program.timeline:
        if (setting.session or step.when.anchor != "session") and _can_be(step, setting.ending):
            for role in dict.fromkeys(role for group in step.to for role in reader_roles(one.roles, group)):
                text = step.message.pick(role, "")
                assert text is not None
                reader, topics = _reader(one, role), _topics(one, role, setting)
                yield step.name, role, render(text, known_names(one.program, words, one.roster, step, reader, topics))


def _can_be(step: Step, ending: Ending) -> bool:
    ended = step.condition is not None and step.condition.kind == "ended early"
    return ended == bool(ending)


def _reader(one: Opened, role: str) -> Reader:
    if role in one.program.contacts:
        return Reader(None, role, "Europe/London", "", f"{role}@example.org")
    first = one.roles[0].name
    return Reader(one.roster.by_id["1" if role == first else "2"], role, "Europe/London")


def _topics(one: Opened, role: str, setting: Setting) -> tuple[Topic, ...]:
    if role in ("not-signed-up", "managers"):
        return ()
    first, last = one.roles[0].name, one.roles[-1].name
    second = role == last != first
    others, own = (["1", "3"], ("2", last)) if second else (["2", "3"], ("1", first))
    made = [
        Relationship(f"r{other}", (Member(*own), Member(other, first if second else last)), 80.0)
        for other in others[: setting.partners]
    ]
    return tuple(_topic(relationship, setting) for relationship in made)


def _topic(relationship: Relationship, setting: Setting) -> Topic:
    if not setting.session:
        return Topic(relationship, ending=setting.ending)
    local = datetime(2027, 1, 25, 9)  # noqa: DTZ001 (local time and zone, as sessions are kept)
    starts = to_utc(local, "Europe/London")
    one = Session("s", relationship.id, "sessions", 1, local, "Europe/London", starts, 60, relationship.people())
    return Topic(relationship, one, (one,), setting.ending)


SETTINGS = [
    Setting(partners, session, ending) for partners in (1, 2) for session in (True, False) for ending in ENDINGS
]
ANSWERABLE = ("reply to this message", "tell us", "let us know", "Send your answers", "in a reply", "We would like")


@pytest.mark.uncounted
@each_template
@pytest.mark.parametrize("more", [CAMPAIGN, WHOLE], ids=["least", "whole"])
def test_every_message_reads_well(tmp_path: Path, folder: Path, more: str) -> None:
    one = with_template(tmp_path, folder, more)
    answered = COORDINATOR in more
    for setting in SETTINGS:
        for step, role, letter in letters(one, setting):
            about = (step, role, setting)
            lines = letter.text.splitlines()
            closings = [number for number, line in enumerate(lines) if re.fullmatch(r"(With|Kind) [a-z ]+,", line)]
            assert all("" == lines[number - 1] and "" == lines[number + 1] for number in closings), about
            asks = any(re.search(words, letter.text, re.IGNORECASE) for words in ANSWERABLE)
            assert ("team@example.org" in letter.text) is asks, about
            assert answered or not asks, about
            assert "  " not in re.sub(r"\n +", "\n", letter.text), about
            assert "None" not in letter.text, about
            assert 5 < len(letter.subject) < 100, about
            assert len(letter.text.split()) < 400, about


@each_template
def test_what_participants_get_in_one_other_language_they_get_in_each(folder: Path) -> None:
    program = resolved(folder)
    ours = {path.name for path in (folder / "messages").glob("*.md")}
    languages = {name.split(".")[-2] for name in ours if re.fullmatch(r"[a-z]{2}", name.split(".")[-2])}
    steps = [one for one in (program["timeline"] | program["surveys"]).values() if not one.get("off")]
    for step in steps if languages else ():
        groups = [step["to"]] if isinstance(step["to"], str) else step["to"]
        name = Path(step["message"]).name
        if set(groups) - {"coordinator", "sponsor", "managers"}:
            there = {one.split(".")[-2] for one in ours if one.startswith(f"{name}.")} & languages
            assert languages == there, name


@each_template
def test_whoever_reads_messages_in_a_language_finds_agendas_and_questions_in_it(folder: Path) -> None:
    ours = {path.name for path in (folder / "messages").glob("*.md")}
    languages = {name.split(".")[-2] for name in ours if re.fullmatch(r"[a-z]{2}", name.split(".")[-2])}
    brings = read_contents(folder.name, CATALOGUE)
    for one in (*brings.series, *(step for step in brings.steps if step.questions)) if languages else ():
        assert languages == set(one.languages), one.name
    if languages:
        agendas = resolved(folder)["sessions"]["agendas"].rstrip("/")
        originals = {path.stem for path in (folder / agendas).glob("*.md") if "." not in path.stem}
        translated = {path.stem for path in (folder / agendas).glob("*.md")} - originals
        assert {f"{name}.{one}" for name in originals for one in languages} == translated


def test_the_session_of_a_message_about_several_is_the_earliest(tmp_path: Path) -> None:
    one = four_lines(tmp_path, "one-on-one", WHOLE)
    role = one.roles[0].name
    early, late = _topics(one, role, Setting(2, session=True))
    assert early.session is not None
    local = early.session.local.replace(day=26)
    late = evolve(late, session=evolve(early.session, local=local, starts=to_utc(local, "Europe/London")))
    words = role_words(one.program, one.roles)
    step = one.program.timeline[0]
    for topics in ((early, late), (late, early)):
        names = known_names(one.program, words, one.roster, step, _reader(one, role), topics)
        assert "Monday 25 January 2027" == names["session"]["date"]


def test_without_a_coordinator_questions_are_for_people_themselves(tmp_path: Path) -> None:
    one = four_lines(tmp_path, "one-on-one", CAMPAIGN)
    surveys = {step.name for step in one.program.timeline if step.questions} | {"closing-reminder"}
    told = [(step, letter.text) for step, _, letter in letters(one, Setting(1, session=True)) if step in surveys]

    assert surveys == {step for step, _ in told}
    assert [] == [step for step, text in told if "nothing to send" not in " ".join(text.split())]


def test_every_group_of_people_is_written_to(tmp_path: Path) -> None:
    roles = {role for _, role, _ in letters(four_lines(tmp_path, "one-on-one", WHOLE), Setting(1, session=True))}

    assert {"mentor", "mentee", "coordinator", "sponsor", "managers", "not-signed-up"} == roles


@pytest.mark.parametrize(
    ("ending", "says"),
    [("left", "can no longer take part"), ("declined", "does not go ahead"), ("ended", "come to the end"),
     ("rematched", "anew")],
)  # fmt: skip
def test_an_early_end_is_told_by_its_reason(tmp_path: Path, ending: Ending, says: str) -> None:
    one = four_lines(tmp_path, "one-on-one", WHOLE)
    told = {role: letter.text for _, role, letter in letters(one, Setting(1, session=False, ending=ending))}

    assert {"mentor", "mentee", "coordinator"} == set(told)
    assert [True, True] == [says in " ".join(told[role].split()) for role in ("mentor", "mentee")]


@pytest.mark.uncounted
@each_template
def test_a_program_that_renames_its_roles_reads_of_no_others(tmp_path: Path, folder: Path) -> None:
    words = other_words(with_template(tmp_path / "before", folder, WHOLE))
    one = with_template(tmp_path, folder, words + WHOLE)
    wording = program_wording(one.program, role_words(one.program, one.roles))
    agendas = [wording.agenda(agenda)[1] for series in one.program.series for agenda in series.agendas]
    assert agendas or "agendas" not in resolved(folder)["sessions"]
    assert [] == [name for text in agendas for name in re.findall(r"(?i)\b(?:mentor|mentee)s?\b", text)]
    for ending in ENDINGS:
        for step, role, letter in letters(one, Setting(1, session=True, ending=ending)):
            told = f"{letter.subject}\n{letter.text}".replace("Pilot", "")
            assert [] == re.findall(r"(?i)\b(?:mentor|mentee)s?\b", told), (step, role)


@each_template
def test_the_readme_tells_when_each_step_happens_and_to_whom(folder: Path) -> None:
    """Steps of its own file; a README may tell those of what it extends, and then tells them as they are."""
    own, whole = declared(folder), resolved(folder)
    tables = re.findall(r"(?m)^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \|$", (folder / "README.md").read_text("utf-8"))
    told = {name: (when, who) for name, when, who in tables}
    steps = own.get("timeline", {}) | own.get("surveys", {})
    must = {name for name, step in steps.items() if "when" in step and not step.get("off")}

    assert set() == must - set(told)
    for name, step in (whole["timeline"] | whole["surveys"]).items():
        if name in told:
            when, who = told[name]
            for number in re.findall(r"[1-9]\d*", step["when"].partition(" at ")[0] + step.get("if", "")):
                spoken = {"14": "two weeks", "1": "the business day"}
                assert number in when or spoken.get(number, "?") in when, (name, when)
            groups = [step["to"]] if isinstance(step["to"], str) else step["to"]
            assert all(group in who for group in groups if group in ("coordinator", "sponsor")), (name, who)


def test_four_lines_are_told_once_what_they_do_without(tmp_path: Path) -> None:
    program_folder(tmp_path, {"people.csv": PEOPLE, "pilot.toml": "".join(f"{line}\n" for line in FOUR)})
    one = open_program(tmp_path / "pilot.toml", at="2027-01-04")

    told = [(found.code, found.severity) for found in one.diagnostics if found.code != "default-left-out"]
    assert [
        ("timezone-default", "note"),
        ("step-left-out", "note"),
        ("step-left-out", "note"),
        ("no-contact", "note"),
        ("no-contact", "note"),
    ] == told
