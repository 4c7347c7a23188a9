"""What importers of Quarto and bookdown share: converting all pages with the labels of the book."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.importers.line_conversion.page import ConvertedPage, SourcePage
from oerbook.importers.quarto_pages.context import PageContext
from oerbook.importers.quarto_pages.convert import convert_page
from oerbook.importers.quarto_pages.labels import collect_labels, stored_pictures
from oerbook.importers.reading.author_names import read_authors
from oerbook.importers.reading.foreign_book import ForeignBook
from oerbook.model.untyped import Yaml

CODE_PAGE = re.compile(r".*\.(?:qmd|rmd|md|markdown)$", re.I)


def page_converter(
    book: ForeignBook, pages: Sequence[str], variables: Mapping[str, Yaml]
) -> Callable[[str, str], ConvertedPage]:
    """Return a function that converts a page, given its path and its text; `pages` are all paths of the book."""
    texts = {name: common.read_page(book.root / name) for name in pages if CODE_PAGE.fullmatch(name)}
    labels = collect_labels(texts)
    pictures = stored_pictures(book.tracked)

    def convert(path: str, text: str) -> ConvertedPage:
        here = {label for label, home in labels.homes.items() if home == path}
        page = SourcePage(path, text, labels.labels, labels.wanted, here, variables, book.tracked)
        return convert_page(PageContext(page, pictures, heading_labels=dict(labels.headings)))

    return convert


def read_people(value: Yaml) -> list[Yaml]:
    """Return authors in any form of Quarto: names, or mappings with `name`, `orcid` and affiliations.

    >>> read_people([{"name": {"given": "Ada", "family": "Lee"}, "orcid": "0000-0002-1825-0097"}, "Bo Chan"])
    [{'name': 'Ada Lee', 'orcid': '0000-0002-1825-0097'}, 'Bo Chan']
    """
    people: list[Yaml] = []
    for item in common.to_list(value):
        if not isinstance(item, Mapping):
            people += read_authors(str(item))[0]
            continue
        name = item.get("name")
        if isinstance(name, Mapping):
            name = name.get("literal") or " ".join(str(name[key]) for key in ("given", "family") if name.get(key))
        person: dict[str, Yaml] = {"name": str(name or "").strip()}
        if item.get("orcid"):
            person["orcid"] = str(item["orcid"]).rpartition("/")[2]
        affiliations = [
            _affiliation(entry) for entry in common.to_list(item.get("affiliations") or item.get("affiliation"))
        ]
        if any(affiliations):
            person["affiliations"] = [entry for entry in affiliations if entry]
        if person["name"]:
            people.append(person if len(person) > 1 else str(person["name"]))
    return people


def _affiliation(entry: Yaml) -> str:
    return str(entry.get("name") or "") if isinstance(entry, Mapping) else str(entry or "")


def part_entry(title: str, children: list[TocEntry], file: str = "") -> TocEntry:
    """Return an entry of the table of contents for a part."""
    return {**({"title": title} if title else {}), **({"file": file} if file else {}), "children": children}


def heading_of(text: str) -> str:
    """Return the first heading of level 1 of a page, without attributes."""
    match = re.search(r"^#\s+(?P<words>.*?)\s*(?:\{[^{}\n]*\})?\s*$", text, re.M)
    return match["words"] if match else ""
