"""Going on with a ledger that cannot know what went out before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert

from mentorkit.ledger import logbook
from mentorkit.ledger.by_hand import assume_sent
from mentorkit.ledger.logbook import Entry
from mentorkit.ledger.schema import meta, moment_text


def adopt(connection: Connection, ledger: str, until: datetime, at: datetime) -> None:
    """Write down that everything due up to a moment counts as sent, also what an interrupted run held.

    What it held of later ones is left to recovery, which the next run begins with.
    """
    name = meta.c.name == "assume_sent_until"
    connection.execute(delete(meta).where(name))
    connection.execute(insert(meta).values(name="assume_sent_until", value=moment_text(until)))
    logbook.append(connection, ledger, at, [Entry("adoption", moment_text(until), "", "assumed")])
    assume_sent(connection, ledger, at, until)
