"""Program files, templates and messages that nobody should have written, each through the command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from attrs import evolve

from hostile.desk import NOON, PEOPLE, PROGRAM, Desk
from mentorkit import opening
from mentorkit.core.catalogue import Offer
from mentorkit.core.contracts import Template
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import program_folder

DATA = Path(__file__).parent.parent / "data"
FIRST = PROGRAM.count("\n") + 1
"""The line that begins what a test adds."""


# ------------------------------------------------------------------------------------------------------------ TOML


@pytest.mark.parametrize(
    ("added", "code", "words"),
    [
        pytest.param("a = " + "[" * 500 + "]" * 500, "toml-too-deep", ["32 deep", "not closed"], id="500 brackets"),
        pytest.param("a = " + "{a=" * 500 + "1" + "}" * 500, "toml-too-deep", ["more than 32 deep"], id="500 braces"),
        pytest.param("a" + ".a" * 15_999 + " = 1", "toml-too-deep", ["more than 32 parts"], id="key of 16,000 parts"),
        pytest.param("[a" + ".a" * 15_999 + "]", "toml-too-deep", ["more than 32 parts"], id="table of 16,000 parts"),
        pytest.param("a = " + "1" * 5000, "toml-too-deep", ["a number of 5000 digits"], id="5000 digits"),
        pytest.param("a = 0x" + "f" * 5000, "toml-number", ["64 bits"], id="5000 hexadecimal digits"),
        pytest.param("a = 1e999", "toml-number", ["no"], id="float beyond all floats"),
        pytest.param("a = nan", "toml-number", ["nan"], id="nan"),
        pytest.param("a = -inf", "toml-number", ["inf"], id="-inf"),
        pytest.param("a = 9223372036854775808", "toml-number", ["64 bits"], id="2**63"),
        pytest.param("[program]", "toml-duplicate", ["written twice"], id="table twice"),
        pytest.param("a = 2026-02-29", "toml-syntax", ["February 2026 has 28 days"], id="29 February 2026"),
        pytest.param("a = 12:00:60", "toml-syntax", ["end with 59"], id="second 60"),
        pytest.param("a = 24:00:00", "toml-syntax", [], id="hour 24"),
        pytest.param("a = 0000-01-01", "toml-syntax", [], id="year 0"),
        pytest.param(r'a = "\ud800"', "toml-syntax", [], id="lone surrogate"),
        pytest.param(r'a = "\UFFFFFFFF"', "toml-syntax", [], id="beyond Unicode"),
        pytest.param('a = "\x1b[2J"', "toml-syntax", [], id="terminal command"),
        pytest.param("a = '''" + "x" * 900_000, "toml-syntax", [], id="text that never ends"),
        pytest.param("a\u202e = 1", "toml-syntax", [], id="direction override"),
    ],
)
def test_what_is_no_toml_within_bounds(desk: Desk, added: str, code: str, words: list[str]) -> None:
    desk.write({"pilot.toml": f"{PROGRAM}{added}\n"})
    desk.refuses(code, f"pilot.toml:{FIRST}", *words)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        pytest.param((PROGRAM + 'x = "é"').encode("latin-1"), "file-encoding", FIRST, id="Latin-1"),
        pytest.param(PROGRAM.encode("utf-16"), "file-encoding", 1, id="UTF-16 with mark"),
        pytest.param(PROGRAM.encode("utf-16-be"), "file-encoding", 1, id="UTF-16 without mark"),
        pytest.param(PROGRAM.encode("utf-32"), "file-encoding", 1, id="UTF-32"),
        pytest.param(PROGRAM.encode() + b"\0", "file-encoding", FIRST, id="NUL"),
        pytest.param(PROGRAM.encode() + b"\xed\xa0\x80", "file-encoding", FIRST, id="encoded surrogate"),
        pytest.param(b"#" * (2**20 + 1), "file-too-large", None, id="more than 1 MiB"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "file-encoding", 1, id="a picture"),
    ],
)
def test_what_is_no_text(desk: Desk, content: bytes, code: str, line: int | None) -> None:
    desk.write({"pilot.toml": content})
    desk.refuses(code, f"pilot.toml:{line}" if line else "pilot.toml")


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf" + PROGRAM.encode(), PROGRAM.replace("\n", "\r\n").encode()])
def test_byte_order_marks_and_line_ends_of_windows_are_taken(desk: Desk, content: bytes) -> None:
    desk.write({"pilot.toml": content})
    desk.takes()


@pytest.mark.parametrize("path", sorted((DATA / "hostile").glob("toml_*.toml")), ids=lambda path: path.stem[5:])
def test_collected_files_are_no_program(desk: Desk, path: Path) -> None:
    """Valid TOML of others is refused for what a program needs; invalid TOML for what it is."""
    desk.write({"pilot.toml": path.read_bytes()})
    checked = desk("check", "pilot.toml", "--json")
    assert 2 == checked.code
    codes = {one["code"] for one in checked.problems()}
    if "valid" in path.stem.split("_"):
        assert codes & {"missing-key", "program-empty"}, codes
        assert not codes & {"toml-syntax", "toml-duplicate"}
    else:
        assert codes <= {"toml-syntax", "toml-duplicate", "file-encoding"}, codes
        assert all(one["line"] for one in checked.problems())


# ------------------------------------------------------------------------------------------------------------ keys


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "words"),
    [
        ("[model]", "[modell]", "unknown-key", 12, ['did you mean "model"?']),
        ("[roster]\n", "[roster]\nflie = 1\n", "unknown-key", 10, ['unknown key "flie"', 'did you mean "file"?']),
        ('"Pilot"', "7", "wrong-type", 4, ["a text"]),
        ("2027-01-11", '"11 January"', "wrong-type", 5, []),
        ("2027-01-11", "9999-12-31", "dates-order", None, ["the program would end after the calendar does"]),
        ('"Europe/London"', '"Europe/Lundon"', "wrong-value", 6, ["unknown time zone"]),
        ('"Europe/London"', '"../../../etc/passwd"', "wrong-value", 6, []),
        ('"one-on-one"', '"one-on-won"', "unknown-model", 13, ['did you mean "one-on-one"?']),
        ("[model]\n", "[model]\nuse.x = 1\n", "toml-syntax", 14, ["Cannot overwrite a value"]),
    ],
)
def test_unknown_keys_and_wrong_values_are_never_ignored(
    desk: Desk, old: str, new: str, code: str, line: int | None, words: list[str]
) -> None:
    desk.write({"pilot.toml": PROGRAM.replace(old, new)})
    desk.refuses(code, f"pilot.toml:{line}" if line else "traditional-one-on-one/template.toml", *words)


# --------------------------------------------------------------------------------------------------------- extends


def template(name: str, extends: str = "") -> dict[str, str]:
    """Return the files of a template."""
    head = f'extends = "{extends}"\n' if extends else ""
    return {"template.toml": f'{head}[template]\nname = "{name}"\nversion = "1"\n'}


CHAINS = {"round": "about", "about": "round", "own": "own", "nowhere": "else", "up": "../up"}
CHAINS |= {f"far{n}": f"far{n + 1}" for n in range(100)}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a plugin installed whose templates lead in a circle, far, and nowhere."""
    offered = [
        Template(name, program_folder(tmp_path / "installed" / name, template(name, extends)))
        for name, extends in CHAINS.items()
    ]
    catalogue = build_catalogue()
    origin = next(iter(catalogue.templates.values())).origin
    more = {one.name: Offer(one, origin) for one in offered}
    monkeypatch.setattr(
        opening, "build_catalogue", lambda: evolve(catalogue, templates={**catalogue.templates, **more})
    )


