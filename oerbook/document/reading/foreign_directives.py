"""Directives and roles of other tools, rendered in the nearest form that we have."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from pygments.lexers.python import PythonConsoleLexer, PythonLexer
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from oerbook.document.context.build_context import current_context
from oerbook.document.media import directives as media_directives
from oerbook.document.reading.directives import tables, tabs
from oerbook.document.reading.directives.grids import Grid
from oerbook.document.reading.directives.subfigures import SubfigureDirective
from oerbook.document.reading.foreign_roles import ButtonRole, FormulaRole, IconRole, StyledRole
from oerbook.document.reading.generated.back_matter_directive import BackMatterDirective
from oerbook.document.reading.glue import GlueDirective, GlueDomain, GlueRole
from oerbook.document.safety.file_access import is_remote
from oerbook.text.translations import translate


class ExternalMedia(SphinxDirective):
    """A video, recording or frame, replaced by a link: to another site, or to a file of the book as a download.

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
            "alt",
            "captions",
            "poster",
            "controls",
        ],
        directives.unchanged,
    )

    def run(self) -> list[nodes.Node]:
        """Return a paragraph with the link, and the parsed content."""
        target = self.arguments[0].strip() if self.arguments else ""
        is_file = self.url_template == "{}" and not is_remote(target)
        url = target if is_remote(target) or is_file else self.url_template.format(target)
        link_text = translate(current_context().book.language, self.link_text)
        text = self.options.get("title") or self.options.get("text") or f"{link_text}: {url}"
        link = self._download(target, text) if is_file else nodes.reference("", text, refuri=url)
        result: list[nodes.Node] = [nodes.paragraph("", "", link)] if target else []
        if self.content:
            content = nodes.container()
            self.state.nested_parse(self.content, self.content_offset, content)
            result += content.children
        return result

    def _download(self, target: str, text: str) -> nodes.Element:
        """Return a link that offers a file of the book; a missing file is reported as for `{download}`."""
        link = addnodes.download_reference("", "", nodes.inline(text, text), reftarget=target, reftype="download")
        link.attributes.update(refdomain="", refdoc=self.env.docname, refexplicit=True, refwarn=False)
        self.set_source_info(link)
        return link


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


DIRECTIVES: dict[str, type[SphinxDirective]] = {
    **media_directives.DIRECTIVES,
    "embed": ExternalMedia,
    "custom_download_link": ExternalMedia,
    "subfigure": SubfigureDirective,
    "toggle": Toggle,
    "margin": Margin,
    "aside": Margin,
    "mermaid": Mermaid,
    "back-matter": BackMatterDirective,
    "contents": IgnoredDirective,
    "tableofcontents": IgnoredDirective,
    "toc": IgnoredDirective,
    "show-index": IgnoredDirective,
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
    for name, directive in (DIRECTIVES | tabs.DIRECTIVES | tables.DIRECTIVES | {"grid": Grid}).items():
        app.add_directive(name, directive, override=True)
    for name, role in ROLES.items():
        app.add_role(name, role, override=True)
    app.add_domain(GlueDomain)
    for language in ("ipython", "ipython2", "ipython3"):
        app.add_lexer(language, PythonLexer)
    app.add_lexer("ipythonconsole", PythonConsoleLexer)
