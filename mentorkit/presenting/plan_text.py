"""A plan as text for a coordinator: what a run does now, what comes later."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from mentorkit.core.contracts import Role
from mentorkit.core.deliveries import Held, Transmission
from mentorkit.core.history import History
from mentorkit.core.plan import Paced, Plan
from mentorkit.core.planning.coming import Coming, coming_after
from mentorkit.core.planning.consents import ConsentNeeded
from mentorkit.core.planning.workload import Workload
from mentorkit.core.program import Program
from mentorkit.core.requests import is_given_up
from mentorkit.core.roster import Roster
from mentorkit.core.sessions import Session, Unplaced
from mentorkit.core.zones import local_day, to_local
from mentorkit.presenting.happening_text import Before, following_text, known_text, rematched_text
from mentorkit.presenting.matching_text import called, certificate_text, reasons_text, relationships_text
from mentorkit.presenting.next_steps import Caller, folded
from mentorkit.presenting.round_text import round_text
from mentorkit.presenting.tables import counted, harmless, table
from mentorkit.presenting.unplaced_text import unplaced_text


def plan_text(
    plan: Plan,
    program: Program,
    roles: Sequence[Role],
    roster: Roster,
    history: History,
    caller: Caller | None = None,
    everything: bool = False,
) -> str:
    """Return the plan in sections; empty sections are left out.

    `history` is what the ledger knows, before anything that the plan learned.
    """
    before = Before(roster, history, program.timezone, everything)
    parts = [
        f"{harmless(program.name)}, as of {moment_text(plan.at, program.timezone)}",
        known_text(plan.happening, before),
        following_text(plan.happening, before),
        rematched_text(plan.rearranged, before, added_sessions(plan)),
        _given_up(plan, roster),
        _accepted(plan, roles, roster),
        _matching(plan, roles, roster),
        _broken(plan, roster, history),
        _proposing(plan, program, caller or Caller()),
        _unplaced(roster, plan, history, everything),
        _section("left by an earlier run, sent now", _steps_of(one.step for one in plan.waiting)),
        _now(plan.due, roster),
        _section("by channel", _by_channel(plan)),
        _section("due, and waits", _resting(plan, program.timezone)),
        _section("expired, never sent", _steps(plan.expired)),
        _section("not sent: they expired in somebody's pause", _steps(plan.suppressed)),
        _section("held", [held_row(one, roster) for one in plan.held]),
        _later(plan, program.timezone),
        _coming(coming_after(program, history, plan)),
    ]
    does = (plan.due, plan.waiting, plan.paced, plan.matching, plan.accepted, plan.happening, plan.rearranged)
    if not (any(does) or plan.schedule.sessions):
        parts.insert(1, "Nothing is due.")
    return "\n\n".join(part for part in parts if part)


def added_sessions(plan: Plan) -> tuple[Session, ...]:
    """Return the sessions that relationships get which were published before."""
    new = {one.id for one in plan.publishing}
    return tuple(session for session in plan.schedule.sessions if session.relationship not in new)


def moment_text(moment: datetime, zone: str) -> str:
    """Return a moment as people read it, in a zone."""
    return f"{to_local(moment, zone):%a %Y-%m-%d %H:%M} ({zone})"


def _section(title: str, rows: Sequence[Sequence[str]]) -> str:
    return f"{title}\n{table(rows)}" if rows else ""


def _given_up(plan: Plan, roster: Roster) -> str:
    """Return the requests for which nobody was found in time."""
    rows = [(called(one.person, roster), one.subject) for one in plan.rearranged.events if is_given_up(one)]
    return _section("requests that expire: nobody was found for them in time", rows)


def _accepted(plan: Plan, roles: Sequence[Role], roster: Roster) -> str:
    """Return the relationships that everybody asked has accepted."""
    if not plan.accepted:
        return ""
    told = f"accepted by everybody who was asked, published now: {counted(len(plan.accepted), 'relationship')}"
    return f"{told}\n{relationships_text(plan.accepted, roles, roster)}"


def _matching(plan: Plan, roles: Sequence[Role], roster: Roster) -> str:
    matching = plan.matching
    if matching is None:
        return ""
    title = "match"
    if plan.provisional:
        title += " (a preview: sign-up is still open, nothing of this happens now)"
    elif plan.proposing:
        title += " (a proposal: it waits to be published)"
    elif plan.asking:
        title += " (people are asked: each is published once they have accepted)"
    sides = ", ".join(
        counted(
            len({m.person for one in matching.relationships for m in one.members if m.role == role.name}), role.name
        )
        for role in roles
    )
    lines = [f"{title}\n  {counted(len(matching.relationships), 'relationship')}: {sides}"]
    lines += ["  " + line for line in certificate_text(matching.certificate).splitlines()]
    times = plan.preview if plan.provisional else plan.schedule
    if not (plan.proposing or plan.asking):
        own = len(times.sessions) - (0 if plan.provisional else len(added_sessions(plan)))
        lines.append(f"  {counted(own, 'session')} at real times")
    elif plan.preview.sessions or plan.preview.unplaced:
        lines.append(f"  published now: {counted(len(plan.preview.sessions), 'session')} at real times")
    lines += [f"  {told}" for told in unplaced_text(_without_time(plan))]
    if matching.relationships:
        lines.append("\n" + relationships_text(matching.relationships, roles, roster))
    if matching.unmatched:
        rows = [(called(one.person, roster), one.role, reasons_text(one.reasons)) for one in matching.unmatched]
        lines.append("\n" + _section("unmatched", rows))
    return "\n".join(lines)


def _broken(plan: Plan, roster: Roster, history: History) -> str:
    """Return the relationships that end once the proposal is published."""
    known = {one.relationship.id: one.relationship for one in history.relationships}
    rows = [(", ".join(called(person, roster) for person in known[one].people()), one) for one in plan.breaks]
    return _section(f"{counted(len(rows), 'published relationship')} would end once this is published", rows)


def _proposing(plan: Plan, program: Program, caller: Caller) -> str:
    """Return what is proposed, what that replaces, and how to go on."""
    withdrawn = counted(len(plan.withdrawn), "earlier proposal") + " withdrawn" if plan.withdrawn else ""
    if not plan.proposing or plan.matching is None:
        return withdrawn
    steps = caller.publishing(program.matching.publish == "review")
    lines = [f"next, after this run: {steps[0]}", *(f"then: {step}" for step in steps[1:])]
    return "\n".join([*([withdrawn] if withdrawn else []), *lines])


def _without_time(plan: Plan) -> tuple[Unplaced, ...]:
    """Return the sessions that find no time, those of a preview or a proposal if it were published."""
    return plan.preview.unplaced if plan.provisional else (*plan.schedule.unplaced, *plan.preview.unplaced)


def _unplaced(roster: Roster, plan: Plan, history: History, everything: bool) -> str:
    members = {known.relationship.id: known.relationship for known in history.published}
    members |= {one.id: one for one in (*plan.accepted, *(plan.matching.relationships if plan.matching else ()))}
    rows = [
        (
            f"session {one.number} of {one.relationship}",
            ", ".join(called(person, roster) for person in members[one.relationship].people())
            if one.relationship in members
            else "",
            one.explained,
        )
        for one in _without_time(plan)
    ]
    return "\n".join(["sessions without a time", *folded(table(rows).splitlines(), everything)]) if rows else ""


def _now(due: Sequence[Transmission], roster: Roster) -> str:
    groups: dict[tuple[str, str], list[str]] = {}
    for one in due:
        groups.setdefault((one.step, one.recipient.role), []).append(called(one.recipient.id, roster))
    blocks = [
        f"  {step} to {role}: {counted(len(people), 'message')}\n"
        + textwrap.fill(
            ", ".join(_each_once(people)), 100, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
        )
        for (step, role), people in sorted(groups.items())
    ]
    return f"send now: {counted(len(due), 'message')}\n" + "\n".join(blocks) if blocks else ""


WHY_PACED = {"quiet-hours": "quiet hours", "at-most": "as many as people get for now"}
"""Why messages wait by the program's pacing, by reason."""


