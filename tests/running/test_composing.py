from datetime import datetime, timedelta

import pytest
from attrs import evolve

from mentorkit.core.contracts import Outgoing, Role
from mentorkit.core.deliveries import Delivery, Recipient, Transmission
from mentorkit.core.errors import ProgramError
from mentorkit.core.happenings import Departure, without
from mentorkit.core.history import KnownRelationship
from mentorkit.core.program import Agenda, Length, MessageSet, MessageText, Privacy, Program, Series, Step, When
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.sessions import Session
from mentorkit.core.zones import to_utc
from mentorkit.running.composing import make_composer
from mentorkit.testing import a_message, a_moment, a_person, a_program, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
ROSTER = a_roster(
    a_person("m1", "mentor", name="Ada Lovelace", preferred_name="Ada", timezone="Europe/London", department="Mills"),
    a_person("e1", "mentee", name="Bo Ek", timezone="Asia/Tokyo", language="de"),
    a_person("e2", "mentee", name="Cy Young"),
    a_person("boss", name="The Boss"),
)
DUE = a_moment("2027-01-11T09:00:00+00:00")


def paired(mentee: str, state: str = "published") -> KnownRelationship:
    members = (Member("m1", "mentor"), Member(mentee, "mentee"))
    return KnownRelationship(Relationship(f"r-{mentee}", members, 81.3), state, DUE)  # type: ignore[arg-type]


def a_session(mentee: str, number: int, local: str) -> Session:
    start = datetime.fromisoformat(local)
    starts = to_utc(start, "Europe/London")
    return Session(
        f"r-{mentee}-{number}",
        f"r-{mentee}",
        "sessions",
        number,
        start,
        "Europe/London",
        starts,
        60,
        ("m1", mentee),
        "Room 1",
    )


SESSIONS = (
    a_session("e1", 2, "2027-04-05T09:00"),
    a_session("e1", 1, "2027-01-25T09:00"),
    a_session("e2", 1, "2027-01-26T10:00"),
)


def a_transmission(
    person: str,
    role: str,
    *relationships: str,
    occurrence: str = "once",
    kind: str = "person",
    zone: str = "Europe/London",
) -> Transmission:
    recipient = Recipient(4, person, role, kind)  # type: ignore[arg-type]
    deliveries = tuple(
        Delivery(f"news/{occurrence}/p4/{role}/{one}", "news", occurrence, recipient, one)
        for one in relationships or ("",)
    )
    return Transmission("20270111T0900Z.news.p4." + role, "news", recipient, DUE, DUE + timedelta(7), zone, deliveries)


def the_program(body: str, subject: str = "News", **changes: object) -> Program:
    step = Step("news", When("match"), ("everyone",), a_message("messages/news", subject, body))
    agendas = (Agenda("agendas/1.md", "First meeting", "# First meeting\n\n*Talk.*"),)
    series = (Series("sessions", 2, (Length(2, "weeks"),), agendas=agendas),)
    return a_program(**{"timeline": (step,), "series": series, **changes})


def composed(program: Program, transmission: Transmission, known: tuple[KnownRelationship, ...] = ()) -> Outgoing:
    known = known or (paired("e2"), paired("e1"))
    outgoing = make_composer(program, ROLES, ROSTER, known, SESSIONS)(transmission)
    assert outgoing is not None
    return outgoing


def text(body: str, transmission: Transmission, known: tuple[KnownRelationship, ...] = (), **changes: object) -> str:
    return composed(the_program(body, **changes), transmission, known).text.strip()


def test_a_message_goes_from_the_coordinator_to_one_person_with_stable_ids():
    contacts = {"coordinator": "Aurora team <aurora@example.org>"}
    outgoing = composed(the_program("Hi {{ me.name }}", contacts=contacts), a_transmission("m1", "mentor", "r-e1"))
    assert ("Aurora team", "aurora@example.org") == (outgoing.from_name, outgoing.from_address)
    assert ("Ada Lovelace", "m1@example.org") == (outgoing.to_name, outgoing.to_address)
    assert "20270111T0900Z.news.p4.mentor@pilot.mentorkit" == outgoing.message_id
    assert (DUE, "en", "Hi Ada\n", ()) == (outgoing.at, outgoing.language, outgoing.text, outgoing.attachments)


