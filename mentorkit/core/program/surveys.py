"""What people are asked (`[surveys.NAME]`), and the files in which answers and other events come (`[answers]`)."""

from __future__ import annotations

from typing import Literal

from attrs import evolve, frozen

from mentorkit.core.program.texts import as_spelled


@frozen
class TranslatedQuestion:
    """A question in another language.

    Attributes:
        choices: those of the question, in its order; of a yes-no question: the words for yes and no, or nothing.
    """

    language: str
    text: str
    choices: tuple[str, ...] = ()


@frozen
class Question:
    """One question of a survey.

    Attributes:
        choices: what can be chosen; of a yes-no question: the words for yes and no, or nothing.
        scale: the lowest and the highest number of a scale.
        translations: the same question in other languages.
    """

    id: str
    text: str
    kind: Literal["scale", "choice", "yes-no", "text"] = "text"
    choices: tuple[str, ...] = ()
    scale: tuple[int, int] = (1, 5)
    translations: tuple[TranslatedQuestion, ...] = ()

    def read_in(self, language: str) -> Question:
        """Return it for a reader of a language, or for any where it is not translated."""
        if not self.translations:
            return self
        spelled = as_spelled((one.language for one in self.translations), language)
        found = next((one for one in self.translations if spelled and one.language == spelled), None)
        if found is None:
            return evolve(self, translations=())
        return evolve(self, text=found.text, choices=found.choices, translations=())

    @property
    def all_choices(self) -> tuple[tuple[str, ...], ...]:
        """The choices in every language, its own first."""
        return tuple(filter(None, (self.choices, *(one.choices for one in self.translations))))


@frozen
class AnswersFile:
    """A file that events are read from: its absolute path, and the path as the author wrote it."""

    path: str
    shown: str
