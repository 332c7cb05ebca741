from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.catalogue import Catalogue, Offer, Origin
from mentorkit.core.contracts import Role
from mentorkit.core.history import Event, History, KnownRelationship, KnownSession, KnownTransmission
from mentorkit.core.matching.solving import MatchingOutcome
from mentorkit.core.matching.waiting import waiting
from mentorkit.core.moments import parse_intake, parse_when
from mentorkit.core.planning.deciding import make_plan
from mentorkit.core.planning.workload import workload
from mentorkit.core.program import Length, Step
from mentorkit.core.relationships import Certificate, Matching, Reason, Unmatched
from mentorkit.testing import a_message, a_moment, a_person, a_program, a_relationship, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
MODEL = SimpleNamespace(name="one-on-one", roles=ROLES, on_leaving=lambda *_: "end")
CATALOGUE = Catalogue(models={"one-on-one": Offer(MODEL, Origin("test", "1", "models"))})


@pytest.fixture(autouse=True)
def _matching_in_order_of_ids(monkeypatch):
    monkeypatch.setattr("mentorkit.core.planning.matching_now.match", match_in_order)


def match_in_order(program, roster, catalogue, history, on, **_how):
    mentors, mentees = (sorted(person.id for person in roster.in_role(role)) for role in ("mentor", "mentee"))
    pairs = [a_relationship((a, "mentor"), (b, "mentee")) for a, b in zip(mentors, mentees, strict=False)]
    unmatched = tuple(Unmatched(one, "mentee", (Reason("capacity", 1),)) for one in mentees[len(pairs) :])
    pairs = tuple(sorted(pairs, key=lambda one: one.id))
    matching = Matching(pairs, unmatched, (), Certificate("in-order", False, len(pairs), 50.0 * len(pairs)))
    return MatchingOutcome(matching, ("match",), ())


def a_step(name, when, *to, **changes):
    return Step(name, parse_when(when, ["hire_date"]), to, a_message(), **changes)


CAMPAIGN = {"opens": date(2026, 11, 30), "signup_closes": date(2026, 12, 18)}
TIMELINE = (
    a_step("join-us", "opens", "not-signed-up"),
    a_step("announcement", "match + 0 days", "mentor", "mentee"),
    a_step("nobody-found", "match + 0 days", "unmatched"),
    a_step("summary", "match + 0 days", "coordinator"),
    a_step("reminder", "session - 1 day", "mentor", "mentee", expires=Length(1, "days")),
    a_step("halfway", "midpoint", "everyone"),
    a_step("closing", "end", "everyone", expires=Length(14, "days")),
)
ROSTER = a_roster(
    a_person("17", "mentor"), a_person("42", "mentee", timezone="Asia/Kolkata"), a_person("43", "mentee"), a_person("1")
)


def planned(at, history=None, roster=ROSTER, **program):
    program = a_program(**{"timeline": TIMELINE, **program})
    return make_plan(program, roster, CATALOGUE, history or History(), a_moment(at))


def after(history, plan):
    """Return the history as the ledger tells it once everything of the plan is done."""
    new = () if plan.provisional or plan.matching is None else plan.matching.relationships
    done = [(one, "sent") for one in plan.due] + [(one, "expired") for one in plan.expired]
    return evolve(
        history,
        ledger_id="ledger",
        mark=history.mark + 1,
        numbers={**history.numbers, **{one.id: one.number for one in plan.newcomers}},
        seen={**history.seen, **{one.id: plan.at for one in plan.newcomers}},
        occasions={**history.occasions, **dict.fromkeys(plan.occasions, plan.at)},
        series={**history.series, **plan.series},
        participants=(history.participants | {one for one, takes in plan.taking_part.items() if takes})
        - {one for one, takes in plan.taking_part.items() if not takes},
        relationships=history.relationships + tuple(KnownRelationship(one, "published", plan.at) for one in new),
        sessions=history.sessions + tuple(KnownSession(one) for one in plan.schedule.sessions),
        deliveries={**history.deliveries, **{part.key: state for one, state in done for part in one.deliveries}},
        transmissions={
            **history.transmissions,
            **{
                one.key: KnownTransmission(one.key, state, one.step, one.recipient.number, one.due)
                for one, state in done
            },
        },
    )


