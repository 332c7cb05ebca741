import tomllib
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
import tomli_w
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import PairTable, Role, Template
from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.errors import PluginError
from mentorkit.core.program import Length, Program
from mentorkit.loading.loader import Loaded, load_program, shown_values
from mentorkit.testing import a_catalogue, program_folder


@frozen
class Model:
    """As much of a model as loading asks for."""

    name: str = "duo"
    summary: str = ""
    options: type | None = None
    roles: tuple[Role, ...] = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
    shape: str = "two-sided"
    matcher: str = "best"
    template: str = "plain"


@frozen
class Matcher:
    name: str = "best"
    summary: str = ""
    options: type | None = None
    shapes: frozenset[str] = frozenset({"two-sided"})

    def columns(self, options: Any) -> tuple[str, ...]:
        return ()


@frozen
class Kind:
    """A criterion, rule, KPI or scope, as loading sees it."""

    name: str
    options: type | None = None
    summary: str = ""
    unit: str = "share"


@frozen
class SpanOptions:
    span: float
    target: float = 0


@frozen
class GapOptions:
    at_least: int = 0


@frozen
class PairOptions:
    pairs: PairTable


MESSAGE = "---\nsubject: Hello\n---\nText\n"
PLAIN = {
    "template.toml": """\
format = 1
[template]
name = "plain"
version = "1.2.0"
summary = "For tests."
[parameters.rhythm]
type = "length"
default = "every 4 weeks"
[program]
length = "24 weeks"
[matching.criteria.near]
column = "level"
span = 3
weight = 2
[matching.rules.gap]
at_least = 1
[sessions]
count = 3
cadence = { parameter = "rhythm" }
agendas = "agendas"
[timeline.hello]
when = "match"
to = ["mentor", "mentee"]
message = "messages/hello"
[timeline.summary]
when = "match + 1 day"
to = "coordinator"
message = "messages/hello"
[timeline.invite]
when = "opens"
to = "eligible"
message = "messages/hello"
[surveys.closing]
questions = "surveys/closing.toml"
when = "end"
to = "everyone"
[kpis.rate]
target = 0.9
[requires]
columns = ["level"]
people = 4
""",
    "messages/hello.md": MESSAGE,
    "messages/survey.md": MESSAGE,
    "agendas/1.md": "# First\n",
    "agendas/2.md": "# Second\n",
    "agendas/3.md": "Third\n",
    "surveys/closing.toml": '[[question]]\nid = "q"\ntext = "How?"\nkind = "scale"\n',
}
SMALLEST = 'program.name = "Pilot"\nprogram.starts = 2027-01-11\nroster.file = "people.csv"\nmodel.use = "duo"\n'
EXTENDING = (
    'extends = "plain"\n' + SMALLEST + 'program.timezone = "Europe/London"\nprogram.coordinator = "c@example.org"\n'
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return with_templates(tmp_path, plain=PLAIN)


def with_templates(folder: Path, **templates: Mapping[str, str]) -> Catalogue:
    offered = [Template(name, program_folder(folder / "installed" / name, files)) for name, files in templates.items()]
    return a_catalogue(
        models=[Model()],
        scopes=[Kind("narrow")],
        matchers=[Matcher(), Matcher("grouping", shapes=frozenset({"groups"}))],
        criteria=[Kind("near", SpanOptions), Kind("same")],
        rules=[Kind("gap", GapOptions), Kind("never", PairOptions)],
        kpis=[Kind("rate")],
        templates=offered,
    )


def load(folder: Path, catalogue: Catalogue, text: str, kept: Path | None = None, **files: str | bytes) -> Loaded:
    program_folder(folder, {"aurora.toml": text, **{name.replace("__", "/"): body for name, body in files.items()}})
    return load_program(folder / "aurora.toml", catalogue, kept=kept)


def program_of(loaded: Loaded) -> Program:
    assert [] == [one for one in loaded.diagnostics if one.is_error]
    assert loaded.program is not None
    return loaded.program


def errors(loaded: Loaded) -> list[tuple[str, int | None, str]]:
    assert (loaded.program is None) == any(one.is_error for one in loaded.diagnostics)
    return [(one.code, one.line, one.path) for one in loaded.diagnostics if one.is_error]


def told(loaded: Loaded, code: str) -> Diagnostic:
    (found,) = [one for one in loaded.diagnostics if one.code == code]
    return found


# ------------------------------------------------------------------------------------------ the smallest program


def test_four_lines_are_a_program(tmp_path: Path, catalogue: Catalogue) -> None:
    program = program_of(load(tmp_path, catalogue, SMALLEST))
    assert ("aurora", "UTC", date(2027, 6, 28)) == (program.id, program.timezone, program.ends)
    assert (Length(4, "weeks"),) == program.series[0].cadence
    assert ["First", "Second", "3"] == [agenda.title for agenda in program.series[0].agendas]
    assert [("near", True)] == [(one.name, one.optional) for one in program.matching.criteria]
    assert [("gap", GapOptions(1), True)] == [(one.name, one.options, one.optional) for one in program.matching.rules]
    assert ["hello", "closing"] == [step.name for step in program.timeline]
    assert [("q", "scale")] == [(one.id, one.kind) for one in program.timeline[1].questions]
    assert ("best", str(tmp_path / "people.csv")) == (program.matching.matcher.name, program.roster.sources[0].path)
    assert ((), 4) == (program.requires.columns, program.requires.people)


def test_what_the_engine_decides_for_the_author_is_noted(tmp_path: Path, catalogue: Catalogue) -> None:
    loaded = load(tmp_path, catalogue, SMALLEST)
    assert [
        ("timezone-default", "note"),
        ("no-contact", "note"),
        ("step-left-out", "note"),
    ] == [(one.code, one.severity) for one in loaded.diagnostics]


def test_a_section_of_its_own_keeps_the_default_one_out(tmp_path: Path, catalogue: Catalogue) -> None:
    text = SMALLEST + '[matching.rules.keep]\nkind = "never"\npairs = [["1", "2"]]\n[sessions]\ncount = 1\n'
    program = program_of(load(tmp_path, catalogue, text))
    assert [("keep", False)] == [(one.name, one.optional) for one in program.matching.rules]
    assert [("near", True)] == [(one.name, one.optional) for one in program.matching.criteria]
    assert ((1, ())) == (program.series[0].count, program.series[0].agendas)


REPLACING = [
    ("[matching.rules.never]\npairs = []\n", "matching.rules", "gap is gone"),
    ("[matching.rules.gap]\nat_least = 3\n", "matching.rules", "of gap only what you write is left"),
    ("[timeline]\n", "timeline", "hello, invite, summary are gone"),
    ("[sessions]\ncount = 1\n", "sessions", "agendas, cadence are gone"),
    ("[series.club]\ncount = 1\n", "series", "sessions is gone"),
]


@pytest.mark.parametrize(("text", "section", "words"), REPLACING, ids=[words for _, _, words in REPLACING])
def test_a_section_that_takes_the_place_of_a_default_one_says_what_is_gone(
    tmp_path: Path, catalogue: Catalogue, text: str, section: str, words: str
) -> None:
    loaded = load(tmp_path, catalogue, SMALLEST + text)
    one = told(loaded, "replaces-default")
    assert ("note", 5, section) == (one.severity, one.line, one.path)
    assert f"your [{section}] takes the place of the template's: {words}" == one.message
    assert 'to change single entries of the template, write extends = "plain"' == one.help
    assert "replaces-default" not in [one.code for one in load(tmp_path, catalogue, EXTENDING + text).diagnostics]


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("[matching.criteria.level]\nweight = 5\n", "unknown-criterion", "matching.criteria.level"),
        ("[matching.criteria.near]\nspan = 5\n", "criterion-columns", "matching.criteria.near"),
        ('[matching.criteria.near]\ncolumn = "level"\n', "missing-key", "matching.criteria.near.span"),
        ("[timeline.summary]\noff = true\n", "off-without-entry", "timeline.summary"),
        ('[timeline.summary]\nto = "mentor"\nmessage = "messages/hello"\n', "missing-key", "timeline.summary.when"),
        ("[sessions]\nminutes = 30\n", "missing-key", "sessions.count"),
    ],
)
def test_a_change_to_an_entry_of_a_default_template_says_how_to_make_it(
    tmp_path: Path, catalogue: Catalogue, text: str, code: str, path: str
) -> None:
    kept = PLAIN["template.toml"] + '[matching.criteria.level]\nkind = "same"\ncolumn = "level"\n'
    catalogue = with_templates(tmp_path, plain={**PLAIN, "template.toml": kept})
    loaded = load(tmp_path, catalogue, SMALLEST + text)
    assert [(code, path)] == [(one, where) for one, _, where in errors(loaded)]
    assert 'to change single entries of the template, write extends = "plain"' == told(loaded, code).help


