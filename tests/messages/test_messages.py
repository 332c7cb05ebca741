from datetime import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.contracts import Role
from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import (
    Agenda,
    Length,
    MessageSet,
    MessageText,
    Privacy,
    Question,
    Series,
    Step,
    TranslatedQuestion,
    When,
)
from mentorkit.messages import check_messages, render
from mentorkit.messages.markdown import Markdown
from mentorkit.messages.naming import Reader, known_names
from mentorkit.messages.rendering import problems_of
from mentorkit.testing import a_message, a_person, a_program, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
EVERYBODY = a_roster(a_person("1", "mentor"), a_person("2", "mentee"))
CONTEXT = {"me": {"name": "Ada", "skills": ""}, "partners": [{"name": "Bo"}, {"name": "Cy"}], "session": None}


def a_text(body: str = "Hello.", subject: str = "Hello", **changes: object) -> MessageText:
    return evolve(MessageText("messages/x.md", "", "", subject, body, body_line=5, subject_line=2), **changes)


def problems(body: str = "Hello.", subject: str = "Hello") -> tuple[Diagnostic, ...]:
    with pytest.raises(ProgramError) as caught:
        render(a_text(body, subject), CONTEXT)
    assert caught.value.diagnostics == problems_of(a_text(body, subject), CONTEXT)  # what checking looks for
    return caught.value.diagnostics


def shown(html: str) -> str:
    """What a reader sees of a page, without its head."""
    pieces: list[str] = []
    parser = HTMLParser()
    parser.handle_data = pieces.append  # type: ignore[method-assign]
    parser.feed(html.partition("</head>")[2])
    parser.close()
    return " ".join("".join(pieces).split())


def a_step(message: MessageSet, anchor: str = "match", to: tuple[str, ...] = ("mentor",), **changes: object) -> Step:
    when = When(anchor, at=time(9), offset=Length(0, "days"))  # type: ignore[arg-type]
    return evolve(Step("news", when, to, message), **changes)


def check(body: str, anchor: str = "match", to: tuple[str, ...] = ("mentor",), **changes: object) -> list[str]:
    step = a_step(a_message("messages/x", body=body), anchor, to, **changes)
    return [one.message for one in check_messages(a_program(timeline=(step,)), ROLES, EVERYBODY)]


# ------------------------------------------------------------------------------------------------------ rendering


def test_a_message_is_a_subject_a_text_and_a_page():
    body = 'Hello **{{ me.name }}**,\n\nmeet {{ partners | map(attribute="name") | join(" and ") }}.\n'
    rendered = render(a_text(body, "For {{ me.name }}"), CONTEXT)
    assert "For Ada" == rendered.subject
    assert "Hello **Ada**,\n\nmeet Bo and Cy.\n" == rendered.text
    assert ">Hello <strong>Ada</strong>,</p>" in rendered.html
    assert '<html lang="en"' in rendered.html


def test_the_page_says_its_language_and_loads_nothing():
    rendered = render(a_text("Hallo ![x](https://tracker.example/x.png) <img src=x>", language="de"), CONTEXT)
    assert '<html lang="de"' in rendered.html
    assert "<img" not in rendered.html
    assert "src=" not in rendered.html.replace("&lt;img src=x&gt;", "")


def test_a_line_with_only_a_tag_leaves_no_gap_and_other_lines_keep_their_breaks():
    body = "a\n{% for one in partners %}\n- {{ one.name }}\n{% endfor %}\n\nHi{% if me %}, you{% endif %}\nthere\n"
    assert "a\n- Bo\n- Cy\n\nHi, you\nthere\n" == render(a_text(body), CONTEXT).text


@pytest.mark.parametrize(
    "value",
    [
        "*Eve* <script>",
        "[x](http://evil)",
        "# Boss",
        "1. one",
        "- x",
        "a_b_c",
        "&amp; <b>",
        "`x`",
        "a\\*b",
        "http://x.y",
    ],
)
def test_a_value_shows_as_it_was_typed(value):
    rendered = render(a_text("Hello {{ me.name }}!\n\n{{ me.name }}", "{{ me.name }}"), {"me": {"name": value}})
    assert f"Hello {value}! {value}" == shown(rendered.html)
    assert f"Hello {value}!\n\n{value}\n" == rendered.text
    assert value == rendered.subject
    assert "<script" not in rendered.html
    assert "<a " not in rendered.html


def test_an_agenda_is_markdown_and_a_link_may_hold_a_value():
    body = "{{ agenda }}\n\n[Join]({{ place }})"
    page = render(a_text(body), {"agenda": Markdown("## *Goals*"), "place": "https://meet.example/x?a=1&b=*2*"}).html
    assert "<em>Goals</em></h2>" in page
    assert '<a href="https://meet.example/x?a=1&amp;b=*2*">Join</a>' in page


