"""`match --trade-off` says what each objective costs the next one."""

import pytest

AT = ["--at", "2027-01-11T10:00"]


@pytest.fixture
def evened(folder):
    """A program that spreads mentees evenly although one mentor suits both of them better."""
    people = (
        "id,name,role,wants,skills,level,capacity\n"
        "1,Ada,mentor,,python;go,4,2\n2,Ben,mentor,,python,4,1\n"
        "4,Dev,mentee,python;go,,2,\n5,Eva,mentee,python;go,,2,\n"
    )
    program = (
        folder / "pilot.toml"
    ).read_text() + '\n[matching]\nobjective = ["coverage", "even-load", "total-score"]\n'
    criteria = '[matching.criteria.skills]\nkind = "overlap"\nmentee = "wants"\nmentor = "skills"\nweight = 1\n'
    (folder / "people.csv").write_text(people)
    (folder / "pilot.toml").write_text(program + criteria)
    return folder


def test_as_text(mentorkit, evened):
    ran = mentorkit("match", "pilot.toml", *AT, "--trade-off")
    assert 0 == ran.code, ran.err
    assert (
        "what the objectives cost\n"
        "  coverage: what it costs even-load cannot be said: without coverage, matching nobody would be best.\n"
        "  even-load costs 50.0 points: without it 200.0 points (2 matched), with it 150.0 points (2 matched).\n"
    ) == ran.out[ran.out.index("what the objectives") :]


def test_as_json_beside_everything_else(mentorkit, evened):
    document = mentorkit("match", "pilot.toml", *AT, "--trade-off", "--json").document
    assert ["even-load", "total-score", 50.0, 150.0, 200.0, 2, 2, True, ""] == list(document["trade_off"][1].values())
    assert "trade_off" not in mentorkit("match", "pilot.toml", *AT, "--json").document


def test_one_objective_alone(mentorkit, evened):
    text = (evened / "pilot.toml").read_text()
    (evened / "pilot.toml").write_text(text.replace('["coverage", "even-load", "total-score"]', '["coverage"]'))
    assert "There is one objective alone" in mentorkit("match", "pilot.toml", *AT, "--trade-off").out


def test_a_review_has_none(mentorkit):
    ran = mentorkit("match", "pilot.toml", "--trade-off", "--review", "review.csv")
    assert 2 == ran.code
    assert "leave --review out" in ran.err


@pytest.mark.parametrize("matcher", ["stable", "random"])
def test_a_matcher_without_objectives_has_no_costs(mentorkit, evened, matcher):
    text = (evened / "pilot.toml").read_text()
    objective = 'objective = ["coverage", "even-load", "total-score"]'
    (evened / "pilot.toml").write_text(text.replace(objective, f'use = "{matcher}"'))
    ran = mentorkit("match", "pilot.toml", *AT, "--trade-off")
    assert 0 == ran.code, ran.err
    told = f"coverage: what it costs total-score cannot be said: the matcher {matcher} pursues no objective."
    assert told in ran.out