def test_a_model_without_an_installed_template_needs_everything_said(tmp_path: Path) -> None:
    catalogue = with_templates(tmp_path)
    loaded = load(tmp_path, catalogue, SMALLEST)
    assert [("missing-key", 1, "program.length")] == errors(loaded)
    assert 'write length = "24 weeks"' == told(loaded, "missing-key").help
    one = told(loaded, "no-default-template")
    assert ("note", 4, "model.use") == (one.severity, one.line, one.path)
    assert (
        'the template "plain" of the model "duo" is not installed: only what the program writes is there' == one.message
    )
    assert "program.length, [matching.criteria.NAME], [sessions] and [timeline.NAME]" in one.help
    loaded = load(tmp_path, catalogue, SMALLEST + 'program.length = "1 day"\n')
    assert ("none", ()) == (program_of(loaded).template.name, program_of(loaded).timeline)
    assert told(loaded, "no-default-template").message == one.message
    bare = evolve(catalogue, models=a_catalogue(models=[Model(template="")]).models)
    assert 'the model "duo" brings no template: only what the program writes is there' == (
        told(load(tmp_path, bare, SMALLEST), "no-default-template").message
    )


def test_an_empty_program_shows_the_smallest_one(tmp_path: Path, catalogue: Catalogue) -> None:
    loaded = load(tmp_path, catalogue, "# nothing yet\n")
    (one,) = loaded.diagnostics
    assert ("program-empty", "error", f"{tmp_path}/aurora.toml") == (one.code, one.severity, one.file)
    lines = one.help.splitlines()[1:]
    assert 4 == len(lines)
    assert errors(load(tmp_path, catalogue, "\n".join(lines).replace("one-on-one", "duo"))) == []


# -------------------------------------------------------------------------------------------- templates, merging


def test_extending_merges_key_by_key(tmp_path: Path, catalogue: Catalogue) -> None:
    text = EXTENDING + (
        '[parameters]\nrhythm = "every 2 weeks"\n[matching.criteria.near]\nweight = 5\n[timeline.invite]\noff = true\n'
    )
    loaded = load(tmp_path, catalogue, text)
    program = program_of(loaded)
    assert () == loaded.diagnostics
    (near,) = program.matching.criteria
    assert (5.0, "level", SpanOptions(3), False) == (near.weight, near.left, near.options, near.optional)
    assert (Length(2, "weeks"),) == program.series[0].cadence
    assert ["hello", "summary", "closing"] == [step.name for step in program.timeline]
    assert (("level",), ("plain", "1.2.0")) == (
        program.requires.columns,
        (program.template.name, program.template.version),
    )


@pytest.mark.parametrize(
    ("extends", "code", "help_"),
    [
        ("plane", "extends-unknown", 'did you mean "plain"?'),
        ("plain >=2", "extends-versions", "install another version, or change extends"),
        ("plain two", "extends-versions", 'write ">=1.2,<2" after the name'),
        ("./nowhere", "extends-unknown", "a template is a folder"),
        ("../other", "outside-folder", "put the template into the program's folder, or install it as a package"),
        ("/tmp", "outside-folder", "put the template into the program's folder, or install it as a package"),
        ("https://example.org/t", "extends-path", "install the template as a package, and name it"),
        ("?", "extends-unknown", 'write a name, such as "traditional-one-on-one >=1,<2"'),
    ],
)
def test_what_cannot_be_extended_is_told_where_it_is_said(
    tmp_path: Path, catalogue: Catalogue, extends: str, code: str, help_: str
) -> None:
    loaded = load(tmp_path, catalogue, EXTENDING.replace('"plain"', f'"{extends}"'))
    assert [(code, 1, "extends")] == errors(loaded)
    assert help_ == loaded.diagnostics[0].help


def test_versions_choose(tmp_path: Path, catalogue: Catalogue) -> None:
    program = program_of(load(tmp_path, catalogue, EXTENDING.replace('"plain"', '"plain >=1.2,<2"')))
    assert ("plain", "1.2.0") == (program.template.name, program.template.version)


def test_only_what_the_program_wrote_itself_must_have_its_columns(tmp_path: Path, catalogue: Catalogue) -> None:
    use = program_of(load(tmp_path, catalogue, EXTENDING)).matching
    assert [("near", True), ("gap", True)] == [(one.name, one.optional) for one in (*use.criteria, *use.rules)]
    own = "[matching.criteria.near]\nweight = 5\n[matching.rules.gap]\nat_least = 2\n"
    loaded = load(tmp_path, catalogue, EXTENDING + own)
    use = program_of(loaded).matching
    assert [("near", False), ("gap", False)] == [(one.name, one.optional) for one in (*use.criteria, *use.rules)]
    for path, line in (("matching.criteria.near", 8), ("matching.rules.gap", 10)):
        placed = loaded.placed(Diagnostic("x", "error", "x", path=path))
        assert (f"{tmp_path}/aurora.toml", line) == (placed.file, placed.line)
    assert "plain/template.toml" == loaded.placed(Diagnostic("x", "error", "x", path="timeline.hello")).file


