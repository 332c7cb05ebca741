"""What steps of the timeline need and the program does not have: an anchor, somebody to write to.

In the program's own step it is an error. Steps of a template do without it, and of all that lack the same a program
hears once, at the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import define, field

from mentorkit.core.declaring.merging import Path
from mentorkit.core.resolving.files import Problems, ProgramFiles

_SHOWN = 3
"""So many steps are named; of more than these, how many there are besides."""


@define
class Gaps:
    """Collects what is lacking while steps are resolved; `tell` says it when all of them are."""

    files: ProgramFiles
    problems: Problems
    _anchors: dict[tuple[str, str], list[tuple[str, Path]]] = field(init=False, factory=dict)
    _contacts: dict[tuple[str, bool], list[tuple[str, Path]]] = field(init=False, factory=dict)

    def no_anchor(self, name: str, path: Path, told: str, hint: str) -> None:
        """Note that a step hangs on what the program does not have."""
        if self.files.said_by_program(path):
            self.problems.error(path, "step-without-anchor", f'"{name}" can never happen: {told}', hint)
        else:
            self._anchors.setdefault((told, hint), []).append((name, path))

    def no_contact(self, name: str, path: Path, word: str) -> None:
        """Note that a step goes to a contact whom the program does not name."""
        if self.files.said_by_program(path):
            told = f'"{name}" goes to the {word}, but the program has none'
            self.problems.error(path, "no-contact", told, _contact_hint(word))
        else:
            by_default = self.files.said_by_default(path)
            self._contacts.setdefault((word, by_default), []).append((name, path))

    def tell(self) -> None:
        """Tell of the template's steps, once for all that lack the same."""
        for (told, hint), steps in self._anchors.items():
            are = "step {} is" if len(steps) == 1 else "steps {} are"
            said = f"the template's {are.format(_named(steps))} left out: {told}"
            self.problems.note(steps[0][1], "step-left-out", said, hint)
        for (word, by_default), steps in self._contacts.items():
            tell: Callable[[Path, str, str, str], None] = self.problems.note if by_default else self.problems.warning
            goes, it = ("goes", "it") if len(steps) == 1 else ("go", "them")
            said = f"{_named(steps)} {goes} to the {word}, but the program has none; nobody gets {it}"
            tell(steps[0][1], "no-contact", said, _contact_hint(word))


def _contact_hint(word: str) -> str:
    return f'add program.{word} = "somebody@example.org"'


def _named(steps: Sequence[tuple[str, Path]]) -> str:
    names = [f'"{name}"' for name, _ in steps]
    more = len(names) - _SHOWN
    *first, last = names if more <= 1 else [*names[:_SHOWN], f"{more} more"]
    return f"{', '.join(first)} and {last}" if first else last
