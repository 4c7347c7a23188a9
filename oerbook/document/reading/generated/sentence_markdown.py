"""Write generated sentences as Markdown."""

from __future__ import annotations

import re
from urllib.parse import quote

from oerbook.document.reading.generated.contributors_page import escape_markdown
from oerbook.model.sentences import Sentence, TextPart

SPACES_AROUND = re.compile(r"^( *)(.*?)( *)$", re.S)
URL_CHARS = "%:/?#[]@!$&'()*+,;=~"


def sentence_markdown(sentence: Sentence) -> str:
    """Return a sentence as one line of Markdown.

    >>> sentence_markdown((TextPart("In "), TextPart("Soil", "https://a.org", emphasized=True)))
    'In *[Soil](<https://a.org>)*'
    """
    return "".join(map(_part_markdown, sentence))


def _part_markdown(part: TextPart) -> str:
    words = SPACES_AROUND.sub(lambda match: f"{match[1]}{escape_markdown(match[2])}{match[3]}", part.text)
    linked = f"[{words}](<{quote(part.url, safe=URL_CHARS)}>)" if part.url else words
    if not part.emphasized or not part.text.strip():
        return linked
    return SPACES_AROUND.sub(lambda match: f"{match[1]}*{match[2]}*{match[3]}", linked)