def test_a_program_extends_a_folder_beside_it(tmp_path: Path, catalogue: Catalogue) -> None:
    program_folder(tmp_path / "ours", PLAIN)
    program = program_of(load(tmp_path, catalogue, EXTENDING.replace('"plain"', '"./ours"')))
    assert "hello" == program.timeline[0].name


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "secret").write_text(MESSAGE)
    program_folder(tmp_path / "p" / "ours", PLAIN)
    (tmp_path / "p" / "ours" / "messages" / "hello.md").unlink()
    (tmp_path / "p" / "ours" / "messages" / "hello.md").symlink_to(tmp_path / "secret")
    loaded = load(tmp_path / "p", catalogue, EXTENDING.replace('"plain"', '"./ours"'))
    assert "outside-folder" in [code for code, _, _ in errors(loaded)]
    (tmp_path / "p" / "linked").symlink_to(tmp_path / "installed" / "plain")
    loaded = load(tmp_path / "p", catalogue, EXTENDING.replace('"plain"', '"./linked"'))
    assert [("outside-folder", 1, "extends")] == errors(loaded)


def a_template(name: str, extends: str, more: str = "") -> dict[str, str]:
    return {"template.toml": f'extends = "{extends}"\n[template]\nname = "{name}"\nversion = "1"\n{more}'}


def test_templates_extend_templates_and_the_nearest_wins(tmp_path: Path) -> None:
    middle = a_template(
        "middle",
        "plain >=1",
        '[parameters]\nrhythm = "every 3 weeks"\n[parameters.pairs]\ntype = "integer"\ndefault = 2\n'
        '[sessions]\ncount = { parameter = "pairs" }\n[requires]\npeople = 9\n',
    )
    middle["agendas/2.md"] = "# Better\n"
    catalogue = with_templates(tmp_path, plain=PLAIN, middle=middle)
    loaded = load(tmp_path, catalogue, EXTENDING.replace('"plain"', '"middle"'), agendas__1__md="")
    program = program_of(loaded)
    (series,) = program.series
    assert (2, (Length(3, "weeks"),)) == (series.count, series.cadence)
    assert ["First", "Better", "3"] == [one.title for one in series.agendas]
    assert (9, ("level",)) == (
        program.requires.people,
        program.requires.columns,
    )
    assert "middle" == program.template.name
    assert loaded.origins["sessions.cadence"].file.endswith("middle/template.toml")


@pytest.mark.parametrize(
    ("chain", "code", "said"),
    [
        ({"a": "b", "b": "a"}, "extends-cycle", "a → b → a"),
        ({"a": "a"}, "extends-cycle", "a → a"),
        ({"a": "b", "b": "nothing"}, "extends-unknown", "a → b"),
        ({"a": "../plain"}, "extends-path", "by name only"),
        ({f"a{n}": f"a{n + 1}" for n in range(20)}, "extends-deep", "a0 → a1"),
    ],
)
def test_a_chain_that_leads_nowhere_is_printed(tmp_path: Path, chain: dict[str, str], code: str, said: str) -> None:
    templates = {name: a_template(name, extends) for name, extends in chain.items()}
    loaded = load(
        tmp_path, with_templates(tmp_path, **templates), EXTENDING.replace('"plain"', f'"{next(iter(chain))}"')
    )
    (problem,) = [one for one in loaded.diagnostics if one.code == code]
    assert said in problem.message
    assert 1 == problem.line


def test_a_file_beside_the_program_takes_the_place_of_the_templates(tmp_path: Path, catalogue: Catalogue) -> None:
    program_folder(tmp_path, {"messages/hello.md": MESSAGE.replace("Hello", "Hi"), "agendas/2.md": "# Ours\n"})
    program = program_of(load(tmp_path, catalogue, EXTENDING))
    assert "Hi" == program.timeline[0].message.texts[0].subject
    assert ["First", "Ours", "3"] == [one.title for one in program.series[0].agendas]


def test_a_template_may_do_less_than_a_program(tmp_path: Path) -> None:
    greedy = dict(PLAIN)
    greedy["template.toml"] = (
        PLAIN["template.toml"].replace('"plain"', '"greedy"')
        + '[plugins]\nfiles = ["x.py"]\n[matching.rules.never]\nfile = "../pairs.csv"\n'
    )
    loaded = load(tmp_path, with_templates(tmp_path, greedy=greedy), EXTENDING.replace('"plain"', '"greedy"'))
    assert ["template-plugins", "outside-folder"] == [code for code, _, _ in errors(loaded)]
    assert ["template-key"] == [
        code
        for code, _, _ in errors(load(tmp_path, with_templates(tmp_path), SMALLEST + "[requires]\npeople = 1\n"))
        if code != "missing-key"
    ]


def test_a_template_must_call_itself_as_it_is_offered(tmp_path: Path) -> None:
    catalogue = with_templates(tmp_path, other=PLAIN)
    assert ["template-name"] == [
        code for code, _, _ in errors(load(tmp_path, catalogue, EXTENDING.replace('"plain"', '"other"')))
    ]


# ------------------------------------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize("weight", ['"40"', "0", "-5"])
def test_a_key_that_does_not_fit_says_nothing_about_the_rest_of_its_entry(
    tmp_path: Path, catalogue: Catalogue, weight: str
) -> None:
    kept = PLAIN["template.toml"].replace("[matching.criteria.near]", '[matching.criteria.level]\nkind = "near"')
    catalogue = with_templates(tmp_path, plain={**PLAIN, "template.toml": kept})
    loaded = load(tmp_path, catalogue, EXTENDING + f"[matching.criteria.level]\nweight = {weight}\n")
    assert [(9, "matching.criteria.level.weight")] == [place[1:] for place in errors(loaded)]


@pytest.mark.parametrize("table", ["matching.criteria", "matching.rules", "kpis"])
def test_a_kind_that_is_no_text_is_told_once(tmp_path: Path, catalogue: Catalogue, table: str) -> None:
    found = errors(load(tmp_path, catalogue, EXTENDING + f"[{table}.wish]\nkind = 3\n"))
    assert [("wrong-type", 9, f"{table}.wish.kind")] == found


def test_every_key_of_an_entry_that_does_not_fit_is_told(tmp_path: Path, catalogue: Catalogue) -> None:
    text = (
        '[matching.criteria.near]\nweight = 0\nbetween = ["mentee", "boss"]\nspam = 1\n'
        '[matching.rules.gap]\nif_missing = "stop"\nat_least = "1"\n[kpis.rate]\ntarget = "x"\nodd = 1\n'
    )
    assert [
        "matching.criteria.near.weight",
        "matching.criteria.near.between[1]",
        "matching.criteria.near.spam",
        "matching.rules.gap.if_missing",
        "matching.rules.gap.at_least",
        "kpis.rate.target",
        "kpis.rate.odd",
    ] == [path for _, _, path in errors(load(tmp_path, catalogue, EXTENDING + text))]


