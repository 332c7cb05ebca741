"""A review file that a coordinator has decided in, CSV or a workbook."""

from __future__ import annotations

from fuzz.desk_files import opened
from fuzz.laws import check_refusal
from fuzz.mutating import mutated_archive_or_text
from fuzz.scratch import written
from fuzz.target import Target
from mentorkit.core.errors import ProgramError
from mentorkit.review_files import read_review


def run(data: bytes) -> None:
    """Read it: decisions are about people who are there, and contradict each other nowhere."""
    desk = opened()
    path = written("review.csv", data)
    try:
        review = read_review(path, desk.program, desk.roster, desk.roles)
    except ProgramError as refused:
        check_refusal(refused)
        return
    decided = (*review.decisions.required, *review.decisions.forbidden)
    assert all(one in desk.roster.by_id for pair in decided for one in pair)
    required, forbidden = (
        set(map(frozenset, review.decisions.required)),
        set(map(frozenset, review.decisions.forbidden)),
    )
    assert not required & forbidden


TARGET = Target(
    "review",
    run,
    mutate=mutated_archive_or_text,
    words=("relationship,mentor,mentee,decision", "keep", "forbid", "pin", "1;2", "4", "5", "'=1", ";", '"', "\t"),
)
