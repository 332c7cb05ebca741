"""What all chat services have in common: whom they reach, tokens that are wrong, marks in names, messages too long."""

import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mentorkit.core.contracts import (
    ChannelDownError,
    ChannelKind,
    ColumnsChannel,
    IdentifiedChannel,
    InvitingChannel,
    Outgoing,
    ProbingChannel,
    Secret,
)
from mentorkit.messages.frame import framed
from mentorkit.messages.markdown import escaped, to_html
from mentorkit.testing import a_moment, a_person
from mentorkit_channels.chat.saying import said
from mentorkit_channels.mattermost import MattermostKind, MattermostOptions
from mentorkit_channels.services import mattermost, slack, teams, zulip
from mentorkit_channels.slack import SlackKind, SlackOptions
from mentorkit_channels.teams import TeamsKind, TeamsOptions
from mentorkit_channels.zulip import ZulipKind, ZulipOptions

ADA = "u" * 26
BOT = "b" * 26
TALK = "c" * 26
TOKEN = Secret("env", "TOKEN")
HELLO = Outgoing(
    *("k", "Ada", "ada@example.org", "Aurora", "aurora@example.org", "Hello", "", ""),
    at=a_moment("2027-01-11T09:00:00+00:00"),
    message_id="k@p",
)
HERE = {"allow_private": True, "timeout": 5.0}


def slack_of(server, setting, **options):
    server.on("POST", "/api/auth.test", body={"ok": True})
    return SlackKind().open(SlackOptions(token=TOKEN, base_url=f"{server.url}/api", **HERE, **options), setting)


def teams_of(server, setting, **options):
    setting.reveal.secrets["TOKEN"] = f"{server.url}/workflow?sig=canary"
    return TeamsKind().open(TeamsOptions(url=TOKEN, **HERE, **options), setting)


def mattermost_of(server, setting, **options):
    server.on("GET", "/api/v4/users/me", body={"id": BOT})
    server.on("GET", "/api/v4/users/email/ada@example.org", body={"id": ADA, "delete_at": 0})
    server.on("POST", "/api/v4/channels/direct", 201, {"id": TALK})
    return MattermostKind().open(MattermostOptions(url=server.url, token=TOKEN, **HERE, **options), setting)


def zulip_of(server, setting, **options):
    server.on("GET", "/api/v1/users/me", body={"result": "success"})
    server.on("GET", "/api/v1/users/ada@example.org", body={"user": {"user_id": 7, "is_active": True}})
    return ZulipKind().open(ZulipOptions(url=server.url, user="bot@example.org", key=TOKEN, **HERE, **options), setting)


OPENED = {"slack": slack_of, "teams": teams_of, "mattermost": mattermost_of, "zulip": zulip_of}
TAKEN = {
    "slack": (200, {"ok": True, "ts": "1700000000.000100", "channel": "D1"}),
    "teams": (202, ""),
    "mattermost": (201, {"id": "p" * 26}),
    "zulip": (200, {"result": "success", "id": 42}),
}
POSTS = {
    "slack": "/api/chat.postMessage",
    "teams": "/workflow",
    "mattermost": "/api/v4/posts",
    "zulip": "/api/v1/messages",
}
every_service = pytest.mark.parametrize("name", OPENED)


def to_ada(hello, **changes):
    return evolve(hello, values=(("slack_id", "U012ABCDEF"),), **changes)


def with_body(hello, body):
    return to_ada(hello, html=framed(to_html(body), hello.subject, "en"))


def posted(server, name):
    return [one for one in server.asked if one.path.partition("?")[0] == POSTS[name]]


def delivered(name, server, setting, outgoing, status=None, body="", **more):
    channel = OPENED[name](server, setting)
    taken, answer = TAKEN[name]
    server.on("POST", POSTS[name], status or taken, body if status else answer, **more)
    return channel.prepare(outgoing).commit()


