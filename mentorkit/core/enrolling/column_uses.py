"""Whether the roster has the columns that steps, sessions, messages, privacy and conditions name.

In the author's own file an absent column is an error; what a template names and this roster lacks is left out with a
note. What the matcher reads is there, or it is an error. Columns of criteria and rules are the business of
`mentorkit.core.matching.usability`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from attrs import NOTHING, asdict, evolve, fields, frozen, has

from mentorkit.core.conditions import Condition, Value, holds
from mentorkit.core.contracts import Matcher, MentoringModel, Scope
from mentorkit.core.contracts.preferences import choice_columns
from mentorkit.core.diagnostics import Diagnostic, error, note, suggestion, warning
from mentorkit.core.enrolling.columns import OUR_WORDS
from mentorkit.core.enrolling.recipes import folded
from mentorkit.core.moments import ANCHORS
from mentorkit.core.program import MAIN_SERIES, Program, Step
from mentorkit.core.roster import Roster

_ALWAYS = 10**6
_ANY_DAY = date(2000, 1, 1)


@frozen
class _AtHand:
    """The roster, the headers of its files, and who said what stands at a path: the author, or a template."""

    roster: Roster
    headers: tuple[str, ...]
    own: Callable[[tuple[str, ...]], bool]

    def near(self, column: str, *others: str) -> str:
        """Return the nearest column, header or other word as a question, or ""."""
        return suggestion(column, {*self.roster.columns, *self.headers, *others})

    def values(self, column: str) -> list[Value]:
        """Return the cells of a column that are not empty."""
        if column == "id":
            return [one.id for one in self.roster.people]
        return [value for one in self.roster.people if (value := one.values.get(column)) is not None]


def check_columns(
    program: Program,
    roster: Roster,
    headers: Iterable[str],
    own: Callable[[tuple[str, ...]], bool],
    matcher: Matcher | None = None,
    scope: Scope | None = None,
    model: MentoringModel | None = None,
) -> tuple[Program, tuple[Diagnostic, ...]]:
    """Return the program without the template's steps that hang on no column, and what is wrong with columns.

    Args:
        program: resolved.
        roster: its people, with the columns that were read.
        headers: all headers of its files, read or not.
        own: whether the author's own file, and no template, says what stands at a path.
        matcher: the one in use, to be asked for the columns that it reads.
        scope: likewise, where the model is narrowed by one.
        model: likewise.
    """
    hand = _AtHand(roster, tuple(headers), own)
    found: list[Diagnostic] = []
    timeline = tuple(step for step in program.timeline if _keeps_step(step, hand, found))
    found += _places(program, hand)
    found += _messages(program, hand)
    found += _audited(program, hand)
    found += _sensitive(program, hand)
    found += _bounds(program, hand)
    found += _of_matcher(program, hand, matcher)
    found += _of_scope(program, hand, scope)
    found += _of_model(program, hand, model)
    found += _of_channels(program, hand)
    return evolve(program, timeline=timeline), tuple(found)


def _keeps_step(step: Step, hand: _AtHand, found: list[Diagnostic]) -> bool:
    column = step.when.column
    path = ("surveys" if step.questions else "timeline", step.name, "when")
    if not column:
        return True
    if column in hand.roster.columns:
        values = hand.values(column)
        if values and not any(isinstance(value, date) for value in values):
            found.append(_no_dates(step, column, path))
        return True
    if not hand.own(path):
        message = f'the template\'s step "{step.name}" is left out: the roster has no column "{column}"'
        found.append(note("step-left-out", message, path=".".join(path)))
        return False
    message = f'"{step.name}" hangs on the column "{column}", which the roster does not have'
    found.append(error("column-missing", message, path=".".join(path), help=_another_anchor(column, hand)))
    return True


def _another_anchor(column: str, hand: _AtHand) -> str:
    dates = [word for word, kind in OUR_WORDS.items() if kind == "date"]
    if column in dates:
        return _add(column)
    return hand.near(column, *ANCHORS, *dates) or f"write {', '.join(ANCHORS)} or session N, or add the column"


def _add(column: str) -> str:
    return f'add the column, or say how to make it: [roster.columns] {column} = "their header"'


def _no_dates(step: Step, column: str, path: tuple[str, ...]) -> Diagnostic:
    return error(
        "column-not-dates",
        f'"{step.name}" hangs on the column "{column}", which holds no dates',
        path=".".join(path),
        help="name a column of dates, or say under [roster.columns] how its dates are written",
    )


def _places(program: Program, hand: _AtHand) -> Iterator[Diagnostic]:
    for series in program.series:
        column = series.place_column
        table = ("sessions",) if series.name == MAIN_SERIES else ("series", series.name)
        if column and column not in hand.roster.columns:
            yield _absent((*table, "place", "column"), f"the place of {series.name} is read from", column, hand)
        elif column and program.privacy.hides(column):
            message = f'invitations would show the column "{column}", which is sensitive'
            help_text = "read the place from another column"
            yield error("place-sensitive-column", message, path=".".join((*table, "place", "column")), help=help_text)


def _messages(program: Program, hand: _AtHand) -> Iterator[Diagnostic]:
    for column in program.message_columns:
        if column not in hand.roster.columns:
            yield _absent(("messages", "columns"), "messages may show", column, hand)


def _audited(program: Program, hand: _AtHand) -> Iterator[Diagnostic]:
    for column in program.matching.audit:
        if column not in hand.roster.columns:
            yield _absent(("matching", "audit"), "the audit compares people by", column, hand)


def _absent(path: tuple[str, ...], who: str, column: str, hand: _AtHand) -> Diagnostic:
    message = f'{who} the column "{column}", which the roster does not have'
    if not hand.own(path):
        return note("column-absent", message, path=".".join(path))
    return error("column-missing", message, path=".".join(path), help=hand.near(column) or _add(column))


def _sensitive(program: Program, hand: _AtHand) -> Iterator[Diagnostic]:
    path = ("privacy", "sensitive")
    known = {folded(one) for one in (*hand.headers, *hand.roster.columns)}
    for column in program.privacy.sensitive:
        if folded(column) in known:
            continue
        message = f'the column "{column}" is called sensitive, and the roster does not have it'
        if not hand.own(path):
            yield note("column-absent", message, path=".".join(path))
        elif near := hand.near(column):
            yield error("column-missing", message, path=".".join(path), help=near)
        else:
            yield warning("column-absent", message, path=".".join(path), help="correct the name, or take it out")


def _of_matcher(program: Program, hand: _AtHand, matcher: Matcher | None) -> Iterator[Diagnostic]:
    if matcher is None:
        return
    use = program.matching.matcher
    places = {column: path for path, _, columns in choice_columns(use.options) for column in columns}
    for column in dict.fromkeys(matcher.columns(use.options)):
        if column not in hand.roster.columns:
            path = ".".join(("matching", "options", *places.get(column, ())))
            message = f'the matcher "{use.name}" reads the column "{column}", which the roster does not have'
            help_text = hand.near(column) or _add(column)
            yield error("column-missing", message, path=path, help=help_text)


def _of_scope(program: Program, hand: _AtHand, scope: Scope | None) -> Iterator[Diagnostic]:
    use = program.model.scope
    if scope is None or use is None:
        return
    for column in dict.fromkeys(scope.columns(use.options)):
        if column not in hand.roster.columns:
            message = f'the scope "{use.name}" reads the column "{column}", which the roster does not have'
            help_text = hand.near(column) or _add(column)
            yield error("column-missing", message, path="model.use", help=help_text)


def _of_model(program: Program, hand: _AtHand, model: MentoringModel | None) -> Iterator[Diagnostic]:
    """Yield what is absent of the columns that a model's options name; those that it reads by itself may be absent."""
    use, below = program.model.use, ("inner", "options") if program.model.scope else ("options",)
    if model is None or use.options is None:
        return
    by_itself = model.columns(type(use.options)()) if _has_defaults(type(use.options)) else ()
    for column in dict.fromkeys(model.columns(use.options)):
        if column not in hand.roster.columns and column not in by_itself:
            yield _absent(
                ("model", *below, *_key_of(use.options, column)), f'the model "{use.name}" reads', column, hand
            )


