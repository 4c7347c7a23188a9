"""What a new chapter and a new contributor's file begin as: text to write over, each piece marked as such."""

from __future__ import annotations

import json
import re
import unicodedata

from oerbook.source.templates.phrases import WORDS, words_of

LEFT = re.compile(rf"\[(?:{'|'.join(re.escape(words['replace']) for words in WORDS.values())}): ([^\]]*)\]")
MOST_LETTERS = 60  # four bytes each at most, so that a file name stays below the 255 bytes that disks allow
SIGNS = re.compile(r"([\\`*_{}\[\]<>#$@~^|])")

CHAPTER = """\
---
title: {quoted_title}
description: "[{replace}: {description}]"
{authors}keywords: []
# {another_licence}  license: CC-BY-SA-4.0
# {of_others}
# sources:
#   - title: Soil, a history
#     authors: Ada Lee
#     source: https://example.org/soil
#     license: CC-BY-4.0
#     changes: shortened
---

# {title}

:::{{admonition}} {learn}
:class: tip
- [{replace}: {can}]
- [{replace}: {else}]
:::

:::{{admonition}} {terms}
:class: note
- **[{replace}: {term}]**: [{replace}: {means}]
:::

[{replace}: {begin}]

## {section}

[{replace}: {text}]

## {takeaways}

- [{replace}: {remember}]

## {exercises}

```{{exercise}}
:label: {label}
[{replace}: {task}]
```

## {sources}

[{replace}: {used}]
"""
PERSON = """\
---
name: {quoted_name}
# orcid: 0000-0002-1825-0097
# affiliations: [University of Somewhere]
# website: https://example.org
# github: your-account
# {names}
# identities: [A. Lee]
---

[{replace}: {who}]
"""


def slug(title: str) -> str:
    """Return a title as a file name in its own script: letters, marks and digits, joined by hyphens.

    >>> slug("Böden & Wässer, Teil 2"), slug("मिट्टी और पानी"), slug("?!")
    ('böden-wässer-teil-2', 'मिट्टी-और-पानी', '')
    """
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", title).lower())
    signs = [sign if unicodedata.category(sign)[0] in "LMN" else "-" for sign in plain]
    return re.sub("-+", "-", "".join(signs))[:MOST_LETTERS].strip("-")


def tidy(words: str) -> str:
    """Return a title or name on one line, without signs that cannot be seen.

    >>> tidy("Soil\\n and\\u202e water ")
    'Soil and water'
    """
    seen = "".join(sign for sign in words if sign.isspace() or unicodedata.category(sign)[0] != "C")
    return " ".join(seen.split())


def chapter(title: str, label: str, authors: list[str], language: str = "en") -> str:
    """Return the text of a new chapter, in the language of the book if we speak it."""
    listed = f"authors: {json.dumps(authors, ensure_ascii=False)}\n" if authors else ""
    quoted = json.dumps(title, ensure_ascii=False)
    shown = SIGNS.sub(r"\\\1", title)
    return CHAPTER.format(quoted_title=quoted, title=shown, authors=listed, label=label, **words_of(language))


def blank(language: str = "en") -> str:
    """Return the text of a chapter that has no title yet, for those who begin it elsewhere than with oerbook.

    >>> blank("de").split("\\n")[1]
    'title: "[Bitte ersetzen: der Titel Ihres Kapitels]"'
    """
    words = words_of(language)
    title = f"[{words['replace']}: {words['titled']}]"
    begun = CHAPTER.format(quoted_title=f'"{title}"', title=title, authors="", label="", **words)
    return begun.replace(":label: \n", "")


def person(name: str, language: str = "en") -> str:
    """Return the text of a new contributor's file."""
    return PERSON.format(quoted_name=json.dumps(name, ensure_ascii=False), **words_of(language))
