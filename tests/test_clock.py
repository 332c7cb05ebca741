"""What people may write for a moment."""

import pytest

from mentorkit.clock import parse_moment
from mentorkit.core.errors import RefusedError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-11", "2027-01-11T23:00:00+00:00"),
        ("2027-07-11", "2027-07-11T22:00:00+00:00"),
        ("2027-01-11T09:00", "2027-01-11T08:00:00+00:00"),
        ("2027-01-11 09:00", "2027-01-11T08:00:00+00:00"),
        ("2027-01-11T09:00:00Z", "2027-01-11T09:00:00+00:00"),
        ("2027-01-11T09:00:30.5+05:30", "2027-01-11T03:30:30+00:00"),
    ],
)
def test_a_date_means_its_end_and_a_local_time_is_the_programs(text, expected):
    assert expected == parse_moment(text, "Europe/Berlin").isoformat()


@pytest.mark.parametrize(
    "text",
    [
        *("", "20270111", "2027-W02-3", "2027-1-1", "2027-02-30", "2027-01-11T25:00", "tomorrow"),
        *("0001-01-02T00:00:00Z", "0101-06-01", "9900-01-01", "9999-12-31T23:59"),
    ],
)
def test_anything_else_is_refused_with_examples(text):
    with pytest.raises(RefusedError, match="is no moment: write 2027-01-11"):
        parse_moment(text, "Europe/Berlin")
