"""Writing a plan into the ledger: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from mentorkit.core.deliveries import Delivery, State, Transmission
from mentorkit.core.errors import RefusedError
from mentorkit.core.plan import Plan
from mentorkit.core.proofs import Price
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.sessions import Session
from mentorkit.ledger import happenings, logbook
from mentorkit.ledger.logbook import Entry
from mentorkit.ledger.people import add_people, numbers_by_id
from mentorkit.ledger.portioning import in_portions, insert_rows
from mentorkit.ledger.reading import DATA, SERIES, assumed_sent
from mentorkit.ledger.schema import (
    deliveries,
    members,
    meta,
    occasions,
    people,
    prices,
    relationships,
    rosters,
    session_people,
    sessions,
    transmissions,
)

ASSUMED = "assumed sent before this ledger was adopted"
MET_TOO_LATE = "met too late"
IN_A_PAUSE = "expired in a pause"


def record_plan(connection: Connection, ledger: str, plan: Plan) -> frozenset[str]:
    """Write everything a plan does; return the keys of transmissions that have expired by it.

    Raises:
        RefusedError: the ledger has moved on since the plan was made, or is another one.
    """
    check_fresh(connection, ledger, plan.ledger_id, plan.mark)
    logbook.append(connection, ledger, plan.at, add_people(connection, plan.newcomers, plan.at))
    happenings.write(connection, ledger, plan.happening, plan.at)
    happenings.write(connection, ledger, plan.rearranged, plan.at)
    log = [
        *_add_matching(connection, plan),
        *([] if plan.provisional else _add_sessions(connection, plan.schedule.sessions)),
        *_add_transmissions(connection, plan),
    ]
    logbook.append(connection, ledger, plan.at, log)
    _remember(connection, plan)
    return frozenset(entry.subject for entry in log if (entry.what, entry.after) == ("transmission", "expired"))


def check_fresh(connection: Connection, ledger: str, made_against: str, mark: int) -> None:
    """Refuse what was worked out against another state of the ledger than it is in.

    Raises:
        RefusedError: it has moved on since, or is another one.
    """
    now = logbook.tail(connection, ledger).number
    if mark != now or made_against not in (ledger, "" if now == 0 else ledger):
        raise RefusedError(
            f"the plan is stale: it was made when the ledger stood at entry {mark}, and it stands at {now} now; "
            "plan again"
        )


def _add_matching(connection: Connection, plan: Plan) -> Iterator[Entry]:
    if plan.provisional:
        return
    published = plan.published or plan.at
    yield from _withdraw(connection, plan.withdrawn)
    yield from _publish_accepted(connection, plan.accepted, published)
    if plan.matching is None:
        return
    known = _states(connection)
    made = plan.matching.relationships
    values: dict[str, Any] = {"state": "proposed", "reason": ""}
    if not plan.proposing:
        values |= {"asked_at": plan.at} if plan.asking else {"state": "published", "published_at": published}
        yield from _add_occasions(connection, plan.occasions, published)
    new = [one for one in made if one.id not in known]
    numbers = numbers_by_id(connection)
    insert_rows(connection, relationships, (_relationship_row(one) | values for one in new))
    insert_rows(connection, members, (row for one in new for row in _member_rows(one, numbers)))
    for one in made:
        if one.id in known:
            changed = _relationship_row(one) | values
            connection.execute(update(relationships).where(relationships.c.id == one.id).values(**changed))
    yield from (Entry("relationship", one.id, known.get(one.id, ""), values["state"]) for one in made)


def _publish_accepted(connection: Connection, accepted: tuple[Relationship, ...], at: datetime) -> Iterator[Entry]:
    for one in accepted:
        values = {"state": "published", "published_at": at}
        connection.execute(update(relationships).where(relationships.c.id == one.id).values(**values))
        yield Entry("relationship", one.id, "proposed", "published")


def _states(connection: Connection) -> dict[str, str]:
    return {row.id: row.state for row in connection.execute(select(relationships.c.id, relationships.c.state))}


def _withdraw(connection: Connection, withdrawn: tuple[str, ...]) -> Iterator[Entry]:
    for one in withdrawn:
        connection.execute(update(relationships).where(relationships.c.id == one).values(reason="withdrawn"))
        yield Entry("proposal", one, "proposed", "withdrawn")


def _add_occasions(connection: Connection, keys: tuple[str, ...], at: datetime) -> Iterator[Entry]:
    known = set(connection.execute(select(occasions.c.key)).scalars())
    new = [key for key in keys if key not in known]
    insert_rows(connection, occasions, ({"key": key, "at": at} for key in new))
    yield from (Entry("occasion", key, "", "matched") for key in new)


def _relationship_row(one: Relationship) -> dict[str, Any]:
    fixed = {"slot": one.slot, "meets_at": one.at, "until": one.until}
    return {"id": one.id, "occasion": one.occasion, "score": one.score, "published_at": None, **fixed}


def _member_rows(one: Relationship, numbers: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for position, member in enumerate(one.members):
        yield {
            "relationship": one.id,
            "position": position,
            "number": numbers[member.person],
            "role": member.role,
        }


def _add_sessions(connection: Connection, new: tuple[Session, ...]) -> Iterator[Entry]:
    if not new:
        return
    numbers = numbers_by_id(connection)
    insert_rows(connection, sessions, (_session_row(session) for session in new))
    there = (
        {"session": session.id, "position": position, "number": numbers[person]}
        for session in new
        for position, person in enumerate(session.people)
    )
    insert_rows(connection, session_people, there)
    for session in new:
        yield Entry("session", session.id, "", "planned")


def _session_row(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "relationship": session.relationship,
        "series": session.series,
        "number": session.number,
        "local": session.local.isoformat(),
        "zone": session.zone,
        "starts": session.starts,
        "minutes": session.minutes,
        "place": session.place,
        "state": "planned",
    }


def _add_transmissions(connection: Connection, plan: Plan) -> Iterator[Entry]:
    assumed = assumed_sent(connection)
    planned: list[tuple[Transmission, State, str]] = [
        *((one, *_what_becomes_of(one, "due", "", assumed)) for one in plan.due),
        *((one, *_what_becomes_of(one, "expired", MET_TOO_LATE, assumed)) for one in plan.expired),
        *((one, *_what_becomes_of(one, "suppressed", IN_A_PAUSE, assumed)) for one in plan.suppressed),
    ]
    rows = (_transmission_row(one, state, detail, plan.at) for one, state, detail in planned)
    insert_rows(connection, transmissions, rows)
    insert_rows(
        connection, deliveries, (_delivery_row(part, one.key) for one, _, _ in planned for part in one.deliveries)
    )
    for one, state, _ in planned:
        yield Entry("transmission", one.key, "", state)


def _what_becomes_of(one: Transmission, state: State, detail: str, assumed: datetime | None) -> tuple[State, str]:
    return ("superseded", ASSUMED) if assumed is not None and one.due <= assumed else (state, detail)


def _transmission_row(one: Transmission, state: State, detail: str, at: datetime) -> dict[str, Any]:
    return {
        "key": one.key,
        "step": one.step,
        "number": one.recipient.number,
        "role": one.recipient.role,
        "due": one.due,
        "expires": one.expires,
        "zone": one.zone,
        "state": state,
        "detail": detail,
        "changed": at,
    }


def _delivery_row(part: Delivery, transmission: str) -> dict[str, Any]:
    return {
        "key": part.key,
        "transmission": transmission,
        "step": part.step,
        "occurrence": part.occurrence,
        "number": part.recipient.number,
        "role": part.recipient.role,
        "relationship": part.relationship or None,
    }


def _keep_prices(connection: Connection, prices_of: Mapping[Member, Price]) -> None:
    """Write what places cost in place of what they cost before; where nothing costs anything, that stays."""
    if not prices_of:
        return
    numbers = numbers_by_id(connection)
    connection.execute(delete(prices))
    rows = (
        {"number": numbers[one.person], "role": one.role, "covers": price.covers, "tenths": price.tenths}
        for one, price in prices_of.items()
    )
    insert_rows(connection, prices, rows)


def _remember(connection: Connection, plan: Plan) -> None:
    """Keep what later plans compare with: what sessions are laid out by, what people are known by, and the roster."""
    _keep_prices(connection, plan.prices)
    facts = {f"{SERIES}{name}": mark for name, mark in plan.series.items()}
    for name, value in (facts | {f"{DATA}{name}": version for name, version in plan.data.items()}).items():
        connection.execute(delete(meta).where(meta.c.name == name))
        if value:
            connection.execute(insert(meta).values(name=name, value=value))
    who = (people.c.kind == "person") & (people.c.external == bindparam("person"))
    if plan.taking_part:
        parts = ({"person": person, "takes": int(takes)} for person, takes in plan.taking_part.items())
        in_portions(connection, update(people).where(who).values(takes_part=bindparam("takes")), parts)
    if plan.identities:
        signs = ({"person": person, "signs": signs} for person, signs in plan.identities.items())
        in_portions(connection, update(people).where(who).values(known_by=bindparam("signs")), signs)
    if plan.roster is not None:
        seen = plan.roster
        values = {"at": seen.at, "digest": seen.digest, "people": seen.people, "participants": seen.participants}
        connection.execute(insert(rosters).values(**values, columns="\n".join(seen.columns)))
