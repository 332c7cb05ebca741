"""Which channel each message of a plan goes by, and who is reached by none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from mentorkit.core.deliveries import Recipient
from mentorkit.core.diagnostics import Diagnostic, listed, suggestion, warning
from mentorkit.core.history import CONTACT, History
from mentorkit.core.plan import Plan
from mentorkit.core.program import INVITATION, Program
from mentorkit.core.roster import Person, Roster
from mentorkit.core.routing import PREFERENCE, Routes

_NAMED = 5
"""How many people a warning names."""


def with_ways(plan: Plan, routes: Routes, history: History) -> Plan:
    """Return a plan that says by which channel everything that is due or waits goes."""
    routes.know(history.ledger_id, history.unreachable)
    names = {number: name for name, number in history.numbers.items()}
    ways = {one.key: routes.first(one.recipient, invitation=one.step == INVITATION) for one in plan.due}
    for one in plan.waiting:
        recipient = _recipient(one.number, names.get(one.number, ""))
        refused = history.refusals.get(one.key, ())
        ways[one.key] = routes.first(recipient, refused, invitation=one.step == INVITATION)
    return evolve(plan, ways=ways)


def _recipient(number: int, name: str) -> Recipient:
    if name.startswith(CONTACT):
        return Recipient(number, name.removeprefix(CONTACT), "", "contact")
    return Recipient(number, name, "")


def unreached(program: Program, roster: Roster, routes: Routes, history: History) -> Iterator[Diagnostic]:
    """Yield warnings about participants whom no channel reaches, and about preferences for channels there are not."""
    routes.know(history.ledger_id, history.unreachable)
    taking_part = [person for person in roster.people if person.roles]
    lost = [one for one in taking_part if not routes.first(Recipient(0, one.id, ""))]
    if lost:
        missing = "; ".join(_missing(name, routes, roster) for name in routes.messages)
        told = f"no channel reaches {_people(lost)}: {missing}"
        yield warning("nobody-reaches", told, path="channels", help="fill in their cells, or add a channel for them")
    known = {name.casefold() for name in routes.messages}
    odd = [one for one in taking_part if (said := one.text(PREFERENCE)) and said.casefold() not in known]
    if odd and program.channels:
        word = odd[0].text(PREFERENCE)
        told = f'{_people(odd)} prefer a channel that messages do not go by, the first of them "{word}"'
        hint = suggestion(word, routes.messages) or f"messages go by {listed(routes.messages)}"
        yield warning("channel-preferred-unknown", told, path="delivery.channels", help=hint)


def _missing(channel: str, routes: Routes, roster: Roster) -> str:
    """Return what somebody needs for a channel."""
    columns = routes.columns.get(channel, ()) or ("email",)
    absent = [column for column in columns if column not in roster.columns]
    if absent:
        return f"{channel} needs the column {listed(absent)}, which the roster does not have"
    return f"{channel} needs {listed(columns)}"


def _people(people: Iterable[Person]) -> str:
    ids = [person.id for person in people]
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return f"{', '.join(ids[:_NAMED])}{more}"
