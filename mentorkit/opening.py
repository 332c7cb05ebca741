"""From a path on the command line to everything a command works on, with every problem of the inputs at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from attrs import frozen

from mentorkit import clock
from mentorkit.answers import read_told
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.cautioning import cautions
from mentorkit.core.contracts import Role
from mentorkit.core.declaring.merging import spot_of
from mentorkit.core.diagnostics import Diagnostic, as_warning, errors_in
from mentorkit.core.enrolling.column_uses import check_columns
from mentorkit.core.errors import ProgramError, RefusedError
from mentorkit.core.happenings import Told
from mentorkit.core.history import History
from mentorkit.core.matching.posing import posed
from mentorkit.core.matching.usability import usable
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.zones import day_end, to_local
from mentorkit.incoming_mail import Bounced
from mentorkit.loading.loader import Loaded, load_program
from mentorkit.loading.requirements import named_plugins
from mentorkit.messages import check_messages
from mentorkit.plugin_loading import build_catalogue
from mentorkit.roster_files import RosterReading, read_roster
from mentorkit.workspace import Workspace, workspace


@frozen
class Opened:
    """A program, ready to work on: nothing in it is an error.

    Attributes:
        at: the moment the command acts as of, UTC, aware.
        roles: the model's roles, in its order.
        told: what the answers files say happened until then.
        diagnostics: warnings and notes.
        bounced: messages that have come back, as folders of mail say.
    """

    workspace: Workspace
    loaded: Loaded
    program: Program
    roster: Roster
    catalogue: Catalogue
    roles: tuple[Role, ...]
    at: datetime
    diagnostics: tuple[Diagnostic, ...]
    told: tuple[Told, ...] = ()
    bounced: tuple[Bounced, ...] = ()

    def placed(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return diagnostics with the places of the program's keys; those that have a place keep it."""
        return tuple(one if one.file else self.loaded.placed(one) for one in diagnostics)


@contextmanager
def placing(opened: Opened) -> Iterator[None]:
    """Give problems that are raised in the block the places of the program's keys."""
    try:
        yield
    except ProgramError as problem:
        raise ProgramError(opened.placed(problem.diagnostics)) from None


def load(places: Workspace) -> Loaded:
    """Load the program of a workspace, by the template its run folder keeps where there is one.

    Where the program says which plugins it requires, no others are imported.
    """
    kept = places.kept_template
    named = named_plugins(places.program_file)
    catalogue = build_catalogue() if named is None else build_catalogue(named=named)
    return load_program(places.program_file, catalogue, kept=kept if kept.is_dir() else None)


def open_program(
    file: Path,
    folder: Path | None = None,
    at: str | None = None,
    *,
    strict_answers: bool = False,
    will_match: bool = False,
    from_its_start: bool = False,
) -> Opened:
    """Load a program and its people and check all there is to check.

    A row of an answers file that cannot be taken is a warning, so that one slip does not stop everybody's mail: it is
    named again and again, and waits in its file. With `strict_answers` it is an error. Whoever `will_match` hears then
    what speaks against matching; here it is only looked for beside other errors, so that all are told at once. Without
    `at`, the moment is now, or the beginning of the program's first day where it is to be opened `from_its_start`.

    Raises:
        ProgramError: the inputs have problems; it carries all of them.
        PluginError: a plugin is broken.
        RefusedError: `at` is no moment, or the file no program file.
    """
    places = workspace(file, folder)
    loaded = load(places)
    program = loaded.program or loaded.partial
    if program is None:
        raise ProgramError(loaded.diagnostics)
    begins = first_day_begins(program) if from_its_start else None
    moment = clock.parse_moment(at, program.timezone) if at else begins or clock.now()
    return with_people(places, loaded, program, moment, strict_answers=strict_answers, will_match=will_match)


def first_day_begins(program: Program) -> datetime:
    """Return the beginning of the first day on which anything of a program happens, UTC, aware."""
    first = min(day for day in (program.opens, program.signup_closes, program.starts) if day is not None)
    return day_end(first - timedelta(days=1), program.timezone)


def with_people(
    places: Workspace,
    loaded: Loaded,
    program: Program,
    moment: datetime,
    *,
    strict_answers: bool = False,
    will_match: bool = False,
) -> Opened:
    """Read people and answers of a loaded program, check messages and columns, and pose what there is to match.

    Raises:
        ProgramError: there are problems; it carries those of the program, too.
    """
    catalogue, today = loaded.catalogue, to_local(moment, program.timezone).date()
    matched = _was_matched(places.ledger)
    reading = read_roster(program, catalogue, today=today, matched=matched)
    settled, found = _with_columns(loaded, program, reading)
    roles = program.model.roles
    if loaded.program and reading.columns_known and not errors_in(reading.diagnostics):
        found += cautions(settled, reading.roster, catalogue, today)
    found += check_messages(settled, roles, reading.roster)
    answers = read_told(program.answers, program, reading.roster, moment)
    told = answers.diagnostics if strict_answers else tuple(map(as_warning, answers.diagnostics))
    later = will_match and not errors_in((*loaded.diagnostics, *found, *told))
    if loaded.program and not matched and not later and not errors_in(reading.diagnostics):
        found += posed(settled, reading.roster, catalogue, History(), on=today, at=moment).diagnostics
    found = loaded.diagnostics + tuple(map(loaded.placed, reading.diagnostics + told + found))
    if errors_in(found):
        raise ProgramError(found)
    return Opened(
        places, loaded, settled, reading.roster, catalogue, roles, moment, found, answers.told, answers.bounced
    )


def _with_columns(loaded: Loaded, program: Program, reading: RosterReading) -> tuple[Program, tuple[Diagnostic, ...]]:
    """Return the program without what a template offers and the roster has no columns for, and what to say of it."""
    if not reading.columns_known:
        return program, ()
    people, headers = reading.roster, reading.headers
    program, of_pairs = usable(program, people, loaded.catalogue, headers)
    offered = loaded.catalogue.matchers.get(program.matching.matcher.name)
    matcher = offered.implementation if offered else None
    narrowing = loaded.catalogue.scopes.get(program.model.scope.name) if program.model.scope else None
    scope = narrowing.implementation if narrowing else None
    modeling = loaded.catalogue.models.get(program.model.use.name)
    model = modeling.implementation if modeling else None
    program, of_others = check_columns(
        program, people, headers, lambda path: spot_of(loaded.tree, path).layer == 0, matcher, scope, model
    )
    return program, of_pairs + of_others


def _was_matched(ledger: Path) -> bool:
    """Return whether relationships are published, which nothing but an event changes.

    A ledger that cannot be read is for the commands to refuse that need it.
    """
    if not ledger.exists():
        return False
    from mentorkit.ledger import open_ledger  # a database library comes with it

    try:
        with open_ledger(ledger) as known:
            return known.was_matched()
    except RefusedError:
        return True
