import tomllib
from pathlib import Path

import pytest

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Role, Template
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import Requires
from mentorkit.loading.loader import Loaded, load_program
from mentorkit.loading.templates import keep_template, list_templates, show_template
from mentorkit.testing import a_catalogue, program_folder

MESSAGE = "---\nsubject: Hello\n---\nText\n"
BASE = {
    "template.toml": """\
[template]
name = "base"
version = "1.2.0"
summary = "What others build on."
[parameters.rhythm]
type = "length"
help = "How often."
[parameters.pairs]
type = "integer"
default = 2
[program]
length = "24 weeks"
[sessions]
count = { parameter = "pairs" }
cadence = { parameter = "rhythm" }
agendas = "agendas"
[timeline.hello]
when = "start"
to = "everyone"
message = "messages/hello"
[timeline.bye]
when = "end"
to = "everyone"
message = "messages/hello"
[requires]
columns = ["level"]
""",
    "messages/hello.md": MESSAGE,
    "agendas/1.md": "# One\n",
    "agendas/2.md": "# Two\n",
    ".hidden": "x",
    "__pycache__/x.pyc": "x",
}
ABOVE = {
    "template.toml": """\
extends = "base >=1"
[template]
name = "above"
version = "3"
[parameters]
rhythm = "every 2 weeks"
[timeline.bye]
off = true
[requires]
people = 6
""",
    "agendas/2.md": "# Better\n",
}


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    class Model:
        name, summary, options, shape, matcher, template = "duo", "", None, "two-sided", "best", "above"
        roles = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))

    class Matcher:
        name, summary, options, shapes = "best", "", None, frozenset({"two-sided"})

    folders = {name: program_folder(tmp_path / "installed" / name, files) for name, files in TEMPLATES.items()}
    return a_catalogue(
        models=[Model()], matchers=[Matcher()], templates=[Template(name, folder) for name, folder in folders.items()]
    )


TEMPLATES = {"above": ABOVE, "base": BASE}
PROGRAM = """\
extends = "above"
program = { name = "Pilot", starts = 2027-01-11, timezone = "Europe/London" }
roster.file = "people.csv"
model.use = "duo"
"""


def load(folder: Path, catalogue: Catalogue, text: str = PROGRAM, kept: Path | None = None) -> Loaded:
    program_folder(folder, {"pilot.toml": text})
    return load_program(folder / "pilot.toml", catalogue, kept=kept)


@pytest.mark.parametrize(
    "text", [PROGRAM, PROGRAM.replace('extends = "above"\n', ""), PROGRAM + "parameters.pairs = 1\n"]
)
def test_a_kept_template_gives_the_same_program(tmp_path: Path, catalogue: Catalogue, text: str) -> None:
    first = load(tmp_path, catalogue, text)
    assert first.program is not None, first.diagnostics
    keep_template(first, tmp_path / "pilot.run" / "template")
    again = load(tmp_path, catalogue, text, kept=tmp_path / "pilot.run" / "template")
    assert again.program is not None, again.diagnostics
    assert first.program.digest == again.program.digest
    assert first.program.template == again.program.template


def test_a_run_lives_by_the_template_it_kept(tmp_path: Path, catalogue: Catalogue) -> None:
    kept = tmp_path / "template"
    keep_template(load(tmp_path, catalogue), kept)
    program_folder(tmp_path / "installed" / "above", {"agendas/1.md": "# New\n"})
    program_folder(
        tmp_path / "installed" / "base", {"template.toml": BASE["template.toml"].replace("24 weeks", "9 weeks")}
    )
    fresh, lived = load(tmp_path, catalogue).program, load(tmp_path, catalogue, kept=kept).program
    assert fresh is not None
    assert lived is not None
    assert ("9 weeks", "New") == (str(fresh.length), fresh.series[0].agendas[0].title)
    assert ("24 weeks", "One") == (str(lived.length), lived.series[0].agendas[0].title)
    assert fresh.template.digest != lived.template.digest


