"""Reading one chapter: MyST with the book's settings, and a notice page where a chapter cannot be read."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
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

from oerbook.document.context import languages, line_numbers
from oerbook.document.context.build_context import Desk, desk
from oerbook.document.reading import citations, execute_code, notebook_cells, unknown_directives
from oerbook.document.reading.generated_pages import references
from oerbook.document.safety.directives import refuse, scheme_of
from oerbook.document.safety.paths import FILE_ARGUMENTS, await_taken, canonical, named, too_much, trespass, walled
from oerbook.model.book import Chapter
from oerbook.model.findings import Finding, Place, Severity
from oerbook.sandbox.limits import reason_of
from oerbook.source import notebook
from oerbook.source.text import chapter_text, notice

DRAWN = frozenset({"image", "figure"})
TOO_FAR = re.compile(r"\s*(?::{3,}|`{3,}) ?\{[\w:-]+\}")


class BookRenderer(SphinxRenderer):
    """MyST's renderer, kept inside the book: plain substitutions, repeatable labels, no file from outside."""

    def _random_label(self) -> str:
        """Return a label for an unlabelled equation that is the same in every build."""
        count = self.md_env["oerbook_labels"] = self.md_env.get("oerbook_labels", 0) + 1
        return hashlib.sha256(f"{self.sphinx_env.docname}:{count}".encode()).hexdigest()[:12]

    def setup_render(self, options: Any, env: Any) -> None:
        """Begin a page; what the rules make stands where its words stand."""
        super().setup_render(options, env)
        rules: dict[str, Any] = {name: line_numbers.standing(self, rule) for name, rule in self.rules.items()}
        self.rules = rules

    def _render_tokens(self, tokens: list[Token]) -> None:
        line_numbers.carry(tokens)
        self.render_children(SyntaxTreeNode(tokens))

    def nested_render_text(self, text: str, lineno: int, inline: bool = False, *rest: Any, **more: Any) -> None:
        """Render text that stands inside other text; MyST puts words that stand in a line into the next."""
        super().nested_render_text(text, lineno - 1 if inline else lineno, inline, *rest, **more)

    def render_colon_fence(self, token: SyntaxTreeNode) -> None:
        """Render what stands between colons; MyST puts a line in front of it where it begins with colons itself."""
        name, _space, arguments = token.info.strip().partition(" ")
        if name.startswith("{") and name.endswith("}"):
            self.render_directive(token, name[1:-1], arguments.strip())
        else:
            super().render_colon_fence(token)

    def render_substitution(self, token: SyntaxTreeNode, inline: bool) -> None:
        """Put in a declared substitution; nothing in braces is ever run."""
        key = token.content.strip()
        known = self.md_config.substitutions
        position = token_line(token, 0)
        used: set[str] = self.md_env.setdefault("oerbook_substituting", set())
        if key not in known and "\\" in key:  # TeX outside of a formula, of which another finding tells
            self.current_node.append(nodes.Text("{{" + token.content + "}}"))
            return
        if key not in known or key in used:
            why = "is not among the substitutions" if key not in known else "refers to itself"
            desk().say(
                self.sphinx_env.docname,
                "substitution",
                f"{{{{ {key} }}}} {why}",
                position,
                hint="Declare it under substitutions: in the front matter of this chapter or of chapters/index.md.",
            )
            self.current_node.append(nodes.Text("{{ " + key + " }}"))
            return
        used.add(key)
        try:
            self.nested_render_text(str(known[key]), position, inline=inline)
        finally:
            used.discard(key)

    def render_myst_role(self, token: SyntaxTreeNode) -> None:
        """Run a role; the words of one that nobody knows stay in the text."""
        here = len(self.current_node.children)
        super().render_myst_role(token)
        shown = [node for node in self.current_node.children[here:] if not isinstance(node, nodes.system_message)]
        known, _messages = roles.role(token.meta["name"], self.language_module_rst, 0, self.reporter)
        if not shown and not known:
            self.current_node.append(nodes.literal(token.content, token.content, classes=["unknown-role"]))

    def render_link(self, token: SyntaxTreeNode) -> None:
        """Link, but not to what would run; markdown-it would show such a link as it was typed, and say nothing."""
        target = str(token.attrGet("href") or "")
        if validateLink(target):
            return super().render_link(token)
        self._refuse(token, target)
        return self.render_children(token)

    def render_image(self, token: SyntaxTreeNode) -> None:
        """Show a picture, but not from what would run."""
        source = str(token.attrGet("src") or "")
        if validateLink(source):
            return super().render_image(token)
        self._refuse(token, source)
        words = self.renderInlineAsText(token.children or [])
        self.current_node.append(nodes.inline(words, words, classes=["missing-image"]))
        return None

    def render_code_block(self, token: SyntaxTreeNode) -> None:
        """Show code that is set in; a box that is set in that far is shown as it was typed, and said."""
        if TOO_FAR.match(token.content):
            words = f"this is shown as it was typed, for it stands too far in: {token.content.strip().split()[0]}"
            hint = "Take out the blanks in front of its lines."
            desk().say(self.sphinx_env.docname, "markup-shown", words, token_line(token, 0), hint=hint)
        super().render_code_block(token)

    def _refuse(self, token: SyntaxTreeNode, address: str) -> None:
        docname = self.sphinx_env.docname
        place = Place(desk().path(docname, self.document["source"]), token_line(token, 0))
        refuse(docname, scheme_of(address), place)

    def render_link_unknown(self, token: SyntaxTreeNode) -> None:
        """Link to a page by its file name, with its number or without."""
        target = self.md.normalizeLinkText(str(token.attrGet("href") or ""))
        path = target.partition("#")[0]
        if path.endswith((".md", ".ipynb")):
            _relative, full = self.sphinx_env.relfn2path(path, self.sphinx_env.docname)
            if self.sphinx_env.path2doc(full):
                return self.render_link_project(token)
        return super().render_link_unknown(token)

    def run_directive(
        self,
        name: str,
        first_line: str,
        content: str,
        position: int,
        additional_options: dict[str, str] | None = None,
        *,
        block_text: str | None = None,
    ) -> list[nodes.Element]:
        """Run a directive of the book; unknown ones stay visible, and none reads a file outside the book."""
        docname, here = self.sphinx_env.docname, desk()
        name = canonical(name, self.language_module_rst)
        if name in notebook_cells.NAMES:
            return notebook_cells.render(self, name, first_line, content, position)
        if not unknown_directives.is_directive(name, self.language_module_rst, self.document):
            return unknown_directives.fallback(self, name, first_line, content, position)
        if name.lower() in FILE_ARGUMENTS:
            first_line = named(here, docname, first_line.strip())
            if name.lower() in DRAWN and " " in first_line:  # docutils takes blanks out of addresses
                first_line = first_line.replace(" ", "%20")
        options = {**unknown_directives.options(content), **(additional_options or {})}
        refused = too_much(here, docname, name.lower(), first_line, options)
        if refused:
            hint = "Divide the page, or take in less."
            place = Place(here.path(docname), line_numbers.beginning())
            here.report(docname, Finding("include-large", refused, place, Severity.ERROR, hint))
            return [nodes.paragraph("", f"[{refused}]", classes=["missing"])]
        await_taken(self.sphinx_env, here, docname, name.lower(), first_line, options)
        outside = trespass(here, docname, name.lower(), first_line, options)
        if outside:
            here.say(
                docname,
                "outside-book",
                f"{{{name}}} asks for {outside}, which is not a file of this book",
                position,
                severity=Severity.ERROR,
                hint="Copy the file into chapters/ and name it relative to this page.",
            )
            text = f"[{outside} is not part of this book]"
            return [nodes.paragraph("", text, classes=["missing"])]
        return super().run_directive(name, first_line, content, position, additional_options, block_text=block_text)


