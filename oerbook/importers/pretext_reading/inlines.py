"""Convert the elements of PreTeXt that stand in a line of text."""

from __future__ import annotations

from oerbook.importers.pretext_reading.engine import Content, InlineRule, PretextState, convert_blocks, convert_line
from oerbook.importers.web.elements import append_content, make, text_of
from oerbook.model.findings import Severity
from oerbook.model.untyped import XmlElement


def _convert_note(element: XmlElement, state: PretextState) -> Content:
    key = f"p{len(state.notes) + 1}"
    holder = make("div", class_="note-text", data_note=key)
    state.notes.append(holder)
    holder.extend(convert_blocks(element, state, 5))
    return [make("span", class_="note-ref", data_note=key)]


def _convert_reference(element: XmlElement, state: PretextState) -> Content:
    own = convert_line(element, state)
    if element.get("provisional"):
        return [element.get("provisional") or "", *own]
    targets = (element.get("ref") or element.get("first") or "").replace(",", " ").split()
    targets += [element.get("last") or ""] if element.get("last") else []
    content: Content = []
    for number, target in enumerate(targets):
        link = make("a", href=f"#{target}")
        kind = state.kind_by_id.get(target, "")
        if any(not isinstance(piece, str) or piece.strip() for piece in own) and number == 0:
            append_content(link, own)
        elif kind.startswith("="):
            link.text = kind[1:]
        else:
            link.set("class", "number")
        content += [*(["–" if element.get("last") else ", "] if number else []), link]
    detail = element.get("detail")
    return [*content, f", {detail}"] if detail else content


def _convert_index(element: XmlElement, state: PretextState) -> Content:
    heads = [text_of(head) for head in element.findall("h")] or [text_of(element)]
    heads = [head.replace(";", ",") for head in heads if head]
    see = element.find("see")
    if see is not None and heads:
        state.report(element, f"the index entry “{heads[0]}” refers to “{text_of(see)}”", Severity.INFO)
    return [make("span", class_="index", data_entry="; ".join(heads[:3]))] if heads else []


def _convert_web_link(element: XmlElement, state: PretextState) -> Content:
    content = convert_line(element, state)
    url = element.get("href") or text_of(element)
    if not text_of(append_content(make("span"), list(content))):
        content = [element.get("visual") or url]
    else:
        content = convert_line(element, state)
    return [append_content(make("a", href=url), content)]


def _convert_quote(left: str, right: str) -> InlineRule:
    return lambda element, state: [left, *convert_line(element, state), right]


def _unit(unit: XmlElement) -> str:
    power = f"^{unit.get('exp')}" if unit.get("exp") else ""
    return f"{unit.get('prefix') or ''} {unit.get('base') or ''}{power}".strip()


def _convert_quantity(element: XmlElement, _state: PretextState) -> Content:
    units, per = ([_unit(unit) for unit in element.findall(tag)] for tag in ("unit", "per"))
    number = element.find("mag")
    value = text_of(number) if number is not None else ""
    return [" ".join(filter(None, [value, " ".join(units), f"per {' '.join(per)}" if per else ""]))]


INLINE_RULES: dict[str, InlineRule] = {
    "fn": _convert_note,
    "xref": _convert_reference,
    "idx": _convert_index,
    "index": _convert_index,
    "url": _convert_web_link,
    "dataurl": _convert_web_link,
    "q": _convert_quote("“", "”"),
    "sq": _convert_quote("‘", "’"),
    "articletitle": _convert_quote("“", "”"),
    "tag": lambda element, _state: [make("code", f"<{text_of(element)}>")],
    "tage": lambda element, _state: [make("code", f"<{text_of(element)}/>")],
    "attr": lambda element, _state: [make("code", f"@{text_of(element)}")],
    "fillin": lambda _element, _state: ["________"],
    "quantity": _convert_quantity,
    "line": lambda element, state: [*convert_line(element, state), make("br")],
    "email": lambda _element, _state: [],
    **dict.fromkeys(
        (
            "span",
            "articletext",
            "personname",
            "var",
            "nobreak",
            "h",
            "department",
            "institution",
            "location",
            "year",
            "volume",
            "number",
            "publisher",
            "pages",
        ),
        convert_line,
    ),
}
