"""Write links: to the web, to places in the book, by number."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from oerbook.importers.myst_writer.state import LinkTarget, PageState
from oerbook.importers.myst_writer.wrap import keep_together, single_line
from oerbook.manuscript.pandoc_ast import Inline
from oerbook.model.findings import Severity

ROLE_BY_KIND = {
    "figure": "numref",
    "table": "numref",
    "listing": "numref",
    "section": "ref",
    "equation": "eq",
    "statement": "prf:ref",
    "exercise": "ref",
    "page": "doc",
}
WEB_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s<>]+")


def write_link(state: PageState, inline: Inline, write_inlines: Callable[..., str]) -> str:
    """Return a link as MyST; a link that leads nowhere becomes its words and a finding."""
    attributes, content, (target, _title) = inline["c"]
    text = single_line(write_inlines(state, content, in_link=True))
    if target.startswith("#"):
        return _write_internal(state, unquote(target[1:]), text, by_number="number" in attributes[1])
    if WEB_ADDRESS.fullmatch(target):
        return _write_web_link(target, text)
    if target.startswith("mailto:") or not target:
        return write_inlines(state, content)
    message = f"a link to {target[:80]}, which is not in the book, became its words"
    state.report("import-reference", message, severity=Severity.WARNING)
    return write_inlines(state, content)


def _write_web_link(target: str, text: str) -> str:
    address = quote(target, safe="%/:=&?~#+!$,;'@*()[]-._")
    if text.replace("\\", "") in (target, unquote(target)) or not text:
        return keep_together(f"<{address}>")
    balanced = address.count("(") == address.count(")") and "[" not in address
    return f"[{text}]({address})" if balanced else f"[{text}](<{address}>)"


def _write_internal(state: PageState, identifier: str, text: str, *, by_number: bool) -> str:
    target = state.context.links.get(identifier)
    if target is None:
        message = f"a link to “{identifier}” leads nowhere in the source; its words are shown"
        state.report("import-reference", message)
        return text
    state.counts["references"] += 1
    if by_number or not text:
        return _write_number(target)
    if target.kind == "page":
        return f"[{text}]({target.path})"
    return f"[{text}](#{target.label})"


def _write_number(target: LinkTarget) -> str:
    """Return a reference that shows the number of its target, or the title of a page."""
    if target.kind == "page":
        return f"[]({target.path})"
    role = ROLE_BY_KIND.get(target.kind, "ref")
    return keep_together(f"{{{role}}}`{target.label}`")