def told(transmissions):
    return [f"{one.step} to {one.recipient.id} as {one.recipient.role}" for one in transmissions]


# --------------------------------------------------------------------------------------------------------- matching


@pytest.mark.parametrize(
    ("at", "provisional"), [("2026-12-18T23:59:00+00:00", True), ("2026-12-19T00:00:00+00:00", False)]
)
def test_the_matching_is_a_preview_until_sign_up_has_closed(at, provisional):
    plan = planned(at, **CAMPAIGN).plan
    assert plan.matching is not None
    assert provisional is plan.provisional
    assert (() if provisional else ("match",)) == plan.occasions
    assert provisional is not bool(plan.schedule.sessions)
    assert provisional is bool(plan.preview.sessions)


def test_what_a_preview_would_bring_is_foreseen_and_nothing_of_it_is_done():
    closes = a_moment("2026-12-19T00:00:00+00:00")
    open_still = planned("2026-12-01T00:00:00+00:00", **CAMPAIGN)
    plan = open_still.plan
    closed = planned("2026-12-19T00:00:00+00:00", after(History(), plan), **CAMPAIGN).plan
    foreseen = [one for one in plan.later if one.due >= closes]
    assert told((*closed.due, *closed.later)) == told(foreseen)
    assert {"announcement", "nobody-found", "summary", "reminder", "halfway", "closing"} == {
        one.step for one in foreseen
    }
    assert closed.schedule == plan.preview
    assert () == plan.schedule.sessions
    assert {"join-us"} == {one.step for one in (*plan.due, *plan.expired)}
    assert "contact:coordinator" not in {one.id for one in plan.newcomers}
    assert list(plan.later) == sorted(plan.later, key=lambda one: (one.due, one.key))
    hours = workload(a_program(timeline=TIMELINE, **CAMPAIGN), plan, History()).people["17"].minutes
    assert 7 * 60 == hours


def test_without_a_sign_up_the_first_run_matches_and_later_ones_never_do():
    first = planned("2027-01-08T12:00:00+00:00").plan
    assert ("match",) == first.occasions
    second = planned("2027-01-09T12:00:00+00:00", after(History(), first)).plan
    assert (None, ()) == (second.matching, second.occasions)


def test_a_program_that_is_over_matches_nobody():
    result = planned("2027-06-29T00:00:00+01:00")
    assert None is result.plan.matching
    assert ["program-over"] == [one.code for one in result.diagnostics]


def test_what_is_published_now_is_announced_and_scheduled_now():
    plan = planned("2027-01-08T12:00:00+00:00").plan
    # 09:00 of the same day has passed in London and in Kolkata, where it is 17:30
    assert [
        "announcement to 42 as mentee",
        "announcement to 17 as mentor",
        "nobody-found to 43 as mentee",
        "summary to coordinator as coordinator",
    ] == told(plan.due)
    assert 7 == len(plan.schedule.sessions)
    assert (timedelta(hours=8, minutes=30), ()) == (plan.lateness, plan.expired)
    assert {"reminder", "halfway", "closing"} == {one.step for one in plan.later}


def test_known_sessions_are_not_booked_over():
    alone = planned("2027-01-08T12:00:00+00:00").plan.schedule.sessions
    busy = tuple(KnownSession(evolve(one, relationship="other", people=("17",))) for one in alone)
    canceled = tuple(evolve(one, state="canceled") for one in busy)
    around = planned("2027-01-08T12:00:00+00:00", History(sessions=busy)).plan.schedule.sessions
    assert not {one.starts for one in alone} & {one.starts for one in around}
    assert alone == planned("2027-01-08T12:00:00+00:00", History(sessions=canceled)).plan.schedule.sessions


# ------------------------------------------------------------------------------------------------ what is due, and not


def test_running_again_at_once_does_nothing():
    first = planned("2027-01-08T12:00:00+00:00").plan
    again = planned("2027-01-08T12:00:00+00:00", after(History(), first)).plan
    assert ((), (), ()) == (again.due, again.expired, again.newcomers)
    assert first.later == again.later


