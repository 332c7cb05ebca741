from datetime import date, time, timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import Role
from mentorkit.core.history import Event, KnownRelationship, KnownSession
from mentorkit.core.memberships import Membership, members_now
from mentorkit.core.moments import parse_when
from mentorkit.core.program import Length, Step
from mentorkit.core.sessions import Session
from mentorkit.core.timeline.laying_out import Calendar, Sent, transmissions
from mentorkit.core.zones import known_zones, to_local
from mentorkit.testing import a_message, a_moment, a_person, a_program, a_relationship, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
PUBLISHED = a_moment("2027-01-08T15:00:00+00:00")

MENTOR = a_person("17", "mentor", manager_id="1")
TOKYO = a_person("42", "mentee", timezone="Asia/Tokyo", manager_id="17", hire_date=date(2027, 1, 4))
BERLIN = a_person("43", "mentee", timezone="Europe/Berlin", manager_id="1")
ALONE = a_person("44", "mentee", manager_id="99")
BOSS = a_person("1")
UNINVITED = evolve(a_person("2"), eligible=False)
ROSTER = a_roster(MENTOR, TOKYO, BERLIN, ALONE, BOSS, UNINVITED)

FIRST = a_relationship(("17", "mentor"), ("42", "mentee"))
SECOND = a_relationship(("17", "mentor"), ("43", "mentee"))
NAMES = {FIRST.id: "FIRST", SECOND.id: "SECOND"}


def a_step(when, to, **changes):
    return Step("step", parse_when(when, ["hire_date"]), tuple(to.split()), a_message(), **changes)


def published(relationship, moment=PUBLISHED):
    return KnownRelationship(relationship, "published", moment)


def a_session(relationship, number, starts, series="sessions", **changes):
    moment = a_moment(starts)
    name = f"{relationship.id}-{number}" if series == "sessions" else f"{relationship.id}-{series}-{number}"
    local = to_local(moment, "Europe/London")
    session = Session(name, relationship.id, series, number, local, "Europe/London", moment, 60, relationship.people())
    return KnownSession(evolve(session, **changes))


MATCHED = Calendar(
    (published(FIRST), published(SECOND)),
    (
        a_session(FIRST, 1, "2027-01-13T09:30:00+00:00"),
        a_session(SECOND, 1, "2027-01-13T14:00:00+00:00"),
        a_session(FIRST, 2, "2027-01-27T09:30:00+00:00"),
    ),
    matched_at=PUBLISHED,
)


class Numbers(dict):
    """Ids that are numbers are their own running numbers; contacts come after."""

    def __missing__(self, key):
        return int(key) if key.isdigit() else 1000 + len(key)


def lay_out(step, calendar=MATCHED, roster=ROSTER, sent=None, **program):
    program = a_program(
        timeline=(step,), contacts={"coordinator": "c@example.org", "helpdesk": "h@example.org"}, **program
    )
    return transmissions(program, roster, ROLES, calendar, Numbers(), sent)


def told(found):
    """Say each transmission as people would: local moment, who as what, about which relationships."""
    lines = []
    for one in found:
        about = "+".join(sorted({NAMES.get(delivery.relationship, "") for delivery in one.deliveries} - {""}))
        line = f"{to_local(one.due, one.zone):%m-%d %H:%M} {one.recipient.id} as {one.recipient.role} {about}"
        lines.append(line.strip())
    return lines


def test_a_mentor_gets_one_message_about_everybody_published_together():
    assert [
        "01-08 09:00 43 as mentee SECOND",
        "01-08 09:00 17 as mentor FIRST+SECOND",
        "01-09 09:00 42 as mentee FIRST",
    ] == told(lay_out(a_step("match + 0 days", "mentor mentee")))


