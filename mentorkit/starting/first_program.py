"""The first program file of somebody who starts: what they said, as commented TOML."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from attrs import field, frozen

from mentorkit.core.declaring.parameters import Parameter
from mentorkit.core.proposing import TakingPart
from mentorkit.starting.sheets import Source
from mentorkit.starting.toml_text import asleep, line, section, value_text

_GUIDE = "what it brings: `mentorkit templates show {}`"

_READ_ME = (
    "Whatever stands behind a # is a remark; where a remark is a line with a key in it, take the # away to use it.",
    "What this file does not say, the template does: `mentorkit show` prints all of it, `--origin` with its place.",
)

_CAMPAIGN = timedelta(weeks=6), timedelta(weeks=3)
"""How long before the start people are invited, and how long before it the sign-up closes."""

_LATER = "# Until you declare a channel, messages are delivered to files in the folder program.run/outbox."


@frozen
class Start:
    """Everything that a first program says.

    Attributes:
        extends: the template with its versions, or "": the model's default template fills in.
        weeks: how long it is; None: as long as the template says.
        recipes: what must be said of columns.
        sessions: how many there are; None: as many as the template says.
        rules: rules of the program's own, by name.
        words: what readers call the roles.
        remarks: lines that the file begins with.
        because: what is said above the model.
        settings: what the template lets a client set.
        parameters: those that are set.
        options: of the model.
        scope_options: of the scope around it.
    """

    name: str
    starts: date
    model: str
    sources: tuple[Source, ...]
    scope: str = ""
    extends: str = ""
    goals: tuple[str, ...] = ()
    weeks: int | None = None
    timezone: str = ""
    coordinator: str = ""
    sponsor: str = ""
    recipes: Mapping[str, object] = field(factory=dict)
    taking_part: TakingPart = field(factory=TakingPart)
    sessions: int | None = None
    rules: Mapping[str, Mapping[str, object]] = field(factory=dict)
    words: Mapping[str, str] = field(factory=dict)
    remarks: tuple[str, ...] = ()
    because: str = ""
    settings: tuple[Parameter, ...] = ()
    parameters: Mapping[str, object] = field(factory=dict)
    options: Mapping[str, object] = field(factory=dict)
    scope_options: Mapping[str, object] = field(factory=dict)


def program_text(start: Start, folder: Path | None) -> str:
    """Return the file; roster files are named as seen from `folder`, or in full where there is none."""
    return "\n\n".join(_parts(start, folder)) + "\n"


def _parts(start: Start, folder: Path | None) -> Iterator[str]:
    yield "\n".join(f"# {one}" for one in (*start.remarks, *_READ_ME))
    yield "\n".join(_head(start))
    yield section("[program]", _program(start))
    if start.settings:
        yield section("[parameters]", _parameters(start), "what the template lets you set")
    yield from _roster(start, folder)
    own = [line("use", start.model), *([line("options", start.options)] if start.options else [])]
    if start.scope:
        around = [line("use", start.scope), *([line("options", start.scope_options)] if start.scope_options else [])]
        yield section("[model]", around, f"{start.scope}: says which people may meet at all")
        yield section("[model.inner]", own, start.because)
    else:
        yield section("[model]", own, start.because)
    if start.sessions:
        yield section("[sessions]", [line("count", start.sessions, "as many as fit into the weeks")])
    for name, rule in start.rules.items():
        values = {key: _named(Path(str(value)), folder) if key == "file" else value for key, value in rule.items()}
        yield section(f"[matching.rules.{name}]", [line(key, value) for key, value in values.items()], "a hard rule")
    if start.words:
        lines = [line(role, word) for role, word in start.words.items()]
        yield section("[words]", lines, "what readers call the roles")
    yield _LATER


def _head(start: Start) -> Iterator[str]:
    yield line("format", 1)
    if start.extends:
        yield line("extends", start.extends, _GUIDE.format(start.extends.split()[0]))


def _program(start: Start) -> Iterator[str]:
    yield line("name", start.name, "as people read it in every message")
    yield line("starts", start.starts, "people are matched in the first run; sessions begin here")
    if start.weeks:
        yield line("length", f"{start.weeks} weeks")
    opens, closes = (start.starts - before for before in _CAMPAIGN)
    yield asleep(line("opens", opens, "with the next line: people are invited from this day on,"))
    yield asleep(line("signup_closes", closes, "and matched in the first run after this one"))
    if start.timezone:
        yield line("timezone", start.timezone, "for people without one of their own")
    else:
        yield asleep(line("timezone", "Europe/London", "for people without one of their own; else it is UTC"))
    if start.goals:
        yield line("goals", list(start.goals), "the report shows how each is met")
    if start.coordinator:
        yield line("coordinator", start.coordinator, "hears what needs a person")
    else:
        yield asleep(line("coordinator", "you@example.org", "hears what needs a person"))
    if start.sponsor:
        yield line("sponsor", start.sponsor, "hears what came of it")
    else:
        yield asleep(line("sponsor", "executive@example.org", "stands behind it, and hears what came of it"))


def _parameters(start: Start) -> Iterator[str]:
    for one in start.settings:
        if one.name in start.parameters:
            yield line(one.name, start.parameters[one.name], one.help)
        elif one.default is not None:
            yield asleep(line(one.name, one.default, one.help))


def _roster(start: Start, folder: Path | None) -> Iterator[str]:
    first = start.sources[0]
    if len(start.sources) == 1 and not (first.role and start.taking_part.by_source):
        lines = [line("file", _named(first.path, folder))]
        lines += [line("sheet", first.sheet)] if first.sheet else []
        yield section("[roster]", lines, "the people: one row for each; drop in a new export at any time")
    for source in start.sources if len(start.sources) > 1 or (first.role and start.taking_part.by_source) else ():
        lines = [line("file", _named(source.path, folder))]
        lines += [line("sheet", source.sheet)] if source.sheet else []
        lines += [line("role", source.role)] if source.role and start.taking_part.by_source else []
        yield section("[[roster.sources]]", lines)
    if start.recipes:
        lines = [line(column, recipe) for column, recipe in start.recipes.items()]
        yield section("[roster.columns]", lines, "our word for a column = their header, or how to make it")
    for role, conditions in start.taking_part.roles.items():
        said = "" if conditions else "everybody"
        yield section(f"[roster.roles.{role}]", [line(key, value) for key, value in conditions.items()], said)
    if start.taking_part.division and not start.taking_part.roles:
        yield asleep("\n".join(_division(start.taking_part.division)))


def _division(division: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Yield how levels divide people into roles, and how to say it otherwise."""
    yield "# Who takes part as what is told by their level. This is how it divides them; to draw the line elsewhere:"
    for role, conditions in division.items():
        yield f"[roster.roles.{role}]"
        yield from (line(key, value) for key, value in conditions.items())


def _named(path: Path, folder: Path | None) -> str:
    if folder is None:
        return str(path.absolute())
    absolute, start = path.absolute(), folder.absolute()
    return Path(os.path.relpath(absolute, start)).as_posix() if _near(absolute, start) else str(absolute)


def _near(path: Path, folder: Path) -> bool:
    """Return whether a path reads better from a folder than in full."""
    return not os.path.relpath(path, folder).startswith("../../..")


def said_of(recipe: object) -> str:
    """Return a recipe as a program file has it."""
    return value_text(recipe)
