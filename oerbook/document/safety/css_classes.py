"""Allow authors the classes that text may have; any other class gets a prefix.

So no author's element can have a class of the page around the text, such as those of its menus.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.model.findings import Finding, Severity
from oerbook.storage.file_cache import list_files
from oerbook.theming.theme import bundled_themes_folder

AUTHOR_CLASS_PREFIX = "author-"
# What docutils, Sphinx, MyST, their extensions and our own directives give to text, and what themes style in it.
ALLOWED_CLASSES = frozenset(
    """
    abbreviation accelerator algorithm algorithm-content amsmath arabic assumption assumption-content
    attention attribution axiom axiom-content before-parenthesis bibtex-citation biography block_break
    border box box-title brackets caution cell cell_input cell_output center citation citation-label cite
    cited-in code command compound conjecture conjecture-content contains-task-list corollary
    corollary-content criterion criterion-content danger definition definition-content deleted deprecated
    details directive-unknown dl download dropdown embedded epigraph eq equation error example
    example-content exercise exercise-content external field-list figcaption figure figure-code-block
    figure-figure figure-table first footnote footnote-list footnote-reference from-html full full-width
    fullwidth glossary glue-missing guilabel hidden highlight highlights hint hll horizontal image-row
    image-row-of-three important in-parentheses info inline internal kbd label landscape last lead left-aligned legend
    lemma lemma-content letters line line-block lines literal literal-block literal-block-wrapper longtable
    longtabu lower loweralpha lowerroman ltr margin mark math mathjax_ignore menuselection missing
    missing-image months myst nohighlight not-run notation note notranslate numbered observation
    observation-content only-dark only-light output own-words page-break people placeholder popout prf
    prf-ref problematic proof proof-content proof-end property property-content proposition proposition-content
    pull-quote quote reference remark remark-content right role-unknown rtl rubric secondary section seealso
    sidebar sidebar-title simple small smallcaps solution solution-content standard std stub
    subtitle-of-text success summary tabular task-list-item tex2jax_ignore text_plain theorem
    theorem-content tight tip toctree-wrapper todo toggle topic topic-title transcript underline upperalpha upperroman
    vega verse versionadded versionchanged versionmodified versionremoved warning wide wrap xref
    """.split()  # noqa: SIM905
)
ALLOWED_CLASS_PREFIXES = re.compile(
    r"(?:admonition|align|citation|cite|col|colwidths|exercise|fa|figure|float|highlight|lang|language|list|literal|math|"
    r"octicon|prf|py|sd|solution|std|table|tag|tex|text|toctree|width)[-_][\w+.:/-]*|fa[bsr]?|col\d?"
)
# These cover the box around them, which must be a card and not the page.
CLASSES_COVERING_CARD = frozenset({"sd-stretched-link", "sd-card-img-overlay"})
CSS_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
TEMPLATE_CLASS = re.compile(r"class(?:Name)?\s*=\s*\"([^\"{}]*)")


def prefix_disallowed_classes(app: Sphinx, doctree: nodes.document) -> None:
    """Prefix the classes of a page that authors may not use; report those of the theme."""
    context, docname = context_of(app), app.env.current_document.docname
    own, reserved = _theme_classes(context)
    for node in doctree.findall(nodes.Element):
        if not node.get("classes"):
            continue
        unknown = [name for name in node["classes"] if not (name in own or _is_allowed(node, name))]
        if not unknown:
            continue
        node["classes"] = [AUTHOR_CLASS_PREFIX + name if name in unknown else name for name in node["classes"]]
        for name in reserved.intersection(unknown):
            message = (
                f"the class {name} belongs to the page around the text, so it is written as {AUTHOR_CLASS_PREFIX}{name}"
            )
            hint = "Remove it; a theme of your own can style the new name."
            place = context.place_of(node, docname)
            context.add_finding(docname, Finding("class-reserved", message, place, Severity.WARNING, hint))


def _is_allowed(node: Any, name: str) -> bool:
    if name in CLASSES_COVERING_CARD:
        return _is_in_card(node)
    return name in ALLOWED_CLASSES or ALLOWED_CLASS_PREFIXES.fullmatch(name) is not None


def _is_in_card(node: Any) -> bool:
    while node is not None:
        if isinstance(node, nodes.Element) and "sd-card" in node.get("classes", ()):
            return True
        node = node.parent
    return False


def _theme_classes(context: BuildContext) -> tuple[frozenset[str], frozenset[str]]:
    """Return the classes that a theme of the book's own styles, and all of its pages."""
    if context.theme_dir is None:
        return frozenset(), frozenset()
    assembled = _styled(context.theme_dir / "html")
    return assembled[0] - _styled(bundled_themes_folder())[0], assembled[0] | assembled[1]


@lru_cache(maxsize=4)
def _styled(folder: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the classes in the style sheets of a theme, and in its templates and scripts."""
    styled: set[str] = set()
    page: set[str] = set()
    for path in map(Path, sorted(list_files(folder))):
        if path.suffix == ".css":
            styled.update(CSS_CLASS.findall(path.read_text(encoding="utf-8")))
        elif path.suffix in (".html", ".js"):
            names = TEMPLATE_CLASS.findall(path.read_text(encoding="utf-8"))
            page.update(name for name in " ".join(names).split())
    return frozenset(styled), frozenset(page)
