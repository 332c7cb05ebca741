"""Small files beside a program: preferences, pairs, those who wait."""

from __future__ import annotations

from fuzz.laws import check_refusal
from fuzz.mutating import mutated_archive_or_text
from fuzz.scratch import written
from fuzz.target import Target
from mentorkit.core.errors import ProgramError
from mentorkit.loading.pair_files import read_pairs
from mentorkit.loading.preference_files import read_preferences
from mentorkit.loading.waiting_files import read_waiting


def run(data: bytes) -> None:
    """Read it as each of them."""
    path = written("small.csv", data)
    try:
        ranked = read_preferences(path, "small.csv")
        assert len({(voter, choice) for voter, choice, _ in ranked}) == len(ranked)
        assert all(rank > 0 and voter != choice for voter, choice, rank in ranked)
    except ProgramError as refused:
        check_refusal(refused)
    try:
        assert all(a and b and a != b for a, b, _ in read_pairs(path, "small.csv"))
    except ProgramError as refused:
        check_refusal(refused)
    try:
        waiting = read_waiting(path, "small.csv")
        assert len({(one.person, one.role) for one in waiting}) == len(waiting)
    except ProgramError as refused:
        check_refusal(refused)


TARGET = Target(
    "small_tables",
    run,
    mutate=mutated_archive_or_text,
    seeds=("examples/*/keep-apart.csv", "tests/golden/**/waiting.csv"),
    words=("voter,choice,rank", "a,b,ended", "id,role,since", "a,b", "2027-01-11", "1", "'=1", "٣", "\t", ";", '"'),
)
