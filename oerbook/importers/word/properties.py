"""Read the facts of a document that are not in its text: title, creator, dates, language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from oerbook.model.untyped import XmlElement

# Names that programs write when nobody gave one.
PLACEHOLDER_AUTHORS = re.compile(
    r"|.*@.*|(microsoft|ms)( office)?( user)?|windows[- ]user|office[- ]?user|user|admin(istrator)?|owner|python-docx"
    r"|unknown|author|default|apache poi|libreoffice.*|aspose.*|\W*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Properties:
    """Facts of a document; dates as `2025-09-18`."""

    title: str = ""
    creator: str = ""
    keywords: tuple[str, ...] = ()
    description: str = ""
    language: str = ""
    created: str = ""
    modified: str = ""


def read_properties(root: XmlElement | None) -> Properties:
    """Return the facts in `docProps/core.xml`, or in `meta.xml` of an OpenDocument text."""
    values: dict[str, str] = {}
    keywords: list[str] = []
    for element in root.iter() if root is not None else ():
        if not isinstance(element.tag, str):
            continue
        name, text = element.tag.rpartition("}")[2], " ".join((element.text or "").split())
        if name in ("keyword", "keywords") and text:
            keywords += [word.strip() for word in re.split(r"[,;]", text) if word.strip()]
        elif text:
            values.setdefault(name, text)
    creator = values.get("initial-creator") or values.get("creator", "")
    return Properties(
        values.get("title", ""),
        "" if PLACEHOLDER_AUTHORS.fullmatch(creator) else creator,
        tuple(dict.fromkeys(keywords)),
        values.get("description", ""),
        values.get("language", ""),
        (values.get("created") or values.get("creation-date", ""))[:10],
        (values.get("modified") or values.get("date", ""))[:10],
    )
