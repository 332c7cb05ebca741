"""Who is matched anew at once: those whose partner was asked, and said no, said nothing, or left.

Whom the program serves may say no to somebody and still wait for somebody else; who offers and says no is left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from mentorkit.core.acceptance import EXPIRED, answers_of, unwilling
from mentorkit.core.contracts import Role
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.program import Program
from mentorkit.core.relationships import Member
from mentorkit.core.roster import Roster
from mentorkit.core.standing import standing


def who_lost(program: Program, roster: Roster, history: History, today: date) -> frozenset[Member]:
    """Return the members of proposals that came to nothing through others, who have had no relationship since.

    Served people who said no themselves are among them; who said nothing is not asked again every few days.
    """
    over = [one for one in history.relationships if one.withdrawn and one.asked_at is not None]
    if not over:
        return frozenset()
    away = standing(roster, history, today)
    busy = {member for known in history.binding for member in known.relationship.members}
    since = {member: moment for moment, member in sorted(_chances(history))}
    return frozenset(
        member
        for member, lost in _losses(program, history, over)
        if member not in busy
        and since.get(member, lost) <= lost
        and member.person not in away.left | away.paused
        and (person := roster.by_id.get(member.person)) is not None
        and member.role in person.roles
    )


def admitted(roles: Sequence[Role], lost: Collection[Member]) -> Mapping[str, frozenset[str]]:
    """Return who of which role can be matched, where only those who lost somebody and whom they need are.

    A role that is not named is open to everybody with a free place.
    """
    theirs = {member.role for member in lost}
    served = theirs & {role.name for role in roles if role.served}
    if len(roles) == 1 or (len(theirs) != 1 and not served):
        return {}
    return {
        role: frozenset(member.person for member in lost if member.role == role) for role in sorted(served or theirs)
    }


def _losses(program: Program, history: History, over: Sequence[KnownRelationship]) -> Iterator[tuple[Member, datetime]]:
    answers = answers_of(history.events)
    served = {role.name for role in program.model.roles if role.served}
    for known in over:
        refusing = unwilling(program.model.asking, known, answers)
        for member in known.relationship.members:
            waits = member.person not in refusing or (member.role in served and known.reason != EXPIRED)
            if waits and known.asked_at is not None:
                yield member, known.end_noted or known.asked_at


def _chances(history: History) -> Iterator[tuple[datetime, Member]]:
    for known in history.relationships:
        if known.published_at is not None:
            yield from ((known.published_at, member) for member in known.relationship.members)
