"""Plugins come in by entry points or local files; whatever is wrong with one names its distribution and hook."""

from importlib.metadata import Distribution, EntryPoint
from pathlib import Path

import pytest

from mentorkit.core.errors import PluginError
from mentorkit.plugin_loading import build_catalogue, with_plugin_files
from mentorkit.testing import program_folder


class FakeDistribution(Distribution):
    """A distribution that exists in memory alone."""

    def __init__(self, name: str, version: str) -> None:
        self._text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"

    def read_text(self, filename: str) -> str | None:
        return self._text if filename == "METADATA" else None

    def locate_file(self, path: object) -> Path:
        raise FileNotFoundError(str(path))


GOOD = """
from attrs import frozen
from mentorkit.hookspecs import hookimpl

@frozen
class Share:
    name = "NAME"
    summary = "a share"
    options = None
    unit = "share"
    at_most = False
    def measure(self, options, facts):
        return None

@hookimpl
def mentorkit_kpis():
    return [Share()]
"""


CRITERION = """
from mentorkit.hookspecs import hookimpl

class Alike:
    name = "alike"
    summary = "alike"
    options = None
    directed = False
    needs = "tags"
    def similarity(self, options, wanting, offering):
        return None

@hookimpl
def mentorkit_criteria():
    return [Alike()]
"""

MODEL = """
from mentorkit.core.contracts import Role
from mentorkit.hookspecs import hookimpl

class Circle:
    name = "circle"
    summary = "a circle"
    options = None
    roles = (Role("x", "peer", True),)
    shape = matcher = template = "circle"
    def roles_by_level(self, levels): ...
    def columns(self, options): ...
    def occasions(self, options, pool): ...
    def counted_pairs(self, options, members): ...
    def on_leaving(self, options, relationship, person): ...
    def fit(self, goals, facts): ...

@hookimpl
def mentorkit_models():
    return [Circle()]
"""


@pytest.fixture
def entry_point(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(name: str, source: str, distribution: str = "acme", version: str = "2.1") -> EntryPoint:
        module = f"plugin_{tmp_path.name.replace('-', '_')}_{name}_{distribution}".replace("-", "_")
        (tmp_path / f"{module}.py").write_text(source)
        return EntryPoint(name, module, "mentorkit")._for(FakeDistribution(distribution, version))

    return make


def test_the_bundled_plugins_come_in_by_their_entry_points():
    catalogue = build_catalogue()
    assert "one-on-one" in catalogue.models
    assert catalogue.models["one-on-one"].origin.distribution == "mentorkit"
    assert "outbox" in catalogue.channels


def test_offers_are_named_and_keep_their_origin(entry_point):
    catalogue = build_catalogue([entry_point("shares", GOOD.replace("NAME", "first-share"))])
    offer = catalogue.kpis["first-share"]
    assert str(offer.origin) == "acme 2.1 (entry point shares)"


def test_the_order_of_entry_points_does_not_matter(entry_point):
    points = [entry_point(name, GOOD.replace("NAME", f"{name}-share")) for name in ("b", "a")]
    assert ["a-share", "b-share"] == list(build_catalogue(points).kpis)
    assert list(build_catalogue(points[::-1]).kpis) == list(build_catalogue(points).kpis)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("1 / 0", "ZeroDivisionError"),
        (GOOD.replace("return [Share()]", "return Share()"), "returned Share from its hook mentorkit_kpis"),
        (GOOD.replace("return [Share()]", "return None"), "returned NoneType"),
        (GOOD.replace("return [Share()]", "raise OSError('no disk')"), "failed in its hook mentorkit_kpis: OSError"),
        (GOOD.replace("def measure", "def measures"), "which is no Kpi: it has no measure"),
        (GOOD.replace("options = None", "options = dict"), "with options that are no attrs class"),
        (GOOD.replace("Share()]", "Share]"), "offers the class Share from its hook mentorkit_kpis; offer an instance"),
        (GOOD.replace('unit = "share"', 'unit = "percent"'), "'percent', which must be days, mean, points or share"),
        (CRITERION.replace('"tags"', '"words"'), "with needs 'words', which must be any, numbers or tags"),
        (
            MODEL.replace('"peer"', '"boss"'),
            "with a role \"x\" of side 'boss', which must be mentee, mentor or peer",
        ),
        (MODEL.replace('(Role("x", "peer", True),)', '("x",)'), "with roles that are no Role"),
        (GOOD.replace("NAME", "Not A Name"), "offers the name 'Not A Name'"),
        (GOOD.replace("mentorkit_kpis", "mentorkit_kpi"), 'did you mean "mentorkit_kpis"'),
    ],
)
def test_a_broken_plugin_is_named_with_distribution_version_and_hook(entry_point, source, told):
    with pytest.raises(PluginError) as caught:
        build_catalogue([entry_point("shares", source.replace("NAME", "first-share"))])
    assert "acme 2.1 (entry point shares)" in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(("source", "kind"), [(CRITERION, "criteria"), (MODEL, "models")])
