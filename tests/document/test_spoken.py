"""Each language has exactly the strings that the templates use."""

from __future__ import annotations

import re

import pytest

from oerbook.document.html.phrases import TRANSLATIONS
from tests.conftest import ROOT

MESSAGE = re.compile(r"""\b_\((["'])(.+?)\1\)""")


def template_strings() -> set[str]:
    """Return the translatable strings of the templates and of the modules for them."""
    files = [*(ROOT / "themes").rglob("*.html"), *(ROOT / "oerbook" / "document").glob("*.py")]
    return {match[2] for path in files for match in MESSAGE.finditer(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_language_has_all_template_strings(language: str) -> None:
    assert set(TRANSLATIONS[language]) == template_strings()


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_translations_keep_placeholders_and_colons(language: str) -> None:
    for english, translation in TRANSLATIONS[language].items():
        assert translation.strip() == translation != ""
        expected = (english.count("%s"), english.endswith(":"))
        assert (translation.count("%s"), translation.endswith(":")) == expected, english
