"""Reading a folder of mail: every letter, in the order of their names, and what cannot be read or understood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from attrs import frozen

from mentorkit.core.diagnostics import Diagnostic, note, warning
from mentorkit.core.happenings import Told
from mentorkit.core.program import AnswersFile, Program
from mentorkit.core.roster import Roster
from mentorkit.incoming_mail.letters import Letter, read_letter
from mentorkit.incoming_mail.meaning import Bounced, Meaning, Understanding

LARGEST = 2**20
"""How many bytes of a letter are read: an answer is short, and what is larger has attachments that nobody needs."""
MOST = 50_000
"""How many letters of a folder are read."""
NAMED = 5
"""How many letters are named that nothing could be made of."""
_MAILDIR = ("new", "cur")


@frozen
class MailReading:
    """What a folder of mail tells.

    Attributes:
        told: events whose moment has come, each id once.
        bounced: messages that did not arrive.
    """

    told: tuple[Told, ...] = ()
    bounced: tuple[Bounced, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_mail(folder: AnswersFile, program: Program, roster: Roster, at: datetime) -> MailReading:
    """Return what the letters of a folder tell, as far as they were written by `at` (UTC, aware).

    A folder holds files that end in `.eml`, or is a maildir. What cannot be read is a warning, and stops nothing.
    """
    understanding = Understanding(program, roster)
    told: dict[str, Told] = {}
    bounced: dict[str, Bounced] = {}
    problems: list[tuple[str, str]] = []
    paths = sorted(_files(Path(folder.path)))
    for path in paths[:MOST]:
        shown = f"{folder.shown.rstrip('/')}/{path.relative_to(folder.path)}"
        try:
            letter = _letter(path, Path(folder.path))
            meaning = Meaning() if letter.at is not None and letter.at > at else understanding.meaning(letter, shown)
        except (OSError, ValueError) as odd:
            problems.append((shown, str(getattr(odd, "strerror", None) or odd)))
            continue
        told |= {one.id: told.get(one.id, one) for one in meaning.told}
        bounced |= {one.key: one for one in meaning.bounced}
        if meaning.problem:
            problems.append((shown, meaning.problem))
    return MailReading(tuple(told.values()), tuple(bounced.values()), tuple(_said(folder, paths, problems)))


def _files(folder: Path) -> Iterator[Path]:
    boxes = [folder / one for one in _MAILDIR if (folder / one).is_dir()]
    for box in boxes or [folder]:
        for path in box.iterdir():
            named = bool(boxes) or path.suffix.casefold() == ".eml"
            if named and not path.name.startswith(".") and path.is_file():
                yield path


def _letter(path: Path, folder: Path) -> Letter:
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError("it is a link that leads out of the folder")
    with path.open("rb") as file:
        return read_letter(file.read(LARGEST))


def _said(folder: AnswersFile, paths: list[Path], problems: list[tuple[str, str]]) -> Iterator[Diagnostic]:
    for shown, why in problems[:NAMED]:
        told = f"nothing can be made of this mail: {why}"
        yield warning("mail-unclear", told, help="read it, record what it says, and move it away").at(shown)
    if len(problems) > NAMED:
        told = f"nothing can be made of {len(problems) - NAMED:,} further mails in {folder.shown}"
        yield warning("mail-unclear", told, help="read them, record what they say, and move them away")
    if len(paths) > MOST:
        yield warning("mail-too-many", f"{folder.shown} holds {len(paths):,} mails; {MOST:,} are read", help="clear it")
    if not paths:
        yield note("answers-none", f"there is no mail in {folder.shown} yet: nothing is read from it")
