"""Parse one page of MyST Markdown; replace a page that cannot be read by a notice."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from functools import partial
from typing import Any

from docutils import nodes
from docutils.parsers.rst import roles
from markdown_it.common.normalize_url import validateLink
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.base import token_line
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser

from oerbook.citations import citation_syntax
from oerbook.document.citations import bibliography_lists
from oerbook.document.context import languages, line_numbers
from oerbook.document.context.build_context import BuildContext, current_context
from oerbook.document.context.title_nodes import add_title, nest_under_first_heading
from oerbook.document.reading import execute_code, notebook_cells, unknown_directives
from oerbook.document.reading.foreign_blocks import is_admonition_without_text
from oerbook.document.reading.foreign_markup import ForeignMarkupRenderer
from oerbook.document.reading.generated.pages import chapter_references_markdown
from oerbook.document.reading.markdown import markdown_rules
from oerbook.document.reading.markdown.nesting import MAX_NESTING, TOO_DEEP_LINES
from oerbook.document.reading.mystmd_options import equivalent_name
from oerbook.document.reading.substitutions import SubstitutionRenderer
from oerbook.document.safety.extension_html import report_active_html
from oerbook.document.safety.file_access import (
    DIRECTIVES_WITH_FILE_ARGUMENT,
    count_include,
    depend_on_missing_include,
    english_directive_name,
    name_on_disk,
    path_outside_book,
    restrict_file_access_to_book,
)
from oerbook.document.safety.restricted_directives import report_unsafe_link
from oerbook.markup.urls import url_scheme
from oerbook.model.book import Chapter
from oerbook.model.findings import Finding, Place, Severity
from oerbook.sandbox.limits import failure_reason
from oerbook.source import notebook
from oerbook.source.text import load_chapter_markdown, replace_front_matter, unreadable_chapter_notice
from oerbook.storage.machine_errors import raise_machine_error
from oerbook.text.characters import strip_terminal_codes
from oerbook.text.myst_scan import parse_options
from oerbook.text.translations import translate

IMAGE_DIRECTIVES = frozenset({"image", "figure"})
INDENTED_FENCE = re.compile(r"\s*(?::{3,}|`{3,}) ?\{[\w:-]+\}")
RAW_DIRECTIVE = re.compile(r"(?:raw:|=)(?P<format>\w+)")  # {raw:latex} in mystmd, {=latex} in Quarto and pandoc


class BookRenderer(SubstitutionRenderer, ForeignMarkupRenderer, SphinxRenderer):
    """MyST renderer with plain substitutions and no access outside the book."""

    @property
    def context(self) -> BuildContext:
        """Return the context of this run."""
        return current_context()

    def _random_label(self) -> str:
        """Return a label for an unlabelled equation that is the same in every build."""
        count = self.md_env["oerbook_labels"] = self.md_env.get("oerbook_labels", 0) + 1
        return hashlib.sha256(f"{self.sphinx_env.docname}:{count}".encode()).hexdigest()[:12]

    def setup_render(self, options: Any, env: Any) -> None:
        """Set up a page, with render rules that record the source line of each node."""
        super().setup_render(options, env)
        rules: dict[str, Any] = {name: line_numbers.with_line_numbers(self, rule) for name, rule in self.rules.items()}
        self.rules = rules

    def _render_tokens(self, tokens: list[Token]) -> None:
        line_numbers.shift_lines(tokens)
        self.render_children(SyntaxTreeNode(tokens))

    def nested_render_text(self, text: str, lineno: int, inline: bool = False, *args: Any, **kwargs: Any) -> None:
        """Render nested text; MyST counts inline text from one line too far down."""
        super().nested_render_text(text, lineno - 1 if inline else lineno, inline, *args, **kwargs)

    def render_myst_role(self, token: SyntaxTreeNode) -> None:
        """Run a role; the text of an unknown role stays on the page."""
        start = len(self.current_node.children)
        super().render_myst_role(token)
        rendered = [n for n in self.current_node.children[start:] if not isinstance(n, nodes.system_message)]
        role, _messages = roles.role(token.meta["name"], self.language_module_rst, 0, self.reporter)
        if not rendered and not role:
            self.current_node.append(nodes.literal(token.content, token.content, classes=["role-unknown"]))

    def render_link(self, token: SyntaxTreeNode) -> None:
        """Render a link, or only its text if its URL scheme is unsafe.

        markdown-it would show an unsafe link as typed, without a message.
        """
        target = str(token.attrGet("href") or "")
        if validateLink(target):
            return super().render_link(token)
        self._report_unsafe_link(token, target)
        return self.render_children(token)

    def render_image(self, token: SyntaxTreeNode) -> None:
        """Render an image, or its alternative text if its URL scheme is unsafe."""
        source = str(token.attrGet("src") or "")
        if validateLink(source):
            return super().render_image(token)
        self._report_unsafe_link(token, source)
        alt = self.renderInlineAsText(token.children or [])
        self.current_node.append(nodes.inline(alt, alt, classes=["missing-image"]))
        return None

    def render_code_block(self, token: SyntaxTreeNode) -> None:
        """Render indented code; report a directive that is code only by its indentation."""
        if INDENTED_FENCE.match(token.content):
            message = f"shown as typed because it is indented too far: {token.content.strip().split()[0]}"
            hint = "Remove the spaces in front of its lines."
            self.context.report_problem(
                self.sphinx_env.docname, "markup-unrendered", message, token_line(token, 0), hint=hint
            )
        super().render_code_block(token)

    def render_html_block(self, token: SyntaxTreeNode) -> None:
        """Report active HTML in what MyST converts by itself: pictures and admonitions."""
        count = len(self.current_node.children)
        if is_admonition_without_text(token.content):  # MyST would show its options as text
            raw = nodes.raw("", token.content, format="html")
            self.add_line_and_source_path(raw, token)
            self.current_node.append(raw)
            return
        super().render_html_block(token)
        if not any(isinstance(node, nodes.raw) for node in self.current_node.children[count:]):
            docname = self.sphinx_env.docname
            place = Place(self.context.relative_path(docname, self.document["source"]), token_line(token, 0))
            report_active_html(self.context, docname, token.content, place)

    def _report_unsafe_link(self, token: SyntaxTreeNode, url: str) -> None:
        docname = self.sphinx_env.docname
        place = Place(self.context.relative_path(docname, self.document["source"]), token_line(token, 0))
        report_unsafe_link(self.context, docname, url_scheme(url), place)

    def render_link_unknown(self, token: SyntaxTreeNode) -> None:
        """Link to a page by its file name, with or without its number; before an anchor, also without its extension."""
        target = self.md.normalizeLinkText(str(token.attrGet("href") or ""))
        path, hash_sign, anchor = target.partition("#")
        env = self.sphinx_env
        if path and hash_sign and env.path2doc(env.relfn2path(f"{path}.md", env.docname)[1]):
            path = f"{path}.md"
            token.attrs["href"] = f"{path}#{anchor}"
        if path.endswith((".md", ".ipynb")):
            _relative, full = self.sphinx_env.relfn2path(path, self.sphinx_env.docname)
            if self.sphinx_env.path2doc(full):
                return self.render_link_project(token)
        return super().render_link_unknown(token)

    def run_directive(  # noqa: PLR0913 - MyST's signature
        self,
        name: str,
        first_line: str,
        content: str,
        position: int,
        additional_options: dict[str, str] | None = None,
        *,
        block_text: str | None = None,
    ) -> list[nodes.Element]:
        """Run a directive, unless it is unknown or accesses files outside the book.

        The content of an unknown directive stays visible.
        """
        docname, context = self.sphinx_env.docname, self.context
        name = equivalent_name(english_directive_name(name, self.language_module_rst), self.current_node)
        if raw := RAW_DIRECTIVE.fullmatch(name):
            name, first_line = "raw", raw["format"]
        if name in notebook_cells.CELL_DIRECTIVES:
            return notebook_cells.render_cell(self, name, first_line, content, position)
        if not unknown_directives.is_known_directive(name, self.language_module_rst, self.document):
            return unknown_directives.render_unknown_directive(self, name, first_line, content, position)
        if name.lower() in DIRECTIVES_WITH_FILE_ARGUMENT:
            first_line = name_on_disk(context, docname, first_line.strip())
            if name.lower() in IMAGE_DIRECTIVES and " " in first_line:  # docutils removes spaces from URIs
                first_line = first_line.replace(" ", "%20")
        options = {**parse_options(content), **(additional_options or {})}
        blocked = self._check_file_access(name, first_line, options, position)
        if blocked:
            return [nodes.paragraph("", f"[{blocked}]", classes=["missing"])]
        return super().run_directive(name, first_line, content, position, additional_options, block_text=block_text)

    def _check_file_access(self, name: str, first_line: str, options: dict[str, str], position: int) -> str:
        """Report excessive includes and files outside the book; return the reason, or ""."""
        docname, context = self.sphinx_env.docname, self.context
        reason = count_include(context, docname, name.lower(), first_line, options)
        if reason:
            place = Place(context.relative_path(docname), line_numbers.page_line())
            hint = "Split the page, or include less."
            context.add_finding(docname, Finding("include-large", reason, place, Severity.ERROR, hint))
            return reason
        depend_on_missing_include(self.sphinx_env, context, name.lower(), first_line, options)
        outside = path_outside_book(context, docname, name.lower(), first_line, options)
        if outside:
            context.report_problem(
                docname,
                "file-outside-book",
                f"{{{name}}} refers to {outside}, which is not a file of this book",
                position,
                severity=Severity.ERROR,
                hint="Copy the file into chapters/ and write its path relative to this page.",
            )
            return translate(context.book.language, "{name} is not part of this book").format(name=outside)
        return ""


class BookParser(MystParser):
    """The parser of `.md` and `.ipynb` pages."""

    supported: tuple[str, ...] = ("md", "markdown", "myst", "ipynb")  # type: ignore[misc]

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Fill `document` from a page, or with a notice if the page breaks the parser."""
        env: Any = document.settings.env
        context = current_context()
        chapter = context.pages.get(env.docname)
        if reason := context.unreadable_pages.get(env.docname):
            self._show_notice(document, env.docname, reason, chapter)
            return
        try:
            text, stored = (inputstring, None) if chapter is None else read_source(context, chapter)
            outputs = _run_cells(context, env.docname, text, inputstring) if stored is None and chapter else None
            context.included_counts.pop(env.docname, None)
            md_env = {"oerbook_notebook": stored, "oerbook_run": outputs}
            with restrict_file_access_to_book(context, env.docname):
                self._render(text + chapter_references_markdown(context, text, chapter), document, chapter, md_env)
        except Exception as error:  # noqa: BLE001 - whatever a page does to the parser, the rest of the book must still build
            raise_machine_error(error)
            document.clear()
            self._show_notice(document, env.docname, failure_reason(error), chapter)

    def _show_notice(self, document: nodes.document, docname: str, reason: str, chapter: Chapter | None) -> None:
        """Fill `document` with a notice and report why."""
        context = current_context()
        hint = "Undo the last change, or split the chapter in two to find the cause."
        message = f"this chapter cannot be read: {reason}"
        context.report_problem(docname, "chapter-unreadable", message, severity=Severity.ERROR, hint=hint)
        language = (chapter.language if chapter else "") or context.book.language
        notice = unreadable_chapter_notice(chapter.title if chapter else docname, reason, language)
        self._render(notice, document, None, {})

    def _render(self, text: str, document: nodes.document, chapter: Chapter | None, md_env: dict[str, Any]) -> None:
        env: Any = document.settings.env
        book = current_context().book
        pairs = [*book.substitutions, *(chapter.substitutions if chapter else ())]
        config = dataclasses.replace(env.myst_config, substitutions=dict(pairs))
        parser = create_md_parser(config, BookRenderer)
        parser.options["document"] = document
        parser.options["quotes"] = languages.quotation_marks((chapter.language if chapter else "") or book.language)
        citation_syntax.install(parser, partial(bibliography_lists.library_for_book, book))
        markdown_rules.install(parser)
        line_numbers.install(parser)
        # Unsafe links reach render_link, which removes and reports them.
        parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
        document.settings.toc_backlinks = False  # {contents} must not turn headings into links
        parser.render(strip_terminal_codes(text), md_env)
        self._report_deep_nesting(env.docname, md_env)
        nest_under_first_heading(document)
        if not any(isinstance(child, nodes.section) for child in document.children) and chapter:
            add_title(document, chapter.title)

    def _report_deep_nesting(self, docname: str, md_env: dict[str, Any]) -> None:
        """Report the first line that is nested too deeply."""
        for line in md_env.get(TOO_DEEP_LINES, ())[:1]:
            message = "lists and quotations are nested too deeply here, so the text is shown as it is written"
            hint = f"Use fewer than {MAX_NESTING // 2} levels."
            current_context().report_problem(docname, "markup", message, line + 1, severity=Severity.ERROR, hint=hint)


def read_source(context: BuildContext, chapter: Chapter) -> tuple[str, Any]:
    """Return a page as MyST Markdown, and its notebook with outputs if it is one."""
    if chapter.path.endswith(".ipynb") and not chapter.problem:
        raw = (context.book.root / chapter.path).read_text(encoding="utf-8-sig")
        stored = json.loads(raw)
        if context.book.settings.execute:
            stored = execute_code.run_notebook(context, chapter.slug, stored)
        return replace_front_matter(notebook.notebook_to_markdown(stored), chapter), stored
    return load_chapter_markdown(context.book.root, chapter, context.book.language), None


def _run_cells(context: BuildContext, docname: str, text: str, source: str) -> Any:
    """Return the outputs of a page's code cells, or None if the book runs no code."""
    return execute_code.run_markdown(context, docname, text, source) if context.book.settings.execute else None