@every_service
def test_the_kinds_say_what_they_do(name):
    (kind,) = (one for one in (SlackKind(), TeamsKind(), MattermostKind(), ZulipKind()) if one.name == name)
    assert isinstance(kind, ChannelKind)
    assert isinstance(kind, ColumnsChannel)
    assert isinstance(kind, IdentifiedChannel)
    assert not isinstance(kind, InvitingChannel)
    assert (True, False) == (kind.leaves_machine, kind.repeat_is_harmless)


@every_service
def test_nothing_is_posted_before_the_commit_and_then_once(name, server, setting, hello):
    channel = OPENED[name](server, setting)
    server.on("POST", POSTS[name], *TAKEN[name])
    prepared = channel.prepare(to_ada(hello))
    assert [] == posted(server, name)
    assert "sent" == prepared.commit().outcome
    assert 1 == len(posted(server, name))
    channel.prepare(to_ada(hello)).abandon()
    assert 1 == len(posted(server, name))


@every_service
def test_secrets_and_people_are_in_no_receipt_and_no_error(name, server, setting, hello):
    channel = OPENED[name](server, setting)
    server.on("POST", POSTS[name], 422, {"error": "Ada", "id": "Ada L", "code": "ada@example.org", "msg": "Ada"})
    said = str(channel.prepare(to_ada(hello)).commit())
    assert "failed" in said
    server.on("POST", POSTS[name], 401, {"message": "secret-of-TOKEN canary"})
    said += str(channel.prepare(to_ada(hello)).commit()) + repr(channel)
    with pytest.raises(ChannelDownError) as down:
        channel.prepare(to_ada(hello))
    said += str(down.value)
    assert not re.search(r"ada@|Ada L|secret-of|canary", said)


@every_service
@pytest.mark.parametrize(
    ("status", "outcome"), [(500, "unknown"), (503, "deferred"), (429, "deferred"), (401, "deferred")]
)
def test_answers_mean_what_they_mean_for_all(name, status, outcome, server, setting, hello):
    receipt = delivered(name, server, setting, to_ada(hello), status, headers={"Retry-After": "77"})
    assert outcome == receipt.outcome
    assert (timedelta(seconds=77) if status in (429, 503) else None) == receipt.retry_after


@every_service
def test_an_answer_that_never_comes_leaves_it_in_doubt(name, server, setting, hello):
    assert "unknown" == delivered(name, server, setting, to_ada(hello), 200, drop="after").outcome


@pytest.mark.parametrize("name", ["slack", "zulip"])
def test_a_page_of_something_else_is_no_yes(name, server, setting, hello):
    assert "unknown" == delivered(name, server, setting, to_ada(hello), 200, "<html>Log in</html>").outcome


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("slack", "POST", "/api/auth.test"),
        ("mattermost", "GET", "/api/v4/users/me"),
        ("zulip", "GET", "/api/v1/users/me"),
    ],
)
@pytest.mark.parametrize("status", [401, 403, 429, 500, 200])
def test_a_wrong_token_closes_the_channel_before_anything_is_posted(name, method, path, status, server, setting, hello):
    channel = OPENED[name](server, setting)
    server.on(method, path, status, {"ok": False, "error": "invalid_auth"} if name == "slack" else "")
    if name == "zulip" and status == 200:
        return
    with pytest.raises(ChannelDownError, match="TOKEN"):
        channel.prepare(to_ada(hello))
    assert [] == posted(server, name)


@pytest.mark.parametrize("name", ["slack", "mattermost", "zulip"])
def test_a_token_that_cannot_be_one_closes_the_channel(name, server, setting, hello):
    setting.reveal.secrets["TOKEN"] = "canäry"
    channel = OPENED[name](server, setting)
    if name == "zulip":
        server.on("GET", "/api/v1/users/me", 401)
    with pytest.raises(ChannelDownError, match=r"token|TOKEN") as down:
        channel.prepare(to_ada(hello))
    assert "canäry" not in str(down.value)
    assert [] == posted(server, name)