@pytest.mark.parametrize("place", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example"])
def test_links_lead_to_the_web_and_to_mail_only(place):
    assert "<a " not in render(a_text("[Join]({{ place }})"), {"place": place}).html


def test_a_value_of_several_lines_stands_on_one():
    rendered = render(a_text("Hi {{ name }}", "To {{ name }}"), {"name": "Eve\r\nBcc: x\0y"})
    assert "To Eve Bcc: x\ufffdy" == rendered.subject
    assert "Hi Eve Bcc: x\ufffdy\n" == rendered.text


def test_long_values_and_subjects_are_cut_with_a_mark():
    rendered = render(a_text("{{ name }}", "{{ name }}"), {"name": "x" * 9999})
    assert "x" * 299 + "…" == rendered.subject
    assert "x" * 1999 + "…\n" == rendered.text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=60))
def test_whatever_the_value_the_page_shows_it(value):
    rendered = render(a_text("Hello {{ me.name }}!", "To {{ me.name }}!"), {"me": {"name": value}})
    words = " ".join(f"Hello {value}!".split())
    assert words == shown(rendered.html)
    assert words == " ".join(rendered.text.split())
    assert 1 == len(rendered.subject.splitlines())


# ----------------------------------------------------------------------------------------------------- the language

HOSTILE = Path(__file__).parent.parent / "data/messages/hostile.txt"


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        (
            'partners | selectattr("role", "equalto", "mentor") | list',
            'the filter "selectattr" takes attribute, and got 3',
        ),
        ("me.name | upper(1)", 'the filter "upper" takes nothing in brackets, and got 1'),
        ("partners | map", 'the filter "map" takes attribute, and got 0'),
    ],
)
def test_a_filter_with_other_arguments_is_told_in_words(expression, told):
    (problem,) = problems("Dear {{ me.name }}, {{ " + expression + " }}")
    assert ("message-forbidden", told) == (problem.code, problem.message)


@pytest.mark.parametrize("body", HOSTILE.read_text(encoding="utf-8").splitlines())
def test_nothing_hostile_is_rendered(body):
    (problem,) = problems(body)
    assert problem.code in {"message-forbidden", "message-syntax", "message-unknown-name"}
    assert ("messages/x.md", 5) == (problem.file, problem.line)


@pytest.mark.parametrize(
    "body", ["{{ " + "(" * 5000, "{{ " + "9" * 6000 + " }}", "{% for a in partners %}" * 60 + "{% endfor %}" * 60]
)
def test_too_deep_is_a_problem_not_a_crash(body):
    assert "message-syntax" == problems(body)[0].code


def test_doubling_a_text_again_and_again_ends():
    body = "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}"
    assert "more than 20,000 characters" in problems(body)[0].message


def test_loops_share_a_budget():
    body = "{% for a in l %}{% for b in l %}{% for c in l %}{% endfor %}{% endfor %}{% endfor %}"
    with pytest.raises(ProgramError, match="repeat more than"):
        render(a_text(body), {"l": list(range(40))})


def test_a_message_has_a_largest_size():
    with pytest.raises(ProgramError, match="200,000"):
        render(a_text("{% for a in l %}{{ x }}{% endfor %}"), {"l": list(range(200)), "x": "x" * 1999})
    assert "message-too-long" == problems("x" * 60_001)[0].code
    assert "message-too-long" == problems(subject="x" * 301)[0].code


def test_what_authors_need_works():
    context = {"n": 2, "l": [{"a": "y", "on": True}, {"a": "X", "on": False}], "none": None}
    body = (
        "{{ n * 2 + 1 }} {{ l|sort('a')|map('a')|join('+') }} {{ l|selectattr('on')|length }} {{ none }}|{{ 'a' if n }}"
    )
    assert "5 X+y 1 |a\n" == render(a_text(body), context).text
    numbered = "{% for one in l %}{{ loop.index }}/{{ loop.length }} {% endfor %}{{ 'no' if none }}{{ n is defined }}"
    assert "1/2 2/2 yes\n" == render(a_text(numbered), context).text


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_names_are_listed_as_a_sentence_lists_them(names, said):
    body = "{{ l | map('a') | listed('and') }}."
    assert f"{said}.\n" == render(a_text(body), {"l": [{"a": one} for one in names]}).text


def test_an_unknown_name_is_placed_and_the_nearest_offered():
    (problem,) = problems("Hello\n\n{{ partnrs }}")
    assert ("messages/x.md", 7, '"partnrs" is not known here') == (problem.file, problem.line, problem.message)
    assert 'did you mean "partners"?' == problem.help
    (inner,) = problems("Hello\n{{ me.nam }}")
    assert (6, 'did you mean "name"?') == (inner.line, inner.help)
    (unlike,) = problems("{{ zzz }}")
    assert "messages know me, partners or session" == unlike.help