def _of_channels(program: Program, hand: _AtHand) -> Iterator[Diagnostic]:
    for use in program.channels:
        for column in use.columns:
            if column not in hand.roster.columns:
                path = ("channels", use.name, *(_key_of(use.options, column) if has(type(use.options)) else ()))
                yield _absent(path, f'the channel "{use.name}" finds people by', column, hand)


def _has_defaults(options: type[Any]) -> bool:
    return has(options) and all(one.default is not NOTHING for one in fields(options))


def _key_of(options: Any, column: str) -> tuple[str, ...]:
    """Return the path to an option that names a column, as its value or as a key of a table."""
    for name, value in asdict(options, recurse=False).items():
        if value == column:
            return (name,)
        if isinstance(value, Mapping) and column in value:
            return (name, column)
    return ()


def _bounds(program: Program, hand: _AtHand) -> Iterator[Diagnostic]:
    """Yield an error for every bound that no cell of its column can be compared with."""
    for path, column, condition in _conditions(program):
        values = hand.values(column)
        for words, probes in _probes(condition):
            if values and not any(holds(probe, value, _ANY_DAY) for value in values for probe in probes):
                message = f'{path} asks for {words}, and no cell of the column "{column}" is one'
                help_text = "ask for texts, or say under [roster.columns] how the column is to be read"
                yield error("condition-unfit", message, path=path, help=help_text)


def _conditions(program: Program) -> Iterator[tuple[str, str, Condition]]:
    for column, condition in program.roster.eligible.items():
        yield f"roster.eligible.{column}", column, condition
    for role, conditions in program.roster.roles.items():
        for column, condition in conditions.items():
            yield f"roster.roles.{role}.{column}", column, condition
    for criterion in program.matching.criteria:
        for column, condition in criterion.only_if.items():
            yield f"matching.criteria.{criterion.name}.only_if.{column}", column, condition


def _probes(condition: Condition) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    """Yield what a condition compares with, in words, with conditions of which every comparable cell meets one."""
    bounds = [bound for bound in (condition.at_least, condition.at_most) if bound is not None]
    if bounds:
        words = "dates" if isinstance(bounds[0], date) else "numbers"
        yield words, (Condition(at_least=bounds[0]), Condition(at_most=bounds[0]))
    elif condition.within_days is not None or condition.longer_ago_days is not None:
        yield "dates", (Condition(within_days=_ALWAYS),)
