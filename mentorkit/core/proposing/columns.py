"""From headers and cells to a proposed mapping: by the words of headers in several languages, and by cells."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, frozen

from mentorkit.core.enrolling.columns import OUR_WORDS
from mentorkit.core.enrolling.recipes import folded
from mentorkit.core.proposing.cell_kinds import (
    all_numbers,
    date_formats,
    mostly_mails,
)
from mentorkit.core.proposing.guesses import Answers, Guess, Open, Sheet
from mentorkit.core.proposing.header_words import hints, meaning
from mentorkit.core.proposing.judging import fits, judged

_BY_HEADER = "its header says so"
_SAID = "you said so"
_KNOWN_MANAGERS = 0.8


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
                if column not in ("id", "manager_id", "role") and fits(column, cells):
                    self.guesses[column] = Guess(column, (header,), "a word of its header says so", sure=False)

    def _wanted(self, column: str) -> bool:
        return column not in self.answers.columns

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
        if cells:
            found = judged(self.answers, guess, cells)
            if isinstance(found, Guess):
                self.guesses[column] = found
            else:
                self.open.append(found)
                if folded(guess.headers[0]) != column:
                    del self.guesses[column]
