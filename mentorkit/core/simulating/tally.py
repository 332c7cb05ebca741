"""What happened in a simulation, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from mentorkit.core.acceptance import EXPIRED
from mentorkit.core.history import History
from mentorkit.core.program import Program
from mentorkit.core.requests import requests_of


def happened(program: Program, history: History) -> Mapping[str, int]:
    """Return how often each thing happened.

    Returns:
        `accepted`, `declined` and `left`: what people said or did; `refilled`: free seats that somebody took;
        `unanswered`: relationships that came to nothing because somebody asked said nothing in time; `moved`: sessions
        that were put off; `answered`: surveys that somebody filled in; `requested`, and of these `served` and
        `expired`.
    """
    kinds = Counter(event.kind for event in history.events)
    surveys = {(one.person, one.at, one.subject.partition(".")[0]) for one in history.events if one.kind == "answered"}
    requests = requests_of(program, history.relationships, history.events)
    return {
        "accepted": kinds["accepted"],
        "declined": kinds["declined"],
        "unanswered": sum(one.withdrawn and one.reason == EXPIRED for one in history.relationships),
        "left": kinds["left"],
        "refilled": sum(one.joined is not None for known in history.relationships for one in known.own_days),
        "moved": sum(one.moves > 0 for one in history.sessions),
        "answered": len(surveys),
        "requested": len(requests),
        "served": sum(one.served_at is not None for one in requests),
        "expired": sum(one.expired_at is not None for one in requests),
    }
