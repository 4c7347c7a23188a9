"""Import bookdown books: `_bookdown.yml` and `index.Rmd`; code is shown and never run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.importers.line_conversion.plan import ConvertibleBook, book_name, plan_conversion
from oerbook.importers.quarto_pages.book import heading_of, page_converter, part_entry, read_people
from oerbook.importers.quarto_pages.front_matter import split_page
from oerbook.importers.reading.find_license import find_book_license
from oerbook.importers.reading.foreign_book import ForeignBook, find_settings, names_below
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml

SUMMARY = "bookdown (_bookdown.yml, index.Rmd)"
SITE_LINE = re.compile(r"^site:\s*[\"']?bookdown::bookdown_site", re.M)
PART_HEADING = re.compile(r"^#\s*\((?P<kind>PART|APPENDIX)\\?\*?\)\s*(?P<title>.*?)\s*(?:\{[^{}\n]*\})?\s*$", re.M)
IGNORED_SETTINGS = frozenset(
    ["book_filename", "delete_merged_file", "new_session", "language", "output_dir", "rmd_files", "repo", "edit",
     "before_chapter_script", "after_chapter_script", "clean", "history", "view", "rmd_subdir"]
)  # fmt: skip


def find_books(tracked: Sequence[str], root: Path) -> list[str]:
    """Return the paths of the `_bookdown.yml` files, and of `index.Rmd` files of a bookdown site without one."""
    found = find_settings(tracked, "_bookdown.yml")
    folders = {name.rpartition("/")[0] for name in found}
    pages = [n for n in find_settings(tracked, "index.Rmd") if SITE_LINE.search(common.read_page(root / n))]
    return [*found, *(name for name in pages if name.rpartition("/")[0] not in folders)]


def read(book: ForeignBook) -> ImportPlan:
    """Return the import plan of a bookdown book."""
    root, base = book.root, book.settings_folder
    is_yaml = book.settings_file.endswith(".yml")
    data, findings = common.read_yaml(book.settings_path, root) if is_yaml else ({}, [])
    settings = data if isinstance(data, Mapping) else {}
    names, missing = _page_names(book, settings)
    index = names[0] if names and names[0].lower() == "index.rmd" else ""
    texts = {name: common.read_page(base / name) for name in names}
    facts = _facts(book, texts.get(index, ""))
    facts["toc"], facts["numbering"] = _entries(names, index, texts), True
    paths = [(base / name).relative_to(root).as_posix() for name in names]
    settings_files = [book.settings_file] if is_yaml else []
    folder = common.book_folder(root, base)
    settings_files += [n for n in (f"{folder}/_output.yml".lstrip("/"),) if n in book.tracked]
    findings += [*missing, *_not_imported(book, settings)]
    return plan_conversion(
        ConvertibleBook(
            book, base, facts, [name for name in names if name != index], page_converter(book, paths, facts),
            "R Markdown (bookdown)", index, tuple(settings_files), tuple(findings),
        )
    )  # fmt: skip


def _page_names(book: ForeignBook, settings: Mapping[str, Yaml]) -> tuple[list[str], list[Finding]]:
    """Return the pages in their order: those of `rmd_files`, or all by name with the first page first."""
    base = book.settings_folder
    listed = settings.get("rmd_files")
    if isinstance(listed, Mapping):
        listed = listed.get("html") or next(iter(listed.values()), [])
    below = names_below(book.tracked, common.book_folder(book.root, base))
    subfolders = settings.get("rmd_subdir")
    pages = sorted(
        name
        for name in below
        if name.lower().endswith(".rmd")
        and not name.startswith(("_", "."))
        and (subfolders is True or "/" not in name or name.split("/")[0] in common.to_list(subfolders))
    )
    index = [name for name in pages if name.lower() == "index.rmd"]
    if not listed:
        return [*index, *(name for name in pages if name not in index)], []
    wanted = list(dict.fromkeys(str(name) for name in common.to_list(listed)))
    present = [name for name in wanted if common.has_file(base, name)]
    findings = [
        common.make_finding(
            "import-page-missing",
            f"{name} is listed, but there is no such page",
            Place(book.settings_file, common.find_value_line(book.settings_path, name)),
            warning=True,
        )
        for name in wanted
        if name not in present
    ]
    return [*(name for name in index if name not in present), *present], findings


def _entries(names: Sequence[str], index: str, texts: Mapping[str, str]) -> list[TocEntry]:
    """Return the table of contents; a heading `(PART)` begins a part with the page that it stands on."""
    entries: list[TocEntry] = []
    siblings = entries
    for name in names:
        if part := PART_HEADING.search(texts[name]):
            title = re.sub(r"\s*\{[^{}]*\}$", "", part["title"]) or part["kind"].capitalize()
            children: list[TocEntry] = []
            entries.append(part_entry(title, children))
            siblings = children
        if name != index:
            siblings.append({"file": name})
    return [entry for entry in entries if entry.get("file") or entry.get("children")]


def _facts(book: ForeignBook, index_text: str) -> dict[str, Yaml]:
    """Return the front matter of the title page from that of `index.Rmd`."""
    facts = split_page(index_text)[0]
    link = str(facts.get("github-repo") or "")
    pages = [index_text, common.read_page(book.root / "README.md")]
    title = str(facts.get("title") or heading_of(index_text) or book_name(book.root))
    date = str(facts.get("date") or "")
    return {
        "title": " ".join(title.split()),
        "subtitle": str(facts.get("subtitle") or ""),
        "description": " ".join(str(facts.get("description") or "").split()),
        "authors": read_people(facts.get("author")),
        "date": date[:10] if re.match(r"\d{4}-\d\d-\d\d", date) else "",
        "language": str(facts.get("lang") or ""),
        "license": book.license
        or find_book_license((book.settings_folder, book.root), str(facts.get("license") or ""), pages),
        "repository": f"https://github.com/{link}" if link else "",
        "url": str(facts.get("url") or "").replace("\\:", ":").rstrip("/"),
        "cover": str(facts.get("cover-image") or ""),
        "bibliography": [str(name) for name in common.to_list(facts.get("bibliography"))],
    }


def _not_imported(book: ForeignBook, settings: Mapping[str, Yaml]) -> list[Finding]:
    message = "{}: not carried over, there is no equivalent"
    return [
        common.make_finding(
            "import-unsupported",
            message.format(key),
            Place(book.settings_file, common.find_key_line(book.settings_path, key)),
        )
        for key in settings
        if key not in IGNORED_SETTINGS
    ]
