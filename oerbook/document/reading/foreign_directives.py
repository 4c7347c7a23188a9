"""Directives and roles of other tools, rendered in the nearest form that we have."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from pygments.lexers.python import PythonConsoleLexer, PythonLexer
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.util.docutils import SphinxDirective, SphinxRole

from oerbook.document.context.build_context import current_context
from oerbook.document.reading.foreign_roles import ButtonRole, FormulaRole, IconRole, StyledRole
from oerbook.document.reading.picture_groups import PictureGroup
from oerbook.document.safety.file_access import is_remote
from oerbook.model.findings import Severity
from oerbook.text.translations import translate

CODE_NOT_RUN_NOTE = "output of code that was not run for this edition"


def _report_missing_value(docname: str, key: str, line: int) -> None:
    current_context().report_problem(
        docname,
        "glue-value-missing",
        f"no value is stored for the glue output {key or '(unnamed)'}",
        line,
        severity=Severity.INFO,
        hint="Write the value into the text, or install oerbook[notebooks] and set execute: true.",
    )


class GlueRole(SphinxRole):
    """`{glue:text}`: a value computed by code; a placeholder stands in for it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the placeholder."""
        key = self.text.partition(":")[0]
        line = self.lineno or 0
        _report_missing_value(self.env.docname, key, line)
        label = f"[{key or 'value'}]"
        return [nodes.inline(label, label, classes=["glue-missing"])], []


class GlueDirective(SphinxDirective):
    """`{glue:figure}`, `{glue}`, `{glue:math}`: a placeholder with number and name."""

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
        """Return a figure with its full caption and a note in place of the image."""
        key = self.arguments[0].strip()
        _report_missing_value(self.env.docname, key, self.lineno)
        note = translate(current_context().book.language, CODE_NOT_RUN_NOTE)
        text = f"[{key}: {note}]"
        paragraph = nodes.paragraph(text, text, classes=["placeholder"])
        if not self.content:
            return [paragraph]
        figure = nodes.figure("", paragraph, classes=["not-run"], align="default")
        parsed = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, parsed)
        first, *rest = parsed.children or [nodes.paragraph("", key)]
        figure += nodes.caption("", "", *first.children)
        if rest:
            figure += nodes.legend("", *rest)
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]


class ExternalMedia(SphinxDirective):
    """A video, frame or download from another site, replaced by a link.

    A page of a book makes no requests to other sites.
    """

    required_arguments = 0
    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    url_template = "{}"
    link_text = "Open"
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
        """Return a paragraph with the link, and the parsed content."""
        target = self.arguments[0].strip() if self.arguments else ""
        url = target if is_remote(target) else self.url_template.format(target)
        link_text = translate(current_context().book.language, self.link_text)
        text = self.options.get("title") or self.options.get("text") or f"{link_text}: {url}"
        result: list[nodes.Node] = [nodes.paragraph("", "", nodes.reference("", text, refuri=url))] if target else []
        if self.content:
            content = nodes.container()
            self.state.nested_parse(self.content, self.content_offset, content)
            result += content.children
        return result


class Youtube(ExternalMedia):
    """`{youtube} ID`."""

    url_template = "https://www.youtube.com/watch?v={}"
    link_text = "Watch the video"


class Vimeo(ExternalMedia):
    """`{vimeo} ID`."""

    url_template = "https://vimeo.com/{}"
    link_text = "Watch the video"


class Toggle(SphinxDirective):
    """`{toggle}`: a passage that readers of the web site unfold."""

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
    """`{margin}` and `{aside}`: a note in the margin."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {"class": directives.class_option, "name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return a sidebar, with its title if it has one."""
        box = nodes.sidebar("", classes=["margin", *self.options.get("class", [])])
        if self.arguments:
            parsed, messages = self.state.inline_text(self.arguments[0], self.lineno)
            box += nodes.title(self.arguments[0], "", *parsed)
            box += messages
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


class IgnoredDirective(SphinxDirective):
    """A directive that a book does not need, such as a run table or a contents list."""

    has_content = True
    optional_arguments = 99
    final_argument_whitespace = False
    option_spec = None

    def run(self) -> list[nodes.Node]:
        """Return nothing."""
        return []


class Mermaid(SphinxDirective):
    """`{mermaid}`: a diagram as text; its source is shown, since no program is run."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the source as code."""
        text = "\n".join(self.content)
        current_context().report_problem(
            self.env.docname,
            "mermaid-source",
            "this mermaid diagram is shown as source code",
            self.lineno,
            hint="Save the diagram as SVG and include it with {figure} and a description.",
        )
        return [nodes.literal_block(text, text, language="none")]


class GlueDomain(Domain):
    """The `glue:` roles and directives of notebooks, for values computed by code."""

    name = "glue"
    label = "glue"
    roles = {kind: GlueRole() for kind in ("", "any", "text", "md")}
    directives = dict.fromkeys(("any", "figure", "math", "md"), GlueDirective)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Do nothing: the domain stores no data."""

    def resolve_any_xref(self, *_arguments: Any, **_options: Any) -> list[Any]:
        """Return no candidates: the domain has no targets."""
        return []


DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "youtube": Youtube,
    "vimeo": Vimeo,
    "video": ExternalMedia,
    "iframe": ExternalMedia,
    "embed": ExternalMedia,
    "custom_download_link": ExternalMedia,
    "subfigure": PictureGroup,
    "toggle": Toggle,
    "margin": Margin,
    "aside": Margin,
    "mermaid": Mermaid,
    "contents": IgnoredDirective,
    "tableofcontents": IgnoredDirective,
    "nb-exec-table": IgnoredDirective,
    "thebe-button": IgnoredDirective,
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
    "button": ButtonRole(),
    "chem": FormulaRole(),
    "chemicalFormula": FormulaRole(),
    "si": FormulaRole(),
}


def register(app: Sphinx) -> None:
    """Register the directives, roles, the glue domain and lexers for IPython."""
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive, override=True)
    for name, role in ROLES.items():
        app.add_role(name, role, override=True)
    app.add_domain(GlueDomain)
    for language in ("ipython", "ipython2", "ipython3"):
        app.add_lexer(language, PythonLexer)
    app.add_lexer("ipythonconsole", PythonConsoleLexer)
