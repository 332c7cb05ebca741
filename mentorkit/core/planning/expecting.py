"""Who should be in a new roster, who is missing from it, and who leaves by it."""

from __future__ import annotations

from attrs import frozen

from mentorkit.core.happenings import OWN_EVENT, Happening
from mentorkit.core.history import History
from mentorkit.core.roster import Roster
from mentorkit.core.standing import standing

MISSING_SHARE = 0.1
"""More than this part of the known participants gone from a roster is taken for a truncated export."""

DECIDING_COLUMNS = ("email", "left_on", "level", "manager_id", "paused_until", "role")
"""Without one of these that was there before, other people take part, or pairs are allowed that were not."""

FEW_LEAVERS = 4
"""So many may leave at once by the roster's own word, however small the program is."""


@frozen
class Expected:
    """The people a roster should show, and those it does not.

    Attributes:
        missing: ids of participants the ledger knows who are not in the roster, by running number.
        leaving: ids of those who leave by what this roster says, by running number.
        missing_share: how large a part of the known participants the missing are, 0 to 1.
        leaving_share: likewise those who leave.
        lost_columns: columns that decide about people and that the roster had the last time and has no longer, sorted.
    """

    missing: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    missing_share: float = 0.0
    leaving_share: float = 0.0
    lost_columns: tuple[str, ...] = ()

    @property
    def suspicious(self) -> bool:
        """Whether this looks like a mistake in the roster more than like people's lives."""
        too_many = self.leaving_share > MISSING_SHARE and len(self.leaving) > FEW_LEAVERS
        return self.missing_share > MISSING_SHARE or too_many or bool(self.lost_columns)


def expect(roster: Roster, history: History, happening: Happening) -> Expected:
    """Return who is missing and who leaves; `history` is as the ledger knows it, before `happening`."""
    by_name = _known_participants(history)
    before = standing(Roster(()), history, None).left
    expected = [one for one in by_name if one not in before]
    absent = {one for one in expected if one not in roster.by_id}
    told = {event.person for event in happening.events if event.kind == "left" and not event.id.startswith(OWN_EVENT)}
    missing = tuple(one for one in expected if one in absent and one not in told)
    by_roster = {event.person for event in happening.events if event.kind == "left"} - told - absent
    leaving = tuple(one for one in expected if one in by_roster)
    share = 1 / len(expected) if expected else 0.0
    return Expected(missing, leaving, len(missing) * share, len(leaving) * share, _lost_columns(roster, history))


def _lost_columns(roster: Roster, history: History) -> tuple[str, ...]:
    before = history.rosters[-1].columns if history.rosters else ()
    return tuple(one for one in before if one in DECIDING_COLUMNS and one not in roster.columns)


def _known_participants(history: History) -> list[str]:
    """Return who took part or is in a relationship, by running number, but for those whose relationships have ended.

    Who was in one until its last day goes on taking part.
    """
    members = {person for known in history.published for person in known.relationship.people()}
    over = (known for known in history.relationships if known.state == "ended" and not known.completed)
    ended = {person for known in over for person in known.relationship.people()}
    people = history.taking_part - (ended - members)
    return sorted(people, key=lambda one: history.numbers[one])
