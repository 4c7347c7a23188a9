"""Languages of books and passages: direction, quotation marks, Sphinx's names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import sphinx
from docutils.utils.smartquotes import smartchars

from oerbook.model.book import Book, Chapter
from oerbook.text.translations import locale_of

SPHINX_LOCALE_DIR = Path(sphinx.__file__).parent / "locale"

DIRECTIONS = ("rtl", "ltr")
LANGUAGE_CLASS_PREFIX = "language-"  # docutils turns a class with this prefix into a lang attribute
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
LETTER = re.compile(r"[^\W\d_]")
RTL_LETTER = re.compile(
    "[\u05be-\u07ff\u0800-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def language_direction(language: str) -> str:
    """Return the writing direction of a language tag, "ltr" or "rtl".

    >>> language_direction("fr"), language_direction("he"), language_direction("pa-Arab"), language_direction("AR-eg")
    ('ltr', 'rtl', 'rtl', 'rtl')
    """
    locale = locale_of(language)
    return locale.text_direction if locale else "ltr"


def dominant_direction(text: str) -> str:
    """Return the direction of most letters of a text, or "" when it has no letters.

    >>> dominant_direction("شعر"), dominant_direction("Le mot شعر, poésie"), dominant_direction("12")
    ('rtl', 'ltr', '')
    """
    letters, rtl_letters = len(LETTER.findall(text)), len(RTL_LETTER.findall(text))
    return ("rtl" if 2 * rtl_letters > letters else "ltr") if letters else ""


def passage_direction(text: str, page_direction: str) -> str:
    """Return the direction of a passage on a page, or "" when it has no letters.

    It is the page's if the first letter or most letters say so: words of another script inside do not turn it.

    >>> passage_direction("شعر by Ada Lovelace", "rtl"), passage_direction("Ada Lovelace", "rtl")
    ('rtl', 'ltr')
    >>> passage_direction("a: شعر شعر", "ltr"), passage_direction("شعر شعر (a)", "ltr")
    ('ltr', 'rtl')
    """
    first = LETTER.search(text)
    if first is None:
        return ""
    first_direction = "rtl" if RTL_LETTER.match(first[0]) else "ltr"
    return page_direction if page_direction == first_direction else dominant_direction(text)


def differing_language(book: Book, chapter: Chapter | None) -> str:
    """Return the language of a chapter if it differs from the book's, else ""."""
    own = chapter.language if chapter else ""
    return own if own.lower() != book.language.lower() and LANGUAGE_TAG.fullmatch(own) else ""


def direction_classes(element: Any) -> list[str]:
    """Return the language and direction of an HTML element (`lang`, `dir`) as classes."""
    language, direction = element.get("lang") or element.get("xml:lang") or "", (element.get("dir") or "").lower()
    is_valid = LANGUAGE_TAG.fullmatch(language)
    direction = direction if direction in DIRECTIONS else language_direction(language) if is_valid else ""
    return [*([LANGUAGE_CLASS_PREFIX + language] if is_valid else []), *([direction] if direction else [])]


def direction_attributes(classes: list[str]) -> dict[str, str]:
    """Return the language and direction classes as attributes `lang` and `dir`."""
    language = next(
        (name.removeprefix(LANGUAGE_CLASS_PREFIX) for name in classes if name.startswith(LANGUAGE_CLASS_PREFIX)), ""
    )
    direction = next((name for name in classes if name in DIRECTIONS), "")
    return {name: value for name, value in (("lang", language), ("dir", direction)) if value}


def sphinx_language(language: str) -> str:
    """Return Sphinx's name of a language, with the region if it has translations.

    >>> sphinx_language("pt-BR"), sphinx_language("de-AT"), sphinx_language(""), sphinx_language("zh")
    ('pt_BR', 'de', 'en', 'zh_CN')
    """
    base, _, rest = language.replace("_", "-").partition("-")
    base = base.lower() or "en"
    candidates = [f"{base}_{rest.upper()}", f"{base}_{rest.title()}", base, *(["zh_CN"] if base == "zh" else [])]
    return next((name for name in candidates if (SPHINX_LOCALE_DIR / name).is_dir()), base)


def quotation_marks(language: str) -> list[str]:
    """Return the quotation marks of a language: outer pair, then inner pair.

    >>> quotation_marks("de-AT"), quotation_marks("fr")[:2], quotation_marks("he") == quotation_marks("xx")
    (['„', '“', '‚', '‘'], ['«\\xa0', '\\xa0»'], False)
    """
    tag = language.lower().replace("_", "-")
    quotes = smartchars.quotes
    return list(quotes.get(tag) or quotes.get(tag.partition("-")[0]) or quotes["en"])