def test_one_message_per_relationship_where_the_step_says_so():
    found = lay_out(a_step("match + 0 days", "mentor", per="relationship"))
    assert ["01-08 09:00 17 as mentor FIRST", "01-08 09:00 17 as mentor SECOND"] == sorted(told(found))
    assert {f"20270108T0900Z.step.p17.mentor.{one.id}" for one in (FIRST, SECOND)} == {one.key for one in found}


@pytest.mark.parametrize(
    ("to", "lines"),
    [
        ("mentee", ["01-11 09:00 42 as mentee", "01-11 09:00 43 as mentee", "01-11 09:00 44 as mentee"]),
        (
            "everyone",
            [
                "01-11 09:00 42 as mentee", "01-11 09:00 43 as mentee", "01-11 09:00 17 as mentor",
                "01-11 09:00 44 as mentee",
            ],
        ),
        ("matched", ["01-11 09:00 42 as mentee", "01-11 09:00 43 as mentee", "01-11 09:00 17 as mentor"]),
        ("unmatched", ["01-11 09:00 44 as mentee"]),
        ("spare", []),
        ("eligible", [
            "01-11 09:00 42 as eligible", "01-11 09:00 43 as eligible", "01-11 09:00 1 as eligible",
            "01-11 09:00 17 as eligible", "01-11 09:00 44 as eligible",
        ]),
        ("not-signed-up", ["01-11 09:00 1 as not-signed-up"]),
        ("managers", ["01-11 09:00 1 as managers", "01-11 09:00 17 as managers"]),
        ("coordinator", ["01-11 09:00 coordinator as coordinator"]),
        ("helpdesk coordinator", ["01-11 09:00 coordinator as coordinator", "01-11 09:00 helpdesk as helpdesk"]),
        ("sponsor", []),
        ("mentee everyone", [
            "01-11 09:00 42 as mentee", "01-11 09:00 43 as mentee", "01-11 09:00 17 as mentor",
            "01-11 09:00 44 as mentee",
        ]),
    ],
)  # fmt: skip
def test_who_is_meant(to, lines):
    assert sorted(lines) == sorted(told(lay_out(a_step("start", to))))


def test_nobody_is_matched_or_unmatched_before_the_matching():
    assert [] == told(lay_out(a_step("start", "matched unmatched"), Calendar()))


def test_who_found_nobody_hears_so_when_the_others_hear_of_their_match():
    assert ["01-08 09:00 44 as mentee"] == told(lay_out(a_step("match + 0 days", "unmatched")))


def test_who_offered_and_got_nobody_hears_so_as_well():
    spare = a_roster(*ROSTER.people, a_person("18", "mentor"))
    step = a_step("match + 0 days", "spare")
    assert ["01-08 09:00 18 as mentor"] == told(lay_out(step, roster=spare))
    assert [] == told(lay_out(step, Calendar(), spare))
    both = told(lay_out(a_step("match + 0 days", "unmatched spare"), roster=spare))
    assert ["01-08 09:00 18 as mentor", "01-08 09:00 44 as mentee"] == sorted(both)


def test_who_comes_after_the_matching_hears_of_it_when_they_come():
    step, march = a_step("match + 0 days", "unmatched"), a_moment("2027-03-01T15:00:00+00:00")
    first_seen = evolve(MATCHED, seen=dict.fromkeys(["17", "42", "43"], PUBLISHED), at=march)
    assert ["03-01 09:00 44 as mentee"] == told(lay_out(step, first_seen))
    seen = evolve(first_seen, seen={**first_seen.seen, "44": march}, at=march + timedelta(days=3))
    assert ["03-01 09:00 44 as mentee"] == told(lay_out(step, seen))


def test_who_was_in_a_relationship_that_ended_is_not_told_that_nobody_was_found():
    ended = KnownRelationship(FIRST, "ended", PUBLISHED, PUBLISHED + timedelta(days=3), "left")
    found = lay_out(
        a_step("match + 0 days", "unmatched mentee"), evolve(MATCHED, relationships=(ended, published(SECOND)))
    )
    assert ["01-08 09:00 43 as mentee SECOND", "01-08 09:00 44 as mentee"] == told(found)