def test_without_a_coordinator_nobody_is_asked_to_reply():
    outgoing = composed(the_program("Hi", contacts={}, id="my pilot"), a_transmission("m1", "mentor"))
    assert ("Pilot", "no-reply@my-pilot.mentorkit") == (outgoing.from_name, outgoing.from_address)


def test_ids_hold_no_names_whatever_a_step_is_called():
    transmission = evolve(a_transmission("m1", "mentor"), key="20270111T0900Z.día nuevo.p4.mentor")
    assert (
        "20270111T0900Z.d%C3%ADa%20nuevo.p4.mentor@pilot.mentorkit"
        == composed(the_program("Hi"), transmission).message_id
    )


def test_a_mentor_of_two_gets_both_in_one_message():
    body = "{% for one in relationships %}{{ one.partners[0].name }} {{ one.session.when }};{% endfor %}"
    expected = (
        "Bo Ek Monday 25 January 2027, 09:00 (Europe/London);Cy Young Tuesday 26 January 2027, 10:00 (Europe/London);"
    )
    assert expected == text(body, a_transmission("m1", "mentor", "r-e1", "r-e2"))
    assert "Bo Ek, Cy Young" == text(
        "{{ partners|map('name')|join(', ') }}", a_transmission("m1", "mentor", "r-e1", "r-e2")
    )


def test_times_are_on_the_readers_clocks_across_clock_changes():
    body = "{% for s in relationship.sessions %}{{ s.number }}/{{ s.count }} {{ s.iso }} {{ s.place }};{% endfor %}"
    there = a_transmission("e1", "mentee", "r-e1", zone="Asia/Tokyo")
    assert "1/2 2027-01-25 18:00 Room 1;2/2 2027-04-05 17:00 Room 1;" == text(body, there)
    here = a_transmission("m1", "mentor", "r-e1")
    assert "1/2 2027-01-25 09:00 Room 1;2/2 2027-04-05 09:00 Room 1;" == text(body, here)


def test_a_step_on_a_session_speaks_of_that_session():
    second = a_transmission("e1", "mentee", "r-e1", occurrence="r-e1-2")
    assert "2 Monday 5 April 2027" == text("{{ session.number }} {{ session.date }}", second)


def test_an_agenda_comes_as_it_is_written():
    outgoing = composed(the_program("{{ session.title }}: {{ agenda }}"), a_transmission("e1", "mentee", "r-e1"))
    assert "First meeting: # First meeting\n\n*Talk.*\n" == outgoing.text
    assert "<em>Talk.</em>" in outgoing.html


def test_an_agenda_speaks_of_roles_in_the_programs_words_and_never_as_markup():
    agendas = (
        Agenda("agendas/1.md", "Day of the {{ words.mentor }}", "# {{ program.name }}\n\nThe {{ words.mentor }}."),
    )
    program = the_program(
        "{{ session.title }}\n\n{{ agenda }}",
        words={"mentor": "*road* captain"},
        series=(Series("sessions", 2, (Length(2, "weeks"),), agendas=agendas),),
    )
    outgoing = composed(program, a_transmission("e1", "mentee", "r-e1"))
    assert "Day of the *road* captain\n\n# Pilot\n\nThe *road* captain.\n" == outgoing.text
    assert "The *road* captain.</p>" in outgoing.html


def test_a_step_on_the_program_speaks_of_the_relationships_there_are():
    body = "{{ partners|map('name')|join(', ') or 'nobody' }}"
    assert "Bo Ek, Cy Young" == text(body, a_transmission("m1", "mentor"))
    ended = (paired("e1", "ended"), paired("e2", "proposed"))
    assert "nobody" == text(body, a_transmission("m1", "mentor"), ended)
    assert "nobody" == text(body, a_transmission("boss", "eligible"))


