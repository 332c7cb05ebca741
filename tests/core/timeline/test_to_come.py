from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.moments import parse_when
from mentorkit.core.outlook import Outlook, outlook
from mentorkit.core.program import Step
from mentorkit.core.timeline.audience import Addressee
from mentorkit.core.timeline.laying_out import Sent, delivery_key, grouped
from mentorkit.core.timeline.occurrences import Occurrence
from mentorkit.core.timeline.to_come import minutes, parted
from mentorkit.testing import a_message, a_moment

BEGIN = a_moment("2027-01-11T12:00:00+00:00")
NUMBERS = {"17": 1, "42": 2, "contact:office": 3}
STEPS = [
    Step(f"step-{per}", parse_when("match", []), ("matched",), a_message(), per=per)
    for per in ("person", "relationship", "occurrence")
]
ADDRESSEES = [Addressee("17", "mentor"), Addressee("17", "mentee"), Addressee("42", "mentee")]
ADDRESSEES.append(Addressee("office", "office", "contact"))

occurrences = st.builds(
    lambda step, name, to, relationship, due, lasts: Occurrence(
        step, name, to, relationship, BEGIN + timedelta(minutes=due), BEGIN + timedelta(minutes=due + lasts), "UTC"
    ),
    st.sampled_from(STEPS),
    st.sampled_from(["once", "once~2", "s1"]),
    st.sampled_from(ADDRESSEES),
    st.sampled_from(["", "R", "S"]),
    st.integers(0, 4),
    st.integers(-3, 3),
)
moments = st.integers(-30, 300).map(lambda seconds: BEGIN + timedelta(seconds=seconds))


@settings(max_examples=150)
@given(st.lists(occurrences, max_size=25), st.sets(st.integers(0, 24)), moments, st.none() | moments)
def test_what_is_made_when_it_is_looked_at_is_what_would_have_been_made_at_once(found, known, at, adopted):
    keys = [delivery_key(one, NUMBERS) for one in found]
    sent = Sent(frozenset(keys[one] for one in known if one < len(keys)))
    everything = grouped(found, NUMBERS, sent)
    parts = parted(found, NUMBERS, sent, at, adopted)
    far = Outlook(parts.far)
    expected = [one for one in everything if adopted is None or one.due > adopted]
    assert expected == sorted((*parts.near, *far), key=lambda one: (one.due, one.key))
    assert all(one.due > at and one.expires > at for one in far)
    assert all(one in parts.near for one in expected if one.due <= at or one.expires <= at)


@settings(max_examples=150)
@given(st.lists(occurrences, max_size=25), moments)
def test_counting_without_making_comes_to_the_same(found, moment):
    made = grouped(found, NUMBERS, Sent())
    lazily = Outlook(tuple(minutes(found, NUMBERS, Sent())))
    assert made == lazily
    assert len(made) == len(lazily)
    assert bool(made) == bool(lazily)
    for ahead in (lazily, outlook(made)):
        assert [one for one in made if one.due < moment] == list(ahead.before(moment))
        headings = sorted((one.due, one.step, one.recipient.kind, one.recipient.id) for one in made)
        assert headings == sorted(ahead.headings())
        assert sorted(one[2:] for one in headings) == sorted(ahead.recipients())
        assert [one for one in headings if one[0] <= moment] == sorted(ahead.headings(until=moment))


def test_an_outlook_is_a_sequence():
    found = [Occurrence(STEPS[0], "once", to, "", BEGIN, BEGIN, "UTC") for to in ADDRESSEES]
    made = grouped(found, NUMBERS, Sent())
    lazily = Outlook(tuple(minutes(found, NUMBERS, Sent())))
    assert (made[0], made[-1], made[1:3]) == (lazily[0], lazily[-1], lazily[1:3])
    assert repr(made) == repr(lazily)
    assert lazily != made[1:]
    assert () == outlook(())
