"""One whole program: its dates and names, and everything else put together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from attrs import evolve, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.declaring.declarations import AboutTable, ProgramFile
from mentorkit.core.declaring.merging import Path
from mentorkit.core.declaring.structuring import Misfit
from mentorkit.core.diagnostics import listed, suggestion
from mentorkit.core.digesting import digest_of
from mentorkit.core.moments import add_length
from mentorkit.core.program import ModelUse, Pacing, Privacy, Program, Requires, Series, TemplateUse
from mentorkit.core.resolving.answers import resolve_answers
from mentorkit.core.resolving.channels import resolve_channels
from mentorkit.core.resolving.files import Problems, ProgramFiles
from mentorkit.core.resolving.inviting import refuse_its_name, resolve_invitation
from mentorkit.core.resolving.kpis import resolve_kpis
from mentorkit.core.resolving.matching import Setting, resolve_matching, resolve_model, resolve_rounds
from mentorkit.core.resolving.people import resolve_contacts, resolve_roster
from mentorkit.core.resolving.promises import check_asked, check_rematch
from mentorkit.core.resolving.sessions import longest_span, resolve_series
from mentorkit.core.resolving.steps import Cast, resolve_steps


@frozen
class Surroundings:
    """What a program is resolved in.

    Attributes:
        default_id: what the program is called where it says nothing: the stem of its file.
        files: the files of the program laid over those of its templates.
        template: the template it lives by.
    """

    default_id: str
    catalogue: Catalogue
    files: ProgramFiles
    template: TemplateUse
    requires: Requires


def resolve(declared: ProgramFile, around: Surroundings) -> tuple[Program | None, list[Misfit]]:
    """Return what a declared program means, or None, and everything that is wrong with it."""
    problems = Problems()
    setting = Setting(around.catalogue, around.files, problems)
    about = declared.program
    ends = _check_dates(about, problems)
    found = resolve_model(declared.model, setting)
    if found is None:
        return None, problems.found
    use, model = found
    check_rematch(use, declared.matching.rematch, problems)
    roles = tuple(role.name for role in model.roles)
    contacts = resolve_contacts(about, declared.contacts, roles, problems)
    use = resolve_rounds(use, declared.matching, about.starts, ends, setting)
    span = longest_span(about.starts, ends, use.rounds)
    series = resolve_series(declared, span, roles, around.files, problems)
    timeline = resolve_steps(declared, _cast(declared, use, contacts, series), around.files, problems)
    check_asked(use, timeline, problems)
    refuse_its_name(declared, problems)
    channels = resolve_channels(declared, setting)
    readers, language = (*roles, "matched"), declared.messages.language
    invitation = resolve_invitation(channels, readers, language, setting.catalogue, around.files, problems)
    program = Program(
        **_said_about(about, around.default_id),
        ends=ends,
        timezone=_zone(about, problems),
        roster=resolve_roster(declared.roster, roles, around.files, problems),
        model=use,
        matching=resolve_matching(declared.matching, model, setting),
        series=series,
        timeline=timeline,
        template=around.template,
        contacts=contacts,
        kpis=resolve_kpis(declared, timeline, setting),
        privacy=Privacy(
            **{one: getattr(declared.privacy, one) for one in ("sensitive", "managers_see", "small_cells")}
        ),
        max_catch_up=declared.delivery.max_catch_up,
        words=_words(declared.words, roles, problems),
        message_columns=declared.messages.columns,
        language=declared.messages.language,
        requires=around.requires,
        answers=resolve_answers(declared.answers.files, around.files, problems),
        channels=channels,
        pacing=Pacing(declared.delivery.quiet_hours, declared.delivery.at_most, declared.delivery.digest),
        invitation=invitation,
    )
    return evolve(program, digest=digest_of(program)), problems.found


def _cast(declared: ProgramFile, use: ModelUse, contacts: Collection[str], series: Sequence[Series]) -> Cast:
    """Return everybody and everything that steps can name."""
    return Cast(
        roles=tuple(role.name for role in use.roles),
        contacts=contacts,
        series=series,
        campaign=declared.program.opens is not None,
        signup=declared.program.signup_closes is not None,
        asks=use.asking is not None,
        on_request=use.request_days is not None,
        steps=(*declared.timeline, *declared.surveys),
    )


def _said_about(about: AboutTable, default_id: str) -> dict[str, Any]:
    """Return what `[program]` says that means what it says."""
    same = ("name", "starts", "length", "opens", "signup_closes", "seed", "silent_after")
    return {
        "id": about.id or default_id,
        "goals": tuple(about.goals),
        **{one: getattr(about, one) for one in same},
    }


def _zone(about: AboutTable, problems: Problems) -> str:
    if about.timezone is None:
        told = "the program names no time zone; it lives by UTC"
        problems.note(("program",), "timezone-default", told, 'set program.timezone = "Europe/London"')
    return about.timezone or "UTC"


def _check_dates(about: AboutTable, problems: Problems) -> date:
    """Return the program's last day (an endless one where it has none), and tell which dates do not agree."""
    if about.opens and not about.signup_closes:
        told = "a program that opens must say when its sign-up closes"
        problems.error(("program", "opens"), "dates-order", told, "add program.signup_closes")
    _in_order(about, "opens", "signup_closes", problems)
    _in_order(about, "signup_closes", "starts", problems)
    _in_order(about, "opens", "starts", problems)
    path: Path = ("program", "length")
    try:
        ends = add_length(about.starts, about.length)
        _ = ends + timedelta(days=366)  # what hangs on the end must have a date, too
    except OverflowError:
        problems.error(path, "dates-order", "the program would end after the calendar does", "mend starts or length")
        return date.max
    if about.length.amount == 0:
        problems.error(path, "dates-order", "a program needs at least a day", 'write length = "24 weeks"')
        return date.max
    return ends


def _in_order(about: AboutTable, earlier: str, later: str, problems: Problems) -> None:
    first, second = getattr(about, earlier), getattr(about, later)
    if first and second and first > second:
        told = f"{earlier} is {first}, after {later}, {second}"
        problems.error(("program", earlier), "dates-order", told, "the order is opens, signup_closes, starts")


def _words(words: Mapping[str, str], roles: Collection[str], problems: Problems) -> Mapping[str, str]:
    for word in words:
        if word not in roles:
            hint = suggestion(word, roles) or f"the roles are {listed(roles)}"
            problems.error(("words", word), "unknown-role", f'"{word}" is no role that could be renamed', hint)
    return dict(words)