@pytest.mark.parametrize(
    "made",
    [
        lambda url: SlackOptions(token=TOKEN, base_url=url),
        lambda url: MattermostOptions(url=url, token=TOKEN),
        lambda url: ZulipOptions(url=url, user="bot@example.org", key=TOKEN),
    ],
)
@pytest.mark.parametrize("url", ["https://chat.example.org/?a=b", "http://chat.example.org", "chat.example.org"])
def test_an_address_that_is_no_servers_is_refused(made, url):
    with pytest.raises(ValueError, match="address"):
        made(url)


# ------------------------------------------------------------------------------------------- marks in values

HOSTILE = [
    "@channel @here @all @everyone",
    "<!everyone> <!channel> <@U012ABCDEF> <#C1> <https://evil.example|your bank>",
    "@**all** @**everyone** @*team* #**general** @_**Ada|7**",
    "**bold** _it_ `code` ~~gone~~ [your bank](https://evil.example) ![x](https://evil.example/x.png)",
    "- item",
    "# heading",
    "> quote",
    "1. one",
    "```",
    "| a | b |",
    "&lt;b&gt; &amp; &#64;channel",
    "/me /poll",
    ":smile: :+1: 10:20:30",
    "\\*x\\* \\",
    "$$x^2$$ <time:2027-01-11>",
    "<at>Ada</at> {{DATE(2027-01-11T09:00:00Z,SHORT)}}",
]


def text_shown(markdown):
    """Return what a reader of CommonMark shows, without invisible spaces."""
    html = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).render(markdown)
    return html.replace("\u200b", "")


def written(module, hello, body):
    return module.MARKDOWN.written(said(with_body(hello, body))[1:])


@pytest.mark.parametrize("module", [mattermost, zulip])
@pytest.mark.parametrize("value", HOSTILE)
def test_no_mark_in_a_name_means_anything(module, value, hello):
    for body in (f"Hello {escaped(value)}", escaped(value), f"**{escaped(value)}**", f"- {escaped(value)}"):
        html = text_shown(written(module, hello, body))
        assert value.strip() in unescape(re.sub(r"<[^>]+>", "", html)).replace("\n", " "), html
        allowed = {"p", "strong", "ul", "li"}
        assert set(re.findall(r"<([a-z0-9]+)", html)) <= allowed, html


@pytest.mark.parametrize("module", [mattermost, zulip])
@given(value=st.text(st.sampled_from(list("\\`*_{}[]()#+-.!|<>~@&:$/=1ab ")), min_size=1, max_size=40))
@example(value="*a* b_c_")
def test_whatever_a_name_is_it_shows_as_it_was_typed(module, value):
    shown = " ".join(value.split())
    if not shown or set(shown) <= {"=", "-"}:
        return
    html = text_shown(written(module, HELLO, f"Hello {escaped(shown)}!"))
    assert f"<p>Hello {shown}!</p>" == unescape(html).strip()


@pytest.mark.parametrize("value", HOSTILE)
def test_mattermost_finds_nobody_to_mention(value, hello):
    assert not re.search(r"(?<![A-Za-z0-9])@[A-Za-z*_]", written(mattermost, hello, f"Hello {escaped(value)}"))


@pytest.mark.parametrize("value", HOSTILE)
def test_zulip_finds_no_mention_stream_emoji_formula_or_time(value, hello):
    text = written(zulip, hello, f"Hello {escaped(value)}")
    assert not re.search(r"@[*_]|#\*|:[\w+-]+:|\$\$|<time|\]\(", re.sub(r"&#\d+;", "", text))


