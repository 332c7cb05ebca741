"""The report in a real browser: on a phone and on a desk, without a network."""

from __future__ import annotations

import html
import importlib.util
import json
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from mentorkit.presenting.html.report import report_html

_MADE = Path(__file__).with_name("test_report_html.py")

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OFFLINE = ("--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--enable-logging=stderr",
    *OFFLINE,
)

needs_browser = pytest.mark.skipif(BROWSER is None, reason="needs chromium")

LOOKING = """
const page = frame.contentDocument, root = page.documentElement;
page.querySelectorAll("details").forEach(one => { one.open = true; });
const wide = root.clientWidth + 1;
const told = {
  width: root.clientWidth,
  scrolled: root.scrollWidth,
  sticking: [...page.querySelectorAll("main *")]
    .filter(one => one.getClientRects().length && !one.closest(".wide"))
    .filter(one => one.getBoundingClientRect().right > wide || one.getBoundingClientRect().left < -1)
    .map(one => one.outerHTML.slice(0, 80)),
  figures: [...page.querySelectorAll("figure")].map(one => ({
    key: one.id,
    height: one.querySelector("svg.chart").getBoundingClientRect().height,
    named: one.querySelector("svg.chart").getAttribute("aria-labelledby").split(" ")
      .map(id => page.getElementById(id).tagName + ": " + page.getElementById(id).textContent),
    rows: one.querySelectorAll("details table tbody tr").length,
    marks: one.querySelectorAll("svg.chart rect, svg.chart circle").length,
  })),
  ink: frame.contentWindow.getComputedStyle(page.body).color,
};
document.body.append(Object.assign(document.createElement("pre"), {id: "told", textContent: JSON.stringify(told)}));
"""


@lru_cache
def page() -> str:
    """Return the page of the report that the tests of the page itself are made of."""
    spec = importlib.util.spec_from_file_location("report_made_for_tests", _MADE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return report_html(module.a_report())


def browse(folder: Path, width: int, *options: str) -> dict[str, Any]:
    """Open the report in a frame of this width, in a page that looks at it, and return what it saw."""
    frame = f'<iframe id="frame" width="{width}" height="900" style="border:0" srcdoc="{html.escape(page())}"></iframe>'
    looking = f"<script>const frame = document.getElementById('frame'); frame.onload = () => {{ {LOOKING} }};</script>"
    outer = folder / "outer.html"
    outer.write_text(f"<!DOCTYPE html><html><body>{frame}{looking}</body></html>", encoding="utf-8")
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [str(BROWSER), *OPTIONS, profile, *options, "--virtual-time-budget=5000", "--dump-dom", outer.as_uri()]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    assert not [line for line in ran.stderr.splitlines() if "CONSOLE" in line]
    found = re.search(r'<pre id="told">(.*?)</pre>', ran.stdout, re.DOTALL)
    assert found, ran.stdout[-500:]
    told: dict[str, Any] = json.loads(html.unescape(found[1]))
    return told


@needs_browser
@pytest.mark.parametrize("width", [400, 1200])
def test_nothing_sticks_out_and_every_chart_has_its_words_and_data(tmp_path: Path, width: int) -> None:
    told = browse(tmp_path, width)

    assert width >= told["width"] > width - 30
    assert told["width"] == told["scrolled"]
    assert [] == told["sticking"]
    assert 12 == len(told["figures"])
    for figure in told["figures"]:
        title, description = figure["named"]
        assert re.fullmatch(r"title: \S.*", title)
        assert re.fullmatch(r"desc: \S.*", description)
        assert figure["rows"] >= 1
        assert figure["marks"] >= 1
        assert figure["height"] >= 40


@needs_browser
def test_the_page_follows_a_dark_screen(tmp_path: Path) -> None:
    light, dark = (tmp_path / name for name in ("light", "dark"))
    light.mkdir()
    dark.mkdir()

    assert browse(light, 400)["ink"] != browse(dark, 400, "--blink-settings=preferredColorScheme=0")["ink"]


@needs_browser
def test_the_page_prints(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(page(), encoding="utf-8")
    target = tmp_path / "report.pdf"
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    command = [str(BROWSER), *OPTIONS, profile, "--no-pdf-header-footer", f"--print-to-pdf={target}"]
    subprocess.run([*command, (tmp_path / "report.html").as_uri()], capture_output=True, timeout=90, check=True)

    pages = re.findall(rb"/Type\s*/Page\b", target.read_bytes())

    assert 2 <= len(pages) <= 8
