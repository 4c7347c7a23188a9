"""Render the markup that `markdown_rules` adds to MyST."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.base import token_line
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from sphinx import addnodes

from oerbook.document.context.build_context import current_context
from oerbook.document.reading import at_references, mystmd_links
from oerbook.document.reading.code_fences import parse_code_fence
from oerbook.document.reading.foreign_blocks import DIRECTIVE_BY_ADMONITION_NAME
from oerbook.document.reading.foreign_fences import (
    FenceDirective,
    parse_colon_fence,
    parse_directive_fence,
)
from oerbook.document.reading.markdown import foreign_paragraphs, text_marks
from oerbook.document.reading.mystmd_options import (
    allow_options,
    equivalent_directive,
    is_box_title,
    mark_unnumbered,
    rename_label_option,
    source_options,
)
from oerbook.text.myst_scan import blank_options, parse_options

EMBEDDING_DIRECTIVES = frozenset(["figure", "image", "embed"])
CLASS_LINE = re.compile(r"^:class:.*$", re.M)
FIGURE_ID_PREFIX = re.compile(r"fig[-:_]")


class ForeignMarkupRenderer(SphinxRenderer):
    """Render methods for what mystmd, pandoc, Quarto, MkDocs and Obsidian write."""

    def render_at_reference(self, token: SyntaxTreeNode) -> None:
        """Render `@label`."""
        at_references.render_at_reference(self, token)

    def render_text_script(self, token: SyntaxTreeNode) -> None:
        """Render `~2~` or `^2^`."""
        text_marks.render_sub_or_superscript(self, token)

    def render_abbreviation_definitions(self, token: SyntaxTreeNode) -> None:
        """Render `*[HTML]: words`, which shows nothing."""
        foreign_paragraphs.render_definitions(self, token)

    def render_verse(self, token: SyntaxTreeNode) -> None:
        """Render lines that begin with `| `."""
        foreign_paragraphs.render_verse(self, token)

    def render_ordered_list(self, token: SyntaxTreeNode) -> None:
        """Render an ordered list with the punctuation of its markers."""
        super().render_ordered_list(token)
        delimiters = str(token.attrs.get("delimiters", token.markup))
        node: Any = self.current_node[-1]
        node["prefix"], node["suffix"] = delimiters[:-1], delimiters[-1:]
        if delimiters == "()" or (delimiters == ")" and node["enumtype"] != "arabic"):
            node["classes"].append("in-parentheses" if delimiters == "()" else "before-parenthesis")

    def render_dl(self, token: SyntaxTreeNode) -> None:
        """Render a definition list; each one in a glossary defines terms."""
        if isinstance(self.current_node, addnodes.glossary):
            token.attrs["class"] = "glossary"
        super().render_dl(token)

    def render_colon_fence(self, token: SyntaxTreeNode) -> None:
        """Render a colon fence, also one that another tool would read as a box."""
        fence = parse_directive_fence(token.info, token.content) or parse_colon_fence(token.info, token.content)
        self._run_fence(token, fence) if fence else super().render_colon_fence(token)

    def render_fence(self, token: SyntaxTreeNode) -> None:
        """Render a fence, also one with attributes behind the name of its directive."""
        fence = parse_directive_fence(token.info, token.content) or parse_code_fence(token.info, token.content)
        self._run_fence(token, fence) if fence and (
            fence.options or fence.name == "code-block"
        ) else super().render_fence(token)

    def _run_fence(self, token: SyntaxTreeNode, fence: FenceDirective) -> None:
        block = f"{token.markup}{token.info}\n{token.content}{token.markup}\n"
        self.current_node += self.run_directive(
            fence.name, fence.argument, fence.content, token_line(token), dict(fence.options), block_text=block
        )

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
        """Run a directive with the options of mystmd."""
        if name in EMBEDDING_DIRECTIVES and first_line.startswith("#"):
            return [self._link_to_embedded(first_line.strip(), content, position)]
        if name == "div" and (classes := parse_options(content).get("class")):
            first_line, content = f"{first_line} {classes}".strip(), CLASS_LINE.sub("", content, count=1)
        name, content = equivalent_directive(name, first_line, content)
        box = name.lower() if is_box_title(name.lower(), first_line, content) else ""
        name = "admonition" if box else name
        directive, _messages = directives.directive(name, self.language_module_rst, self.document)
        options = dict(additional_options or {})
        is_open, is_numbered = False, True
        if directive is not None:
            content, options = rename_label_option(directive, content, options)
            is_open, is_numbered = allow_options(name, directive, content, options)
        result = super().run_directive(name, first_line, content, position, options, block_text=block_text)
        if is_open and result and isinstance(result[0], nodes.Admonition):
            result[0]["open"] = True
        if box and result and isinstance(result[0], nodes.admonition):
            result[0]["classes"] = [box, *(c for c in result[0]["classes"] if not c.startswith("admonition-"))]
        if not is_numbered:
            mark_unnumbered(result)
        if result and (record := source_options(name, content, options)):
            result[0]["source_record"] = record
        return result

    def _link_to_embedded(self, label: str, content: str, position: int) -> nodes.Element:
        """Return a link to something that mystmd would show again, and the caption."""
        box = nodes.container(classes=["embedded"])
        with self.current_node_context(box):
            self.nested_render_text(f"@{label[1:]}", position)
            self.nested_render_text(blank_options(content), position)
        return box

    def render_foreign_box(self, token: SyntaxTreeNode) -> None:
        """Render a callout of Obsidian or GitHub, or a box of MkDocs."""
        kind, title, fold = (str(token.meta[key]) for key in ("kind", "title", "fold"))
        name = DIRECTIVE_BY_ADMONITION_NAME.get(kind, "note")
        classes = ["dropdown"] if fold else []
        plain: Any = getattr(nodes, name, None) or getattr(addnodes, name)
        box = plain(classes=classes) if not title and name == kind else nodes.admonition(classes=[name, *classes])
        box["open"] = fold == "+"
        self.add_line_and_source_path(box, token)
        if isinstance(box, nodes.admonition):
            heading = nodes.title(title, "")
            box += heading
            with self.current_node_context(heading):
                self.nested_render_text(title or kind.capitalize(), token_line(token), inline=True)
        with self.current_node_context(box, append=True):
            self.render_children(token)

    def render_link(self, token: SyntaxTreeNode) -> None:
        """Render a link; one of mystmd to Wikipedia and others gets its address, one without words its words."""
        language = current_context().book.language
        url, words = mystmd_links.resolve_registry_link(str(token.attrs.get("href", "")), language)
        if url:
            token.attrs["href"] = url
        url = str(token.attrs.get("href", ""))
        shown = token.info == "auto" and words
        if not url.startswith(("http://", "https://", "mailto:")) or (token.children and not shown):
            super().render_link(token)
            return
        words = words or mystmd_links.text_of_bare_link(url)
        reference = nodes.reference(words, words, refuri=url)
        self.add_line_and_source_path(reference, token)
        self.current_node.append(reference)

    def render_link_inventory(self, token: SyntaxTreeNode) -> None:
        """Render a link into another book; without that book's inventory it leads to the page that the link names."""
        count = len(self.current_node.children)
        super().render_link_inventory(token)
        if any(not isinstance(child, nodes.system_message) for child in self.current_node.children[count:]):
            return
        path = str(token.attrs.get("href", "")).removeprefix("inv:")
        inventories = current_context().book.settings.inventories
        url = mystmd_links.address_in_book(path, {key: url for key, url, _file in inventories})
        link: nodes.TextElement = nodes.reference("", "", refuri=url, internal=False) if url else nodes.inline()
        self.add_line_and_source_path(link, token)
        with self.current_node_context(link, append=True):
            self.render_children(token)
        if not link.children:
            link += nodes.Text(mystmd_links.words_for_book(path))

    def render_inline_note(self, token: SyntaxTreeNode) -> None:
        """Render `^[a note]` as a footnote."""
        count = self.md_env["oerbook_notes"] = self.md_env.get("oerbook_notes", 0) + 1
        name = f"inline-note-{count}"
        reference = nodes.footnote_reference(f"^[{token.content}]", auto=1, refname=name)
        self.add_line_and_source_path(reference, token)
        self.document.note_autofootnote_ref(reference)
        self.document.note_footnote_ref(reference)
        self.current_node.append(reference)
        note = nodes.footnote(auto=1, names=[name])
        self.add_line_and_source_path(note, token)
        self.document.note_autofootnote(note)
        self.document.note_explicit_target(note, note)
        self.document.append(note)
        paragraph = nodes.paragraph()
        note += paragraph
        with self.current_node_context(paragraph):
            self.nested_render_text(token.content, token_line(token), inline=True)

    def render_table(self, token: SyntaxTreeNode) -> None:
        """Render a table with its caption."""
        super().render_table(token)
        if caption := str(token.meta.get("caption") or ""):
            table: Any = self.current_node[-1]
            title = nodes.title(caption, "")
            table.insert(0, title)
            with self.current_node_context(title):
                self.nested_render_text(caption, int(token.meta["caption_line"]) + 1, inline=True)

    def render_image(self, token: SyntaxTreeNode) -> None:
        """Render an image; the description may be an attribute, and `![](#label)` is a link."""
        if str(token.attrs.get("src", "")).startswith("#"):
            at_references.add_reference(self, token, str(token.attrs["src"])[1:])
            return
        super().render_image(token)
        if description := token.attrs.get("alt"):
            image: Any = self.current_node[-1]
            image["alt"] = str(description)

    def render_paragraph(self, token: SyntaxTreeNode) -> None:
        """Render a paragraph; one with nothing but an image labelled #fig-… is a figure."""
        inline = token.children[0].children if token.children else []
        image = inline[0] if len(inline) == 1 and inline[0].type == "image" else None
        if image is None or not FIGURE_ID_PREFIX.match(str(image.attrs.get("id", ""))):
            super().render_paragraph(token)
            return
        name = nodes.fully_normalize_name(str(image.attrs.pop("id")))
        words = str(image.attrs.get("fig-cap", ""))
        figure, caption = nodes.figure(names=[name]), nodes.caption()
        self.add_line_and_source_path(figure, token)
        self.document.note_explicit_target(figure, figure)
        with self.current_node_context(figure, append=True):
            self.render_image(image)
            with self.current_node_context(caption):
                self.nested_render_text(words, token_line(token), inline=True) if words else self.render_children(image)
            if caption.children:
                figure += caption