@pytest.mark.parametrize("value", HOSTILE)
def test_slack_gets_names_as_text_that_it_does_not_read(value, server, setting, hello):
    delivered("slack", server, setting, to_ada(with_body(hello, escaped(value)), subject=value))
    sent = posted(server, "slack")[-1].json
    header, *rest = sent["blocks"]
    assert {"type": "plain_text", "text": value, "emoji": False} == header["text"]
    (section,) = rest[0]["elements"]
    assert {"type": "text", "text": value} == section["elements"][0]
    assert not re.search(r"[<>]", sent["text"])
    assert not re.search(r"&(?!amp;|lt;|gt;)", sent["text"])
    assert (False, False, False, False) == tuple(
        sent[key] for key in ("mrkdwn", "link_names", "unfurl_links", "unfurl_media")
    )


@pytest.mark.parametrize("value", HOSTILE)
def test_teams_gets_names_as_text_in_which_nothing_is_a_link_or_a_mention(value, server, setting, hello):
    delivered("teams", server, setting, to_ada(with_body(hello, escaped(value)), subject=value))
    sent = posted(server, "teams")[-1].json
    for block in sent["attachments"][0]["content"]["body"]:
        (run,) = block["inlines"]
        assert value == run["text"].replace("\u200b", "")
        assert "](" not in run["text"]
        assert "<at" not in run["text"]


# ------------------------------------------------------------------------------------------------- too long


@every_service
def test_what_is_too_long_is_cut_with_a_word(name, server, setting, hello):
    body = "\n\n".join(f"Paragraph {number} of many * & < words." * 3 for number in range(2000))
    assert "sent" == delivered(name, server, setting, with_body(hello, body)).outcome
    sent = posted(server, name)[-1].body
    text = parse_qs(sent.decode())["content"][0] if name == "zulip" else sent.decode()
    assert "The rest is too long for this channel." in text
    size, most = {
        "slack": (len(re.findall(r"[^ ]* of many \* & < words", text)) * 3, 1_000),
        "teams": (len(sent), teams.LARGEST),
        "mattermost": (len(json.loads(sent)["message"]) if name == "mattermost" else 0, mattermost.MOST_TEXT),
        "zulip": (len(text), zulip.MOST_TEXT),
    }[name]
    assert most * 0.5 < size <= most


def test_slack_gets_no_more_blocks_and_text_than_it_takes(server, setting, hello):
    many = "\n\n---\n\n".join("x" * 10 for _ in range(100))
    delivered("slack", server, setting, with_body(hello, many))
    delivered("slack", server, setting, to_ada(hello, subject="s" * 299, html="<p>" + "y" * 50_000 + "</p>"))
    first, second = (one.json for one in posted(server, "slack"))
    assert len(first["blocks"]) <= 50
    assert slack.MOST_TEXT >= len(second["blocks"][1]["elements"][0]["elements"][0]["text"]) > slack.MOST_TEXT - 500
    assert 150 == len(second["blocks"][0]["text"]["text"])


# ---------------------------------------------------------------------------------------------------- Slack


def test_slack_is_asked_as_it_wants_to_be(server, setting, hello):
    receipt = delivered("slack", server, setting, to_ada(hello))
    assert "message 1700000000.000100" == receipt.detail
    (post,) = posted(server, "slack")
    assert "Bearer secret-of-TOKEN" == post.headers["Authorization"]
    assert "U012ABCDEF" == post.json["channel"]
    assert {"event_type": "mentorkit_message", "event_payload": {"key": hello.key}} == post.json["metadata"]
    assert [
        {"type": "text", "text": "Hello "},
        {"type": "text", "text": "Ada", "style": {"bold": True}},
        {"type": "text", "text": "."},
        {"type": "text", "text": "\n"},
    ] == post.json["blocks"][1]["elements"][0]["elements"]


