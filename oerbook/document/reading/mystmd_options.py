"""Options that directives have besides their own: mystmd's `:label:`, `:icon:`, `:open:`; sources and licenses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx_design.shared import is_component

from oerbook.source.schema import IMAGE_KEYS
from oerbook.text.myst_scan import blank_options, parse_options

# Options without an effect in a book: they are accepted by every directive.
OPTIONS_WITHOUT_EFFECT = frozenset(
    ["icon", "enumerated", "enumerator", "open", "numbered", "no-subcaptions", "no-subfigures", "placeholder", "typst"]
)
UNNUMBERED = "unnumbered"  # attribute of nodes that are not counted
UNNUMBERED_NODES = (nodes.figure, nodes.table, nodes.container, nodes.math_block)
# Options of figures, images, tables and quotations that say where they come from; see `values.as_work`.
SOURCE_OPTIONS = frozenset(IMAGE_KEYS)
DIRECTIVES_WITH_SOURCE = frozenset(
    ["figure", "image", "table", "list-table", "csv-table", "epigraph", "pull-quote", "blockquote", "literalinclude"]
)
CODE_BLOCK_OPTIONS = frozenset(["caption", "filename", "linenos", "lineno-start", "emphasize-lines"])
FILENAME_LINE = re.compile(r"^(\s*:?)filename(:[ \t])", re.M)
CSV_HEADER_LINE = re.compile(r"^(:header:[ \t]+)(\"[^\n]*,[^\n]*?)[ \t]*$", re.M)
DIRECTIVES_WITH_CODE = frozenset(["code", "code-block", "literalinclude", "code-cell"])
TRAILING_COMMA = re.compile(r"^(:emphasize-lines:[ \t]+[\d,\s-]*\d)[ \t]*,[ \t]*$", re.M)
LABEL_LINE = re.compile(r"^(\s*:?)label(:[ \t])", re.M)
# Boxes whose first line mystmd reads as a title, MyST for Sphinx as text.
TITLED_BOXES = frozenset(
    ["note", "tip", "important", "warning", "caution", "hint", "attention", "danger", "error", "seealso"]
)
MAX_TITLE_WORDS = 12
SENTENCE_ENDS = (".", ",", ";", ":", "…", "。", "，", "：", "-", "–")


def rename_label_option(directive: Any, content: str, options: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return content and options with `name` for `label`, if the directive knows only that."""
    known = directive.option_spec or {}
    if "label" in known or "name" not in known:
        return content, options
    if "label" in options:
        options = {**{key: value for key, value in options.items() if key != "label"}, "name": options["label"]}
    written = parse_options(content)
    if "label" in written and "name" not in written:
        content = LABEL_LINE.sub(r"\1name\2", content, count=1)
    return content, options


def equivalent_name(name: str, parent: nodes.Element) -> str:
    """Return MyST's name for a directive of mystmd, which may depend on what it stands in.

    >>> equivalent_name("proof:lemma", nodes.container())
    'prf:lemma'
    >>> equivalent_name("card", nodes.container(design_component="grid-row"))
    'grid-item-card'
    """
    if name.startswith("proof:"):
        return f"prf:{name.removeprefix('proof:')}"
    return "grid-item-card" if name == "card" and is_component(parent, "grid-row") else name


def equivalent_directive(name: str, argument: str, content: str) -> tuple[str, str]:
    """Return name and content of the directive that mystmd means: code with a caption, a figure of several pictures."""
    if name in DIRECTIVES_WITH_CODE:
        content = TRAILING_COMMA.sub(r"\1", content)
    if name == "figure" and not argument.strip():
        return "subfigure", content
    if name == "csv-table":  # its head is a row of CSV, which YAML does not read
        return name, CSV_HEADER_LINE.sub(lambda match: f"{match[1]}'{match[2].replace(chr(39), chr(39) * 2)}'", content)
    if name in ("code", "code-block"):
        written = parse_options(content)
        if "filename" in written and "caption" not in written:
            content = FILENAME_LINE.sub(r"\1caption\2", content, count=1)
        if CODE_BLOCK_OPTIONS & written.keys():
            return "code-block", content
    return name, content


def allow_options(name: str, directive: Any, content: str, options: dict[str, str]) -> tuple[bool, bool]:
    """Let a directive accept options of mystmd; return whether a folded box is open, and whether it is numbered."""
    known = directive.option_spec
    used = {**parse_options(content), **options}
    accepted = OPTIONS_WITHOUT_EFFECT | (SOURCE_OPTIONS if name in DIRECTIVES_WITH_SOURCE else frozenset())
    if known is not None and (extra := (used.keys() & accepted) - known.keys()):
        directive.option_spec = {**known, **dict.fromkeys(extra, directives.unchanged)}
    is_open, is_numbered = (
        used.get(name, default).lower() not in ("false", "no")
        for name, default in (("open", "false"), ("enumerated", "true"))
    )
    return is_open, is_numbered


def mark_unnumbered(result: Iterable[nodes.Node]) -> None:
    """Take the number from the figures, tables, listings and formulas of a directive: `:enumerated: false`."""
    for node in result:
        if isinstance(node, UNNUMBERED_NODES):
            node[UNNUMBERED] = True


def source_options(name: str, content: str, options: dict[str, str]) -> dict[str, str]:
    """Return the options that say where a figure, table or quotation comes from; {} if there are none."""
    if name not in DIRECTIVES_WITH_SOURCE:
        return {}
    used = {**parse_options(content), **options}
    record = {key: value for key, value in used.items() if key in SOURCE_OPTIONS and value}
    return record if record.keys() - {"title"} else {}


def is_box_title(name: str, first_line: str, content: str) -> bool:
    """Return whether the words behind the name of a box are its title.

    They are none if the box has nothing else, if they end like a part of a sentence, or if the next line goes on in
    small letters.

    >>> is_box_title("note", "Before you dig", "Ask the owner."), is_box_title("note", "Ask the owner of", "the land.")
    (True, False)
    >>> is_box_title("note", "Ask the owner.", "Then dig."), is_box_title("note", "Ask the owner", "")
    (False, False)
    """
    words, body = first_line.strip(), blank_options(content)
    if name not in TITLED_BOXES or not words or not body.strip() or len(words.split()) > MAX_TITLE_WORDS:
        return False
    if parse_options(content):
        return True
    continues = re.match(r"[^\S\n]*[a-z]", body)
    return not words.endswith(SENTENCE_ENDS) and not continues
