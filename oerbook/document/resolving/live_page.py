"""One page set anew, in the memory of a run that has ended: what a live preview shows first, whatever the book's size.

Everything here changes the run it works on; whoever calls forks the process before, and throws the fork away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util.docutils import LoggingReporter

from oerbook.document.context.build_context import Desk
from oerbook.document.resolving.proof import page_proof
from oerbook.document.transforms import html_only
from oerbook.model.book import Book, Chapter, Credits
from oerbook.model.findings import Finding
from oerbook.model.proof import PageProof
from oerbook.sandbox.limits import patience


@dataclass(frozen=True, slots=True)
class PageSet:
    """A page as it would be: files of the site by their paths (the page and its pictures), and what was found in it.

    `proof` is what checks can look at, `advice` what they said.
    """

    files: dict[str, bytes]
    findings: tuple[Finding, ...]
    proof: PageProof | None = None
    advice: tuple[Finding, ...] = ()


class Live:
    """A run of Sphinx that stays open, with everything it knows of the book."""

    def __init__(self, app: Any, here: Desk, run: object) -> None:
        self.app, self.here = app, here
        self._run = run  # while it is held, nothing of the run is cleared away

    def addresses(self) -> dict[str, str]:
        """Return the address of each page, relative to the site, by the path of its source."""
        return {page.path: self.app.builder.get_target_uri(slug) for slug, page in self.here.pages.items()}

    def rehearse(self, path: str, folder: Path) -> None:
        """Set a page once as it is: what that loads (templates, patterns, lexers) is there for all that are asked for."""
        if path not in {page.path for page in self.here.pages.values()}:
            path = next((page.path for page in self.here.book.chapters), self.here.book.index.path)
        self.page(self.here.book, path, folder)

    def page(self, book: Book, path: str, folder: Path) -> PageSet | None:
        """Return the page whose source is `path`, read and set anew with `book`'s facts, written below `folder`.

        Return None when the book has to be understood anew before the page can be: its pages or settings are others.
        """
        here, builder, env = self.here, self.app.builder, self.app.env
        book = replace(book, credits=here.book.credits)
        pages = {page.slug: page for page in (book.index, *book.chapters)}
        name = next((slug for slug, page in pages.items() if page.path == path), "")
        if name not in env.all_docs or name in here.notices or pages[name].problem:
            return None
        if _rest(book, name) != _rest(here.book, name):
            return None
        here.book, here.pages = book, pages
        _aim(builder, folder)
        env.events.emit("env-purge-doc", env, name)
        env.clear_doc(name)
        with patience(here.patience):
            builder.read_doc(name)
        env._pickled_doctree_cache[name] = (folder / f"{name}.doctree").read_bytes()
        env.events.emit("env-updated", env)
        TocTreeCollector().get_updated_docs(self.app, env)
        with patience(here.patience):
            proof = self._set(name)
        files = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file() and file.suffix != ".doctree"
        }
        return PageSet(files, tuple(here.findings.get(name, ())), proof)

    def _set(self, name: str) -> PageProof:
        builder = self.app.builder
        tree, said = builder.resolve(name)
        proof = page_proof(self.here, self.here.pages[name], tree)
        for finding in said:
            self.here.report(name, finding)
        builder.images = {}
        builder.prepare_writing({name})
        builder.indexer = None
        try:
            self._write(name, tree)
        except Exception as error:  # the page says itself why it cannot be shown
            self._write(name, builder.notice(name, error))
        builder.copy_image_files()
        return proof

    def _write(self, name: str, tree: Any) -> None:
        builder = self.app.builder
        tree.reporter = LoggingReporter(str(builder.env.doc2path(name)))
        html_only.for_web(tree, builder.tags)
        builder.write_doc_serialized(name, tree)
        builder.write_doc(name, tree)


def _aim(builder: Any, folder: Path) -> None:
    """Let a builder write below another folder; what it knows of its own folder stays."""
    builder.doctreedir = folder  # other pages are read from where they lie
    builder.get_output_path = lambda name: folder / builder.get_target_uri(name)
    builder._images_dir = folder / "_images"


def _rest(book: Book, name: str) -> Book:
    """Return a book without the text and the facts of one page: where these differ, more than the page would change."""

    def bare(page: Chapter) -> Chapter:
        return Chapter(page.slug, page.path, "") if page.slug == name else replace(page, body_line=1)

    parts = tuple(
        replace(part, opener=bare(part.opener) if part.opener else None, chapters=tuple(map(bare, part.chapters)))
        for part in book.parts
    )
    return replace(book, index=bare(book.index), parts=parts, credits=Credits())
