from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import Role
from mentorkit.core.history import Event, KnownRelationship, KnownSession
from mentorkit.core.moments import parse_cadence, parse_step_condition, parse_until, parse_when
from mentorkit.core.program import Length, Step
from mentorkit.core.sessions import Session
from mentorkit.core.timeline import Calendar, Sent, grouped, occurring, transmissions
from mentorkit.core.timeline.occurrence_ids import occurrence_id, session_of
from mentorkit.core.zones import to_local
from mentorkit.testing import a_message, a_moment, a_person, a_program, a_relationship, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
PUBLISHED = a_moment("2027-01-08T15:00:00+00:00")
PAIR = a_relationship(("m", "mentor"), ("e", "mentee"))
ROSTER = a_roster(a_person("m", "mentor"), a_person("e", "mentee", hire_date=date(2027, 2, 1)))
KNOWN = KnownRelationship(PAIR, "published", PUBLISHED)
NUMBERS = {"m": 1, "e": 2, "contact:coordinator": 3}


def a_session(starts="2027-01-13T09:30:00+00:00", **changes):
    moment = a_moment(starts)
    local = moment.replace(tzinfo=None)
    session = Session(f"{PAIR.id}-1", PAIR.id, "sessions", 1, local, "Europe/London", moment, 60, ("m", "e"))
    return KnownSession(session, **changes)


def calendar(**changes):
    return Calendar((KNOWN,), (a_session(),), PUBLISHED, **changes)


def a_step(when, to="mentee", repeat=None, until=None, condition=None, **changes):
    return Step(
        "step",
        parse_when(when, ["hire_date"]),
        tuple(to.split()),
        a_message(),
        repeat=parse_cadence(repeat) if repeat else None,
        until=parse_until(until) if until else None,
        condition=parse_step_condition(condition) if condition else None,
        **changes,
    )


def found(step, known=None, roster=ROSTER, **program):
    program = a_program(timeline=(step,), **program)
    return transmissions(program, roster, ROLES, known or calendar(), NUMBERS)


def days(step, known=None, **program):
    return [f"{to_local(one.due, one.zone):%m-%d}" for one in found(step, known, **program)]


def names(step, known=None):
    return [delivery.key.split("/")[1] for one in found(step, known) for delivery in one.deliveries]


@pytest.mark.parametrize(
    ("when", "repeat", "until", "expected"),
    [
        ("start", "every 60 days", None, ["01-11", "03-12", "05-11"]),
        ("start", "every month", "midpoint", ["01-11", "02-11", "03-11"]),
        ("start", "every week", "2027-01-25", ["01-11", "01-18", "01-25"]),
        ("start + 1 week", "every week", "start", []),
        ("end + 3 days", "every week", None, ["07-01"]),
        ("match + 30 days", "every 60 days", "relationship-end - 1 week", ["02-07", "04-08", "06-07"]),
        ("session 1 - 1 day", "every 20 weeks", None, ["01-12", "06-01"]),
        ("hire_date + 1 day", "every 90 days", None, ["02-02", "05-03"]),
        ("start - 2 weeks", "every week", "start + 1 week", ["12-28", "01-04", "01-11", "01-18"]),
    ],
)
def test_a_step_is_repeated_until_its_end(when, repeat, until, expected):
    assert expected == days(a_step(when, repeat=repeat, until=until))


def test_the_first_keeps_its_name_and_the_others_are_numbered():
    assert ["once", "once~2", "once~3"] == names(a_step("start", repeat="every 60 days"))
    assert [f"{PAIR.id}-1", f"{PAIR.id}-1~2"] == names(a_step("session 1", repeat="every 20 weeks"))


def test_what_lies_before_the_publication_comes_once():
    late = evolve(KNOWN, published_at=a_moment("2027-04-01T10:00:00+00:00"))
    step = a_step("session 1", repeat="every 4 weeks")
    assert ["04-01", "04-07"] == days(step, Calendar((late,), (a_session(),), PUBLISHED))[:2]
    on_the_day = evolve(KNOWN, published_at=a_moment("2027-04-07T08:00:00+00:00"))
    assert ["04-07", "05-05"] == days(step, Calendar((on_the_day,), (a_session(),), PUBLISHED))[:2]