def test_relationships_that_ended_and_sessions_that_were_canceled_get_nothing():
    ended = KnownRelationship(FIRST, "ended", PUBLISHED, PUBLISHED + timedelta(days=3), "left")
    canceled = evolve(MATCHED.sessions[1], state="canceled")
    calendar = Calendar((ended, published(SECOND)), (MATCHED.sessions[0], canceled), PUBLISHED)
    assert [] == told(lay_out(a_step("session - 1 day", "mentor mentee"), calendar))


def test_managers_and_contacts_hear_of_relationships():
    assert [
        "01-08 09:00 1 as managers SECOND",
        "01-08 09:00 17 as managers FIRST",
        "01-08 09:00 coordinator as coordinator FIRST+SECOND",
    ] == sorted(told(lay_out(a_step("match + 0 days", "managers coordinator"))))


def test_who_manages_themselves_has_no_manager():
    assert () == lay_out(a_step("start", "managers"), Calendar(), a_roster(a_person("45", "mentee", manager_id="45")))


def test_a_member_missing_from_the_roster_is_still_planned_for():
    found = lay_out(a_step("midpoint", "mentee"), roster=a_roster(MENTOR, BERLIN))
    assert ["04-05 09:00 43 as mentee", "04-05 09:00 42 as mentee"] == told(found)  # in London time by now


@pytest.mark.parametrize(
    ("when", "line"),
    [
        ("opens + 1 week at 08:30", "12-07 08:30"),
        ("signup-closes - 3 days", "12-15 09:00"),
        ("start - 2 business days", "01-07 09:00"),
        ("midpoint", "04-05 09:00"),
        ("end", "06-28 09:00"),
        ("end + 14 days", "07-12 09:00"),
    ],
)
def test_anchors_of_the_program(when, line):
    found = lay_out(a_step(when, "coordinator"), opens=date(2026, 11, 30), signup_closes=date(2026, 12, 18))
    assert [f"{line} coordinator as coordinator"] == told(found)


def test_an_anchor_the_program_does_not_have_gives_nothing():
    assert () == lay_out(a_step("opens + 1 week", "coordinator"))


@pytest.mark.parametrize(
    ("when", "lines"),
    [
        ("midpoint of relationship", ["04-05 09:00 17 as mentor FIRST"]),
        ("relationship-end - 1 week", ["06-21 09:00 17 as mentor FIRST"]),
        ("session", ["01-13 09:00 17 as mentor FIRST", "01-27 09:00 17 as mentor FIRST"]),
        ("session 2 - 1 day at 17:30", ["01-26 17:30 17 as mentor FIRST"]),
    ],
)
def test_anchors_of_a_relationship(when, lines):
    calendar = evolve(MATCHED, relationships=(published(FIRST),))
    assert lines == told(lay_out(a_step(when, "mentor"), calendar))


def test_a_relationship_that_began_late_has_its_midpoint_later():
    calendar = Calendar((published(FIRST, a_moment("2027-03-01T10:00:00+00:00")),))
    assert ["04-29 09:00 17 as mentor FIRST"] == told(lay_out(a_step("midpoint of relationship", "mentor"), calendar))


def test_reminders_of_one_day_come_as_one_message_and_only_to_who_takes_part():
    found = lay_out(a_step("session 1 - 1 day", "mentor mentee"))
    assert [
        "01-12 09:00 42 as mentee FIRST",
        "01-12 09:00 43 as mentee SECOND",
        "01-12 09:00 17 as mentor FIRST+SECOND",
    ] == told(found)
    assert a_moment("2027-01-13T14:00:00+00:00") == found[-1].expires  # as long as one of the two is still to come
    circle = a_session(FIRST, 1, "2027-01-13T09:30:00+00:00", "circle", people=("17",))
    only = lay_out(a_step("session - 1 day", "mentor mentee"), evolve(MATCHED, sessions=(circle,)))
    assert ["01-12 09:00 17 as mentor FIRST"] == told(only)
    assert () == lay_out(a_step("session 1 - 1 day", "mentor mentee"), evolve(MATCHED, sessions=(circle,)))


