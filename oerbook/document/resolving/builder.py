"""The builder behind `oerbook build`: each page is resolved once, then set as HTML and kept for the other formats."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from docutils import nodes
from docutils.utils import new_document
from jinja2 import FileSystemBytecodeCache
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.docutils import LoggingReporter

import oerbook
from oerbook.document.context import name_clashes
from oerbook.document.context.build_context import desk
from oerbook.document.html import template_context as pages
from oerbook.document.html import theme_files, translations, translator
from oerbook.document.math import nodes as math_nodes
from oerbook.document.resolving.dependencies import Needs, Surroundings, needs_of
from oerbook.document.resolving.page_digest import READING
from oerbook.document.transforms import html_only
from oerbook.model.book import Credits
from oerbook.model.findings import Finding, Severity
from oerbook.sandbox.limits import patience, reason_of
from oerbook.storage.cache import Shelf, digest, said_of
from oerbook.storage.code_digest import code_digest
from oerbook.storage.file_cache import below, digest_of

Resolved = tuple[nodes.document, list[Finding]]


class BookBuilder(StandaloneHTMLBuilder):
    """HTML through the theme, with every resolved page kept on the shelf by content."""

    name = "oerbook"
    supported_data_uri_images = False
    allow_parallel = False
    use_message_catalog = False
    idle = False
    advance: Any = staticmethod(lambda: None)

    default_translator_class = translator.BookTranslator

    @cached_property
    def shelf(self) -> Shelf:
        """Return the shelf of this build."""
        return Shelf(desk().work)

    def init_templates(self) -> None:
        """Let the compiled templates be kept for the next run."""
        super().init_templates()
        folder = desk().work / "templates"
        folder.mkdir(parents=True, exist_ok=True)
        self.templates.environment.bytecode_cache = FileSystemBytecodeCache(str(folder))

    def get_outdated_docs(self) -> Iterator[str]:
        """Offer every page; what is really stale is settled by content, after reading."""
        yield from sorted(self.env.found_docs)

    def read_doc(self, docname: str, *, _cache: bool = True) -> None:  # type: ignore[misc]  # as with write
        """Read a page; one that cannot be read, or not in time, becomes a notice, and the rest of the book is read."""
        here = desk()
        try:
            with patience(here.patience):
                super().read_doc(docname, _cache=_cache)
        except Exception as error:  # whatever a stranger's text sets off
            self.events.emit("env-purge-doc", self.env, docname)
            self.env.clear_doc(docname)
            here.given_up[docname] = reason_of(error)
            super().read_doc(docname, _cache=_cache)

    def _read_serial(self, docnames: list[str]) -> None:
        name_clashes.read_together(self._app, docnames, super()._read_serial)

    def write(  # type: ignore[misc]  # Sphinx means extensions to leave it; what is stale is ours to say
        self,
        build_docnames: Iterable[str] | None,
        updated_docnames: Iterable[str],
        method: Literal["all", "specific", "update"] = "update",
    ) -> None:
        """Resolve what changed, then write the pages whose content changed."""
        self.keys = {name: self._key(name) for name in sorted(self.env.found_docs)}
        for name, key in self.keys.items():
            said = self.shelf.get("said", key) if self.shelf.has("resolved", key) else None
            if said is None:
                tree, said = self.resolve(name)
                self.shelf.put("resolved", key, tree)
                self.shelf.put("said", key, said)
            for finding in said:
                desk().report(name, finding)
            self.advance()
        if "html" not in desk().targets:
            return
        written = self.shelf.get_json("state", "html") or {}
        page_key = digest(self._state, repr(desk().downloads))
        whole = {name: digest(key, page_key, pages.said_of(name)) for name, key in self.keys.items()}
        stale = {name for name, key in whole.items() if written.get(name) != key or not self._on_disk(name)}
        gone = written.keys() - self.keys.keys()
        for name in gone:
            self.get_output_path(name).unlink(missing_ok=True)
        self.idle = not stale and not gone
        if self.idle:
            return
        self.shelf.put_json("state", "html", {n: k for n, k in written.items() if n not in stale | gone})
        super().write(sorted(stale), (), "specific")
        self.written = whole

    def copy_translation_js(self) -> None:
        """Put the words of the search among the site's scripts, as the policy of the pages wants them."""
        source = self._get_translations_js()
        if source is not None:
            words = translations.script(source.read_text(encoding="utf-8"))
            (Path(self.outdir) / "_static/translations.js").write_text(words, encoding="utf-8")

    def load_indexer(self, docnames: Set[str]) -> None:
        """Begin the search index anew: one that is patched differs from one that is made at once."""

    def index_page(self, pagename: str, doctree: nodes.document, title: str) -> None:
        """Enter a page in the search index under its own name: where its source lies is nobody's business."""
        if self.indexer is not None and title:
            self.indexer.feed(pagename, f"{pagename}.md", title, doctree)

    def _on_disk(self, name: str) -> bool:
        return Path(self.get_output_path(name)).is_file()

    def write_documents(self, docnames: Set[str]) -> None:
        """Set the stale pages."""
        from sphinx.util.build_phase import BuildPhase

        for name in sorted(self.keys):
            tree = self.resolved(name)
            html_only.for_web(tree, self.tags)
            if name not in docnames:
                title = self.env.longtitles.get(name)
                self.index_page(name, tree, title.astext() if title is not None else "")
                continue
            self.phase = BuildPhase.WRITING
            try:
                with patience(desk().patience):
                    self.write_doc_serialized(name, tree)
                    self.write_doc(name, tree)
            except Exception as error:  # one page must not take the book with it
                tree = self.notice(name, error)
                self.write_doc_serialized(name, tree)
                self.write_doc(name, tree)
            self.advance()

    def try_out(self, names: Iterable[str]) -> None:
        """Set some pages for the web, to see whether they can be; the files are thrown away."""
        wanted = sorted(set(names) & self.keys.keys())
        if wanted:
            self.prepare_writing(set(wanted))
        for name in wanted:
            try:
                with patience(desk().patience):
                    tree = self.resolved(name)
                    html_only.for_web(tree, self.tags)
                    self.write_doc_serialized(name, tree)
                    self.write_doc(name, tree)
            except Exception as error:  # whatever it is, it would be in the way of the book's next build
                self.notice(name, error)
            Path(self.get_output_path(name)).unlink(missing_ok=True)

    def finish(self) -> None:
        """Write index, search and pictures, and note what is now on the disk."""
        if "html" not in desk().targets or self.idle:
            return
        super().finish()
        theme_files.hang(desk().book, Path(self.outdir))
        theme_files.prune(desk(), Path(self.outdir) / "_static")
        theme_files.prune_pictures(Path(self.outdir))
        self.shelf.put_json("state", "html", self.written)

    def resolved(self, name: str) -> nodes.document:
        """Return a resolved page."""
        tree: nodes.document | None = self.shelf.get("resolved", self.keys[name])
        if tree is None:
            tree, _said = self.resolve(name)
            self.shelf.put("resolved", self.keys[name], tree)
        tree.reporter = LoggingReporter(str(self.env.doc2path(name)))
        return tree

    def resolve(self, name: str) -> Resolved:
        """Return a page with its references resolved, and what was found in doing so."""
        here = desk()
        before = set(here.findings.get(name, ()))
        self.current_docname = name  # extensions ask where they are
        try:
            with patience(here.patience):
                tree = self.env.get_and_resolve_doctree(name, self, tags=self.tags)
        except Exception as error:  # an extension tripped over a stranger's text
            tree = self.notice(name, error)
        tree.settings.env = None
        tree.reporter = None  # type: ignore[assignment]
        return tree, [finding for finding in here.findings.get(name, ()) if finding not in before]

    def notice(self, name: str, error: Exception) -> nodes.document:
        """Return a page that says why the page itself cannot be shown."""
        reason = reason_of(error)
        desk().say(
            name,
            "chapter-unreadable",
            f"this chapter cannot be set: {reason}",
            severity=Severity.ERROR,
            hint="Take the last change back, or cut the chapter in two to find the place.",
        )
        tree = new_document(str(self.env.doc2path(name)))
        page = desk().pages.get(name)
        title = page.title if page else name
        section = nodes.section("", nodes.title(title, title), ids=["notice"])
        words = f"This chapter could not be included in this edition: {reason}"
        section += nodes.warning("", nodes.paragraph(words, words))
        tree += section
        return tree

    @cached_property
    def _state(self) -> str:
        """Return a digest of all that pages know of each other: numbers, titles, labels, terms, citations, the book."""
        env: Any = self.env
        here = desk()
        shared = {
            "titles": {name: node.astext() for name, node in env.titles.items()},
            "numbers": env.toc_secnumbers,
            "figures": env.toc_fignumbers,
            "order": env.toctree_includes,
            "domains": {name: data for name, data in env.domaindata.items() if name in SHARED},
            "statements": self._surroundings.statements(),
        }
        book = here.book
        facts = (replace(book, credits=Credits(), parts=(), people=()), oerbook.__version__, here.generated)
        parts = [(part.title, part.opener is not None, len(part.chapters)) for part in book.parts]
        pages = [said_of(page) for page in (*book.chapters, *book.people)]
        sources = [(env.srcdir / name).read_bytes() for name in self.config.bibtex_bibfiles]
        return digest(steady(shared), repr((facts, parts)), "\0".join(pages), self._program, *sources)

    @cached_property
    def _program(self) -> str:
        """Return a digest of this program and its theme, whose change makes everything new."""
        return digest(code_digest(*READING), *map(digest_of, sorted(below(theme_files.theme_folder(desk())))))

    @cached_property
    def _common(self) -> str:
        """Return a digest of what every page takes from the book, wherever its references lead."""
        book = replace(desk().book, credits=Credits(), parts=(), people=())
        others = {name: data for name, data in self.env.domaindata.items() if name not in SHARED}
        return digest(repr(book), oerbook.__version__, self._program, steady(others))

    @cached_property
    def _surroundings(self) -> Surroundings:
        return Surroundings(self.env)

    def _key(self, name: str) -> str:
        """Return the key of a page: its tree, and what it takes from the book and from other pages."""
        doctree = digest_of(f"{self.doctreedir}/{name}.doctree").hex()
        own = (name, doctree, repr(math_nodes.macros_of(name)), said_of(desk().pages.get(name)))
        needs = self._needs(name, doctree)
        taken = self._surroundings.of(name, needs, numbers=bool(desk().targets))
        if taken is None or name in desk().generated or name == "index":
            return digest(self._state, *own)
        return digest(self._common, *own, *taken)

    def _needs(self, name: str, key: str) -> Needs:
        kept = self.shelf.get("needs", key)
        if kept is None:
            kept = needs_of(self.env.get_doctree(name))
            self.shelf.put("needs", key, kept)
        found: Needs = kept
        return found


SHARED = frozenset({"std", "math", "cite", "prf", "index", "py", "todo"})


def steady(value: Any) -> str:
    """Return plain data as text that is the same in every run, whatever the order of its sets and keys."""
    try:
        return json.dumps(value, sort_keys=True, default=_told)
    except TypeError:  # keys that are no text
        pass
    if isinstance(value, dict):
        return "{" + ",".join(sorted(f"{steady(k)}:{steady(v)}" for k, v in value.items())) + "}"
    return "[" + ",".join(map(steady, value)) + "]"


def _told(value: Any) -> Any:
    """Return plain data for what JSON has no word for."""
    if isinstance(value, set | frozenset):
        return sorted(map(steady, value))
    return repr(value) if isinstance(value, nodes.Node) else type(value).__name__
