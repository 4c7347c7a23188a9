"""What a new chapter and a new contributor's file begin as: text to write over, each piece marked as such."""

from __future__ import annotations

import json
import re
import unicodedata

LEFT = re.compile(r"\[Replace this: ([^\]]*)\]")
MOST_LETTERS = 60  # four bytes each at most, so that a file name stays below the 255 bytes that disks allow
SIGNS = re.compile(r"([\\`*_{}\[\]<>#$@~^|])")

CHAPTER = """\
---
title: {quoted_title}
description: "[Replace this: say in one sentence what the chapter is about]"
{authors}keywords: []
# Another licence than the book's:  license: CC-BY-SA-4.0
# Texts and pictures of others that you use:
# sources:
#   - title: Soil, a history
#     authors: Ada Lee
#     source: https://example.org/soil
#     license: CC-BY-4.0
#     changes: shortened
---

# {title}

:::{{admonition}} What you will learn
:class: tip
- [Replace this: what can a reader do after this chapter?]
- [Replace this: and what else?]
:::

:::{{admonition}} Key terms
:class: note
- **[Replace this: a term]**: [Replace this: what it means, in one sentence]
:::

[Replace this: begin with an example, a question or a story that your reader knows]

## First section

[Replace this: the text of your chapter]

## Key takeaways

- [Replace this: what should a reader remember?]

## Exercises

```{{exercise}}
:label: {label}
[Replace this: a task that shows whether a reader can do what the chapter promises]
```

## Sources

[Replace this: what you used, and what to read next; cite entries of a .bib file with {{cite}}]
"""
PERSON = """\
---
name: {quoted_name}
# orcid: 0000-0002-1825-0097
# affiliations: [University of Somewhere]
# website: https://example.org
# github: your-account
# Other names in the history that are you:
# identities: [A. Lee]
---

[Replace this: who you are, in two sentences]
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


def chapter(title: str, label: str, authors: list[str]) -> str:
    """Return the text of a new chapter."""
    listed = f"authors: {json.dumps(authors, ensure_ascii=False)}\n" if authors else ""
    quoted = json.dumps(title, ensure_ascii=False)
    return CHAPTER.format(quoted_title=quoted, title=SIGNS.sub(r"\\\1", title), authors=listed, label=label)


def person(name: str) -> str:
    """Return the text of a new contributor's file."""
    return PERSON.format(quoted_name=json.dumps(name, ensure_ascii=False))
