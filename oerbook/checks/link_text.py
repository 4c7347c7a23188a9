"""Check links: meaningful text, and no text or host that hides where the link leads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput, Link
from oerbook.model.findings import Finding, Severity

VAGUE_TEXTS = frozenset(
    [
        "here",
        "click here",
        "this",
        "this link",
        "link",
        "read more",
        "more",
        "see here",
        "go",
        "website",
        "this page",
        "this site",
        "this website",
        "page",
        "hier",
        "klicken sie hier",
        "mehr",
        "ici",
        "cliquez ici",
        "aquí",
        "aqui",
        "haz clic aquí",
        "klik hier",
    ]
)
URL_AS_TEXT = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:[/?#]\S*)?", re.I)


def check(_book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report links with a vague text, and links that lead elsewhere than they show."""
    for page in check_input.pages:
        for link in page.links:
            yield from _vague_text(link)
            yield from _misleading_target(link)


def is_vague(text: str) -> bool:
    """Return whether the text of a link does not say where it leads.

    >>> is_vague("Click here!"), is_vague("the soil atlas")
    (True, False)
    """
    return text.strip(" .,:;!?()[]«»“”\"'→").casefold() in VAGUE_TEXTS


def _vague_text(link: Link) -> Iterator[Finding]:
    if is_vague(link.text):
        message = f"the link text “{link.text}” does not say where the link leads"
        hint = "Link the words that name the target: read [the soil atlas](https://…)."
        yield Finding("link-text-generic", message, link.place, Severity.WARNING, hint)


def _misleading_target(link: Link) -> Iterator[Finding]:
    if not link.target.startswith(("http://", "https://")):
        return
    host = host_of_url(link.target)
    shown = URL_AS_TEXT.fullmatch(link.text.strip())
    if shown and "." in host and _domain(shown[1]) != _domain(host) and link.text.strip().startswith(("http", "www.")):
        message = f"this link shows {shown[1]} and leads to {host}"
        hint = "Show the address that the link leads to, or use words."
        yield Finding("link-text-mismatch", message, link.place, Severity.ERROR, hint)
    if "@" in link.target.split("//", 1)[1].split("/")[0]:
        message = f"the address of this link has a user name before its host: it leads to {host}"
        yield Finding("link-text-mismatch", message, link.place, Severity.ERROR, "Remove everything before the @.")
    elif _mixes_scripts(host):
        message = f"the host {host} mixes letters of several scripts, so it may look like another site"
        hint = "Type the address again; look-alike letters often come with pasted text."
        yield Finding("link-text-mismatch", message, link.place, Severity.ERROR, hint)


def host_of_url(target: str) -> str:
    """Return the host of a URL, "" when there is none.

    >>> host_of_url("https://example.org:80/x"), host_of_url("http://[x")
    ('example.org', '')
    """
    try:
        return (urlsplit(target).hostname or "").casefold()
    except ValueError:
        return ""


def _domain(host: str) -> str:
    return ".".join(host.casefold().removeprefix("www.").split(".")[-2:])


def _mixes_scripts(host: str) -> bool:
    """Say whether a label of a host mixes Latin letters with those of another script."""
    for label in host.split("."):
        if label.startswith("xn--"):
            try:
                label = label.encode("ascii").decode("idna")
            except UnicodeError:
                return True
        scripts = {unicodedata.name(char, "?").split(" ")[0] for char in label if char.isalpha()}
        if "LATIN" in scripts and len(scripts) > 1:
            return True
    return False
