"""Links of mystmd to Wikipedia, DOIs and other registries, and links without words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

ADDRESS_BY_SCHEME = {
    "doi": "https://doi.org/{path}",
    "ror": "https://ror.org/{path}",
    "rrid": "https://scicrunch.org/resolver/{path}",
    "github": "https://github.com/{path}",
}
REGISTRY_LINK = re.compile(r"(?P<scheme>wiki|doi|ror|rrid|github|xref):(?P<path>[^/\s].*)", re.I)
WIKIPEDIA_LANGUAGE = re.compile(r"(?P<language>[a-z]{2,3}(?:-[a-z]+)?):(?P<page>.+)")


def resolve_registry_link(target: str, language: str) -> tuple[str, str]:
    """Return the address of a link of mystmd and words for it, or "" and "".

    >>> resolve_registry_link("wiki:Gravitational_wave#Effects", "en")
    ('https://en.wikipedia.org/wiki/Gravitational_wave#Effects', 'Gravitational wave')
    >>> resolve_registry_link("xref:python#reset", "en")
    ('inv:python#reset', '')
    """
    match = REGISTRY_LINK.fullmatch(target)
    if not match:
        return "", ""
    scheme, path = match["scheme"].lower(), match["path"]
    if scheme == "xref":
        return f"inv:{path}", ""
    if scheme != "wiki":
        return ADDRESS_BY_SCHEME[scheme].format(path=path), unquote(path)
    if named := WIKIPEDIA_LANGUAGE.fullmatch(path):
        language, path = named["language"], named["page"]
    words = unquote(path.partition("#")[0]).replace("_", " ")
    return f"https://{language.partition('-')[0]}.wikipedia.org/wiki/{path}", words


def address_in_book(path: str, urls: Mapping[str, str]) -> str:
    """Return the address of a link `key/page#part` into another book, "" if the book is not listed.

    >>> address_in_book("soil/clay#red", {"soil": "https://soil.example/"})
    'https://soil.example/clay#red'
    """
    place, _hash, part = path.partition("#")
    key, _slash, page = place.partition("/")
    base = urls.get(key.partition(":")[0], "").rstrip("/")
    return (f"{base}/{page}".rstrip("/") + (f"#{part}" if part else "")) if base else ""


def words_for_book(path: str) -> str:
    """Return words for a link into another book that has none: its last part.

    >>> words_for_book("soil/clay#red-clay"), words_for_book("soil/loam"), words_for_book("soil")
    ('red clay', 'loam', 'soil')
    """
    return re.split(r"[#/:]", unquote(path).rstrip("#/:"))[-1].replace("-", " ").replace("_", " ")


def text_of_bare_link(url: str) -> str:
    """Return what a link without words shows: its address without the scheme.

    >>> text_of_bare_link("https://example.org/soil/")
    'example.org/soil'
    """
    return unquote(re.sub(r"^(?:https?://|mailto:)", "", url)).rstrip("/")
