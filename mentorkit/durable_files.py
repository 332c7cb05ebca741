"""Files that are there whole or not at all, and private folders."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make a folder, and what is missing above it, that only its owner may enter, whatever the umask says."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700)
        one.chmod(0o700)
        sync_folder(one.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: bytes | Iterable[bytes], *, mode: int = 0o600) -> None:
    """Replace a file in one step: a reader, or a crash at any instant, finds the old content or the new.

    Content may come in pieces, which are not kept.

    The half-written file is `.NAME.new` beside it; there is one writer at a time.

    Raises:
        OSError: it cannot be written; names `path`.
    """
    try:
        _replace(path, [content] if isinstance(content, bytes) else content, mode)
    except OSError as problem:
        problem.filename = os.fspath(path)  # what the caller knows; a full disk names no file at all
        raise


def _replace(path: Path, pieces: Iterable[bytes], mode: int) -> None:
    half = path.with_name(f".{path.name}.new")
    half.unlink(missing_ok=True)  # left by a crash; or a link, through which something else would be written over
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.writelines(pieces)
        file.flush()
        os.fsync(descriptor)
    half.replace(path)
    sync_folder(path.parent)
