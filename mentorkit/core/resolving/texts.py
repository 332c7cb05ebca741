"""The messages of a program in all their variants."""

from __future__ import annotations

import re
from collections.abc import Collection

from attrs import evolve

from mentorkit.core.declaring.merging import Path
from mentorkit.core.declaring.structuring import Misfit
from mentorkit.core.diagnostics import Diagnostic, error, suggestion, warning
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import MessageSet, MessageText, is_language
from mentorkit.core.resolving.files import FoundText, Problems, ProgramFiles

_KEY = re.compile(r"([A-Za-z_]+)\s*:\s*(.*?)\s*")


def is_inside(name: str) -> bool:
    """Return whether a relative path stays in its folder."""
    parts = name.split("/")
    return bool(name) and not name.startswith("/") and "\\" not in name and "\0" not in name and ".." not in parts


def check_inside(name: str, path: Path, problems: Problems) -> bool:
    """Return whether a relative path stays in its folder, and tell where it does not."""
    if not is_inside(name):
        told = f'"{name}" leads out of the folder'
        problems.error(path, "outside-folder", told, "use a path inside the program's folder, with /")
        return False
    return True


def resolve_message(
    name: str, path: Path, readers: Collection[str], files: ProgramFiles, problems: Problems
) -> MessageSet:
    """Return all variants of a message.

    Args:
        name: as declared, `messages/x`.
        path: where it is declared.
        readers: every word a variant may be for.
        files: where its texts are.
        problems: takes what is wrong.
    """
    if not check_inside(name, path, problems):
        return MessageSet(name, ())
    folder, _, stem = name.removesuffix(".md").rpartition("/")
    texts: list[MessageText] = []
    names = [one for one in files.names(folder) if one.startswith(f"{stem}.") and one.endswith(".md")]
    for file in names:
        try:
            texts.append(_variant(files.text(f"{folder}/{file}" if folder else file), stem, readers, problems))
        except ProgramError as problem:
            problems.placed(problem)
    if not names:
        stems = {one.removesuffix(".md").partition(".")[0] for one in files.names(folder) if one.endswith(".md")}
        near = suggestion(stem, stems) or f"add {folder}/{stem}.md".replace(" /", " ")
        problems.error(path, "message-missing", f'there is no message "{name}"', near)
    return MessageSet(name.removesuffix(".md"), tuple(texts))


def _variant(found: FoundText, stem: str, readers: Collection[str], problems: Problems) -> MessageText:
    middle = found.shown.rpartition("/")[2].removeprefix(f"{stem}.").removesuffix("md").rstrip(".")
    role, language = "", ""
    for word in filter(None, middle.split(".")):
        if word in readers and not role and not language:
            role = word
        elif is_language(word) and not language:
            language = word
        else:
            raise ProgramError([_unknown_variant(found.shown, word, readers)])
    return evolve(_parsed(found, problems), role=role, language=language)


def _unknown_variant(shown: str, word: str, readers: Collection[str]) -> Diagnostic:
    told = f'"{word}" in the name of {shown} is neither a role nor a language'
    hint = suggestion(word, readers) or "name messages x.ROLE.LANGUAGE.md, x.ROLE.md, x.LANGUAGE.md or x.md"
    return error("message-variant", told, help=hint).at(shown)


def _parsed(found: FoundText, problems: Problems) -> MessageText:
    lines = found.text.replace("\r\n", "\n").split("\n")
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if lines[0].strip() != "---" or end is None:
        told = "the message does not begin with its subject"
        hint = "begin the file with three lines: ---, subject: …, ---"
        raise ProgramError([error("message-subject", told, help=hint).at(found.shown, 1, 1, lines[0])])
    subject, line = "", 1
    for number, text in enumerate(lines[1:end], 2):
        key, value = _front_matter(found, number, text)
        if key:
            subject, line = value, number
    if not subject:
        raise ProgramError([error("message-subject", "the message has no subject").at(found.shown, 1, 1, lines[0])])
    body = "\n".join(lines[end + 1 :])
    if not body.strip():
        empty = warning("message-empty", "the message has a subject, but no text").at(found.shown, end + 2)
        problems.found.append(Misfit((), empty))
    return MessageText(found.shown, "", "", subject, body, end + 2, line)


def _front_matter(found: FoundText, number: int, text: str) -> tuple[str, str]:
    if not text.strip() or text.lstrip().startswith("#"):
        return "", ""
    match = _KEY.fullmatch(text)
    if match is None or match[1] != "subject":
        told = f'"{match[1] if match else text.strip()}" is not known at the top of a message'
        raise ProgramError([error("message-subject", told, help="write subject: …").at(found.shown, number, 1, text)])
    value = match[2]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return "subject", value
