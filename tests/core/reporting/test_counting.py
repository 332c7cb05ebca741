"""The report as a value: counts from a history made by hand, the matching done for real."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from mentorkit.core.history import Event, History, KnownRelationship, KnownSession, KnownTransmission
from mentorkit.core.program import ChannelUse, CriterionUse, KpiUse, Privacy, Program, Question, RuleUse, Step, When
from mentorkit.core.relationships import Relationship
from mentorkit.core.reporting.counting import make_report
from mentorkit.core.reporting.figures import Count, Flow, Load, MonthFigures, NumberFigures, ReasonFigures, Report
from mentorkit.core.roster import Roster
from mentorkit.core.sessions import Session
from mentorkit.plugin_loading import build_catalogue
from mentorkit.presenting.report_data import CSV_HEADER, report_csv, report_json
from mentorkit.testing import a_message, a_person, a_program, a_relationship, a_roster

CATALOGUE = build_catalogue()
ROLES = CATALOGUE.models["one-on-one"].implementation.roles
MATCHED = datetime(2027, 1, 4, 9, tzinfo=UTC)
AT = datetime(2027, 2, 10, 12, tzinfo=UTC)

ROSTER = a_roster(
    a_person("m1", "mentor", places=2, level=3, department="Sales"),
    a_person("m2", "mentor", level=3, department="Sales"),
    a_person("m3", "mentor", level=1, department="IT"),
    a_person("e1", "mentee", level=1, department="IT"),
    a_person("e2", "mentee", level=1, department="IT"),
    a_person("e3", "mentee", level=1, department="IT"),
    a_person("e4", "mentee", level=1, department="Legal"),
)
EXACT = Privacy(small_cells=1)
PROGRAM = a_program(
    privacy=EXACT,
    words={"mentor": "guide"},
    kpis=(
        KpiUse("match-rate", "match-rate", 0.95),
        KpiUse("days-to-first-session", "days-to-first-session", 21),
        KpiUse("session-completion", "session-completion"),
    ),
)


def published(relationship: Relationship, at: datetime = MATCHED, **changes: Any) -> KnownRelationship:
    return KnownRelationship(relationship, changes.pop("state", "published"), at, **changes)


def pair(mentor: str, mentee: str, score: float = 60.0) -> Relationship:
    return a_relationship((mentor, "mentor"), (mentee, "mentee"), score=score)


def session(relationship: Relationship, number: int, starts: datetime, state: Any = "planned") -> KnownSession:
    local = starts.replace(tzinfo=None)
    return KnownSession(
        Session(
            f"{relationship.id}-{number}", relationship.id, "sessions", number, local, "Europe/London", starts, 60, ()
        ),
        state,
    )


FIRST, SECOND, THIRD = pair("m1", "e1", 60.0), pair("m1", "e2", 80.0), pair("m2", "e3", 100.0)


def a_history(known: Sequence[KnownRelationship] | None = None, **changes: Any) -> History:
    known = [published(FIRST), published(SECOND), published(THIRD)] if known is None else known
    return History(relationships=tuple(known), occasions={"match": MATCHED}, **{**seen_by_the_matching(), **changes})


def seen_by_the_matching() -> dict[str, Any]:
    people = ROSTER.people
    return {"numbers": {one.id: n for n, one in enumerate(people)}, "seen": {one.id: MATCHED for one in people}}


def report(program: Program = PROGRAM, roster: Roster = ROSTER, history: History | None = None) -> Report:
    return make_report(program, ROLES, roster, CATALOGUE, a_history() if history is None else history, AT)


def kpi(made: Report, name: str) -> tuple[float, float, bool | None]:
    found = next(one for one in made.kpis if one.name == name)
    return found.numerator, found.denominator, found.met


def test_people_and_places_are_counted_by_role() -> None:
    roles = {one.role: one for one in report().roles}

    assert (3, 2, 2, 4, 3) == tuple(
        getattr(roles["mentor"], figure) for figure in ("participants", "matched", "active", "places", "taken")
    )
    assert (4, 3) == (roles["mentee"].participants, roles["mentee"].active)
    assert "guide" == roles["mentor"].title


def test_who_was_matched_once_counts_as_matched_but_not_as_active() -> None:
    ended = published(THIRD, state="ended", ended_at=MATCHED + timedelta(days=20), reason="left")
    made = report(history=a_history([published(FIRST), published(SECOND), ended]))

    mentees = next(one for one in made.roles if one.role == "mentee")
    assert (3, 2) == (mentees.matched, mentees.active)
    assert (Count("left", 1),) == made.endings
    assert (3, 4, False) == kpi(made, "match-rate")


def test_unmatched_people_come_with_the_reasons_that_matching_gives() -> None:
    rules = _matching(RuleUse("seniority-gap", "seniority-gap", _gap(at_least=1)))

    made = report(a_program(matching=rules, privacy=EXACT))

    assert 1 == made.unmatched
    assert 1 == sum(reason.mainly or 0 for reason in made.reasons)
    assert {"capacity": 1, "seniority-gap": 1} == {reason.reason: reason.people for reason in made.reasons}


def test_who_came_after_the_matching_is_told_apart() -> None:
    seen = {person.id: MATCHED + timedelta(days=3 if person.id == "e4" else -3) for person in ROSTER.people}
    numbers = {person.id: number for number, person in enumerate(ROSTER.people)}

    made = report(history=a_history(seen=seen, numbers=numbers))

    assert (ReasonFigures("joined-late", 1, 1),) == made.reasons


def test_who_has_left_is_not_unmatched() -> None:
    left = Event("1", MATCHED, "e4", "left", "")

    assert 0 == report(history=a_history(events=(left,))).unmatched


def test_before_the_first_matching_nobody_is_unmatched() -> None:
    made = report(history=History())

    assert (0, ()) == (made.unmatched, made.reasons)
    assert made.program.matched_on is None
    assert () == made.scores
    assert made.mean_score is None
    assert (0, 4, None) == kpi(made, "match-rate")


def test_scores_fall_into_bands_the_highest_into_the_last() -> None:
    made = report()

    assert {60: 1, 80: 1, 90: 1} == {band.low: band.count for band in made.scores if band.count}
    assert 10 == len(made.scores)
    assert 80.0 == made.mean_score


def test_people_of_one_side_alone_have_no_score_that_counts() -> None:
    circle = a_relationship(("e4", "mentee"), ("e5", "mentee"), ("e6", "mentee"), score=0.0)
    made = report(history=a_history([published(FIRST), published(SECOND), published(circle)]))
    assert {60: 1, 80: 1} == {band.low: band.count for band in made.scores if band.count}
    assert 70.0 == made.mean_score


def test_loads_count_mentors_by_relationships_idle_ones_too() -> None:
    made = report()
    assert (Load("mentor", 0, 0, 1), Load("mentor", 1, 1, 1), Load("mentor", 2, 2, 1)) == made.loads


def test_scores_and_loads_show_no_small_cells() -> None:
    made = report(evolve(PROGRAM, privacy=Privacy(small_cells=2)))
    assert [3] == [band.count for band in made.scores if band.count]
    assert (Load("mentor", 0, 2, 3),) == made.loads
    made = report(evolve(PROGRAM, privacy=Privacy(small_cells=5)))
    assert ((), ()) == (made.scores, made.loads)
    assert made.mean_score is None


@pytest.mark.parametrize(("small_cells", "shown", "hidden"), [(3, (Flow("IT", "Sales", 3),), 0), (4, (), 3)])
def test_small_flows_between_departments_are_not_told_apart(
    small_cells: int, shown: tuple[Flow, ...], hidden: int
) -> None:
    flows = report(a_program(privacy=Privacy(small_cells=small_cells))).flows

    assert flows is not None
    assert (shown, hidden) == (flows.shown, flows.hidden)


def test_a_sensitive_department_does_not_flow() -> None:
    assert report(a_program(privacy=Privacy(sensitive=("department",)))).flows is None


def test_sessions_are_counted_by_month_empty_ones_included() -> None:
    sessions = (
        session(FIRST, 1, datetime(2027, 1, 14, 10, tzinfo=UTC), "held"),
        session(FIRST, 2, datetime(2027, 1, 28, 10, tzinfo=UTC)),
        session(FIRST, 3, datetime(2027, 3, 11, 10, tzinfo=UTC)),
        session(SECOND, 1, datetime(2027, 1, 15, 10, tzinfo=UTC), "canceled"),
    )

    figures = report(history=a_history(sessions=sessions)).sessions

    assert (3, 2, 1, 0, 1) == (figures.planned, figures.so_far, figures.held, figures.missed, figures.canceled)
    assert (
        MonthFigures("2027-01", "2027-01", 2, 1),
        MonthFigures("2027-02", "2027-02", 0, 0),
        MonthFigures("2027-03", "2027-03", 1, 0),
    ) == figures.months
    assert (NumberFigures(1, 1, 1, 1), NumberFigures(2, 2, 1, 0), NumberFigures(3, 3, 1, 0)) == figures.numbers


def test_months_are_those_of_the_program_zone() -> None:
    late = session(FIRST, 1, datetime(2027, 1, 31, 23, 30, tzinfo=UTC))

    made = report(a_program(timezone="Asia/Tokyo", privacy=EXACT), history=a_history(sessions=(late,)))

    assert ["2027-02"] == [month.month for month in made.sessions.months]


def test_days_to_the_first_session_pass_over_missed_ones() -> None:
    sessions = (
        session(FIRST, 1, datetime(2027, 1, 14, 10, tzinfo=UTC), "missed"),
        session(FIRST, 2, datetime(2027, 1, 28, 10, tzinfo=UTC)),
        session(SECOND, 1, datetime(2027, 1, 18, 10, tzinfo=UTC), "held"),
        session(THIRD, 1, datetime(2027, 4, 18, 10, tzinfo=UTC)),
    )

    made = report(history=a_history(sessions=sessions))

    assert (17 + 7, 2, True) == kpi(made, "days-to-first-session")  # from the start, a week after the match
    assert (1, 3, None) == kpi(made, "session-completion")


def test_messages_are_counted_by_step_and_state() -> None:
    def known(key: str, state: Any, step: str) -> KnownTransmission:
        return KnownTransmission(key, state, step, 1, MATCHED)

    transmissions = {
        "a": known("a", "sent", "match-announcement"),
        "b": known("b", "failed", "match-announcement"),
        "c": known("c", "sent", "gone-step"),
    }

    made = report(history=a_history(transmissions=transmissions))

    assert (Count("failed", 1), Count("sent", 2)) == made.messages
    assert {"match-announcement": {"failed": 1, "sent": 1}, "gone-step": {"sent": 1}} == {
        one.step: one.states for one in made.steps
    }


def _by_channel(**outcomes: int) -> dict[str, KnownTransmission]:
    """Return transmissions, so many of each `channel_outcome`."""
    found = {}
    for name, count in outcomes.items():
        channel, _, state = name.partition("_")
        for number in range(count):
            known = KnownTransmission(f"{name}-{number}", state, "hello", 1, MATCHED, channel=channel)  # type: ignore[arg-type]
            found[known.key] = known
    return found


def test_messages_are_counted_by_channel_and_what_became_of_them() -> None:
    channels = tuple(ChannelUse(name, "smtp") for name in ("mail", "chat"))
    program = a_program(channels=channels, privacy=Privacy(small_cells=1))
    sent = _by_channel(mail_sent=7, chat_sent=2, mail_failed=1, chat_in_doubt=1, chat_deferred=1, old_sent=3)
    refusals = {"chat_sent-0": ("mail",), "mail_failed-0": ("mail", "chat")}

    made = report(program, history=a_history(transmissions={**sent, "due": _due()}, refusals=refusals))

    assert [
        ("mail", {"sent": 7, "failed": 1, "passed_on": 1, "in_doubt": 0, "deferred": 0}),
        ("chat", {"sent": 2, "failed": 0, "passed_on": 1, "in_doubt": 1, "deferred": 1}),
        ("old", {"sent": 3, "failed": 0, "passed_on": 0, "in_doubt": 0, "deferred": 0}),
    ] == [(one.channel, dict(one.outcomes)) for one in made.channels]
    assert {one.channel: dict(one.outcomes) for one in made.channels} == report_json(made)["messages"]["channels"]
    assert ("channels", "mail", "failed", "1") in {row[1:] for row in report_csv(made)}


def _due() -> KnownTransmission:
    return KnownTransmission("due", "due", "hello", 1, MATCHED)


def test_small_counts_of_a_channel_are_not_shown_where_there_are_several() -> None:
    program = evolve(PROGRAM, privacy=Privacy(small_cells=5))
    several = report(program, history=a_history(transmissions=_by_channel(mail_sent=40, chat_sent=30, mail_failed=2)))
    assert {"mail": {"sent": 40, "failed": None}, "chat": {"sent": 30, "failed": None}} == {
        one.channel: {name: one.outcomes[name] for name in ("sent", "failed")} for one in several.channels
    }
    assert Count("failed", 2) in several.messages
    alone = report(program, history=a_history(transmissions=_by_channel(mail_sent=40, mail_failed=2)))
    assert [{"sent": 40, "failed": 2}] == [
        {"sent": one.outcomes["sent"], "failed": one.outcomes["failed"]} for one in alone.channels
    ]


def test_the_roster_order_does_not_matter() -> None:
    backwards = a_roster(*reversed(ROSTER.people))

    assert report() == report(roster=backwards)


def test_nobody_is_named() -> None:
    document = json.dumps(report_json(report())) + str(report_csv(report()))

    assert not [person.id for person in ROSTER.people if person.id in document or person.name in document]


def test_json_and_csv_hold_the_same_key_figures() -> None:
    made = report()
    written = io.StringIO()
    csv.writer(written).writerows(report_csv(made))
    written.seek(0)
    rows = list(csv.DictReader(written))

    document = json.loads(json.dumps(report_json(made)))

    assert list(CSV_HEADER) == list(rows[0])
    assert {"2027-02-10T12:00:00Z"} == {row["as_of"] for row in rows} == {document["as_of"]}
    in_csv = {row["item"]: row["value"] for row in rows if row["section"] == "kpi" and row["figure"] == "value"}
    in_json = {one["name"]: "" if one["value"] is None else str(one["value"]) for one in document["kpis"]}
    assert in_json == in_csv
    assert "0.75" == in_csv["match-rate"]
    assert {"mean": 80.0} == {"mean": document["scores"]["mean"]}


def _gap(**options: int) -> Any:
    rule = CATALOGUE.rules["seniority-gap"].implementation
    assert rule.options is not None
    return rule.options(**options)


def _matching(*rules: RuleUse, criteria: tuple[CriterionUse, ...] = ()) -> Any:
    return evolve(a_program().matching, rules=rules, criteria=criteria)


def test_reason_figures_are_ordered_by_people() -> None:
    rules = _matching(RuleUse("seniority-gap", "seniority-gap", _gap(at_least=5)))

    made = report(a_program(matching=rules, privacy=EXACT), history=a_history([]))

    assert (ReasonFigures("seniority-gap", 4, 4),) == made.reasons


def test_no_cell_of_the_csv_is_a_formula() -> None:
    people = [evolve(one, values={**one.values, "department": "=1+1"}) for one in ROSTER.people]
    made = report(a_program(privacy=Privacy(small_cells=1)), a_roster(*people))

    items = [row[2] for row in report_csv(made) if row[1] == "flow"]

    assert ["'=1+1 from =1+1", "all other"] == items


def test_days_to_match_run_from_the_first_sight_of_a_person() -> None:
    program = a_program(kpis=(KpiUse("speed", "days-to-match", 3), KpiUse("early-end-rate", "early-end-rate", 0.1)))
    seen = {"e1": MATCHED - timedelta(days=5), "e2": MATCHED - timedelta(days=1), "m1": MATCHED - timedelta(days=9)}
    ended = published(SECOND, state="ended", ended_at=MATCHED + timedelta(days=30), reason="declined")

    made = report(program, history=a_history([published(FIRST), ended], seen=seen))

    assert (5 + 1, 2, True) == kpi(made, "speed")
    assert (1, 2, False) == kpi(made, "early-end-rate")


def test_days_to_match_run_from_the_end_of_a_signup() -> None:
    closes = (MATCHED - timedelta(days=3)).date()
    program = a_program(signup_closes=closes, kpis=(KpiUse("speed", "days-to-match"),))
    seen = {"e1": MATCHED - timedelta(days=40), "e2": MATCHED - timedelta(days=1)}

    made = report(program, history=a_history([published(FIRST), published(SECOND)], seen=seen))

    assert (2 + 1, 2, None) == kpi(made, "speed")  # the sign-up is open until the first moment of the next day


def test_who_had_a_partner_at_the_end_counts_when_the_program_is_over() -> None:
    program = a_program(kpis=(KpiUse("use", "mentor-utilization"),))
    last = published(FIRST, state="ended", ended_at=datetime(2028, 1, 1, tzinfo=UTC), reason="end")
    early = published(SECOND, state="ended", ended_at=MATCHED + timedelta(days=30), reason="declined")

    assert 1 == kpi(report(program, history=a_history([last, early])), "use")[0]


def test_what_ends_with_the_program_does_not_end_early() -> None:
    program = a_program(kpis=(KpiUse("early-end-rate", "early-end-rate"),))
    ended = published(FIRST, state="ended", ended_at=datetime(2027, 7, 30, tzinfo=UTC), reason="end")

    assert (0, 1, None) == kpi(report(program, history=a_history([ended])), "early-end-rate")


def test_proposed_relationships_count_for_nothing_but_themselves() -> None:
    declined = KnownRelationship(SECOND, "proposed", reason="declined")
    made = report(history=a_history([KnownRelationship(FIRST, "proposed"), declined]))

    assert (Count("proposed", 1), Count("published", 0), Count("active", 0), Count("ended", 0)) == made.relationships
    assert 0 == sum(role.matched for role in made.roles)


def test_reasons_that_few_share_are_told_together_and_in_nobodys_words() -> None:
    why = {FIRST: "a quarrel with Ada", SECOND: "left", THIRD: "left"}
    ended = [published(one, state="ended", ended_at=AT, reason=reason) for one, reason in why.items()]

    exact, joined = (
        report(evolve(PROGRAM, privacy=Privacy(small_cells=small)), history=a_history(ended)).endings
        for small in (1, 2)
    )

    assert (Count("left", 2), Count("a quarrel with Ada", 1)) == exact
    assert (Count("other", 3),) == joined


def test_reasons_of_few_people_have_no_numbers() -> None:
    rules = _matching(RuleUse("seniority-gap", "seniority-gap", _gap(at_least=5)))

    made = report(a_program(matching=rules), history=a_history([]))

    assert (ReasonFigures("seniority-gap", None, None),) == made.reasons


def test_json_and_csv_hold_the_same_answers_and_the_same_trend() -> None:
    question = Question("match", "How good?", "scale")
    step = Step("pulse", When("start"), ("everyone",), a_message(), questions=(question,))
    said = tuple(Event(f"{n}", MATCHED, f"e{n}", "answered", "pulse.match", mark) for n, mark in enumerate("445x", 1))
    made = report(evolve(PROGRAM, timeline=(step,)), history=a_history(events=said))

    document = json.loads(json.dumps(report_json(made)))
    rows = [row[1:] for row in report_csv(made)]

    (pulse,) = document["surveys"]
    (asked,) = pulse["questions"]
    assert (4, 4, 1, 4.3, [1, 5]) == (
        pulse["asked"],
        *(asked[key] for key in ("answered", "unreadable", "mean", "scale")),
    )
    assert [one["people"] for one in asked["answers"]] == [
        int(row[3]) for row in rows if row[:2] == ("survey", "pulse.match") and row[2].startswith("answer ")
    ]
    for point in document["trend"]:
        for figure in ("matched", "active", "held"):
            assert ("trend", point["month"], figure, str(point[figure])) in rows
    assert ["2027-01", "2027-02"] == [point["month"] for point in document["trend"]]
