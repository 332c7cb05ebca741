"""A calendar client: prints what people find in their calendars, read by the library `caldav`: a JSON object.

Run by the interpreter of `.venv-servers`: URL, everybody's password, name of the calendar, people.
"""

import json
import sys
from datetime import UTC, datetime

from caldav import DAVClient


def main(url, password, called, *people):
    json.dump({person: entries(url, person, password, called) for person in people}, sys.stdout)


def entries(url, person, password, called):
    with DAVClient(url=f"{url}/", username=person, password=password, auth_type="basic") as client:
        calendar = client.calendar(url=f"{url}/{person}/{called}/")
        window = {"start": datetime(2026, 1, 1, tzinfo=UTC), "end": datetime(2029, 1, 1, tzinfo=UTC)}
        return [entry(one) for one in calendar.search(event=True, expand=True, **window)]


def entry(found):
    event = found.icalendar_component
    parties = event.get("ATTENDEE", [])
    return {
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "starts": event["DTSTART"].dt.astimezone(UTC).isoformat(),
        "ends": event["DTEND"].dt.astimezone(UTC).isoformat(),
        "summary": str(event["SUMMARY"]),
        "status": str(event["STATUS"]),
        "attendees": [str(one) for one in (parties if isinstance(parties, list) else [parties])],
        "text": found.data,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
