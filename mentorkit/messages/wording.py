"""Agendas and questions in the readers' words: the language of messages, with the names `program` and `words`."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from attrs import evolve, frozen

from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import Agenda, Question
from mentorkit.messages.markdown import Markdown
from mentorkit.messages.rendering import render_line, render_part

_Facts = tuple[tuple[str, Hashable], ...]


@frozen
class Wording:
    """What a program calls things, as values that can be compared: what agendas and questions are filled in with."""

    program: _Facts
    words: _Facts

    def agenda(self, agenda: Agenda) -> tuple[str, Markdown]:
        """Return title and text of an agenda.

        Raises:
            ProgramError: it is wrong; every problem has file and line.
        """
        return _agenda(self, agenda)

    def question(self, question: Question, step: str) -> Question:
        """Return a question of a step's survey as its reader sees it.

        Raises:
            ProgramError: it is wrong; the problem has the survey's place.
        """
        return _question(self, question, step)

    @property
    def names(self) -> Mapping[str, Any]:
        """The names they know."""
        return {"program": dict(self.program), "words": dict(self.words)}


def wording(program: Mapping[str, Hashable], words: Mapping[str, str]) -> Wording:
    """Return a program's wording, from what messages know of it and from its words."""
    return Wording(tuple(program.items()), tuple(words.items()))


@lru_cache(maxsize=256)
def _agenda(wording: Wording, agenda: Agenda) -> tuple[str, Markdown]:
    text = render_part(agenda.path, agenda.text.strip(), wording.names)
    return render_line(agenda.path, agenda.title, wording.names), text


@lru_cache(maxsize=256)
def _question(wording: Wording, question: Question, step: str) -> Question:
    def read(lines: Sequence[str]) -> tuple[str, ...]:
        return tuple(render_line(step, one, wording.names) for one in lines)

    try:
        text, *choices = read((question.text, *question.choices))
        translations = [evolve(one, choices=read(one.choices)) for one in question.translations]
    except ProgramError as problem:
        place = f"surveys.{step}.questions"
        found = [
            error(one.code, f'the question "{question.id}": {one.message}', path=place, help=one.help)
            for one in problem.diagnostics
        ]
        raise ProgramError(found) from None
    return evolve(question, text=text, choices=tuple(choices), translations=tuple(translations))
