"""Guess the language of a book that does not state it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

# The words that are most frequent in a language and in none of the others.
FREQUENT_WORDS = {
    "en": ("the", "and", "of", "is", "that", "with", "this", "are"),
    "fr": ("le", "les", "est", "dans", "une", "pour", "qui", "sont", "vous", "avec"),
    "de": ("der", "und", "ist", "nicht", "das", "eine", "mit", "von", "wird"),
    "es": ("el", "los", "una", "para", "como", "más", "las", "por", "está"),
    "nl": ("het", "een", "van", "niet", "zijn", "wordt", "voor", "ook", "dat"),
    "pt": ("não", "uma", "são", "os", "mais", "com", "em", "você", "é"),
    "it": ("il", "che", "di", "per", "sono", "della", "più", "gli", "è"),
    "pl": ("się", "nie", "jest", "oraz", "który", "przez", "są", "w"),
    "sv": ("och", "att", "det", "som", "är", "på", "för", "inte"),
    "da": ("og", "at", "det", "er", "på", "som", "ikke", "af"),
    "tr": ("ve", "bir", "bu", "için", "ile", "olarak", "daha", "olan"),
    "id": ("yang", "dan", "ini", "untuk", "dengan", "adalah", "pada", "dari"),
}
# Ranges of letters -> language; kana come before ideographs, which Japanese uses too.
SCRIPTS = (
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\uac00-\ud7af]"), "ko"),
    (re.compile("[\u4e00-\u9fff]"), "zh"),
    (re.compile("[\u0e00-\u0e7f]"), "th"),
    (re.compile("[\u0590-\u05ff]"), "he"),
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]{3}"), "el"),  # single Greek letters are symbols
)
CODE = re.compile(r"(?s)^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\1[`~]*[ \t]*$|`[^`\n]*`|\$[^$]*\$|<[^<>]*>|\]\([^)]*\)", re.M)
WORD = re.compile(r"[^\W\d_]+")
MIN_WORDS = 200  # a shorter book is not guessed
MIN_SHARE = 0.04  # of a language's frequent words among all words
MIN_LETTERS_OF_SCRIPT = 0.15


def guess_language(texts: Iterable[str]) -> str:
    """Return the code of the language of most pages, "" if they are too short or in none of the known languages.

    >>> guess_language(["Le vent est une force, et les nuages sont dans le ciel. " * 30])
    'fr'
    >>> guess_language(["The wind."]), guess_language(["风是空气的流动。" * 100])
    ('', 'zh')
    """
    votes: Counter[str] = Counter()
    for text in texts:
        plain = CODE.sub(" ", text)
        language = _language_of_script(plain) or _language_of_words(plain)
        if language:
            votes[language] += len(plain)
    return max(votes, key=lambda language: (votes[language], language), default="")


def _language_of_script(text: str) -> str:
    letters = sum(map(str.isalpha, text)) or 1
    for pattern, language in SCRIPTS:
        found = sum(len(match) for match in pattern.findall(text))
        if letters > MIN_WORDS and found / letters > (0.05 if language == "ja" else MIN_LETTERS_OF_SCRIPT):
            return language
    return ""


def _language_of_words(text: str) -> str:
    words = Counter(word.casefold() for word in WORD.findall(text))
    total = sum(words.values())
    shares = {code: sum(words[word] for word in frequent) / max(total, 1) for code, frequent in FREQUENT_WORDS.items()}
    best = max(shares, key=lambda code: shares[code])
    return best if total >= MIN_WORDS and shares[best] >= MIN_SHARE else ""
