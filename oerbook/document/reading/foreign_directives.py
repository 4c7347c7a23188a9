"""Directives and roles of other tools that real books use: each is shown in the nearest form we have."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from pygments.lexers.python import PythonConsoleLexer, PythonLexer
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.util.docutils import SphinxDirective, SphinxRole

from oerbook.document.context.build_context import desk
from oerbook.document.safety.paths import is_remote
from oerbook.model.findings import Severity

NOT_RUN = "output of code that was not run for this edition"


def _say_glue(docname: str, key: str, line: int) -> None:
    desk().say(
        docname,
        "glue-without-value",
        f"no value is stored for the glued output {key or '(without a name)'}",
        line,
        severity=Severity.INFO,
        hint="Write the value into the text, or install oerbook[notebooks] and set execute: true.",
    )


class GlueRole(SphinxRole):
    """`{glue:text}`: a value that code computes; without running code, a visible placeholder."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the placeholder."""
        key = self.text.partition(":")[0]
        line = self.lineno or 0
        _say_glue(self.env.docname, key, line)
        label = f"[{key or 'value'}]"
        return [nodes.inline(label, label, classes=["glue-missing"])], []


class GlueDirective(SphinxDirective):
    """`{glue:figure}`, `{glue}`, `{glue:math}`: a placeholder that keeps its number and name."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {
        "name": directives.unchanged,
        "label": directives.unchanged,
        "figwidth": directives.unchanged,
        "figclass": directives.class_option,
        "align": directives.unchanged,
        "alt": directives.unchanged,
        "width": directives.unchanged,
        "height": directives.unchanged,
        "scale": directives.unchanged,
        "class": directives.class_option,
        "doc": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Return a figure with the caption in full and a note in place of the picture."""
        key = self.arguments[0].strip()
        _say_glue(self.env.docname, key, self.lineno)
        text = f"[{key}: {NOT_RUN}]"
        note = nodes.paragraph(text, text, classes=["placeholder"])
        if not self.content:
            return [note]
        figure = nodes.figure("", note, classes=["not-run"], align="default")
        box = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, box)
        first, *rest = box.children or [nodes.paragraph("", key)]
        figure += nodes.caption("", "", *first.children)
        if rest:
            figure += nodes.legend("", *rest)
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]


class Elsewhere(SphinxDirective):
    """A video, a page frame or a download from elsewhere: a link, since a book makes no request of its own."""

    required_arguments = 0
    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    address = "{}"
    words = "Open"
    option_spec = dict.fromkeys(
        [
            "width",
            "height",
            "align",
            "title",
            "class",
            "name",
            "label",
            "privacy_mode",
            "url_parameters",
            "aspect",
            "text",
        ],
        directives.unchanged,
    )

    def run(self) -> list[nodes.Node]:
        """Return a paragraph with the link."""
        target = self.arguments[0].strip() if self.arguments else ""
        url = target if is_remote(target) else self.address.format(target)
        words = self.options.get("title") or self.options.get("text") or f"{self.words}: {url}"
        box: list[nodes.Node] = [nodes.paragraph("", "", nodes.reference("", words, refuri=url))] if target else []
        if self.content:
            content = nodes.container()
            self.state.nested_parse(self.content, self.content_offset, content)
            box += content.children
        return box


class Youtube(Elsewhere):
    """`{youtube} ID`."""

    address = "https://www.youtube.com/watch?v={}"
    words = "Watch the video"


class Vimeo(Elsewhere):
    """`{vimeo} ID`."""

    address = "https://vimeo.com/{}"
    words = "Watch the video"


class Toggle(SphinxDirective):
    """`{toggle}`: a passage that can be folded; in a book it stands open."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {"show": directives.flag, "class": directives.class_option}

    def run(self) -> list[nodes.Node]:
        """Return the passage."""
        box = nodes.container(classes=["toggle"])
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


class Margin(SphinxDirective):
    """`{margin}` and `{aside}`: a note beside the text."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {"class": directives.class_option, "name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return a sidebar, titled if it has a title."""
        box = nodes.sidebar("", classes=["margin", *self.options.get("class", [])])
        if self.arguments:
            parsed, messages = self.state.inline_text(self.arguments[0], self.lineno)
            box += nodes.title(self.arguments[0], "", *parsed)
            box += messages
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


class Nothing(SphinxDirective):
    """What only makes sense in another tool's page (a run table, a contents list that we make ourselves)."""

    has_content = True
    optional_arguments = 99
    final_argument_whitespace = False
    option_spec = None

    def run(self) -> list[nodes.Node]:
        """Return nothing."""
        return []


class Mermaid(SphinxDirective):
    """`{mermaid}`: a drawing in words; its source is shown, for no program is run."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the source as code."""
        text = "\n".join(self.content)
        desk().say(
            self.env.docname,
            "drawing-in-words",
            "this mermaid drawing is shown as its source",
            self.lineno,
            hint="Save the drawing as SVG and include it with {figure}, with a description.",
        )
        return [nodes.literal_block(text, text, language="none")]


class StyledRole(SphinxRole):
    """Words set in a style that HTML has a class for: underline, small capitals, deleted, keys."""

    def __init__(self, style: str) -> None:
        super().__init__()
        self.style = style

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the words with their class."""
        return [nodes.inline(self.rawtext, self.text, classes=[self.style])], []


class IconRole(SphinxRole):
    """`{fa}` and its kin: an icon is decoration, so nothing is printed for it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return nothing."""
        return [], []


class GlueDomain(Domain):
    """The `glue:` names of notebooks: values, figures and formulas that code computes."""

    name = "glue"
    label = "glue"
    roles = {kind: GlueRole() for kind in ("", "any", "text", "md")}
    directives = dict.fromkeys(("any", "figure", "math", "md"), GlueDirective)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Nothing is kept, so there is nothing to merge."""

    def resolve_any_xref(self, *_arguments: Any, **_options: Any) -> list[Any]:
        """Nothing is labelled here."""
        return []


DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "youtube": Youtube,
    "vimeo": Vimeo,
    "video": Elsewhere,
    "iframe": Elsewhere,
    "embed": Elsewhere,
    "custom_download_link": Elsewhere,
    "toggle": Toggle,
    "margin": Margin,
    "aside": Margin,
    "mermaid": Mermaid,
    "tableofcontents": Nothing,
    "nb-exec-table": Nothing,
    "thebe-button": Nothing,
    "glue": GlueDirective,
}
ROLES: dict[str, Any] = {
    "glue": GlueRole(),
    "underline": StyledRole("underline"),
    "u": StyledRole("underline"),
    "smallcaps": StyledRole("smallcaps"),
    "sc": StyledRole("smallcaps"),
    "del": StyledRole("deleted"),
    "strike": StyledRole("deleted"),
    "delete": StyledRole("deleted"),
    "fa": IconRole(),
}


def install(app: Sphinx) -> None:
    """Offer the directives and roles that no extension of the book offers already."""
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive, override=True)
    for name, role in ROLES.items():
        app.add_role(name, role, override=True)
    app.add_domain(GlueDomain)
    for language in ("ipython", "ipython2", "ipython3"):
        app.add_lexer(language, PythonLexer)
    app.add_lexer("ipythonconsole", PythonConsoleLexer)