def test_every_problem_is_told_at_once_with_its_place(tmp_path: Path, catalogue: Catalogue) -> None:
    text = """\
extends = "plain"
[program]
name = "Aurora"
starts = "2027-01-11"
lenght = "24 weeks"
[roster]
file = "people.csv"
[roster.roles.mentro]
level = 4
[model]
use = "duo"
[matching]
use = "bset"
[matching.criteria.near]
spam = 3
[matching.rules.gpa]
[timeline.hello]
to = "mentro"
[timeline.late]
when = "mach"
to = "mentor"
message = "messages/helo"
[kpis.rat]
[sessions]
minutes = 600
"""
    loaded = load(tmp_path, catalogue, text)
    assert [
        ("wrong-type", 4, "program.starts"),
        ("unknown-key", 5, "program.lenght"),
        ("unknown-role", 8, "roster.roles.mentro"),
        ("unknown-matcher", 13, "matching.use"),
        ("unknown-key", 15, "matching.criteria.near.spam"),
        ("unknown-rule", 16, "matching.rules.gpa"),
        ("wrong-value", 20, "timeline.late.when"),
        ("unknown-kpi", 23, "kpis.rat"),
        ("wrong-value", 25, "sessions.minutes"),
    ] == errors(loaded)
    helped = {one.code: one.help for one in loaded.diagnostics}
    assert ('did you mean "mentor"?', 'did you mean "gap"?') == (helped["unknown-role"], helped["unknown-rule"])
    assert 'starts = "2027-01-11"' == loaded.diagnostics[0].source_line


@pytest.mark.parametrize(
    ("extends", "code"),
    [("plain >=9", "extends-versions"), ("plaim", "extends-unknown"), ("./none", "extends-unknown")],
)
def test_a_template_that_is_not_found_leaves_nothing_else_to_say(
    tmp_path: Path, catalogue: Catalogue, extends: str, code: str
) -> None:
    text = (
        EXTENDING.replace('"plain"', f'"{extends}"')
        + """\
[parameters]
rhythm = "every 2 weeks"
[matching.criteria.skills]
weight = 5
[matching.criteria.wishes]
kind = "naer"
[matching.rules.distance]
at_most = 3
[sessions]
count = 2
cadence = "1 week"
agendas = "agendas"
[timeline.invite]
off = true
[timeline.hello]
when = "start"
to = "desk"
message = "messages/hello"
[surveys.closing]
when = "mach"
[kpis.reach]
target = 0.5
"""
    )
    assert [(code, 1), ("unknown-criterion", 13), ("wrong-value", 27)] == [
        (found, line) for found, line, _ in errors(load(tmp_path, catalogue, text))
    ]


def test_a_misspelled_table_explains_the_keys_that_are_missing(tmp_path: Path, catalogue: Catalogue) -> None:
    text = SMALLEST.replace("program.", "progam.")
    for extends in ("", 'extends = "plain"\n'):
        assert ["progam"] == [path for _, _, path in errors(load(tmp_path, catalogue, extends + text))]
    misspelled = load(tmp_path, catalogue, SMALLEST.replace("program.name", "program.nam"))
    assert ["program.nam"] == [path for _, _, path in errors(misspelled)]


def test_a_dotted_key_below_a_table_is_told_to_belong_above_it(tmp_path: Path, catalogue: Catalogue) -> None:
    for table in ("sessions", "matching.rules.gap"):
        loaded = load(tmp_path, catalogue, EXTENDING + f'[{table}]\nprogram.length = "1 year"\n')
        assert [("unknown-key", 9, f"{table}.program")] == errors(loaded)
        one = told(loaded, "unknown-key")
        assert "keys that begin with program belong above the first [table], or below [program]" == one.help


def test_what_only_the_program_can_say_is_missed_in_its_own_file(tmp_path: Path, catalogue: Catalogue) -> None:
    loaded = load(tmp_path, catalogue, 'extends = "plain"\nroster.file = "people.csv"\nmodel.use = "duo"\n')
    assert ["program.name", "program.starts"] == [path for _, _, path in errors(loaded)]
    assert {f"{tmp_path}/aurora.toml"} == {one.file for one in loaded.diagnostics if one.is_error}
    assert ['write name = "Pilot"', "write starts = 2027-01-11"] == [
        one.help for one in loaded.diagnostics if one.is_error
    ]


def test_keys_of_later_releases_are_not_taken_for_misspelled_ones(tmp_path: Path, catalogue: Catalogue) -> None:
    for key in ("moved",):
        assert "did you mean" not in told(load(tmp_path, catalogue, EXTENDING + f"[{key}]\n"), "unknown-key").help


@pytest.mark.parametrize(
    ("zone", "advice"),
    [
        ("UTC+1", '"Etc/GMT-1"'),
        ("GMT-05:00", '"Etc/GMT+5"'),
        ("UTC+5:30", 'zones are written like "Europe/Berlin"'),
        ("CEST", 'zones are written like "Europe/Berlin", by a city of the zone'),
        ("berlin", 'did you mean "Europe/Berlin"?'),
        ("New York", 'did you mean "America/New_York"?'),
        ("utc", 'did you mean "UTC"?'),
        ("Europe/Pariss", 'did you mean "Europe/Paris"?'),
        ("here", 'zones are written like "Europe/Berlin"'),
    ],
)
def test_what_is_no_zone_is_told_how_zones_are_written(
    tmp_path: Path, catalogue: Catalogue, zone: str, advice: str
) -> None:
    one = told(load(tmp_path, catalogue, SMALLEST + f'program.timezone = "{zone}"\n'), "wrong-value")
    assert advice in one.message


def a_step(when: str = "start", to: str = "mentor", message: str = "messages/hello", more: str = "") -> str:
    return f'[timeline.x]\nwhen = "{when}"\nto = "{to}"\nmessage = "{message}"\n{more}'


