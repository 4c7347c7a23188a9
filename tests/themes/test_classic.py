"""The classic theme makes no network requests, has no inline scripts, and its colors have enough contrast."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pygments.style import Style

from oerbook.document.html.code_styles import DarkStyle, LightStyle
from oerbook.theming.assemble import theme_font_subsets
from oerbook.theming.css import render_tokens_css
from oerbook.theming.fallback_fonts import LOCAL_FONT_WIDTHS
from oerbook.theming.theme import load_theme
from tests.conftest import ROOT
from tests.support.colors import contrast

THEME = ROOT / "themes" / "classic" / "html"
TEMPLATES = sorted(THEME.glob("*.html"))
FILES = [*TEMPLATES, *sorted((THEME / "static").iterdir())]
LOOK = load_theme("classic").tokens
WORDS, LINES = 4.5, 3.0  # WCAG 2.2: 1.4.3 for words, 1.4.11 for the edges of controls


def palettes() -> list[dict[str, str]]:
    """Return the colors in light and dark mode, once for each accent."""
    parts = LOOK["parts"]
    days = [{**LOOK["color"], "accent": color} for color in (LOOK["color"]["accent"], *parts["accents"])]
    nights = [{**LOOK["night"], "accent": color} for color in (LOOK["night"]["accent"], *parts["night-accents"])]
    return [*days, *nights]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_of_the_theme_names_another_host(path: Path) -> None:
    text = re.sub(r'<link rel="schema\.[^>]*>', "", path.read_text(encoding="utf-8"))  # a name, which nobody loads
    text = text.replace('protocol !== "https:"', "")  # what a script compares with
    assert not re.findall(r"https?:|[\"'(]//[a-z]|@import", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_runs_anything_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", text, re.DOTALL)
    assert set(scripts) <= {"{{ font_script }}"} or scripts[-1].endswith("{{ start_script }}")
    assert not re.findall(r"\son[a-z]+\s*=|javascript:|<style|\sstyle=", text)


def test_the_policy_allows_only_the_book_itself() -> None:
    layout = (THEME / "layout.html").read_text(encoding="utf-8")
    policies = re.findall(r'http-equiv="Content-Security-Policy" content="(.+)">', layout)
    rules, loaded = (dict(rule.strip().split(" ", 1) for rule in policy.split(";")) for policy in policies)
    assert rules["default-src"] == "'self'"
    assert rules["script-src"] == "'self' {{ start_hashes }}"
    assert (
        loaded["script-src"] == "'self' 'strict-dynamic' {{ start_hashes }}"
    )  # 'self' only where the other is unknown
    assert rules["object-src"] == "'none'"
    assert rules["frame-src"] == """{{ here.frame_hosts or "'none'" | safe }}"""  # the sites of the page's own embeds


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_at_most_110_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 110


def test_the_light_and_dark_palettes_have_the_same_names() -> None:
    assert LOOK["color"].keys() == LOOK["night"].keys()
    assert len(LOOK["parts"]["accents"]) == len(LOOK["parts"]["night-accents"])


@pytest.mark.parametrize("palette", palettes())
def test_text_has_enough_contrast_on_every_background(palette: dict[str, str]) -> None:
    for ground in ("paper", "tint"):
        for words in ("ink", "quiet", "accent", "link"):
            assert contrast(palette[words], palette[ground]) >= WORDS, (words, ground)
    assert contrast(palette["ink"], palette["mark"]) >= WORDS
    assert contrast(palette["link"], palette["mark"]) >= WORDS
    assert contrast(palette["edge"], palette["paper"]) >= LINES


@pytest.mark.parametrize("style", [LightStyle, DarkStyle], ids=["day", "night"])
def test_code_has_enough_contrast_plain_and_highlighted(style: type[Style]) -> None:
    grounds = [style.background_color, style.highlight_color]
    for token, look in style:
        if look["color"]:
            for ground in grounds:
                assert contrast(f"#{look['color']}", ground) >= WORDS, (token, ground)
    assert contrast(style.line_number_color, style.background_color) >= WORDS


@pytest.mark.parametrize(("style", "time"), [(LightStyle, "color"), (DarkStyle, "night")], ids=["day", "night"])
def test_code_has_the_background_of_its_theme(style: type[Style], time: str) -> None:
    assert style.background_color == LOOK[time]["tint"]
    assert style.highlight_color == LOOK[time]["mark"]


def test_fallback_fonts_take_as_much_space_as_the_books_fonts(tmp_path: Path) -> None:
    css = render_tokens_css(
        load_theme("classic"), theme_font_subsets(load_theme("classic"), set(map(ord, "Soil")), tmp_path)
    )
    rules = re.findall(r'"(Source [^"]+) as ([^"]+)"; font-style: (\w+); .*?; size-adjust: ([\d.]+)%; ascent-override: ([\d.]+)%', css)  # fmt: skip
    found = {(family, local, style): (float(size), float(high)) for family, local, style, size, high in rules}
    size, high = found["Source Serif Pro", "DejaVu Serif", "italic"]
    assert size / 100 * LOCAL_FONT_WIDTHS["DejaVu Serif"][3] == pytest.approx(
        0.4245, abs=0.001
    )  # the bold italic comes last
    assert size * high / 10_000 == pytest.approx(1.036, abs=0.001)
    assert {family for family, _local, _style in found} == {"Source Serif Pro", "Source Sans Pro", "Source Code Pro"}
    assert '"Source Serif Pro", "Source Serif Pro as Georgia"' in css