def test_a_step_met_too_late_is_named_and_not_sent():
    known = after(History(), planned("2027-01-08T12:00:00+00:00").plan)
    plan = planned("2027-04-20T12:00:00+00:00", known).plan
    assert "halfway to 17 as mentor" in told(plan.expired)
    assert not [one for one in plan.due if one.expires <= plan.at]


@pytest.mark.parametrize(("at", "expired"), [("2027-04-12T22:59:59+00:00", False), ("2027-04-12T23:00:00+00:00", True)])
def test_a_step_expires_to_the_second(at, expired):
    known = after(History(), planned("2027-01-08T12:00:00+00:00").plan)
    plan = planned(at, known).plan
    assert expired is ("halfway to 17 as mentor" in told(plan.expired))
    assert expired is not ("halfway to 17 as mentor" in told(plan.due))


def test_how_late_the_oldest_due_message_is():
    known = after(History(), planned("2027-01-08T12:00:00+00:00").plan)
    assert 3 == planned("2027-04-08T12:00:00+00:00", known).plan.lateness.days
    assert timedelta() == planned("2027-01-08T12:00:00+00:00", known).plan.lateness


def test_an_adopted_ledger_sends_nothing_that_was_due_before():
    known = evolve(History(), assume_sent_until=a_moment("2027-01-08T09:00:00+00:00"))
    plan = planned("2027-01-08T12:00:00+00:00", known).plan
    assert ((), ()) == (plan.due, plan.expired)
    assert plan.later


def test_the_first_matching_of_an_adopted_ledger_stands_for_the_latest_intake():
    monthly = {"matching": evolve(a_program().matching, intake=parse_intake("monthly"))}
    adopted = evolve(History(), assume_sent_until=a_moment("2027-03-20T09:00:00+00:00"))
    first = planned("2027-03-20T12:00:00+00:00", adopted, **monthly).plan
    assert ("match", "intake-2027-03-11") == first.occasions
    known = evolve(after(adopted, first), assume_sent_until=adopted.assume_sent_until)
    assert planned("2027-03-21T12:00:00+00:00", known, **monthly).plan.matching is None
    assert planned("2027-04-11T12:00:00+00:00", known, **monthly).plan.matching is not None
    early = evolve(adopted, assume_sent_until=a_moment("2027-01-12T09:00:00+00:00"))
    assert ("match",) == planned("2027-01-12T12:00:00+00:00", early, **monthly).plan.occasions


def test_numbers_are_given_in_roster_order_to_who_takes_part_or_receives():
    plan = planned("2026-12-01T12:00:00+00:00", **CAMPAIGN).plan
    assert [(1, "17"), (2, "42"), (3, "43"), (4, "1")] == [(one.number, one.id) for one in plan.newcomers]
    known = after(History(), plan)
    later = planned(
        "2026-12-19T12:00:00+00:00", known, a_roster(a_person("50", "mentee"), *ROSTER.people), **CAMPAIGN
    ).plan
    assert [(5, "50"), (6, "contact:coordinator")] == [(one.number, one.id) for one in later.newcomers]
    quiet = planned("2027-01-08T12:00:00+00:00").plan
    assert "1" not in [one.id for one in quiet.newcomers]


# ------------------------------------------------------------------------------------------------------- held, missing


def test_a_mail_address_is_the_channels_business_and_nobody_is_held_for_want_of_one():
    without = evolve(a_person("42", "mentee"), values={"name": "Mina"})
    plan = planned("2027-01-08T12:00:00+00:00", roster=a_roster(ROSTER.people[0], without)).plan
    assert () == plan.held
    assert "announcement to 42 as mentee" in told(plan.due)


def test_who_is_missing_from_the_roster_is_held_and_named():
    known = after(History(), planned("2027-01-08T12:00:00+00:00").plan)
    result = planned("2027-04-05T12:00:00+00:00", known, a_roster(*ROSTER.people[:1], *ROSTER.people[2:]))
    assert ("42",) == result.missing
    assert 1 / 3 == result.expected.missing_share
    assert [("42", "missing", ("20270405T0800Z.halfway.p2.mentee",))] == [
        (one.recipient.id, one.reason, one.transmissions) for one in result.plan.held
    ]
    gone = evolve(known, events=(Event("e1", a_moment("2027-03-01T12:00:00+00:00"), "42", "left", ""),))
    assert ("43",) == planned("2027-04-05T12:00:00+00:00", gone, a_roster(*ROSTER.people[:1])).missing