SAID = [
    ('[matching]\nuse = "grouping"\n', "matcher-shape", "matching.use"),
    ('[model]\nuse = "duo"\ninner = { use = "duo" }\n', "inner-without-scope", "model.inner"),
    ('[model]\nuse = "duo"\noptions = { x = 1 }\n', "unknown-key", "model.options.x"),
    ('[matching]\nobjective = []\n', "wrong-value", "matching.objective"),
    ('[matching.criteria.same]\nweight = 0\ncolumn = "level"\n', "wrong-value", "matching.criteria.same.weight"),
    ("[matching.criteria.same]\n", "criterion-columns", "matching.criteria.same"),
    ('[matching.criteria.same]\nmentor = "x"\n', "criterion-columns", "matching.criteria.same"),
    ('[matching.criteria.same]\ncolumn = "x"\nmentor = "x"\n', "criterion-columns", "matching.criteria.same"),
    ('[matching.criteria.same]\ncolumn = "x"\nbetween = ["mentor"]\n', "wrong-value", "matching.criteria.same.between"),
    ('[matching.criteria.same]\ncolumn = "x"\nspan = 1\n', "unknown-key", "matching.criteria.same.span"),
    ('[matching.rules.gap]\nbetween = ["mentor", "boss"]\n', "unknown-role", "matching.rules.gap.between[1]"),
    ('[matching.rules.never]\npairs = [["1"]]\n', "wrong-type", "matching.rules.never.pairs[0]"),
    ('[matching.rules.never]\npairs = [["1", "2"]]\nfile = "x"\n', "pairs-twice", "matching.rules.never.pairs"),
    ("[matching.rules.never]\n", "missing-key", "matching.rules.never.pairs"),
    ('[roster]\nfile = "x"\nsources = [{ file = "y" }]\n', "roster-twice", "roster.file"),
    ("[roster]\n", "roster-missing", "roster"),
    ('[roster]\nfile = "x"\ncapacity = { boss = 1 }\n', "unknown-role", "roster.capacity.boss"),
    ('[roster]\nsources = [{ file = "y", join = "email" }]\n', "join-first", "roster.sources[0].join"),
    ("[program]\nopens = 2027-01-01\n", "dates-order", "program.opens"),
    ("[program]\nsignup_closes = 2027-02-01\n", "dates-order", "program.signup_closes"),
    ('[program]\nlength = "0 days"\n', "dates-order", "program.length"),
    ("[program]\nstarts = 9999-12-01\n", "dates-order", "program.length"),
    ("[sessions]\ncount = 30\n", "session-past-end", "sessions.count"),
    ("[sessions]\ncount = 0\n", "wrong-value", "sessions.count"),
    ("[sessions]\ncadence = []\n", "cadence-missing", "sessions"),
    ('[sessions]\nagendas = "../x"\n', "outside-folder", "sessions.agendas"),
    ('[sessions]\nagendas = "none"\n', "agendas-missing", "sessions.agendas"),
    ("[series.sessions]\ncount = 1\n", "series-name", "series.sessions"),
    ('[series.club]\ncount = 1\nwho = "boss"\n', "unknown-role", "series.club.who"),
    (a_step(when="opens"), "step-without-anchor", "timeline.x.when"),
    (a_step(when="session 9"), "step-without-anchor", "timeline.x.when"),
    (a_step(to="sponsor"), "no-contact", "timeline.x.to"),
    (a_step(to="silence"), "unknown-recipient", "timeline.x.to"),
    (a_step(message="messages/hallo"), "message-missing", "timeline.x.message"),
    (a_step(message="../hallo"), "outside-folder", "timeline.x.message"),
    (a_step(more='repeat = "x"'), "wrong-value", "timeline.x.repeat"),
    ('[surveys.hello]\nwhen = "start"\nto = "mentor"\nquestions = "surveys/closing.toml"\n', "step-twice",
     "surveys.hello"),
    ('[contacts]\nmentor = "a@b"\n', "contact-name", "contacts.mentor"),
    ('[words]\nmentro = "guide"\n', "unknown-role", "words.mentro"),
    ('[plugins]\nrequire = ["mentorkit >=999"]\n', "plugin-requirement", "plugins.require"),
    ('[plugins]\nrequire = ["two words"]\n', "plugin-requirement", "plugins.require"),
    ('[plugins]\nrequire = ["surely-not-installed"]\n', "plugin-requirement", "plugins.require"),
    ('[plugins]\nfiles = ["nowhere.py"]\n', "plugin-file-missing", "plugins.files"),
    ("format = 2\n", "wrong-type", "format"),
    ('[channels.mail]\nuse = "smoke"\n', "unknown-channel", "channels.mail.use"),
    ("[channels.smoke]\n", "unknown-channel", "channels.smoke"),
    ("[channels.smoke]\nuse = 1\n", "wrong-type", "channels.smoke.use"),
    ('[delivery]\nchannels = ["mail"]\n', "channel-not-declared", "delivery.channels[0]"),
    ('[program]\nsilent_after = "long"\n', "wrong-value", "program.silent_after"),
    ('[privacy]\nmanagers_see = ["email"]\n', "wrong-value", "privacy.managers_see[0]"),
    ("[moved]\n", "unknown-key", "moved"),
]  # fmt: skip
BASE: Mapping[str, Any] = {
    "extends": '"plain"',
    "program": ['name = "P"', "starts = 2027-01-11", 'timezone = "Europe/London"', 'coordinator = "c@example.org"'],
    "roster": ['file = "people.csv"'],
    "model": ['use = "duo"'],
}


def with_base(text: str) -> str:
    """Return a program of `text` and whatever of the smallest one it does not say itself."""
    lines = text.splitlines()
    top = [] if lines[0].startswith("[") else lines
    table = "" if top else lines[0].strip("[]")
    keys = {line.split(" =")[0] for line in lines}
    written = [*top, 'extends = "plain"']
    for name in ("program", "roster", "model"):
        own = lines[1:] if table == name else []
        kept = [line for line in BASE[name] if line.split(" =")[0] not in keys or table != name]
        written += [f"[{name}]", *([] if own and name in ("roster", "model") else kept), *own]
        if table == name == "roster" and not own:
            written.remove('file = "people.csv"')
    return "\n".join([*written, *([] if top or table in BASE else lines), ""])


@pytest.mark.parametrize(("text", "code", "path"), SAID, ids=[f"{code}:{path}" for _, code, path in SAID])
def test_what_the_names_and_dates_say_is_checked(
    tmp_path: Path, catalogue: Catalogue, text: str, code: str, path: str
) -> None:
    loaded = load(tmp_path, catalogue, with_base(text))
    found = [(one.code, one.path) for one in loaded.diagnostics if one.is_error]
    assert [(code, path)] == found
    assert loaded.program is None
    (problem,) = [one for one in loaded.diagnostics if one.is_error]
    assert problem.line is not None


def test_the_same_mistakes_in_a_template_are_placed_in_the_template(tmp_path: Path) -> None:
    broken = {**PLAIN, "template.toml": PLAIN["template.toml"].replace("at_least = 1", "at_leest = 1")}
    loaded = load(tmp_path, with_templates(tmp_path, plain=broken), EXTENDING)
    (problem,) = [one for one in loaded.diagnostics if one.is_error]
    assert problem.file.endswith("plain/template.toml")
    assert "at_leest = 1" == problem.source_line


@pytest.mark.parametrize("extends", ["plain", "above"])
def test_a_template_that_is_no_toml_is_placed_in_its_own_file(tmp_path: Path, extends: str) -> None:
    broken = {"template.toml": "[template]\nname = plain\n"}
    catalogue = with_templates(tmp_path, plain=broken, above=a_template("above", "plain"))
    loaded = load(tmp_path, catalogue, EXTENDING.replace('"plain"', f'"{extends}"'))
    (problem,) = [one for one in loaded.diagnostics if one.is_error]
    assert ("toml-syntax", "plain/template.toml", 2) == (problem.code, problem.file, problem.line)


def test_what_a_template_needs_and_the_program_lacks_leaves_a_step_out(tmp_path: Path, catalogue: Catalogue) -> None:
    loaded = load(tmp_path, catalogue, EXTENDING.replace('program.coordinator = "c@example.org"\n', ""))
    assert ["hello", "closing"] == [step.name for step in program_of(loaded).timeline]
    assert "warning" == told(loaded, "no-contact").severity
    assert "note" == told(loaded, "step-left-out").severity


def test_too_few_agendas_are_a_warning(tmp_path: Path, catalogue: Catalogue) -> None:
    loaded = load(tmp_path, catalogue, EXTENDING + "[sessions]\ncount = 5\n")
    program_of(loaded)
    assert "warning" == told(loaded, "agendas-few").severity