class BookParser(MystParser):
    """The parser of `.md` and `.ipynb` pages."""

    supported: tuple[str, ...] = ("md", "markdown", "myst", "ipynb")  # type: ignore[misc]

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Fill `document` from a page; a page that breaks the parser becomes a notice and a finding."""
        env: Any = document.settings.env
        here = desk()
        chapter = here.pages.get(env.docname)
        if reason := here.given_up.get(env.docname):
            self._give_up(document, env.docname, reason, chapter)
            return
        try:
            text, stored = (inputstring, None) if chapter is None else source_text(here, chapter)
            run = _run(here, env.docname, text, inputstring) if stored is None and chapter else None
            here.taken_in.pop(env.docname, None)
            with walled(here, env.docname):
                self._render(text + references(here, text, chapter), document, chapter, stored, run)
        except Exception as error:  # whatever a stranger's text sets off, the rest of the book must still build
            document.clear()
            self._give_up(document, env.docname, reason_of(error), chapter)

    def _give_up(self, document: nodes.document, docname: str, reason: str, chapter: Chapter | None) -> None:
        """Fill `document` with a notice, and say why."""
        desk().say(
            docname,
            "chapter-unreadable",
            f"this chapter cannot be read: {reason}",
            severity=Severity.ERROR,
            hint="Take the last change back, or cut the chapter in two to find the place.",
        )
        self._render(notice(chapter.title if chapter else docname, reason), document, None, None, None)

    def _render(self, text: str, document: nodes.document, chapter: Chapter | None, stored: Any, run: Any) -> None:
        env: Any = document.settings.env
        pairs = [*desk().book.substitutions, *(chapter.substitutions if chapter else ())]
        config = dataclasses.replace(env.myst_config, substitutions=dict(pairs))
        parser = create_md_parser(config, BookRenderer)
        parser.options["document"] = document
        parser.options["quotes"] = languages.marks((chapter.language if chapter else "") or desk().book.language)
        citations.install(parser)
        line_numbers.install(parser)
        parser.validateLink = lambda url: True  # type: ignore[method-assign]  # what leads nowhere is unlinked, and said
        parser.render(notebook.plain(text), {"oerbook_notebook": stored, "oerbook_run": run})
        _one_title(document)
        if not any(isinstance(child, nodes.section) for child in document.children) and chapter:
            _wrap(document, chapter.title)


def source_text(here: Desk, chapter: Chapter) -> tuple[str, Any]:
    """Return a page as MyST Markdown and, for a notebook, the notebook with its stored outputs."""
    if chapter.path.endswith(".ipynb") and not chapter.problem:
        raw = (here.book.root / chapter.path).read_text(encoding="utf-8-sig")
        stored = json.loads(raw)
        if here.book.settings.execute:
            stored = execute_code.run_notebook(here, chapter.slug, stored)
        return notebook.to_markdown(stored), stored
    return chapter_text(here.book.root, chapter), None


def _run(here: Desk, docname: str, text: str, source: str) -> Any:
    """Return the outputs of a page's code cells, when the book wants them run."""
    return execute_code.run_text(here, docname, text, source) if here.book.settings.execute else None


def _wrap(document: nodes.document, title: str) -> None:
    """Give a page without a heading its title from the front matter."""
    section = nodes.section("", nodes.title(title, title), names=[nodes.fully_normalize_name(title)])
    section.extend(document.children)
    document.clear()
    document += section
    document.note_implicit_target(section, section)


def _one_title(document: nodes.document) -> None:
    """Make further top-level headings sections of the first, so that a page is one chapter and nothing is lost."""
    sections = [child for child in document.children if isinstance(child, nodes.section)]
    if not sections:
        return
    first = sections[0]
    before = document.children[: document.children.index(first)]
    visible = [n for n in before if not isinstance(n, nodes.comment | nodes.target | nodes.substitution_definition)]
    for node in visible:
        document.remove(node)
    for place, node in enumerate(visible):
        first.insert(1 + place, node)
    for child in list(document.children[document.children.index(first) + 1 :]):
        document.remove(child)
        first += child
