"""The Sphinx builder: resolve changed pages once, cache them, and write HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.build_phase import BuildPhase
from sphinx.util.docutils import LoggingReporter

from oerbook.document.context import name_clashes
from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.context.title_nodes import make_notice_page
from oerbook.document.html import (
    not_found_page,
    search_words,
    sitemap,
    template_context,
    theme_files,
    translations,
    translator,
)
from oerbook.document.html.template_cache import TemplateCache
from oerbook.document.resolving.kept_pages import KeptPages
from oerbook.document.resolving.page_keys import PageKeys
from oerbook.document.safety import downloads
from oerbook.document.safety import extension_html as safety_html
from oerbook.document.transforms import only_directive
from oerbook.model.findings import Finding, Severity
from oerbook.sandbox.limits import failure_reason, time_limit
from oerbook.storage.cache import Cache, make_cache_key
from oerbook.storage.machine_errors import raise_machine_error
from oerbook.text.translations import translate


class BookBuilder(StandaloneHTMLBuilder):
    """Cache each resolved page by a digest of what it depends on; write stale HTML."""

    name = "oerbook"
    supported_data_uri_images = False
    allow_parallel = False
    use_message_catalog = False
    up_to_date = False  # the site on disk is up to date
    advance: Any = staticmethod(lambda: None)  # called after each page, for the progress bar
    cache_keys: dict[str, str]  # by page, the cache key of the resolved page
    written_keys: dict[str, str]  # by page, the digest of what its HTML on disk depends on
    after_resolving: Any = staticmethod(lambda _name, _tree: None)  # called with each page that is resolved
    default_translator_class = translator.BookHtmlTranslator

    @cached_property
    def context(self) -> BuildContext:
        """Return the context of this run."""
        return context_of(self._app)

    @cached_property
    def kept_pages(self) -> KeptPages:
        """Return pages in memory."""
        return KeptPages()

    @cached_property
    def cache(self) -> Cache:
        """Return the cache of this build."""
        return Cache(self.context.cache_dir)

    def init_templates(self) -> None:
        """Cache compiled templates between runs."""
        super().init_templates()
        self.templates.environment.bytecode_cache = TemplateCache(self.cache)

    def get_outdated_docs(self) -> Iterator[str]:
        """Yield every page; `write` finds out by content which are stale."""
        yield from sorted(self.env.found_docs)

    def read_doc(self, docname: str, *, _cache: bool = True) -> None:  # type: ignore[misc]  # as with write
        """Read a page; one that fails or takes too long is replaced by a notice."""
        context = self.context
        try:
            with time_limit(context.page_timeout_s):
                super().read_doc(docname, _cache=_cache)
        except Exception as error:  # noqa: BLE001 - extensions raise anything on malformed text
            self.events.emit("env-purge-doc", self.env, docname)
            self.env.clear_doc(docname)
            context.record_unreadable(docname, error)  # after the purge, which forgets it
            super().read_doc(docname, _cache=_cache)

    def _read_serial(self, docnames: list[str]) -> None:
        name_clashes.reread_clashing_pages(self._app, docnames, super()._read_serial)

    def write(  # type: ignore[misc]  # final in Sphinx, whose notion of a stale page goes by modification time
        self,
        build_docnames: Iterable[str] | None,  # noqa: ARG002 - Sphinx's signature
        updated_docnames: Iterable[str],  # noqa: ARG002 - Sphinx's signature
        method: Literal["all", "specific", "update"] = "update",  # noqa: ARG002 - Sphinx's signature
    ) -> None:
        """Resolve the pages that changed, then write those whose HTML changed."""
        page_keys = PageKeys(self.context, self.env)
        self.cache_keys = {name: page_keys.key(name) for name in sorted(self.env.found_docs)}
        for name, key in self.cache_keys.items():
            self._resolve_once(name, key)
        if "html" not in self.context.targets:
            return
        cached = self.cache.get_json("state", "html") or {}
        shared = f"{page_keys.whole_book}{self.context.downloads}"
        keys = {
            name: make_cache_key(key, shared, template_context.author_digest(self.context, name))
            for name, key in self.cache_keys.items()
        }
        stale = {
            name for name, key in keys.items() if cached.get(name) != key or not self.get_output_path(name).is_file()
        }
        for name in (removed := cached.keys() - self.cache_keys.keys()):
            self.get_output_path(name).unlink(missing_ok=True)
        self.up_to_date = not stale and not removed
        if self.up_to_date:
            return
        self.cache.put_json("state", "html", {n: k for n, k in cached.items() if n not in stale | removed})
        try:
            with self.context.collect_target_findings("html"):
                super().write(sorted(stale), (), "specific")
            self.written_keys = keys
        except Exception as error:  # noqa: BLE001 - the site must not stop the other formats
            self.context.record_failure("html", error)

    def _resolve_once(self, name: str, key: str) -> None:
        """Resolve a page unless the cache has it; report its findings either way."""
        findings = self.cache.get("said", key, list) if self.cache.has("resolved", key) else None
        if findings is None:
            tree, findings = self.resolve_page(name)
            self.cache.put("resolved", key, tree)
            self.cache.put("said", key, findings)
            self.after_resolving(name, tree)
            self.kept_pages.put(name, tree)
        for finding in findings:
            self.context.add_finding(name, finding)
        self.advance()

    def copy_translation_js(self) -> None:
        """Write the search's translations as a script that the pages' CSP allows."""
        source = self._get_translations_js()
        if source is not None:
            script = translations.search_translations_js(source.read_text(encoding="utf-8"))
            (Path(self.outdir) / "_static/translations.js").write_text(script, encoding="utf-8")

    def load_indexer(self, docnames: Set[str]) -> None:
        """Start with an empty search index: an updated one would differ from a new one."""

    def index_page(self, pagename: str, doctree: nodes.document, title: str) -> None:
        """Add a page to the search index under its page name, not its source path."""
        self._index_page(pagename, title, lambda: doctree)

    def _index_page(self, name: str, title: str, load_tree: Callable[[], nodes.document]) -> None:
        if self.indexer is not None and title:
            search_words.add_page_to_search_index(
                self.indexer, self.cache, (name, self.cache_keys[name], title), load_tree
            )

    def write_documents(self, docnames: Set[str]) -> None:
        """Write the stale pages and index all."""
        for name in sorted(self.cache_keys):
            if name not in docnames:
                title = self.env.longtitles.get(name)
                self._index_page(name, title.astext() if title is not None else "", partial(self._html_tree, name))
                continue
            tree = self._html_tree(name)
            self.phase = BuildPhase.WRITING
            try:
                with time_limit(self.context.page_timeout_s):
                    self.write_doc_serialized(name, tree)
                    self.write_doc(name, tree)
            except Exception as error:  # noqa: BLE001 - one page must not stop the book
                tree = self.error_page(name, error)
                self.write_doc_serialized(name, tree)
                self.write_doc(name, tree)
            self.advance()

    def _html_tree(self, name: str) -> nodes.document:
        """Return a resolved page without what only other formats show."""
        tree = self.load_resolved_page(name)
        only_directive.remove_nodes_of_other_formats(tree, self.tags)
        return tree

    def render_and_discard(self, names: Iterable[str]) -> None:
        """Write some pages, to report those that fail, and delete the files."""
        if tried := sorted(set(names) & self.cache_keys.keys()):
            self.prepare_writing(set(tried))
        for name in tried:
            try:
                with time_limit(self.context.page_timeout_s):
                    tree = self._html_tree(name)
                    self.write_doc_serialized(name, tree)
                    self.write_doc(name, tree)
            except Exception as error:  # noqa: BLE001 - any of them would fail the page in the next build
                self.error_page(name, error)
            Path(self.get_output_path(name)).unlink(missing_ok=True)

    def finish(self) -> None:
        """Write index, search and images, and record what is now on disk."""
        if "html" not in self.context.targets or "html" in self.context.failures_by_target or self.up_to_date:
            return
        try:
            with self.context.collect_target_findings("html"):
                super().finish()
                theme_files.copy_cover_and_logo(self.context, Path(self.outdir))
                for folder in ("_images", "_downloads"):
                    for name in downloads.sanitize_downloads_folder(Path(self.outdir) / folder):
                        safety_html.report_removed_html(self.context, self.context.book.index.slug, name)
                theme_files.prune_theme_files(self.context, Path(self.outdir) / "_static")
                theme_files.prune_images(Path(self.outdir))
                not_found_page.complete_not_found_page(self.context.book, Path(self.outdir))
                sitemap.write_sitemap(self.context.book, self.cache_keys, Path(self.outdir))
                self.cache.put_json("state", "html", self.written_keys)
                self.cache.delete_unused(search_words.CACHE_KIND)
        except Exception as error:  # noqa: BLE001 - as in `write`
            self.context.record_failure("html", error)

    def load_resolved_page(self, name: str) -> nodes.document:
        """Return a resolved page, from the cache if it is there."""
        tree = self.kept_pages.take(name) or self.cache.get("resolved", self.cache_keys[name], nodes.document)
        if tree is None:
            tree, _findings = self.resolve_page(name)
            self.cache.put("resolved", self.cache_keys[name], tree)
        tree.reporter = LoggingReporter(str(self.env.doc2path(name)))
        return tree

    def resolve_page(self, name: str) -> tuple[nodes.document, list[Finding]]:
        """Return a page with its references resolved, and the new findings."""
        context = self.context
        before = set(context.findings.get(name, ()))
        self.current_docname = name  # extensions read it
        try:
            with time_limit(context.page_timeout_s):
                tree = self.env.get_and_resolve_doctree(name, self, tags=self.tags)
        except Exception as error:  # noqa: BLE001 - extensions raise anything on malformed text
            tree = self.error_page(name, error)
        tree.settings.env = None
        tree.reporter = None  # type: ignore[assignment]
        return tree, [finding for finding in context.findings.get(name, ()) if finding not in before]

    def error_page(self, name: str, error: Exception) -> nodes.document:
        """Report a page that cannot be rendered; return a page that says so. Raises MachineError for a full disk."""
        raise_machine_error(error)
        reason = failure_reason(error)
        self.context.report_problem(
            name,
            "chapter-unreadable",
            f"this chapter cannot be rendered: {reason}",
            severity=Severity.ERROR,
            hint="Undo the last change, or split the chapter to find the cause.",
        )
        page, language = self.context.pages.get(name), self.context.book.language
        text = translate(language, "This chapter could not be included in this edition: {reason}").format(reason=reason)
        return make_notice_page(str(self.env.doc2path(name)), page.title if page else name, text)
