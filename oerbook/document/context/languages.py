"""Languages of books and passages: direction, quotation marks, Sphinx's names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import sphinx
from docutils.utils.smartquotes import smartchars

from oerbook.model.book import Book, Chapter

CATALOGUES = Path(sphinx.__file__).parent / "locale"

# https://www.w3.org/International/questions/qa-scripts
RIGHT_TO_LEFT = frozenset(["ar", "arc", "ckb", "dv", "fa", "he", "iw", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"])
SCRIPTS = frozenset(["adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"])
WAYS = ("rtl", "ltr")
TONGUE = "language-"  # docutils turns a class with this prefix into a lang attribute
TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
LETTER = re.compile(r"[^\W\d_]")
RIGHT = re.compile("[\u05be-\u07ff\u0800-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def way_of(language: str) -> str:
    """Return the writing direction of a language tag, "ltr" or "rtl".

    >>> way_of("fr"), way_of("he"), way_of("pa-Arab"), way_of("AR-eg")
    ('ltr', 'rtl', 'rtl', 'rtl')
    """
    base, *subtags = language.lower().replace("_", "-").split("-")
    scripts = [subtag for subtag in subtags if len(subtag) == 4 and subtag.isalpha()]
    return "rtl" if (SCRIPTS & set(scripts) if scripts else base in RIGHT_TO_LEFT) else "ltr"


def runs(text: str) -> str:
    """Return the direction of most letters of a text, or "" when it has no letters.

    >>> runs("شعر"), runs("Le mot شعر, poésie"), runs("12")
    ('rtl', 'ltr', '')
    """
    letters, rtl_letters = len(LETTER.findall(text)), len(RIGHT.findall(text))
    return ("rtl" if 2 * rtl_letters > letters else "ltr") if letters else ""


def language_of(book: Book, chapter: Chapter | None) -> str:
    """Return the language of a chapter if it differs from the book's, else ""."""
    own = chapter.language if chapter else ""
    return own if own.lower() != book.language.lower() and TAG.fullmatch(own) else ""


def told(element: Any) -> list[str]:
    """Return the language and direction of an HTML element (`lang`, `dir`) as classes."""
    language, direction = element.get("lang") or element.get("xml:lang") or "", (element.get("dir") or "").lower()
    is_valid = TAG.fullmatch(language)
    direction = direction if direction in WAYS else way_of(language) if is_valid else ""
    return [*([TONGUE + language] if is_valid else []), *([direction] if direction else [])]


def spoken(classes: list[str]) -> dict[str, str]:
    """Return the language and direction classes as attributes `lang` and `dir`."""
    language = next((name.removeprefix(TONGUE) for name in classes if name.startswith(TONGUE)), "")
    direction = next((name for name in classes if name in WAYS), "")
    return {name: value for name, value in (("lang", language), ("dir", direction)) if value}


def named(language: str) -> str:
    """Return Sphinx's name of a language, with the region if it has translations.

    >>> named("pt-BR"), named("de-AT"), named(""), named("zh")
    ('pt_BR', 'de', 'en', 'zh_CN')
    """
    base, _, rest = language.replace("_", "-").partition("-")
    base = base.lower() or "en"
    candidates = [f"{base}_{rest.upper()}", f"{base}_{rest.title()}", base, *(["zh_CN"] if base == "zh" else [])]
    return next((name for name in candidates if (CATALOGUES / name).is_dir()), base)


def marks(language: str) -> list[str]:
    """Return the quotation marks of a language: outer pair, then inner pair.

    >>> marks("de-AT"), marks("fr")[:2], marks("he") == marks("xx")
    (['„', '“', '‚', '‘'], ['«\\xa0', '\\xa0»'], False)
    """
    tag = language.lower().replace("_", "-")
    quotes = smartchars.quotes
    return list(quotes.get(tag) or quotes.get(tag.partition("-")[0]) or quotes["en"])
