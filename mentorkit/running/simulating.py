"""A whole program on a virtual clock: who would be sent what, and when, if everybody accepted and met.

It plans, records and delivers as a run does, through the outbox, into a folder of its own. No real ledger, lock file
or high-water mark is read or written, and nothing leaves the machine. Of the answers files it plays what somebody asks
for, at its moment; the rest of them speaks of what only a real run has made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from attrs import define, evolve, field, frozen

from mentorkit.answers import read_told
from mentorkit.core.contracts import Channel, ChannelKind, ChannelSetting
from mentorkit.core.deliveries import Transmission
from mentorkit.core.diagnostics import Diagnostic, errors_in
from mentorkit.core.errors import ProgramError, RefusedError
from mentorkit.core.history import Event, History
from mentorkit.core.learning import consequences
from mentorkit.core.outcome import Outcome
from mentorkit.core.plan import Plan
from mentorkit.core.planning.coming import coming_after
from mentorkit.core.planning.deciding import make_plan
from mentorkit.core.relationships import Relationship
from mentorkit.core.sessions import Session
from mentorkit.core.zones import day_end
from mentorkit.durable_files import make_private_folder
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.opening import Opened
from mentorkit.running.delivering import Compose, carry_out, open_channel
from mentorkit.running.rereading import with_people_on
from mentorkit.running.results import write_results
from mentorkit.running.run_once import CHANNEL, late_composer

ANSWERED_AFTER = timedelta(days=1)
"""How long it takes people to answer when they are asked before a relationship is published."""

PROGRAM_ANCHORS = ("opens", "signup-closes", "start", "midpoint", "end")
"""What steps hang on that happens whether anybody is matched or not."""


@frozen
class Simulation:
    """What was played.

    Attributes:
        began: the virtual moment of the first run, UTC, aware.
        ended: the virtual moment of the last one.
        outcome: what all runs did together.
        history: what the ledger knows at the end.
        diagnostics: what planning had to say, each once.
    """

    began: datetime
    ended: datetime
    outcome: Outcome
    history: History
    diagnostics: tuple[Diagnostic, ...]


def simulate(
    opened: Opened,
    folder: Path,
    on_progress: Callable[[int, int], object] = lambda _done, _all: None,
    begins: datetime | None = None,
) -> Simulation:
    """Play a program from its earliest step to after its last.

    Args:
        opened: the program and its people; its moment and its workspace play no part.
        folder: where everything goes; it must be empty or not there.
        on_progress: told how many transmissions are done, of how many that are known of.
        begins: the moment of the first run, UTC, aware; None: the beginning of the program's first day, or its
            earliest step where that comes before.

    Raises:
        RefusedError: the folder is not empty.
        ProgramError: matching found contradictions.
        RunError: the folder cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(f"{folder} is not empty: remove it, or simulate into another folder by --folder")
    make_private_folder(folder)
    opened = _without_review(opened)
    kind = opened.catalogue.channels[CHANNEL].implementation
    channel = open_channel(kind, None, ChannelSetting(str(folder.resolve()), durable=False))
    with open_ledger(folder / "ledger.sqlite", create_for=opened.program.id, durable=False) as ledger:
        play = _Play(opened, ledger, kind, channel, on_progress, asking=_requests(opened))
        simulation = play.to_the_end(begins or _first_moment(opened))
    write_results(evolve(opened, at=simulation.ended), simulation.history, folder)
    return simulation


def _without_review(opened: Opened) -> Opened:
    """Return the program with a coordinator who publishes every proposal at once."""
    matching = evolve(opened.program.matching, publish="auto")
    return evolve(opened, program=evolve(opened.program, matching=matching))