def test_a_date_of_the_person_counts_while_the_program_runs():
    assert ["02-03 09:00 42 as mentee"] == told(lay_out(a_step("hire_date + 30 days", "everyone")))
    assert [] == told(lay_out(a_step("hire_date + 2 days", "everyone")))
    assert [] == told(lay_out(a_step("hire_date + 30 weeks", "everyone")))


@pytest.mark.parametrize("offset", ["+ 30 days", "- 30 days", "+ 3 business days", "- 3 business days", "+ 0 days"])
@pytest.mark.parametrize("never", [date.max, date.min])
def test_a_date_that_means_never_is_none_of_the_programs(never, offset):
    roster = a_roster(evolve(TOKYO, values={**TOKYO.values, "hire_date": never}))
    assert [] == told(lay_out(a_step(f"hire_date {offset}", "everyone"), roster=roster))


@pytest.mark.parametrize(
    ("expires", "end"),
    [
        (Length(0, "days"), "2027-01-12T00:00:00+00:00"),
        (Length(7, "days"), "2027-01-19T00:00:00+00:00"),
        (Length(2, "weeks"), "2027-01-26T00:00:00+00:00"),
    ],
)
def test_a_step_expires_at_the_end_of_a_day(expires, end):
    (found,) = lay_out(a_step("start", "coordinator", expires=expires))
    assert a_moment(end) == found.expires


def test_what_announces_something_is_never_sent_after_it():
    (closing,) = lay_out(a_step("signup-closes - 3 days", "coordinator"), signup_closes=date(2026, 12, 18))
    assert a_moment("2026-12-19T00:00:00+00:00") == closing.expires
    calendar = evolve(MATCHED, relationships=(published(FIRST),))
    reminder, _ = lay_out(a_step("session - 1 day", "mentee"), calendar)
    assert a_moment("2027-01-13T09:30:00+00:00") == reminder.expires


def test_a_relationship_hears_nothing_before_the_day_of_its_publication():
    late = published(FIRST, a_moment("2027-01-12T10:00:00+00:00"))
    step = a_step("session 1 - 3 business days", "mentor", expires=Length(0, "days"))
    (found,) = lay_out(step, evolve(MATCHED, relationships=(late,)))
    assert ("01-12 09:00", a_moment("2027-01-13T00:00:00+00:00")) == (f"{found.due:%m-%d %H:%M}", found.expires)


def test_keys_name_nobody():
    (one,) = lay_out(a_step("session 2", "mentee"))
    assert "20270127T0000Z.step.p42.mentee" == one.key
    assert [f"step/{FIRST.id}-2/p42/mentee/{FIRST.id}"] == [delivery.key for delivery in one.deliveries]
    (contact,) = lay_out(a_step("start", "coordinator"))
    assert "step/once/p1019/coordinator" == contact.deliveries[0].key


def test_what_is_known_is_not_planned_again_and_a_taken_name_gets_a_number():
    step = a_step("match + 0 days", "mentor")
    (both,) = lay_out(step)
    known = Sent({f"step/once/p17/mentor/{FIRST.id}"}, {both.key})
    (rest,) = lay_out(step, sent=known)
    assert f"{both.key}.2" == rest.key
    assert [f"step/once/p17/mentor/{SECOND.id}"] == [delivery.key for delivery in rest.deliveries]
    assert f"{both.key}.3" == lay_out(step, sent=Sent(known.deliveries, {both.key, rest.key}))[0].key


