"""Write spans: places, terms, words in another language, marked words; others are their content."""

from __future__ import annotations

import re
from collections.abc import Callable

from oerbook.importers.myst_writer.state import PageState
from oerbook.importers.myst_writer.wrap import keep_together, single_line
from oerbook.manuscript.pandoc_ast import Inline

TAG_BY_CLASS = {"mark": "mark", "kbd": "kbd", "underline": "u", "ul": "u", "samp": "samp", "dfn": "dfn"}
ROLE_TEXT = re.compile(r"[^`<>\\{}]+")


def write_span(state: PageState, inline: Inline, write_inlines: Callable[..., str]) -> str:
    """Return a span as MyST; note its label if something refers to it."""
    (identifier, classes, pairs), content = inline["c"]
    if identifier in state.context.labels:
        state.pending_labels.append(state.context.labels[identifier])
    values = dict(pairs)
    text: str = write_inlines(state, content)
    if not text:
        return ""
    if "term" in classes:
        return _write_term(text, values.get("entry", ""))
    if "abbr" in classes and values.get("title"):
        plain = single_line(text)
        if ROLE_TEXT.fullmatch(plain) and "(" not in plain:
            return keep_together(f"{{abbr}}`{plain} ({values['title']})`")
    tag = next((TAG_BY_CLASS[name] for name in classes if name in TAG_BY_CLASS), "")
    if tag:
        return f"<{tag}>{text}</{tag}>"
    if "smallcaps" in classes:
        return f"[{write_inlines(state, content, in_link=True)}]{{.smallcaps}}"
    language, direction = values.get("lang", ""), values.get("dir", "")
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", language) or direction in ("rtl", "ltr"):
        lang = f' lang="{language}"' if language else ""
        return keep_together(f"<span{lang}{f' dir={direction!r}' if direction else ''}>") + f"{text}</span>"
    return text


def _write_term(text: str, entry: str) -> str:
    plain = single_line(text)
    if not ROLE_TEXT.fullmatch(plain):
        return text
    return keep_together(f"{{term}}`{plain}`" if not entry or entry == plain else f"{{term}}`{plain} <{entry}>`")