@define
class _Play:
    """One performance: what has been done so far, and which sessions are still to come."""

    opened: Opened
    ledger: Ledger
    kind: ChannelKind
    channel: Channel
    on_progress: Callable[[int, int], object]
    outcomes: list[Outcome] = field(factory=list)
    diagnostics: dict[Diagnostic, None] = field(factory=dict)
    coming: dict[str, Session] = field(factory=dict)
    asked: dict[datetime, list[Relationship]] = field(factory=dict)
    asking: tuple[Event, ...] = ()
    done: int = 0

    def to_the_end(self, began: datetime) -> Simulation:
        """Run at a moment, and then at every moment at which something is due, until nothing is."""
        at = began
        following: datetime | None = at
        while following is not None:
            self._meet(following)
            self._answer(following)
            self._ask(following)
            at, following = self._day(following)
        return Simulation(began, at, _together(self.outcomes), self.ledger.read(), tuple(self.diagnostics))

    def _day(self, at: datetime) -> tuple[datetime, datetime | None]:
        """Plan at a moment, run, and run again at later moments of that day; return the last one and when to go on.

        Within a day nothing happens that would change a plan, once the matching is made.
        """
        history = self.ledger.read()
        self.opened = with_people_on(self.opened, at)
        result = make_plan(self.opened.program, self.opened.roster, self.opened.catalogue, history, at)
        if errors_in(result.diagnostics):
            raise ProgramError(result.diagnostics)
        self.diagnostics |= dict.fromkeys(result.diagnostics)
        plan = evolve(result.plan, ledger_id=self.ledger.id, mark=self.ledger.tail().number)
        compose = late_composer(self.opened, self.ledger.read)
        later = _for_those_within_reach(plan)
        self._run(plan, compose, len(later))
        self._accept(plan)
        settled = bool(history.occasions or plan.occasions)
        last = at
        turn = self._turn(plan, history)
        while settled and later and later[0].due.date() == at.date() and (turn is None or later[0].due < turn):
            now = tuple(one for one in later if one.due == later[0].due)
            later = later[len(now) :]
            last = now[0].due
            self._run(_nothing_but(plan, now, self.ledger.tail().number), compose, len(later))
        return last, self._following(last, settled, later, turn)

    def _run(self, plan: Plan, compose: Compose, later: int) -> None:
        def advance(done: int, _all: int) -> None:
            self.on_progress(self.done + done, self.done + len(plan.due) + later)

        people = self.opened.roster.by_id
        outcome = carry_out(plan, self.ledger, self.kind, self.channel, compose, on_progress=advance, people=people)
        if outcome.interrupted:
            raise KeyboardInterrupt
        self.outcomes.append(outcome)
        self.done += len(plan.due)

    def _accept(self, plan: Plan) -> None:
        """Let everybody accept what a plan published, and have their sessions to come; who is asked answers later."""
        if plan.provisional:
            return
        self.coming |= {session.id: session for session in plan.schedule.sessions}
        if plan.asking and plan.matching and plan.matching.relationships:
            self.asked.setdefault(plan.at + ANSWERED_AFTER, []).extend(plan.matching.relationships)
        accepted = {one.id for one in plan.accepted}
        self._say_accepted((one for one in plan.publishing if one.id not in accepted), plan.at)

    def _answer(self, at: datetime) -> None:
        """Let everybody accept who has been asked for long enough."""
        for moment in sorted(one for one in self.asked if one <= at):
            self._say_accepted(self.asked.pop(moment), moment)

    def _ask(self, at: datetime) -> None:
        """Let people ask for what they want by now."""
        self._say((one for one in self.asking if one.at <= at), at)
        self.asking = tuple(one for one in self.asking if one.at > at)

    def _say_accepted(self, relationships: Iterable[Relationship], at: datetime) -> None:
        self._say(
            (
                Event(f"simulated-accepted-{one.id}-{number}", at, member.person, "accepted", one.id)
                for one in relationships
                for number, member in enumerate(one.members, 1)
            ),
            at,
        )

    def _meet(self, at: datetime) -> None:
        """Let every session that is over by now have been held."""
        over = [one for one in self.coming.values() if _ends(one) <= at]
        self._say(
            (
                Event(f"simulated-met-{one.id}-{number}", _ends(one), person, "met", one.id)
                for one in sorted(over, key=lambda one: (one.starts, one.id))
                for number, person in enumerate(one.people, 1)
            ),
            at,
        )
        for one in over:
            del self.coming[one.id]

    def _say(self, events: Iterable[Event], at: datetime) -> None:
        said = tuple(events)
        if said:
            history = self.ledger.read()
            happening = consequences(self.opened.program, self.opened.catalogue, history, said, at)
            self.ledger.record_happening(happening, numbers={}, at=at, mark=history.mark)

    def _turn(self, plan: Plan, history: History) -> datetime | None:
        """Return the next moment at which people are matched or ask, or relationships come to their last day.

        `history` is what the plan was made with.
        """
        program = self.opened.program
        following = coming_after(program, history, plan).on
        going_on = (*(known.relationship for known in history.published), *plan.publishing)
        moments = [day_end(day, program.timezone) for day in {one.until for one in going_on} if day is not None]
        moments += [day_end(following - timedelta(days=1), program.timezone)] if following else []
        moments += [one.at for one in self.asking]
        return min((moment for moment in moments if moment > plan.at), default=None)

    def _following(
        self, at: datetime, settled: bool, later: Sequence[Transmission], turn: datetime | None
    ) -> datetime | None:
        """Return the next moment at which something is due or answered; after all that, the end of the last session."""
        moments = [*(one.due for one in later[:1]), *self.asked, *([turn] if turn else [])]
        closes = self.opened.program.signup_closes
        if closes is not None and not settled:
            moments += [day_end(closes, self.opened.program.timezone)]
        moments = [moment for moment in moments if moment > at]
        return min(moments) if moments else max(map(_ends, self.coming.values()), default=None)