def test_slack_gets_lists_quotes_code_and_links(server, setting, hello):
    body = "3. a\n4. [b](https://x.org)\n\n- c\n  - d\n\n> e\n\n```\nf\n```\n"
    delivered("slack", server, setting, with_body(hello, body))
    found = posted(server, "slack")[0].json["blocks"][1]["elements"]
    assert [
        ("rich_text_list", "ordered", 0, 2),
        ("rich_text_list", "bullet", 0, None),
        ("rich_text_list", "bullet", 1, None),
        ("rich_text_quote", None, None, None),
        ("rich_text_preformatted", None, None, None),
    ] == [(one["type"], one.get("style"), one.get("indent"), one.get("offset")) for one in found]
    assert [{"type": "link", "url": "https://x.org", "text": "b"}] == found[0]["elements"][1]["elements"]


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "missing_scope", "messages_tab_disabled"])
def test_slack_saying_no_to_the_app_closes_the_channel(error, server, setting, hello):
    channel = slack_of(server, setting)
    server.on("POST", POSTS["slack"], body={"ok": False, "error": error})
    assert "deferred" == channel.prepare(to_ada(hello)).commit().outcome
    with pytest.raises(ChannelDownError, match=error):
        channel.prepare(to_ada(hello))


@pytest.mark.parametrize(
    ("error", "outcome", "bad"),
    [
        ("channel_not_found", "failed", True),
        ("user_disabled", "failed", True),
        ("invalid_blocks", "failed", False),
        ("msg_too_long", "failed", False),
        ("ratelimited", "deferred", False),
        ("internal_error", "unknown", False),
        ("fatal_error", "unknown", False),
        (None, "unknown", False),
    ],
)
def test_slacks_words_for_one_message(error, outcome, bad, server, setting, hello):
    receipt = delivered("slack", server, setting, to_ada(hello), 200, {"ok": False, "error": error})
    assert (outcome, bad) == (receipt.outcome, receipt.bad_address)


@pytest.mark.parametrize("written", ["C012ABCDEF", "#general", "ada", "U1", "U012ABCDEF,U2", ""])
def test_only_a_person_is_written_to_in_slack(written, server, setting, hello):
    channel = slack_of(server, setting)
    receipt = channel.prepare(evolve(hello, values=(("slack_id", written),))).commit()
    assert ("failed", True) == (receipt.outcome, receipt.bad_address)
    assert [] == posted(server, "slack")


def test_slack_reaches_who_has_an_id(server, setting):
    channel = slack_of(server, setting)
    assert channel.reaches(a_person("1", slack_id="U012ABCDEF"), "")
    assert not channel.reaches(a_person("1"), "ada@example.org")
    assert not channel.reaches(None, "ada@example.org")
    assert ("slack_id",) == SlackKind().columns(SlackOptions(token=TOKEN))


@pytest.mark.parametrize(
    ("messages", "more", "expected"),
    [
        ([{"metadata": {"event_payload": {"key": "20270111T0900Z.welcome.p1.mentor"}}}], False, "present"),
        ([{"metadata": {"event_payload": {"key": "another"}}}, {}, "odd"], False, "absent"),
        ([], True, "unknown"),
    ],
)
def test_slack_is_asked_whether_a_message_is_there(messages, more, expected, server, setting, hello):
    channel = slack_of(server, setting)
    assert isinstance(channel, ProbingChannel)
    server.on("POST", "/api/conversations.open", body={"ok": True, "channel": {"id": "D1"}})
    server.on("POST", "/api/conversations.history", body={"ok": True, "messages": messages, "has_more": more})
    assert expected == channel.probe(to_ada(hello))
    asked = server.asked[-1].json
    assert ("D1", True, f"{hello.at.timestamp():.0f}") == (
        asked["channel"],
        asked["include_all_metadata"],
        asked["oldest"],
    )


def test_slack_that_may_not_look_says_nothing(server, setting, hello):
    channel = slack_of(server, setting)
    server.on("POST", "/api/conversations.open", body={"ok": False, "error": "missing_scope"})
    assert "unknown" == channel.probe(to_ada(hello))


# ---------------------------------------------------------------------------------------------------- Teams


