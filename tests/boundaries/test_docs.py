"""The docs say what the code does: codes, options, keys and the README's first program are compared, not trusted."""

import importlib
import json
import re
from pathlib import Path

import attrs
import click
import pytest

from mentorkit.command_line import COMMANDS
from mentorkit.command_line.boundary import run_command
from mentorkit.core import contracts
from mentorkit.core.declaring.declarations import ProgramFile
from mentorkit.core.plan import Newcomer
from mentorkit.ledger import open_ledger
from mentorkit.plugin_loading import CONTRACTS, build_catalogue, with_plugin_files
from mentorkit.running.channels import open_channel
from mentorkit.running.delivering import carry_out
from mentorkit.testing import a_person, a_plan, a_transmission, program_folder

ROOT = Path(__file__).parent.parent.parent
SOURCES = [*ROOT.glob("mentorkit/**/*.py"), *ROOT.glob("plugins/**/*.py")]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_every_diagnostic_code_is_documented_and_every_documented_one_exists():
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", page("reference/diagnostics.md"), re.MULTILINE))
    used = set(re.findall(r'\b(?:error|warning|note)\(\s*"([a-z-]+)"', CODE))
    used |= set(re.findall(r'\.(?:error|warning|note)\((?:\([^()]*\)|\w+),\s*"([a-z-]+)"', CODE))  # after a key's path
    assert set() == used - documented
    made = tuple(re.findall(r'f"([a-z-]+-)\{', CODE))
    assert set() == {code for code in documented if f'"{code}"' not in CODE and not code.startswith(made)}
    assert len(documented) > 100


def commands(command: click.Command, name: str):
    if isinstance(command, click.Group):
        for inner, one in command.commands.items():
            yield from commands(one, f"{name} {inner}")
    else:
        yield name, command


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name):
    text = page("reference/command-line.md")
    for path, command in commands(importlib.import_module(f"mentorkit.command_line.{name}").command, name):
        assert f"`mentorkit {path}" in text or f"`mentorkit {name} list|show" in text or path.split()[1] in text
        for option in (one for one in command.params if isinstance(one, click.Option)):
            assert f"`{option.opts[-1]}" in text or f"{option.opts[-1]} " in text, option.opts


def test_every_key_of_the_program_file_is_documented():
    text = page("reference/program-file.md")
    for table in attrs.fields(ProgramFile):
        assert f"`[{table.name}" in text or f"`{table.name}`" in text or f"{table.name}." in text, table.name


def test_every_bundled_kind_is_documented():
    text = page("reference/program-file.md")
    catalogue = build_catalogue()
    for kind in ("criteria", "rules", "models"):
        for name in catalogue.kinds()[kind]:
            assert f"`{name}`" in text, name


def test_the_guide_for_plugin_authors_names_every_contract():
    text = page("how-to/write-a-plugin.md")
    assert all(f"`{contract.__name__}`" in text for contract in CONTRACTS.values())
    assert all(hasattr(contracts, contract.__name__) for contract in CONTRACTS.values())