def _requests(opened: Opened) -> tuple[Event, ...]:
    """Return what people ask for until the program's end, as the answers files say, by its moment."""
    program, people = opened.program, opened.roster.by_id
    told = read_told(program.answers, program, day_end(program.ends, program.timezone)).told
    requests = (one for one in told if one.kind == "requested" and one.person in people)
    return tuple(
        Event(one.id, one.at, one.person, one.kind, one.subject, one.value)
        for one in sorted(requests, key=lambda one: (one.at, one.id))
    )


def _first_moment(opened: Opened) -> datetime:
    """Return the beginning of the program's first day, or its earliest step where that comes before."""
    program = opened.program
    first = min(day for day in (program.opens, program.signup_closes, program.starts) if day is not None)
    begin = day_end(first - timedelta(days=1), program.timezone)
    plan = make_plan(program, opened.roster, opened.catalogue, History(), begin).plan
    hung = {step.name for step in program.timeline if step.when.anchor in PROGRAM_ANCHORS}
    return min([begin, *(one.due for one in (*plan.due, *plan.expired) if one.step in hung)])


def _for_those_within_reach(plan: Plan) -> tuple[Transmission, ...]:
    held = {one.recipient for one in plan.held}
    return tuple(one for one in plan.later if one.recipient not in held)


def _nothing_but(plan: Plan, due: tuple[Transmission, ...], mark: int) -> Plan:
    """Return a plan made by an earlier one: only these are due."""
    return Plan(due[0].due, plan.program, plan.digest, plan.ledger_id, mark, due=due)


def _ends(session: Session) -> datetime:
    return session.starts + timedelta(minutes=session.minutes)


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    return Outcome(
        sent=tuple(item for one in outcomes for item in one.sent),
        failed=tuple(item for one in outcomes for item in one.failed),
        deferred=tuple(item for one in outcomes for item in one.deferred),
        unprepared=tuple(item for one in outcomes for item in one.unprepared),
        unreached=tuple(item for one in outcomes for item in one.unreached),
        in_doubt=tuple(item for one in outcomes for item in one.in_doubt),
        expired=tuple(item for one in outcomes for item in one.expired),
    )
