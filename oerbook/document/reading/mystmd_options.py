"""Options that mystmd allows on every directive: `:label:`, `:enumerated:`, `:icon:`, `:open:`."""

from __future__ import annotations

import re
from typing import Any

from docutils.parsers.rst import directives

from oerbook.document.reading.unknown_directives import parse_directive_options

# Options without an effect in a book: they are accepted by every directive.
OPTIONS_WITHOUT_EFFECT = frozenset(
    ["icon", "enumerated", "enumerator", "open", "numbered", "no-subcaptions", "no-subfigures", "placeholder"]
)
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


def allow_options_without_effect(directive: Any, content: str, options: dict[str, str]) -> bool:
    """Let a directive accept options without an effect; return whether a folded box is open."""
    known = directive.option_spec
    used = {**parse_directive_options(content), **options}
    if known is not None and (extra := (used.keys() & OPTIONS_WITHOUT_EFFECT) - known.keys()):
        directive.option_spec = {**known, **dict.fromkeys(extra, directives.unchanged)}
    return used.get("open", "false").lower() not in ("false", "no")
