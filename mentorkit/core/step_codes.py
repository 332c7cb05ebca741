"""Short codes of steps, which an author may put into subjects: a reply that has one tells what it answers.

Mail programs also say which message they answer (In-Reply-To); a code helps where they do not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from mentorkit.core.program import Program, Step

WRITTEN = re.compile(r"mk-[0-9a-f]{8}")


def step_code(program: str, step: str) -> str:
    """Return the code of a program's step, both by id, such as `mk-0f3a91c2`."""
    return f"mk-{hashlib.sha256(f'{program}/{step}'.encode()).hexdigest()[:8]}"


def steps_by_code(program: Program) -> Mapping[str, Step]:
    """Return the program's steps by their codes."""
    return {step_code(program.id, step.name): step for step in program.steps}