def test_only_who_should_be_in_the_roster_is_missed():
    known = after(History(), planned("2027-01-08T12:00:00+00:00").plan)
    over = a_relationship(("17", "mentor"), ("43", "mentee"))
    ended = KnownRelationship(
        over, "ended", a_moment("2027-01-08T12:00:00+00:00"), a_moment("2027-02-08T12:00:00+00:00")
    )
    result = planned(
        "2027-04-05T12:00:00+00:00", evolve(known, relationships=(*known.relationships, ended)), a_roster()
    )
    assert (("17", "42"), 1.0) == (result.missing, result.expected.missing_share)


def test_who_joins_after_the_matching_waits():
    plan = planned("2027-01-08T12:00:00+00:00").plan
    known = after(History(), plan)
    roster = a_roster(*ROSTER.people, a_person("50", "mentee"), a_person("51", "mentor"))
    expected = (Unmatched("43", "mentee", ()), Unmatched("50", "mentee", (Reason("joined-late", 0),)))
    assert expected == waiting(ROLES, roster, known)
    later = after(known, planned("2027-01-09T12:00:00+00:00", known, roster).plan)
    assert expected == waiting(ROLES, roster, later)
    assert () == waiting(ROLES, roster, History())
    between = a_moment("2027-01-12T12:00:00+00:00")
    for_some = evolve(later, occasions={**later.occasions, "again-2027-01-12": between})
    assert expected == waiting(ROLES, roster, for_some)
    for_all = evolve(later, occasions={**later.occasions, "intake-2027-01-12": between})
    assert (Unmatched("43", "mentee", ()), Unmatched("50", "mentee", ())) == waiting(ROLES, roster, for_all)


def test_who_has_left_gets_nothing_more_and_waits_for_nobody():
    known = after(History(), planned("2027-01-08T12:00:00+00:00").plan)
    recorded = tuple(Event(f"e{one}", a_moment("2027-03-01T12:00:00+00:00"), one, "left", "") for one in ("42", "43"))
    by_event = planned("2027-03-02T12:00:00+00:00", evolve(known, events=recorded))
    mina, others = ROSTER.people[1], (ROSTER.people[0], ROSTER.people[2])
    gone = evolve(mina, values={**mina.values, "left_on": date(2027, 3, 1)})
    by_column = planned("2027-03-02T12:00:00+00:00", known, a_roster(*others, gone))
    to_come = planned("2027-03-01T12:00:00+00:00", known, a_roster(*others, gone))
    assert {"17"} == {one.recipient.id for one in by_event.plan.later}
    assert {"17", "43"} == {one.recipient.id for one in by_column.plan.later}
    assert {"17", "42", "43"} == {one.recipient.id for one in to_come.plan.later}
    assert () == by_event.missing
    assert () == waiting(ROLES, ROSTER, evolve(known, events=recorded))


def test_working_hours_that_say_nothing_are_named():
    roster = a_roster(a_person("17", "mentor", working_hours="mornings"), a_person("42", "mentee"))
    (one,) = planned("2027-01-08T12:00:00+00:00", roster=roster).diagnostics
    assert ("working-hours-unreadable", "warning") == (one.code, one.severity)
    assert '"mornings" of 17' in one.message


def test_the_digest_is_of_all_inputs_and_the_moment():
    base = planned("2027-01-08T12:00:00+00:00").plan.digest
    others = [
        planned("2027-01-08T12:01:00+00:00"),
        planned("2027-01-08T12:00:00+00:00", evolve(History(), mark=3)),
        planned("2027-01-08T12:00:00+00:00", roster=evolve(ROSTER, digest="other")),
        planned("2027-01-08T12:00:00+00:00", digest="other"),
    ]
    assert base == planned("2027-01-08T13:00:00+01:00").plan.digest
    assert 5 == len({base, *(one.plan.digest for one in others)})