def test_teams_is_told_whom_to_post_a_card_to(server, setting, hello):
    assert "sent" == delivered("teams", server, setting, to_ada(hello)).outcome
    (post,) = posted(server, "teams")
    assert "/workflow?sig=canary" == post.path
    assert ("ada@example.org", hello.key, "message") == tuple(post.json[one] for one in ("recipient", "key", "type"))
    (attachment,) = post.json["attachments"]
    assert "application/vnd.microsoft.card.adaptive" == attachment["contentType"]
    card = attachment["content"]
    assert ("AdaptiveCard", "1.4") == (card["type"], card["version"])
    assert [
        [{"type": "TextRun", "text": "Welcome, Ada", "weight": "Bolder", "size": "Large"}],
        [
            {"type": "TextRun", "text": "Hello "},
            {"type": "TextRun", "text": "Ada", "weight": "Bolder"},
            {"type": "TextRun", "text": "."},
        ],
    ] == [block["inlines"] for block in card["body"]]


def test_teams_may_find_people_by_a_column(server, setting, hello):
    channel = teams_of(server, setting, column="upn")
    assert channel.reaches(a_person("1", upn="ada@corp.example"), "")
    assert not channel.reaches(a_person("1"), "ada@example.org")
    channel.prepare(evolve(hello, values=(("upn", "ada@corp.example"),))).commit()
    assert "ada@corp.example" == server.asked[-1].json["recipient"]


@pytest.mark.parametrize(
    ("status", "body"), [(400, {"error": {"code": "WorkflowTriggerIsNotEnabled"}}), (404, ""), (410, ""), (403, "")]
)
def test_a_workflow_that_is_gone_or_off_closes_the_channel(status, body, server, setting, hello):
    channel = teams_of(server, setting)
    server.on("POST", POSTS["teams"], status, body)
    assert "deferred" == channel.prepare(hello).commit().outcome
    with pytest.raises(ChannelDownError, match=r"workflow|address"):
        channel.prepare(hello)


# ----------------------------------------------------------------------------------------------- Mattermost


def test_mattermost_finds_people_by_mail_address_and_writes_to_them_alone(server, setting, hello):
    assert "sent" == delivered("mattermost", server, setting, hello).outcome
    opened = next(one for one in server.asked if one.path == "/api/v4/channels/direct")
    assert [BOT, ADA] == json.loads(opened.body)
    (post,) = posted(server, "mattermost")
    assert {
        "channel_id": TALK,
        "message": "**Welcome, Ada**\n\nHello **Ada**.",
        "props": {"mentorkit_key": hello.key, "disable_group_highlight": True},
    } == post.json
    assert "Bearer secret-of-TOKEN" == post.headers["Authorization"]


def test_mattermost_may_find_people_by_a_column(server, setting, hello):
    channel = mattermost_of(server, setting, column="chat_id")
    assert channel.reaches(a_person("1", chat_id=ADA), "")
    assert not channel.reaches(a_person("1"), "ada@example.org")
    server.on("POST", POSTS["mattermost"], 201, {})
    assert "sent" == channel.prepare(evolve(hello, values=(("chat_id", ADA),))).commit().outcome
    for wrong in ("me", "../posts", ADA + "x"):
        receipt = channel.prepare(evolve(hello, values=(("chat_id", wrong),))).commit()
        assert ("failed", True) == (receipt.outcome, receipt.bad_address)


@pytest.mark.parametrize(("status", "body"), [(404, {}), (200, {"id": ADA, "delete_at": 5}), (200, {"id": "../x"})])
def test_whom_mattermost_does_not_know_is_not_reached_there(status, body, server, setting, hello):
    channel = mattermost_of(server, setting)
    server.on("GET", "/api/v4/users/email/ada@example.org", status, body)
    receipt = channel.prepare(hello).commit()
    assert ("failed", True) == (receipt.outcome, receipt.bad_address)
    assert [] == posted(server, "mattermost")


