"""Links: words that say where they lead, and addresses that are safe to follow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from oerbook.model.book import Book
from oerbook.model.findings import Finding, Severity
from oerbook.model.proof import Link, Proof

VAGUE = frozenset(
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
ADDRESS = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:[/?#]\S*)?", re.I)


def check(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report links whose words say nothing, or say another address than the one they lead to."""
    for page in proof.pages:
        for link in page.links:
            yield from _worded(link)
            yield from _honest(link)


def _worded(link: Link) -> Iterator[Finding]:
    plain = link.text.strip(" .,:;!?()[]«»“”\"'→").casefold()
    if plain in VAGUE:
        words = f"the link “{link.text}” does not say where it leads"
        hint = "Make the link of the words that name its goal: read [the soil atlas](https://…)."
        yield Finding("link-text", words, link.place, Severity.WARNING, hint)


def _honest(link: Link) -> Iterator[Finding]:
    if not link.target.startswith(("http://", "https://")):
        return
    host = host_of(link.target)
    shown = ADDRESS.fullmatch(link.text.strip())
    if shown and "." in host and _site(shown[1]) != _site(host) and link.text.strip().startswith(("http", "www.")):
        words = f"this link shows {shown[1]} and leads to {host}"
        hint = "Show the address that it leads to, or words."
        yield Finding("link-deceives", words, link.place, Severity.ERROR, hint)
    if "@" in link.target.split("//", 1)[1].split("/")[0]:
        words = f"the address of this link hides its site behind a name: it leads to {host}"
        yield Finding("link-deceives", words, link.place, Severity.ERROR, "Write the address without what precedes @.")
    elif _mixed(host):
        words = f"the site {host} mixes letters of several scripts, so it may look like another site"
        hint = "Type the address anew; look-alike letters often come with pasted text."
        yield Finding("link-deceives", words, link.place, Severity.ERROR, hint)


def host_of(target: str) -> str:
    """Return the host of an address, "" when there is none.

    >>> host_of("https://example.org:80/x"), host_of("http://[x")
    ('example.org', '')
    """
    try:
        return (urlsplit(target).hostname or "").casefold()
    except ValueError:
        return ""


def _site(host: str) -> str:
    return ".".join(host.casefold().removeprefix("www.").split(".")[-2:])


def _mixed(host: str) -> bool:
    """Say whether one label of a host is written in Latin and another script at once."""
    for label in host.split("."):
        if label.startswith("xn--"):
            try:
                label = label.encode("ascii").decode("idna")
            except UnicodeError:
                return True
        scripts = {unicodedata.name(sign, "?").split(" ")[0] for sign in label if sign.isalpha()}
        if "LATIN" in scripts and len(scripts) > 1:
            return True
    return False
