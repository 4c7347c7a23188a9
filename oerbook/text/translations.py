"""Translations of everything that oerbook writes into a book, from gettext catalogs.

The catalogs are `oerbook/locale/LANGUAGE/LC_MESSAGES/oerbook.po`; they are read directly, without compiled files.
English texts are the keys. Their contexts are "book" for words in books, "new file" for templates of files, "formula"
for spoken formulas, and none for the HTML templates, which use gettext's `_`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE_DIR = Path(__file__).parents[1] / "locale"
BOOK_CONTEXT = "book"
NEW_FILE_CONTEXT = "new file"
FORMULA_CONTEXT = "formula"
ENGLISH = Locale("en", "001")  # without a comma before "and"


def translated_languages() -> list[str]:
    """Return the languages that have a catalog, besides English."""
    return sorted(path.parents[1].name for path in LOCALE_DIR.glob("*/LC_MESSAGES/oerbook.po"))


def base_language(tag: str) -> str:
    """Return the language of a tag without its region.

    >>> base_language("de-AT"), base_language("pt_BR")
    ('de', 'pt')
    """
    return tag.replace("_", "-").partition("-")[0].lower()


def translate(language: str, message: str, context: str = BOOK_CONTEXT) -> str:
    """Return an English text in a language, or as it is if there is no translation.

    >>> translate("de-AT", "Solutions"), translate("sw", "Solutions")
    ('Lösungen', 'Solutions')
    """
    found = load_catalog(base_language(language)).get(message, context)
    return str(found.string) if found and found.string else message


def template_messages(language: str) -> dict[str, str]:
    """Return the translations of the texts in HTML templates, by English text."""
    messages = (m for m in load_catalog(base_language(language)) if m.id and not m.context and not m.pluralizable)
    return {str(message.id): str(message.string) for message in messages if message.string}


def plural_forms(language: str, singular: str) -> list[str]:
    """Return the plural forms of a text in HTML templates, in the catalog's order; [] if it is not translated."""
    found = load_catalog(base_language(language)).get(singular)
    forms = found.string if found else None
    return list(forms) if isinstance(forms, tuple | list) and all(forms) else []


def join_list(language: str, items: Sequence[str]) -> str:
    """Return an enumeration in a language, English for unknown ones.

    >>> join_list("de", ["Ada", "Bo", "Cy"]), join_list("en", ["Ada", "Bo", "Cy"]), join_list("xx", ["Ada"])
    ('Ada, Bo und Cy', 'Ada, Bo and Cy', 'Ada')
    """
    return format_list(items, locale=locale_of(language) or ENGLISH)


def find_language(name: str) -> str:
    """Return the tag of a language that is given by its tag or its name, "" if none is known.

    >>> find_language("pt-BR"), find_language("Deutsch"), find_language("german"), find_language("Englisch")
    ('pt-BR', 'de', 'de', 'en')
    """
    if locale_of(name):
        return name
    for speaker in ("en", *translated_languages()):
        for tag, own_name in Locale.parse(speaker, sep="-").languages.items():
            if own_name.casefold() == name.strip().casefold() and locale_of(tag):
                return str(tag)
    return ""


@cache
def locale_of(language: str) -> Locale | None:
    """Return Babel's locale of a language tag, None if it knows none."""
    if base_language(language) in ("en", ""):
        return ENGLISH
    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return None


@cache
def load_catalog(language: str) -> Catalog:
    """Return the catalog of a language, an empty one if there is none."""
    path = LOCALE_DIR / language / "LC_MESSAGES" / "oerbook.po"
    if language not in translated_languages():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file, locale=language)
