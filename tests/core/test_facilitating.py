from types import SimpleNamespace
from typing import Any

import pytest
from attrs import evolve

from mentorkit.core.catalogue import Catalogue, Offer, Origin
from mentorkit.core.errors import PluginError
from mentorkit.core.facilitating import facilitators
from mentorkit.core.history import KnownRelationship
from mentorkit.core.sessions import Session
from mentorkit.testing import a_moment, a_program, a_relationship

CIRCLE = a_relationship(("1", "peer"), ("2", "peer"), ("3", "peer"))
AT = a_moment("2027-01-12T09:00:00+00:00")
ONE = Session("s-1", CIRCLE.id, "sessions", 1, AT.replace(tzinfo=None), "UTC", AT, 60, ("1", "2", "3"))
WITHOUT_TWO = evolve(ONE, id="s-2", number=2, people=("1", "3"))


def led(facilitator: Any) -> Any:
    model = SimpleNamespace(name="one-on-one", **({"facilitator": facilitator} if facilitator else {}))
    catalogue = Catalogue(models={"one-on-one": Offer(model, Origin("acme", "1", "it"))})  # type: ignore[arg-type]
    return facilitators(a_program(), catalogue, [KnownRelationship(CIRCLE, "published", AT)], [ONE, WITHOUT_TWO])


def test_whoever_is_still_there_takes_turns() -> None:
    turns = led(lambda _options, members, number: members[(number - 1) % len(members)].person)
    assert {"s-1": "1", "s-2": "3"} == turns


def test_nobody_leads_where_the_model_names_nobody() -> None:
    assert {} == led(None)
    assert {"s-2": "1"} == led(lambda _options, _members, number: "1" if number == 2 else "")


def test_naming_somebody_who_is_not_there_is_the_plugins_fault() -> None:
    with pytest.raises(PluginError, match=r'acme 1 .* lets "2" lead'):
        led(lambda *_: "2")
