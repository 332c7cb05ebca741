"""`mentorkit run`: carries out what is due; with `--simulate`, plays the whole program on a virtual clock."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, limit_options, program_argument
from mentorkit.presenting.json_text import json_text

if TYPE_CHECKING:  # what a command needs, it loads when it runs: `--help` answers at once
    from mentorkit.running.asking import Consents


@click.command("run")
@program_argument
@click.option(
    "--plan", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Carry out exactly this saved plan."
)
@click.option(
    "--simulate",
    "simulated",
    is_flag=True,
    help="Play the whole program on a virtual clock, into NAME.sim/, as if first run on its first day (or --at TIME).",
)
@click.option(
    "--world",
    type=click.Choice(["ideal", "usual", "rough"]),
    help="How people behave in a simulation: usual (the default), rough, or ideal, where all accept and meet.",
)
@click.option(
    "--watch",
    "watched",
    is_flag=True,
    help="Stay, and run again at each next step and whenever a file of the program changes; Ctrl-C or SIGTERM ends it.",
)
@click.option("--yes", is_flag=True, help="Consent to the first delivery that leaves this machine.")
@click.option(
    "--accept-missing", is_flag=True, help="Go on although more than a tenth of the participants are missing."
)
@click.option("--catch-up", is_flag=True, help="Send also what is overdue by more than delivery.max_catch_up.")
@click.option("--retry-in-doubt", is_flag=True, help="Send again what is in doubt.")
@click.option(
    "--lock-timeout",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="Wait so long for another run to end that holds the program; default: not at all.",
)
@limit_options
@folder_option
@at_option
@json_option
def command(
    program: Path,
    plan: Path | None,
    simulated: bool,
    world: str | None,
    watched: bool,
    yes: bool,
    accept_missing: bool,
    catch_up: bool,
    retry_in_doubt: bool,
    lock_timeout: float | None,
    folder: Path | None,
    at: str | None,
    as_json: bool,
    time_limit: float | None,
    memory_limit: int | None,
) -> int:
    """Carry out what is due, and remember it. Run it as often as you like: nothing is done twice."""
    limited = time_limit is not None or memory_limit is not None
    if watched and (simulated or plan is not None or at is not None):
        raise click.UsageError("--watch follows the clock: leave --at, --plan and --simulate out")
    if watched and lock_timeout is not None:
        raise click.UsageError("--watch tries again by itself where the program is held: leave --lock-timeout out")
    limited = limited or lock_timeout is not None
    if simulated and (plan is not None or yes or accept_missing or catch_up or retry_in_doubt or limited):
        raise click.UsageError("--simulate has a ledger of its own: only --world, --at, --folder and --json go with it")
    if simulated:
        return _simulate(program, folder, at, as_json, world or "usual")
    if world is not None:
        raise click.UsageError("--world is about simulated people: it goes with --simulate only")
    if plan is not None and at is not None:
        raise click.UsageError("--plan acts as of the plan's moment: leave --at out")
    from mentorkit.running.asking import Consents

    consents = Consents(yes, accept_missing, catch_up, retry_in_doubt)
    if watched:
        return _watch(program, folder, consents, as_json, (time_limit, memory_limit))
    return _run(program, folder, at, plan, consents, as_json, (time_limit, memory_limit), lock_timeout or 0.0)


def _run(
    program: Path,
    folder: Path | None,
    at: str | None,
    plan: Path | None,
    consents: Consents,
    as_json: bool,
    limits: tuple[float | None, int | None],
    patience: float,
) -> int:
    from mentorkit.opening import open_program
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.presenting.next_steps import Caller
    from mentorkit.presenting.outcome import outcome_json, outcome_text
    from mentorkit.running.run_once import run_once
    from mentorkit.running.spending import spending

    opened = open_program(program, folder, at)
    with _progress() as advance:
        done = run_once(opened, consents, plan, advance, spending(*limits, quiet=as_json).effort, patience)
    print_diagnostics(done.diagnostics, as_json=as_json, notes=False)
    shown = str(opened.workspace.folder)
    if as_json:
        click.echo(json_text(outcome_json(done.plan, done.outcome, shown)))
    else:
        caller = Caller(str(program), str(folder or ""))
        people = opened.roster, done.history.numbers
        click.echo(outcome_text(opened.program, done.plan, done.outcome, shown, caller, *people))
    return done.outcome.exit_code


def _watch(
    program: Path, folder: Path | None, consents: Consents, as_json: bool, limits: tuple[float | None, int | None]
) -> int:
    from mentorkit.opening import Opened, open_program
    from mentorkit.presenting.watching import turn_printer
    from mentorkit.running.run_once import Done, run_once
    from mentorkit.running.spending import spending
    from mentorkit.running.watching import watch
    from mentorkit.workspace import workspace

    def run(opened: Opened, given: Consents) -> Done:
        with _progress() as advance:
            return run_once(opened, given, None, advance, spending(*limits, quiet=as_json).effort)

    tell = turn_printer(program, folder, as_json=as_json)
    watch(workspace(program, folder), lambda: open_program(program, folder), run, consents, tell)
    return 0


def _simulate(program: Path, folder: Path | None, at: str | None, as_json: bool, world: str) -> int:
    from mentorkit.opening import open_program
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.presenting.simulation import simulation_json, simulation_text
    from mentorkit.running.simulating import simulate
    from mentorkit.workspace import simulation_folder

    target = folder or simulation_folder(program)
    opened = open_program(program, at=at, from_its_start=True)
    with _progress() as advance:
        played = simulate(opened, target, advance, opened.at if at else None, world)
    print_diagnostics(opened.diagnostics + played.diagnostics, as_json=as_json, notes=False)
    if as_json:
        click.echo(json_text(simulation_json(opened.program, played, str(target))))
    else:
        click.echo(simulation_text(opened.program, played, str(target)))
    return 0


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows how much is done: a bar on a terminal, silence elsewhere."""
    with ExitStack() as stack:
        bars: list[Any] = []

        def advance(done: int, total: int) -> None:
            if not bars:
                bars.append(stack.enter_context(click.progressbar(length=total, label="delivering", file=sys.stderr)))
            bars[0].length = total
            bars[0].update(done - bars[0].pos)

        yield advance if sys.stderr.isatty() else lambda _done, _total: None
