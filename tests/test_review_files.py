from __future__ import annotations

from pathlib import Path

from mentorkit.core.contracts import Role
from mentorkit.core.relationships import Certificate, Matching, Member
from mentorkit.review_files import read_review, same_as_shown, write_review
from mentorkit.testing import a_person, a_program, a_relationship, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
HEADER = ("relationship", "mentor", "mentor name", "mentee", "mentee name", "score", "reasons", "decision")
PEOPLE = a_roster(a_person("9", "mentor"), *(a_person(one, "mentee") for one in "123"))


def test_what_a_file_shows_is_compared_with_a_matching(tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    write_review(path, HEADER, [("r1", "9", "", "1", "", "", "", ""), ("", "", "", "2", "", "", "", "")])
    review = read_review(path, a_program(), PEOPLE, ROLES)
    nothing = Certificate("optimal", exact=True, matched=0, total_score=0.0)
    made = Matching((a_relationship(("9", "mentor"), ("1", "mentee")),), (), (), nothing)
    other = Matching((a_relationship(("9", "mentor"), ("2", "mentee")),), (), (), nothing)
    assert [] == same_as_shown(review, made)
    assert [
        "the file shows mentor 9 and mentee 1, who are not matched now",
        "mentor 9 and mentee 2 are matched now, which the file does not show",
    ] == same_as_shown(review, other)


def test_a_row_may_hold_a_whole_group(tmp_path: Path) -> None:
    path = tmp_path / "review.xlsx"
    write_review(path, HEADER, [("r1", "9", "", "3;1", "", "", "", "keep"), ("r2", "9", "", "2", "", "", "", "forbid")])
    review = read_review(path, a_program(), PEOPLE, ROLES)
    assert (("9", "1"), ("9", "3")) == review.decisions.required
    assert (("9", "2"),) == review.decisions.forbidden
    assert ((Member("9", "mentor"), Member("1", "mentee"), Member("3", "mentee")),) == review.pairs


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_review(tmp_path / f"{name}.xlsx", HEADER, [("r1", "-9", "=1", "3", "", "", "", "")])
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    review = read_review(tmp_path / "one.xlsx", a_program(), PEOPLE, ROLES)
    assert ((Member("-9", "mentor"), Member("3", "mentee")),) == review.pairs
