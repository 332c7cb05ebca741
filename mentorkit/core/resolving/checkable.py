"""What can still be held against people and messages of a program that has errors."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.program import Program, Use

_OF_PEOPLE = ("roster", "model", "plugins", "extends")
_OF_MESSAGES = ("contacts", "messages", "words", "sessions", "series", "program.coordinator", "program.sponsor")


def checkable(program: Program, catalogue: Catalogue, found: Iterable[Diagnostic]) -> Program | None:
    """Return a program without its broken parts, or None where what is wrong decides how people are read.

    It is fit for checking, never for use: what is left out only spares its readers problems that follow from others.
    """
    paths = [one.path for one in found if one.is_error]
    if _touches(paths, _OF_PEOPLE) or not all(source.path for source in program.roster.sources):
        return None
    use = program.matching.matcher
    offered = catalogue.matchers.get(use.name)
    matching = evolve(
        program.matching,
        matcher=Use("") if offered is None or _lacks_options(use.options, offered.implementation) else use,
        criteria=tuple(
            use
            for use in program.matching.criteria
            if use.left and use.right and not _lacks_options(use.options, catalogue.criteria[use.kind].implementation)
        ),
        rules=tuple(
            use
            for use in program.matching.rules
            if not _lacks_options(use.options, catalogue.rules[use.kind].implementation)
        ),
    )
    readable = not _touches(paths, _OF_MESSAGES)
    timeline = tuple(step for step in program.timeline if readable and step.message.texts)
    return evolve(program, matching=matching, timeline=timeline)


def _touches(paths: Iterable[str], parts: tuple[str, ...]) -> bool:
    return any(path == part or path.startswith((f"{part}.", f"{part}[")) for path in paths for part in parts)


def _lacks_options(options: object, plugin: object) -> bool:
    return options is None and getattr(plugin, "options", None) is not None
