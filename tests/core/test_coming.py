"""Who says of which session that they will come."""

from datetime import timedelta

from attrs import evolve

from mentorkit.core.coming import coming_subject, latest_answers, session_asked
from mentorkit.core.history import Event
from mentorkit.testing import a_moment

AT = a_moment("2027-01-11T09:00:00+00:00")


def said(value, minutes, person="4", session="r1-1"):
    return Event(f"e{minutes}", AT + timedelta(minutes=minutes), person, "answered", coming_subject(session), value)


def test_the_latest_word_of_each_holds_in_whatever_order_they_are_heard_of():
    events = [said("no", 1), said("yes", 2), said("maybe", 3, "5"), said("no", 4, session="r1-2")]
    expected = {
        ("r1-1", "4"): (AT + timedelta(minutes=2), "yes"),
        ("r1-1", "5"): (AT + timedelta(minutes=3), "maybe"),
        ("r1-2", "4"): (AT + timedelta(minutes=4), "no"),
    }
    assert expected == latest_answers(events) == latest_answers(events[::-1])


def test_other_answers_and_other_events_say_nothing_of_it():
    assert {} == latest_answers([evolve(said("4", 1), subject="pulse.use"), evolve(said("no", 2), kind="declined")])
    assert ("r1-1", "") == (session_asked("r1-1.coming"), session_asked("pulse.use"))
