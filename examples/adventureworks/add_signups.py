"""Add invented sign-up answers to the roster of Adventure Works: `python add_signups.py` writes people.csv.

Reads adventureworks.csv beside this file. Who signs up, as what, and with which answers depends on nothing but the ids,
through SHA-256, so that the result is the same everywhere and always.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

HERE = Path(__file__).parent

SKILLS = {
    "Document Control": ["technical writing", "process improvement", "compliance"],
    "Engineering": ["product design", "cad", "project management", "materials"],
    "Executive": ["strategy", "leadership", "public speaking", "finance"],
    "Facilities and Maintenance": ["maintenance", "safety", "planning"],
    "Finance": ["finance", "data analysis", "budgeting", "compliance"],
    "Human Resources": ["coaching", "recruiting", "conflict resolution", "leadership"],
    "Information Services": ["databases", "networks", "project management", "data analysis"],
    "Marketing": ["storytelling", "market research", "public speaking", "project management"],
    "Production": ["lean production", "safety", "leadership", "planning"],
    "Production Control": ["planning", "logistics", "data analysis", "lean production"],
    "Purchasing": ["negotiation", "supplier management", "budgeting"],
    "Quality Assurance": ["quality", "process improvement", "statistics", "compliance"],
    "Research and Development": ["product design", "materials", "statistics", "technical writing"],
    "Sales": ["negotiation", "customer relations", "public speaking", "market research"],
    "Shipping and Receiving": ["logistics", "planning", "safety"],
    "Tool Design": ["cad", "materials", "product design"],
}
EVERYBODY_WANTS = ["leadership", "public speaking", "project management", "negotiation", "data analysis", "coaching"]
LANGUAGES = {"AU": "english", "CA": "english;french", "DE": "german;english", "FR": "french;english", "GB": "english"}
MENTORS_IN_100 = {"2": 35, "3": 62, "4": 84, "5": 100}
MENTEES_IN_100 = {"1": 21, "2": 26}
ANSWERS = ["role", "wants", "capacity"]


def draw(person: str, what: str, below: int) -> int:
    """Return a number from 0 to `below` - 1 that depends on the person's id and the question alone."""
    return int(hashlib.sha256(f"adventureworks/{what}/{person}".encode()).hexdigest(), 16) % below


def some(person: str, what: str, choices: list[str], count: int) -> list[str]:
    """Return `count` of the choices, sorted."""
    return sorted(sorted(choices, key=lambda choice: draw(person, f"{what}/{choice}", 2**64))[:count])


def roles(row: dict[str, str]) -> list[str]:
    """Return as what a person signs up; everybody outside the United States does."""
    chance = draw(row["id"], "signs up", 100)
    abroad = not row["location"].endswith(" US")
    mentor = chance < MENTORS_IN_100.get(row["level"], 0) and not abroad
    mentee = draw(row["id"], "wants to learn", 100) < MENTEES_IN_100.get(row["level"], 0)
    return [role for role, signs_up in (("mentor", mentor), ("mentee", mentee or abroad)) if signs_up]


def languages(row: dict[str, str]) -> str:
    """Return the languages of a person by country; one in six in the United States speaks Spanish too."""
    country = row["location"].rpartition(" ")[2]
    return LANGUAGES.get(country) or ("english;spanish" if draw(row["id"], "spanish", 6) == 0 else "english")


def answers(row: dict[str, str]) -> dict[str, str]:
    """Return the sign-up answers of a person, all empty for those who do not take part."""
    person, own = row["id"], SKILLS[row["department"]]
    taken = roles(row)
    filled = dict.fromkeys([*ANSWERS, "skills", "languages"], "")
    if not taken:
        return filled
    filled |= {"role": ";".join(taken), "languages": languages(row)}
    if "mentor" in taken:
        general = some(person, "also offers", EVERYBODY_WANTS, 2)
        filled["skills"] = ";".join(sorted({*some(person, "offers", own, 3), *general}))
        filled["capacity"] = "2" if draw(person, "two mentees", 4) == 0 else "1"
    if "mentee" in taken:
        general = some(person, "also wants", EVERYBODY_WANTS, 2)
        filled["wants"] = ";".join(sorted({*some(person, "wants", own, 1), *general}))
    return filled


def main() -> None:
    """Write people.csv from adventureworks.csv."""
    with (HERE / "adventureworks.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    with (HERE / "people.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, [*rows[0], *ANSWERS], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, **answers(row)} for row in rows)


if __name__ == "__main__":
    main()
