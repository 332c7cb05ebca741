"""The questions of a program's surveys as people were asked them, for those who read the answers."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from mentorkit.core.contracts import Role
from mentorkit.core.program import Program, Step
from mentorkit.messages.naming import program_wording, role_words
from mentorkit.messages.wording import Wording


def as_asked(program: Program, roles: Sequence[Role]) -> Program:
    """Return the program with questions and choices in its readers' words.

    Raises:
        ProgramError: a question cannot be rendered; every problem has the survey's place.
    """
    wording = program_wording(program, role_words(program, roles))
    return evolve(program, timeline=tuple(_asked(step, wording) for step in program.timeline))


def _asked(step: Step, wording: Wording) -> Step:
    return evolve(step, questions=tuple(wording.question(one, step.name) for one in step.questions))
