"""What a page takes from other pages: so that it is resolved anew when that changes, and not when anything else does.

A page that lists others (a contents list, a bibliography, an index) takes from all of them. Any other page takes what its
references lead to: where that lies, how it is called, which number it has.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx import addnodes

LISTS = frozenset({"toctree", "bibliography_node", "todolist", "exercise_latex_number_reference"})
NUMBERED = ("sphinx_exercise", "sphinx_proof")  # extensions that write a node's number when a page is resolved
KNOWN = frozenset(
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


@dataclass(frozen=True, slots=True)
class Needs:
    """What a page takes from others: targets of its references, keys of its citations, labels of its statements.

    `whole`: it lists others, or refers in a way that is not known here, so that everything counts.
    """

    whole: bool
    refs: tuple[tuple[str, str], ...] = ()  # type ("std ref"), target
    cites: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def needs_of(tree: nodes.document) -> Needs:
    """Return what a page that was read, and not resolved yet, takes from others."""
    refs: set[tuple[str, str]] = set()
    cites: set[str] = set()
    labels: set[str] = set()
    for node in tree.findall(nodes.Element):
        if isinstance(node, addnodes.pending_xref):
            domain, kind = str(node.get("refdomain") or ""), str(node.get("reftype") or "")
            target = str(node.get("reftarget") or "")
            if domain == "cite":
                cites |= {key.strip() for key in target.split(",")}
            elif f"{domain} {kind}" in KNOWN:
                within = f"#{node['reftargetid']}" if node.get("reftargetid") else ""
                refs.add((f"{domain} {kind}", target + within))
            else:
                return Needs(True)
        elif type(node).__name__ in LISTS:
            return Needs(True)
        elif type(node).__module__.startswith(NUMBERED):
            labels |= {str(node.get(key)) for key in ("label", "target_label") if node.get(key)}
    return Needs(False, tuple(sorted(refs)), tuple(sorted(cites)), tuple(sorted(labels)))


@dataclass(frozen=True, slots=True)
class Found:
    """Where a reference leads: the page, and what says of the place there how it is called."""

    docname: str
    said: str


class Surroundings:
    """All that pages know of each other, looked up for one page at a time."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self._cited: dict[str, list[Any]] = {}
        for citation in env.domains["cite"].citations:
            self._cited.setdefault(str(citation.key), []).append(citation)
        self._entries: dict[str, str] = {}
        self._by_name: dict[str, list[tuple[str, str]]] = {}
        for (kind, name), (docname, anchor) in env.domaindata["std"]["objects"].items():
            self._by_name.setdefault(str(name).lower(), []).append((docname, f"{kind} {anchor}"))

    def of(self, docname: str, needs: Needs, *, numbers: bool) -> list[str] | None:
        """Return all that a page takes from others, or None when it takes everything or something is not to be found.

        Without `numbers`, only where references lead counts, and not what is called how there.
        """
        if needs.whole:
            return None
        told: list[str] = []
        pages = {docname} if needs.labels else set[str]()
        for kind, target in needs.refs:
            found = sorted(set(self._places(docname, kind, target)), key=lambda one: (one.docname, one.said))
            if not found:
                return None
            told += [f"{kind} {target}", *(f"{one.docname} {one.said if numbers else ''}" for one in found)]
            heading = target.partition("#")[2]
            told += [f"{one.docname} {heading in self._headings(one.docname)}" for one in found] if heading else []
            pages |= {one.docname for one in found}
        for key in needs.cites:
            if key not in self._cited:
                return None
            told += [f"cite {key}", *(f"{c.bibliography_key} {c.citation_id}" for c in self._cited[key])]
            told += [self._entry(key)] if numbers else []
        for label in needs.labels:
            told += [f"label {label}", *(one.docname for one in self._statements(label))]
        if numbers:
            told += [self._page(name) for name in sorted(pages)]
            told += [one.said for label in needs.labels for one in self._statements(label)]
        return told

    def _entry(self, key: str) -> str:
        """Return a source as it is shown."""
        if key not in self._entries:
            self._entries[key] = repr([(str(c.formatted_entry.label), c.entry) for c in self._cited[key]])
        return self._entries[key]

    def _page(self, name: str) -> str:
        """Return how a page and what is in it are called and numbered."""
        env = self.env
        title = env.longtitles.get(name) or env.titles.get(name)
        slugs = self._headings(name)
        numbers = (env.toc_secnumbers.get(name), env.toc_fignumbers.get(name))
        return repr((name, title.astext() if title is not None else "", numbers, slugs))

    def _headings(self, name: str) -> Any:
        return self.env.metadata.get(name, {}).get("myst_slugs", {})

    def _places(self, docname: str, kind: str, target: str) -> Iterator[Found]:
        """Yield every place that a reference may lead to."""
        env = self.env
        std = env.domaindata["std"]
        bare = target.partition("#")[0]
        for name in dict.fromkeys((target, bare, bare.lower(), " ".join(bare.lower().split()))):
            for table in ("labels", "anonlabels"):
                if name in std[table]:
                    where, *more = std[table][name]
                    yield Found(where, repr(more))
            if name in std["terms"]:
                where, anchor = std["terms"][name]
                yield Found(where, f"term {anchor}")
            if name in self._cited:
                yield from (Found(c.bibliography_key.docname, f"cite {c.citation_id}") for c in self._cited[name])
            yield from (Found(where, said) for where, said in self._by_name.get(name, ()))
            if name in env.domaindata["math"]["objects"]:
                where, number = env.domaindata["math"]["objects"][name]
                yield Found(where, f"equation {number}")
            yield from self._statements(name)
        base = posixpath.dirname(docname)
        for name in (bare, bare.lstrip("/"), posixpath.normpath(posixpath.join(base, bare))):
            if name and name in env.found_docs:
                yield Found(name, "page")

    def statements(self) -> list[str]:
        """Return every theorem and exercise of the book, as it is said of them."""
        labels = {*getattr(self.env, "proof_list", {}), *getattr(self.env, "sphinx_exercise_registry", {})}
        return [f"{label} {one.docname} {one.said}" for label in sorted(labels) for one in self._statements(label)]

    def _statements(self, label: str) -> Iterator[Found]:
        """Yield the theorem or exercise that has a label."""
        proof = getattr(self.env, "proof_list", {}).get(label)
        if proof:
            yield Found(str(proof.get("docname")), repr(sorted((k, repr(v)) for k, v in proof.items() if k != "node")))
        exercise = getattr(self.env, "sphinx_exercise_registry", {}).get(label)
        if exercise:
            node = exercise.get("node")
            yield Found(str(exercise.get("docname")), node.pformat() if node is not None else "")