@pytest.mark.parametrize(("status", "raised"), [(429, ChannelDownError), (403, ChannelDownError), (500, OSError)])
@pytest.mark.parametrize("asked", [("GET", "/api/v4/users/email/ada@example.org"), ("POST", "/api/v4/channels/direct")])
def test_mattermost_that_does_not_say_who_is_meant_delivers_nothing(status, raised, asked, server, setting, hello):
    channel = mattermost_of(server, setting)
    server.on(*asked, status)
    with pytest.raises(raised):
        channel.prepare(hello)
    assert [] == posted(server, "mattermost")


def test_mattermost_says_when_to_come_back_in_a_header_of_its_own(server, setting, hello):
    receipt = delivered("mattermost", server, setting, hello, 429, headers={"X-Ratelimit-Reset": "3"})
    assert ("deferred", timedelta(seconds=3)) == (receipt.outcome, receipt.retry_after)


def test_who_may_not_be_written_to_in_mattermost_is_not_everybody(server, setting, hello):
    channel = mattermost_of(server, setting)
    server.on("POST", POSTS["mattermost"], 403, {"id": "api.context.permissions.app_error"})
    receipt = channel.prepare(hello).commit()
    assert ("failed", "403 Forbidden (api.context.permissions.app_error)") == (receipt.outcome, receipt.detail)
    server.on("POST", POSTS["mattermost"], 201, {})
    assert "sent" == channel.prepare(hello).commit().outcome


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"posts": {"x": {"props": {"mentorkit_key": "20270111T0900Z.welcome.p1.mentor"}}}}, "present"),
        (200, {"posts": {"x": {"props": {}}, "y": 3}}, "absent"),
        (500, "", "unknown"),
        (200, "<html>", "unknown"),
    ],
)
def test_mattermost_is_asked_whether_a_message_is_there(status, body, expected, server, setting, hello):
    channel = mattermost_of(server, setting)
    assert isinstance(channel, ProbingChannel)
    server.on("GET", f"/api/v4/channels/{TALK}/posts", status, body)
    assert expected == channel.probe(hello)
    assert f"since={int(hello.at.timestamp() * 1000)}" in server.asked[-1].path


# ---------------------------------------------------------------------------------------------------- Zulip


def test_zulip_finds_people_by_mail_address_and_writes_to_them_alone(server, setting, hello):
    assert "sent" == delivered("zulip", server, setting, hello).outcome
    (post,) = posted(server, "zulip")
    assert {
        "type": ["direct"],
        "to": ["[7]"],
        "content": ["**Welcome, Ada**\n\nHello **Ada**."],
    } == parse_qs(post.body.decode())
    assert "Basic Ym90QGV4YW1wbGUub3JnOnNlY3JldC1vZi1UT0tFTg==" == post.headers["Authorization"]


@pytest.mark.parametrize(
    ("status", "body"),
    [(400, {"code": "BAD_REQUEST"}), (404, {}), (200, {"user": {"user_id": 7, "is_active": False}})],
)
def test_whom_zulip_does_not_know_is_not_reached_there(status, body, server, setting, hello):
    channel = zulip_of(server, setting)
    server.on("GET", "/api/v1/users/ada@example.org", status, body)
    receipt = channel.prepare(hello).commit()
    assert ("failed", True) == (receipt.outcome, receipt.bad_address)
    assert [] == posted(server, "zulip")


def test_zulip_may_find_people_by_a_column(server, setting, hello):
    channel = zulip_of(server, setting, column="zulip")
    server.on("GET", "/api/v1/users/12", body={"user": {"user_id": 12, "is_active": True}})
    server.on("POST", POSTS["zulip"], *TAKEN["zulip"])
    assert "sent" == channel.prepare(evolve(hello, values=(("zulip", "12"),))).commit().outcome
    assert ["[12]"] == parse_qs(server.asked[-1].body.decode())["to"]
    for wrong in ("me", "../messages", "12/x"):
        receipt = channel.prepare(evolve(hello, values=(("zulip", wrong),))).commit()
        assert ("failed", True) == (receipt.outcome, receipt.bad_address)
