import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.errors import ProgramError
from mentorkit.loading.program_files import LARGEST_FILE, TomlFile, read_text, read_toml

HOSTILE = Path(__file__).parent.parent / "data" / "hostile"
REFUSED_ON_LINE = {
    "toml_array_no-comma-01.toml": 1,
    "toml_bool_starting-same-true.toml": 1,
    "toml_control_comment-ff.toml": 1,
    "toml_datetime_minute-over.toml": 2,
    "toml_encoding_utf16-key.toml": 1,
    "toml_float_exp-dot-01.toml": 1,
    "toml_inline-table_linebreak-03.toml": 1,
    "toml_integer_leading-zero-sign-01.toml": 1,
    "toml_key_space-quoted.toml": 2,
    "toml_local-date_trailing-t.toml": 2,
    "toml_local-datetime_second-over.toml": 3,
    "toml_local-time_time-no-leads-02.toml": 2,
    "toml_spec-1.0.0_keys-2.toml": 1,
    "toml_string_bad-uni-esc-ml-07.toml": 1,
    "toml_table_duplicate-key-07.toml": 2,
}


def refused(path: Path) -> Diagnostic:
    with pytest.raises(ProgramError) as told:
        read_toml(path, path.name)
    (diagnostic,) = told.value.diagnostics
    assert path.name == diagnostic.file
    return diagnostic


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "p.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("name", sorted(path.name for path in HOSTILE.glob("toml_*.toml")))
def test_hostile_files_load_or_are_refused_at_the_right_line(name: str) -> None:
    if "valid" in name.split("_"):
        assert name not in REFUSED_ON_LINE
        read_toml(HOSTILE / name, name)
    else:
        assert REFUSED_ON_LINE[name] == refused(HOSTILE / name).line


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ('a = "x\n', "toml-syntax", 1, 7),
        ("a = nan", "toml-number", 1, 1),
        ("a = 1\nb = [1.0, inf]", "toml-number", 2, 11),
        ("[t]\nn = 99999999999999999999", "toml-number", 2, 1),
        ("n = " + "1" * 5000, "toml-too-deep", 1, 5),
        ("a = " + "[" * 40 + "]" * 40, "toml-too-deep", 1, 37),
        ("a" + ".a" * 16000 + " = 1", "toml-too-deep", 1, 64),
        ("a = 2026-02-29", "toml-syntax", 1, None),
        ("a = 1\nb = 2\na = 3", "toml-duplicate", 3, 1),
        ("[x]\na = 1\n[y]\n[x]\n", "toml-duplicate", 4, 2),
        ('"é" = 1\n"é" = 2', "toml-duplicate", 2, 1),
    ],
)
def test_what_is_no_toml_is_told_with_its_place(
    tmp_path: Path, text: str, code: str, line: int, column: int | None
) -> None:
    told = refused(written(tmp_path, text))
    assert (code, line) == (told.code, told.line)
    assert column in (None, told.column)
    assert text.split("\n")[line - 1] == told.source_line


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ('name: "Aurora"', "write = between a key and its value, not a colon"),
        ('"name": "Aurora"', "write = between a key and its value, not a colon"),
        ('name = "Aurora', "a quote is opened here and not closed"),
        ("name = 'Aurora", "a quote is opened here and not closed"),
        ("off = True", "write true, in small letters"),
        ("off = FALSE # not yet", "write false, in small letters"),
        ("off = yes", 'write true or false, or "yes"'),
        ("starts = 2027-02-30", "February 2027 has 28 days"),
        ("starts = 2028-02-30", "February 2028 has 29 days"),
        ("starts = 2027-13-01", "there is no month 13"),
        ("starts = 2027-2-3", "write 2027-02-03"),
        ("starts = 2027-02-28T12:00:60", "the seconds of a minute end with 59; days need no time"),
        ("starts = 11.01.2027", "dates are written year-month-day"),
        ("at = 9:00", 'write times of day in quotes: "09:00"'),
        ("name = “Aurora”", 'write straight quotes: "…"'),
        (r'file = "C:\people.csv"', "put a text with backslashes between single quotes"),
        ("name = Aurora", "texts stand in quotes"),
    ],
)
def test_a_line_that_is_no_toml_says_what_to_write(tmp_path: Path, line: str, advice: str) -> None:
    for before in ("", "a = 1\n"):
        problem = refused(written(tmp_path, f"{before}{line}\n"))
        assert ("toml-syntax", line) == (problem.code, problem.source_line)
        assert problem.help.startswith(advice)


def test_a_table_that_keys_with_dots_began_says_how_to_go_on(tmp_path: Path) -> None:
    problem = refused(written(tmp_path, 'program.name = "Pilot"\n\n[program]\nseed = 1\n'))
    assert ("toml-duplicate", 3, "program") == (problem.code, problem.line, problem.path)
    assert "write all of it one way: program.KEY = … where those keys are, or KEY = … below [program]" == problem.help


def test_brackets_in_texts_and_comments_do_not_count(tmp_path: Path) -> None:
    text = f'a = "{"[" * 99}"\nb = """{"{" * 99}"""\n# {"[" * 99}\n'
    assert {"a": "[" * 99, "b": "{" * 99} == read_toml(written(tmp_path, text), "p.toml").values


