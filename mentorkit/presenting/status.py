"""Where a program stands and what needs its coordinator, on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mentorkit.core.planning.needs import RECENT_DAYS, Need, NeedKind
from mentorkit.core.planning.needs_of_people import STILL_THERE
from mentorkit.core.planning.needs_of_relationships import UNSAID_DAYS
from mentorkit.core.planning.status import NextRun, Status
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.zones import to_local
from mentorkit.presenting.matching_text import called
from mentorkit.presenting.next_steps import FOLDED, Caller, folded
from mentorkit.presenting.plan_text import WHY_PACED, moment_text
from mentorkit.presenting.round_text import round_text
from mentorkit.presenting.tables import counted, harmless, table

HEADINGS: Mapping[NeedKind, str] = {
    "in-doubt": "in doubt: whether these arrived is unknown; look, settle what has arrived, and send the rest again",
    "failed": "failed: mend what is told here and have them tried again, or tell people another way",
    "unsent": "not sent: mend what is told here, then run again; all of them are still due",
    "stopped": "a run stops here until you let it go on: look at the plan first",
    "proposed": "proposed: these wait to be published",
    "asked": "asked, and have not answered: whoever tells you instead, record `accepted` or `declined` for them",
    "forbidden": "against a rule by today's roster, pinned or changed since: nothing is done about it; talk to them, "
    "and end what cannot go on",
    "missing": "missing from the roster: put them back, or record that they have left",
    "changed-hands": "another person, by the look of it: record `resumed` if it is the same one; else record that the "
    "former has left, and give the new one an id of their own",
    "held": "held: their messages wait",
    "back-again": "in the roster although they have left: record who is back; somebody new needs an id of their own",
    "left": f"left in the last {RECENT_DAYS} days",
    "vacant": "free seats that nobody takes yet: look for somebody, or leave it at that",
    "requested": f"asked for something in the last {RECENT_DAYS} days",
    "unserved": f"expired in the last {RECENT_DAYS} days: nobody was found for what they asked for; tell them",
    "silent": "ask how it goes, and record what they say",
    "in-pause": "sessions while somebody pauses: agree on another time, and record it",
    "not-coming": "will not come, says their calendar: agree on another time, and record it",
    "no-time": "sessions without a time: no hour suits everybody; widen `hours` or `days` of the series",
    "unmatched": "unmatched",
    "unsaid": f"over for more than {UNSAID_DAYS} days, and nobody said whether they met: record it",
    "deferred": "not delivered yet: runs try again by themselves",
    "unreachable": "not reached at this address by this channel: correct it in the roster; if it is right "
    "by now, have it tried again",
    "unreached": "no channel reaches them: fill in their address, or what else a channel finds people by",
    "at-night": "wait for more than a day, as every run finds them in their quiet hours: run every hour, or --watch",
    "expired": f"expired in the last {RECENT_DAYS} days: tell people another way, if it still matters",
}
REASONS = 2
"""How many reasons are shown why somebody is unmatched; `match --explain-unmatched` tells all."""
NAMED = 4
"""How many people one line names; the rest are counted, unless all is asked for."""
MOST_ASKED = 5
"""How many people are shown of whom most is asked."""


def status_text(
    status: Status, program: Program, roster: Roster, caller: Caller | None = None, everything: bool = False
) -> str:
    """Return the status as text: where it stands, what needs somebody, what goes out this week."""
    caller = caller or Caller()
    parts = [
        f"{harmless(program.name)}, as of {moment_text(status.at, program.timezone)}\n{table(_facts(status, program))}"
    ]
    for kind in HEADINGS:
        needs = [need for need in status.needs if need.kind == kind]
        if needs:
            parts.append(_section(needs, status, program, roster, caller, everything))
    if not status.needs:
        parts.append("Nothing needs you.")
    parts += [_week(status, everything), _asked(status, roster, everything)]
    return "\n\n".join(part for part in parts if part)


def _facts(status: Status, program: Program) -> list[tuple[str, str]]:
    zone = program.timezone
    free = [
        f"{counted(room.places, 'place')} of {counted(room.people, role)}" for role, room in status.free.rooms.items()
    ]
    facts = [
        ("phase", _phase(status)),
        ("relationships", _counts(status.relationships)),
        ("sessions", _sessions(status.sessions)),
        ("messages", _counts(status.messages)),
        ("due now", counted(status.due, "message")),
        *([("due, waits", _paced(status.paced))] if status.paced else []),
        *([("if published", f"{counted(status.if_published, 'message')} with the next run")] if _waits(status) else []),
        ("next message", moment_text(status.next_message, zone) if status.next_message else "none"),
        ("next session", _next_session(status, zone)),
    ]
    run = _next_run(status.next_run)
    facts += [("next run", run)] if run else []
    facts += [("free", ", ".join(free))] if free else []
    facts += [("next intake", f"{status.next_intake:%a %Y-%m-%d}")] if status.next_intake else []
    facts += [("next round", round_text(status.next_round))] if status.next_round else []
    return facts


def _phase(status: Status) -> str:
    proposed = status.phase == "before matching" and status.relationships.get("proposed", 0)
    return "before matching: proposed, to be published" if proposed else status.phase


def _paced(paced: Mapping[str, int]) -> str:
    """Return how many messages wait although they are due, and why."""
    return "; ".join(f"{counted(number, 'message')}, {WHY_PACED[reason]}" for reason, number in paced.items())


def _waits(status: Status) -> bool:
    """Return whether something is proposed, or will be, so that what is told of the week depends on a publication."""
    return status.if_published > 0 or any(need.kind == "proposed" for need in status.needs)


def _next_run(run: NextRun) -> str:
    """Return what a run would do now beside sending, "" where there is nothing."""
    parts = [
        f"learns {counted(run.learns, 'event')}" if run.learns else "",
        f"ends {counted(run.ends, 'relationship')}" if run.ends else "",
        f"publishes {counted(run.publishes, 'relationship')}" if run.publishes else "",
        f"proposes {counted(run.proposes, 'relationship')}" if run.proposes else "",
        f"asks about {counted(run.asks, 'relationship')}" if run.asks else "",
        f"fills {counted(run.fills, 'free seat')}" if run.fills else "",
        f"leaves {counted(run.unmatched, 'person', 'people')} unmatched"
        if run.unmatched and (run.publishes or run.proposes or run.asks)
        else "",
    ]
    return ", ".join(part for part in parts if part)


def _next_session(status: Status, zone: str) -> str:
    if status.next_session is None:
        return "none"
    foreseen = ", if nobody else signs up" if status.provisional else ""
    return moment_text(status.next_session, zone) + foreseen


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {state.replace('_', ' ')}" for state, number in counts.items()) or "none"


def _sessions(counts: Mapping[str, int]) -> str:
    beyond = counts.get("beyond", 0)
    told = _counts({state: number for state, number in counts.items() if state != "beyond"})
    return f"{told}; {beyond:,} would fall after the program's last day" if beyond else told


def _section(
    needs: Sequence[Need], status: Status, program: Program, roster: Roster, caller: Caller, everything: bool
) -> str:
    """Return one kind of needs: heading, a line for each, and the next step."""
    kind = needs[0].kind
    heading = _heading(kind, needs, status, program)
    if kind == "unsaid" and not everything:
        return f"{heading}\n  next: {caller.command(('record', '--from', 'FILE'))}"
    named = needs if everything else [need for need in needs if need.detail != STILL_THERE]
    lines = table(
        _without_empty_columns([_row(need, status, roster, program.timezone, everything) for need in named])
    ).splitlines()
    shown = 0 if kind == "silent" and _all_silent(needs, status) else FOLDED
    counting = STILL_THERE if named else "people" if len(needs) > 1 else "person"
    rest = [f"  {len(needs) - len(named):,} {counting} (--all)"] if len(named) < len(needs) else []
    return "\n".join([heading, *folded(lines, everything, shown), *rest, *_next(named or needs, program, caller)])


def _without_empty_columns(rows: Sequence[tuple[str, ...]]) -> list[list[str]]:
    filled = [number for number in range(len(rows[0]) if rows else 0) if any(row[number] for row in rows)]
    return [[row[number] for number in filled] for row in rows]


def _all_silent(needs: Sequence[Need], status: Status) -> bool:
    """Return whether that is everybody: then it is the program that hears nothing, and a list of names says little."""
    return len(needs) >= max(FOLDED, sum(status.relationships.get(state, 0) for state in ("published", "active")))


def _heading(kind: NeedKind, needs: Sequence[Need], status: Status, program: Program) -> str:
    if kind == "unsaid":
        sessions = counted(sum(need.amount for need in needs), "session")
        return f"unsaid: {sessions} of {counted(len(needs), 'relationship')} {HEADINGS[kind]}"
    if kind == "silent":
        everybody = "all " if _all_silent(needs, status) else ""
        pairs = counted(len(needs), "relationship")
        return f"silent for {program.silent_after} or more, {everybody}{pairs}: {HEADINGS[kind]}"
    if kind == "back-again" and all(need.detail == STILL_THERE for need in needs):
        return f"{STILL_THERE}: nothing to do, unless somebody is back; somebody new needs an id of their own"
    if kind == "unmatched":
        return _waiting(needs, status)
    return HEADINGS[kind]


def _waiting(needs: Sequence[Need], status: Status) -> str:
    placeable = sum(need.people[0] in status.free.placeable for need in needs)
    parts = [f"unmatched: {len(needs):,} {'waits' if len(needs) == 1 else 'wait'}"]
    if placeable and status.free.places:
        places = f"{status.free.places:,} {'place is' if status.free.places == 1 else 'places are'} free"
        have = f"{placeable:,} {'has' if placeable == 1 else 'have'} an allowed partner with one"
        parts.append(f"up to {min(placeable, status.free.together):,} of them could be placed now ({places}; {have})")
    elif placeable:
        parts.append(f"{placeable:,} of them could be placed now")
    if status.next_intake:
        parts.append(f"the next intake is on {status.next_intake}")
    if status.next_round:
        parts.append(f"the next round is on {status.next_round.on}")
    return "; ".join(parts)


def _row(need: Need, status: Status, roster: Roster, zone: str, everything: bool) -> tuple[str, ...]:
    since = f"{_since(need)} {to_local(need.since, zone).date()}" if need.since else ""
    people = _names(need.people, status, roster, len(need.people) if everything else NAMED)
    others = _names(need.others, status, roster, NAMED)
    if need.kind == "expired":
        return _subject(need), since, _detail(need, others), people
    return people, since, _subject(need), _detail(need, others)


def _since(need: Need) -> str:
    return {
        "left": "on",
        "back-again": "left on",
        "failed": "due",
        "in-doubt": "due",
        "deferred": "due",
        "unsent": "due",
        "unreached": "due",
        "at-night": "due",
        "expired": "due",
    }.get(need.kind, "since")


def _subject(need: Need) -> str:
    if need.kind in ("failed", "in-doubt", "deferred") and need.amount > 1:
        return f"{counted(need.amount, 'message')}, first {need.subject}"
    if need.kind == "unsent":
        return f"{counted(need.amount, 'message')} by {need.subject}"
    return counted(need.amount, "message") if need.kind in ("unreached", "at-night") else need.subject


def _detail(need: Need, others: str) -> str:
    told = (
        {
            "left": f"free again: {others}",
            "in-pause": f"with {others}",
            "not-coming": f"with {others}",
            "asked": f"for {others}",
        }.get(need.kind, others)
        if others
        else ""
    )
    detail = "; ".join(need.detail.split("; ")[:REASONS]) if need.kind == "unmatched" else need.detail
    return "; ".join(part for part in (detail, told) if part)


def _names(people: Sequence[str], status: Status, roster: Roster, shown: int) -> str:
    """Return what people are called, and of a single one who is not in the roster what the ledger knows."""
    names = [called(person, roster) for person in people[:shown]]
    absent = status.absent.get(people[0]) if len(people) == 1 else None
    if absent is not None:
        partners = ", ".join(called(one, roster) for one in absent.partners[:NAMED])
        names.append(f"{absent.role} of {partners}" if partners else absent.role)
    return ", ".join(names) + (f" and {len(people) - shown:,} more" if len(people) > shown else "")


def _next(needs: Sequence[Need], program: Program, caller: Caller) -> list[str]:
    """Return the next step as a command: the one for all of them, or the first one's, from which others are made."""
    if needs[0].kind == "proposed":
        return _steps(caller.publishing(program.matching.publish == "review"))
    if (
        needs[0].kind == "in-doubt" and needs[0].command
    ):  # what has arrived is settled first, so that the rest can be sent again
        arrived = caller.command(("ledger settle", needs[0].subject, "--sent"))
        return _steps([f"{arrived} (for each that has arrived)", caller.command(needs[0].command)])
    commands = list(dict.fromkeys(need.command for need in needs if need.command))
    if commands and all(command[:2] == ("match", "--review") for command in commands):
        return _steps(caller.publishing(review=True))
    if not commands:
        return []
    example = " (the first one's; likewise for the others)" if len(commands) > 1 else ""
    return [f"  next: {caller.command(commands[0])}{example}"]


