"""Who leads each session, where the model says that somebody does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mentorkit.core.blaming import blaming
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import FacilitatedModel
from mentorkit.core.errors import PluginError
from mentorkit.core.history import KnownRelationship
from mentorkit.core.program import Program
from mentorkit.core.sessions import Session


def facilitators(
    program: Program, catalogue: Catalogue, relationships: Iterable[KnownRelationship], sessions: Iterable[Session]
) -> Mapping[str, str]:
    """Return the id of who leads, by session; sessions that nobody leads are left out.

    Raises:
        PluginError: the model names somebody who is not there.
    """
    offer = catalogue.models[program.model.use.name]
    model, options = offer.implementation, program.model.use.options
    if not isinstance(model, FacilitatedModel):
        return {}
    by_id = {known.relationship.id: known.everybody for known in relationships}
    what = f'the model "{program.model.use.name}"'
    found: dict[str, str] = {}
    for session in sessions:
        there = [one for one in by_id[session.relationship] if one.person in session.people]
        with blaming(offer.origin, what):
            leads = model.facilitator(options, there, session.number) if there else ""
        if leads and leads not in session.people:
            raise PluginError(f'{what} of the plugin {offer.origin} lets "{leads}" lead a session they are not in')
        if leads:
            found[session.id] = leads
    return found
