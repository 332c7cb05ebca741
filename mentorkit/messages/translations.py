"""Whether people who get messages in their language are asked in it, too, and find their agendas in it.

Only the languages of people in the roster count: what nobody reads may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.program import MessageSet, Program, Series, Step, as_spelled
from mentorkit.core.roster import Roster

_SHOWS_AGENDA = re.compile(r"\{[{%][^{}]*\bagenda\b")


def check_translations(program: Program, roster: Roster) -> Iterator[Diagnostic]:
    """Yield a warning for each survey and each series that readers of a language get in two languages."""
    for language in sorted({person.text("language") for person in roster.people} - {""}):
        for step in program.timeline:
            yield from _questions(step, language)
        for series in program.series:
            yield from _agendas(program, series, language)


def _questions(step: Step, language: str) -> Iterator[Diagnostic]:
    asked = [one for one in step.questions if not as_spelled((it.language for it in one.translations), language)]
    if asked and len(asked) == len(step.questions) and _is_written_in(step.message, language):
        told = f'the survey "{step.name}" has a message in "{language}", but no questions in it'
        hint = f"add its file of questions in this language, with .{language}.toml at its end"
        yield warning("translation-missing", told, path=f"surveys.{step.name}.questions", help=hint)


def _agendas(program: Program, series: Series, language: str) -> Iterator[Diagnostic]:
    held = series.agendas[: series.count]
    lacking = [
        number
        for number, one in enumerate(held, 1)
        if not as_spelled((it.language for it in one.translations), language)
    ]
    some = 0 < len(lacking) < len(held)
    shown = [step.name for step in program.timeline if _shows_agendas(step.message, language)]
    if not lacking or not (some or shown):
        return
    which = f"the agendas {', '.join(map(str, lacking))} are not" if some else "no agenda is"
    because = "others are" if some else f'the message of "{shown[0]}" in this language shows them'
    hint = f"add them as NAME.{language}.md beside the others"
    path = "sessions.agendas" if series.name == "sessions" else f"series.{series.name}.agendas"
    yield warning("translation-missing", f'{which} in "{language}", though {because}', path=path, help=hint)


def _is_written_in(message: MessageSet, language: str) -> bool:
    return bool(as_spelled((text.language for text in message.texts), language))


def _shows_agendas(message: MessageSet, language: str) -> bool:
    spelled = as_spelled((text.language for text in message.texts), language)
    return any(spelled and text.language == spelled and _SHOWS_AGENDA.search(text.body) for text in message.texts)
