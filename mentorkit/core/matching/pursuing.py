"""Whether a program's matcher pursues objectives: where it does not, nothing can be said of what they gain or cost."""

from __future__ import annotations

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.program import Program


def not_pursued(program: Program, catalogue: Catalogue, objective: str = "") -> str:
    """Return in words why nothing can be said of an objective, or of any; "" where the matcher pursues it."""
    name = program.matching.matcher.name
    pursued: tuple[str, ...] | None = getattr(catalogue.matchers[name].implementation, "objectives", None)
    if pursued is None:
        return f"the matcher {name} does not say which objectives it pursues"
    if not pursued:
        return f"the matcher {name} pursues no objective"
    return f"the matcher {name} does not pursue {objective}" if objective and objective not in pursued else ""
