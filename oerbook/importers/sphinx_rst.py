"""Import Sphinx books in reStructuredText, with their Markdown pages and notebooks; `conf.py` is never run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from oerbook.importers import common
from oerbook.importers.line_conversion.links import resolve_path
from oerbook.importers.line_conversion.page import ConvertedPage, SourcePage
from oerbook.importers.line_conversion.plan import ConvertibleBook, book_name, group_chapters, plan_conversion
from oerbook.importers.reading.find_license import find_book_license
from oerbook.importers.reading.foreign_book import ForeignBook, find_settings, names_below
from oerbook.importers.reading.sphinx_settings import facts_from_settings, read_settings
from oerbook.importers.rst_pages.contents import PAGE_SUFFIXES, RstTocReader
from oerbook.importers.rst_pages.context import BookMarkup, RstContext, normalize_name, title_slug
from oerbook.importers.rst_pages.convert import convert_page
from oerbook.importers.rst_pages.source_lines import read_title
from oerbook.model.artifacts import ImportPlan
from oerbook.model.untyped import Yaml
from oerbook.text.toctrees import remove_toctrees

SUMMARY = "Sphinx with reStructuredText (index.rst with toctrees)"
FIRST_PAGES = ("index.rst", "index.txt", "contents.rst", "master.rst", "main.rst")
LABEL = re.compile(r"^\s*\.\. _(`[^`]+`|[^:`]+):\s*$|^\s*:(?:name|label):\s+(\S.*?)\s*$", re.M)
REFERENCE = re.compile(r":ref:`(?:[^`<]*<)?([^`<>]+)>?`")


def find_books(tracked: Sequence[str], root: Path) -> list[str]:
    """Return the first pages in reStructuredText that stand beside a `conf.py` or hold a toctree."""
    names = set(tracked)
    found: dict[str, str] = {}
    for first in FIRST_PAGES:
        for name in find_settings(tracked, first):
            folder = name.rpartition("/")[0]
            if folder not in found and f"{folder}/index.md".lstrip("/") not in names and _is_book(name, names, root):
                found[folder] = name
    return sorted(found.values(), key=lambda name: (name.count("/"), -_count_pages(name, tracked), name))


def _is_book(name: str, names: set[str], root: Path) -> bool:
    """Say whether settings of Sphinx are in the folder of a page, or in the one above and the page has a toctree."""
    folder = name.rpartition("/")[0]
    above = f"{folder.rpartition('/')[0]}/conf.py".lstrip("/")
    is_beside = f"{folder}/conf.py".lstrip("/") in names
    return is_beside or (above in names and ".. toctree::" in common.read_page(root / name))


def _count_pages(name: str, tracked: Sequence[str]) -> int:
    folder = name.rpartition("/")[0]
    return sum(other.endswith(".rst") for other in names_below(tracked, folder))


def read(book: ForeignBook) -> ImportPlan:
    """Return the import plan of a Sphinx book in reStructuredText."""
    root, base = book.root, book.settings_folder
    settings, findings = read_settings(root, base if (base / "conf.py").is_file() else base.parent)
    folder = common.book_folder(root, base)
    first = PurePosixPath(book.settings_file).name
    reader = RstTocReader(book, folder, _suffixes(settings))
    reader.pages.append(first)
    entries = reader.entries_below(first)
    facts = facts_from_settings(root, base, settings)
    heading = _first_title(common.read_page(book.settings_path))
    project = str(facts["title"])
    title = heading if " " in heading and " " not in project else project or heading or book_name(root)
    readmes = [common.read_page(root / name) for name in ("README.rst", "README.md", "Readme.rst")]
    stated = [common.read_page(base / page) for page in reader.pages if re.search(r"licen[cs]e|copyright", page, re.I)]
    texts = [common.read_page(book.settings_path), *stated, *readmes, str(facts["copyright"])]
    facts |= {
        "title": title,
        "toc": group_chapters(entries) if reader.numbered else entries,
        "numbering": reader.numbered,
        "license": book.license or find_book_license((base, root), "", texts),
        "bibliography": facts["bibliography"] or [n for n in names_below(book.tracked, folder) if n.endswith(".bib")],
    }
    convert = _page_converter(book, folder, settings, reader.pages)
    pages = [page for page in reader.pages if page != first]
    configuration = [n for n in (f"{folder}/conf.py".lstrip("/"), "conf.py") if n in book.tracked][:1]
    return plan_conversion(
        ConvertibleBook(
            book, base, facts, pages, convert, "reStructuredText (Sphinx)", first, tuple(configuration),
            (*findings, *reader.findings),
        )
    )  # fmt: skip


def _suffixes(settings: Mapping[str, Yaml]) -> list[str]:
    """Return the suffixes of pages: those of `source_suffix`, and the usual ones."""
    value = settings.get("source_suffix")
    names = list(value) if isinstance(value, Mapping) else common.to_list(value)
    return [*dict.fromkeys([*map(str, names), *(suffix for suffix in PAGE_SUFFIXES if suffix != ".txt")])]


def _first_title(text: str) -> str:
    lines = text.split("\n")
    return next((title[0] for index in range(len(lines)) if (title := read_title(lines, index))), "")


def _page_converter(
    book: ForeignBook, folder: str, settings: Mapping[str, Yaml], pages: Sequence[str]
) -> Callable[[str, str], ConvertedPage]:
    paths = [f"{folder}/{name}".lstrip("/") for name in pages]
    texts = {path: common.read_page(book.root / path) for path in paths if not path.endswith(".ipynb")}
    included = _included_texts(book, folder, texts)
    markup = _book_markup([*texts.values(), *included], settings, folder, included)
    tracked = frozenset(book.tracked)
    styles: dict[str, tuple[str, ...]] = {}  # of titles where a page is included

    def convert(path: str, text: str) -> ConvertedPage:
        if path.endswith(".md"):
            return ConvertedPage(remove_toctrees(text))
        context = RstContext(SourcePage(path, text, tracked=tracked), markup, list(styles.get(path, ())))
        converted = convert_page(context)
        for name, inherited in context.included.items():
            styles.setdefault(name, inherited)
        return converted

    return convert


def _included_texts(book: ForeignBook, folder: str, pages: Mapping[str, str]) -> list[str]:
    """Return the files that pages include, whose targets and substitutions hold for the page."""
    tracked = set(book.tracked)
    named = {
        resolve_path(name, path, folder)
        for path, text in pages.items()
        for name in re.findall(r"^\s*\.\. include::\s+(\S+)", text, re.M)
    }
    return [common.read_page(book.root / name) for name in sorted(named & tracked)]


def _book_markup(
    texts: Sequence[str], settings: Mapping[str, Yaml], folder: str, included: Sequence[str]
) -> BookMarkup:
    labels = {normalize_name((a or b).strip("`")) for text in texts for a, b in LABEL.findall(text)}
    wanted = {normalize_name(name) for text in texts for name in REFERENCE.findall(text)} - labels
    names = {name.rpartition(":")[2] for name in wanted}
    titles = Counter(
        " ".join(title[0].split()).lower()
        for text in texts
        for lines in [text.split("\n")]
        for index in range(len(lines))
        if (title := read_title(lines, index)) and normalize_name(title[0]) in names
    )
    links = common.get_mapping(settings, "extlinks")
    return BookMarkup(
        frozenset(labels),
        {name: title_slug(name) for name in titles},
        "\n".join([*(str(settings.get(key) or "") for key in ("rst_prolog", "rst_epilog")), *included]),
        _language(str(settings.get("highlight_language") or "")),
        str(settings.get("default_role") or ""),
        {str(name): (str(value[0]), str(value[1] or "")) for name, value in links.items() if _is_link(value)},
        folder,
    )


def _is_link(value: Yaml) -> bool:
    return isinstance(value, list | tuple) and len(value) > 1 and "%s" in str(value[0])


def _language(name: str) -> str:
    return "" if name in ("default", "none") else name
