"""What Sphinx's environment keeps of each page between runs, beside Sphinx's own data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from docutils import nodes

from oerbook.model.accessibility import PageAccessibility
from oerbook.model.findings import Finding

# What is numbered on a page, in order: ("section", anchor, outline), ("pages", names, None), ("figure", kind, id).
NumberedOutline = tuple[tuple[Any, ...], ...]
SUBFIGURE_LETTER_ATTRIBUTE = "figure_part"  # attribute of an image: the letter by which its figure calls it


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Something with a label.

    `kind` names its counter ("section", "figure", "theorem"); "box" and "other" have none. `title_nodes` are its title.
    If it has none (`is_titled` is False), they are what a link without words may show.
    """

    name: str  # the label
    identifier: str  # the anchor on its page
    kind: str
    number_id: str  # the id under which Sphinx keeps its number
    title_nodes: tuple[nodes.Node, ...] = ()
    statement: str = ""  # of theorems and exercises: the word before the number
    is_titled: bool = True
    subfigure_letter: str = ""  # of a figure: its letter

    def __repr__(self) -> str:
        """Return all that references take from it, for digests."""
        words = "".join(node.pformat() for node in self.title_nodes)
        return f"{self.identifier} {self.kind} {self.statement} {self.is_titled}{self.subfigure_letter} {words}"


@dataclass(frozen=True, slots=True)
class EquationLine:
    """A line of an equation that has a number: its label, its tag if it has one, whether it shares the last number."""

    label: str
    tag: str
    shares_number: bool = False


@dataclass(frozen=True, slots=True)
class PageReferences:
    """What a page takes from others."""

    needs_whole_book: bool  # it depends on the whole book: it lists pages, or has a reference of an unknown type
    cross_references: tuple[tuple[str, str], ...] = ()  # type ("std ref"), target
    citation_keys: tuple[str, ...] = ()  # citation keys
    statement_labels: tuple[str, ...] = ()  # of theorems and exercises


@dataclass(slots=True)
class PageState:
    """What reading a page found out; it is deleted before the page is read again."""

    digest: str = ""  # digest of all that reading the page depends on
    findings: list[Finding] = field(default_factory=list)
    formulas: list[tuple[str, bool]] = field(default_factory=list)  # TeX, and whether it is displayed
    equation_lines: dict[str, list[EquationLine]] = field(default_factory=dict)  # by the id of the equation
    outline: NumberedOutline = ()
    references: PageReferences = field(default_factory=lambda: PageReferences(True))
    footnote_citations: frozenset[str] = frozenset()  # keys cited in footnotes, which sphinxcontrib-bibtex forgets
    targets: dict[str, LinkTarget] = field(default_factory=dict)  # by label
    index_sections: dict[str, str] = field(default_factory=dict)  # ids of sections, by the ids of index entries in them
    accessibility: PageAccessibility = field(default_factory=PageAccessibility)
    has_accessibility_results: bool = False  # it shows those of the whole book
    clashes: set[str] = field(default_factory=set)  # other pages that define one of its names


def page_state(env: Any, docname: str) -> PageState:
    """Return the state of a page; a page without one gets an empty one."""
    state: PageState = env.oerbook.setdefault(docname, PageState())
    return state