# ----------------------------------------------------------------------------------------- messages and surveys


def test_variants_of_a_message_are_told_apart(tmp_path: Path, catalogue: Catalogue) -> None:
    names = ("hello.mentor.md", "hello.de.md", "hello.mentee.pt-BR.md", "hello.coordinator.md")
    program_folder(tmp_path, {f"messages/{name}": MESSAGE for name in names})
    message = program_of(load(tmp_path, catalogue, EXTENDING)).timeline[0].message
    assert [("coordinator", ""), ("", "de"), ("", ""), ("mentee", "pt-BR"), ("mentor", "")] == [
        (one.role, one.language) for one in message.texts
    ]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("hello.md", "No subject\n", 1),
        ("hello.md", "---\nsubject:\n---\nText\n", 1),
        ("hello.md", "---\nsubjekt: x\n---\nText\n", 2),
        ("hello.md", "---\nsubject: x\n", 1),
        ("hello.md", b"---\nsubject: \xe9\n---\n", 2),
        ("hello.mentro.md", MESSAGE, None),
        ("hello.de.mentor.md", MESSAGE, None),
    ],
)
def test_a_message_that_cannot_be_used_is_told_in_its_own_file(
    tmp_path: Path, catalogue: Catalogue, name: str, text: str | bytes, line: int | None
) -> None:
    program_folder(tmp_path, {f"messages/{name}": text})
    problems = [one for one in load(tmp_path, catalogue, EXTENDING).diagnostics if one.is_error]
    assert {(str(tmp_path / "messages" / name), line)} == {(one.file, one.line) for one in problems}


def test_bodies_know_the_line_they_begin_on(tmp_path: Path, catalogue: Catalogue) -> None:
    text = "---\r\n\r\nsubject: 'A: b'\r\n---\r\n\r\nText\r\n"
    program_folder(tmp_path, {"messages/hello.md": text})
    (variant,) = program_of(load(tmp_path, catalogue, EXTENDING)).timeline[0].message.texts
    assert ("A: b", 3, "\nText\n", 5) == (variant.subject, variant.subject_line, variant.body, variant.body_line)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "missing-key", None),
        ("question = []", "questions-missing", 1),
        ('[[question]]\nid = "a"\ntxt = "x"\n', "unknown-key", 3),
        ('[[question]]\nid = "a"\ntext = "x"\nkind = "scael"\n', "wrong-value", 4),
        ('[[question]]\nid = "a"\ntext = "x"\nkind = "choice"\n', "question-choices", 4),
        ('[[question]]\nid = "a"\ntext = "x"\nchoices = ["b"]\n', "question-choices", 4),
        ('[[question]]\nid = "a"\ntext = "x"\nkind = "yes-no"\nchoices = ["b"]\n', "question-choices", 5),
        ('[[question]]\nid = "a"\ntext = "x"\n[[question]]\nid = "a"\ntext = "x"\n', "question-twice", 5),
        ("[[question", "toml-syntax", 1),
    ],
)
def test_questions_are_checked(tmp_path: Path, catalogue: Catalogue, text: str, code: str, line: int | None) -> None:
    program_folder(tmp_path, {"surveys/closing.toml": text})
    problems = [one for one in load(tmp_path, catalogue, EXTENDING).diagnostics if one.is_error]
    assert (code, line) in [(one.code, one.line) for one in problems]
    assert {str(tmp_path / "surveys" / "closing.toml")} == {one.file for one in problems}


# -------------------------------------------------------------------------------------------------- translations


QUESTION = '[[question]]\nid = "q"\ntext = "{}"\nkind = "{}"\n'


def test_agendas_and_questions_are_read_in_the_language_of_whoever_reads_them(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    files = {"agendas/1.de.md": "# Erstens\n", "agendas/1.pt-BR.md": "# Primeiro\n"}
    program_folder(tmp_path, files | {"surveys/closing.de.toml": QUESTION.format("Wie?", "scale")})
    loaded = load(tmp_path, catalogue, EXTENDING)
    program = program_of(loaded)
    agendas, (asked,) = program.series[0].agendas, program.timeline[-1].questions
    assert ["First", "Second", "3"] == [one.title for one in agendas]
    assert ["Erstens", "Erstens", "Primeiro", "First", "First"] == [
        agendas[0].read_in(language).title for language in ("de", "DE_at", "pt-br", "pt", "")
    ]
    assert ["Wie?", "How?"] == [asked.read_in(language).text for language in ("de-CH", "fr")]
    assert () == agendas[1].read_in("de").translations


def test_what_takes_the_place_of_an_original_is_not_read_in_the_translation_of_another(tmp_path: Path) -> None:
    translated = {"agendas/1.de.md": "# Erstens\n", "surveys/closing.de.toml": QUESTION.format("Wie?", "scale")}
    catalogue = with_templates(tmp_path, plain={**PLAIN, **translated})
    german = program_of(load(tmp_path, catalogue, EXTENDING))
    assert "Erstens" == german.series[0].agendas[0].read_in("de").title
    program_folder(tmp_path, {"agendas/1.md": "# Mine\n", "surveys/closing.toml": QUESTION.format("Why?", "text")})
    own = program_of(load(tmp_path, catalogue, EXTENDING))
    assert "Mine" == own.series[0].agendas[0].read_in("de").title
    assert "Why?" == own.timeline[-1].questions[0].read_in("de").text


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (QUESTION.format("Wie?", "text"), "translation-mismatch", 1),
        (QUESTION.format("Wie?", "scale") + "scale = [0, 10]\n", "translation-mismatch", 1),
        (QUESTION.format("Wie?", "scale").replace('"q"', '"qq"'), "translation-mismatch", 2),
        (QUESTION.format("Wie?", "scale").replace('"q"', '"qq"'), "translation-missing", 1),
        ("[[question", "toml-syntax", 1),
    ],
)
def test_translated_questions_are_the_same_questions(
    tmp_path: Path, catalogue: Catalogue, text: str, code: str, line: int
) -> None:
    program_folder(tmp_path, {"surveys/closing.de.toml": text})
    found = load(tmp_path, catalogue, EXTENDING).diagnostics
    file = str(tmp_path / "surveys" / "closing.de.toml")
    assert (code, line) in [(one.code, one.line) for one in found if one.file == file]


def test_a_choice_is_not_lost_in_translation(tmp_path: Path, catalogue: Catalogue) -> None:
    choices = QUESTION.format("How?", "choice") + 'choices = ["a", "b"]\n'
    fewer = QUESTION.format("Wie?", "choice") + 'choices = ["c"]\n'
    program_folder(tmp_path, {"surveys/closing.toml": choices, "surveys/closing.de.toml": fewer})
    assert "1 choices, not 2" in told(load(tmp_path, catalogue, EXTENDING), "translation-mismatch").message


