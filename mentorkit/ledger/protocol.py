"""The two marks: how a transmission passes from due to sent so that nothing is lost and nothing is sent twice.

    due ─claim─▶ claimed ─mark─▶ at_risk ─settle─▶ sent | failed | deferred | in_doubt

`claimed` is the first mark: somebody prepares it, and nothing that cannot be undone has been done. `at_risk` is the
second, on disk before the step that cannot be undone. Both are compare-and-set on state and owner: whoever wrongly
believes to be alone finds zero rows changed, and stops. See docs/explanation/reliability.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from mentorkit.core.contracts import Receipt
from mentorkit.core.deliveries import State
from mentorkit.ledger import logbook
from mentorkit.ledger.logbook import Entry
from mentorkit.ledger.reading import portions
from mentorkit.ledger.schema import meta, moment_text, refusals, transmissions, unreachable

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
MOST_HEEDED = timedelta(days=1)
"""Who asks for a longer pause than that has something else in mind than the next attempt."""

HELD = "an earlier attempt may have arrived, and it is too late to repeat it without harm"

_DOUBTFUL = func.coalesce(transmissions.c.doubt_since, transmissions.c.marked_at)
"""Since when there is doubt about an attempt of which nobody hears: since its mark, or an earlier one's."""

_SETTLED: dict[str, State] = {"sent": "sent", "failed": "failed", "deferred": "deferred", "unknown": "in_doubt"}


def waiting(at: datetime) -> ColumnElement[bool]:
    """Return the condition of what may be sent at this moment."""
    state, not_before = transmissions.c.state, transmissions.c.not_before
    return or_(state == "due", and_(state == "deferred", or_(not_before.is_(None), not_before <= at)))


def keys_waiting(connection: Connection, at: datetime, but: Collection[str] = ()) -> tuple[str, ...]:
    """Return the keys of what may be sent at this moment, oldest first, except those named."""
    found = select(transmissions.c.key).where(waiting(at)).order_by(transmissions.c.due, transmissions.c.key)
    return tuple(key for key in connection.execute(found).scalars() if key not in but)


def claim(connection: Connection, ledger: str, owner: str, keys: Sequence[str], at: datetime) -> tuple[str, ...]:
    """Take those of these transmissions that wait; return their keys, oldest first."""
    taken = [
        row
        for part in portions(keys)
        for row in connection.execute(
            select(transmissions.c.key, transmissions.c.state, transmissions.c.due).where(
                waiting(at), transmissions.c.key.in_(part)
            )
        )
    ]
    taken.sort(key=lambda row: (row.due, row.key))
    found = [row.key for row in taken]
    values = {"owner": owner, "attempts": transmissions.c.attempts + 1, "not_before": None}
    _change(connection, found, "claimed", at, values)
    _log(connection, ledger, at, ((row.key, row.state) for row in taken), "claimed")
    return tuple(found)


def mark_at_risk(
    connection: Connection, ledger: str, owner: str, key: str, channel: str, at: datetime, kind: str, now: datetime
) -> bool:
    """Set the second mark, with the channel that it is about to go by; False: it is not ours any more, do not send."""
    mine = and_(transmissions.c.state == "claimed", transmissions.c.owner == owner)
    if not _change(connection, [key], "at_risk", at, {"channel": channel, "kind": kind, "marked_at": now}, mine):
        return False
    _log(connection, ledger, at, [(key, "claimed")], "at_risk")
    return True


def mark_all_at_risk(
    connection: Connection, ledger: str, owner: str, keys: Sequence[str], values: dict[str, Any], at: datetime
) -> bool:
    """Set the second mark on all of these, or on none: what goes out as one message, or in one go; False: on none."""
    mine = and_(transmissions.c.state == "claimed", transmissions.c.owner == owner)
    ours = sum(
        len(connection.execute(select(transmissions.c.key).where(mine, transmissions.c.key.in_(part))).all())
        for part in portions(keys)
    )
    if ours != len(keys):
        return False
    _change(connection, keys, "at_risk", at, values, mine)
    _log(connection, ledger, at, ((key, "claimed") for key in keys), "at_risk")
    return True


