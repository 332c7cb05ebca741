"""Whether a saved matching holds: its problem is posed anew from program and roster, and everything is proven again.

No matcher is asked for anything. The saved relationships stand as the solution and the saved numbers as its proof;
what is certified of them must be what the file says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from attrs import frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import Diagnostic, error, errors_in, warning
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.matching.posing import posed
from mentorkit.core.matching.saved import SavedCertificate, SavedMatching, digests, saved_certificate
from mentorkit.core.matching.solving import CERTIFYING, POSING
from mentorkit.core.matching.tasks import Task, tasks_of
from mentorkit.core.matching.verifying.one_occasion import Found, OccasionCheck
from mentorkit.core.problems import Effort
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster


@frozen
class Verified:
    """What a saved matching proved to be.

    Attributes:
        certificates: by occasion, what was certified anew; without those that could not be.
        diagnostics: differences are errors; a warning says that something changed which changes nothing of the result.
    """

    certificates: Mapping[str, SavedCertificate]
    diagnostics: tuple[Diagnostic, ...]


def verify(
    saved: SavedMatching,
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    on: date,
    effort: Effort = Effort(),  # noqa: B008 (frozen and empty)
    at: datetime | None = None,
) -> Verified:
    """Prove a saved matching again.

    Args:
        saved: what is to be proven.
        program: resolved.
        roster: everybody.
        catalogue: where model, scope, criteria and rules come from.
        history: what the ledger knows, where the matching took it as given; else an empty one.
        on: the day of the matching.
        effort: told what is being done.
        at: the moment of the matching; None: only the day is known.

    Raises:
        ProgramError: program and roster do not fit: a column is missing, pairs contradict each other.
    """
    if saved.program != program.id:
        told = f'the matching is of program "{saved.program}", not of "{program.id}"'
        return Verified({}, (error("verify-program", told),))
    effort.tell(POSING, 0.0)
    posing = posed(program, roster, catalogue, history, on, at=at)
    if errors_in(posing.diagnostics):
        raise ProgramError(posing.diagnostics)
    tasks = {task.occasion: task for task in tasks_of(posing, history, on, effort=effort)}
    effort.tell(CERTIFYING, 0.0)
    diagnostics = [*_changed(saved, program, roster, catalogue), *_occasions(saved, tasks)]
    certificates = {}
    for one in saved.occasions:
        if one.occasion in tasks:
            check = OccasionCheck(one, tasks[one.occasion], posing, history)
            diagnostics += check.everything()
            if check.solved is not None:
                certificates[one.occasion] = saved_certificate(check.solved.certificate)
    effort.tell(CERTIFYING, 1.0)
    return Verified(certificates, tuple(diagnostics))


def _changed(saved: SavedMatching, program: Program, roster: Roster, catalogue: Catalogue) -> Found:
    now = digests(program, roster, catalogue)
    changed = [
        what
        for what, before, today in (
            ("program", saved.digests.program, now.program),
            ("roster", saved.digests.roster, now.roster),
        )
        if before != today
    ]
    if changed:
        told = f"the {' and the '.join(changed)} {'have' if len(changed) > 1 else 'has'} changed since the matching"
        yield warning("verify-inputs", f"{told}, in something that matching reads")


def _occasions(saved: SavedMatching, tasks: Mapping[str, Task]) -> Found:
    there = [one.occasion for one in saved.occasions]
    for name in sorted({*there} - {*tasks}):
        yield error("verify-occasion", f'the occasion "{name}" is not posed any more')
    for name in sorted({*tasks} - {*there}):
        yield error("verify-occasion", f'the occasion "{name}" is not in the file')
    for name in sorted(name for name, times in Counter(there).items() if times > 1):
        yield error("verify-occasion", f'the occasion "{name}" is in the file more than once')
