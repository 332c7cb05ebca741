"""Which files events are read from."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.errors import ProgramError
from mentorkit.core.program import AnswersFile
from mentorkit.core.resolving.files import Problems, ProgramFiles


def resolve_answers(named: Sequence[str], files: ProgramFiles, problems: Problems) -> tuple[AnswersFile, ...]:
    """Return the files of `[answers]`, in order; they need not exist yet."""
    found: list[AnswersFile] = []
    for number, shown in enumerate(named):
        try:
            found.append(AnswersFile(files.roster_file(("answers", "files", number), shown), shown))
        except ProgramError as problem:
            problems.placed(problem)
    return tuple(found)
