"""Several messages to one person as one: a heading for each, one subject, one key for ever.

The key says which messages it is of: once it may have gone out, these stay together, whatever else falls due.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from attrs import evolve

from mentorkit.core.contracts import Outgoing

_LONGEST_SUBJECT = 120
_BEGINS, _ENDS = "<main", "</main>"


def bundle_key(keys: Sequence[str]) -> str:
    """Return the key of the message that these transmissions go out in, safe as a file name like theirs."""
    digest = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:10]
    return f"{keys[0]}.and-{len(keys) - 1}-more.{digest}"


def bundled(parts: Sequence[Outgoing], key: str) -> Outgoing:
    """Return one message of several to the same recipient, in their order."""
    first = parts[0]
    _, _, domain = first.message_id.rpartition("@")
    return evolve(
        first,
        key=key,
        message_id=f"{quote(key, safe='%')}@{domain}",
        subject=_subject([one.subject for one in parts]),
        text="\n\n".join(_section(one) for one in parts),
        html=_page(parts),
        attachments=tuple(attachment for one in parts for attachment in one.attachments),
    )


def _subject(subjects: Sequence[str]) -> str:
    """Return as many subjects as a line takes, and how many more there are."""
    shown = [subjects[0]]
    for one in subjects[1:]:
        if len(" · ".join([*shown, one])) > _LONGEST_SUBJECT:
            break
        shown.append(one)
    rest = len(subjects) - len(shown)
    return " · ".join(shown) + (f" (+{rest})" if rest else "")


def _section(one: Outgoing) -> str:
    return f"{one.subject}\n{'=' * len(one.subject)}\n\n{one.text.strip()}\n"


def _page(parts: Sequence[Outgoing]) -> str:
    """Return the first page with the insides of all; pages that are not ours as they are, one after the other."""
    if not all(_BEGINS in one.html and _ENDS in one.html for one in parts):
        return "\n".join(one.html for one in parts if one.html)
    head, _, rest = parts[0].html.partition(_BEGINS)
    tag = rest.partition(">")[0]
    tail = parts[0].html.rpartition(_ENDS)[2]
    inside = "<hr>\n".join(f"<h1>{escape(one.subject)}</h1>\n{_inside(one.html)}" for one in parts)
    return f"{head}{_BEGINS}{tag}>\n{inside}{_ENDS}{tail}"


def _inside(page: str) -> str:
    return page.partition(_BEGINS)[2].partition(">")[2].rpartition(_ENDS)[0].lstrip("\n")
