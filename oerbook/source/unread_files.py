"""Name files among the chapters that look like chapters of a kind that is not read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.text import load_page_text
from oerbook.source.toc import CHAPTER_SUFFIXES, PagesByFolder
from oerbook.text.slugs import is_utf8_name

RENAME_HINT = "Rename it to {name}."
CONVERT_HINT = "Convert it: pandoc {old} -t markdown -o {name}. Or move it out of chapters/."
IMPORT_HINT = "Move it out of the book's folder, then run oerbook import with its new path."
LISTED_HINT = "If it is a chapter, convert or rename it, and list it in toc: in chapters/index.md."
# By suffix, what to do. A file that a page names, such as a download, is in use and not reported.
HINT_BY_SUFFIX = {
    **dict.fromkeys([".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".myst", ".ipynb"], RENAME_HINT),
    **dict.fromkeys([".qmd", ".rmd", ".mdx"], RENAME_HINT + " Most of its syntax is read; the rest is reported."),
    **dict.fromkeys([".adoc", ".org", ".tex", ".typ"], CONVERT_HINT),
    **dict.fromkeys([".docx", ".odt", ".rst", ".html", ".htm"], IMPORT_HINT),
}


def report_unread_pages(root: Path, listing: PagesByFolder, has_toc: bool) -> Iterator[Finding]:
    """Yield a finding for each file that may be meant as a chapter and is not read.

    In a book with `toc:` it is a note: who lists the chapters has chosen them.
    """
    candidates = [path for folder in sorted(listing) for path in _candidates(root / "chapters", folder)]
    if not candidates:
        return
    pages = [f"{folder}{name}" for folder, (names, _folders) in listing.items() for name in names]
    texts = [load_page_text(root / "chapters" / page, root)[0] for page in pages]
    for path in candidates:
        pure = PurePosixPath(path)
        if any(pure.name in text for text in texts):
            continue
        hint = HINT_BY_SUFFIX[pure.suffix.lower()]
        name = pure.with_suffix(".ipynb" if pure.suffix.lower() == ".ipynb" else ".md").name
        message = f"this file is left out: chapters end in {' or '.join(CHAPTER_SUFFIXES)}"
        place = Place(f"chapters/{path}")
        if has_toc:
            yield Finding("page-not-read", message, place, Severity.INFO, LISTED_HINT)
        else:
            yield Finding(
                "page-not-read",
                message,
                place,
                Severity.WARNING,
                hint.format(name=name, old=pure.name),
            )


def _candidates(chapters: Path, folder: str) -> list[str]:
    with os.scandir(chapters / folder) as entries:
        names = [entry.name for entry in entries if is_utf8_name(entry.name) and entry.is_file(follow_symlinks=False)]
    return sorted(
        f"{folder}{name}"
        for name in names
        if not name.startswith((".", "_"))
        and not name.endswith(CHAPTER_SUFFIXES)
        and PurePosixPath(name).suffix.lower() in HINT_BY_SUFFIX
    )
