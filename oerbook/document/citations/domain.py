"""The Sphinx domain of citations: sphinxcontrib-bibtex reads roles and lists, a CSL style formats them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from docutils import nodes
from pybtex.style import FormattedEntry
from sphinx.util import logging
from sphinx.util.nodes import make_refnode
from sphinxcontrib.bibtex.domain import BibtexDomain, _FilterVisitor, get_docnames
from sphinxcontrib.bibtex.domain import Citation as ListedWork
from sphinxcontrib.bibtex.roles import CitationRef, CiteRole

from oerbook.citations.bibliography_formatter import FormattedList
from oerbook.citations.citation_syntax import parse_role_content
from oerbook.citations.citeproc import ENTRY_LINK_PREFIX
from oerbook.citations.citeproc_requests import PageCitation
from oerbook.document.citations import bibliography_lists
from oerbook.document.citations.bibliography_nodes import FootnoteWorkNode
from oerbook.document.citations.inline_nodes import inlines_to_nodes, inlines_to_text
from oerbook.document.context.build_context import context_of_environment
from oerbook.document.context.page_state import page_state

LOGGER = logging.getLogger(__name__)
ListKey = Any  # a BibliographyKey: page, identifier


class CitationRole(CiteRole):
    """A role that cites: `{cite:p}`, `{cite:t}` and the like."""

    def result_nodes(self, document: Any, env: Any, node: Any, is_ref: bool) -> Any:  # noqa: ARG002 - of Sphinx
        """Record a citation; its text is filled in when the whole book is read."""
        if not node.get("refdomain"):
            node["refdomain"], node["reftype"] = "cite", "p"
        context = context_of_environment(env)
        try:
            works = parse_role_content(self.target)
        except ValueError as error:
            bibliography_lists.report_malformed_citation(context, self, str(error))
            return [nodes.inline(self.target, self.target)], []
        works = bibliography_lists.replace_dois_by_keys(works, context.book)
        document.note_explicit_target(node, node)  # where the list of works leads back to
        env.get_domain("cite").record_citation(
            PageCitation(env.docname, node["ids"][0], node["reftype"], works), document.line
        )
        node["reftarget"] = ",".join(one.key for one in works)
        return [node], []


Backend: Any = type(BibtexDomain.backend)


class NoteBackend(Backend):  # type: ignore[misc]
    """Writes a work in a footnote as a placeholder, which is filled when the whole book is read."""

    def paragraph(self, entry: Any) -> Any:
        """Return a paragraph for a work."""
        return nodes.paragraph("", "", FootnoteWorkNode(key=entry.key))


class CitationDomain(BibtexDomain):
    """Citations of a book, formatted by a CSL style."""

    data_version = 104
    initial_data = BibtexDomain.initial_data | {"pages": {}, "texts": {}, "works": {}, "cited_at": {}}
    backend = NoteBackend()
    _works_by_page: dict[str, dict[str, ListedWork]]
    _keys_state: tuple[object, ...] = ()
    _by_keys: Mapping[tuple[str, ...], list[dict[str, Any]]] = MappingProxyType({})
    roles = {name: CitationRole() for name in BibtexDomain._role_names}

    def record_citation(self, citation: PageCitation, line: int) -> None:
        """Keep a citation of a page that is being read."""
        self.data["pages"].setdefault(citation.docname, {})[citation.identifier] = citation
        targets: Any = list(citation.works)
        self.citation_refs.append(CitationRef(citation.identifier, citation.docname, line, targets))

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is read again."""
        super().clear_doc(docname)
        self.data["pages"].pop(docname, None)

    def env_updated(self) -> Iterable[str]:
        """Format all lists and citations, once every page is read."""
        self._works_by_page = {}
        docnames = list(get_docnames(self.env))  # type: ignore[no-untyped-call]
        context = context_of_environment(self.env)
        listed = {
            key: dict(bibliography_lists.filtered_entries(context, self, key)) for key in self._list_keys(docnames)
        }
        settings = bibliography_lists.format_all_lists(context, self, docnames, listed)
        self.citations[:] = [
            work for key, made in settings.items() for work in self._listed(key, made, listed.get(key, {}))
        ]
        self.data["texts"] = {place: text for made in settings.values() for place, text in made.citations.items()}
        self.data["works"] = {
            key: {entry.key.casefold(): (entry.label, entry.text) for entry in made.entries}
            for key, made in settings.items()
        }
        self.data["cited_at"] = self._cited_at(docnames)
        return []

    def _cited_at(self, docnames: list[str]) -> dict[tuple[ListKey, str], dict[str, str]]:
        """Return, by list and key of a work, the first citation on each page that leads there."""
        places: dict[tuple[ListKey, str], dict[str, str]] = {}
        for docname in docnames:
            works = self.works_by_key(docname) if docname in self.data["pages"] else {}
            for citation in self.data["pages"].get(docname, {}).values():
                for work in (works[one.key] for one in citation.works if one.key in works):
                    places.setdefault((work.bibliography_key, work.key), {}).setdefault(docname, citation.identifier)
        return places

    def citations_of_page_as_text(self, docname: str) -> str:
        """Return what the citations and notes of a page show, as text for a digest."""
        texts = [self.data["texts"].get((docname, name)) for name in self.data["pages"].get(docname, {})]
        cited = page_state(self.env, docname).footnote_citations
        notes = [self.data["works"].get(None, {}).get(key.casefold()) for key in sorted(cited)]
        return repr((texts, notes))

    def _list_keys(self, docnames: list[str]) -> list[ListKey]:
        """Return the keys of all lists, in reading order."""
        place = {name: index for index, name in enumerate(docnames)}
        return sorted(self.bibliographies, key=lambda key: place.get(key.docname, len(place)))

    def _listed(self, key: ListKey, made: FormattedList, listed: dict[str, Any]) -> Iterator[ListedWork]:
        if key is None:
            return
        bibliography = self.bibliographies[key]
        for entry in made.entries:
            name = bibliography.keyprefix + entry.key
            formatted = FormattedEntry(entry.key, "", inlines_to_text(entry.label))
            identifier = bibliography.citation_nodes[name]["ids"][0]
            yield ListedWork(identifier, key, name, listed[name], formatted, None)

    def get_filtered_entries(self, bibliography_key: ListKey) -> Iterable[tuple[str, Any]]:
        """Return the entries of a list with its prefix of keys, in the order of the files."""
        bibliography = self.bibliographies[bibliography_key]
        pages = self._pages_by_key()
        chosen = set(bibliography.keys)
        visitor_class: Any = _FilterVisitor
        for entry in self.get_entries(bibliography.bibfiles):
            key = bibliography.keyprefix + entry.key
            visitor: Any = visitor_class(entry, bibliography_key.docname, pages.get(key, set()))
            try:
                wanted = visitor.visit(bibliography.filter_)
            except ValueError as error:
                message = f"syntax error in :filter: expression; {error}"
                location = (bibliography_key.docname, bibliography.line)
                LOGGER.warning(message, location=location, type="bibtex", subtype="filter_syntax_error")
                wanted = bool(pages.get(key))
            if wanted or entry.key in chosen:
                yield key, entry

    def _pages_by_key(self) -> dict[str, set[str]]:
        pages: dict[str, set[str]] = {}
        for ref in self.citation_refs:
            for target in ref.targets:
                pages.setdefault(target.key, set()).add(ref.docname)
        return pages

    def works_by_key(self, docname: str) -> dict[str, ListedWork]:
        """Return the listed works that citations of a page lead to: those of a list of its own first."""
        lists = {key.docname for key in self.bibliographies}
        place = docname if docname in lists else ""  # pages without a list share what they lead to
        if place in self._works_by_page:
            return self._works_by_page[place]
        found = self._works_by_page.setdefault(place, {})
        for work in sorted(self.citations, key=lambda one: one.bibliography_key.docname != docname):
            if self.bibliographies[work.bibliography_key].list_ == "citation":
                found.setdefault(work.key, work)
        return found

    def resolve_xref(self, *args: Any) -> nodes.Element:  # type: ignore[override]  # as the domain that this extends
        """Return the text of a citation, with links to the works."""
        _env, fromdocname, builder, _role, target, node, _content = args
        works = self.works_by_key(fromdocname)
        keys = [key.strip() for key in target.split(",") if key.strip()]
        for key in keys:
            if key not in works:
                message = f'could not find bibtex key "{key}"'
                LOGGER.warning(message, location=node, type="bibtex", subtype="key_not_found")
        identifier = next(iter(node.get("ids", ())), "")
        text = self.data["texts"].get((fromdocname, identifier)) or self._text_of_any(keys)

        def link(address: str, content: list[nodes.Node]) -> nodes.Node:
            work = (
                works.get(self._full_key(address.removeprefix(ENTRY_LINK_PREFIX), keys))
                if address.startswith(ENTRY_LINK_PREFIX)
                else None
            )
            inner = nodes.inline("", "", *content)
            if work is None:
                return inner
            title = self._title(work)
            return make_refnode(builder, fromdocname, work.bibliography_key.docname, work.citation_id, inner, title)

        if text and text[0]["t"] == "Superscript":
            _strip_space_before(node)
        result = nodes.inline(target, classes=["bibtex-citation"])
        result += inlines_to_nodes(text, link)
        return result

    def _full_key(self, key: str, keys: list[str]) -> str:
        """Return a key with the prefix under which a citation names it."""
        return next((one for one in keys if one == key), next((one for one in keys if one.endswith(key)), key))

    def _title(self, work: ListedWork) -> str:
        _label, text = self.data["works"][work.bibliography_key][work.entry.key.casefold()]
        return inlines_to_text(text)

    def _texts_by_keys(self) -> Mapping[tuple[str, ...], list[dict[str, Any]]]:
        """Return the text of the first citation of each list of keys; made again when a page changed."""
        pages, texts = self.data["pages"], self.data["texts"]
        state = (id(texts), len(texts), *((id(citations), len(citations)) for citations in pages.values()))
        if self._keys_state != state:
            by_keys: dict[tuple[str, ...], list[dict[str, Any]]] = {}
            for citation in (citation for citations in pages.values() for citation in citations.values()):
                text = texts.get((citation.docname, citation.identifier))
                if text:
                    by_keys.setdefault(tuple(one.key for one in citation.works), text)
            self._keys_state, self._by_keys = state, by_keys
        return self._by_keys

    def _text_of_any(self, keys: list[str]) -> list[dict[str, Any]]:
        """Return the text for a reference that was not read as a citation, as `{any}` writes it."""
        text = self._texts_by_keys().get(tuple(keys))
        if text:
            return list(text)
        words = ", ".join(f"{key}?" for key in keys)
        return [{"t": "Str", "c": "["}, {"t": "Strong", "c": [{"t": "Str", "c": words}]}, {"t": "Str", "c": "]"}]


def _strip_space_before(node: Any) -> None:
    """Let a raised number follow the word before it without a space."""
    place = node.parent.index(node) if node.parent is not None else 0
    before = node.parent[place - 1] if place else None
    if isinstance(before, nodes.Text):
        node.parent[place - 1] = nodes.Text(before.astext().rstrip())
