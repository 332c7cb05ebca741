from datetime import date

import pytest
from attrs import evolve

from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.phases import phase, relationship_start, relationship_state
from mentorkit.testing import a_moment, a_program, a_relationship

PROGRAM = a_program(timezone="Europe/London", starts=date(2027, 1, 11), ends=date(2027, 6, 28))
CAMPAIGN = evolve(PROGRAM, opens=date(2026, 11, 30), signup_closes=date(2026, 12, 18))
MATCHED = History(occasions={"match": a_moment("2026-12-20T00:00:00+00:00")})


@pytest.mark.parametrize(
    ("expected", "program", "history", "at"),
    [
        ("sign-up", CAMPAIGN, History(), "2026-12-18T23:59:59+00:00"),
        ("before matching", CAMPAIGN, History(), "2026-12-19T00:00:00+00:00"),
        ("before matching", PROGRAM, History(), "2026-12-01T00:00:00+00:00"),
        ("before matching", PROGRAM, History(), "2027-03-01T00:00:00+00:00"),
        ("matched, not started", PROGRAM, MATCHED, "2027-01-10T23:59:59+00:00"),
        ("running", PROGRAM, MATCHED, "2027-01-11T00:00:00+00:00"),
        ("running", PROGRAM, MATCHED, "2027-06-28T22:59:59+00:00"),
        ("ended", PROGRAM, MATCHED, "2027-06-28T23:00:00+00:00"),
        ("ended", PROGRAM, History(), "2027-06-28T23:00:00+00:00"),
    ],
)
def test_a_program_is_in_one_phase(expected, program, history, at):
    assert expected == phase(program, history, a_moment(at))


@pytest.mark.parametrize(
    ("expected", "at"),
    [
        ("published", "2027-01-10T23:59:59+00:00"),
        ("active", "2027-01-11T00:00:00+00:00"),
        ("active", "2027-06-28T22:59:59+00:00"),
        ("ended", "2027-06-28T23:00:00+00:00"),
    ],
)
def test_what_is_published_is_active_from_its_first_day_to_the_programs_last(expected, at):
    one = a_relationship(("17", "mentor"), ("42", "mentee"))
    known = KnownRelationship(one, "published", a_moment("2026-12-20T00:00:00+00:00"))
    assert expected == relationship_state(PROGRAM, known, a_moment(at))
    assert "proposed" == relationship_state(PROGRAM, KnownRelationship(one, "proposed"), a_moment(at))
    assert "ended" == relationship_state(
        PROGRAM, evolve(known, state="ended", ended_at=known.published_at), a_moment(at)
    )


def test_who_is_matched_late_begins_late():
    assert date(2027, 1, 11) == relationship_start(PROGRAM, a_moment("2026-12-20T00:00:00+00:00"))
    assert date(2027, 5, 2) == relationship_start(PROGRAM, a_moment("2027-05-01T23:30:00+00:00"))
