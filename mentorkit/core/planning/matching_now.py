"""Whether and what a program matches at one moment: its first matching, an intake, one between them, or nothing.

While sign-up is open a matching is a preview. Under `publish = "review"` it is proposed, again and again as the
people change, until somebody publishes it; only then has the occasion taken place. Where people are asked first, a
relationship is published in the run that knows that all of them have accepted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import evolve, field, frozen

from mentorkit.core.acceptance import Answers, answers_of, yet_to_answer
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.happenings import OWN_EVENT, Happening
from mentorkit.core.history import Event, History, KnownRelationship
from mentorkit.core.learning import consequences, joined
from mentorkit.core.matching.coming_due import matching_due
from mentorkit.core.matching.decisions import Decisions
from mentorkit.core.matching.earlier_prices import kept_prices
from mentorkit.core.matching.intakes import intakes_behind
from mentorkit.core.matching.requesting import looked_for_now
from mentorkit.core.matching.solving import match
from mentorkit.core.plan import published_now
from mentorkit.core.problems import Effort
from mentorkit.core.program import Program
from mentorkit.core.proofs import Price
from mentorkit.core.relationships import Matching, Member, Relationship
from mentorkit.core.requests import overdue
from mentorkit.core.roster import Roster
from mentorkit.core.zones import day_end, to_local

REMATCHED = "rematched"
"""Why relationships end that a rematch of everyone breaks."""


@frozen
class Matched:
    """What became of matching at one moment; without a matching, none was due.

    Attributes:
        matching: new relationships; published ones that stay are among its `given`.
        occasions: keys of the occasions that take place; none while they only might.
        provisional: whether sign-up is open, so that nothing of it happens now.
        proposing: whether it waits for somebody to publish it.
        withdrawn: ids of proposed relationships that are not part of it any more.
        asking: whether people are asked about it first: it is proposed to them, and its occasions take place.
        accepted: relationships that are published now, because everybody who was asked about them has accepted.
        prices: what places cost by it, where everybody was free in it; else none.
        expiring: the ends of requests for which nobody was found in time.
        broken: the ends of published relationships that are not part of it, with all that follows from them; of a
            proposal, what follows once it is published.
    """

    matching: Matching | None = None
    occasions: tuple[str, ...] = ()
    provisional: bool = False
    proposing: bool = False
    asking: bool = False
    accepted: tuple[Relationship, ...] = ()
    withdrawn: tuple[str, ...] = ()
    prices: Mapping[Member, Price] = field(factory=dict)
    expiring: tuple[Event, ...] = ()
    broken: Happening = field(factory=Happening)
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def ending(self) -> Happening:
        """What ends now: requests, and what of `broken` happens now."""
        return joined(self.settled.broken, Happening(events=self.expiring))

    @property
    def standing(self) -> Matched:
        """What of it the ledger knows after a run: nothing of a preview."""
        return Matched(accepted=self.accepted) if self.provisional else self

    @property
    def settled(self) -> Matched:
        """What of it happens now: nothing of a preview or a proposal."""
        return Matched(accepted=self.accepted) if self.provisional or self.proposing else self

    @property
    def publishing(self) -> tuple[Relationship, ...]:
        """The relationships that are published now, by id."""
        return published_now(self.matching, self.accepted, self.provisional or self.proposing or self.asking)


def match_now(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    at: datetime,
    effort: Effort = Effort(),  # noqa: B008 (frozen and empty)
) -> Matched:
    """Return what a run matches at `at` (UTC, aware), with so much effort on each problem.

    Raises:
        ProgramError: program and roster do not fit each other, see `matching.match`.
    """
    if at >= day_end(program.ends, program.timezone):
        return Matched() if history.occasions else Matched(diagnostics=(_too_late(program),))
    matched = _matched_at(program, roster, catalogue, history, at, effort)
    if matched.provisional:
        return matched
    found = matched.matching.people if matched.matching else frozenset()
    return evolve(matched, expiring=tuple(one for one in overdue(program, history, at) if one.person not in found))


def _matched_at(
    program: Program, roster: Roster, catalogue: Catalogue, history: History, at: datetime, effort: Effort
) -> Matched:
    accepted = all_accepted(program, history)
    due = matching_due(program, roster, history, to_local(at, program.timezone).date())
    if due is None:  # what is proposed still was for an occasion that is over, or for people who need nobody now
        return Matched(accepted=accepted, withdrawn=tuple(one.relationship.id for one in history.proposed))
    matched = match_for(program, roster, catalogue, history, at, due.occasion, only=due.only, effort=effort)
    if not history.occasions and signup_open(program, at):
        return evolve(matched, occasions=(), provisional=True, withdrawn=(), broken=Happening())
    if due.between and not _found(matched):
        return Matched(accepted=accepted, withdrawn=matched.withdrawn)
    if program.matching.publish == "review" and (_found(matched) or _awaited(program, history)):
        return evolve(matched, occasions=(), proposing=True, accepted=accepted)
    return evolve(matched, asking=program.model.asking is not None, accepted=accepted)


def all_accepted(program: Program, history: History) -> tuple[Relationship, ...]:
    """Return the relationships about which everybody who is asked has said yes, in the ledger's order."""
    answers = answers_of(history.events) if history.asked else Answers()
    return tuple(
        known.relationship
        for known in history.asked
        if not yet_to_answer(program.model.asking, known.relationship, answers)
    )


