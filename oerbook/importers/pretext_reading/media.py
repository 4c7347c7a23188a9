"""Convert code, figures, pictures, tables and players of PreTeXt."""

from __future__ import annotations

import textwrap

from oerbook.importers.pretext_reading.engine import PretextState, convert_blocks, convert_line, move_children
from oerbook.importers.web.elements import append_content, make, text_of
from oerbook.model.findings import Severity
from oerbook.model.untyped import XmlElement

DRAWING_TAGS = ("latex-image", "asymptote", "sageplot", "prefigure", "tikz", "mermaid")


def convert_code(element: XmlElement, _state: PretextState, _level: int) -> list[XmlElement]:
    """Return code, input and output as blocks."""
    language = element.get("language") or {"sage": "python", "console": "console"}.get(str(element.tag), "")
    lines = [
        e for e in element if e.tag in ("input", "output", "code", "prompt", "cline", "preamble", "tests", "postamble")
    ]
    result = []
    for part in lines or [element]:
        if part.tag in ("tests", "preamble", "postamble") and not text_of(part):
            continue
        text = _dedent("".join(part.itertext()))
        if part.tag == "cline":
            text = "\n".join("".join(line.itertext()) for line in element.findall("cline"))
        block = make("pre", **({"class_": language} if language and part.tag != "output" else {}))
        block.append(make("code", text))
        if text.strip():
            result.append(block)
        if part.tag == "cline":
            break
    return result


def _dedent(text: str) -> str:
    return textwrap.dedent(text.strip("\n")).rstrip()


def convert_figure(element: XmlElement, state: PretextState, level: int) -> list[XmlElement]:
    """Return a figure, table or listing with its caption."""
    caption = element.find("caption")
    caption = element.find("title") if caption is None else caption
    content = convert_line(caption, state) if caption is not None else []
    inner = convert_blocks(element, state, level)
    pictures = [e for block in inner for e in block.iter("img")]
    tables = [e for block in inner for e in block.iter("table")]
    if tables and not pictures:
        if content:
            tables[0].insert(0, append_content(make("caption"), content))
        if element.get("id"):
            tables[0].set("id", element.get("id") or "")
        return inner
    figure = make("figure")
    figure.extend(pictures)
    if content:
        figure.append(append_content(make("figcaption"), content))
    others = [block for block in inner if block not in pictures and block.find(".//img") is None and block.tag != "img"]
    if not pictures:
        holder = make("div")
        holder.extend([*others, *([append_content(make("p"), content)] if content else [])])
        return [holder]
    return [figure, *others]


def convert_image(element: XmlElement, state: PretextState, _level: int) -> list[XmlElement]:
    """Return a picture, or the source of a drawing that has none."""
    description = next(
        (element.find(tag) for tag in ("shortdescription", "description") if element.find(tag) is not None), None
    )
    alt = text_of(description) if description is not None else ""
    drawing = next((child for child in element if child.tag in DRAWING_TAGS), None)
    source = element.get("source") or ""
    found = state.find_picture(source or element.get("id") or (drawing.get("id") or "" if drawing is not None else ""))
    if found or drawing is None:
        return [make("img", src=found or source, alt=alt)]
    message = f"a drawing in {drawing.tag} has no stored picture; its source is shown"
    hint = "Build the book with PreTeXt, and import it with its generated-assets; or draw the picture again."
    state.report(element, message, hint=hint)
    block = make("pre", class_="latex")
    block.append(make("code", _dedent("".join(drawing.itertext()))))
    return [block, *([make("p", alt)] if alt else [])]


def convert_tabular(element: XmlElement, state: PretextState, level: int) -> list[XmlElement]:
    """Return a table."""
    table = make("table")
    for row in element.findall("row"):
        is_head = (row.get("header") or "no") != "no"
        line = make("tr")
        for cell in row.findall("cell"):
            new = make("th" if is_head else "td")
            if (cell.get("colspan") or "").isdigit():
                new.set("colspan", cell.get("colspan") or "")
            inner = convert_blocks(cell, state, level)
            if len(inner) == 1 and inner[0].tag == "p":
                append_content(new, [inner[0].text or "", *move_children(inner[0])])
            else:
                new.extend(inner)
            line.append(new)
        table.append(line)
    return [table] if len(table) else []


def convert_video(element: XmlElement, state: PretextState, _level: int) -> list[XmlElement]:
    """Return a link to a video or an interactive element, and its words."""
    youtube = element.get("youtube")
    url = (
        f"https://www.youtube.com/watch?v={youtube}"
        if youtube
        else element.get("href") or element.get("source") or element.get("iframe") or ""
    )
    state.report(
        element, f"a {element.tag} cannot stand in a book; a link to {url or 'nothing'} took its place", Severity.INFO
    )
    words = convert_blocks(element, state, 5)
    link = make("a", text_of(element.find("title")) if element.find("title") is not None else url, href=url)
    return [*([append_content(make("p"), [link])] if url.startswith("http") else []), *words]
