"""A program in which every secret and every person is a canary: words that nothing else contains."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from mentorkit.testing import program_folder

OPEN = "Sesame"
"""Stands in every secret."""
QUILL = "quill"
"""Stands in every name, address and cell of a person."""
TELLING = {"one": "receipt", "two": "down", "three": "exception", "four": "unknown"}
"""Channels that tell all they know, and how."""
WAYS = ("mail", "hook", "slack", "teams", "matrix", "mattermost", "zulip", "apprise", "box", *TELLING)
PROGRAM = """\
format = 1
program.name = "Aviary"
program.starts = 2027-01-11
program.length = "12 weeks"
program.timezone = "UTC"
program.coordinator = "office@example.org"
roster.file = "people.csv"
model.use = "one-on-one"
matching.rules = {}
plugins.files = ["telling.py"]
messages.columns = ["notes"]
sessions = { count = 2, cadence = "every 2 weeks", book = "all", place = { column = "room" } }
answers.files = ["answers.csv", "inbox"]
[surveys.pulse]
message = "messages/hello"
questions = "pulse.toml"
when = "start + 0 days at 09:00"
to = "everyone"
"""
TELLING_CHANNEL = """[channels.NAME]
use = "telling"
password = { env = "TELLING" }
how = "HOW"
"""
STEP = """[timeline.DAY]
when = "start + NUMBER days at 09:00"
to = ["everyone", "coordinator"]
message = "messages/hello"
"""
CHANNELS = """
[channels.hook]
use = "webhook"
url = { env = "HOOK_URL" }
secret = { file = "secrets/hook" }
token = { env = "HOOK_TOKEN" }
columns = ["phone"]
allow_private = true
[channels.slack]
use = "slack"
token = { env = "SLACK_TOKEN" }
base_url = "URL/api"
allow_private = true
[channels.teams]
use = "teams"
url = { env = "TEAMS_URL" }
allow_private = true
[channels.matrix]
use = "matrix"
url = "URL"
token = { file = "secrets/matrix" }
allow_private = true
[channels.mattermost]
use = "mattermost"
url = "URL"
token = { file = "secrets/mattermost" }
allow_private = true
[channels.zulip]
use = "zulip"
url = "URL"
user = "bot@example.org"
key = { env = "ZULIP_KEY" }
allow_private = true
[channels.apprise]
use = "apprise"
url = { env = "APPRISE_URL" }
column = "phone"
[channels.calendars]
use = "caldav"
url = "URL/dav/{room}/"
user = "planner"
password = { env = "CALENDAR_PASSWORD" }
allow_private = true
[channels.mail]
use = "smtp"
host = "localhost"
port = PORT
security = "none"
user = "aviary@example.org"
password = { file = "secrets/mail" }
from = "Aviary <aviary@example.org>"
[channels.box]
use = "outbox"
"""
QUESTION = '[[question]]\nid = "use"\ntext = "Was it of use?"\n'
HELLO = """---
subject: Hello {{ me.name }}
---
{{ me.name }}, {{ me.notes }}, {{ partners | map(attribute='name') | join }}
"""


def secrets(url: str) -> dict[str, str]:
    """Return the secrets in the environment, and those in files, by path."""
    return {
        "HOOK_URL": f"{url}/hooks/{OPEN}HookUrl01?sig={OPEN}HookSig02",
        "HOOK_TOKEN": f"{OPEN}-Hook/Token+03",
        "SLACK_TOKEN": f"xoxb-{OPEN}Slack04",
        "TEAMS_URL": f"{url}/flow/{OPEN}Flow05?sig={OPEN}Sig06",
        "ZULIP_KEY": f"{OPEN}Zulip07",
        "APPRISE_URL": f"json://someone:{OPEN}Apprise08@{url.removeprefix('http://')}/text/{{to}}",
        "CALENDAR_PASSWORD": f"{OPEN} Calendar§09",
        "TELLING": f"{OPEN}'Telling\\10",
        "secrets/hook": f"{OPEN}HookKey11",
        "secrets/matrix": f"syt_{OPEN}Matrix12",
        "secrets/mattermost": f"{OPEN}Mattermost13",
        "secrets/mail": f"{OPEN} Mail 14",
    }


def write(folder: Path, url: str, port: int) -> dict[str, str]:
    """Write the program into a folder; return the variables of the environment that it needs."""
    kept = secrets(url)
    rows = ["id,name,role,email,channel,slack_id,matrix_room,phone,room,notes"]
    for number, way in enumerate(WAYS):
        role = "mentor" if number % 2 else "mentee"
        slack, matrix = ("U0QUILL01" if way == "slack" else ""), f"!zab-{way}-quill:example.org"
        rows.append(
            f"{person_id(number)},Zab{way}quill Zeb{way}quill,{role},zab.{way}.quill@example.org,{way},"
            f"{slack},{matrix},+1555{number:04}quill,zob-{way}-quill,zib {way} quill"
        )
    steps = "".join(STEP.replace("DAY", f"day{number}").replace("NUMBER", str(number)) for number in range(8))
    channels = CHANNELS.replace("URL/", f"{url}/").replace('"URL"', f'"{url}"').replace("PORT", str(port))
    telling = "".join(TELLING_CHANNEL.replace("NAME", name).replace("HOW", how) for name, how in TELLING.items())
    order = f"[delivery]\nchannels = {['calendars', *WAYS]}\n"
    files = {
        "p.toml": PROGRAM + steps + channels + telling + order,
        "people.csv": "\n".join(rows) + "\n",
        "telling.py": Path(__file__).with_name("telling.py").read_text(),
        "messages/hello.md": HELLO,
        "pulse.toml": QUESTION,
        "answers.csv": "id,at,person,kind,subject,value\n",
        "inbox/.keep": "",
        **{path: f"{content}\n" for path, content in kept.items() if "/" in path},
    }
    program_folder(folder, files)
    for path in kept:
        if "/" in path:
            (folder / path).chmod(0o600)
    return {name: content for name, content in kept.items() if "/" not in name}


def person_id(number: int) -> str:
    return f"Kx{4471 + number}N"


_RUN = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_STANDARD = bytes.maketrans(b"-_", b"+/")


def words_in(content: bytes, *words: str) -> set[str]:
    """Return those words that stand in some bytes: as they are, percent-encoded, or in base64 wherever it begins."""
    runs = {run[at:].translate(_STANDARD) for run in _RUN.findall(content) for at in range(4)}
    decoded = b"\0".join(base64.b64decode(run + b"=" * (-len(run) % 4)) for run in runs if len(run) % 4 != 1)
    everything = b"\0".join((content, unquote_to_bytes(content), decoded)).lower()
    return {word for word in words if word.lower().encode() in everything}