def test_a_part_of_nothing_says_to_ask_first():
    (problem,) = problems("{{ session.date }}")
    assert "some recipients have no such thing: put it between {% if … %} and {% endif %}" == problem.help


def test_subject_and_body_are_reported_together():
    first, second = problems("{{ b }}", "{{ a }}")
    assert (2, 5) == (first.line, second.line)


@pytest.mark.parametrize("subject", ["a\nb", "a\rb", "a\0b", "a\u2028b", "", "   ", "{{ me.skills }}"])
def test_a_subject_is_one_line_with_something_in_it(subject):
    assert "message-subject" == problems(subject=subject)[0].code


# -------------------------------------------------------------------------------------------------------- checking


def test_a_good_message_passes_in_every_case():
    body = (
        "{{ me.name }} {{ me.role_title }} {{ coordinator.name }} {{ program.starts }} {{ words.mentee }}\n"
        "{% for one in relationships %}{{ one.partners|map('name')|join }}{% if one.session %}{{ one.session.when }}"
        "{% endif %}{% endfor %}{{ agenda }}"
    )
    everybody = ("everyone", "matched", "unmatched", "eligible", "coordinator", "managers", "mentor")
    for anchor in ("match", "start", "session", "relationship-end"):
        assert [] == check(body, anchor, everybody)


def test_a_session_may_be_missing_unless_the_step_hangs_on_it():
    assert [] == check("{{ session.when }}", "session")
    assert ['"when" is asked of something that is not there for everybody'] == check("{{ session.when }}", "match")


def test_a_relationship_may_be_missing_unless_the_anchor_belongs_to_one():
    assert [] == check("{{ relationship.partners[0].name }}", "match")
    assert 1 == len(check("{{ relationship.partners[0].name }}", "start"))
    assert 1 == len(check("{{ relationship.partners[0].name }}", "match", ("unmatched",)))
    assert 1 == len(check("{{ relationship.partners[0].name }}", "match", ("managers",)))


def test_several_relationships_are_tried_unless_each_has_its_message():
    body = "{% if relationships|length > 1 %}{{ me.oops }}{% endif %}"
    assert ['"oops" is not known here'] == check(body)
    assert [] == check(body, per="relationship")


def test_every_language_of_the_roster_is_tried():
    texts = (a_text(path="messages/x.md"), a_text("{{ oh }}", path="messages/x.de.md", language="de"))
    program = a_program(timeline=(a_step(MessageSet("messages/x", texts)),))
    assert () == check_messages(program, ROLES, EVERYBODY)
    german = a_roster(a_person("1", "mentor", language="DE-at"))
    (problem,) = check_messages(program, ROLES, german)
    assert "messages/x.de.md" == problem.file


def test_readers_get_agendas_and_questions_in_their_language_and_its_mistakes_are_found():
    agenda = Agenda("1.md", "Start", "# Start", translations=(Agenda("1.de.md", "Anfang", "# Anfang {{ oh }}", "de"),))
    asked = Question("q", "How?", "yes-no", translations=(TranslatedQuestion("de", "Wie, {{ ah }}?", ("ja", "nein")),))
    series = Series("sessions", 1, (Length(2, "weeks"),), agendas=(agenda,))
    step = a_step(a_message("messages/x"), questions=(asked,))
    program = a_program(timeline=(step,), series=(series,))
    assert [("1.de.md", '"oh"'), ("", 'the question "q": "ah"')] == [
        (one.file, one.message.partition(" is not")[0]) for one in check_messages(program, ROLES, EVERYBODY)
    ]


def in_german(body: str, agendas: tuple[Agenda, ...] = (), **changes: object) -> list[str]:
    texts = (a_text(), a_text(body, path="messages/x.de.md", language="de"))
    step = a_step(MessageSet("messages/x", texts), **changes)
    series = Series("sessions", 2, (Length(2, "weeks"),), agendas=agendas)
    program = a_program(timeline=(step,), series=(series,))
    assert () == check_messages(program, ROLES, EVERYBODY)
    german = a_roster(a_person("1", "mentor", language="de"), a_person("2", "mentee", language="fr"))
    found = check_messages(program, ROLES, german)
    assert {"translation-missing"} >= {one.code for one in found}
    return [one.message for one in found]


def test_days_are_told_in_the_language_of_the_text_they_stand_in():
    asked = Question(
        "q", "From {{ program.starts }}?", translations=(TranslatedQuestion("de", "Ab {{ program.starts }}?"),)
    )
    reader = Reader(a_person("1", "mentor", language="de"), "mentor", "UTC")
    step = a_step(a_message("messages/x"), questions=(asked,))
    for language, own, told in (
        ("de", "en", "Montag, 11. Januar 2027"),
        ("", "en", "Monday 11 January 2027"),
        ("", "fr", "lundi 11 janvier 2027"),
    ):
        names = known_names(a_program(language=own), {}, EVERYBODY, step, reader, (), language=language)
        assert told == names["program"]["starts"]
        assert "Ab Montag, 11. Januar 2027?" == names["questions"][0]["text"]