# ---------------------------------------------------------------------------------------------------------------- laws

ZONES = st.sampled_from(["Europe/London", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu"])


@st.composite
def rosters(draw):
    """Return a roster of today: some people gone or moved, in any order."""
    people = []
    for name in draw(st.permutations([str(n) for n in range(8)])):
        here = draw(st.sampled_from(["here", "here", "here", "here", "away", "not signed up"]))
        if here != "away":
            roles = () if here == "not signed up" else ("mentor",) if int(name) < 3 else ("mentee",)
            people.append(a_person(name, *roles, timezone=draw(ZONES)))
    return a_roster(*people)


@given(st.lists(st.tuples(st.integers(0, 60 * 24 * 60), rosters()), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_over_any_runs_nothing_is_sent_twice_too_early_or_too_late(runs):
    program = a_program(timeline=TIMELINE, **CAMPAIGN)
    history = History()
    at = a_moment("2026-11-25T00:00:00+00:00")
    for minutes, roster in runs:
        at += timedelta(minutes=minutes)
        plan = make_plan(program, roster, CATALOGUE, history, at).plan
        for one in plan.due:
            assert one.due <= at < one.expires
            assert one.recipient.kind == "contact" or one.recipient.id in roster.by_id
        for one in (*plan.due, *plan.expired):
            assert one.key not in history.transmissions
            assert not [part.key for part in one.deliveries if part.key in history.deliveries]
        assert all(one.due > at for one in plan.later)
        everything = [part.key for one in (*plan.due, *plan.expired, *plan.later) for part in one.deliveries]
        assert len(set(everything)) == len(everything)
        numbers = [*history.numbers.values(), *(one.number for one in plan.newcomers)]
        assert list(range(1, len(numbers) + 1)) == sorted(numbers)
        history = after(history, plan)


@given(st.lists(st.integers(0, 20 * 24 * 60), max_size=12), rosters())
@settings(max_examples=40, deadline=None)
def test_a_delivery_to_somebody_reachable_is_sent_or_named_as_expired(gaps, roster):
    reachable = a_roster(*(one for one in roster.people if one.text("email")))
    program = a_program(timeline=TIMELINE)
    history = History()
    at = a_moment("2027-01-04T00:00:00+00:00")
    first = make_plan(program, reachable, CATALOGUE, history, at).plan
    promised = {part.key for one in (*first.due, *first.later) for part in one.deliveries}
    for gap in [0, *gaps, 400 * 24 * 60]:
        at += timedelta(minutes=gap)
        history = after(history, make_plan(program, reachable, CATALOGUE, history, at).plan)
    assert promised == set(history.deliveries)


def test_runs_every_morning_send_everything():
    history, at = History(), a_moment("2026-11-29T10:00:00+00:00")
    sent = []
    while at < a_moment("2027-07-20T00:00:00+00:00"):
        plan = make_plan(a_program(timeline=TIMELINE, **CAMPAIGN), ROSTER, CATALOGUE, history, at).plan
        assert () == plan.expired
        sent += [f"{at:%m-%d} {line}" for line in told(plan.due)]
        history, at = after(history, plan), at + timedelta(days=1)
    sessions = [one.session for one in history.sessions]
    the_day_before = [f"{one.starts - timedelta(days=1):%m-%d}" for one in sessions for _ in one.people]
    assert [
        "11-30 join-us to 1 as not-signed-up",
        "12-19 announcement to 42 as mentee",
        "12-19 announcement to 17 as mentor",
        "12-19 nobody-found to 43 as mentee",
        "12-19 summary to coordinator as coordinator",
        "04-05 halfway to 42 as mentee",
        "04-05 halfway to 17 as mentor",
        "04-05 halfway to 43 as mentee",
        "06-28 closing to 42 as mentee",
        "06-28 closing to 17 as mentor",
        "06-28 closing to 43 as mentee",
    ] == [line for line in sent if "reminder" not in line]
    assert 14 == len(the_day_before)
    assert sorted(the_day_before) == sorted(line[:5] for line in sent if "reminder" in line)
