"""What publishing a proposal would send at once: the timeline laid out as if it were published now."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import Role
from mentorkit.core.deliveries import Transmission
from mentorkit.core.history import History, numbered
from mentorkit.core.learning import applied
from mentorkit.core.plan import Plan
from mentorkit.core.planning.following import calendar_after
from mentorkit.core.planning.matching_now import Matched
from mentorkit.core.planning.sorting_out import sort_out
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.sessions import Schedule
from mentorkit.core.standing import standing
from mentorkit.core.timeline.laying_out import Sent, occurring
from mentorkit.core.timeline.to_come import parted
from mentorkit.core.zones import to_local


def sent_if_published(
    program: Program, roster: Roster, roles: Sequence[Role], history: History, plan: Plan
) -> tuple[Transmission, ...]:
    """Return what the run after a publication would send beside what is due anyway, by (due, key).

    Only what the plan proposes counts; `history` is with what the plan learned.
    """
    if not plan.proposing or plan.provisional:
        return ()
    history = applied(history, plan.rearranged)
    away = standing(roster, history, to_local(plan.at, program.timezone).date())
    times = Schedule((*plan.schedule.sessions, *plan.preview.sessions))
    made = Matched(matching=plan.matching, withdrawn=plan.withdrawn, asking=program.model.asking is not None)
    calendar = calendar_after(history, made, times, plan.published or plan.at, away.left, plan.at)
    occurrences = occurring(program, roster, tuple(roles), calendar)
    numbers = {**history.numbers, **{one.id: one.number for one in plan.newcomers}}
    new = dict.fromkeys(one.addressee.number_key for one in occurrences if one.addressee.number_key not in numbers)
    numbers |= numbered(new, numbers.values())
    anyway = {delivery.key for one in plan.due for delivery in one.deliveries}
    sent = Sent(frozenset(history.deliveries) | anyway, history.transmissions)
    unsent = parted(occurrences, numbers, sent, plan.at, history.assume_sent_until)
    return sort_out(roster, history, away.paused, unsent, plan.at).due
