"""The agendas of a series: a Markdown file per session, and beside it `NAME.<language>.md` in further languages."""

from __future__ import annotations

from attrs import evolve

from mentorkit.core.declaring.merging import Path
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import Agenda, is_language
from mentorkit.core.resolving.files import FoundText, Problems, ProgramFiles
from mentorkit.core.resolving.texts import check_inside


def resolve_agendas(folder: str, path: Path, files: ProgramFiles, problems: Problems) -> tuple[Agenda, ...]:
    """Return the agendas in a folder, in the order of their names, each with its translations.

    A translation that stands farther from the program than its agenda is left out: it is of another one, whose place
    the program's has taken.
    """
    if not check_inside(folder, path, problems):
        return ()
    folder = folder.rstrip("/")
    names = [name for name in files.names(folder) if name.endswith(".md")]
    if not names:
        problems.error(path, "agendas-missing", f'there are no Markdown files in "{folder}/"', "add one per session")
    translations: dict[str, list[Agenda]] = {}
    agendas: dict[str, Agenda] = {}
    for name in names:
        original, language = _original(name)
        translates = original in names
        if translates and not files.beside(f"{folder}/{name}", f"{folder}/{original}"):
            continue
        found = _read(f"{folder}/{name}", files, problems)
        if found is None:
            continue
        if translates:
            translations.setdefault(original, []).append(evolve(_agenda(found, name), language=language))
        else:
            agendas[name] = _agenda(found, name)
            _check_alone(folder, name, language, path, problems)
    return tuple(evolve(one, translations=tuple(translations.get(name, ()))) for name, one in agendas.items())


def _original(name: str) -> tuple[str, str]:
    """Return the name of the file that one may translate, and the language, both "" where it can be no translation."""
    stem, _, language = name.removesuffix(".md").rpartition(".")
    return (f"{stem}.md", language) if stem and is_language(language) else ("", "")


def _check_alone(folder: str, name: str, language: str, path: Path, problems: Problems) -> None:
    if len(language.partition("-")[0]) == 2:  # every language that people name so has a code of two letters
        original = _original(name)[0]
        told = f'"{folder}/{name}" looks like a translation, but there is no {original}: it counts as an agenda'
        problems.warning(path, "translation-alone", told, f"add {folder}/{original}, or give it another name")


def _read(name: str, files: ProgramFiles, problems: Problems) -> FoundText | None:
    try:
        return files.text(name)
    except ProgramError as problem:
        problems.placed(problem)
        return None


def _agenda(found: FoundText, name: str) -> Agenda:
    lines = (line for line in found.text.splitlines() if line.startswith("#"))
    title = next((line.lstrip("#").strip().rstrip("#").strip() for line in lines), name.removesuffix(".md"))
    return Agenda(found.shown, title, found.text)
