"""What the last lines of a commit message say: who helped, and how.

git knows only the very last block of a message; squash merges leave trailers in the middle and people forget the empty
line before them. So every line of the form `Something-by: Name <address>` counts, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.model import Identity

LINE = re.compile(
    r"^[ \t>*-]*([A-Za-z][A-Za-z-]*-[Bb][Yy])[ \t]*:[ \t]*(\S[^\n]*?(?:\n[ \t]+[^<>\n]*<[^<>\n]*>)?)[ \t\r]*$",
    re.MULTILINE,
)
MARK = re.compile(r"-[Bb][Yy][ \t]*:")
PERSON = re.compile(r"(?:[\s,;&]*(?:and\b)?\s*)?([^<>]*?)\s*<([^<>]*)>")
ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
BARE = re.compile(r"([^<>@()/:]{2,60}?)\s*(?:\(([^()\s@]+@[^()\s@]+)\))?\.?")
# Trailer -> role. Signed-off-by certifies an origin and is no credit; Acked-by says that somebody has read.
ROLES = {
    "co-authored-by": "author",
    "coauthored-by": "author",
    "reviewed-by": "reviewer",
    "translated-by": "translator",
    "illustrated-by": "illustrator",
    "photographed-by": "photographer",
    "edited-by": "editor",
    "copyedited-by": "editor",
    "proofread-by": "proofreader",
    "helped-by": "helper",
    "suggested-by": "helper",
    "reported-by": "helper",
    "tested-by": "helper",
    "inspired-by": "helper",
    "thanks-to-by": "helper",
    "designed-by": "designer",
}
TOOLS = frozenset(("assisted-by", "generated-by"))


def trailers(message: str) -> Iterator[tuple[str, Identity]]:
    """Yield the role and the identity of everybody a message names; "tool" for disclosed tools.

    >>> [(role, who.name) for role, who in trailers("Fix\\n\\nCO-AUTHORED-BY: Bo <b@x>\\nmore")]
    [('author', 'Bo')]
    """
    if not MARK.search(message):
        return
    seen = set()
    for match in LINE.finditer(message):
        key = match[1].lower()
        role = "tool" if key in TOOLS else ROLES.get(key, "")
        for who in _tool(match[2]) if role == "tool" else _people(match[2]) if role else ():
            if (role, who) not in seen:
                seen.add((role, who))
                yield role, who


def _tool(value: str) -> Iterator[Identity]:
    yield Identity(" ".join(value.partition("<")[0].split()).strip("\"'"), value.partition("<")[2].rstrip("> "))


def _people(value: str) -> Iterator[Identity]:
    """Yield everybody whom a trailer's value names: `Ann <a@x>, Bo <b@x>`, `Ann (a@x)` or a bare name."""
    if "<" in value:
        found = [(match[1], match[2]) for match in PERSON.finditer(value)]
    else:
        bare = BARE.fullmatch(value)
        found = [(bare[1], bare[2] or "")] if bare and len(bare[1].split()) <= 6 else []
        found = [("", value)] if ADDRESS.fullmatch(value) else found
    for name, email in found:
        who = Identity(" ".join(name.split()).strip("\"'"), email.strip())
        if who.name or who.email:
            yield who