def test_a_repetition_that_falls_on_the_beginning_of_its_session_is_no_announcement_of_it():
    begins = a_session().session.starts
    step = a_step(f"session 1 - 2 days at {to_local(begins, 'Europe/London'):%H:%M}", repeat="every day")
    day_before, now = found(step)[1:3]
    assert (begins, begins) == (day_before.expires, now.due)
    assert now.expires > begins


def test_a_moved_session_gets_its_reminder_again():
    moved = Calendar((KNOWN,), (a_session("2027-01-14T09:30:00+00:00", state="moved", moves=2),), PUBLISHED)
    assert [f"{PAIR.id}-1+2"] == names(a_step("session - 1 day"), moved)


def test_a_date_that_changes_sends_nothing_again():
    step = a_step("hire_date + 1 day")
    later = a_roster(ROSTER.people[0], a_person("e", "mentee", hire_date=date(2027, 3, 1)))
    before, after = found(step), found(step, roster=later)
    assert before[0].due < after[0].due
    assert [one.key for one in before[0].deliveries] == [one.key for one in after[0].deliveries]


def test_the_session_can_be_read_from_an_occurrence():
    assert ["once", "r1-2", "r1-2", "r1-a-2"] == [session_of(one) for one in ("once~3", "r1-2+1", "r1-2", "r1-a-2+1~4")]


@given(st.from_regex(r"r[0-9a-f]{10}(-[A-Za-z_-]+)?-[0-9]", fullmatch=True), st.integers(0, 99), st.integers(1, 999))
def test_ids_of_occurrences_lead_back_to_the_session(session, moves, number):
    assert session == session_of(occurrence_id(session, moves, number))


# --------------------------------------------------------------------------------------------------- conditions


def said(at, kind="met", person="e", subject="", name="1"):
    return Event(name, a_moment(at), person, kind, subject)


def happens(condition, at="2027-03-01T12:00:00+00:00", when="match + 40 days", to="mentee", **changes):
    return bool(days(a_step(when, to, condition=condition), calendar(at=a_moment(at), **changes)))


FEBRUARY = "2027-02-10T10:00:00+00:00"


@pytest.mark.parametrize(
    ("condition", "events", "expected"),
    [
        ("met", (), False),
        ("not met", (), True),
        ("met", (said(FEBRUARY, subject=PAIR.id),), True),
        ("met", (said(FEBRUARY, person="m"),), True),
        ("met", (said("2027-04-01T10:00:00+00:00"),), False),  # said after the step had expired
        ("met", (said(FEBRUARY), said("2027-02-11T10:00:00+00:00", "missed", name="2")), False),
        ("answered news", (said(FEBRUARY, "answered", subject="news.q1"),), True),
        ("answered news", (said(FEBRUARY, "answered", subject="newsletter.q1"),), False),
        ("answered news", (said(FEBRUARY, "answered", "m", "news.q1"),), False),
        ("not answered news", (said(FEBRUARY, "answered", subject="news"),), False),
        ("silent 14 days", (), True),
        ("silent 7 days", (said(FEBRUARY, person="m"),), True),
        ("silent 8 days", (said(FEBRUARY, person="m"),), False),  # true only on the last day: nobody missed it
        ("silent 16 days", (said(FEBRUARY, person="m", name="mentorkit:left:p1"),), True),
        ("silent 60 days", (), False),
    ],
)
def test_a_condition_is_asked_in_the_run(condition, events, expected):
    assert expected == happens(condition, events=events)


def test_a_held_session_is_a_meeting_and_other_sessions_do_not_count_for_a_step_of_one():
    held = Calendar((KNOWN,), (a_session(state="held"),), PUBLISHED, at=a_moment(FEBRUARY))
    assert 1 == len(days(a_step("session + 1 day", condition="met"), held))
    assert 1 == len(days(a_step("start + 30 days", condition="met"), held))
    assert [] == days(a_step("session + 1 day", condition="not met"), held)
    assert not happens("met", when="session + 1 day", events=(said(FEBRUARY, subject=PAIR.id),))