def test_a_relationship_that_ended_can_still_be_spoken_of():
    body = "{{ partners[0].name }}"
    assert "Ada" == text(body, a_transmission("e1", "mentee", "r-e1"), (paired("e1", "ended"),))


def test_managers_are_not_told_who_is_with_whom_unless_the_program_says_so():
    body = "{{ partners|map('name')|join(', ') or 'nobody' }}"
    transmission = a_transmission("boss", "managers", "r-e1")
    assert "nobody" == text(body, transmission)
    assert "Ada, Bo Ek" == text(body, transmission, privacy=Privacy(managers_see=("partners",)))


def test_a_contact_is_written_to_by_its_own_address():
    contacts = {"sponsor": "Dee Dee <dee@example.org>"}
    outgoing = composed(
        the_program("{{ me.name }} {{ partners|length }}", contacts=contacts),
        a_transmission("sponsor", "sponsor", "r-e1", kind="contact"),
    )
    assert ("Dee Dee", "dee@example.org", "Dee Dee 2\n") == (outgoing.to_name, outgoing.to_address, outgoing.text)


def test_a_contact_without_a_name_is_called_by_its_part_and_addressed_by_its_address_alone():
    contacts = {"coordinator": "people-team@example.org"}
    outgoing = composed(
        the_program("Dear {{ me.name }}, {{ coordinator.name }}", contacts=contacts),
        a_transmission("coordinator", "coordinator", kind="contact"),
    )
    assert ("", "people-team@example.org") == (outgoing.to_name, outgoing.to_address)
    assert ("Pilot", "Dear coordinator, Pilot\n") == (outgoing.from_name, outgoing.text)


def test_the_readers_language_and_role_choose_the_text():
    texts = (
        MessageText("n.md", "", "", "News", "any"),
        MessageText("n.de.md", "", "de", "Neues", "deutsch"),
        MessageText("n.mentor.md", "mentor", "", "News", "for mentors"),
    )
    step = Step("news", When("match"), ("everyone",), MessageSet("messages/n", texts))
    program = a_program(timeline=(step,))
    german = composed(program, a_transmission("e1", "mentee", "r-e1"))
    assert ("de", "Neues", "deutsch\n") == (german.language, german.subject, german.text)
    assert '<html lang="de"' in german.html
    assert "for mentors\n" == composed(program, a_transmission("m1", "mentor", "r-e1")).text
    assert "any\n" == composed(program, a_transmission("e2", "mentee", "r-e2")).text


def test_a_role_without_a_text_is_a_problem():
    step = Step(
        "news", When("match"), ("mentee",), MessageSet("n", (MessageText("n.mentor.md", "mentor", "", "a", "b"),))
    )
    with pytest.raises(ProgramError, match='"news" goes to "mentee"'):
        composed(a_program(timeline=(step,)), a_transmission("e1", "mentee", "r-e1"))


def test_words_rename_roles_and_columns_show_only_where_named():
    body = "{{ me.role_title }} {{ partners[0].role_title }} {{ words.mentee }} {{ partners[0].department }}"
    transmission = a_transmission("e1", "mentee", "r-e1")
    shown = text(body, transmission, words={"mentee": "explorer"}, message_columns=("department",))
    assert "explorer mentor explorer Mills" == shown
    with pytest.raises(ProgramError, match="department"):
        text(body, transmission)
    with pytest.raises(ProgramError, match="department"):
        text(body, transmission, message_columns=("department",), privacy=Privacy(sensitive=("department",)))


def test_a_partner_who_is_gone_from_the_roster_is_called_by_their_role():
    gone = a_roster(a_person("e1", "mentee"))
    program = the_program("{{ partners[0].name }}{{ partners[0].email }}")
    composer = make_composer(program, ROLES, gone, [paired("e1")], SESSIONS)
    outgoing = composer(a_transmission("e1", "mentee", "r-e1"))
    assert outgoing is not None
    assert "mentor\n" == outgoing.text


