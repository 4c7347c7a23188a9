"""Names of directives by what becomes of them."""

from __future__ import annotations

BOXES = frozenset(
    ["note", "warning", "tip", "hint", "important", "caution", "attention", "danger", "error", "seealso", "todo"]
)  # fmt: skip
TITLED_BOXES = frozenset(
    ["admonition", "topic", "sidebar", "dropdown", "card", "tab-item", "grid-item", "grid-item-card",
     "prf:theorem", "prf:proof", "prf:lemma", "prf:definition", "prf:corollary", "prf:example", "prf:remark",
     "prf:proposition", "prf:axiom", "prf:algorithm", "prf:observation", "prf:property", "prf:conjecture",
     "exercise", "solution", "grid", "tab-set", "margin", "versionadded", "versionchanged", "deprecated",
     "versionremoved", "details"]
)  # fmt: skip
CODE = frozenset(
    ["code-block", "sourcecode", "code", "literalinclude", "highlight-block"]
)  # fmt: skip
DIAGRAMS = frozenset(
    ["graphviz", "digraph", "graph", "tikz", "uml", "plantuml", "msc", "blockdiag", "seqdiag",
     "inheritance-diagram"]
)  # fmt: skip
DROPPED = frozenset(
    ["toctree", "contents", "sectnum", "section-numbering", "meta", "tabularcolumns", "currentmodule", "module",
     "highlight", "default-role", "comment", "disqus", "title", "header", "footer",
     "restructuredtext-test-directive", "default-domain", "target-notes", "testcleanup", "nextslide", "qnum",
     "py:currentmodule", "cssclass"]
)  # fmt: skip
UNWRAPPED = frozenset(
    ["compound", "container", "centered", "hlist", "ifconfig", "div", "timed", "reveal", "rst-class", "class",
     "tabbed-set", "cssclass", "slide"]
)  # fmt: skip
DEFINITIONS = frozenset(
    ["function", "method", "attribute", "data", "exception", "module", "program", "option", "envvar", "type",
     "macro", "describe", "object", "confval", "class", "property", "decorator", "staticmethod", "classmethod"]
)  # fmt: skip
QUOTES = frozenset(["epigraph", "highlights", "pull-quote"])
FIGURE_OPTIONS = (
    "name", "alt", "width", "height", "scale", "align", "figclass", "target", "class", "figwidth",
)  # fmt: skip
CODE_OPTIONS = (
    "linenos", "lineno-start", "emphasize-lines", "caption", "name", "dedent", "lines", "start-after",
    "end-before", "start-at", "end-at", "pyobject", "language", "force", "lineno-match", "diff", "encoding",
    "tab-width", "prepend", "append",
)  # fmt: skip
PICTURE_SUFFIXES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf")
# Code that other extensions run, and its language.
RUN_CODE = {
    **dict.fromkeys(
        [
            "ipython",
            "jupyter-execute",
            "plot",
            "activecode",
            "codelens",
            "testcode",
            "testsetup",
            "ipython3",
            "execute_code",
            "actex",
            "showeval",
            "code-cell",
        ],
        "python",
    ),
    **dict.fromkeys(["doctest"], "pycon"),
    **dict.fromkeys(["testoutput", "datafile", "productionlist"], "text"),
    **dict.fromkeys(["prompt"], "console"),
}