def test_people_who_would_read_two_languages_are_no_surprise():
    plain, german = Agenda("2.md", "On", "# On"), (Agenda("1.de.md", "Anfang", "# Anfang", "de"),)
    translated = Agenda("1.md", "Start", "# Start", translations=german)
    asked = Question("q", "How?", translations=(TranslatedQuestion("de", "Wie?"),))
    shows = "{{ agenda }}"
    assert [] == in_german(shows, (translated,), questions=(asked,))
    assert ['the agendas 2 are not in "de", though others are'] == in_german("Ja.", (translated, plain))
    assert ['no agenda is in "de", though the message of "news" in this language shows them'] == in_german(
        shows, (plain,)
    )
    assert [] == in_german("Ja, agenda.", (plain,))
    assert ['the survey "news" has a message in "de", but no questions in it'] == in_german(
        "Ja.", questions=(evolve(asked, translations=()),)
    )


def test_a_role_without_a_text_is_named():
    message = MessageSet("messages/x", (a_text(role="mentor"),))
    (problem,) = check_messages(a_program(timeline=(a_step(message, to=("everyone",)),)), ROLES, EVERYBODY)
    assert ("message-missing-variant", "timeline.news.to") == (problem.code, problem.path)
    assert '"news" goes to "mentee", but messages/x has no text for them' == problem.message


def test_columns_show_only_when_named_and_never_when_sensitive():
    step = a_step(a_message("messages/x", body="{{ me.department }} {{ partners[0].department }}"))
    assert () == check_messages(a_program(timeline=(step,), message_columns=("department",)), ROLES, EVERYBODY)
    (unnamed,) = check_messages(a_program(timeline=(step,)), ROLES, EVERYBODY)
    assert '"department" is not known here' == unnamed.message
    private = a_program(timeline=(), message_columns=("erg",), privacy=Privacy(sensitive=("erg",)))
    (problem,) = check_messages(private, ROLES, EVERYBODY)
    assert "message-sensitive-column" == problem.code


def test_a_problem_met_many_times_is_told_once():
    assert 1 == len(check("{{ foo }}", to=("mentor", "mentee", "everyone", "coordinator")))


def test_a_survey_shows_its_questions():
    asked = (Question("useful", "Was it useful?", "scale"),)
    body = "{% for question in survey.questions %}{{ question.text }}{% endfor %}"
    assert [] == check(body, questions=asked)
    assert 1 == len(check(body))


def test_a_question_is_asked_in_the_programs_words_and_its_mistakes_are_placed():
    question = Question("again", "Would you be a {{ words.mentor }} again?", "choice", ("a {{ words.mentee }}", "no"))
    message = a_message(body="{% for one in questions %}{{ one.text }} {{ one.choices | join('/') }}{% endfor %}")
    step = a_step(message, questions=(question,))
    program = a_program(timeline=(step,), words={"mentor": "road captain", "mentee": "rider"})
    words = {"mentor": "road captain", "mentee": "rider"}
    names = known_names(program, words, EVERYBODY, step, Reader(None, "mentor", "UTC"), ())
    assert "Would you be a road captain again? a rider/no\n" == render(message.texts[0], names).text
    (problem,) = check_messages(
        a_program(timeline=(evolve(step, questions=(evolve(question, text="{{ word }}"),)),)), ROLES, EVERYBODY
    )
    assert ('the question "again": "word" is not known here', "surveys.news.questions") == (
        problem.message,
        problem.path,
    )


def test_every_agenda_is_checked_also_those_of_later_sessions():
    agendas = (Agenda("agendas/1.md", "One", "# One"), Agenda("agendas/2.md", "Two", "# Two\n\nThe {{ words.mentr }}"))
    series = (Series("sessions", 2, (Length(2, "weeks"),), agendas=agendas),)
    (problem,) = check_messages(a_program(series=series, timeline=()), ROLES, EVERYBODY)
    assert ("agendas/2.md", 3, 'did you mean "mentor"?') == (problem.file, problem.line, problem.help)


@pytest.mark.parametrize(
    ("body", "told"),
    [("[![a](" * 600, '1,000 "["'), ("| a | b |\n|---|---|\n" + "| x | y |\n" * 1_000, '1,000 lines with "|"')],
)
def test_markdown_that_takes_too_long_is_refused(body, told):
    problem = problems(body)[0]
    assert "message-forbidden" == problem.code
    assert told in problem.message


def test_brackets_that_mean_themselves_count_for_nothing():
    assert "[" * 1_500 in render(a_text("\\[" * 1_500), {}).html
