"""A message with its front matter, filled in for readers with all kinds of names, and agendas in the same language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, cast

from attrs import evolve

from fuzz.desk_files import opened
from fuzz.laws import check_diagnostics, check_refusal
from fuzz.scratch import written
from fuzz.target import Target
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import MessageText
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.resolving.files import FoundText, Problems, ProgramFiles
from mentorkit.core.resolving.texts import resolve_message
from mentorkit.core.roster import Roster
from mentorkit.loading.program_files import read_text
from mentorkit.messages.naming import Reader, Topic, known_names, role_words
from mentorkit.messages.rendering import MAX_SUBJECT, problems_of, render, render_part
from mentorkit.testing import a_person

_ODD_NAME = "*Ada* <b>[x](javascript:1)</b>\n# {{ me }} \u202e`|` https://x.example"
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FORBIDDEN = frozenset({"script", "iframe", "object", "embed", "form", "input", "img", "style", "link", "base", "svg"})
_SCHEMES = ("http:", "https:", "mailto:", "tel:")


class _OneFile:
    """A program that has one message and nothing else."""

    def __init__(self, found: FoundText) -> None:
        self.found = found

    def names(self, folder: str) -> tuple[str, ...]:
        return ("x.md",) if folder == "messages" else ()

    def text(self, _name: str) -> FoundText:
        return self.found


class _Page(HTMLParser):
    """Asserts that nothing on a page runs, loads or leads elsewhere than a link of the web or of mail."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in _FORBIDDEN, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("href", "src") or (value or "").casefold().startswith(_SCHEMES), value


def run(data: bytes) -> None:
    """Read it and fill it in; what renders has one line for a subject and a harmless page."""
    try:
        found = read_text(written("messages/x.md", data), "messages/x.md")
    except ProgramError as refused:
        check_refusal(refused)
        return
    problems, one_file = Problems(), _OneFile(FoundText(found.shown, found.text))
    message = resolve_message("messages/x", ("timeline", "x", "message"), (), cast(ProgramFiles, one_file), problems)
    check_diagnostics(one.diagnostic for one in problems.found)
    for text in message.texts:
        for context in _contexts():
            _check_rendered(text, context)
    _check_agenda(found.text)


def _check_rendered(text: MessageText, context: Mapping[str, Any]) -> None:
    problems = problems_of(text, context)
    check_diagnostics(problems)
    try:
        rendered = render(text, context)
    except ProgramError as refused:
        check_refusal(refused)
        assert problems, "checking found nothing wrong, and rendering did"
        return
    assert not problems, "checking found something wrong, and rendering did not"
    assert rendered.subject.strip()
    assert len(rendered.subject) <= MAX_SUBJECT
    assert not _CONTROLS.search(rendered.subject)
    for part in (rendered.subject, rendered.text, rendered.html):
        part.encode()
    page = _Page()
    page.feed(rendered.html)
    page.close()
    assert rendered == render(text, context)


def _check_agenda(text: str) -> None:
    try:
        render_part("agendas/x.md", text, next(iter(_contexts())))
    except ProgramError as refused:
        check_refusal(refused)


@lru_cache(maxsize=1)
def _contexts() -> tuple[Mapping[str, Any], ...]:
    return tuple(_names())


def _names() -> Iterator[Mapping[str, Any]]:
    """Yield what a message knows: of a reader with a partner and a survey, of one alone, and of odd names."""
    desk = opened()
    program, words = desk.program, role_words(desk.program, desk.roles)
    survey = next(step for step in program.steps if step.questions)
    members = (Member("2", "mentor"), Member("4", "mentee"))
    together = Topic(Relationship("r1", members, 80.0))
    reader = Reader(desk.roster.by_id["4"], "mentee", "Europe/London")
    yield known_names(program, words, desk.roster, survey, reader, (together,))
    yield known_names(program, words, desk.roster, program.timeline[0], Reader(None, "coordinator", "UTC"), ())
    odd = a_person("4", "mentee", name=_ODD_NAME, department=_ODD_NAME, email="")
    people = Roster(tuple(odd if one.id == "4" else evolve(one) for one in desk.roster.people), desk.roster.columns)
    yield known_names(program, words, people, survey, Reader(odd, "mentee", "Asia/Kathmandu"), (together,))


TARGET = Target(
    "message",
    run,
    seeds=(
        *("fuzz/desk/messages/*.md", "examples/*/messages/*.md", "examples/*/template/*/*.md"),
        "program-templates/mentorkit_templates/*/messages/*.md",
        "program-templates/mentorkit_templates/*/agendas/*.md",
    ),
    words=(
        *(
            "---\nsubject: ",
            "\n---\n",
            "{{ me.name }}",
            "{% if partners %}",
            "{% endif %}",
            "{% else %}",
            "{% endfor %}",
        ),
        *(
            "{% for x in partners %}",
            "{% set x = 1 %}",
            "{# x #}",
            "{% raw %}",
            "{% endraw %}",
            "loop.index",
            "| upper",
        ),
        *("| join(', ')", "| length", "session", "agenda", "program.goals", "words.mentor", "coordinator.email", "not"),
        *("is none", "~", "range(9)", "[x](https://x.example)", "![x](y)", "<b>", "&amp;", "| a | b |\n|---|---|\n"),
        *("```\n", "> ", "1. ", "- ", "# ", "**", "`", "*", "\\", "survey.questions", "questions", "relationship"),
    ),
)
