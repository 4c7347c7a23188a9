"""Render one page again in a Sphinx run that is still open, for the live preview.

Rendering a page changes the state of the run, so callers do it in a forked process that they discard.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util.docutils import LoggingReporter

from oerbook.document.context.build_context import BuildContext
from oerbook.document.resolving.check_input import build_checked_page
from oerbook.document.transforms import only_directive
from oerbook.model.book import Book, Chapter, Credits
from oerbook.model.check_input import CheckedPage
from oerbook.model.findings import Finding
from oerbook.sandbox.limits import time_limit
from oerbook.storage.machine_errors import raise_machine_error

if TYPE_CHECKING:
    from oerbook.document.resolving.builder import BookBuilder


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page that was rendered again."""

    files: dict[str, bytes]  # HTML and images, by path in the site
    findings: tuple[Finding, ...]
    checked_page: CheckedPage | None = None  # the input of the checks
    check_findings: tuple[Finding, ...] = ()  # the findings of the checks


class OpenSession:
    """A Sphinx run that stays open after the build."""

    def __init__(self, app: Any, here: BuildContext, run: object) -> None:
        self.app, self.context = app, here
        self._run = run  # keeps the resources of the run open

    def page_urls(self) -> dict[str, str]:
        """Return the URL of each page, relative to the site, by the path of its source."""
        return {page.path: self.app.builder.get_target_uri(slug) for slug, page in self.context.pages.items()}

    def warm_up(self, path: str, folder: Path) -> None:
        """Render a page once to load templates, patterns and lexers."""
        book = self.context.book
        if path not in {page.path for page in self.context.pages.values()}:
            path = next((page.path for page in book.chapters), book.index.path)
        self.render_page(book, path, folder)

    def render_page(self, book: Book, path: str, folder: Path) -> RenderedPage | None:
        """Render the page whose source is `path` for a changed `book`, below `folder`.

        Return None if the page cannot be rendered alone, because other pages or the book's settings changed too.
        """
        context, builder, env = self.context, self.app.builder, self.app.env
        known = context.book
        book = replace(book, credits=known.credits, citations=known.citations, revision=known.revision)
        pages = {page.slug: page for page in (book.index, *book.chapters)}
        name = next((slug for slug, page in pages.items() if page.path == path), "")
        if name not in env.all_docs or name in context.placeholder_pages or pages[name].problem:
            return None
        if _without_page(book, name) != _without_page(context.book, name):
            return None
        context.book, context.pages = book, pages
        _redirect_output(builder, folder)
        env.events.emit("env-purge-doc", env, name)
        env.clear_doc(name)
        with time_limit(context.page_timeout_s):
            builder.read_doc(name)
        env._pickled_doctree_cache[name] = (folder / f"{name}.doctree").read_bytes()
        env.events.emit("env-updated", env)
        TocTreeCollector().get_updated_docs(self.app, env)
        with time_limit(context.page_timeout_s):
            checked_page = self._render(name)
        files = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file() and file.suffix != ".doctree"
        }
        return RenderedPage(files, tuple(context.findings.get(name, ())), checked_page)

    def _render(self, name: str) -> CheckedPage:
        builder: BookBuilder = self.app.builder
        tree, findings = builder.resolve_page(name)
        checked_page = build_checked_page(self.context, self.context.pages[name], tree)
        for finding in findings:
            self.context.add_finding(name, finding)
        builder.images = {}
        builder.prepare_writing({name})
        builder.indexer = None
        try:
            self._write(name, tree)
        except Exception as error:  # noqa: BLE001 - any error of an extension: the page shows a notice instead
            raise_machine_error(error)
            self._write(name, builder.error_page(name, error))
        builder.copy_image_files()
        return checked_page

    def _write(self, name: str, tree: Any) -> None:
        builder = self.app.builder
        tree.reporter = LoggingReporter(str(builder.env.doc2path(name)))
        only_directive.remove_nodes_of_other_formats(tree, builder.tags)
        builder.write_doc_serialized(name, tree)
        builder.write_doc(name, tree)


def _redirect_output(builder: Any, folder: Path) -> None:
    """Write below another folder; other pages are still read from the builder's own."""
    builder.doctreedir = folder
    builder.get_output_path = lambda name: folder / builder.get_target_uri(name)
    builder._images_dir = folder / "_images"


def _without_page(book: Book, name: str) -> Book:
    """Return a book without one page's text and settings, to compare the rest."""

    def strip(page: Chapter) -> Chapter:
        return Chapter(page.slug, page.path, "") if page.slug == name else replace(page, body_line=1)

    parts = tuple(
        replace(part, opener=strip(part.opener) if part.opener else None, chapters=tuple(map(strip, part.chapters)))
        for part in book.parts
    )
    return replace(book, index=strip(book.index), parts=parts, credits=Credits(), citations=(), revision="")
