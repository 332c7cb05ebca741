"""Whether anything that a program is made of has changed on disk: its own folder, its templates, people and answers.

Files are looked at, not listened to: that works on network disks and in containers, too, and needs nothing from the
system. A file that is replaced, cut or touched has another stamp.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

DEEPEST = 3
"""How many folders below the program's own are looked at: messages, agendas and surveys lie in the first."""
MOST = 2000
"""How many files of a folder are looked at: a program that lies in somebody's home has too many around it."""
KINDS = (".toml", ".md", ".csv", ".tsv", ".xlsx", ".xls", ".ods", ".ics", ".eml", ".py")
"""What files of a folder are looked at, by how their names end: what programs are made of, and no log of ours."""
_OURS = (".run", ".sim")

Stamp = tuple[int, int, int]
"""Time of change in nanoseconds, size in bytes, and which file it is."""
Stamps = Mapping[Path, Stamp | None]
"""Files and their stamps; None: it is not there."""


def stamps(paths: Iterable[Path]) -> Stamps:
    """Return the stamps of files, and in folders of all that programs are made of."""
    return {file: _stamp(file) for path in paths for file in _files(path)}


def differ(before: Stamps, after: Stamps) -> bool:
    """Return whether a file has changed, come or gone."""
    return dict(before) != dict(after)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for number, file in enumerate(_below(path)):
        if number >= MOST:
            return
        yield file


def _below(folder: Path) -> Iterator[Path]:
    for inside, folders, files in os.walk(folder):
        depth = len(Path(inside).relative_to(folder).parts)
        folders[:] = sorted(one for one in folders if depth < DEEPEST and not _is_passed_over(one))
        yield from (Path(inside, one) for one in sorted(files) if one.endswith(KINDS) and not one.startswith("."))


def _is_passed_over(folder: str) -> bool:
    return folder.startswith(".") or folder.endswith(_OURS) or folder == "__pycache__"


def _stamp(file: Path) -> Stamp | None:
    try:
        facts = file.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino
