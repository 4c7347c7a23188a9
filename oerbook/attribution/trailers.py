"""Parse the trailers of commit messages: who helped, and how.

git recognises only the last block of a message, but squash merges leave trailers in the middle and people forget the
empty line before them. So every line of the form `Something-by: Name <address>` counts, wherever it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from oerbook.model.history import Identity

TRAILER_LINE = re.compile(
    r"^[ \t>*-]*([a-z][a-z\u2010-\u2014-]*[\u2010-\u2014-]by|co[ -]?authored[ -]by|co-?authors?)[ \t]*:"
    r"[ \t]*(\S[^\n]*?(?:\n[ \t]+(?![^<>\n:]{2,40}:)[^<>\n]*<[^<>\n]*>)?)[ \t\r]*$",
    re.MULTILINE | re.IGNORECASE,
)
TRAILER_KEY = re.compile(r"(?:[ \u2010-\u2014-]by|co-?authors?)[ \t]*:", re.IGNORECASE)
DASH_OR_SPACE = re.compile("[ \u2010-\u2014]")
QUOTE_CHARS = "\"'“”„‘’‚«»"
UNBRACKETED_EMAIL = re.compile(
    r"[\s<(\[]*(?:mailto:)?\b([^\s@<>()\[\],;:]+@[^\s@<>()\[\],;]+)\b[>)\]]?"
)  # an address in other brackets, or in none
GITHUB_ACCOUNT = re.compile(r"(.*?)\s*[(\[]?@([A-Za-z\d](?:[A-Za-z\d-]{0,38}))[)\]]?")
NAME_SEPARATOR = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
NAME_AND_EMAIL = re.compile(r"([^<>]*)<([^<>]*)>")
LEADING_NAME_SEPARATOR = re.compile(r"^[\s,;&]*(?:and\b)?\s*")  # the separator after the previous person
SPACE_RUN = re.compile(r"[^\S\n]{2,}")
MAX_TRAILER_VALUE_CHARS = 2000  # characters of a line that are parsed
NAME_WITHOUT_EMAIL = re.compile(r"([^<>@()/:]{2,60}?)\.?")
# Trailer -> role. Signed-off-by certifies the origin and is no credit; Acked-by is no contribution either.
TRAILER_ROLES = {
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
TOOL_TRAILERS = frozenset(("assisted-by", "generated-by"))


def parse_trailers(message: str) -> Iterator[tuple[str, Identity]]:
    """Yield role and identity of everyone a message names; "tool" for tools.

    >>> [(role, who.name) for role, who in parse_trailers("Fix\\n\\nCO-AUTHORED-BY: Bo <b@x>\\nmore")]
    [('author', 'Bo')]
    """
    if not TRAILER_KEY.search(message):
        return
    seen = set()
    for match in TRAILER_LINE.finditer(SPACE_RUN.sub(" ", message)):
        key = DASH_OR_SPACE.sub("-", match[1].lower())
        role = "tool" if key in TOOL_TRAILERS else TRAILER_ROLES.get(key, "")
        for who in _parse_tool(match[2]) if role == "tool" else _parse_people(match[2]) if role else ():
            if (role, who) not in seen:
                seen.add((role, who))
                yield role, who


def _parse_tool(value: str) -> Iterator[Identity]:
    name, _, email = value.partition("<")
    yield Identity(" ".join(name.split()).strip(QUOTE_CHARS), email.rstrip("> "))


def _parse_people(value: str) -> Iterator[Identity]:
    """Yield the people in a trailer's value.

    Forms: `Ann <a@x>, Bo <b@x>`, `Ann (a@x)`, `Ann @ann` or bare names.
    """
    value = unescape(" ".join(value[:MAX_TRAILER_VALUE_CHARS].split()))
    if not NAME_AND_EMAIL.search(value):
        value = UNBRACKETED_EMAIL.sub(r" <\1>", value)
    for name, email in NAME_AND_EMAIL.findall(value) or _parse_bare_names(value):
        who = Identity(
            " ".join(LEADING_NAME_SEPARATOR.sub("", name).split()).strip(QUOTE_CHARS),
            email.strip().removeprefix("mailto:"),
        )
        if who.name or who.email:
            yield who


def _parse_bare_names(value: str) -> Iterator[tuple[str, str]]:
    """Yield people named without an address, but perhaps with a GitHub account."""
    account = GITHUB_ACCOUNT.fullmatch(value)
    if account:
        yield account[1] or account[2], f"{account[2]}@users.noreply.github.com"
        return
    names = NAME_SEPARATOR.split(value)
    for name in names if all(2 <= len(part.split()) <= 5 for part in names) else [value]:
        if NAME_WITHOUT_EMAIL.fullmatch(name) and len(name.split()) <= 6:
            yield name.removesuffix("."), ""
