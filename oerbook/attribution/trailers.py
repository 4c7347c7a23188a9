"""Parse the trailers of commit messages: who helped, and how.

git recognises only the last block of a message, but squash merges leave trailers in the middle and people forget the
empty line before them. So every line of the form `Something-by: Name <address>` counts, wherever it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from oerbook.model.history import Identity

LINE = re.compile(
    r"^[ \t>*-]*([a-z][a-z\u2010-\u2014-]*[\u2010-\u2014-]by|co[ -]?authored[ -]by|co-?authors?)[ \t]*:"
    r"[ \t]*(\S[^\n]*?(?:\n[ \t]+[^<>\n]*<[^<>\n]*>)?)[ \t\r]*$",
    re.MULTILINE | re.IGNORECASE,
)
MARK = re.compile(r"(?:[ \u2010-\u2014-]by|co-?authors?)[ \t]*:", re.IGNORECASE)
DASHES = re.compile("[ \u2010-\u2014]")
QUOTES = "\"'“”„‘’‚«»"
LOOSE = re.compile(
    r"[\s<(\[]*(?:mailto:)?\b([^\s@<>()\[\],;:]+@[^\s@<>()\[\],;]+)\b[>)\]]?"
)  # an address in other brackets, or in none
ACCOUNT = re.compile(r"(.*?)\s*[(\[]?@([A-Za-z\d](?:[A-Za-z\d-]{0,38}))[)\]]?")
AND = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
PERSON = re.compile(r"([^<>]*)<([^<>]*)>")
BEFORE = re.compile(r"^[\s,;&]*(?:and\b)?\s*")  # the separator after the previous person
RUNS = re.compile(r"[^\S\n]{2,}")
MOST = 2000  # characters of a line that are parsed
BARE = re.compile(r"([^<>@()/:]{2,60}?)\.?")
# Trailer -> role. Signed-off-by certifies the origin and is no credit; Acked-by is no contribution either.
ROLES = {
    "co-authored-by": "author",
    "coauthored-by": "author",
    "co-author": "author",
    "co-authors": "author",
    "coauthor": "author",
    "coauthors": "author",
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
    """Yield role and identity of everyone a message names; "tool" for tools.

    >>> [(role, who.name) for role, who in trailers("Fix\\n\\nCO-AUTHORED-BY: Bo <b@x>\\nmore")]
    [('author', 'Bo')]
    """
    if not MARK.search(message):
        return
    seen = set()
    for match in LINE.finditer(RUNS.sub(" ", message)):
        key = DASHES.sub("-", match[1].lower())
        role = "tool" if key in TOOLS else ROLES.get(key, "")
        for who in _parse_tool(match[2]) if role == "tool" else _parse_people(match[2]) if role else ():
            if (role, who) not in seen:
                seen.add((role, who))
                yield role, who


def _parse_tool(value: str) -> Iterator[Identity]:
    name, _, email = value.partition("<")
    yield Identity(" ".join(name.split()).strip(QUOTES), email.rstrip("> "))


def _parse_people(value: str) -> Iterator[Identity]:
    """Yield the people in a trailer's value.

    Forms: `Ann <a@x>, Bo <b@x>`, `Ann (a@x)`, `Ann @ann` or bare names.
    """
    value = unescape(" ".join(value[:MOST].split()))
    if not PERSON.search(value):
        value = LOOSE.sub(r" <\1>", value)
    for name, email in PERSON.findall(value) or _parse_bare_names(value):
        who = Identity(" ".join(BEFORE.sub("", name).split()).strip(QUOTES), email.strip().removeprefix("mailto:"))
        if who.name or who.email:
            yield who


def _parse_bare_names(value: str) -> Iterator[tuple[str, str]]:
    """Yield people named without an address, but perhaps with a GitHub account."""
    account = ACCOUNT.fullmatch(value)
    if account:
        yield account[1] or account[2], f"{account[2]}@users.noreply.github.com"
        return
    names = AND.split(value)
    for name in names if all(2 <= len(part.split()) <= 5 for part in names) else [value]:
        if BARE.fullmatch(name) and len(name.split()) <= 6:
            yield name.removesuffix("."), ""
