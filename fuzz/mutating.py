"""Makes other bytes of some: flips, cuts, repeats and joins; in archives also inside of their members.

Everything is decided by the source of chance that is given: the same seed makes the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from random import Random

_ODD = (
    *(b"\x00", b"\xff", b"\r", b"\n", b"\r\n", b'"', b"'", b"\\", b",", b";", b"\t", b"=", b"[", b"]", b"{", b"}"),
    *(b"-1", b"0", b"1e999", b"9" * 40, b"2147483648", b"0001-01-01", b"9999-12-31", b"2027-02-29", b"24:00"),
    *("\u202e\u2028\ufeff\u0130\ud7ff".encode(), "e\u0301".encode(), b"\xed\xa0\x80", b"\xc3", b"{{", b"{%", b"%}"),
)
"""What parsers trip over."""
MOST_CHANGES = 6
_EDITED = (".xml", ".rels")


def mutated(data: bytes, chance: Random, longest: int, words: Sequence[bytes] = ()) -> bytes:
    """Return other bytes, at most `longest`."""
    found = bytearray(data)
    for _ in range(chance.randint(1, MOST_CHANGES)):
        change = chance.choice(_CHANGES)
        change(found, chance, (*_ODD, *words))
    return bytes(found[:longest])


def crossed(first: bytes, second: bytes, chance: Random, longest: int) -> bytes:
    """Return the beginning of one and the end of another."""
    return (first[: chance.randint(0, len(first))] + second[chance.randint(0, len(second)) :])[:longest]


def mutated_archive(data: bytes, chance: Random, longest: int) -> bytes:
    """Return another archive: with a member changed inside, left out or there twice; sometimes with bytes changed."""
    members = _members(data)
    if not members or chance.random() < 0.2:
        return mutated(data, chance, longest)
    for _ in range(chance.randint(1, 3)):
        name = chance.choice([one for one in members if one.endswith(_EDITED)] or list(members))
        members[name] = mutated(members[name], chance, len(members[name]) + 4096)
    if chance.random() < 0.1:
        members.pop(chance.choice(list(members)))
    return _packed(members, chance)[:longest]


def mutated_archive_or_text(data: bytes, chance: Random, longest: int) -> bytes:
    """Return another archive of an archive, other bytes of anything else."""
    return (mutated_archive if data.startswith(b"PK") else mutated)(data, chance, longest)


def _members(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {one.filename: archive.read(one) for one in archive.infolist() if one.file_size < 2**20}
    except Exception:  # whatever unpacking raises, it is no archive to change the inside of
        return {}


def _packed(members: dict[str, bytes], chance: Random) -> bytes:
    packed = io.BytesIO()
    how = zipfile.ZIP_STORED if chance.random() < 0.5 else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return packed.getvalue()


def _place(found: bytearray, chance: Random) -> int:
    return chance.randint(0, len(found))


def _span(found: bytearray, chance: Random) -> tuple[int, int]:
    begin = _place(found, chance)
    return begin, min(len(found), begin + 1 + int(chance.expovariate(1 / 12)))


def _flip(found: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    if found:
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)


def _replace(found: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    if found:
        found[chance.randrange(len(found))] = chance.randrange(256)


def _cut(found: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    begin, end = _span(found, chance)
    del found[begin:end]


def _repeat(found: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    begin, end = _span(found, chance)
    found[begin:begin] = found[begin:end] * chance.choice((1, 1, 2, 3, 40))


def _move(found: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    begin, end = _span(found, chance)
    piece = found[begin:end]
    del found[begin:end]
    place = _place(found, chance)
    found[place:place] = piece


def _insert(found: bytearray, chance: Random, words: Sequence[bytes]) -> None:
    place = _place(found, chance)
    found[place:place] = chance.choice(words)


def _overwrite(found: bytearray, chance: Random, words: Sequence[bytes]) -> None:
    place, word = _place(found, chance), chance.choice(words)
    found[place : place + len(word)] = word


def _line(found: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    """Leave a line out, write it twice, or put it elsewhere."""
    lines = found.split(b"\n")
    taken = lines.pop(chance.randrange(len(lines)))
    for _again in range(chance.randrange(3)):
        lines.insert(chance.randint(0, len(lines)), taken)
    found[:] = b"\n".join(lines)


def _end(found: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    del found[_place(found, chance) :]


_CHANGES: tuple[Callable[[bytearray, Random, Sequence[bytes]], None], ...] = (
    *(_flip, _replace, _cut, _repeat, _move, _insert, _insert, _overwrite, _line, _line, _end),
)
