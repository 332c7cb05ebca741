"""Days, moments and the sentences of calendars in the languages of those who read them.

Messages, agendas and questions are not written here: they are their authors' own. In a language that is not known here,
days and moments are told in figures, which everybody reads alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from attrs import frozen

from mentorkit.core.program import as_spelled
from mentorkit.core.zones import to_local

ENGLISH = "en"


@frozen
class Language:
    """How a language says days, and what calendars say in it.

    Attributes:
        weekdays: from Monday on.
        months: from January on, as they stand in a date.
        day: a date, made of `weekday`, `day`, `month` and `year`.
        first: what the first day of a month is called; "" for 1.
        time: a clock time, made of `time`.
        session: what a session of the main series is called.
        beside: before the names of those who come, too.
        together: between the last two of several names.
        more: how many further names there are, made of `number`.
        minutes: how long it takes, made of `number`.
        leading: before the name of who leads a session.
    """

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    session: str
    beside: str
    together: str
    more: str
    minutes: str
    leading: str
    first: str = ""
    time: str = "{time}"


LANGUAGES: Mapping[str, Language] = {
    "de": Language(
        ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        (
            *("Januar", "Februar", "März", "April", "Mai", "Juni"),
            *("Juli", "August", "September", "Oktober", "November", "Dezember"),
        ),
        day="{weekday}, {day}. {month} {year}",
        session="Treffen",
        beside="mit",
        together="und",
        more="{number} weitere",
        minutes="{number} Minuten",
        leading="Moderation:",
        time="{time} Uhr",
    ),
    ENGLISH: Language(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        (
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        day="{weekday} {day} {month} {year}",
        session="session",
        beside="with",
        together="and",
        more="{number} more",
        minutes="{number} minutes",
        leading="Facilitator:",
    ),
    "es": Language(
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        (
            *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
            *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
        ),
        day="{weekday} {day} de {month} de {year}",
        session="sesión",
        beside="con",
        together="y",
        more="{number} más",
        minutes="{number} minutos",
        leading="Modera:",
    ),
    "fr": Language(
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        (
            *("janvier", "février", "mars", "avril", "mai", "juin"),
            *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
        ),
        day="{weekday} {day} {month} {year}",
        session="séance",
        beside="avec",
        together="et",
        more="{number} autres",
        minutes="{number} minutes",
        leading="Animation :",
        first="1er",
    ),
    "it": Language(
        ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
        (
            *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
            *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
        ),
        day="{weekday} {day} {month} {year}",
        session="incontro",
        beside="con",
        together="e",
        more="altri {number}",
        minutes="{number} minuti",
        leading="Conduce:",
        first="1º",
    ),
    "nl": Language(
        ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
        (
            *("januari", "februari", "maart", "april", "mei", "juni"),
            *("juli", "augustus", "september", "oktober", "november", "december"),
        ),
        day="{weekday} {day} {month} {year}",
        session="gesprek",
        beside="met",
        together="en",
        more="nog {number}",
        minutes="{number} minuten",
        leading="Gespreksleiding:",
    ),
    "pt": Language(
        ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
        (
            *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
            *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
        ),
        day="{weekday}, {day} de {month} de {year}",
        session="sessão",
        beside="com",
        together="e",
        more="mais {number}",
        minutes="{number} minutos",
        leading="Condução:",
    ),
}
"""By the words that file names and rosters have for them."""


def known_language(*wanted: str) -> str:
    """Return the first of some languages that is known here, `DE-at` as `de`; English where none is."""
    spelled = (as_spelled(LANGUAGES, one) for one in wanted)
    return next((one for one in spelled if one), ENGLISH)


def day_text(day: date, language: str = ENGLISH) -> str:
    """Return a day in words, `Monday 25 January 2027`; in a language that is not known here `2027-01-25`."""
    said = LANGUAGES.get(as_spelled(LANGUAGES, language))
    if said is None:
        return day.isoformat()
    number = said.first if said.first and day.day == 1 else str(day.day)
    return said.day.format(
        weekday=said.weekdays[day.weekday()], day=number, month=said.months[day.month - 1], year=day.year
    )


def moment_text(moment: datetime, zone: str, language: str = ENGLISH) -> str:
    """Return an aware moment in words, on the clocks of a zone: `Monday 25 January 2027, 10:00 (Europe/London)`."""
    local = to_local(moment, zone)
    said = LANGUAGES.get(as_spelled(LANGUAGES, language))
    clock = (said.time if said else "{time}").format(time=f"{local:%H:%M}")
    return f"{day_text(local.date(), language)}, {clock} ({zone})"