def _steps(steps: Sequence[str]) -> list[str]:
    return [f"  {word}: {step}" for word, step in zip(("next", "then"), steps, strict=False)]


def _week(status: Status, everything: bool) -> str:
    if not status.week:
        return ""
    rows = [(f"{one.day:%a} {one.day}", one.step, counted(one.messages, "message")) for one in status.week]
    total = counted(sum(one.messages for one in status.week), "message")
    condition = ", if what is proposed is published now" if _waits(status) else ""
    return "\n".join([f"goes out within seven days{condition}: {total}", *folded(table(rows).splitlines(), everything)])


def _asked(status: Status, roster: Roster, everything: bool) -> str:
    """Return of whom most is asked from now on: hours first, then messages."""
    load = status.workload
    people = sorted(load.people.items(), key=lambda item: (-item[1].minutes, -item[1].messages, item[0]))
    if not people:
        return ""
    rows = [(called(one, roster), counted(load.messages, "message"), f"{load.hours:.1f} hours") for one, load in people]
    asked = counted(len(people), "person", "people")
    total = f"{counted(load.messages, 'message')} and {load.hours:,.1f} hours for {asked}"
    lines = table(rows).splitlines()
    return "\n".join([f"still to come: {total}; most for", *folded(lines, everything, MOST_ASKED)])
