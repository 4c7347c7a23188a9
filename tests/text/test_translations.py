"""Each catalog has exactly the texts that the program and its templates use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from oerbook.metadata.labels import LABELS
from oerbook.source.templates.phrases import TEMPLATE_TEXTS
from oerbook.text.translations import (
    BOOK_CONTEXT,
    LOCALE_DIR,
    NEW_FILE_CONTEXT,
    join_list,
    load_catalog,
    locale_of,
    template_messages,
    translate,
    translated_languages,
)
from tests.conftest import ROOT

TEMPLATE_MESSAGE = re.compile(r"""\b_\((["'])(.+?)\1\)""")
PLACEHOLDER = re.compile(r"%s|\{\w*\}|\$\{\w+\}")
SEARCH_RESULT = "Search finished, found one page matching the search query."


def translated_in_code() -> Iterator[str]:
    """Yield the texts that modules pass to `translate`."""
    for path in sorted((ROOT / "oerbook").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            is_call = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "translate"
            if is_call and len(node.args) == 2 and isinstance(node.args[1], ast.Constant):
                yield str(node.args[1].value)


def used_messages() -> set[tuple[str | None, str]]:
    templates = [path.read_text(encoding="utf-8") for path in (ROOT / "themes").rglob("*.html")]
    return {
        (None, SEARCH_RESULT),
        *((None, match[2]) for text in templates for match in TEMPLATE_MESSAGE.finditer(text)),
        *((BOOK_CONTEXT, text) for text in (*LABELS.values(), *translated_in_code())),
        *((NEW_FILE_CONTEXT, text) for text in TEMPLATE_TEXTS.values()),
    }


def text_of(message_id: str | tuple[str, ...]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


@pytest.mark.parametrize("language", translated_languages())
def test_a_catalog_has_all_texts_and_no_others(language: str) -> None:
    messages = [message for message in load_catalog(language) if message.id]
    assert {(message.context, text_of(message.id)) for message in messages} == used_messages()
    assert [message.id for message in messages if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("language", translated_languages())
def test_translations_keep_placeholders_colons_and_spaces(language: str) -> None:
    for message in load_catalog(language):
        if not message.id or message.pluralizable:
            continue
        english, translation = str(message.id), str(message.string)
        assert translation.strip() == translation
        assert sorted(PLACEHOLDER.findall(translation)) == sorted(PLACEHOLDER.findall(english)), english
        assert translation.endswith(":") == english.endswith(":"), english


def test_a_language_without_a_catalog_is_english() -> None:
    assert translate("sw", "Glossary") == translate("en-GB", "Glossary") == translate("", "Glossary") == "Glossary"
    assert template_messages("../../etc") == {}
    assert sorted(path.name for path in LOCALE_DIR.iterdir()) == translated_languages()


def test_lists_follow_the_language_where_babel_knows_it() -> None:
    people = ["Ada", "Bo", "Cy"]
    assert [join_list(tag, people) for tag in ("it", "nl-BE", "en-US", "xx", "not a tag", "")] == [
        "Ada, Bo e Cy", "Ada, Bo en Cy", "Ada, Bo and Cy", "Ada, Bo and Cy", "Ada, Bo and Cy", "Ada, Bo and Cy"
    ]  # fmt: skip
    assert join_list("de", []) == ""


def test_languages_and_scripts_from_right_to_left_are_known() -> None:
    tags = ("ar", "ckb", "dv", "fa-IR", "he", "nqo", "ps", "syr", "ur", "yi", "pa-Arab", "AR_eg")
    assert {tag for tag in tags if getattr(locale_of(tag), "text_direction", "") != "rtl"} == set()