@pytest.mark.parametrize(
    ("extends", "code", "words"),
    [
        ("round", "extends-cycle", ["round → about → round"]),
        ("own", "extends-cycle", ["own → own"]),
        ("far0", "extends-deep", ["far0 → far1 → "]),
        ("nowhere", "extends-unknown", ["else"]),
        ("up", "extends-path", ["by name only"]),
        ("traditional-one-on-two", "extends-unknown", ['did you mean "traditional-one-on-one"?']),
        ("traditional-one-on-one >=99", "extends-versions", ["install another version"]),
        ("./missing", "extends-unknown", ["a template is a folder"]),
        ("../elsewhere", "outside-folder", []),
        ("./a/../../elsewhere", "outside-folder", []),
        ("/etc", "outside-folder", []),
        ("https://example.org/template", "extends-path", ["install the template as a package"]),
        ("file:///etc", "extends-path", []),
        ("git+ssh://example.org/x", "extends-path", []),
        ("./linked", "outside-folder", []),
        ("./loop", "outside-folder", []),
        ("./pilot.toml", "extends-unknown", []),
        ("\\u0000", "wrong-value", ["control character"]),
        ("x" * 5000, "extends-unknown", []),
    ],
)
def test_what_cannot_be_extended(desk: Desk, installed: None, extends: str, code: str, words: list[str]) -> None:
    program_folder(desk.folder.parent / "elsewhere", template("elsewhere"))
    (desk.folder / "linked").symlink_to(desk.folder.parent / "elsewhere")
    (desk.folder / "loop").symlink_to("loop")
    desk.write({"pilot.toml": f'extends = "{extends}"\n{PROGRAM}'})
    desk.refuses(code, "" if extends in CHAINS else "pilot.toml:1", *words)


# -------------------------------------------------------------------------------------------------------- messages