def test_the_kept_folder_holds_one_template_and_its_files(tmp_path: Path, catalogue: Catalogue) -> None:
    program_folder(tmp_path, {"messages/hello.md": MESSAGE + "Ours\n"})
    kept = tmp_path / "pilot.run" / "template"
    for _ in range(2):
        keep_template(load(tmp_path, catalogue), kept)
    files = sorted(str(path.relative_to(kept)) for path in kept.rglob("*") if path.is_file())
    assert ["agendas/1.md", "agendas/2.md", "messages/hello.md", "template.toml"] == files
    assert [kept] == list(kept.parent.iterdir())
    assert MESSAGE == (kept / "messages/hello.md").read_text()
    assert "# Better\n" == (kept / "agendas/2.md").read_text()
    values = tomllib.loads((kept / "template.toml").read_text())
    assert {"name": "above", "version": "3", "summary": ""} == values["template"]
    assert {"parameter": "rhythm"} == values["sessions"]["cadence"]
    assert ("every 2 weeks", ["hello"]) == (values["parameters"]["rhythm"]["default"], list(values["timeline"]))
    assert "extends" not in values
    assert {0o600} == {path.stat().st_mode & 0o777 for path in kept.rglob("*") if path.is_file()}
    assert {0o700} == {path.stat().st_mode & 0o777 for path in [kept, *kept.rglob("*")] if path.is_dir()}


def test_a_program_cannot_change_its_template_under_a_run(tmp_path: Path, catalogue: Catalogue) -> None:
    kept = tmp_path / "template"
    keep_template(load(tmp_path, catalogue), kept)
    for text, code in (('"base"', "template-changed"), ('"above >=4"', "extends-versions")):
        loaded = load(tmp_path, catalogue, PROGRAM.replace('"above"', text), kept=kept)
        assert [(code, 1)] == [(one.code, one.line) for one in loaded.diagnostics]


def test_a_folder_without_a_kept_template_does_not_matter(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "empty").mkdir()
    assert load(tmp_path, catalogue, kept=tmp_path / "empty").program == load(tmp_path, catalogue).program


def test_a_template_that_cannot_be_kept_leaves_what_was_there(tmp_path: Path, catalogue: Catalogue) -> None:
    loaded, kept = load(tmp_path, catalogue), tmp_path / "run" / "template"
    keep_template(loaded, kept)
    before = sorted(kept.rglob("*"))
    unreadable = tmp_path / "installed" / "base" / "agendas" / "3.md"
    unreadable.mkdir()
    (unreadable / "x.md").touch()
    (tmp_path / "installed" / "above" / "agendas" / "3.md").write_text("a file where the other has a folder")
    with pytest.raises(OSError, match=r"3\.md"):
        keep_template(loaded, kept)
    assert before == sorted(kept.rglob("*"))
    assert [kept] == list(kept.parent.iterdir())


def test_only_a_program_with_a_template_can_keep_one(tmp_path: Path, catalogue: Catalogue) -> None:
    loaded = load(tmp_path, catalogue, PROGRAM.replace("above", "abov"))
    with pytest.raises(ProgramError, match="no template"):
        keep_template(loaded, tmp_path / "template")


def test_templates_are_listed_with_what_they_offer(tmp_path: Path, catalogue: Catalogue) -> None:
    above, base = list_templates(catalogue)
    assert ("above", "3", ("base",), "tests 1 (entry point tests)") == (
        above.name,
        above.version,
        above.extends,
        above.origin,
    )
    assert ("base", "1.2.0", "What others build on.", ()) == (base.name, base.version, base.summary, base.problems)
    shown = show_template("above", catalogue)
    assert above == shown
    assert [("rhythm", "length", "every 2 weeks", "How often."), ("pairs", "integer", 2, "")] == [
        (one.name, one.type, one.default, one.help) for one in shown.parameters
    ]
    assert ("agendas/1.md", "agendas/2.md", "messages/hello.md") == shown.files
    assert Requires(("level",), 6) == shown.requires
    assert ["hello"] == list(shown.values["timeline"])
    with pytest.raises(ProgramError, match="no template"):
        show_template("abov", catalogue)


def test_a_broken_template_is_listed_with_its_problems(tmp_path: Path, catalogue: Catalogue) -> None:
    program_folder(tmp_path / "installed" / "above", {"template.toml": "[template]\nname = 1\n"})
    above, base = list_templates(catalogue)
    assert ["missing-key", "wrong-type"] == sorted(one.code for one in above.problems)
    assert {"above/template.toml"} == {one.file for one in above.problems}
    assert () == base.problems
