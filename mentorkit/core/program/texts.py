"""What people read: the variants of messages, and agendas. Their files are read by now."""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import evolve, frozen

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def is_language(word: str) -> bool:
    """Return whether a word, such as one of a file's name, may say a language: `de`, `pt-BR`."""
    return bool(_LANGUAGE.fullmatch(word))


def as_spelled(languages: Iterable[str], wanted: str) -> str:
    """Return a reader's language as texts spell it: `DE` finds `de`, `pt_br` `pt-BR`, else `pt`; "" where none fits."""
    folded = wanted.strip().casefold().replace("_", "-")
    if not folded:
        return ""
    spelled = {language.casefold(): language for language in languages if language}
    return spelled.get(folded) or spelled.get(folded.partition("-")[0], "")


@frozen
class MessageText:
    """One variant of a message.

    Attributes:
        path: where it stands, as the user would write it (for errors).
        role: the role it is for, or "" for any.
        language: the language it is in, or "" for any.
        subject: a Jinja template of one line.
        body: Markdown with Jinja.
        body_line: 1-based line of the file on which the body begins.
        subject_line: 1-based line of the subject.
    """

    path: str
    role: str
    language: str
    subject: str
    body: str
    body_line: int = 1
    subject_line: int = 1


@frozen
class MessageSet:
    """All variants of one message, `messages/x` in the program file."""

    name: str
    texts: tuple[MessageText, ...]

    def pick(self, role: str, language: str) -> MessageText | None:
        """Return the best variant: role and language, role, language, neither; None where none fits.

        A language falls back from `pt-BR` to `pt`.
        """
        languages = dict.fromkeys((language, language.partition("-")[0]))
        wanted = [(role, one) for one in languages] + [(role, "")] + [("", one) for one in languages] + [("", "")]
        by_kind = {(text.role, text.language): text for text in self.texts}
        return next((by_kind[key] for key in wanted if key in by_kind), None)


@frozen
class Agenda:
    """One session's agenda, a Markdown text; `title` is its first heading.

    Attributes:
        language: the language it is in, or "" for any.
        translations: the same agenda in other languages.
    """

    path: str
    title: str
    text: str
    language: str = ""
    translations: tuple[Agenda, ...] = ()

    def read_in(self, language: str) -> Agenda:
        """Return it for a reader of a language, or for any where it is not translated."""
        if not self.translations:
            return self
        spelled = as_spelled((one.language for one in self.translations), language)
        return next((one for one in self.translations if spelled and one.language == spelled), self.original)

    @property
    def original(self) -> Agenda:
        """It, without its translations."""
        return evolve(self, translations=())
