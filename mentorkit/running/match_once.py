"""One matching as `mentorkit match` makes it: afresh, or as a run at this moment would, under a review's decisions."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve

from mentorkit.answers import read_told
from mentorkit.core.diagnostics import errors_in
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.learning import applied, learn
from mentorkit.core.matching.decisions import Decisions
from mentorkit.core.matching.intakes import intake_due, occasion_now
from mentorkit.core.matching.requesting import looked_for_now, with_topics
from mentorkit.core.matching.solving import MatchingOutcome, match
from mentorkit.core.problems import Effort
from mentorkit.core.zones import to_local
from mentorkit.opening import Opened
from mentorkit.presenting.review_table import review_header, review_rows
from mentorkit.review_files import check_review_path, read_review, write_review


def match_afresh(opened: Opened, history: History, effort: Effort) -> MatchingOutcome:
    """Match as of the moment.

    Raises:
        ProgramError: the rules contradict each other, or the matcher cannot do what the program asks for.
    """
    today = to_local(opened.at, opened.program.timezone).date()
    try:
        return match(opened.program, opened.roster, opened.catalogue, history, on=today, at=opened.at, effort=effort)
    except ProgramError as problem:
        raise ProgramError(opened.diagnostics + opened.placed(problem.diagnostics)) from None


def match_for_review(opened: Opened, history: History, file: Path, effort: Effort) -> MatchingOutcome:
    """Match as a run at this moment would, under the decisions of a review file, and write it again.

    Raises:
        ProgramError: rules and decisions contradict each other, or the file is no review.
    """
    check_review_path(file)
    program, roster, roles = opened.program, opened.roster, opened.roles
    review = read_review(file, program, roster, roles) if file.exists() else None
    outcome = _match_as_run(opened, history, review.decisions if review else None, file, effort)
    asked = outcome.posing.requests if outcome.posing else {}
    roster = with_topics(program, roster, asked)
    rows = review_rows(program, roster, opened.catalogue, roles, outcome.matching, review)
    write_review(file, review_header(roles), rows)
    return outcome


def known_by_now(opened: Opened, history: History) -> History:
    """Return the history as a run at this moment would have it before it matches: with answers and who has left.

    Raises:
        ProgramError: answers have problems.
    """
    reading = read_told(opened.program.answers, opened.program, opened.roster, opened.at)
    learned = learn(opened.program, opened.roster, opened.catalogue, history, reading.told, opened.at)
    found = reading.diagnostics + learned.diagnostics
    if errors_in(found):
        raise ProgramError(opened.diagnostics + found)
    return applied(history, learned.happening)


def _match_as_run(
    opened: Opened, history: History, decisions: Decisions | None, file: Path, effort: Effort
) -> MatchingOutcome:
    today = to_local(opened.at, opened.program.timezone).date()
    due = intake_due(opened.program, history, today) is not None
    try:
        return match(
            opened.program,
            opened.roster,
            opened.catalogue,
            history,
            today,
            decisions=decisions,
            occasion=occasion_now(opened.program, history, today),
            rematch=due and opened.program.matching.rematch == "everyone",
            requests=looked_for_now(opened.program, history),
            at=opened.at,
            effort=effort,
        )
    except ProgramError as problem:
        told = [evolve(one, file=str(file)) if one.code.startswith("review-") else one for one in problem.diagnostics]
        raise ProgramError([*opened.diagnostics, *opened.placed(told)] if errors_in(told) else told) from None
