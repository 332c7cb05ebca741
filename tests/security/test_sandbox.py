"""What a template may not do in the body of a message, it may do nowhere else where templates are read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from security.guarded import HELLO, NOON, PROGRAM, Guarded

CORPUS = Path(__file__).parent.parent / "data" / "messages" / "hostile.txt"
PAYLOADS = [one for one in CORPUS.read_text(encoding="utf-8").splitlines() if one != "{{ request }}"]
"""`request` is a name in messages, and nothing where nobody asks for anything."""
REFUSED = {"message-forbidden", "message-syntax", "message-unknown-name", "message-subject"}
ASKED = 'when = "start"\nto = "mentee"\nmessage = "messages/hello"\n'
OUTBOX = '\n[channels.files]\nuse = "outbox"\n'


def refused(guarded: Guarded) -> list[dict[str, str]]:
    """Return what is wrong with texts, after trying to run the program all the same."""
    checked = guarded("check", "--json")
    assert 2 == checked.code
    assert 2 == guarded("run", *NOON).code
    assert not (guarded.folder / "p.run").exists()
    found = [one for one in json.loads(checked.out)["problems"] if one["severity"] == "error"]
    assert {one["code"] for one in found} <= REFUSED, found
    return found


@pytest.mark.uncounted
def test_subjects_have_the_same_language_as_bodies(guarded: Guarded) -> None:
    assert 60 <= len(PAYLOADS)
    steps = "".join(
        f'[timeline.s{n}]\nwhen = "start"\nto = "mentee"\nmessage = "messages/s{n}"\n' for n in range(len(PAYLOADS))
    )
    texts = {f"messages/s{n}.md": f"---\nsubject: {one}\n---\nHello.\n" for n, one in enumerate(PAYLOADS)}
    guarded.write({"p.toml": PROGRAM + steps, **texts})
    assert set(texts) == {one["file"] for one in refused(guarded)}


@pytest.mark.uncounted
def test_agendas_have_the_same_language(guarded: Guarded) -> None:
    """In their titles and texts, ten sessions at a time."""
    series = 'count = 10, cadence = "every week", agendas = "agendas/"'
    program = PROGRAM.replace('count = 2, cadence = "every 2 weeks"', series)
    guarded.write({"p.toml": program})
    for begin in range(0, len(PAYLOADS), 10):
        some = PAYLOADS[begin : begin + 10]
        some += PAYLOADS[: 10 - len(some)]
        guarded.write({f"agendas/{n:02}.md": f"# Session\n\n{one}\n" for n, one in enumerate(some)})
        files = {one["file"] for one in json_errors(guarded)}
        assert {f"agendas/{n:02}.md" for n in range(10)} == files
    guarded.write({f"agendas/{n:02}.md": f"# {one}\n\nTalk.\n" for n, one in enumerate(PAYLOADS[:10])})
    assert {f"agendas/{n:02}.md" for n in range(10)} == {one["file"] for one in refused(guarded)}


def json_errors(guarded: Guarded) -> list[dict[str, str]]:
    found = [one for one in json.loads(guarded("check", "--json").out)["problems"] if one["severity"] == "error"]
    assert {one["code"] for one in found} <= REFUSED, found
    return found


@pytest.mark.uncounted
@pytest.mark.parametrize("part", ["text", "choices"])
def test_questions_have_the_same_language(guarded: Guarded, part: str) -> None:
    surveys, files = "", {}
    for number, payload in enumerate(PAYLOADS):
        surveys += f'[surveys.s{number}]\nquestions = "q{number}.toml"\n{ASKED}'
        text, choice = (payload, "No") if part == "text" else ("What?", payload)
        kind = f'kind = "choice"\nchoices = ["Yes", {json.dumps(choice)}]\n'
        files[f"q{number}.toml"] = f'[[question]]\nid = "q"\ntext = {json.dumps(text)}\n{kind}'
    guarded.write({"p.toml": PROGRAM + surveys, **files})
    assert {f"surveys.s{n}.questions" for n in range(len(PAYLOADS))} == {one["path"] for one in refused(guarded)}


@pytest.mark.uncounted
def test_invitations_have_the_same_language(guarded: Guarded) -> None:
    guarded.write({"p.toml": PROGRAM + OUTBOX})
    for payload in PAYLOADS[::8]:
        guarded.write({"messages/calendar-invitation.md": f"---\nsubject: Session\n---\n{payload}\n"})
        assert {"messages/calendar-invitation.md"} == {one["file"] for one in json_errors(guarded)}


def test_what_looks_like_a_template_in_words_names_and_cells_is_a_text(guarded: Guarded) -> None:
    odd = "{{ 7 * 7 }}{% if 1 %}x{% endif %}{# #}"
    program = PROGRAM.replace('"Pilot"', json.dumps(odd)) + f"[words]\nmentor = {json.dumps(odd)}\n" + OUTBOX
    people = f"id,name,email,role\n1,{odd},a@example.org,mentor\n2,{odd},b@example.org,mentee\n"
    hello = HELLO.replace("{{ me.name }}", "{{ me.name }}, {{ words.mentor }}, {{ program.name }}")
    guarded.write({"p.toml": program, "people.csv": people, "messages/hello.md": hello})
    assert 0 == guarded("run", *NOON).code
    sent = sorted((guarded.folder / "p.run" / "outbox").iterdir())
    assert 6 == len(sent)
    for path in sent:
        if ".hello." in path.name:
            assert f"Hello {odd}, {odd}, {odd}." in " ".join(path.read_text().split())
