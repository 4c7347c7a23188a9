"""Theorems, proofs and exercises with the options of mystmd, and labels that are unique in the book.

sphinx-proof numbers statements without a label page by page, so that those of two pages have the same one.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation
from sphinx_exercise.directive import (
    ExerciseDirective,
    ExerciseStartDirective,
    SolutionDirective,
    SolutionStartDirective,
)
from sphinx_proof.directive import ProofDirective
from sphinx_proof.nodes import proof_node, unenumerable_node
from sphinx_proof.proof_type import PROOF_TYPES

from oerbook.document.context.build_context import context_of_environment
from oerbook.metadata.labels import translated_label

translate_proof_term = get_translation("proof")
PROOF_END, PROOF_END_CLASS = "\u25a1", "proof-end"  # a white square
MYSTMD_OPTIONS = {"name": directives.unchanged_required, "enumerated": directives.unchanged}
EXERCISE_DIRECTIVES = {
    "exercise": ExerciseDirective,
    "exercise-start": ExerciseStartDirective,
    "solution": SolutionDirective,
    "solution-start": SolutionStartDirective,
}


def _with_options(base: type) -> type:
    """Return a directive class that also takes the options of mystmd."""

    class Statement(base):  # type: ignore[misc]
        name: str
        option_spec = {**base.option_spec, **MYSTMD_OPTIONS}  # type: ignore[attr-defined]

        def run(self) -> list[nodes.Node]:
            """Return the statement; one without a label gets a label that no other page has."""
            name = self.options.pop("name", "")
            if str(self.options.pop("enumerated", "true")).lower() in ("false", "no"):
                self.options["nonumber"] = None
            if name and "label" not in self.options:
                self.options["label"] = name
            directive_name = str(self.name)
            if directive_name.startswith("prf:"):
                kind = directive_name.partition(":")[2].lower()
                self.name = f"prf:{kind}"
                serial = self.env.new_serialno("oerbook-statement")
                self.options.setdefault("label", nodes.make_id(f"{kind}-{self.env.docname}-{serial}"))
            result: list[Any] = super().run()
            for node in result:
                self.set_source_info(node)
            return result

    return Statement


class LabelledProof(ProofDirective):  # type: ignore[misc]
    """`{prf:proof}`, with a label and a title."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {**ProofDirective.option_spec, **MYSTMD_OPTIONS, "label": directives.unchanged_required}
    option_spec["nonumber"] = directives.flag

    def run(self) -> list[nodes.Node]:
        """Return the proof: "Proof." in italics, its text, a square at the end."""
        section = nodes.admonition(classes=["proof", "proof", *self.options.get("class", [])])
        section.document = self.state.document
        self.state.nested_parse(self.content, self.content_offset, section)
        if "dropdown" in section["classes"]:  # its heading is what opens it
            section.insert(0, nodes.title("", "", *self._heading()))
        else:
            _first_paragraph(section).insert(0, [nodes.emphasis("", "", *self._heading()), nodes.Text(" ")])
        _last_paragraph(section).append(nodes.inline("", PROOF_END, classes=[PROOF_END_CLASS]))
        node = proof_node("", section)
        self.set_source_info(node)
        label = self.options.get("label") or self.options.get("name")
        if label:
            node["names"].append(nodes.fully_normalize_name(label))
            self.state.document.note_explicit_target(node, node)
        return [node]

    def _heading(self) -> list[nodes.Node]:
        """Return "Proof." or "Proof (title)."."""
        word = translated_label(context_of_environment(self.env).book, "proof")
        if not self.arguments:
            return [nodes.Text(f"{word}.")]
        title, messages = self.state.inline_text(self.arguments[0], self.lineno)
        return [nodes.Text(f"{word} ("), *title, nodes.Text(")."), *messages]


def _first_paragraph(section: nodes.Element) -> nodes.Element:
    """Return the paragraph that a proof begins with; a proof that begins otherwise gets one."""
    if not section.children or not isinstance(section[0], nodes.paragraph):
        section.insert(0, nodes.paragraph())
    return section.children[0]  # type: ignore[return-value]


def _last_paragraph(section: nodes.Element) -> nodes.Element:
    """Return the paragraph that a proof ends with; a proof that ends otherwise gets one."""
    if not isinstance(section[-1], nodes.paragraph):
        section.append(nodes.paragraph(classes=[PROOF_END_CLASS]))
    return section.children[-1]  # type: ignore[return-value]


def _visit_unnumbered(self: Any, node: nodes.Element) -> None:
    """Open an unnumbered statement; its title has the id and the kind."""
    word = nodes.inline(
        "", f"{translate_proof_term(str(node.get('realtype', '')).title())} ", classes=["caption-number"]
    )
    title: Any = node.children[0]
    title.insert(0, word)
    node["ids"] = []
    self.body.append(self.starttag(node, "div", CLASS="admonition"))


def _depart_unnumbered(self: Any, _node: nodes.Element) -> None:
    self.body.append("</div>")


def register(app: Sphinx) -> None:
    """Replace the directives of sphinx-proof and sphinx-exercise."""
    for name, directive in PROOF_TYPES.items():
        app.add_directive_to_domain("prf", name, _with_options(directive), override=True)
    app.add_directive_to_domain("prf", "proof", LabelledProof, override=True)
    app.add_directive("proof", LabelledProof, override=True)  # mystmd's other name
    for name, directive in EXERCISE_DIRECTIVES.items():
        app.add_directive(name, _with_options(directive), override=True)
    app.add_node(unenumerable_node, override=True, html=(_visit_unnumbered, _depart_unnumbered))
