"""Find what a page takes from others, to resolve it again only if that changes.

A page that lists others (a table of contents, a bibliography, an index) depends on the whole book. Any other page
depends on the targets of its references: their page, their name and their number.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx import addnodes

from oerbook.document.context.page_state import PageReferences, page_state

NODES_LISTING_ALL_PAGES = frozenset({"toctree", "bibliography_node", "todolist", "exercise_latex_number_reference"})
THEOREM_EXTENSIONS = ("sphinx_exercise", "sphinx_proof")  # they write a node's number while a page is resolved
KNOWN_REFERENCE_TYPES = frozenset(
    {
        "std ref",
        "std numref",
        "std doc",
        "std term",
        "std any",
        "doc myst",
        " myst",
        " any",
        " doc",
        "math eq",
        "prf ref",
    }
)


def collect_references(tree: nodes.document) -> PageReferences:
    """Return what a page takes from others; the page is read, and not resolved yet."""
    refs: set[tuple[str, str]] = set()
    cites: set[str] = set()
    labels: set[str] = set()
    for node in tree.findall(nodes.Element):
        if isinstance(node, addnodes.pending_xref):
            domain, kind = str(node.get("refdomain") or ""), str(node.get("reftype") or "")
            target = str(node.get("reftarget") or "")
            if domain == "cite":
                cites |= {key.strip() for key in target.split(",")}
            elif f"{domain} {kind}" in KNOWN_REFERENCE_TYPES:
                heading = f"#{node['reftargetid']}" if node.get("reftargetid") else ""
                refs.add((f"{domain} {kind}", target + heading))
            else:
                return PageReferences(True)
        elif type(node).__name__ in NODES_LISTING_ALL_PAGES:
            return PageReferences(True)
        elif type(node).__module__.startswith(THEOREM_EXTENSIONS):
            labels |= {str(node.get(key)) for key in ("label", "target_label") if node.get(key)}
    return PageReferences(False, tuple(sorted(refs)), tuple(sorted(cites)), tuple(sorted(labels)))


@dataclass(frozen=True, slots=True)
class ReferenceTarget:
    """A target of a reference: its page, and its name or number there as text."""

    docname: str
    details: str


class CrossReferenceIndex:
    """Look up the targets of references in Sphinx's environment."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self._citations: dict[str, list[Any]] = {}
        for citation in env.domains["cite"].citations:
            self._citations.setdefault(str(citation.key), []).append(citation)
        self._objects: dict[str, list[tuple[str, str]]] = {}
        for (kind, name), (docname, anchor) in env.domaindata["std"]["objects"].items():
            self._objects.setdefault(str(name).lower(), []).append((docname, f"{kind} {anchor}"))

    def describe(self, docname: str, references: PageReferences, *, numbers: bool) -> list[str] | None:
        """Return all that a page takes from others, as text for a digest.

        Return None if the page depends on the whole book, or a target is missing. Without `numbers` only the places of
        the targets count, not their names and numbers.
        """
        if references.needs_whole_book:
            return None
        facts: list[str] = []
        pages = {docname} if references.statement_labels else set[str]()
        for kind, name in references.cross_references:
            targets = sorted(set(self._targets(docname, name)), key=lambda target: (target.docname, target.details))
            if not targets:
                return None
            facts += [
                f"{kind} {name}",
                *(f"{target.docname} {target.details if numbers else ''}" for target in targets),
            ]
            if heading := name.partition("#")[2]:
                facts += [f"{target.docname} {heading in self._headings(target.docname)}" for target in targets]
            pages |= {target.docname for target in targets}
        for key in references.citation_keys:
            if key not in self._citations:
                return None
            facts += [f"cite {key}", *(f"{c.bibliography_key} {c.citation_id}" for c in self._citations[key])]
        for label in references.statement_labels:
            facts += [f"label {label}", *(target.docname for target in self._statements(label))]
        if numbers:
            facts.append(self.env.domains["cite"].citations_of_page_as_text(docname))
            facts += [self._page(name) for name in sorted(pages)]
            facts += [target.details for label in references.statement_labels for target in self._statements(label)]
        return facts

    def describe_theorems_and_exercises(self) -> list[str]:
        """Return label, page and description of every theorem and exercise of the book."""
        labels = {*getattr(self.env, "proof_list", {}), *getattr(self.env, "sphinx_exercise_registry", {})}
        return [
            f"{label} {target.docname} {target.details}"
            for label in sorted(labels)
            for target in self._statements(label)
        ]

    def _page(self, name: str) -> str:
        """Return title, numbers and headings of a page."""
        env = self.env
        title = env.longtitles.get(name) or env.titles.get(name)
        slugs = self._headings(name)
        numbers = (env.toc_secnumbers.get(name), env.toc_fignumbers.get(name))
        return repr((name, title.astext() if title is not None else "", numbers, slugs))

    def _headings(self, name: str) -> Any:
        return self.env.metadata.get(name, {}).get("myst_slugs", {})

    def _targets(self, docname: str, reference: str) -> Iterator[ReferenceTarget]:
        """Yield every possible target: labels, terms, citations, objects, pages."""
        bare = reference.partition("#")[0]
        for name in dict.fromkeys((reference, bare, bare.lower(), " ".join(bare.lower().split()))):
            yield from self._named(name)
        base = posixpath.dirname(docname)
        for name in (bare, bare.lstrip("/"), posixpath.normpath(posixpath.join(base, bare))):
            if name and name in self.env.found_docs:
                yield ReferenceTarget(name, "page")

    def _named(self, name: str) -> Iterator[ReferenceTarget]:
        """Yield every target with a name, except pages."""
        std, equations = self.env.domaindata["std"], self.env.domaindata["math"]["objects"]
        for table in ("labels", "anonlabels"):
            if name in std[table]:
                docname, *details = std[table][name]
                yield ReferenceTarget(docname, repr((details, page_state(self.env, docname).targets.get(name))))
        if name in std["terms"]:
            docname, anchor = std["terms"][name]
            yield ReferenceTarget(docname, f"term {anchor}")
        for citation in self._citations.get(name, ()):
            yield ReferenceTarget(citation.bibliography_key.docname, f"cite {citation.citation_id}")
        for docname, details in self._objects.get(name, ()):
            yield ReferenceTarget(docname, details)
        if name in equations:
            docname, number = equations[name]
            yield ReferenceTarget(docname, f"equation {number}")
        yield from self._statements(name)

    def _statements(self, label: str) -> Iterator[ReferenceTarget]:
        """Yield the theorem or exercise with a label."""
        proof = getattr(self.env, "proof_list", {}).get(label)
        if proof:
            yield ReferenceTarget(
                str(proof.get("docname")), repr(sorted((k, repr(v)) for k, v in proof.items() if k != "node"))
            )
        exercise = getattr(self.env, "sphinx_exercise_registry", {}).get(label)
        if exercise:
            node = exercise.get("node")
            yield ReferenceTarget(str(exercise.get("docname")), node.pformat() if node is not None else "")
