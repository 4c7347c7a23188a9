"""What converting a wiki page knows and collects."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from oerbook.importers.web.elements import append_content, make
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

FILE_NAMES = frozenset(
    ["file", "image", "datei", "bild", "fichier", "archivo", "imagen", "bestand", "afbeelding", "immagine", "ficheiro"]
)
CATEGORY_NAMES = frozenset(["category", "kategorie", "catégorie", "categoría", "categorie", "categoria"])
INTERWIKI = {
    "w": "https://en.wikipedia.org/wiki/",
    "wikipedia": "https://en.wikipedia.org/wiki/",
    "wikt": "https://en.wiktionary.org/wiki/",
    "wiktionary": "https://en.wiktionary.org/wiki/",
    "b": "https://en.wikibooks.org/wiki/",
    "wikibooks": "https://en.wikibooks.org/wiki/",
    "s": "https://en.wikisource.org/wiki/",
    "wikisource": "https://en.wikisource.org/wiki/",
    "v": "https://en.wikiversity.org/wiki/",
    "wikiversity": "https://en.wikiversity.org/wiki/",
    "q": "https://en.wikiquote.org/wiki/",
    "n": "https://en.wikinews.org/wiki/",
    "voy": "https://en.wikivoyage.org/wiki/",
    "c": "https://commons.wikimedia.org/wiki/",
    "commons": "https://commons.wikimedia.org/wiki/",
    "species": "https://species.wikimedia.org/wiki/",
    "d": "https://www.wikidata.org/wiki/",
    "m": "https://meta.wikimedia.org/wiki/",
    "mw": "https://www.mediawiki.org/wiki/",
}
LANGUAGE_PREFIX = re.compile(r"[a-z]{2,3}(?:-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class WikiContext:
    """A page's title, the address of its wiki, and the other pages of the import by title.

    `file_names` and `category_names` are the names of those namespaces in lower case.
    """

    title: str
    base_url: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)  # key by normalized title
    pictures: Mapping[str, str] = field(default_factory=dict)  # file in the source by normalized name
    file_names: frozenset[str] = FILE_NAMES
    category_names: frozenset[str] = CATEGORY_NAMES
    templates: Mapping[str, str] = field(default_factory=dict)  # wikitext by lower-case name


@dataclass(slots=True)
class WikiState:
    """What is collected while a page is converted."""

    context: WikiContext
    notes: dict[str, XmlElement] = field(default_factory=dict)  # div.note-text by key
    key_by_name: dict[str, str] = field(default_factory=dict)  # of notes and citations by (group and) name
    citation_by_name: dict[str, str] = field(default_factory=dict)
    bibliography: dict[str, str] = field(default_factory=dict)  # BibTeX entry by key
    categories: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, str] = field(default_factory=dict)  # a sample of each unknown template by name
    plain_links: int = 0
    depth: int = 0

    def new_note(self) -> str:
        """Return the key of a new note."""
        return f"r{len(self.notes) + 1}"

    def report(self) -> Iterator[Finding]:
        """Yield what could not be kept on this page."""
        place = Place(self.context.title)
        for name, sample in self.unknown.items():
            message = f"the template {{{{{name}}}}} is not known; the words in it were kept: “{sample[:80]}”"
            hint = "Read the text around it, and write what the wiki shows there."
            yield Finding("import-template", message, place, Severity.WARNING, hint)
        if self.dropped:
            listed = ", ".join(
                f"{name} ({count})" if count > 1 else name for name, count in sorted(self.dropped.items())
            )
            message = f"left out, because they only have a use in the wiki: {listed}"
            yield Finding("import-template", message, place, Severity.INFO)
        if self.plain_links:
            message = f"{self.plain_links} links to other pages became plain text: the address of the wiki is not known"
            hint = "Import the page from a dump or Special:Export, which name the wiki."
            yield Finding("import-reference", message, place, Severity.INFO, hint)


def normalize_title(title: str) -> str:
    """Return a page's title as MediaWiki compares it.

    >>> normalize_title("apple_pie#History"), normalize_title(" :Category:Fruit ")
    ('Apple pie', 'Category:Fruit')
    """
    text = " ".join(title.split("#")[0].replace("_", " ").strip().lstrip(":").split())
    return text[:1].upper() + text[1:]


def wiki_url(base_url: str, title: str) -> str:
    """Return the address of a page, "" if the wiki's address is not known."""
    name, _hash, fragment = title.partition("#")
    anchor = f"#{quote(fragment.strip().replace(' ', '_'))}" if fragment else ""
    path = quote(normalize_title(name).replace(" ", "_"), safe="/:()',-.!*~;@&=+$")
    return f"{base_url}{path}{anchor}" if base_url else ""


def page_link(state: WikiState, title: str, text: list[str | XmlElement]) -> list[str | XmlElement]:
    """Return a link to a page of the import, or of the wiki, or only its text."""
    href = _find_address(state, title)
    if not href:
        state.plain_links += 1
        return text
    link = make("a", href=href)
    append_content(link, text)
    return [link]


def _find_address(state: WikiState, title: str) -> str:
    context = state.context
    target = title.strip()
    if target.startswith("#"):
        return f"#{heading_id(context.title, target[1:])}"
    if target.startswith("/"):
        target = f"{context.title}{target.rstrip('/')}"
    while target.startswith("../"):
        target = f"{context.title.rpartition('/')[0]}/{target[3:]}".strip("/")
    normalized = normalize_title(target)
    if normalized in context.pages:
        fragment = target.partition("#")[2]
        return f"#{heading_id(normalized, fragment)}" if fragment else f"#{context.pages[normalized]}"
    prefix, colon, rest = target.lstrip(":").partition(":")
    if colon and prefix.strip().lower() in INTERWIKI:
        return wiki_url(INTERWIKI[prefix.strip().lower()], rest)
    return wiki_url(context.base_url, target)


def heading_id(title: str, heading: str) -> str:
    """Return the id of a heading of a page."""
    return re.sub(r"[^\w-]+", "_", f"{normalize_title(title)}--{' '.join(heading.replace('_', ' ').split())}".lower())