def settle_all(
    connection: Connection,
    ledger: str,
    owner: str,
    receipts: Mapping[str, Receipt],
    at: datetime,
    address: str,
    repeat: bool,
) -> frozenset[str]:
    """Write what became of several under the second mark at once; return the keys of those that are still ours."""
    told = receipts.items()
    settled = (key for key, one in told if settle(connection, ledger, owner, key, one, at, address, repeat))
    return frozenset(settled)


def pass_on_all(
    connection: Connection,
    ledger: str,
    owner: str,
    keys: Sequence[str],
    receipt: Receipt,
    at: datetime,
    address: str,
) -> bool:
    """Do for all of one message what `pass_on` does; False: one of them at least is not ours any more."""
    passed = [key for key in keys if pass_on(connection, ledger, owner, key, receipt, at, address)]
    return len(passed) == len(keys)


def settle(
    connection: Connection,
    ledger: str,
    owner: str,
    key: str,
    receipt: Receipt,
    at: datetime,
    address: str,
    repeat: bool,
) -> bool:
    """Write what became of a transmission under the second mark; False: it is not ours any more.

    A late acknowledgment still counts: what was taken to be in doubt meanwhile becomes sent. `address` is the digest
    of where it was to go, for a receipt that says that nobody is there. `repeat`: what is unknown is to be repeated.
    """
    row = _under_second_mark(connection, owner, key, ("at_risk", "in_doubt"))
    if row is None:
        return False
    unknown = receipt.outcome == "unknown"
    state: State = "deferred" if unknown and repeat else _SETTLED[receipt.outcome]
    if state == "failed":
        _note_refusal(connection, ledger, row, receipt, at, address)
    values: dict[str, Any] = {"detail": without_addresses(receipt.detail)}
    if unknown:
        values["doubt_since"] = _DOUBTFUL
    elif state != "deferred" or (row.state == "in_doubt" and row.doubt_since == row.marked_at):
        values["doubt_since"] = None  # what was not delivered now may still have been by an earlier attempt
    if state == "deferred":
        values["not_before"] = at + _pause(receipt.retry_after, row.attempts)
    _change(connection, [key], state, at, values)
    _log(connection, ledger, at, [(key, row.state)], state)
    return True


def pass_on(
    connection: Connection, ledger: str, owner: str, key: str, receipt: Receipt, at: datetime, address: str
) -> bool:
    """Write that a channel has refused a transmission for good, and claim it again for another; False: it is not ours.

    `address` is as in `settle`.
    """
    row = _under_second_mark(connection, owner, key, ("at_risk",))
    if row is None:
        return False
    _note_refusal(connection, ledger, row, receipt, at, address)
    _change(connection, [key], "claimed", at, {"attempts": row.attempts + 1})
    _log(connection, ledger, at, [(key, "at_risk")], "failed")
    _log(connection, ledger, at, [(key, "failed")], "claimed")
    return True


def _under_second_mark(connection: Connection, owner: str, key: str, states: Sequence[State]) -> Row[Any] | None:
    known = transmissions.c
    wanted = select(known.key, known.state, known.attempts, known.channel, known.number)
    wanted = wanted.add_columns(known.marked_at, known.doubt_since)
    found: Any = connection.execute(
        wanted.where(known.key == key, known.owner == owner, known.state.in_(states))
    ).first()
    return found  # type: ignore[no-any-return]


def _note_refusal(
    connection: Connection, ledger: str, row: Row[Any], receipt: Receipt, at: datetime, address: str
) -> None:
    """Remember what the other side will never deliver, and an address at which it knows nobody."""
    said = {"at": at, "detail": without_addresses(receipt.detail)}
    refused = insert(refusals).prefix_with("OR IGNORE", dialect="sqlite")
    connection.execute(refused.values(transmission=row.key, channel=row.channel, **said))
    if receipt.bad_address and address:
        lost = insert(unreachable).prefix_with("OR IGNORE", dialect="sqlite")
        connection.execute(lost.values(channel=row.channel, digest=address, number=row.number, **said))
        entry = Entry("address", f"p{row.number}/{row.channel}", "", "unreachable")
        logbook.append(connection, ledger, at, [entry])