def numbered_session(number, state="planned", day=None):
    known = a_session(f"2027-01-{day or 13 + number:02}T09:30:00+00:00", state=state)
    return evolve(known, session=evolve(known.session, id=f"{PAIR.id}-{number}", number=number))


@pytest.mark.parametrize(
    ("states", "moved", "when", "expected"),
    [
        (["missed", "held", "missed", "missed"], [], "start + 14 days", True),
        (["missed", "missed", "held", "missed"], [], "start + 14 days", False),
        (["missed", "planned", "planned", "missed"], [], "start + 14 days", True),
        (["held", "missed", "planned", "moved"], [4], "start + 14 days", True),
        (["held", "missed", "planned", "held"], [4], "start + 14 days", False),
        (["held", "canceled", "planned", "missed"], [2], "start + 14 days", False),
        (["missed", "missed", "planned", "held"], [], "session 2 + 10 days", True),
        (["missed", "planned", "missed", "missed"], [], "session 2 + 10 days", False),
    ],
)
def test_missed_and_moved_sessions_count_since_the_last_held_one(states, moved, when, expected):
    sessions = tuple(numbered_session(number, state) for number, state in enumerate(states, 1))
    events = tuple(said("2027-01-15T10:00:00+00:00", "moved", subject=f"{PAIR.id}-{one}") for one in moved)
    known = Calendar((KNOWN,), sessions, PUBLISHED, at=a_moment("2027-01-26T12:00:00+00:00"), events=events)
    assert expected == bool(days(a_step(when, condition="missed 2"), known))


def test_the_coordinator_is_told_by_what_anybody_of_the_relationship_answered():
    answers = (said(FEBRUARY, "answered", "m", "news.q1"),)
    assert happens("answered news", to="coordinator", events=answers)


def test_the_silent_are_asked_when_it_goes_out():
    at = a_moment("2027-03-01T12:00:00+00:00")
    events = (said("2027-02-25T10:00:00+00:00"),)
    silent = found(a_step("midpoint", "silent"), calendar(at=at, events=events))
    assert ["e", "m"] == sorted(one.recipient.id for one in silent)  # by April both would be
    today = found(a_step("start + 49 days", "silent"), calendar(at=at, events=events))
    assert ["m"] == [one.recipient.id for one in today]
    both = found(a_step("start + 49 days", "mentee silent"), calendar(at=at, events=events))
    assert ["e", "m"] == sorted(one.recipient.id for one in both)


# ------------------------------------------------------------------------------------------ relationships' ends


def ended(at="2027-03-01T10:00:00+00:00", noted="2027-03-03T10:00:00+00:00", **changes):
    known = KnownRelationship(PAIR, "ended", PUBLISHED, a_moment(at), "left", a_moment(noted))
    return Calendar((known,), (a_session(),), PUBLISHED, at=a_moment(noted), **changes)


@pytest.mark.parametrize(
    ("when", "condition", "known", "expected"),
    [
        ("relationship-end", None, ended(), ["03-03", "03-03"]),
        ("relationship-end", "ended early", ended(), ["03-03", "03-03"]),
        ("relationship-end", "ended early", None, []),
        ("relationship-end", None, None, ["06-28", "06-28", "06-28"]),
        ("relationship-end - 1 week", None, ended(), []),
        ("session + 1 day", None, ended(), []),
        ("match", None, ended(), []),
        ("relationship-end", "ended early", ended("2027-07-02T10:00:00+00:00", "2027-07-02T10:00:00+00:00"), []),
    ],
)
def test_the_end_of_a_relationship(when, condition, known, expected):
    at = a_moment("2027-02-01T10:00:00+00:00")
    known = evolve(known, gone=frozenset({"e"})) if known else calendar(at=at)
    assert expected == days(a_step(when, "mentor mentee coordinator", condition=condition), known)


