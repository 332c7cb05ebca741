"""A whole program on a virtual clock: who would be sent what, and when, among the people of a simulated world.

It plans, records and delivers as a run does, through the outbox, into a folder of its own. No real ledger, lock file
or high-water mark is read or written, and nothing leaves the machine. Of the answers files it plays what somebody asks
for, at its moment; the rest of them speaks of what only a real run has made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from attrs import define, evolve, field, frozen

from mentorkit.answers import read_told
from mentorkit.core.acceptance import last_day_to_answer
from mentorkit.core.contracts import ChannelSetting
from mentorkit.core.deliveries import Transmission
from mentorkit.core.diagnostics import Diagnostic, errors_in
from mentorkit.core.errors import ProgramError, RefusedError
from mentorkit.core.history import Event, History
from mentorkit.core.outcome import Outcome
from mentorkit.core.plan import Plan
from mentorkit.core.planning.coming import coming_after
from mentorkit.core.planning.deciding import make_plan
from mentorkit.core.program import OUTBOX, Pacing
from mentorkit.core.requests import last_day, looked_for
from mentorkit.core.simulating import IDEAL, WORLDS, World
from mentorkit.core.zones import day_end, to_local
from mentorkit.durable_files import make_private_folder
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.opening import Opened, first_day_begins
from mentorkit.running.channels import OpenChannel, open_channel
from mentorkit.running.delivering import Compose, carry_out
from mentorkit.running.rereading import with_people_on
from mentorkit.running.results import write_results
from mentorkit.running.run_once import late_composer
from mentorkit.running.simulated_people import SimulatedPeople

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
        world: the name of the world in which it was.
    """

    began: datetime
    ended: datetime
    outcome: Outcome
    history: History
    diagnostics: tuple[Diagnostic, ...]
    world: str = IDEAL


