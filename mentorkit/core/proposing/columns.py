"""From headers and cells to a proposed mapping: by the words of headers in several languages, and by cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import evolve, field, frozen

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
from mentorkit.core.proposing.guesses import Guess, Open, Sheet
from mentorkit.core.proposing.header_words import hints, meaning, plain_words

_BY_HEADER = "its header says so"
_SAID = "you said so"
_ROLES = {
    **dict.fromkeys(("mentor", "mentors", "mentorin", "mentora", "mentore", "mentor in"), "mentor"),
    **dict.fromkeys(("mentee", "mentees", "mentoree", "mentoré", "aprendiz", "protege", "mentorado"), "mentee"),
    **dict.fromkeys(("both", "mentor mentee", "mentor and mentee", "mentor or mentee", "beides", "les deux", "ambos"),
                    "mentor;mentee"),
}  # fmt: skip
"""How sign-up sheets say it, in plain words."""

_KNOWN_MANAGERS = 0.8
_LISTED = 6


@frozen
class Answers:
    """What somebody said of the columns, which stands over every guess.

    Attributes:
        columns: our column to their header; "": the file has none.
        level_order: grades from the lowest to the highest.
        date_format: how dates are written.
    """

    columns: Mapping[str, str] = field(factory=dict)
    level_order: tuple[str, ...] = ()
    date_format: str = ""


@frozen
class Proposal:
    """What the columns of a file seem to mean.

    Attributes:
        guesses: by our column, sorted.
        open: what is not clear, or missing, in the order of our words.
        unread: headers that nothing is proposed for.
    """

    guesses: Mapping[str, Guess]
    open: tuple[Open, ...]
    unread: tuple[str, ...]

    @property
    def unsure(self) -> tuple[Guess, ...]:
        """The guesses that somebody should look at."""
        return tuple(guess for guess in self.guesses.values() if not guess.sure)

    def recipes(self) -> Mapping[str, object]:
        """Return what a program must say of columns: nothing where a header is our word and reads as it is."""
        told = {column: guess.recipe for column, guess in self.guesses.items()}
        return {c: recipe for c, recipe in told.items() if not (isinstance(recipe, str) and folded(recipe) == c)}


def propose(sheet: Sheet, answers: Answers | None = None) -> Proposal:
    """Return what the columns of a sheet seem to mean, under what somebody has answered already."""
    return _Proposing(sheet, answers or Answers()).run()


class _Proposing:
    """One proposal; guesses and open questions collect in it."""

    def __init__(self, sheet: Sheet, answers: Answers) -> None:
        self.sheet, self.answers = sheet, answers
        self.guesses: dict[str, Guess] = {}
        self.open: list[Open] = []

    def run(self) -> Proposal:
        """Return the proposal."""
        for column, header in self.answers.columns.items():
            if header:
                self.guesses[column] = Guess(column, (header,), _SAID)
        self._by_words()
        self._identify()
        self._managers()
        for column, guess in list(self.guesses.items()):
            self._judge(column, guess)
        order = list(OUR_WORDS)
        used = {header for guess in self.guesses.values() for header in guess.headers}
        return Proposal(
            {column: self.guesses[column] for column in sorted(self.guesses)},
            tuple(sorted(self.open, key=lambda one: order.index(one.column) if one.column in order else len(order))),
            tuple(header for header in self.sheet.headers if header and header not in used),
        )

    def _by_words(self) -> None:
        """Take every header whose words are known; of several for one column the fullest, then the first."""
        meant = {header: meaning(header) for header in self.sheet.cells}
        names = {word: header for header, word in meant.items() if word in ("first name", "last name")}
        columns = dict.fromkeys(word for word in meant.values() if word in OUR_WORDS)
        for column in columns:
            headers = [header for header, word in meant.items() if word == column and self.sheet.cells[header]]
            exact = [header for header in headers if folded(header) == column]
            if headers and self._wanted(column):
                best = (exact or sorted(headers, key=lambda one: -len(self.sheet.cells[one])))[0]
                self.guesses[column] = Guess(column, (best,), _BY_HEADER, sure=len(headers) == 1 or bool(exact))
        if "name" not in self.guesses and names and self._wanted("name"):
            ordered = tuple(names[word] for word in ("first name", "last name") if word in names)
            self.guesses["name"] = Guess("name", ordered, _BY_HEADER)
        self._by_hints()

    def _by_hints(self) -> None:
        """Guess of headers of which some words are known: somebody should look at it."""
        taken = {header for guess in self.guesses.values() for header in guess.headers}
        for header, cells in self.sheet.cells.items():
            possible = [one for one in hints(header) if one in OUR_WORDS and one not in self.guesses]
            if header not in taken and cells and len(possible) == 1 and self._wanted(possible[0]):
                column = possible[0]
                if column not in ("id", "manager_id", "role") and self._fits(column, header):
                    self.guesses[column] = Guess(column, (header,), "a word of its header says so", sure=False)

    def _wanted(self, column: str) -> bool:
        return column not in self.answers.columns

    def _fits(self, column: str, header: str) -> bool:
        fits = _FITTING.get(OUR_WORDS[column])
        return fits is None or fits(self.sheet.cells[header])

    def _identify(self) -> None:
        """Settle what tells people apart: a column of ids, else one whose cells are all different, else addresses."""
        if not self.guesses and self._first_row_is_a_person():
            says = "the first row looks like a person, not like headers"
            self.open.append(Open("id", "", says, "a file whose first row names the columns"))
            return
        if "email" not in self.guesses and self._wanted("email"):
            addresses = [header for header, cells in self.sheet.cells.items() if mostly_mails(cells)]
            if len(addresses) == 1:
                self.guesses["email"] = Guess("email", (addresses[0],), "its cells are mail addresses")
        guess = self.guesses.get("id")
        if guess and guess.because == _SAID:
            return
        if guess and self.sheet.is_key(guess.headers[0]):
            return
        if guess:
            self._repeated(guess.headers[0])
            if folded(guess.headers[0]) == "id":  # it is read whatever anybody proposes
                return
        self.guesses.pop("id", None)
        if self._wanted("id"):
            self._other_key()

    def _first_row_is_a_person(self) -> bool:
        headers = [header for header in self.sheet.headers if header]
        return any(all_numbers([header]) or bool(date_formats([header])) for header in headers)

    def _repeated(self, header: str) -> None:
        cells, rows = self.sheet.distinct[header], len(self.sheet.rows)
        says = f'"{header}" does not tell the rows apart: {len(cells):,} distinct cells in {rows:,} rows'
        self.open.append(Open("id", header, says, "one row for each person, with an id that no two people share"))

    def _other_key(self) -> None:
        keys = [header for header in self.sheet.cells if self.sheet.is_key(header)]
        mail = self.guesses.get("email")
        if mail and mail.headers[0] in keys:
            self.guesses["id"] = Guess("id", mail.headers, "there are no ids, and every address is different")
            return
        named = [header for header in keys if {"id", "number", "nr", "no"} & set(header.casefold().split())]
        for header in (*named, *keys):
            self.guesses["id"] = Guess("id", (header,), "its cells are all different", sure=False)
            return
        if not any(one.column == "id" for one in self.open):
            says = "no column tells the people apart"
            self.open.append(Open("id", "", says, "an id, or a mail address, that no two people share"))

    def _managers(self) -> None:
        """Settle whose cells are the ids of other people."""
        key, guess = self.guesses.get("id"), self.guesses.get("manager_id")
        if not key or (guess and guess.because == _SAID):
            return
        ids = {cell.casefold() for cell in self.sheet.cells.get(key.headers[0], ())}
        if guess:
            self._known_managers(guess, ids)
        elif self._wanted("manager_id"):
            self._found_managers(key, ids)

    def _known_managers(self, guess: Guess, ids: set[str]) -> None:
        header = guess.headers[0]
        named = [cell.casefold() for cell in self.sheet.distinct[header]]
        known = sum(cell in ids for cell in named)
        if not named or known >= _KNOWN_MANAGERS * len(named):
            return
        managers = "1 manager" if len(named) == 1 else f"{len(named):,} managers"
        says = f'"{header}" names {managers}, {known:,} of them by an id that is in the file'
        self.open.append(Open("manager_id", header, says, "each person's manager by id, and the managers in the file"))
        if known:
            self.guesses["manager_id"] = evolve(guess, sure=False)
        elif folded(header) != "manager_id":
            del self.guesses["manager_id"]

    def _found_managers(self, key: Guess, ids: set[str]) -> None:
        for header, cells in self.sheet.cells.items():
            named = {cell.casefold() for cell in cells}
            enough = len(cells) >= 2 and len(named) > 1 and named <= ids and len(named) < len(cells)
            if header not in key.headers and enough and not self._used(header):
                because = "its cells are ids of other rows"
                self.guesses["manager_id"] = Guess("manager_id", (header,), because, sure=False)
                return

    def _used(self, header: str) -> bool:
        return any(header in guess.headers for guess in self.guesses.values())

    def _judge(self, column: str, guess: Guess) -> None:
        """Look at the cells of a guessed column: how they are read, or why they cannot be."""
        cells = [cell for header in guess.headers for cell in self.sheet.cells.get(header, ())]
        kind = OUR_WORDS.get(column, "text")
        if cells and (judge := _judge_role if column == "role" else _JUDGES.get(kind)):
            found = judge(self, guess, cells)
            if isinstance(found, Guess):
                self.guesses[column] = found
            elif found is not None:
                self.open.append(found)
                if folded(guess.headers[0]) != column:
                    del self.guesses[column]

    def judge_date(self, guess: Guess, cells: Sequence[str]) -> Guess | Open | None:
        """Return how the dates are written, where only one way is possible."""
        forms = date_formats(cells)
        if self.answers.date_format in forms:
            forms = (self.answers.date_format,)
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

    def judge_number(self, guess: Guess, cells: Sequence[str]) -> Guess | Open | None:
        """Return levels as numbers, or as an order of grades."""
        header, values = guess.headers[0], sorted(set(cells))
        said = self.answers.level_order
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

    def judge_tags(self, guess: Guess, cells: Sequence[str]) -> Guess | Open | None:
        """Return what separates the tags."""
        sign = separator(cells)
        return guess if sign in ("", TAG_SEPARATOR) else evolve(guess, split=sign)

    def judge_zone(self, guess: Guess, cells: Sequence[str]) -> Guess | Open | None:
        """Return zones that are known ones."""
        if all_zones(cells):
            return guess
        says = f'"{guess.headers[0]}" holds cells that name no time zone, such as "{_odd_zone(cells)}"'
        return Open(guess.column, guess.headers[0], says, "time zones such as Europe/London")

    def judge_mail(self, guess: Guess, cells: Sequence[str]) -> Guess | Open | None:
        """Return addresses."""
        if mostly_mails(cells):
            return guess
        says = f'"{guess.headers[0]}" holds no mail addresses, but "{cells[0]}"'
        return Open(guess.column, guess.headers[0], says, "a mail address for each person")

    def judge_places(self, guess: Guess, cells: Sequence[str]) -> Guess | Open | None:
        """Return whole numbers."""
        if all_numbers(cells):
            return guess
        says = f'"{guess.headers[0]}" holds cells that are no numbers, such as "{cells[0]}"'
        return Open(guess.column, guess.headers[0], says, "how many people each mentor takes, as a number")


_Judge = Callable[[_Proposing, Guess, Sequence[str]], "Guess | Open | None"]
_JUDGES: Mapping[str, _Judge] = {
    "date": _Proposing.judge_date,
    "number": _Proposing.judge_number,
    "tags": _Proposing.judge_tags,
    "zone": _Proposing.judge_zone,
    "mail": _Proposing.judge_mail,
    "places": _Proposing.judge_places,
}
_FITTING: Mapping[str, Callable[[Sequence[str]], bool]] = {
    "date": lambda cells: bool(date_formats(cells)),
    "number": lambda cells: all_numbers(cells) or bool(known_order(sorted(set(cells)))[0]),
    "zone": all_zones,
    "mail": mostly_mails,
    "places": all_numbers,
}


def _judge_role(_: _Proposing, guess: Guess, cells: Sequence[str]) -> Guess | Open | None:
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