def test_a_relationship_that_was_never_published_has_no_end():
    known = Calendar((KnownRelationship(PAIR, "ended", None, PUBLISHED, "withdrawn", PUBLISHED),))
    assert [] == days(a_step("relationship-end", "mentor mentee"), known)


# --------------------------------------------------------------------------------------------------------- laws

WHENS = ["start - 2 weeks", "match + 1 day", "session 1 - 3 days", "midpoint", "relationship-end", "hire_date + 3 days"]
REPEATED = st.builds(
    a_step,
    st.sampled_from(WHENS),
    st.sampled_from(["mentor mentee", "everyone silent", "silent", "coordinator"]),
    st.sampled_from(["every 1 day", "every 3 business days", "every 2 weeks", "every month"]),
    st.sampled_from([None, "end - 2 weeks", "2027-03-01", "midpoint + 3 days"]),
    st.sampled_from([None, "met", "not met", "silent 14 days", "not answered news"]),
    expires=st.builds(Length, st.integers(0, 9), st.just("days")),
)


@given(REPEATED)
@settings(max_examples=60, deadline=None)
def test_keys_are_unique_the_first_stays_and_nothing_comes_after_until(step):
    step = evolve(step, condition=None)
    laid = found(step)
    keys = [delivery.key for one in laid for delivery in one.deliveries]
    assert len(keys) == len(set(keys))
    once = {delivery.key for one in found(evolve(step, repeat=None, until=None)) for delivery in one.deliveries}
    assert step.until is not None or once <= set(keys)
    last = {"end - 2 weeks": date(2027, 6, 14), "2027-03-01": date(2027, 3, 1), "midpoint + 3 days": date(2027, 4, 8)}
    if step.until is not None:
        assert all(to_local(one.due, one.zone).date() <= last[step.until.text] for one in laid)


@given(REPEATED, st.lists(st.integers(0, 200), max_size=5), st.lists(st.integers(0, 200), max_size=8), st.booleans())
@settings(max_examples=60, deadline=None)
def test_over_any_series_of_runs_nothing_is_sent_twice(step, words, runs, later_repeated):
    begin = a_moment("2026-12-20T12:00:00+00:00")
    spoken = [Event(str(n), begin + timedelta(days=day), "e", "met", PAIR.id) for n, day in enumerate(words)]
    sent: list[str] = []
    for count, day in enumerate(sorted(runs)):
        at = begin + timedelta(days=day)
        known = calendar(at=at, events=tuple(one for one in spoken if one.at <= at))
        now = evolve(step, repeat=None, until=None) if later_repeated and count == 0 else step
        occurrences = occurring(a_program(timeline=(now,)), ROSTER, ROLES, known)
        for one in grouped(occurrences, NUMBERS, Sent(frozenset(sent))):
            if one.due <= at:
                sent += [delivery.key for delivery in one.deliveries]
    assert len(sent) == len(set(sent))


@given(st.integers(0, 30), st.sampled_from(["eligible", "not-signed-up"]), st.sampled_from([None, "every 2 days"]))
def test_a_campaign_reaches_those_it_is_for_before_the_matching(after, group, repeat):
    roster = a_roster(*ROSTER.people, a_person("new"), evolve(a_person("no"), eligible=False))
    step = a_step("opens", group, repeat, "signup-closes" if repeat else None)
    opens, closes = date(2026, 11, 1), date(2026, 11, 1) + timedelta(days=after)
    program = a_program(timeline=(step,), opens=opens, signup_closes=closes)
    laid = transmissions(program, roster, ROLES, Calendar(), {"m": 1, "e": 2, "new": 3, "no": 4})
    expected = {"new"} if group == "not-signed-up" else {"m", "e", "new"}
    assert expected == {one.recipient.id for one in laid}
    assert len(expected) * (after // 2 + 1 if repeat else 1) == len(laid)
    assert all(one.due.date() <= closes for one in laid if repeat)