def simulate(
    opened: Opened,
    folder: Path,
    on_progress: Callable[[int, int], object] = lambda _done, _all: None,
    begins: datetime | None = None,
    world: str = IDEAL,
) -> Simulation:
    """Play a program from its earliest step to after its last.

    Args:
        opened: the program and its people; its moment and its workspace play no part.
        folder: where everything goes; it must be empty or not there.
        on_progress: told how many transmissions are done, of how many that are known of.
        begins: the moment of the first run, UTC, aware; None: the beginning of the program's first day, or its
            earliest step where that comes before.
        world: how people behave, by its name (`mentorkit.core.simulating.WORLDS`).

    Raises:
        RefusedError: the folder is not empty.
        ProgramError: matching found contradictions.
        RunError: the folder cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(f"{folder} is not empty: remove it, or simulate into another folder by --folder")
    make_private_folder(folder)
    opened = _without_review(opened)
    kind = opened.catalogue.channels[OUTBOX].implementation
    setting = ChannelSetting(str(folder.resolve()), durable=False, program=opened.program.id)
    channel = open_channel(kind, None, setting)
    with open_ledger(folder / "ledger.sqlite", create_for=opened.program.id, durable=False) as ledger:
        people = SimulatedPeople(opened, ledger, World(opened.program, opened.roster, WORLDS[world]))
        began = begins or _first_moment(opened)
        people.begin(began, _requests(opened))
        simulation = evolve(_Play(opened, people, channel, on_progress).to_the_end(began), world=world)
    write_results(evolve(opened, at=simulation.ended), simulation.history, folder)
    return simulation


def _without_review(opened: Opened) -> Opened:
    """Return the program with a coordinator who publishes every proposal at once."""
    matching = evolve(opened.program.matching, publish="auto")
    return evolve(opened, program=evolve(opened.program, matching=matching))


@define
class _Play:
    """One performance: who plays, and what has been done so far."""

    opened: Opened
    people: SimulatedPeople
    channel: OpenChannel
    on_progress: Callable[[int, int], object]
    outcomes: list[Outcome] = field(factory=list)
    diagnostics: dict[Diagnostic, None] = field(factory=dict)
    done: int = 0

    @property
    def ledger(self) -> Ledger:
        """The simulation's own ledger."""
        return self.people.ledger

    def to_the_end(self, began: datetime) -> Simulation:
        """Run at a moment, and then at every moment at which something is due, until nothing is."""
        at = began
        following: datetime | None = at
        while following is not None:
            at, following = self._day(following, self.people.act(following))
        return Simulation(began, at, _together(self.outcomes), self.ledger.read(), tuple(self.diagnostics))

    def _day(self, at: datetime, history: History) -> tuple[datetime, datetime | None]:
        """Plan at a moment, run, and run again at later moments of that day; return the last one and when to go on.

        Within a day nothing happens that would change a plan, once the matching is made.
        """
        self.opened = with_people_on(self.opened, at)
        result = make_plan(self.opened.program, self.opened.roster, self.opened.catalogue, history, at)
        if errors_in(result.diagnostics):
            raise ProgramError(result.diagnostics)
        self.diagnostics |= dict.fromkeys(result.diagnostics)
        plan = evolve(result.plan, ledger_id=self.ledger.id, mark=self.ledger.tail().number)
        compose = late_composer(self.opened, self.ledger.read)
        later = _for_those_within_reach(plan)
        self._run(plan, compose, len(later))
        settled = bool(history.occasions or plan.occasions)
        in_one_go = settled and self.opened.program.pacing == Pacing()
        last = at
        turn = self._turn(plan, history)
        while in_one_go and later and self._same_day(later[0].due, at) and (turn is None or later[0].due < turn):
            now = tuple(one for one in later if one.due == later[0].due)
            later = later[len(now) :]
            last = now[0].due
            self._run(_nothing_but(plan, now, self.ledger.tail().number), compose, len(later))
        rests = [one.until for one in plan.paced]
        return last, self._following(last, settled, later, min([*rests, *([turn] if turn else [])], default=None))

    def _same_day(self, moment: datetime, other: datetime) -> bool:
        zone = self.opened.program.timezone
        return to_local(moment, zone).date() == to_local(other, zone).date()

    def _run(self, plan: Plan, compose: Compose, later: int) -> None:
        def advance(done: int, _all: int) -> None:
            self.on_progress(self.done + done, self.done + len(plan.due) + later)

        people = self.opened.roster.by_id
        held, digest = {one.key for one in plan.paced}, self.opened.program.pacing.digest
        outcome = carry_out(
            plan, self.ledger, [self.channel], compose, on_progress=advance, people=people, held=held, digest=digest
        )
        if outcome.interrupted:
            raise KeyboardInterrupt
        self.outcomes.append(outcome)
        self.done += len(plan.due)
        self.people.hear(plan, (one.key for one in outcome.sent))

    def _turn(self, plan: Plan, history: History) -> datetime | None:
        """Return the next moment at which people are matched, relationships come to their last day, or time runs out.

        `history` is what the plan was made with.
        """
        program = self.opened.program
        following = coming_after(program, history, plan).on
        going_on = (*(known.relationship for known in history.published), *plan.publishing)
        moments = [day_end(day, program.timezone) for day in {one.until for one in going_on} if day is not None]
        moments += [day_end(following - timedelta(days=1), program.timezone)] if following else []
        moments += [day_end(day, program.timezone) for day in self._deadlines()]
        moments += filter(None, [self.people.next_wake(plan.at)])
        return min((moment for moment in moments if moment > plan.at), default=None)

    def _deadlines(self) -> Iterator[date]:
        """Yield the last days of those who are asked, and of requests that wait for somebody."""
        program, asking = self.opened.program, self.opened.program.model.asking
        if asking is None and program.model.request_days is None:
            return
        history = self.ledger.read()
        days = [last_day_to_answer(asking, one, program.timezone) for one in history.asked] if asking else []
        days += [last_day(program, history, one) for one in looked_for(program, history).values()]
        yield from filter(None, days)

    def _following(
        self, at: datetime, settled: bool, later: Sequence[Transmission], turn: datetime | None
    ) -> datetime | None:
        """Return the next moment at which something is due or done; after all that, when everybody has done theirs."""
        moments = [*(one.due for one in later[:1]), *([turn] if turn else [])]
        closes = self.opened.program.signup_closes
        if closes is not None and not settled:
            moments += [day_end(closes, self.opened.program.timezone)]
        moments = [moment for moment in moments if moment > at]
        return min(moments) if moments else self.people.last_wake()


def _requests(opened: Opened) -> tuple[Event, ...]:
    """Return what people ask for until the program's end, as the answers files say, by its moment."""
    program, people = opened.program, opened.roster.by_id
    if program.model.request_days is None:
        return ()
    told = read_told(program.answers, program, opened.roster, day_end(program.ends, program.timezone)).told
    requests = (one for one in told if one.kind == "requested" and one.person in people)
    return tuple(
        Event(one.id, one.at, one.person, one.kind, one.subject, one.value)
        for one in sorted(requests, key=lambda one: (one.at, one.id))
    )


def _first_moment(opened: Opened) -> datetime:
    """Return the beginning of the program's first day, or its earliest step where that comes before."""
    program = opened.program
    begin = first_day_begins(program)
    plan = make_plan(program, opened.roster, opened.catalogue, History(), begin).plan
    hung = {step.name for step in program.timeline if step.when.anchor in PROGRAM_ANCHORS}
    return min([begin, *(one.due for one in (*plan.due, *plan.expired) if one.step in hung)])


def _for_those_within_reach(plan: Plan) -> tuple[Transmission, ...]:
    held = {one.recipient for one in plan.held}
    return tuple(one for one in plan.later if one.recipient not in held)


def _nothing_but(plan: Plan, due: tuple[Transmission, ...], mark: int) -> Plan:
    """Return a plan made by an earlier one: only these are due."""
    return Plan(due[0].due, plan.program, plan.digest, plan.ledger_id, mark, due=due)


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
