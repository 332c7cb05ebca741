"""What a model is under the options of a program: its roles, usual matcher and rounds, and who is what by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

from attrs import frozen

from mentorkit.core.blaming import blaming, expected, expected_all
from mentorkit.core.catalogue import Offer
from mentorkit.core.contracts import MentoringModel, Role, Round, RoundsModel, Side, VariableModel, Variant
from mentorkit.core.errors import PluginError


@frozen
class ModelInUse:
    """A model under some options; `variant` is None where they change neither roles nor matcher."""

    model: MentoringModel
    variant: Variant | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    @property
    def shape(self) -> str:
        """The shape of its problems."""
        return (self.variant.shape if self.variant else "") or self.model.shape

    @property
    def matcher(self) -> str:
        """The matcher that is used where none is named."""
        return self.variant.matcher if self.variant else self.model.matcher

    @property
    def roles(self) -> tuple[Role, ...]:
        """Its roles, in the order in which members are listed."""
        return self.variant.roles if self.variant else self.model.roles

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        """Return the levels of each role, of the distinct levels of a roster, ascending."""
        own = self.variant.roles_by_level if self.variant else None
        return (own or self.model.roles_by_level)(levels)


def model_in_use(offer: Offer[MentoringModel], options: Any) -> ModelInUse:
    """Return what a model is under options that fit it.

    Raises:
        PluginError: a model whose roles depend on its options says something else than roles.
    """
    model = offer.implementation
    if not isinstance(model, VariableModel) or (options is None and model.options is not None):
        return ModelInUse(model)
    what = f'the model "{model.name}"'
    with blaming(offer.origin, what):
        found = model.variant(options)
    variant = expected(found, Variant, offer.origin, what)
    roles = expected_all(variant.roles, Role, offer.origin, what)
    if not any(one.served for one in roles) or not all(one.side in get_args(Side) for one in roles):
        raise PluginError(f"{what} of the plugin {offer.origin} must serve one of its roles, each with a known side")
    return ModelInUse(model, variant)


def rounds_of(offer: Offer[MentoringModel], options: Any, starts: date, ends: date) -> tuple[Round, ...]:
    """Return the rounds in which a model matches in a program with this first and last day; () where it does not.

    Raises:
        PluginError: it says something else than rounds in order, each with a key of its own.
    """
    model = offer.implementation
    if not isinstance(model, RoundsModel) or (options is None and model.options is not None):
        return ()
    what = f'the model "{model.name}"'
    with blaming(offer.origin, what):
        found = model.rounds(options, starts, ends)
    rounds = expected_all(found, Round, offer.origin, what)
    days, keys = [one.on for one in rounds], {one.key for one in rounds}
    if sorted(set(days)) != days or len(keys) != len(rounds) or any(one.until < one.on for one in rounds):
        told = "must return rounds by their days, each with a key and a day of its own and none over before it begins"
        raise PluginError(f"{what} of the plugin {offer.origin} {told}")
    return rounds
