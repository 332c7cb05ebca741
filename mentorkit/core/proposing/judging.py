"""How the cells of a column are read that is guessed to be one of ours, or why they cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import evolve

from mentorkit.core.enrolling.columns import OUR_WORDS, TAG_SEPARATOR
from mentorkit.core.enrolling.recipes import folded
from mentorkit.core.proposing.cell_kinds import (
    FORMATS,
    all_numbers,
    all_zones,
    date_formats,
    known_order,
    mostly_mails,
    separator,
)
from mentorkit.core.proposing.guesses import Answers, Guess, Open
from mentorkit.core.proposing.header_words import plain_words

_ROLES = {
    **dict.fromkeys(("mentor", "mentors", "mentorin", "mentora", "mentore", "mentor in"), "mentor"),
    **dict.fromkeys(("mentee", "mentees", "mentoree", "mentoré", "aprendiz", "protege", "mentorado"), "mentee"),
    **dict.fromkeys(("both", "mentor mentee", "mentor and mentee", "mentor or mentee", "beides", "les deux", "ambos"),
                    "mentor;mentee"),
}  # fmt: skip
"""How sign-up sheets say it, in plain words."""

_LISTED = 6


def judged(answers: Answers, guess: Guess, cells: Sequence[str]) -> Guess | Open:
    """Return the guess with how its cells are read, or why they cannot be."""
    kind = OUR_WORDS.get(guess.column, "text")
    judge = _judge_role if guess.column == "role" else _JUDGES.get(kind)
    return judge(answers, guess, cells) if judge else guess


def fits(column: str, cells: Sequence[str]) -> bool:
    """Return whether cells could be those of one of our columns, whatever their header says."""
    fitting = _FITTING.get(OUR_WORDS[column])
    return fitting is None or fitting(cells)


def _judge_date(answers: Answers, guess: Guess, cells: Sequence[str]) -> Guess | Open:
    """Return how the dates are written, where only one way is possible."""
    forms = date_formats(cells)
    if answers.date_format in forms:
        forms = (answers.date_format,)
    if FORMATS[0] in forms:
        return guess
    header = guess.headers[0]
    if not forms:
        says = f'"{header}" holds cells that are no dates, such as "{_odd_date(cells)}"'
        return Open(guess.column, header, says, "dates written as 2027-03-01")
    if len(forms) > 1:
        says = f'the dates of "{header}" may be written as {" or ".join(forms)}, as "{cells[0]}"'
        return Open(guess.column, header, says, "dates written as 2027-03-01, or the format")
    return evolve(guess, format=forms[0])


def _judge_number(answers: Answers, guess: Guess, cells: Sequence[str]) -> Guess | Open:
    """Return levels as numbers, or as an order of grades."""
    header, values = guess.headers[0], sorted(set(cells))
    said = answers.level_order
    if said:
        return evolve(guess, order=said)
    if all_numbers(cells):
        return guess
    order, sure = known_order(values)
    if order:
        return evolve(guess, order=order, sure=guess.sure and sure)
    shown = ", ".join(values[:_LISTED]) + (" and more" if len(values) > _LISTED else "")
    says = f'nothing says in which order the {len(values):,} texts of "{header}" stand: {shown}'
    return Open(guess.column, header, says, "a level as a number, or the grades from the lowest to the highest")


def _judge_tags(_: Answers, guess: Guess, cells: Sequence[str]) -> Guess | Open:
    """Return what separates the tags."""
    sign = separator(cells)
    return guess if sign in ("", TAG_SEPARATOR) else evolve(guess, split=sign)


def _judge_zone(_: Answers, guess: Guess, cells: Sequence[str]) -> Guess | Open:
    """Return zones that are known ones."""
    if all_zones(cells):
        return guess
    says = f'"{guess.headers[0]}" holds cells that name no time zone, such as "{_odd_zone(cells)}"'
    return Open(guess.column, guess.headers[0], says, "time zones such as Europe/London")


def _judge_mail(_: Answers, guess: Guess, cells: Sequence[str]) -> Guess | Open:
    """Return addresses."""
    if mostly_mails(cells):
        return guess
    says = f'"{guess.headers[0]}" holds no mail addresses, but "{cells[0]}"'
    return Open(guess.column, guess.headers[0], says, "a mail address for each person")


def _judge_places(_: Answers, guess: Guess, cells: Sequence[str]) -> Guess | Open:
    """Return whole numbers."""
    if all_numbers(cells):
        return guess
    odd = next(_odd(cells, lambda cell: all_numbers([cell])))
    says = f'"{guess.headers[0]}" holds cells that are no numbers, such as "{odd}"'
    return Open(guess.column, guess.headers[0], says, "how many people each mentor takes, as a number")


def _judge_role(_: Answers, guess: Guess, cells: Sequence[str]) -> Guess | Open:
    """Return roles in our words; a column that speaks of other roles, as job titles are, is none of ours."""
    words = {cell: _ROLES.get(plain_words(cell), "") for cell in set(cells)}
    if not all(words.values()):
        odd = next(cell for cell in cells if not words[cell])
        says = f'"{guess.headers[0]}" holds more than mentor and mentee, such as "{odd}"'
        return Open("role", guess.headers[0], says, "who takes part as mentor, as mentee, or as both")
    other = {cell: word for cell, word in sorted(words.items()) if folded(cell) != word}
    return evolve(guess, map=other) if other else guess


def _odd_date(cells: Sequence[str]) -> str:
    return next(_odd(cells, lambda cell: bool(date_formats([cell]))), cells[0])


def _odd_zone(cells: Sequence[str]) -> str:
    return next(_odd(cells, lambda cell: all_zones([cell])), cells[0])


def _odd(cells: Sequence[str], fine: Callable[[str], bool]) -> Iterator[str]:
    return (cell for cell in cells if not fine(cell))


_Judge = Callable[[Answers, Guess, Sequence[str]], "Guess | Open"]
_JUDGES: Mapping[str, _Judge] = {
    "date": _judge_date,
    "number": _judge_number,
    "tags": _judge_tags,
    "zone": _judge_zone,
    "mail": _judge_mail,
    "places": _judge_places,
}
_FITTING: Mapping[str, Callable[[Sequence[str]], bool]] = {
    "date": lambda cells: bool(date_formats(cells)),
    "number": lambda cells: all_numbers(cells) or bool(known_order(sorted(set(cells)))[0]),
    "zone": all_zones,
    "mail": mostly_mails,
    "places": all_numbers,
}
