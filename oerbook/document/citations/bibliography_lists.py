"""Collect the lists of works of a book and the citations that link to each, and format them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from oerbook.citations import csl_references, styles
from oerbook.citations import library as libraries
from oerbook.citations.bibliography_formatter import BibliographyFormatter, BibliographyList, FormattedList
from oerbook.citations.citeproc import CitationCluster
from oerbook.citations.citeproc_requests import PageCitation
from oerbook.citations.library import bibliography_files
from oerbook.citations.styles import CitationStyle, CitationStyleError
from oerbook.document.citations.bibliography_problems import report_listed_works
from oerbook.document.context.build_context import BuildContext
from oerbook.errors import OerbookError
from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.sandbox.limits import failure_reason, time_limit
from oerbook.source.text import load_page_text
from oerbook.storage.cache import Cache

ListKey = Any
BROKEN_FILTER_HINT = "Take out :filter:, or make it simpler."
UNKNOWN_STYLE_HINT = "Name one of: {}."


def library_for_book(book: Book) -> libraries.CitationLibrary:
    """Return the works that a book can cite."""
    return libraries.load_library([book.root / "chapters" / name for name in bibliography_files(book)])


def replace_dois_by_keys(works: CitationCluster, book: Book) -> CitationCluster:
    """Return works with the keys of their entries in place of DOIs and of keys in another case."""
    library = library_for_book(book)
    return tuple(replace(one, key=library.find_key(one.key) or one.key) for one in works)


def report_malformed_citation(context: BuildContext, role: Any, text: str) -> None:
    """Report a citation that cannot be read."""
    message = f"this citation cannot be read: {text[:60]}"
    hint = "Write {cite:p}`key`, several keys with commas between them, and {words}key{p. 5} around one."
    context.report_problem(role.env.docname, "citation-missing", message, int(role.lineno or 0), hint=hint)


def filtered_entries(context: BuildContext, domain: Any, key: ListKey) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a list; a list whose filter fails has none, and the failure is reported."""
    try:
        with time_limit(context.page_timeout_s):
            found = list(domain.get_filtered_entries(key))
    except Exception as error:  # noqa: BLE001 - a pattern of :filter: that is wrong or never ends, a comparison that makes no sense
        message = f"this list of works cannot be made: {failure_reason(error)}"
        line = domain.bibliographies[key].line
        context.report_problem(
            key.docname, "directive-option", message, line, severity=Severity.ERROR, hint=BROKEN_FILTER_HINT
        )
        return
    yield from found


def format_all_lists(
    context: BuildContext, domain: Any, docnames: list[str], listed: dict[ListKey, dict[str, Any]]
) -> dict[ListKey | None, FormattedList]:
    """Return every list formatted, with its citations; under None, the citations of works that are in no list."""
    citations = [one for name in docnames for one in domain.data["pages"].get(name, {}).values()]
    grouped = _by_list(domain, listed, citations)
    lists = {
        key: _work_list(context, domain.bibliographies[key], key, entries, grouped.get(key, []))
        for key, entries in listed.items()
    }
    noted = sorted({key for state in domain.env.oerbook.values() for key in state.footnote_citations})
    lists[None] = BibliographyList(
        tuple(noted), _style(context, domain.env.config.bibtex_default_style), tuple(grouped.get(None, ()))
    )
    library = library_for_book(context.book)
    wanted = {key for one in lists.values() for key in _keys_of(one)}
    records = [library.records[key] for key in sorted({key.casefold() for key in wanted}) if key in library.records]
    cache = Cache(context.cache_dir)
    converted = csl_references.convert_to_csl(records, library.records, cache)
    report_listed_works(context, records, converted, library)
    processor = BibliographyFormatter(
        {key: one.reference for key, one in converted.items()}, library, context.book.language, cache
    )
    asked = {key: one for key, one in lists.items() if one.keys or one.citations}
    settings = {key: _set(context, domain, key, one, processor) for key, one in asked.items()}
    cache.delete_unused("references", "citations")
    return settings


def _set(
    context: BuildContext, domain: Any, key: ListKey | None, asked: BibliographyList, processor: BibliographyFormatter
) -> FormattedList:
    """Return a formatted list; if that fails, in the default style, or else as titles only."""
    try:
        return processor.format_list(asked)
    except OerbookError as error:
        message = f"this list of works cannot be formatted in the style {asked.style.name}: {error.message[:200]}"
        line = domain.bibliographies[key].line if key else 0
        context.report_problem(key.docname if key else "index", "directive-option", message, line)
    try:
        return processor.format_list(replace(asked, style=CitationStyle(styles.PANDOC_DEFAULT_STYLE)))
    except OerbookError:
        return processor.list_titles_only(asked)


def _by_list(
    domain: Any, listed: dict[ListKey, dict[str, Any]], citations: list[PageCitation]
) -> dict[ListKey | None, list[PageCitation]]:
    """Return citations by the list that they lead to: one of their page, else the first that has their work."""
    lists = [key for key in listed if domain.bibliographies[key].list_ == "citation"]
    grouped: dict[ListKey | None, list[PageCitation]] = {}
    for citation in citations:
        own_first = sorted(lists, key=lambda key: key.docname != citation.docname)
        found = next((key for key in own_first for one in citation.works if one.key in listed[key]), None)
        prefix = domain.bibliographies[found].keyprefix if found else ""
        grouped.setdefault(found, []).append(replace(citation, works=_unprefixed(citation.works, prefix)))
    return grouped


def _unprefixed(works: CitationCluster, prefix: str) -> CitationCluster:
    return tuple(replace(one, key=one.key.removeprefix(prefix)) for one in works)


def _work_list(
    context: BuildContext, bibliography: Any, key: ListKey, entries: dict[str, Any], citations: list[PageCitation]
) -> BibliographyList:
    keys = tuple(entry.key for entry in entries.values())
    return BibliographyList(keys, _style(context, bibliography.style, key.docname, bibliography.line), tuple(citations))


def _style(context: BuildContext, name: str, docname: str = "", line: int = 0) -> CitationStyle:
    """Return a style; one that is not there is reported, and pandoc's default taken."""
    try:
        return styles.find_style(name, context.book.root)
    except CitationStyleError as error:
        hint = UNKNOWN_STYLE_HINT.format(", ".join(styles.built_in_style_names()))
        if docname and name != context.book.settings.bibliography_style:
            context.report_problem(docname, "directive-option", str(error), line, hint=hint)
        else:
            index = context.book.index.path
            text, _problem = load_page_text(f"{context.book.root}/{index}", context.book.root)
            lines = text.split("\n")
            line = next((n for n, row in enumerate(lines, 1) if row.startswith("bibliography_style")), 1)
            context.add_finding(
                "", Finding("front-matter-value", str(error), Place(index, line), Severity.WARNING, hint)
            )
        return CitationStyle(styles.PANDOC_DEFAULT_STYLE)


def _keys_of(one: BibliographyList) -> set[str]:
    return {*one.keys, *(work.key for citation in one.citations for work in citation.works)}