def test_what_breaks_above_is_whole_before(entry_point, source, kind):
    offers = getattr(build_catalogue([entry_point("whole", source)]), kind)
    assert ["acme 2.1 (entry point whole)"] == [str(one.origin) for one in offers.values()]


def test_two_offers_of_one_name_are_refused_naming_both(entry_point):
    source = GOOD.replace("NAME", "same-share")
    with pytest.raises(PluginError) as caught:
        build_catalogue([entry_point("a", source), entry_point("b", source, "zenith", "0.3")])
    assert "acme 2.1 (entry point a)" in str(caught.value)
    assert "zenith 0.3 (entry point b)" in str(caught.value)


def test_two_entry_points_of_one_name_are_refused_naming_both(entry_point):
    points = [entry_point("a", GOOD), entry_point("a", GOOD, "zenith", "0.3")]
    with pytest.raises(PluginError, match=r"'a': acme 2\.1 and zenith 0\.3"):
        build_catalogue(points)


def test_without_any_entry_point_it_says_what_to_do():
    with pytest.raises(PluginError, match="install mentorkit as a distribution"):
        build_catalogue([])


def test_a_local_file_adds_to_the_catalogue(tmp_path):
    program_folder(tmp_path, {"acme_share.py": GOOD.replace("NAME", "acme-share")})
    catalogue = with_plugin_files(build_catalogue(), [(tmp_path / "acme_share.py", "acme_share.py")])
    assert catalogue.kpis["acme-share"].origin.distribution == "acme_share.py"
    assert "match-rate" in catalogue.kpis


def test_a_local_file_that_fails_or_claims_a_taken_name_is_refused(tmp_path):
    silent = GOOD.replace("@hookimpl\n", "")
    program_folder(tmp_path, {"broken.py": "x = ", "taken.py": GOOD.replace("NAME", "match-rate"), "silent.py": silent})
    with pytest.raises(PluginError, match=r"silent\.py offers nothing: is @hookimpl missing"):
        with_plugin_files(build_catalogue(), [(tmp_path / "silent.py", "silent.py")])
    with pytest.raises(PluginError, match=r"broken\.py cannot be run: SyntaxError"):
        with_plugin_files(build_catalogue(), [(tmp_path / "broken.py", "broken.py")])
    with pytest.raises(PluginError, match="two plugins offer the name 'match-rate'"):
        with_plugin_files(build_catalogue(), [(tmp_path / "taken.py", "taken.py")])


@pytest.mark.parametrize("ending", ["raise SystemExit(0)", "raise BaseException('oh')"])
@pytest.mark.parametrize("where", ["at import", "in its hook"])
def test_a_plugin_cannot_end_the_command(tmp_path, ending, where):
    hook = f"from mentorkit.hookspecs import hookimpl\n@hookimpl\ndef mentorkit_kpis():\n    {ending}\n"
    path = tmp_path / "quits.py"
    path.write_text(f"{ending}\n" if where == "at import" else hook)
    with pytest.raises(PluginError, match="quits"):
        with_plugin_files(build_catalogue(), [(path, "quits.py")])


def test_an_entry_point_cannot_end_the_command(tmp_path, monkeypatch):
    (tmp_path / "quits_at_once.py").write_text("import sys\nsys.exit(0)\n")
    monkeypatch.syspath_prepend(tmp_path)
    point = EntryPoint("quits", "quits_at_once", "mentorkit")
    with pytest.raises(PluginError, match="cannot be loaded from 'quits_at_once': SystemExit: 0"):
        build_catalogue([point])


def test_who_interrupts_a_plugin_interrupts_the_command(tmp_path):
    path = tmp_path / "slow.py"
    path.write_text("raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        with_plugin_files(build_catalogue(), [(path, "slow.py")])