def _resting(plan: Plan, zone: str) -> list[tuple[str, str, str]]:
    """Return what waits by the program's pacing, by step: why, and when the first of it may go out."""
    groups: dict[tuple[str, str], list[Paced]] = {}
    for one in plan.paced:
        groups.setdefault((one.step, one.reason), []).append(one)
    return [
        (
            step,
            counted(len(ones), "message"),
            f"{WHY_PACED[reason]}, the first until {moment_text(ones[0].until, zone)}",
        )
        for (step, reason), ones in sorted(groups.items())
    ]


def _by_channel(plan: Plan) -> list[tuple[str, str]]:
    """Return how many messages go by which channel, and for how many there is none."""
    counts = Counter(name for key, name in plan.ways.items())
    rows = [(name, counted(number, "message")) for name, number in sorted(counts.items()) if name]
    none = [("no channel reaches the recipient", counted(counts[""], "message"))] if counts[""] else []
    return rows + none


def _each_once(people: Sequence[str]) -> list[str]:
    """Return each name once, with how many messages they get where it is more than one."""
    return [name if number == 1 else f"{number} × {name}" for name, number in Counter(people).items()]  # noqa: RUF001


def _steps(transmissions: Iterable[Transmission]) -> list[tuple[str, str]]:
    counts = Counter((one.step, one.recipient.role) for one in transmissions)
    return [(f"{step} to {role}", counted(number, "message")) for (step, role), number in sorted(counts.items())]


