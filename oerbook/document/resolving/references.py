"""Resolve references to labels, in every spelling of MyST, sphinx-proof and mystmd.

Sphinx and the extensions resolve each kind of reference with code of its own, which shows labels, TeX or `%s` where one
meets a target of another kind. References that are not resolved here are left to them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join

from oerbook.document.context.build_context import context_of
from oerbook.document.context.page_state import LinkTarget, page_state
from oerbook.metadata.labels import translated_label
from oerbook.model.findings import Finding, Severity

REFERENCE_KINDS = frozenset(
    ["std ref", "std numref", "std doc", "doc myst", "prf ref", "math eq", "math numref", " myst", " any"]
)  # domain and type; those of MyST's links have no domain
KINDS_WITH_CAPTION = frozenset(["figure", "table", "code-block"])  # which can be long
LINK_TEXT_PLACEHOLDER = re.compile(r"%s|\{number\}|\{name\}")
UNTITLED_HINT = "Write the words of the link: [some words](#{name}) or {{ref}}`some words <{name}>`."
MISSING_ENTRY_HINT = "Add the entry to the bibliography file, or correct the key."
UNNUMBERED_HINT = "Give it a caption (or a heading, in a numbered book), or write {{ref}}`some words <{name}>`."
translate_statement = get_translation("proof")
translate_exercise = get_translation("exercise")


class LabelResolver(SphinxPostTransform):
    """Resolve the references of a page to labels of the book."""

    default_priority = 4  # before sphinx-exercise, MyST and Sphinx

    def run(self, **_kwargs: Any) -> None:
        """Resolve each reference whose target is known."""
        for node in list(self.document.findall(addnodes.pending_xref)):
            if f"{node.get('refdomain') or ''} {node.get('reftype')}" in REFERENCE_KINDS:
                self._resolve(node)
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node.get("at_sign") and self._find(node) is None:
                node.replace_self(nodes.Text(str(node["at_sign"])))
                self._report_missing(node)

    def _resolve(self, node: Any) -> None:
        found = None if node.get("refdomain") == "math" else self._find(node)
        found = found or self._equation(node)
        if found is None:
            return
        docname, target = found
        number = self._number(docname, target)
        words = self._explicit(node, target, number) if node["refexplicit"] else self._implicit(node, target, number)
        if words is not None:
            node.replace_self(self._link(node, docname, target, words))

    def _equation(self, node: Any) -> tuple[str, LinkTarget] | None:
        """Return the formula with a label."""
        label = str(node.get("reftarget") or "")
        equation = self.env.domains.math_domain.equations.get(label)
        identifier = nodes.make_id(f"equation-{label}")
        if equation is None:
            return None
        numbered = self.env.toc_fignumbers.get(equation[0], {}).get("displaymath", {}).get(identifier)
        left_to_sphinx = node.get("refdomain") == "math" and not node.get("refexplicit")
        if left_to_sphinx and numbered:
            return None
        return equation[0], LinkTarget(label, identifier, "displaymath", identifier)

    def _find(self, node: Any) -> tuple[str, LinkTarget] | None:
        """Return the target of a reference and its page, None if it is not known."""
        label = str(node.get("reftarget") or "")
        if node.get("refdomain") == "doc" or node.get("reftype") == "doc":
            return self._find_on_page(node, label)
        if node["reftype"] in ("myst", "any") and label.lower() in self.env.domaindata["std"]["terms"]:
            return None  # MyST reports that two things have this name
        return self._find_label(label.removeprefix("#"))

    def _find_label(self, label: str) -> tuple[str, LinkTarget] | None:
        for name in dict.fromkeys((label, label.lower(), " ".join(label.lower().split()))):
            for docname in self._pages_with(name):
                if target := page_state(self.env, docname).targets.get(name):
                    return docname, target
        return None

    def _find_on_page(self, node: Any, docname: str) -> tuple[str, LinkTarget] | None:
        """Return the target of a reference that names a page; "" is its title, if that has formulas or styles."""
        docname = docname_join(str(node.get("refdoc") or ""), docname) if node.get("reftype") == "doc" else docname
        target = (
            page_state(self.env, docname).targets.get(str(node.get("reftargetid") or ""))
            if docname in self.env.found_docs
            else None
        )
        if target is None or (
            not target.name and (node["refexplicit"] or all(isinstance(w, nodes.Text) for w in target.title_nodes))
        ):
            return None
        return docname, target

    def _pages_with(self, name: str) -> list[str]:
        env: Any = self.env
        pages = [
            getattr(env, "proof_list", {}).get(name, {}).get("docname"),
            getattr(env, "sphinx_exercise_registry", {}).get(name, {}).get("docname"),
            env.domains.standard_domain.anonlabels.get(name, ("",))[0],
        ]
        return [page for page in pages if page and page in env.found_docs]

    def _number(self, docname: str, target: LinkTarget) -> str:
        if target.kind == "section":
            numbers = self.env.toc_secnumbers.get(docname, {})
            number = numbers.get(f"#{target.number_id}", numbers.get("") if self._is_chapter(docname, target) else ())
        else:
            number = self.env.toc_fignumbers.get(docname, {}).get(target.kind, {}).get(target.number_id, ())
        return ".".join(map(str, number)) + target.subfigure_letter if number else ""

    def _is_chapter(self, docname: str, target: LinkTarget) -> bool:
        title = self.env.titles.get(docname)
        return title is not None and title.astext() == "".join(node.astext() for node in target.title_nodes)

    def _numbered(self, target: LinkTarget, number: str) -> list[nodes.Node]:
        """Return the words of a reference by number: "Fig. 1.2"."""
        if target.kind == "displaymath":
            return [nodes.Text(f"({number})")]
        if target.statement:
            return [nodes.Text(f"{self._statement(target)} {number}")]
        pattern = str(self.env.config.numfig_format.get(target.kind, "%s"))
        return [nodes.Text(pattern % number if "%s" in pattern else pattern.replace("{number}", number))]

    def _statement(self, target: LinkTarget) -> str:
        word = target.statement.title()
        if word == "Proof":  # which sphinx-proof does not translate
            return translated_label(context_of(self.app).book, "proof")
        return str(translate_exercise(word) if target.kind == "exercise" else translate_statement(word))

    def _implicit(self, node: Any, target: LinkTarget, number: str) -> list[nodes.Node] | None:
        """Return the words of a reference without words of its own."""
        is_named_by_number = target.statement or target.subfigure_letter or target.kind == "displaymath"
        is_link = node["reftype"] == "myst" and target.kind in KINDS_WITH_CAPTION  # [](#label), by number as in mystmd
        by_number = node["reftype"] == "numref" or node.get("at_sign") or is_named_by_number or is_link
        if by_number and number:
            return self._numbered(target, number)
        if node["reftype"] == "numref":
            self._report(node, "reference-unnumbered", f"label {target.name} has no number", UNNUMBERED_HINT, target)
        elif not target.is_titled:
            message = f"label {target.name} has no title or caption to use as the words of this link"
            self._report(node, "reference-untitled", message, UNTITLED_HINT, target)
        if target.kind == "solution":
            return self._solution(target)
        if target.statement:
            words = [nodes.Text(self._statement(target))]
            return (
                [*words, nodes.Text(" ("), *_copies(target.title_nodes), nodes.Text(")")]
                if target.title_nodes
                else [*words]
            )
        return _copies(target.title_nodes) or [nodes.Text(self._page_title(node))]

    def _solution(self, target: LinkTarget) -> list[nodes.Node]:
        """Return the title of a solution: "Solution to Exercise 1.2 (Digging)"."""
        found = self._find_label(target.number_id)
        title = str(translate_exercise("Solution to"))
        if found is None:
            return [nodes.Text(title.split()[0])]
        exercise, number = found[1], self._number(*found)
        words = self._numbered(exercise, number) if number else [nodes.Text(self._statement(exercise))]
        subtitle = [nodes.Text(" ("), *_copies(exercise.title_nodes), nodes.Text(")")] if exercise.title_nodes else []
        return [nodes.Text(f"{title} "), *words, *subtitle]

    def _page_title(self, node: Any) -> str:
        title = self.env.titles.get(str(node.get("refdoc") or self.env.docname))
        return title.astext() if title is not None else ""

    def _explicit(self, node: Any, target: LinkTarget, number: str) -> list[nodes.Node] | None:
        """Return the words of a reference, with number and name in place of %s and {name}."""
        content: Any = node.children[0] if node.children else nodes.inline()
        words = _copies(content.children)
        if not LINK_TEXT_PLACEHOLDER.search(content.astext()):
            if node["reftype"] == "numref" and not number:
                self._report(
                    node, "reference-unnumbered", f"label {target.name} has no number", UNNUMBERED_HINT, target
                )
            return words
        if not number and re.search(r"%s|\{number\}", content.astext()):
            self._report(node, "reference-unnumbered", f"label {target.name} has no number", UNNUMBERED_HINT, target)
        filled: list[nodes.Node] = []
        for word in words:
            filled += (
                _fill(word, number or self._plain_name(target), target) if isinstance(word, nodes.Text) else [word]
            )
        return filled

    def _plain_name(self, target: LinkTarget) -> str:
        return "".join(word.astext() for word in target.title_nodes)

    def _link(self, node: Any, docname: str, target: LinkTarget, words: Sequence[nodes.Node]) -> nodes.reference:
        by_number = node["reftype"] == "numref"
        link = (addnodes.number_reference if by_number else nodes.reference)("", "", internal=True)
        if target.identifier and docname == node.get("refdoc", self.env.docname):
            link["refid"] = target.identifier
        else:
            builder: Any = self.app.builder
            anchor = f"#{target.identifier}" if target.identifier else ""
            link["refuri"] = builder.get_relative_uri(node["refdoc"], docname) + anchor
        if by_number:
            link["title"] = ""
        if "reftitle" in node:
            link["reftitle"] = node["reftitle"]
        link += nodes.inline("", "", *words, classes=["std", "std-numref" if by_number else "std-ref"])
        link.line, link.source = node.line, node.source
        return link

    def _report(self, node: Any, code: str, message: str, hint: str, target: LinkTarget) -> None:
        context, docname = context_of(self.app), self.env.docname
        place = context.place_of(node, docname)
        finding = Finding(code, message, place, Severity.WARNING, hint.format(name=target.name))
        context.add_finding(docname, finding)

    def _report_missing(self, node: Any) -> None:
        """Report a reference such as @fig-worm, whose beginning says that it is one."""
        target = LinkTarget(str(node["reftarget"]), "", "", "")
        if node.get("is_citation"):
            message = f"the bibliography has no entry {target.name}, and the book no label of this name"
            self._report(node, "citation-missing", message, MISSING_ENTRY_HINT, target)
        elif node.get("certain"):
            hint = "Check the spelling of the label; a label is set with (label)= above a heading or :name:."
            self._report(node, "reference-missing", f"the book has no label {target.name}", hint, target)


def _copies(words: Sequence[nodes.Node]) -> list[nodes.Node]:
    return [word.deepcopy() for word in words]


def _fill(text: nodes.Text, number: str, target: LinkTarget) -> list[nodes.Node]:
    """Return a text with its placeholders replaced."""
    result: list[nodes.Node] = []
    position = 0
    for match in LINK_TEXT_PLACEHOLDER.finditer(str(text)):
        result.append(nodes.Text(str(text)[position : match.start()]))
        result += _copies(target.title_nodes) if match[0] == "{name}" else [nodes.Text(number)]
        position = match.end()
    return [*result, nodes.Text(str(text)[position:])]
