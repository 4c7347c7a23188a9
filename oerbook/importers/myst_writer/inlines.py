"""Write pandoc's inlines as MyST on one line; `wrap.py` breaks it into lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from oerbook.importers.myst_writer.citations import write_citation
from oerbook.importers.myst_writer.escaping import code_span, escape_text
from oerbook.importers.myst_writer.links import write_link
from oerbook.importers.myst_writer.spans import write_span
from oerbook.importers.myst_writer.state import PageState
from oerbook.importers.myst_writer.wrap import HARD_BREAK, PARAGRAPH_BREAK, keep_together
from oerbook.manuscript.pandoc_ast import Inline
from oerbook.model.untyped import Json

HTML_TAGS = {"Emph": "em", "Strong": "strong", "Underline": "u", "Superscript": "sup", "Subscript": "sub"}
DELIMITERS = {"Emph": "*", "Strong": "**", "Strikeout": "~~"}
ROLE_BY_INLINE_TYPE = {"Superscript": "sup", "Subscript": "sub"}
PLAIN_ROLE_TEXT = re.compile(r"[^`<>\\\s{}]+")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")


def write_inlines(state: PageState, inlines: Sequence[Inline], *, in_link: bool = False) -> str:
    """Return inlines as MyST on one line, with the marks of `wrap.py` for what may not be broken."""
    texts: list[str] = []
    for number, inline in enumerate(inlines):
        kind: str = inline["t"]
        content: Json = inline.get("c")
        if kind in DELIMITERS:
            inner = write_inlines(state, content, in_link=in_link)
            before = texts[-1][-1:] if texts else ""
            texts.append(_delimit(kind, inner, before, _first_char(inlines[number + 1 :])))
        elif kind == "Str":
            texts.append(escape_text(CONTROL.sub("", content), in_link=in_link))
        elif kind == "Span" and "index" in content[0][1]:
            _write_index_entry(state, texts, dict(content[0][2]).get("entry", ""))
        elif kind in WRITER_BY_INLINE_TYPE:
            texts.append(WRITER_BY_INLINE_TYPE[kind](state, inline))
        else:
            texts.append(_write_unknown(state, inline))
    return "".join(text for text in texts if text)


def _first_char(inlines: Sequence[Inline]) -> str:
    """Return the first character that the next inline writes, as far as emphasis before it depends on it."""
    if not inlines:
        return ""
    kind, content = inlines[0]["t"], inlines[0].get("c")
    if kind == "Str":
        return str(content)[:1]
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    return "*" if kind in DELIMITERS else "$" if kind == "Math" else "["


def _delimit(kind: str, inner: str, before: str, after: str) -> str:
    """Return emphasis with stars, or with HTML tags where stars would not be read as emphasis.

    Source: https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run
    """
    if not inner:
        return ""
    mark = DELIMITERS[kind]
    opens = not _is_punctuation(inner[0]) or not before or before.isspace() or _is_punctuation(before)
    closes = not _is_punctuation(inner[-1]) or not after or after.isspace() or _is_punctuation(after)
    if opens and closes and before != mark[0] and after != mark[0]:
        return f"{mark}{inner}{mark}"
    tag = HTML_TAGS.get(kind, "del")
    return f"<{tag}>{inner}</{tag}>"


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def _write_script(state: PageState, inline: Inline) -> str:
    """Return raised or lowered text as a role if it is plain, else with tags."""
    kind, content = inline["t"], inline["c"]
    text = "".join(item["c"] for item in content) if all(item["t"] == "Str" for item in content) else ""
    if text and PLAIN_ROLE_TEXT.fullmatch(text):
        return f"{{{ROLE_BY_INLINE_TYPE[kind]}}}`{text}`"
    inner = write_inlines(state, content)
    return f"<{HTML_TAGS[kind]}>{inner}</{HTML_TAGS[kind]}>" if inner else ""


def _write_underline(state: PageState, inline: Inline) -> str:
    inner = write_inlines(state, inline["c"])
    return f"<u>{inner}</u>" if inner else ""


def _write_small_caps(state: PageState, inline: Inline) -> str:
    inner = write_inlines(state, inline["c"], in_link=True)
    return f"[{inner}]{{.smallcaps}}" if inner else ""


def _write_quoted(state: PageState, inline: Inline) -> str:
    mark = '"' if inline["c"][0]["t"] == "DoubleQuote" else "'"
    return f"{mark}{write_inlines(state, inline['c'][1])}{mark}"


def _write_code(_state: PageState, inline: Inline) -> str:
    text = CONTROL.sub("", inline["c"][1])
    return keep_together(code_span(text)) if text.strip() else ""


def _write_math(state: PageState, inline: Inline) -> str:
    tex = " ".join(inline["c"][1].split())
    if not tex:
        return ""
    state.counts["formulas"] += 1
    if inline["c"][0]["t"] == "DisplayMath":
        lines = "\n".join(line.rstrip() for line in inline["c"][1].strip("\n").split("\n") if line.strip())
        return f"{PARAGRAPH_BREAK}{keep_together(f'$${chr(10)}{lines}{chr(10)}$$')}{PARAGRAPH_BREAK}"
    if "$" in tex:
        return keep_together(f"{{math}}`{tex}`") if "`" not in tex else keep_together(f"${tex}$")
    return keep_together(f"${tex}$")


def _write_note(state: PageState, inline: Inline) -> str:
    return f"[^{state.add_note(inline['c'])}]"


def _write_image(state: PageState, inline: Inline) -> str:
    attributes, alt, (target, _title) = inline["c"]
    text = write_inlines(state, alt, in_link=True)
    path = state.context.pictures.get(target)
    if path is None:
        state.report("import-picture-missing", f"the picture {target} is not in the source; its description is shown")
        return text
    state.counts["figures"] += 1
    width = dict(attributes[2]).get("width", "")
    suffix = f"{{width={width}}}" if width.endswith("%") else ""
    return f"{keep_together(f'![{text}]({path})')}{suffix}"


def _write_raw(state: PageState, inline: Inline) -> str:
    form, text = inline["c"]
    if form == "myst":
        return keep_together(text)
    if form in ("html", "openxml") and re.fullmatch(r"\s*(<!--.*-->|<br ?/?>)?\s*", text, re.S):
        return HARD_BREAK if "<br" in text else ""
    state.report("import-markup", f"this {form} markup has no equivalent and is shown as code: {text[:80]}")
    return keep_together(code_span(text))


def _write_unknown(state: PageState, inline: Inline) -> str:
    state.report("import-markup", f"an element of an unknown kind was left out: {inline['t']}")
    return ""


def _write_index_entry(state: PageState, texts: list[str], entry: str) -> None:
    """Write an index entry as a role around the words before it if these are the entry, else above the paragraph."""
    state.counts["index entries"] += 1
    words = " ".join(entry.split())
    before = "".join(texts)
    if words and ";" not in words and re.search(rf"(?<![\w`]){re.escape(words)}$", before, re.I):
        shown = before[len(before) - len(words) :]
        if re.fullmatch(r"[\w ,'-]+", shown):
            role = f"{{index}}`{shown}`" if shown == words else f"{{index}}`{shown} <{words}>`"
            texts[:] = [before[: len(before) - len(words)], keep_together(role)]
            return
    if words:
        state.pending_index.append(words)


WRITER_BY_INLINE_TYPE: dict[str, Callable[[PageState, Inline], str]] = {
    "Space": lambda _state, _inline: " ",
    "SoftBreak": lambda _state, _inline: " ",
    "LineBreak": lambda _state, _inline: HARD_BREAK,
    "Superscript": _write_script,
    "Subscript": _write_script,
    "Underline": _write_underline,
    "SmallCaps": _write_small_caps,
    "Quoted": _write_quoted,
    "Code": _write_code,
    "Math": _write_math,
    "Note": _write_note,
    "Image": _write_image,
    "RawInline": _write_raw,
    "Cite": lambda state, inline: write_citation(state, inline, write_inlines),
    "Link": lambda state, inline: write_link(state, inline, write_inlines),
    "Span": lambda state, inline: write_span(state, inline, write_inlines),
}
