"""Turn what an importer has read into an import plan: moves, new names, and the title page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.importers.reading.all_contributors import contributor_files
from oerbook.importers.reading.foreign_book import ForeignBook, names_below
from oerbook.importers.reading.guess_language import guess_language
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml
from oerbook.source.notebook import cells_as_markdown

NAME_FOR_SECOND_INDEX = "start"  # name of a page `index` that is not the title page
PATH_OUT_OF_FOLDER = re.compile(r"""(?:\.\./)+[^\s"'()<>\[\]{}\\`*?|]+""")
FILE_KEYS = ("logo", "cover")


@dataclass(frozen=True, slots=True)
class ParsedForeignBook:
    """What an importer has read from a book.

    `facts` is the front matter, with the table of contents. `pages` and `index_page` ("" for none) are relative to
    `base`, `settings_files` to the root of the book.
    """

    book: ForeignBook
    base: Path
    facts: dict[str, Yaml]
    pages: Sequence[str]
    index_page: str = ""
    settings_files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def make_plan(read: ParsedForeignBook) -> ImportPlan:
    """Return the import plan.

    If pages use files outside the folder of the pages (`../img/a.png`), these come along, and all keep their places
    relative to each other.
    """
    root, folder = read.book.root, common.book_folder(read.book.root, read.base)
    outside = _files_used_outside(read, folder)
    top = posixpath.commonpath([folder, *(posixpath.dirname(name) for name in outside)]) if outside else folder
    prefix = folder.removeprefix(top).lstrip("/")
    index_page = "" if prefix else read.index_page
    unread_index = [read.index_page] if prefix and read.index_page else []
    pages = [*unread_index, *read.pages]
    renames = _renames(read, pages, index_page)
    moves = common.plan_moves(folder, read.book.tracked, [*pages, *([index_page] if index_page else [])])
    moves = [(old, _new_path(new.removeprefix("chapters/"), prefix, renames)) for old, new in moves]
    moves += [(name, f"chapters/{name.removeprefix(top).lstrip('/')}") for name in outside]
    stated_license = read.book.license or read.facts.get("license")
    language = "" if read.facts.get("language") else guess_language(_texts(read, pages))
    facts = _moved_facts(read.facts, prefix, renames, unread_index)
    facts |= {"language": facts.get("language") or language or "en", "license": stated_license}
    text = common.read_page(read.base / index_page) if index_page else ""
    title_page = common.render_title_page(facts, text, str(facts.get("title") or root.name))
    rewritten, page_findings = common.rewrite_pages(read.base, root, pages)
    texts = _relink(read.base, pages, dict(rewritten), renames)
    files = {_new_path(name, prefix, renames): text for name, text in texts.items()}
    people, people_findings = contributor_files(root)
    findings = (
        *read.findings,
        *page_findings,
        *people_findings,
        *_outside_finding(outside),
        *_language_finding(read, language),
    )
    texts_to_write = (("chapters/index.md", title_page), *files.items(), *people)
    return ImportPlan(tuple(moves), texts_to_write, findings, read.settings_files, str(facts.get("license") or ""))


def _texts(read: ParsedForeignBook, pages: Sequence[str]) -> Iterator[str]:
    """Yield the text of the Markdown pages and of the text cells of notebooks."""
    for page in (*pages, *([read.index_page] if read.index_page else [])):
        text = common.read_page(read.base / page)
        yield cells_as_markdown(text)[0] if page.endswith(".ipynb") else text


def _language_finding(read: ParsedForeignBook, language: str) -> Iterator[Finding]:
    if language not in ("", "en"):
        message = f"the book does not state its language; its text looks like “{language}”, which was written"
        hint = "If that is wrong, change the line language: in chapters/index.md."
        yield common.make_finding("import-guessed", message, Place(read.book.settings_file), hint, warning=True)


def _new_path(name: str, prefix: str, renames: dict[str, str]) -> str:
    new = renames.get(name, name)
    return posixpath.join("chapters", prefix, new)


def _renames(read: ParsedForeignBook, pages: Sequence[str], index_page: str) -> dict[str, str]:
    """Return new names: the title page is index.md, so another page of this name gets a new one."""
    renames = {index_page: "index.md"} if index_page not in ("", "index.md") else {}
    taken = {name.rpartition(".")[0] for name in (*pages, *names_below(read.book.tracked, ""))}
    free = next(
        name
        for name in (NAME_FOR_SECOND_INDEX, *(f"{NAME_FOR_SECOND_INDEX}-{n}" for n in range(2, 99)))
        if name not in taken
    )
    for name in ("index.md", "index.ipynb"):
        if name != index_page and (read.base / name).is_file():
            renames[name] = f"{free}.{name.rpartition('.')[2]}"
    return renames


def _files_used_outside(read: ParsedForeignBook, folder: str) -> list[str]:
    """Return the files outside the folder of the pages that pages name with `../`."""
    if not folder:
        return []
    tracked, used = set(read.book.tracked), set()
    for page in (*read.pages, *([read.index_page] if read.index_page else [])):
        place = posixpath.dirname(posixpath.join(folder, page))
        for match in PATH_OUT_OF_FOLDER.finditer(common.read_page(read.base / page)):
            path = posixpath.normpath(posixpath.join(place, match[0].split("#")[0].replace("%20", " ")))
            if path in tracked and not path.startswith(f"{folder}/") and not path.endswith((".md", ".ipynb", ".py")):
                used.add(path)
    return sorted(used)


def _outside_finding(outside: Sequence[str]) -> Iterator[Finding]:
    if outside:
        listed = ", ".join(outside[:3]) + (f" and {len(outside) - 3} more" if len(outside) > 3 else "")
        message = f"pages use files outside their folder, which were moved into chapters/ too: {listed}"
        yield common.make_finding("import-unsupported", message, Place(outside[0]))


def _moved_facts(
    facts: dict[str, Yaml], prefix: str, renames: dict[str, str], first_pages: Sequence[str]
) -> dict[str, Yaml]:
    """Return the front matter with the new paths of the files that it names."""

    def moved(name: str) -> str:
        return posixpath.join(prefix, renames.get(name, name))

    def moved_entry(entry: TocEntry) -> TocEntry:
        names = {key: moved(str(entry[key])) for key in ("file", "pattern") if entry.get(key)}
        children = entry.get("children")
        below = {"children": [moved_entry(child) for child in children]} if isinstance(children, list) else {}
        return {**entry, **names, **below}

    entries = [*({"file": name} for name in first_pages), *common.to_list(facts.get("toc"))]
    paths = {key: moved(str(facts[key])) for key in FILE_KEYS if facts.get(key)}
    bibliography = [moved(str(name)) for name in common.to_list(facts.get("bibliography"))]
    toc = [moved_entry(entry) for entry in entries if isinstance(entry, dict)]
    return {**facts, **paths, "bibliography": bibliography, "toc": toc}


def _relink(base: Path, pages: Sequence[str], texts: dict[str, str], renames: dict[str, str]) -> dict[str, str]:
    """Return the texts to write by page, with links to renamed pages corrected."""
    written = {name.removeprefix("chapters/"): text for name, text in texts.items()}
    for page in pages if renames else ():
        text = written.get(page, common.read_page(base / page)) if page.endswith(".md") else ""
        linked = text
        for old, new in renames.items():
            path = posixpath.relpath(old, posixpath.dirname(page) or ".")
            new_path = path.removesuffix(old) + new
            linked = re.sub(rf"(?<=\]\()(?:\./)?{re.escape(path)}(?=[)#\s])", new_path.replace("\\", "\\\\"), linked)
        if linked != text:
            written[page] = linked
    return written
