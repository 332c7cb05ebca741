"""`mentorkit plan`: what a run would do now, and what comes later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, limit_options, program_argument

if TYPE_CHECKING:  # what a command needs, it loads when it runs: `--help` answers at once
    from mentorkit.core.planning.consents import ConsentNeeded
    from mentorkit.core.planning.deciding import PlanResult
    from mentorkit.core.planning.workload import Workload


@click.command("plan")
@program_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Save the plan, for `run --plan FILE`.",
)
@click.option("--all", "everything", is_flag=True, help="Show long lists whole.")
@limit_options
@folder_option
@at_option
@json_option
def command(
    program: Path,
    out: Path | None,
    everything: bool,
    folder: Path | None,
    at: str | None,
    as_json: bool,
    time_limit: float | None,
    memory_limit: int | None,
) -> None:
    """Say what a run would do now and what comes later, with the messages and hours it means per person."""
    from mentorkit.command_line.audits import audits
    from mentorkit.core.diagnostics import errors_in
    from mentorkit.core.errors import ProgramError
    from mentorkit.core.planning.consents import consents_needed
    from mentorkit.core.planning.deciding import make_plan
    from mentorkit.core.planning.workload import workload
    from mentorkit.core.standing import standing
    from mentorkit.core.zones import to_local
    from mentorkit.durable_files import write_whole
    from mentorkit.guarding.ledger_guard import misgivings
    from mentorkit.ledger import read_history
    from mentorkit.opening import open_program, placing
    from mentorkit.presenting.audit import audit_json, audit_text
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.presenting.next_steps import Caller
    from mentorkit.presenting.plan_text import consents_text, plan_text, workload_text
    from mentorkit.running.replacing import check_replaceable
    from mentorkit.running.saved_plans import KEYS, dump_plan
    from mentorkit.running.spending import spending

    opened = open_program(program, folder, at)
    if out is not None:
        check_replaceable(out, "plan", KEYS)
    history = read_history(opened.workspace.ledger)
    effort = spending(time_limit, memory_limit, quiet=as_json).effort()
    with placing(opened):
        result = make_plan(opened.program, opened.roster, opened.catalogue, history, opened.at, opened.told, effort)
    found = opened.diagnostics + opened.placed(result.diagnostics) + misgivings(opened.workspace, history.ledger_id)
    if errors_in(found):
        raise ProgramError(found)
    today = to_local(opened.at, opened.program.timezone).date()
    load = workload(opened.program, result.plan, result.history, standing(opened.roster, result.history, today).left)
    if out is not None:
        write_whole(out, dump_plan(result.plan).encode())
    print_diagnostics(found, as_json=as_json, notes=False)
    needed = consents_needed(opened.program, result)
    compared = audits(opened, result.plan.matching) if result.plan.matching else ()
    if as_json:
        audit = {"audit": [audit_json(one) for one in compared]} if compared else {}
        click.echo(json.dumps(_document(result, load, needed) | audit, ensure_ascii=False, indent=2))
        return
    caller = Caller(str(program), str(folder or ""))
    click.echo(plan_text(result.plan, opened.program, opened.roles, opened.roster, history, caller, everything))
    for one in compared:
        click.echo("\n" + audit_text(one))
    if needed:
        click.echo("\n" + consents_text(needed))
    if load.messages or load.minutes:
        click.echo("\n" + workload_text(load, opened.roster))
    if out is not None:
        again = caller.command(("run", "--plan", str(out)))
        click.echo(f"\nSaved to {out}: carry it out within 24 hours by `{again}`.")


def _document(result: PlanResult, load: Workload, needed: Sequence[ConsentNeeded]) -> dict[str, Any]:
    from mentorkit.running.saved_plans import dump_plan

    document: dict[str, Any] = json.loads(dump_plan(result.plan))
    document["missing"] = list(result.missing)
    document["consents"] = [{"flag": one.flag, "reason": one.reason} for one in needed]
    document["workload"] = [
        {"id": person, "messages": one.messages, "hours": round(one.hours, 2)} for person, one in load.people.items()
    ]
    return document
