"""Options that mystmd allows on every directive: `:label:`, `:enumerated:`, `:icon:`, `:open:`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives

from oerbook.document.reading.unknown_directives import parse_directive_options

# Options without an effect in a book: they are accepted by every directive.
OPTIONS_WITHOUT_EFFECT = frozenset(
    ["icon", "enumerated", "enumerator", "open", "numbered", "no-subcaptions", "no-subfigures", "placeholder"]
)
UNNUMBERED = "unnumbered"  # attribute of nodes that are not counted
UNNUMBERED_NODES = (nodes.figure, nodes.table, nodes.container, nodes.math_block)
LABEL_LINE = re.compile(r"^(\s*:?)label(:[ \t])", re.M)


def rename_label_option(directive: Any, content: str, options: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return content and options with `name` for `label`, if the directive knows only that."""
    known = directive.option_spec or {}
    if "label" in known or "name" not in known:
        return content, options
    if "label" in options:
        options = {**{key: value for key, value in options.items() if key != "label"}, "name": options["label"]}
    written = parse_directive_options(content)
    if "label" in written and "name" not in written:
        content = LABEL_LINE.sub(r"\1name\2", content, count=1)
    return content, options


def allow_options(directive: Any, content: str, options: dict[str, str]) -> tuple[bool, bool]:
    """Let a directive accept options of mystmd; return whether a folded box is open, and whether it is numbered."""
    known = directive.option_spec
    used = {**parse_directive_options(content), **options}
    if known is not None and (extra := (used.keys() & OPTIONS_WITHOUT_EFFECT) - known.keys()):
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
