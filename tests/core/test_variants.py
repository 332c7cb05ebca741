from datetime import date
from typing import Any, ClassVar

import pytest
from attrs import frozen

from mentorkit.core.catalogue import Offer, Origin
from mentorkit.core.contracts import Role, Variant
from mentorkit.core.enrolling.participation import participate
from mentorkit.core.enrolling.row_reading import Row
from mentorkit.core.errors import PluginError
from mentorkit.core.program import RosterUse
from mentorkit.core.variants import model_in_use

PEER = (Role("peer", "peer", served=True),)
NEWCOMERS = (Role("newcomer", "mentee", served=True), Role("buddy", "mentor", served=False))


@frozen
class Options:
    buddies: bool = False


def halves(levels: Any) -> dict[str, frozenset[float]]:
    return {"newcomer": frozenset(levels[:1]), "buddy": frozenset(levels[1:])}


class Peers:
    name = "peers"
    summary, shape, template = "", "peers", ""
    options: ClassVar[type[Any] | None] = Options
    matcher = "peers"
    roles = PEER
    variants: ClassVar[dict[bool, Any]] = {
        False: Variant(PEER, "peers"),
        True: Variant(NEWCOMERS, "optimal", halves),
    }

    def variant(self, options: Options) -> Any:
        return self.variants[options.buddies]

    def roles_by_level(self, levels: Any) -> dict[str, frozenset[float]]:
        return {"peer": frozenset(levels)}


def offer(model: Any = None) -> Any:
    return Offer(model or Peers(), Origin("acme", "1", "it"))


def test_options_decide_roles_matcher_and_levels() -> None:
    usual, buddies = (model_in_use(offer(), Options(with_buddies)) for with_buddies in (False, True))
    assert (PEER, "peers", {"peer": {1, 2}}) == (usual.roles, usual.matcher, usual.roles_by_level([1, 2]))
    assert (NEWCOMERS, "optimal") == (buddies.roles, buddies.matcher)
    assert {"newcomer": {1}, "buddy": {2, 3}} == buddies.roles_by_level([1, 2, 3])


def test_options_that_do_not_fit_leave_the_usual_roles() -> None:
    assert PEER == model_in_use(offer(), None).roles


def test_levels_are_divided_as_the_variant_says() -> None:
    rows = [Row(f"{one}", 0, one, {"level": level}, frozenset(), (0, one)) for one, level in enumerate((1.0, 2.0, 2.0))]
    model = model_in_use(offer(), Options(buddies=True))
    found = participate(rows, RosterUse(()), model, frozenset({"level"}), date(2027, 1, 11))
    assert [("newcomer",), ("buddy",), ("buddy",)] == [one.roles for one in found.people]


@pytest.mark.parametrize("roles", [(), (Role("guide", "mentor", served=False),), (Role("x", "above", served=True),)])  # type: ignore[arg-type]
def test_a_variant_without_a_served_role_or_with_an_unknown_side_is_the_plugins_fault(roles: Any) -> None:
    class Odd(Peers):
        def variant(self, options: Options) -> Any:
            return Variant(roles, "peers")

    with pytest.raises(PluginError, match="acme 1"):
        model_in_use(offer(Odd()), Options())
