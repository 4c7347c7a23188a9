"""What the templates say has its words in every language that we speak, and nothing else has."""

from __future__ import annotations

import re

import pytest

from oerbook.document.html.phrases import SPOKEN
from tests.conftest import ROOT

SAYING = re.compile(r"""\b_\((["'])(.+?)\1\)""")


def said() -> set[str]:
    """Return what our templates and their tables say."""
    files = [*(ROOT / "themes").rglob("*.html"), *(ROOT / "oerbook" / "document").glob("*.py")]
    return {match[2] for path in files for match in SAYING.finditer(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("language", SPOKEN)
def test_a_language_has_words_for_all_that_templates_say(language: str) -> None:
    assert set(SPOKEN[language]) == said()


@pytest.mark.parametrize("language", SPOKEN)
def test_what_is_put_in_and_what_follows_is_the_same_in_every_language(language: str) -> None:
    for english, words in SPOKEN[language].items():
        assert words.strip() == words != ""
        assert (english.count("%s"), english.endswith(":")) == (words.count("%s"), words.endswith(":")), english