def test_a_translation_of_nothing_counts_as_an_agenda_and_is_named(tmp_path: Path, catalogue: Catalogue) -> None:
    program_folder(tmp_path, {"agendas/4.de.md": "# Viertens\n", "agendas/5.end.md": "# End\n"})
    loaded = load(tmp_path, catalogue, EXTENDING)
    assert ["Viertens", "End"] == [one.title for one in program_of(loaded).series[0].agendas[3:]]
    alone = [one for one in loaded.diagnostics if one.code == "translation-alone"]
    assert ["4.de.md" in one.message for one in alone] == [True]


# --------------------------------------------------------------------------------------------------------- pairs


NEVER = '[matching.rules.never]\nfile = "keep-apart.csv"\n'


def test_pairs_are_read_from_a_file(tmp_path: Path, catalogue: Catalogue) -> None:
    program_folder(tmp_path, {"keep-apart.csv": "a,b,ended\n1,2,2026-05-01\n 3 ,4,\n"})
    options = {one.name: one.options for one in program_of(load(tmp_path, catalogue, EXTENDING + NEVER)).matching.rules}
    assert (("1", "2", date(2026, 5, 1)), ("3", "4", None)) == options["never"].pairs.pairs


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (None, "file-missing", None),
        ("a,c\n1,2\n", "pairs-header", 1),
        ("a,b,x\n1,2,3\n", "pairs-header", 1),
        ("a,b\n1,\n", "pairs-row", 2),
        ("a,b\n1,2\n3,3\n", "pairs-row", 3),
        ("a,b,ended\n1,2,May\n", "pairs-row", 2),
        ("a,b\n1,2,3\n", "row-ragged", 2),
    ],
)
def test_what_is_wrong_with_a_file_of_pairs_is_told_in_it(
    tmp_path: Path, catalogue: Catalogue, content: str | None, code: str, line: int | None
) -> None:
    program_folder(tmp_path, {"keep-apart.csv": content} if content else {})
    problems = [one for one in load(tmp_path, catalogue, EXTENDING + NEVER).diagnostics if one.is_error]
    assert [(code, line, str(tmp_path / "keep-apart.csv"))] == [(one.code, one.line, one.file) for one in problems][-1:]


# ------------------------------------------------------------------------------------------------------- digests


def test_the_digest_changes_with_what_the_program_means_and_with_nothing_else(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    first = program_of(load(tmp_path / "a", catalogue, EXTENDING))
    elsewhere = program_of(load(tmp_path / "b", catalogue, "# a comment\n" + EXTENDING))
    assert first.digest == elsewhere.digest
    assert first.digest != program_of(load(tmp_path / "a", catalogue, EXTENDING + "program.seed = 1\n")).digest
    program_folder(tmp_path / "b", {"messages/hello.md": MESSAGE + "More\n"})
    assert first.digest != program_of(load(tmp_path / "b", catalogue, EXTENDING)).digest


# ------------------------------------------------------------------------------------------------- local plugins


def test_local_code_is_loaded_and_told(tmp_path: Path, catalogue: Catalogue) -> None:
    plugin = """\
from mentorkit.hookspecs import hookimpl
class Same:
    name, summary, options, directed, needs = "alike", "", None, False, "any"
    def similarity(self, options, wanting, offering): raise AssertionError
@hookimpl
def mentorkit_criteria(): return [Same()]
"""
    text = EXTENDING + '[plugins]\nfiles = ["ours.py"]\n[matching.criteria.alike]\ncolumn = "team"\n'
    loaded = load(tmp_path, catalogue, text, **{"ours.py": plugin})
    assert ["near", "alike"] == [one.name for one in program_of(loaded).matching.criteria]
    assert "alike" in loaded.catalogue.criteria
    assert ("note", 'the program loads local code: "ours.py"') == (
        told(loaded, "local-code").severity,
        told(loaded, "local-code").message,
    )
    broken = load(tmp_path, catalogue, text, **{"ours.py": "import nowhere_at_all"})
    assert "plugin-file-broken" in [code for code, _, _ in errors(broken)]


def test_options_that_no_program_file_can_give_are_the_plugins_fault(tmp_path: Path, catalogue: Catalogue) -> None:
    @frozen
    class Odd:
        x: complex = 0j

    catalogue = evolve(catalogue, criteria=a_catalogue(criteria=[Kind("near", SpanOptions), Kind("odd", Odd)]).criteria)
    with pytest.raises(PluginError, match='"odd"'):
        load(tmp_path, catalogue, EXTENDING + '[matching.criteria.odd]\ncolumn = "level"\n')


@frozen
class WeightOptions:
    weight: float = 1


@frozen
class OffOptions:
    off: bool = False


@frozen
class RoleOptions:
    mentor: str = ""


@frozen
class TargetOptions:
    goal: float = attrs.field(default=0.5, metadata={"key": "target"})


@pytest.mark.parametrize(
    ("kind", "options", "key"),
    [
        ("criteria", WeightOptions, "weight"),
        ("criteria", RoleOptions, "mentor"),
        ("rules", OffOptions, "off"),
        ("kpis", TargetOptions, "target"),
    ],
)
def test_options_that_the_core_keeps_for_itself_are_the_plugins_fault(
    tmp_path: Path, catalogue: Catalogue, kind: str, options: type, key: str
) -> None:
    offered: dict[str, Any] = {
        kind: [Kind("odd", options), *([Kind("near", SpanOptions)] if kind == "criteria" else [])]
    }
    catalogue = evolve(catalogue, **{kind: getattr(a_catalogue(**offered), kind)})
    table = kind if kind == "kpis" else f"matching.{kind}"
    column = 'column = "level"\n' if kind == "criteria" else ""
    with pytest.raises(PluginError, match=f'"odd" of tests 1 .* keeps {key} for mentorkit'):
        load(tmp_path, catalogue, SMALLEST + f"[{table}.odd]\n{column}")


# ----------------------------------------------------------------------------------------------- scopes, showing


def test_a_scope_narrows_an_inner_model(tmp_path: Path, catalogue: Catalogue) -> None:
    text = SMALLEST.replace('model.use = "duo"', 'model.use = "narrow"\nmodel.inner.use = "duo"')
    use = program_of(load(tmp_path, catalogue, text)).model
    assert ("duo", "narrow") == (use.use.name, use.scope and use.scope.name)
    missing = load(tmp_path, catalogue, SMALLEST.replace('"duo"', '"narrow"'))
    assert ["unknown-model"] == [code for code, _, _ in errors(missing)]


def test_other_models_name_columns_by_their_roles(tmp_path: Path, catalogue: Catalogue) -> None:
    peers = Model("peers", roles=(Role("guide", "mentor", served=False), Role("novice", "mentee", served=True)))
    catalogue = evolve(catalogue, models=a_catalogue(models=[peers]).models)
    text = SMALLEST.replace('"duo"', '"peers"') + (
        '[matching.criteria.same]\nbetween = ["novice", "guide"]\nnovice = "wants"\nguide = "offers"\n[timeline]\n'
    )
    (same,) = program_of(load(tmp_path, catalogue, text)).matching.criteria
    assert (("novice", "guide"), "wants", "offers") == (same.between, same.left, same.right)


@pytest.mark.parametrize("words", [("novice", "guide"), ("mentee", "mentor")])
def test_the_only_role_of_each_side_names_a_column_without_between(
    tmp_path: Path, catalogue: Catalogue, words: tuple[str, str]
) -> None:
    model = Model("peers", roles=(Role("guide", "mentor", served=False), Role("novice", "mentee", served=True)))
    catalogue = evolve(catalogue, models=a_catalogue(models=[model]).models)
    text = SMALLEST.replace('"duo"', '"peers"') + (
        f'[matching.criteria.same]\n{words[0]} = "wants"\n{words[1]} = "offers"\n[timeline]\n'
    )
    (same,) = program_of(load(tmp_path, catalogue, text)).matching.criteria
    assert (None, "wants", "offers") == (same.between, same.left, same.right)


def test_two_roles_of_a_side_need_between(tmp_path: Path, catalogue: Catalogue) -> None:
    roles = (*Model().roles, Role("coach", "mentor", served=False))
    catalogue = evolve(catalogue, models=a_catalogue(models=[Model("trio", roles=roles)]).models)
    text = SMALLEST.replace('"duo"', '"trio"') + '[matching.criteria.same]\nmentee = "x"\ncoach = "y"\n[timeline]\n'
    assert {"criterion-columns"} == {code for code, _, _ in errors(load(tmp_path, catalogue, text))}


def test_every_value_is_shown_with_the_line_that_said_it(tmp_path: Path, catalogue: Catalogue) -> None:
    loaded = load(tmp_path, catalogue, EXTENDING)
    shown = {path: (value, origin) for path, value, origin in shown_values(loaded)}
    assert ("Pilot", f"{tmp_path}/aurora.toml:2") == shown["program.name"]
    assert ("24 weeks", "plain/template.toml:10") == shown["program.length"]
    assert ("every 4 weeks", "plain/template.toml:8") == shown["sessions.cadence"]
    assert ["mentor", "mentee"] == loaded.values["timeline"]["hello"]["to"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path, catalogue: Catalogue) -> None:
    loaded = load_program(tmp_path / "nothing.toml", catalogue)
    assert ["file-missing"] == [code for code, _, _ in errors(loaded)]


def test_what_nobody_said_is_shown_as_default_and_means_the_same_when_it_is_said(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    more = 'program.opens = 2026-12-01\nprogram.signup_closes = 2026-12-15\nprogram.coordinator = "c@example.org"\n'
    loaded = load(tmp_path, catalogue, more + SMALLEST + "[matching.rules.gap]\n")
    shown = {path: (value, origin) for path, value, origin in shown_values(loaded)}
    assert ({}, f"{tmp_path}/aurora.toml:8") == shown["matching.rules.gap"]
    assert ("aurora", "default") == shown["program.id"]
    assert ("UTC", "default") == shown["program.timezone"]
    assert ("best", "default") == shown["matching.use"]
    assert ("09:00-17:00", "default") == shown["sessions.hours"]
    assert "sessions.days" not in shown  # everybody's own working days, which no list says
    assert ("7 days", "default") == shown["timeline.hello.expires"]
    assert ("messages/survey", "default") == shown["surveys.closing.message"]
    assert (5, "default") == shown["privacy.small_cells"]
    said = tomli_w.dumps({"extends": "plain", **loaded.values})
    again = program_of(load(tmp_path, catalogue, said))
    first = program_of(loaded)
    changed = {"matching", "requires", "digest"}  # what is said in the program itself is neither optional nor required
    for name in attrs.fields_dict(Program):
        assert name in changed or getattr(first, name) == getattr(again, name)


ODD = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["", "x", "a/b", "../x", "é", "mentor", "24 weeks", "every 0 days", "session 0", "9999 years", "-"]
    )
    | st.dates()
    | st.times(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["x", "kind", "column", "parameter", "type", "off", ""]), inner, max_size=2)
    ),
    max_leaves=4,
)
WHOLE = tomllib.loads(
    EXTENDING
    + "program.opens = 2026-12-01\nprogram.signup_closes = 2026-12-15\n"
    + "[matching.criteria"
    + PLAIN["template.toml"].partition("[matching.criteria")[2].partition("[requires]")[0]
    + NEVER
    + """\
[roster.columns]
name = { columns = ["A", "B"] }
[roster.roles.mentor]
level = { at_least = 4 }
[contacts]
desk = "d@example.org"
[words]
mentor = "guide"
[series.club]
count = 1
who = ["mentor"]
[plugins]
require = ["attrs"]
files = []
[parameters]
rhythm = "2 weeks"
"""
)


