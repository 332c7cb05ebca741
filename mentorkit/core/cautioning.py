"""What a model warns of when a program is checked, as diagnostics."""

from __future__ import annotations

from datetime import date

from mentorkit.core.blaming import blaming, expected_all
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Caution, CautiousModel, CheckFacts
from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster


def cautions(program: Program, roster: Roster, catalogue: Catalogue, today: date) -> tuple[Diagnostic, ...]:
    """Return the warnings of the model in use, at the options that they are about; none of models that never warn.

    Raises:
        PluginError: the model fails, or returns something else.
    """
    use = program.model.use
    offer = catalogue.models.get(use.name)
    if offer is None or not isinstance(offer.implementation, CautiousModel):
        return ()
    facts = CheckFacts(
        program.starts,
        program.ends,
        today,
        program.timezone,
        program.signup_closes is not None and today <= program.signup_closes,
        {role.name: roster.in_role(role.name) for role in program.model.roles},
    )
    what = f'the model "{use.name}"'
    with blaming(offer.origin, what):
        found = offer.implementation.cautions(use.options, facts)
    table = "model.inner.options" if program.model.scope else "model.options"
    return tuple(
        warning("model-caution", one.message, path=f"{table}.{one.option}" if one.option else table, help=one.help)
        for one in expected_all(found, Caution, offer.origin, what)
    )
