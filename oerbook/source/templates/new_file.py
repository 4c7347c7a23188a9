"""Templates with placeholders for a new chapter and a new contributor's file."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache

from oerbook.source.templates.phrases import placeholder_words, template_translation

MARKDOWN_CHARS = re.compile(r"([\\`*_{}\[\]<>#$@~^|])")

CHAPTER_TEMPLATE = """\
---
title: {quoted_title}
description: "[{replace}: {description}]"
{authors}keywords: []
# {another_license}  license: CC-BY-SA-4.0
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
PERSON_TEMPLATE = """\
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


@cache
def placeholder_pattern() -> re.Pattern[str]:
    """Return the pattern of a placeholder in any language; its catalogs are read by the first call."""
    return re.compile(rf"\[(?:{'|'.join(map(re.escape, placeholder_words()))}): ([^\]]*)\]")


def to_single_line(text: str) -> str:
    """Put a title or name on one line, without invisible characters.

    >>> to_single_line("Soil\\n and\\u202e water ")
    'Soil and water'
    """
    visible = "".join(char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join(visible.split())


def render_chapter(title: str, label: str, authors: list[str], language: str = "en") -> str:
    """Return the text of a new chapter, in the book's language where it is supported."""
    authors_line = f"authors: {json.dumps(authors, ensure_ascii=False)}\n" if authors else ""
    quoted = json.dumps(title, ensure_ascii=False)
    escaped = MARKDOWN_CHARS.sub(r"\\\1", title)
    return CHAPTER_TEMPLATE.format(
        quoted_title=quoted, title=escaped, authors=authors_line, label=label, **template_translation(language)
    )


def render_blank_chapter(language: str = "en") -> str:
    """Return the text of a new chapter without a title, to be copied in a browser.

    >>> render_blank_chapter("de").split("\\n")[1]
    'title: "[Bitte ersetzen: der Titel Ihres Kapitels]"'
    """
    texts = template_translation(language)
    title = f"[{texts['replace']}: {texts['titled']}]"
    chapter_text = CHAPTER_TEMPLATE.format(quoted_title=f'"{title}"', title=title, authors="", label="", **texts)
    return chapter_text.replace(":label: \n", "")


def render_contributor(name: str, language: str = "en") -> str:
    """Return the text of a new contributor's file."""
    return PERSON_TEMPLATE.format(quoted_name=json.dumps(name, ensure_ascii=False), **template_translation(language))