STEP = '\n[timeline.hello]\nwhen = "match + 3 days"\nto = "mentee"\nmessage = "messages/hello"\n'
CORPUS = (DATA / "messages" / "hostile.txt").read_text(encoding="utf-8").splitlines()
PAYLOADS = [one for one in CORPUS if one != "{{ request }}"]
"""A program has a name `request`, which is a harmless one: nothing, where nobody asks for anything."""
RUNAWAY = {
    "a text a gigabyte long": "{{ 'a' * 10**9 }}",
    "a text a gigabyte wide": "{{ 'x' | center(1000000000) }}",
    "a gigabyte of padding": "{{ '%999999999d' % 1 }}",
    "a gigabyte by format": "{{ '{:>999999999}'.format(1) }}",
    "a gigabyte by a format filter": "{{ '%999999999d' | format(1) }}",
    "loops in loops": "{% for a in 'x' * 9999 %}{% for b in 'x' * 9999 %}{% endfor %}{% endfor %}",
    "loops over a long list in loops": "{% set l = ["
    + "1," * 900
    + "] %}"
    + "{% for a in l %}{% for b in l %}{% for c in l %}x{% endfor %}{% endfor %}{% endfor %}",
    "a range": "{% for a in range(10**9) %}{% endfor %}",
    "a text that doubles": "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}",
    "a list that doubles": "{% set a = [1] %}" + "{% set a = a + a %}" * 60 + "{{ a }}",
    "a list of lists that doubles": "{% set a = [1] %}" + "{% set a = [a, a] %}" * 300 + "{{ a | join }}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a long number": "{{ " + "9" * 50_000 + " }}",
    "a shift by a long number": "{{ 10**12 * 10**12 * 10**12 }}",
    "brackets": "{{ " + "(" * 20_000,
    "lists in lists": "{{ " + "[" * 2_000 + "]" * 2_000 + " }}",
    "conditions in conditions": "{% if 1 %}" * 3_000 + "{% endif %}" * 3_000,
    "sums": "{{ " + "1+" * 20_000 + "1 }}",
    "filters": "{{ 'a'" + " | upper" * 6_000 + " }}",
    "attributes": "{{ me" + ".a" * 20_000 + " }}",
    "a comment that never ends": "{#" * 20_000,
    "more than a message may hold": "x" * 100_000,
    "marks of emphasis": "*_" * 29_000,
    "links in links": "[" * 29_000 + "](" * 100,
    "quotes in quotes": ">" * 50_000,
    "lists in lists in Markdown": "".join(" " * n + "- x\n" for n in range(300)),
    "words to be wrapped": "{{ 'x y' | wordwrap(1) }}",
    "a recursive loop": "{% for a in [[1]] recursive %}{{ loop(a) }}{% endfor %}",
}


@pytest.mark.parametrize("body", RUNAWAY.values(), ids=RUNAWAY)
def test_no_message_runs_away(desk: Desk, body: str) -> None:
    """Each is refused at its place, or comes to something small, in bounded time; memory is bounded in a process."""
    desk.write({"pilot.toml": PROGRAM + STEP, "messages/hello.md": f"---\nsubject: Hello\n---\n{body}\n"})
    checked = desk("check", "pilot.toml", "--json")
    assert checked.code in (0, 2), checked.err
    if checked.code == 2:
        (problem,) = checked.problems()
        assert problem["code"].startswith("message-")
        assert "messages/hello.md" == problem["file"]
        assert problem["line"]
        assert len(problem["message"]) < 600


def test_all_that_runs_away_does_so_in_little_memory(desk: Desk) -> None:
    steps = "".join(STEP.replace("hello", f"hello{n}") for n in range(len(RUNAWAY)))
    bodies = {f"messages/hello{n}.md": f"---\nsubject: Hello\n---\n{one}\n" for n, one in enumerate(RUNAWAY.values())}
    desk.write({"pilot.toml": PROGRAM + steps, **bodies})
    ran = desk.apart("check", "pilot.toml")
    assert 2 == ran.code, ran.err[-2000:]
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("shown", "code", "who"),
    [
        ("{{ me.name[7] }}", "message-unknown-name", "1"),
        ("{{ partners[0].name[7] }}", "message-unknown-name", "1"),
        ("{{ 7 / (me.name | length - 9) }}", "message-forbidden", "4"),
    ],
)
@pytest.mark.parametrize("place", ["subject", "body"])
def test_what_fails_for_one_reader_only_is_found_before_anybody_gets_a_message(
    desk: Desk, shown: str, code: str, who: str, place: str
) -> None:
    text = f"---\nsubject: {shown}\n---\nHello\n" if place == "subject" else f"---\nsubject: Hello\n---\n{shown}\n"
    desk.write({"pilot.toml": PROGRAM + STEP, "messages/hello.md": text, "people.csv": NAMED})
    desk.refuses(code, f"messages/hello.md:{2 if place == 'subject' else 4}", f"it cannot be written for {who}, ")
    desk.write({"people.csv": NAMED.replace(",Ada,", ",Ada Osei,").replace("Dev Patel", "Devika Patel")})
    desk.takes()