def test_bounds_are_checked_in_time_that_grows_with_the_file(tmp_path: Path) -> None:
    for text in ('"' * 300_000, "a = '''" + "x" * 900_000, "[" * 900_000, "a." * 400_000, '\\"""' * 200_000):
        began = time.process_time()
        refused(written(tmp_path, text))
        assert time.process_time() - began < 2


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    file = read_toml(written(tmp_path, b"\xef\xbb\xbfa = 1\r\n"), "p.toml")
    assert {"a": 1} == file.values
    assert (1, 1) == file.locate(("a",))


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("a = 1".encode("utf-16"), 1, "UTF-16"),
        ("a = 1".encode("utf-16-le"), 1, "UTF-16"),
        ('a = 1\nb = "é"'.encode("latin-1"), 2, "0xE9"),
        (b'a = 1\n\nb = "x\0"', 3, "NUL"),
    ],
)
def test_other_encodings_are_named(tmp_path: Path, content: bytes, line: int, said: str) -> None:
    told = refused(written(tmp_path, content))
    assert ("file-encoding", line) == (told.code, told.line)
    assert said in told.message


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "#" * (LARGEST_FILE + 1))).code == "file-too-large"
    assert {} == read_toml(written(tmp_path, "#" * LARGEST_FILE), "p.toml").values


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "program.toml").touch()
    assert "did you mean f/program.toml?" == refused(folder).help
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "not-a-file" == refused(pipe).code
    assert "in that folder are: program.toml" == refused(folder / "progam.toml").help
    broken = tmp_path / "broken.toml"
    broken.symlink_to("nowhere.toml")
    assert "symbolic link to nowhere.toml" in refused(broken).help
    loop = tmp_path / "loop.toml"
    loop.symlink_to("loop.toml")
    assert "file-unreadable" == refused(loop).code


EVERYTHING = '''\
top = 1
a.b = 1
"x y".'z' = { k = [1, { q = 2 }], "r s" = 3 }

[t.u]
v = """
two
"""
"é" = [ # comment
  "one",
  [2, 3],
]
[[arr]]
n = 1
[[arr.sub]]
m = 1
[arr.tt]
l = 2
[[arr]]
n = 2
  [[arr.sub]]
  m = 3
'''


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("top",), (1, 1)),
        (("a",), (2, 1)),
        (("a", "b"), (2, 3)),
        (("x y", "z"), (3, 7)),
        (("x y", "z", "k"), (3, 15)),
        (("x y", "z", "k", 1, "q"), (3, 25)),
        (("x y", "z", "r s"), (3, 35)),
        (("t",), (5, 2)),
        (("t", "u"), (5, 4)),
        (("t", "u", "v"), (6, 1)),
        (("t", "u", "é", 0), (10, 3)),
        (("t", "u", "é", 1, 1), (11, 7)),
        (("arr", 0, "n"), (14, 1)),
        (("arr", 0, "sub", 0, "m"), (16, 1)),
        (("arr", 0, "tt", "l"), (18, 1)),
        (("arr", 1, "n"), (20, 1)),
        (("arr", 1, "sub", 0, "m"), (22, 3)),
        (("arr", 1, "sub", 0, "missing"), (21, 9)),
        (("t", "u", "missing", 3), (5, 4)),
        (("missing",), None),
    ],
)
def test_every_kind_of_key_has_its_place(tmp_path: Path, path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert place == read_toml(written(tmp_path, EVERYTHING), "p.toml").locate(path)


def test_columns_count_characters(tmp_path: Path) -> None:
    file = read_toml(written(tmp_path, 'a = { "日本" = 1, b = 2 }'), "p.toml")
    assert (1, 17) == file.locate(("a", "b"))


def paths_of(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [one for key, member in members for one in [(*path, key), *paths_of(member, (*path, key))]]


KEYS = st.text(st.sampled_from("ab-_\"' é.日"), min_size=1, max_size=3)
VALUES = st.recursive(
    st.integers(0, 9) | st.booleans() | st.text('a"\\\n日[', max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_every_path_of_a_written_document_is_found_at_its_own_place(document: dict[str, object]) -> None:
    import tomli_w

    file = TomlFile(Path("p"), "p", tomli_w.dumps(document), document)
    places = {path: file.locate(path) for path in paths_of(document)}
    assert None not in places.values()
    for path, place in places.items():
        assert place is not None
        if isinstance(path[-1], str):
            key = file.source_line(place[0])[place[1] - 1 :]
            assert key.startswith((path[-1], '"', "'"))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = written(tmp_path_factory.mktemp("any"), content)
    try:
        file = read_toml(path, "p.toml")
    except ProgramError as problem:
        told = [one.code for one in problem.diagnostics]
        assert told
    else:
        assert isinstance(file.values, dict)


def test_lines_are_counted_from_one_and_lose_their_break(tmp_path: Path) -> None:
    file = read_text(written(tmp_path, "one\r\ntwo\r\n"), "p")
    assert ["", "one", "two", "", ""] == [file.source_line(line) for line in range(5)]
