"""A program folder and a way to run commands in it, as a user would."""

import json

import pytest
from attrs import frozen

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PEOPLE = """\
id,name,email,level,department,skills,wants,timezone,manager_id,role
1,Ada Osei,ada@example.org,4,Engineering,python;leadership,,Europe/London,,mentor
2,Ben Ruiz,ben@example.org,4,Sales,negotiation;public speaking,,Europe/Madrid,,mentor
4,Dev Patel,dev@example.org,2,Engineering,,leadership;python,Europe/London,1,mentee
5,Eva Novak,eva@example.org,2,Sales,,leadership;budgeting,Europe/Prague,2,mentee
6,Finn Berg,finn@example.org,1,Finance,,public speaking,Europe/Oslo,2,mentee
"""
PROGRAM = """\
format = 1

[program]
name = "Pilot"
starts = 2027-01-11
timezone = "Europe/London"
coordinator = "office@example.org"

[roster]
file = "people.csv"

[model]
use = "one-on-one"
"""


@frozen
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def document(self):
        return json.loads(self.out)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return program_folder(tmp_path, {"pilot.toml": PROGRAM, "people.csv": PEOPLE})


@pytest.fixture
def mentorkit(folder, capfd):
    """Return a function that runs a command in the folder."""

    def run(*arguments: str) -> Ran:
        code = run_command(arguments)
        return Ran(code, *capfd.readouterr())

    return run