def held_row(held: Held, roster: Roster) -> tuple[str, str, str]:
    """Return who waits, why, and how many messages do, as a row of a table."""
    return (
        called(held.recipient.id, roster),
        held_text(held),
        counted(len(held.transmissions), "message") if held.transmissions else "nothing waits yet",
    )


def held_text(held: Held) -> str:
    """Return why somebody's messages wait."""
    return "missing from the roster" if held.reason == "missing" else "paused"


def _later(plan: Plan, zone: str) -> str:
    """Return what comes later, by day and step."""
    moments = Counter((one.due, one.step) for one in plan.later.headings())
    counts: Counter[tuple[date, str]] = Counter()
    for (due, step), number in moments.items():
        counts[local_day(due, zone), step] += number
    rows = [(f"{day:%a} {day}", step, counted(number, "message")) for (day, step), number in sorted(counts.items())]
    foreseen = " (from the end of sign-up on a preview, as if nobody else signed up)" if plan.provisional else ""
    return _section(f"later: {counted(counts.total(), 'message')}{foreseen}", rows)


def _coming(coming: Coming) -> str:
    """Return which matching comes next."""
    if coming.round is not None:
        return f"next round: {round_text(coming.round)}"
    return f"next intake: {coming.on:%a} {coming.on}" if coming.on else ""


def workload_text(load: Workload, roster: Roster) -> str:
    """Return messages and session hours per person, then in all."""
    rows = [(called(person, roster), str(one.messages), f"{one.hours:.1f}") for person, one in load.people.items()]
    rows += [(name, str(one.messages), f"{one.hours:.1f}") for name, one in load.contacts.items()]
    total = f"In all {counted(load.messages, 'message')} and {load.hours:,.1f} hours of people's time."
    return f"per person, from now on\n{table(rows, ('person', 'messages', 'hours'))}\n\n{total}"


def _steps_of(steps: Iterable[str]) -> list[tuple[str, str]]:
    return [(step, counted(number, "message")) for step, number in sorted(Counter(steps).items())]


def consents_text(needed: Sequence[ConsentNeeded]) -> str:
    """Return what a run would stop for, and the flags that let it go on."""
    return "\n".join(f"A run would stop here: {one.reason}; {one.flag} lets it go on." for one in needed)