def bounce(
    connection: Connection,
    ledger: str,
    key: str,
    status: str,
    letter: str,
    digest: Callable[[str], str] | None,
    at: datetime,
) -> bool:
    """Write down that something that counted as sent has come back; False: it does not count as sent.

    `letter` is the id of what tells so: it counts once, whatever becomes of the message afterwards. `digest` returns
    that of the address by the channel's name, where nobody is reached at it any more.
    """
    name = f"bounce:{hashlib.sha256(f'{letter}/{key}'.encode()).hexdigest()[:32]}"
    if connection.execute(select(meta.c.name).where(meta.c.name == name)).first() is not None:
        return False
    row: Any = connection.execute(
        select(transmissions.c.key, transmissions.c.channel, transmissions.c.number).where(
            transmissions.c.key == key, transmissions.c.state == "sent", transmissions.c.channel.is_not(None)
        )
    ).first()
    if row is None:
        return False
    connection.execute(insert(meta).values(name=name, value=moment_text(at)))
    receipt = Receipt("failed", f"came back: {status}", bad_address=digest is not None)
    _note_refusal(connection, ledger, row, receipt, at, digest(row.channel) if digest else "")
    move(connection, ledger, at, ("sent",), "failed", transmissions.c.key == key, receipt.detail)
    return True


def _pause(wanted: timedelta | None, attempts: int) -> timedelta:
    """Return how long to wait before the next attempt: as long as the other side says, else ever longer."""
    if wanted is not None:
        return min(max(wanted, timedelta()), MOST_HEEDED)
    pause: timedelta = FIRST_PAUSE * 2 ** min(attempts - 1, 10)
    return min(pause, LONGEST_PAUSE)


def release(connection: Connection, ledger: str, owner: str, keys: Sequence[str], detail: str, at: datetime) -> None:
    """Give back what was claimed and certainly not delivered."""
    mine = and_(transmissions.c.state == "claimed", transmissions.c.owner == owner)
    rows = connection.execute(select(transmissions.c.key).where(mine).order_by(transmissions.c.key)).all()
    given = [row.key for row in rows if row.key in keys]
    _change(connection, given, "due", at, {"owner": None, "detail": without_addresses(detail)}, mine)
    _log(connection, ledger, at, ((key, "claimed") for key in given), "due")


def recover(
    connection: Connection, ledger: str, owner: str, harmless: Collection[str], at: datetime
) -> tuple[str, ...]:
    """Take over what others left behind; return what is in doubt because of it.

    Whoever holds the program knows that nobody else runs; if that is wrong, the marks keep it safe. `harmless` names
    the kinds of channels by which a repeated delivery does no harm.
    """
    rows = connection.execute(
        select(transmissions.c.key, transmissions.c.state, transmissions.c.kind)
        .where(transmissions.c.state.in_(("claimed", "at_risk")), transmissions.c.owner != owner)
        .order_by(transmissions.c.key)
    ).all()
    doubtful = [row for row in rows if row.state == "at_risk" and row.kind not in harmless]
    certain = [row for row in rows if row not in doubtful]
    doubt = {"doubt_since": _DOUBTFUL}
    _change(connection, [row.key for row in certain if row.state == "claimed"], "due", at, {"owner": None})
    _change(connection, [row.key for row in certain if row.state == "at_risk"], "due", at, {"owner": None} | doubt)
    told = {"detail": "interrupted while sending"}
    _change(connection, [row.key for row in doubtful], "in_doubt", at, told | doubt)
    _log(connection, ledger, at, ((row.key, row.state) for row in certain), "due")
    _log(connection, ledger, at, ((row.key, row.state) for row in doubtful), "in_doubt")
    return tuple(row.key for row in doubtful)