def _found(matched: Matched) -> bool:
    """Return whether there is anything to review; an intake that finds nobody has simply taken place."""
    return matched.matching is not None and bool(matched.matching.relationships)


def _awaited(program: Program, history: History) -> bool:
    """Return whether a matching that finds nobody is looked at all the same: the first one, unless people must ask."""
    return not history.occasions and program.model.request_days is None


def match_for(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    at: datetime,
    occasion: str,
    decisions: Decisions = Decisions(),  # noqa: B008 (frozen and empty)
    *,
    anew: bool = True,
    only: Mapping[str, frozenset[str]] | None = None,
    effort: Effort = Effort(),  # noqa: B008 (frozen and empty)
) -> Matched:
    """Return the matching of an occasion that takes place at `at`, whatever the calendar says.

    `occasion` is "" for a program's first matching, unless its model matches in rounds. Not `anew`, what is published
    stays whatever `rematch` says. `only` says by role who can be matched; of roles that it does not name, everybody.

    Raises:
        ProgramError: program and roster do not fit each other, see `matching.match`.
    """
    rematch = anew and bool(occasion) and program.matching.rematch == "everyone"
    on = to_local(at, program.timezone).date()
    outcome = match(
        program,
        roster,
        catalogue,
        history,
        on,
        decisions=decisions,
        occasion=occasion,
        rematch=rematch,
        only=only,
        requests=looked_for_now(program, history),
        at=at,
        effort=effort,
    )
    found = outcome.matching
    now = {one.id for one in found.relationships}
    published = {one.relationship.id for one in history.published}
    kept = tuple(one.relationship for one in history.binding if not rematch or one.relationship.id in now)
    new = tuple(one for one in found.relationships if one.id not in published)
    return Matched(
        matching=evolve(found, relationships=new, given=kept),
        occasions=(*_settled(program, occasion, outcome.occasions), *intakes_behind(program, history, on)),
        withdrawn=tuple(one.relationship.id for one in history.proposed if one.relationship.id not in now),
        prices={} if found.given else kept_prices(outcome.solved),
        broken=_broken(program, catalogue, history, kept, outcome.occasions, at) if rematch else Happening(),
        diagnostics=outcome.diagnostics,
    )


def _settled(program: Program, occasion: str, found: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys that take place: a round is over and done with whatever its model made of it."""
    is_round = any(one.key == occasion for one in program.model.rounds)
    return tuple(dict.fromkeys((occasion, *found))) if is_round else found


def signup_open(program: Program, at: datetime) -> bool:
    """Return whether people can still sign up at a moment (aware)."""
    closes = program.signup_closes
    return closes is not None and at < day_end(closes, program.timezone)


def _broken(
    program: Program,
    catalogue: Catalogue,
    history: History,
    kept: Sequence[Relationship],
    occasions: Sequence[str],
    at: datetime,
) -> Happening:
    staying = {one.id for one in kept}
    ends = [
        _end(known, occasions[0] if occasions else "", at)
        for known in history.published
        if known.relationship.id not in staying
    ]
    return consequences(program, catalogue, history, ends, at) if ends else Happening()


def _end(known: KnownRelationship, occasion: str, at: datetime) -> Event:
    relationship = known.relationship
    return Event(
        id=f"{OWN_EVENT}{REMATCHED}:{relationship.id}:{occasion}",
        at=at,
        person=relationship.members[0].person,
        kind="ended",
        subject=relationship.id,
        value=REMATCHED,
    )


def _too_late(program: Program) -> Diagnostic:
    said = f"the program ended on {program.ends} and was never matched; nobody is matched now"
    return warning("program-over", said, path="program.starts")
