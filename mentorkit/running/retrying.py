"""Trying again what has failed: somebody has mended what was wrong, and says so.

What has lost its reason meanwhile stays failed: an invitation to what is no more, a message about a relationship that
has ended, and whatever has expired.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from attrs import frozen

from mentorkit import clock
from mentorkit.core.deliveries import Delivery, Transmission
from mentorkit.core.errors import RefusedError
from mentorkit.core.history import CONTACT, TO_COME, History, KnownSession
from mentorkit.core.invitation_ids import invited
from mentorkit.core.program import INVITATION
from mentorkit.guarding.ledger_guard import guarded
from mentorkit.opening import Opened
from mentorkit.running.results import write_results


@frozen
class Retried:
    """What is tried again.

    Attributes:
        keys: messages that are due again.
        left: how many have failed and are not tried again: their time is over, or their reason gone.
        addresses: pairs of whose address it is (an id, or a contact's name) and the channel by which it is tried again.
    """

    keys: tuple[str, ...]
    left: int
    addresses: tuple[tuple[str, str], ...]


def retry(opened: Opened, people: Collection[str] = ()) -> Retried:
    """Make due again what has failed, and try addresses again at which nobody was reached: of these people, or of all.

    Raises:
        RefusedError: the ledger knows nobody of that name, the program is held, or its ledger is unknown.
        RunError: something could not be written.
    """
    with guarded(opened.workspace, opened.program, opened.catalogue, clock.now()) as held:
        history = held.ledger.read()
        names = {number: name for name, number in history.numbers.items() if not people or _id(name) in people}
        strange = sorted(set(people) - {_id(name) for name in names.values()})
        if strange:
            raise RefusedError(f'the ledger knows nobody by the id "{strange[0]}"; nothing was changed')
        failed = [one.key for one in history.transmissions.values() if one.state == "failed" and one.number in names]
        worth = [one.key for one in held.ledger.transmissions(tuple(failed)) if _has_reason(one, opened, history)]
        keys = held.ledger.retry_failed(worth, opened.at)
        addresses = held.ledger.forget_unreachable(tuple(names), opened.at)
        held.remember()
        write_results(opened, held.ledger.read(), opened.workspace.folder)
    return Retried(keys, len(failed) - len(keys), tuple((_id(names[number]), channel) for number, channel in addresses))


def _id(name: str) -> str:
    """Return what people call somebody whom the ledger knows: contacts by what the program calls them."""
    return name.removeprefix(CONTACT)


def _has_reason(one: Transmission, opened: Opened, history: History) -> bool:
    sessions = {known.session.id: known for known in history.sessions}
    if one.step == INVITATION:
        return any(_is_the_latest(part, sessions, opened) for part in one.deliveries)
    ended = {known.relationship.id for known in history.relationships if known.state == "ended"}
    about_the_end = {step.name for step in opened.program.timeline if step.when.anchor == "relationship-end"}
    about = {part.relationship for part in one.deliveries if part.relationship}
    return one.step in about_the_end or not about or not about <= ended


def _is_the_latest(part: Delivery, sessions: Mapping[str, KnownSession], opened: Opened) -> bool:
    """Return whether an invitation still says what becomes of a session that is to come."""
    said = invited(part.occurrence)
    known = sessions.get(said[0]) if said else None
    if said is None or known is None or known.session.starts <= opened.at:
        return False
    _, sequence, canceled = said
    return sequence == known.sequence and canceled == (known.state not in TO_COME)
