"""What the last lines of a commit message say: who helped, and how.

git knows only the very last block of a message; squash merges leave trailers in the middle and people forget the empty
line before them. So every line of the form `Something-by: Name <address>` counts, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.model import Identity

LINE = re.compile(
    r"^[ \t>*-]*([A-Za-z][A-Za-z-]*-by)[ \t]*:[ \t]*(.*?(?:\n[ \t]+\S.*?)*?)[ \t]*<([^<>\n]*)>[ \t]*\r?$",
    re.MULTILINE | re.IGNORECASE,
)
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
    if "-by" not in message.lower():
        return
    seen = set()
    for match in LINE.finditer(message):
        key = match[1].lower()
        role = "tool" if key in TOOLS else ROLES.get(key, "")
        who = Identity(" ".join(match[2].split()).strip("\"'"), match[3].strip())
        if role and (who.name or who.email) and (role, who) not in seen:
            seen.add((role, who))
            yield role, who
    for match in re.finditer(r"^[ \t]*(?:Assisted|Generated)-by[ \t]*:[ \t]*([^<\n]+?)[ \t]*$", message, re.M | re.I):
        yield "tool", Identity(match[1], "")
