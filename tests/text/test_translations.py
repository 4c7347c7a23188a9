"""Each catalog has exactly the texts that the program and its templates use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from oerbook.attribution.ledger import ROLE_ORDER
from oerbook.formulas.writers import spoken
from oerbook.metadata.labels import LABELS
from oerbook.source.templates.phrases import TEMPLATE_TEXTS
from oerbook.text.translations import (
    BOOK_CONTEXT,
    FORMULA_CONTEXT,
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


MODULES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "oerbook").rglob("*.py"))}
FORMULA_TABLES = (
    spoken.SYMBOL_NAMES, spoken.ACCENT_NAMES, spoken.LIMIT_NAMES, spoken.OPTIMUM_NAMES, spoken.POWER_MESSAGES,
    spoken.ROOT_MESSAGES,
)  # fmt: skip


def strings(node: ast.AST) -> Iterator[str]:
    """Yield the string literals in a syntax tree; parts of f-strings are none."""
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from strings(child)


def assigned(tree: ast.Module, name: str) -> Iterator[str]:
    """Yield the string literals that a module assigns to a name."""
    for node in ast.walk(tree):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            for value in node.value.values if isinstance(node.value, ast.Dict) else [node.value]:
                yield from messages_in(tree, value) if isinstance(value, ast.Constant | ast.IfExp) else ()


def messages_in(tree: ast.Module, argument: ast.AST) -> Iterator[str]:
    """Yield the literals that an argument stands for: itself, or what the module assigns to its name."""
    match argument:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*messages_in(tree, body), *messages_in(tree, orelse))
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield from assigned(tree, name)
        case ast.Subscript(value=table) | ast.Call(func=ast.Attribute(value=table)):
            yield from messages_in(tree, table)


def passed_to(function: str, argument: int, package: str = "") -> Iterator[str]:
    """Yield the texts that modules pass to a function as its last positional argument."""
    for path, tree in MODULES.items():
        for node in ast.walk(tree) if package in str(path) else ():
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if name == function and len(node.args) == argument + 1:
                yield from messages_in(tree, node.args[argument])


def used_messages() -> set[tuple[str | None, str]]:
    """Return context and text of every message that the program and its templates are known to use."""
    templates = [path.read_text(encoding="utf-8") for path in (ROOT / "themes").rglob("*.html")]
    formulas = {
        *spoken.GREEK_LETTERS,
        *passed_to("phrase", 0, "writers"),
        *(t for m in FORMULA_TABLES for t in m.values()),
    }
    return {
        (None, SEARCH_RESULT),
        *((None, match[2]) for text in templates for match in TEMPLATE_MESSAGE.finditer(text)),
        *((BOOK_CONTEXT, text) for text in (*LABELS.values(), *ROLE_ORDER, *passed_to("translate", 1))),
        *((NEW_FILE_CONTEXT, text) for text in TEMPLATE_TEXTS.values()),
        *((FORMULA_CONTEXT, text) for text in formulas),
    }


def text_of(message_id: str | tuple[str, ...]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


@pytest.mark.parametrize("language", translated_languages())
def test_a_catalog_has_all_texts_and_no_others(language: str) -> None:
    messages = [message for message in load_catalog(language) if message.id]
    translated = {(message.context, text_of(message.id)) for message in messages}
    wanted = {(context, text) for context, text in used_messages() if any(map(str.isalpha, text))}
    assert sorted(wanted - translated, key=str) == []
    in_program = {text for tree in MODULES.values() for text in strings(tree)}
    assert {text for context, text in translated - wanted if context is None or text not in in_program} == set()
    assert [message.id for message in messages if not message.string or message.fuzzy] == []


def test_no_text_reaches_a_page_without_the_catalogs() -> None:
    text_nodes = {"Text", "paragraph", "title", "caption", "strong", "emphasis", "inline", "reference", "rubric"}
    untranslated = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {text}"
        for path, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in (*text_nodes, "text_inlines", "para")
        for argument in node.args
        for text in strings(argument)
        if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", text) and "translate(" not in ast.unparse(argument)
    ]
    assert untranslated == []


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