def test_what_an_earlier_run_left_for_somebody_or_of_a_step_that_is_gone_is_not_composed():
    composer = make_composer(the_program("Hi", contacts={}), ROLES, ROSTER, [paired("e1")], SESSIONS)
    assert composer(a_transmission("gone", "mentor", "r-e1")) is None
    assert composer(a_transmission("sponsor", "sponsor", kind="contact")) is None
    assert composer(evolve(a_transmission("m1", "mentor", "r-e1"), step="old-step")) is None


def test_the_order_of_what_is_known_does_not_matter():
    program = the_program("{% for one in relationships %}{{ one.partners[0].name }} {% endfor %}{{ session.when }}")
    transmission = a_transmission("m1", "mentor")
    forward = make_composer(program, ROLES, ROSTER, [paired("e1"), paired("e2")], SESSIONS)(transmission)
    backward = make_composer(program, ROLES, ROSTER, [paired("e2"), paired("e1")], SESSIONS[::-1])(transmission)
    assert forward == backward


def ended(mentee: str, reason: str) -> KnownRelationship:
    return evolve(paired(mentee, "ended"), ended_at=DUE, end_noted=DUE, reason=reason)


@pytest.mark.parametrize(
    ("reason", "ending"),
    [("left", "left"), ("declined", "declined"), ("rematched", "rematched"), ("no chemistry", "ended")],
)
def test_a_message_can_say_how_a_relationship_ended_but_not_in_whose_words(reason: str, ending: str):
    body = "{% if relationship.ended %}over: {% endif %}{{ relationship.ending }}"
    transmission = a_transmission("m1", "mentor", "r-e1")
    assert f"over: {ending}" == text(body, transmission, (ended("e1", reason),))
    assert "" == text(body, transmission, (paired("e1"),))


def test_what_has_ended_is_left_out_unless_nothing_else_is_left():
    body = "{{ partners|map('name')|join(', ') }}"
    transmission = a_transmission("m1", "mentor", "r-e1", "r-e2")
    assert "Cy Young" == text(body, transmission, (ended("e1", "left"), paired("e2")))
    assert "Bo Ek, Cy Young" == text(body, transmission, (ended("e1", "left"), ended("e2", "left")))


def test_a_step_about_the_end_names_those_that_ended():
    program = the_program("{{ partners|map('name')|join(', ') }}")
    program = evolve(program, timeline=(evolve(program.timeline[0], when=When("relationship-end")),))
    transmission = a_transmission("m1", "mentor", "r-e1", "r-e2")
    outgoing = composed(program, transmission, (ended("e1", "left"), paired("e2")))
    assert "Bo Ek, Cy Young" == outgoing.text.strip()


def test_who_has_left_a_relationship_that_goes_on_is_nobodys_partner():
    members = (Member("m1", "mentor"), Member("e1", "mentee"), Member("e2", "mentee"))
    whole = KnownRelationship(Relationship("r-e1", members, 81.3), "published", DUE)
    fewer = without(whole, Departure("r-e1", Member("e1", "mentee"), DUE, "left", "e"))
    program = the_program("{{ partners|map('name')|join(', ') }}")
    transmission = a_transmission("m1", "mentor", "r-e1")
    for group, expected in ((whole, "Bo Ek, Cy Young"), (fewer, "Cy Young")):
        outgoing = make_composer(program, ROLES, ROSTER, (group,), SESSIONS)(transmission)
        assert outgoing is not None
        assert expected == outgoing.text.strip()


@pytest.mark.parametrize("occurrence", ["r-e1-2", "r-e1-2+1", "r-e1-2~2", "r-e1-2+3~2"])
def test_a_moved_or_repeated_occurrence_speaks_of_its_session(occurrence: str):
    assert "2" == text("{{ session.number }}", a_transmission("m1", "mentor", "r-e1", occurrence=occurrence))


def test_a_coordinator_reads_who_each_pair_is():
    body = "{% for one in relationships %}{{ one.partners|map('name')|join(' and ') }};{% endfor %}"
    transmission = a_transmission("coordinator", "coordinator", "r-e1", "r-e2", kind="contact")
    contacts = {"coordinator": "c@example.org"}
    assert "Ada and Bo Ek;Ada and Cy Young;" == text(body, transmission, contacts=contacts)
