"""Separate a text of Project Gutenberg from the header and license around it, and read the facts in the header."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from oerbook.importers.reading.author_names import read_authors
from oerbook.importers.reading.guess_language import guess_language

START = re.compile(
    r"^[ \t]*\*\*\*[ ]?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK.*?\*\*\*[ \t]*$|^\*END\*?.{0,60}SMALL PRINT.*$",
    re.I | re.M | re.S,
)
END = re.compile(
    r"^[ \t]*\*\*\*[ ]?END OF (?:THE|THIS) PROJECT GUTENBERG EBOOK|^End of (?:the |this )?Project Gutenberg",
    re.I | re.M,
)
FIELD = re.compile(
    r"^(Title|Authors?|Translator|Editor|Illustrator|Contributor|Language|Release Date|Posting Date|"
    r"Original publication|Produced by|Credits|Character set encoding)[ ]*:[ ]*(.+(?:\n[ \t]+\S.*)*)",
    re.I | re.M,
)
NUMBER = re.compile(r"\[?e(?:Book|Text)[ ]*#[ ]*(\d+)\]?", re.I)
PRODUCED = re.compile(r"^\s*(?:E-text )?(?:Produced|prepared) by\s+(.{3,400}?)(?:\n\s*\n|$)", re.I | re.S)
COPYRIGHTED = re.compile(r"This is a \*?COPYRIGHTED\*? Project Gutenberg", re.I)
LANGUAGE_CODES = {
    "english": "en",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "italian": "it",
    "dutch": "nl",
    "portuguese": "pt",
    "latin": "la",
    "finnish": "fi",
    "swedish": "sv",
    "danish": "da",
    "norwegian": "no",
    "greek": "el",
    "esperanto": "eo",
    "polish": "pl",
    "hungarian": "hu",
    "catalan": "ca",
    "russian": "ru",
    "czech": "cs",
    "chinese": "zh",
    "japanese": "ja",
}


@dataclass(frozen=True, slots=True)
class GutenbergFacts:
    """The facts of a book of Project Gutenberg; `number` is that of the eBook, "" if it is not stated."""

    title: str = ""
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    language: str = ""
    number: str = ""
    released: str = ""
    is_copyrighted: bool = False
    fields: dict[str, str] = field(default_factory=dict)


def is_gutenberg(text: str) -> bool:
    """Say whether a text has the marks of Project Gutenberg."""
    head = text[:40_000].replace("\r\n", "\n")
    return "Project Gutenberg" in head[:6000] and bool(START.search(head))


def split_text(text: str) -> tuple[str, str, str]:
    """Return the header, the book, and the license after it."""
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    start = START.search(text)
    head_end = start.end() if start else 0
    end = END.search(text, head_end)
    body_end = end.start() if end else len(text)
    return text[:head_end], text[head_end:body_end], text[body_end:]


def read_facts(header: str, body: str = "") -> GutenbergFacts:
    """Return the facts that a header states."""
    fields = {m[1].lower(): " ".join(m[2].split()) for m in FIELD.finditer(header)}
    number = NUMBER.search(header)
    produced = fields.get("produced by") or fields.get("credits") or ""
    match = PRODUCED.match(body.lstrip())
    produced = produced or (" ".join(match[1].split()) if match else "")
    language = LANGUAGE_CODES.get(fields.get("language", "").split(",")[0].strip().lower(), "")
    return GutenbergFacts(
        title=fields.get("title", ""),
        authors=tuple(read_authors(fields.get("author") or fields.get("authors") or "")[0]),
        editors=tuple(read_authors(fields.get("editor", ""))[0]),
        contributors=tuple(
            name
            for key in ("translator", "illustrator", "contributor")
            for name in read_authors(fields.get(key, ""))[0]
        ),
        language=language or guess_language([body[:20_000]]) or "",
        number=number[1] if number else "",
        released=re.sub(r"\s*\[.*", "", fields.get("release date") or fields.get("posting date") or ""),
        is_copyrighted=bool(COPYRIGHTED.search(header)),
        fields={"produced by": produced} if produced else {},
    )


def remove_producer(body: str) -> str:
    """Return a book's text without the line that says who made the electronic text, which the header repeats."""
    stripped = body.lstrip("\n")
    match = PRODUCED.match(stripped)
    return stripped[match.end() :] if match else body