STEPS = st.builds(
    Step,
    st.just("step"),
    st.sampled_from(
        [
            parse_when(text)
            for text in ("match", "start - 1 week", "session - 1 day at 00:30", "session 1 + 2 days", "end + 1 day")
        ]
    ),
    st.lists(
        st.sampled_from(
            ["mentor", "mentee", "everyone", "matched", "unmatched", "managers", "coordinator", "eligible"]
        ),
        min_size=1,
    ).map(tuple),
    st.just(a_message()),
    st.sampled_from(["person", "relationship"]),
    st.builds(Length, st.integers(0, 30), st.sampled_from(["days", "weeks"])),
)


@given(STEPS, st.lists(st.sampled_from(sorted(known_zones())), min_size=4, max_size=4), st.permutations(range(6)))
@settings(max_examples=100, deadline=None)
def test_no_delivery_twice_and_moments_on_everybodys_own_clock(step, zones, order):
    people = [
        evolve(one, values={**one.values, "timezone": zone}) for one, zone in zip(ROSTER.people[:4], zones, strict=True)
    ]
    roster = a_roster(*people, BOSS, UNINVITED)
    found = lay_out(step, roster=roster)
    keys = [delivery.key for one in found for delivery in one.deliveries]
    assert len(set(keys)) == len(keys)
    assert len({one.key for one in found}) == len(found)
    for one in found:
        assert one.due < one.expires
        assert to_local(one.due, one.zone).time() in (
            step.when.at,
            time(step.when.at.hour + 1, 30),
        )  # 00:30 may be skipped
    shuffled = a_roster(*[roster.people[n] for n in order])
    assert found == lay_out(step, roster=shuffled)


def left(person, *moments, back=False, **changes):
    """Return a calendar in which a group of three goes on without somebody, or with them again."""
    group = a_relationship(("17", "mentor"), ("42", "mentee"), ("43", "mentee"))
    events = tuple(Event(f"e{number}", a_moment(one), person, "left", "") for number, one in enumerate(moments))
    member = next(one for one in group.members if one.person == person)
    joined = [None, *(one.at + timedelta(days=1) for one in events)]
    times = [Membership(member, came, one.at, "left", one.id) for came, one in zip(joined, events, strict=False)]
    times += [Membership(member, joined[-1])] if back else []
    days = (*times, *(Membership(one) for one in group.members if one != member))
    known = evolve(published(evolve(group, members=members_now(days))), own_days=days, **changes)
    return Calendar(
        (known,), (), matched_at=PUBLISHED, events=events, gone=frozenset() if back else frozenset({person})
    )


FEBRUARY, MARCH = "2027-02-04T12:00:00+00:00", "2027-03-04T12:00:00+00:00"


def test_who_remains_in_a_group_hears_that_somebody_has_left_it():
    step = a_step("member-leaves at 10:00", "mentor mentee coordinator", per="relationship")
    assert ["02-04 10:00 43 as mentee", "02-04 10:00 coordinator as coordinator", "02-04 10:00 17 as mentor"] == told(
        lay_out(step, left("42", FEBRUARY))
    )


def test_nobody_hears_of_a_leaving_that_ends_the_relationship_or_that_is_none():
    step = a_step("member-leaves", "mentor mentee coordinator")
    ending = {"state": "ended", "reason": "left", "ended_at": PUBLISHED, "end_noted": PUBLISHED}
    back = left("42", FEBRUARY, back=True)
    assert [[], [], []] == [told(lay_out(step, one)) for one in (left("42", FEBRUARY, **ending), back, MATCHED)]


def test_who_leaves_again_after_coming_back_is_told_of_again():
    step = a_step("member-leaves", "mentor")
    calendars = left("42", FEBRUARY), left("42", FEBRUARY, MARCH)
    first, again = [[part.key for found in lay_out(step, one) for part in found.deliveries] for one in calendars]
    assert (1, 2) == (len(first), len(again))
    assert 1 == len(set(again) - set(first))  # what was told once is known, and not told again