def test_tests_that_pages_name_exist():
    pages = [*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")]
    text = "\n".join(one.read_text(encoding="utf-8") for one in pages)
    paths = set(re.findall(r"tests/[A-Za-z0-9_/]*[A-Za-z0-9_](?:\.[a-z]+)?", text))
    assert [] == sorted(one for one in paths if not (ROOT / one).exists() and not (ROOT / f"{one}.py").exists())
    known = "\n".join(one.read_text(encoding="utf-8") for one in ROOT.glob("tests/**/test_*.py"))
    functions = set(re.findall(r"^\s*(?:async )?def (test_\w+)", known, re.MULTILINE))
    modules = {one.stem for one in ROOT.glob("tests/**/test_*.py")}
    assert [] == sorted(set(re.findall(r"(?<![\w/])test_\w+", text)) - functions - modules)


def test_the_readmes_first_program_runs(tmp_path, monkeypatch, capfd):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    people, program = (re.search(rf"```{kind}\n(.*?)```", readme, re.DOTALL).group(1) for kind in ("csv", "toml"))
    program_folder(tmp_path, {"people.csv": people, "pilot.toml": program})
    monkeypatch.chdir(tmp_path)
    shown = [line.split()[2:] for line in re.findall(r"^\$ mentorkit .*$", readme, re.MULTILINE)]
    assert ["run", "pilot.toml", "--simulate"] in shown
    for arguments in shown:
        at = ["--at", "2027-01-11T10:00"] if arguments[0] in ("match", "plan", "run", "status") else []
        assert 0 == run_command([*arguments, *([] if "--simulate" in arguments else at)]), arguments
    assert "3 matched of 3 possible" in capfd.readouterr().out


def test_the_rule_of_the_guide_works(tmp_path, monkeypatch, capfd):
    guide = page("how-to/write-a-plugin.md")
    rule, use = (re.search(rf"```{kind}\n(.*?)```", guide, re.DOTALL).group(1) for kind in ("python", "toml"))
    people = "id,role,department\n1,mentor,Internal Audit\n2,mentor,Sales\n3,mentee,Finance\n4,mentee,Finance\n"
    program = 'program = { name = "P", starts = 2027-01-11 }\nroster.file = "people.csv"\nmodel.use = "one-on-one"\n'
    program_folder(tmp_path, {"acme_rules.py": rule, "people.csv": people, "p.toml": program + use})
    monkeypatch.chdir(tmp_path)
    assert 0 == run_command(["match", "p.toml", "--at", "2027-01-11T10:00"])
    told = capfd.readouterr().out
    assert "1 matched of 1 possible" in told
    assert "not-the-auditor rules out 1" in told


def section(heading: str) -> str:
    return page("how-to/write-a-plugin.md").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def examples(heading: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", section(heading), re.DOTALL)


def test_the_criterion_of_the_guide_works(tmp_path, monkeypatch, capfd):
    (criterion,), (use,) = examples("A criterion", "python"), examples("A criterion", "toml")
    people = "id,role,location\n1,mentor,Harbor\n2,mentor,Campus\n3,mentee,Market\n4,mentee,Campus\n"
    program = 'program = { name = "P", starts = 2027-01-11 }\nroster.file = "people.csv"\nmodel.use = "one-on-one"\n'
    program_folder(tmp_path, {"acme_stops.py": criterion, "people.csv": people, "p.toml": program + use})
    monkeypatch.chdir(tmp_path)
    assert 0 == run_command(["match", "p.toml", "--json", "--at", "2027-01-11T10:00"])
    found = json.loads(capfd.readouterr().out)["relationships"]
    assert {("1", "3", 50.0), ("2", "4", 100.0)} == {(*one["mentors"], *one["mentees"], one["score"]) for one in found}


def test_the_model_of_the_guide_works(tmp_path, monkeypatch, capfd):
    (model,), (program,) = examples("A model", "python"), examples("A model", "toml")
    people = "id,level,department,email\n1,2,Sales,a@example.org\n2,2,Law,b@example.org\n3,1,Law,c@example.org\n"
    hello = "---\nsubject: Welcome\n---\nHello {{ me.name }}, meet {{ partners[0].name }}.\n"
    files = {"acme_buddies.py": model, "people.csv": people, "p.toml": program, "messages/hello.md": hello}
    program_folder(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    assert 0 == run_command(["check", "p.toml"])
    assert 0 == run_command(["run", "p.toml", "--at", "2027-01-11T10:00"])
    capfd.readouterr()
    assert ["buddy", "newcomer"] == sorted(path.name.split(".")[3] for path in tmp_path.glob("p.run/outbox/*.eml"))
    assert "2,buddy,100.0" in (tmp_path / "p.run/matches.csv").read_text()


def test_the_channel_of_the_guide_works(tmp_path):
    (source,) = examples("A channel", "python")
    program_folder(tmp_path, {"acme_notice.py": source})
    catalogue = with_plugin_files(build_catalogue(), [(tmp_path / "acme_notice.py", "acme_notice.py")])
    kind = catalogue.channels["notice"].implementation
    channel = open_channel(kind, None, contracts.ChannelSetting(str(tmp_path)))
    with open_ledger(tmp_path / "ledger.sqlite", create_for="pilot", durable=False) as ledger:
        plan = a_plan(newcomers=(Newcomer(1, "17"),), due=(a_transmission("a", 1, "17"),))
        outcome = carry_out(plan, ledger, [channel], _composed, people={"17": a_person("17")})
    assert 1 == len(outcome.sent)
    assert "a: Hello\n" == (tmp_path / "notices.txt").read_text()


def _composed(one):
    return contracts.Outgoing(one.key, "Ada", "", "", "", "Hello", "Hello.", "", one.due, f"{one.key}@pilot")