def places_in(values: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    members = values.items() if isinstance(values, dict) else ()
    return [one for key, member in members for one in [(*path, key), *places_in(member, (*path, key))]]


@given(changes=st.lists(st.tuples(st.sampled_from(places_in(WHOLE)), ODD), min_size=1, max_size=4))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_odd_values_anywhere_are_told_and_never_raised(
    tmp_path: Path, catalogue: Catalogue, changes: list[tuple[tuple[str, ...], Any]]
) -> None:
    values = deepcopy(WHOLE)
    for path, odd in changes:
        table = values
        for key in path[:-1]:
            table = table[key] if isinstance(table, dict) and isinstance(table.get(key), dict) else {}
        table[path[-1]] = odd
    loaded = load(tmp_path, catalogue, tomli_w.dumps(values), **{"keep-apart.csv": "a,b\n1,2\n"})
    assert errors(loaded) or loaded.program is not None
    for one in loaded.diagnostics:
        assert one.file
        assert one.message


@pytest.mark.parametrize("odd", ["x/" * 5000, "y" * 300, ".", "~", "people.csv/x", "messages", "nul\0l", "a\nb"])
def test_odd_names_of_files_are_told_and_never_raised(tmp_path: Path, catalogue: Catalogue, odd: str) -> None:
    program_folder(tmp_path, {"messages/hello.md": MESSAGE, "people.csv": "id\n"})
    for path in places_in(WHOLE):
        if path[-1] not in ("extends", "file", "files", "agendas", "message", "questions"):
            continue
        values = deepcopy(WHOLE)
        table = values
        for key in path[:-1]:
            table = table[str(key)]
        for value in (odd, [odd]):
            table[str(path[-1])] = value
            loaded = load(tmp_path, catalogue, tomli_w.dumps(values), **{"keep-apart.csv": "a,b\n1,2\n"})
            assert errors(loaded) or loaded.program is not None


def test_no_more_problems_are_listed_than_anybody_reads(tmp_path: Path) -> None:
    wrong = "".join(f"odd{number} = 1\n" for number in range(60))
    folder = program_folder(tmp_path, {"p.toml": wrong + 'format = 1\nprogram.name = "P"\n'})
    found = load_program(folder / "p.toml", a_catalogue()).diagnostics
    told = [one for one in found if one.is_error]
    assert 51 == len(told)
    assert "more-problems" not in [one.code for one in told[:50]]
    rest = told[-1]
    assert ("more-problems", str(folder / "p.toml")) == (rest.code, rest.file)
    assert 10 <= int(rest.message.removeprefix("and ").split()[0])
