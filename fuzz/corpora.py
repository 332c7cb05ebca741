"""What fuzzing begins with: small files, real ones and hostile ones, and every file that once was a finding."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from fuzz.target import Target

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "fuzz" / "corpus"
CRASHES = ROOT / "fuzz" / "crashes"


def files_of(target: Target) -> tuple[Path, ...]:
    """Return the files a target begins with: its corpus, and its seeds elsewhere that are not too long."""
    found = [path for path in sorted((CORPUS / target.name).glob("*")) if path.is_file()]
    found += [path for pattern in target.seeds for path in sorted(ROOT.glob(pattern)) if _is_short(path, target)]
    return tuple(found)


def inputs_of(target: Target) -> Iterator[tuple[str, bytes]]:
    """Yield the empty file, then every file a target begins with: its path below the repository, and its bytes."""
    yield "nothing", b""
    for path in files_of(target):
        yield str(path.relative_to(ROOT)), path.read_bytes()


def _is_short(path: Path, target: Target) -> bool:
    return path.is_file() and path.stat().st_size <= target.longest


def saved(target: str, data: bytes, folder: Path = CRASHES) -> Path:
    """Write an input that is a finding, and return its file; the same bytes are the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{target}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return path
