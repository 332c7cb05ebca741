"""Key figures that are one count by another, and take no options."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from mentorkit.core.contracts import KpiFacts, Measure, Unit


@frozen
class Figure:
    """A key figure that takes no options."""

    name: str
    summary: str
    unit: Unit
    at_most: bool
    of: Callable[[KpiFacts], Measure]
    options: None = None

    def measure(self, options: None, facts: KpiFacts) -> Measure:  # noqa: ARG002 (the contract's signature)
        """Return its value."""
        return self.of(facts)


def participation_rate(facts: KpiFacts) -> Measure:
    """Return people who take part, by those who were invited."""
    return Measure(facts.signed_up, facts.eligible, "", "people who take part", "people who were invited")


def match_rate(facts: KpiFacts) -> Measure:
    """Return people of served roles who were matched at least once, by all of them."""
    return Measure(
        sum(facts.matched[role] for role in facts.served_roles),
        sum(facts.participants[role] for role in facts.served_roles),
        "",
        "people who were matched at least once",
        "people who want a partner",
    )


def mentor_utilization(facts: KpiFacts) -> Measure:
    """Return people of offering roles who are in a relationship now, by all of them."""
    return Measure(
        sum(facts.active[role] for role in facts.offering_roles),
        sum(facts.participants[role] for role in facts.offering_roles),
        "",
        "mentors with a partner, now or at the program's end",
        "mentors",
    )


def session_completion(facts: KpiFacts) -> Measure:
    """Return sessions held by sessions planned so far; nothing by nothing while nobody has reported on any."""
    so_far = facts.sessions_planned_so_far if facts.sessions_reported else 0
    return Measure(facts.sessions_held, so_far, "", "sessions held, as reported", "sessions planned so far")


def cancellation_rate(facts: KpiFacts) -> Measure:
    """Return sessions that were missed, by those of which anything was said; those that were moved are not missed."""
    missed = facts.sessions_reported - facts.sessions_held
    words = "sessions missed, as reported", "sessions held or missed, as reported"
    return Measure(missed, facts.sessions_reported, "", *words)


def attendance(facts: KpiFacts) -> Measure:
    """Return people who were there by people who said whether they were, over all sessions that were held."""
    return Measure(
        facts.attendances,
        facts.attendances_told,
        "",
        "times somebody was there",
        "times somebody said whether they were",
    )


def days_to_match(facts: KpiFacts) -> Measure:
    """Return the mean of the days from a person's first sight, or the end of the sign-up, to their match."""
    return Measure(sum(facts.days_to_match), len(facts.days_to_match), "", "days, all together", "matched people")


def days_to_first_session(facts: KpiFacts) -> Measure:
    """Return the mean of the days from the match, or the program's start, to the first session."""
    days = facts.days_to_first_session
    return Measure(sum(days), len(days), "", "days, all together", "relationships with a first session")


def early_end_rate(facts: KpiFacts) -> Measure:
    """Return relationships that ended before the program did, by all that have started."""
    ended, started = facts.relationships_ended_early, facts.relationships_started
    return Measure(ended, started, "", "relationships that ended early", "relationships that were made")


def response_rate(facts: KpiFacts) -> Measure:
    """Return people in relationships of whom anything was heard, by all of them."""
    return Measure(facts.heard, facts.related, "", "people we have heard of", "people with a partner")


def fill_rate(facts: KpiFacts) -> Measure:
    """Return requests for which somebody was found, by those that are served or have expired."""
    return Measure(
        facts.requests.served, facts.requests.settled, "", "requests that were served", "requests served or expired"
    )


def topics_unserved(facts: KpiFacts) -> Measure:
    """Return topics that were asked for in vain, by all that were asked for, each counted once."""
    asked = facts.requests
    return Measure(asked.topics_unserved, asked.topics, "", "topics nobody was found for", "topics asked for")


def repeat_requests(facts: KpiFacts) -> Measure:
    """Return people who asked more than once, by all who asked."""
    return Measure(facts.requests.again, facts.requests.people, "", "people who asked again", "people who asked")


def days_to_answer(facts: KpiFacts) -> Measure:
    """Return the mean of the days from a request's turn to the publication of what serves it."""
    days = facts.requests.days_to_answer
    return Measure(sum(days), len(days), "", "days, all together", "requests that were served")


COUNTED = (
    Figure("participation-rate", "people who take part, of all who were invited", "share", False, participation_rate),
    Figure("match-rate", "people who were matched, of all who want a partner", "share", False, match_rate),
    Figure("mentor-utilization", "mentors with a partner, of all mentors", "share", False, mentor_utilization),
    Figure("session-completion", "sessions held, of all planned so far", "share", False, session_completion),
    Figure("cancellation-rate", "sessions missed, of all that were reported on", "share", True, cancellation_rate),
    Figure("attendance", "people who were there, of those who said whether they were", "share", False, attendance),
    Figure(
        "days-to-match",
        "days from the first sight of a person, or the end of the sign-up, to their match",
        "days",
        True,
        days_to_match,
    ),
    Figure(
        "days-to-first-session",
        "days from a match, or the program's start, to its first session",
        "days",
        True,
        days_to_first_session,
    ),
    Figure("fill-rate", "requests served, of all that are served or have expired", "share", False, fill_rate),
    Figure("topics-unserved", "topics nobody was found for, of all asked for", "share", True, topics_unserved),
    Figure("repeat-requests", "people who asked again, of all who asked", "share", False, repeat_requests),
    Figure("days-to-answer", "days from a request to a mentor for it", "days", True, days_to_answer),
    Figure("early-end-rate", "relationships ended early, of all started", "share", True, early_end_rate),
    Figure("response-rate", "people we have heard of, of all with a partner", "share", False, response_rate),
)
