"""What became of requests, counted for KPIs: in models that work on request."""

from __future__ import annotations

from collections import Counter

from mentorkit.core.contracts import RequestFacts
from mentorkit.core.history import History
from mentorkit.core.program import Program
from mentorkit.core.requests import requests_of
from mentorkit.core.zones import to_local


def request_facts(program: Program, history: History) -> RequestFacts:
    """Return the counts of all that was asked for; nothing where nobody requests."""
    requests = requests_of(program, history.relationships, history.events)
    people = Counter(one.event.person for one in requests)
    settled = [one for one in requests if not one.open]
    served = [one for one in settled if one.served_at is not None]
    asked = {topic for one in settled for topic in one.topics}
    return RequestFacts(
        people=len(people),
        again=sum(number > 1 for number in people.values()),
        settled=len(settled),
        served=len(served),
        topics=len(asked),
        topics_unserved=len(asked - {topic for one in served for topic in one.topics}),
        days_to_answer=tuple(
            (to_local(one.served_at, program.timezone).date() - to_local(one.turn, program.timezone).date()).days
            for one in served
            if one.served_at is not None and one.turn is not None
        ),
    )