NAMED = "".join(line for line in PEOPLE.splitlines(keepends=True) if line[0] in "i14").replace("Ada Osei", "Ada")


def test_no_character_that_a_subject_cannot_have_gets_into_one(desk: Desk) -> None:
    subject = r'{{ "a\x00b\r\nBcc: x@example.org\u2028c\ud800d" }}'
    step = STEP.replace('"match + 3 days"', '"match"')
    desk.write({"pilot.toml": PROGRAM + step, "messages/hello.md": f"---\nsubject: {subject}\n---\nHello\n"})
    assert 0 == desk("run", "pilot.toml", "--yes", *NOON).code
    sent = [message_from_bytes(one, policy=policy.default) for name, one in desk.files().items() if ".eml" in name]
    subjects = {str(one["subject"]) for one in sent if "Bcc: x" in str(one["subject"])}
    assert {"a\ufffdb Bcc: x@example.org c\ufffdd"} == subjects
    assert not any(one["bcc"] for one in sent)


def test_a_whole_corpus_of_escapes_is_refused_before_anybody_gets_a_message(desk: Desk) -> None:
    assert 100 < len(PAYLOADS)
    steps = "".join(STEP.replace("hello", f"hello{n}") for n in range(len(PAYLOADS)))
    bodies = {f"messages/hello{n}.md": f"---\nsubject: Hello\n---\n{one}\n" for n, one in enumerate(PAYLOADS)}
    desk.write({"pilot.toml": PROGRAM + steps, **bodies})
    found = {one["file"]: one for one in desk("check", "pilot.toml", "--json").problems()}
    assert set(bodies) == set(found)
    assert {"message-forbidden", "message-syntax", "message-unknown-name"} >= {one["code"] for one in found.values()}
    assert {4} == {one["line"] for one in found.values()}
    before = desk.files()
    assert 2 == desk("run", "pilot.toml", "--yes", *NOON).code
    assert before == desk.files()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("---\nsubject: a\0b\n---\nHello\n", "file-encoding"),
        ("---\nsubject: a\u2028Bcc: x@example.org\n---\nHello\n", "message-subject"),
        ("---\nsubject: Hello\nbcc: x@example.org\n---\nHello\n", "message-subject"),
        ("---\nsubject: " + "x" * 400 + "\n---\nHello\n", "message-too-long"),
        ("---\nsubject: Hello\n", "message-subject"),
        ("Hello\n", "message-subject"),
        ("---\nsubject: Hello\n---\n{{ me.name", "message-syntax"),
        ("---\nsubject: {{ me.nam }}\n---\nHello\n", "message-unknown-name"),
        ("---\nsubject: Hello\n---\n{{ me._sa_instance_state }}\n", "message-unknown-name"),
    ],
)
def test_messages_with_wrong_heads(desk: Desk, content: str, code: str) -> None:
    desk.write({"pilot.toml": PROGRAM + STEP, "messages/hello.md": content})
    desk.refuses(code, "messages/hello.md")


# --------------------------------------------------------------------------------------------------------- the lock

EXCHANGED = "one of the two was edited or exchanged"
EDITS: dict[str, tuple[Callable[[str], str], str]] = {
    "another template": (lambda lock: re.sub('digest = "....', 'digest = "0000', lock), EXCHANGED),
    "another ledger": (lambda lock: re.sub('id = "...', 'id = "000', lock), "ledger"),
    "no ledger": (lambda lock: lock.replace("[ledger]", "[register]"), "take it from version control"),
    "a number for a digest": (lambda lock: re.sub('digest = ".*"', "digest = 1", lock), "take it from version control"),
    "both of a merge": (lambda lock: f"<<<<<<< HEAD\n{lock}=======\n{lock}", "take it from version control"),
    "nothing": (lambda _lock: "", "take it from version control"),
    "no text": (lambda lock: lock + "\x00", "take it from version control"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_lock_that_was_edited_stops_the_program(desk: Desk, edit: str) -> None:
    assert 0 == desk("run", "pilot.toml", "--yes", *NOON).code
    change, told = EDITS[edit]
    lock = desk.files()["pilot.lock"].decode()
    assert change(lock) != lock
    desk.write({"pilot.lock": change(lock)})
    before = desk.files()
    ran = desk("run", "pilot.toml", "--yes", "--at", "2027-01-25T10:00")
    assert 2 == ran.code, ran.out + ran.err
    assert "error[refused]: " in ran.err
    assert "pilot.lock" in ran.err
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert before == desk.files()
