"""Files that mentorkit saved, with values exchanged; and changes of bytes in a ledger."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from fuzz.corpora import CORPUS
from fuzz.desk_files import the_plan
from fuzz.structures.words import odd_text
from mentorkit.running.saved_plans import dump_plan

_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), odd_text, st.just("\ud800")),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(odd_text, inner, max_size=2),
    max_leaves=4,
)


@lru_cache(maxsize=2)
def _document(kind: str) -> Any:
    if kind == "plan":
        return json.loads(dump_plan(the_plan()))
    return json.loads((CORPUS / "saved_matching" / "the-matching.json").read_text(encoding="utf-8"))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*path, key)
        yield from _paths(member, (*path, key))


@st.composite
def _edited(draw: st.DrawFn, kind: str) -> bytes:
    """Return a saved document in which some values are others, twice there, or gone."""
    document = copy.deepcopy(_document(kind))
    for _ in range(draw(st.integers(0, 3))):
        paths = list(_paths(document))
        if paths:
            _edit(
                document,
                draw(st.sampled_from(paths)),
                draw(st.sampled_from(["other", "other", "gone", "twice"])),
                draw(_values),
            )
    return json.dumps(document, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


def _edit(document: Any, path: tuple[Any, ...], how: str, value: Any) -> None:
    *around, key = path
    for step in around:
        document = document[step]
    if how == "gone":
        del document[key]
    elif how == "twice" and isinstance(document, list):
        document.append(document[key])
    else:
        document[key] = value


plans: st.SearchStrategy[bytes] = _edited("plan")
matchings: st.SearchStrategy[bytes] = _edited("matching")
marks: st.SearchStrategy[bytes] = st.fixed_dictionaries(
    {
        "ledger": st.just("l") | _values,
        "number": st.integers(0, 9) | _values,
        "hash": st.just("00ff") | _values,
        "left_machine": st.booleans() | _values,
    },
    optional={"place": st.just("/x/ledger.sqlite") | _values},
).map(lambda one: json.dumps(one).encode())
_places = st.one_of(st.binary(min_size=3, max_size=3), st.integers(0, 200).map(lambda low: bytes((0, 0, low))))
changes: st.SearchStrategy[bytes] = st.lists(
    st.builds(lambda place, change: place + bytes([change]), _places, st.integers(1, 255)), min_size=1, max_size=12
).map(b"".join)