def expire(connection: Connection, ledger: str, at: datetime) -> tuple[str, ...]:
    """Give up what waited for too long; return its keys. What may have arrived is no such thing."""
    late = and_(transmissions.c.expires <= at, transmissions.c.doubt_since.is_(None))
    return move(connection, ledger, at, ("due", "deferred"), "expired", late)


def repeat_doubts(connection: Connection, ledger: str, keys: Sequence[str], at: datetime) -> None:
    """Make what is in doubt due where a repeat does no harm; the doubt itself stays until there is a clear receipt."""
    _change(connection, keys, "due", at, {"owner": None})
    _log(connection, ledger, at, ((key, "in_doubt") for key in keys), "due")


def hold_doubts(connection: Connection, ledger: str, keys: Sequence[str], at: datetime) -> None:
    """Leave to a person what was to be repeated, and cannot be any more without harm."""
    wanted = select(transmissions.c.key, transmissions.c.state)
    rows = [row for part in portions(keys) for row in connection.execute(wanted.where(transmissions.c.key.in_(part)))]
    _change(connection, keys, "in_doubt", at, {"owner": None, "not_before": None, "detail": HELD})
    _log(connection, ledger, at, ((row.key, row.state) for row in rows), "in_doubt")


def supersede(connection: Connection, ledger: str, at: datetime, which: ColumnElement[bool]) -> tuple[str, ...]:
    """Drop what has not gone out, as far as is known, and has lost its reason; return its keys.

    A doubt about an earlier attempt stays: what may have arrived can have to be taken back.
    """
    return move(connection, ledger, at, ("due", "deferred"), "superseded", which, keeps_doubt=True)


def supersede_for(connection: Connection, ledger: str, numbers: Collection[int], at: datetime) -> tuple[str, ...]:
    """Drop what waits for people, by running number; return its keys."""
    found: list[str] = []
    for part in portions(sorted(numbers)):
        found += supersede(connection, ledger, at, transmissions.c.number.in_(part))
    return tuple(sorted(found))


def move(
    connection: Connection,
    ledger: str,
    at: datetime,
    before: Sequence[str],
    after: State,
    which: ColumnElement[bool],
    detail: str | None = None,
    *,
    keeps_doubt: bool = False,
) -> tuple[str, ...]:
    """Move whatever is in one of some states, and is meant, into another one, and log it; return its keys."""
    rows = connection.execute(
        select(transmissions.c.key, transmissions.c.state)
        .where(transmissions.c.state.in_(before), which)
        .order_by(transmissions.c.key)
    ).all()
    values: dict[str, Any] = {"owner": None, "not_before": None} | ({} if keeps_doubt else {"doubt_since": None})
    values |= {} if detail is None else {"detail": detail}
    _change(connection, [row.key for row in rows], after, at, values)
    _log(connection, ledger, at, ((row.key, row.state) for row in rows), after)
    return tuple(row.key for row in rows)


def _change(
    connection: Connection,
    keys: Sequence[str],
    state: State,
    at: datetime,
    values: dict[str, Any],
    *only: ColumnElement[bool],
) -> int:
    changed = 0
    for part in portions(keys):
        statement = update(transmissions).where(transmissions.c.key.in_(part), *only)
        changed += connection.execute(statement.values(state=state, changed=at, **values)).rowcount
    return changed


def _log(connection: Connection, ledger: str, at: datetime, changes: Iterable[tuple[str, str]], after: State) -> None:
    logbook.append(connection, ledger, at, (Entry("transmission", key, before, after) for key, before in changes))


LONGEST_DETAIL = 2_000
"""Characters of what a channel says that are kept."""


def without_addresses(detail: str) -> str:
    """Return a text without mail addresses: servers like to quote them, and only one table may hold them.

    Looking for them takes time that grows with the square of a word, so a text that goes on and on is cut before.
    """
    if len(detail) > LONGEST_DETAIL:
        detail = detail[: LONGEST_DETAIL - 1] + "…"
    return re.sub(r"[^\s<>\"']+@[^\s<>\"']+", "(address)", detail)
