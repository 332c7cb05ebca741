"""Busy times beside sets of minutes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.busy_times import busy_times, span_of
from mentorkit.testing import a_moment

SPANS = st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 60)), max_size=12)


@given(SPANS)
def test_spans_are_put_together_and_no_two_touch(spans):
    found = busy_times(spans).spans.tolist()
    assert {minute for a, b in spans for minute in range(a, b)} == {minute for a, b in found for minute in range(a, b)}
    assert all(a < b for a, b in found)
    assert all(before[1] < after[0] for before, after in pairwise(found))


def test_a_span_is_of_every_minute_that_it_touches():
    begins, ends = a_moment("1970-01-01T00:10:59+00:00"), a_moment("1970-01-01T00:20:00.000001+00:00")
    assert (10, 21) == span_of(begins, ends)
    assert (-1, 0) == span_of(a_moment("1969-12-31T23:59:30+00:00"), a_moment("1970-01-01T00:00:00+00:00"))
