"""Convert the blocks of CNXML: lists, figures, tables, notes, examples, exercises."""

from __future__ import annotations

import re

from oerbook.importers.cnxml_reading.engine import (
    BlockRule,
    Content,
    ModuleState,
    children_with_tails,
    convert_block,
    convert_blocks,
    convert_line,
)
from oerbook.importers.cnxml_reading.inlines import convert_media
from oerbook.importers.cnxml_reading.tables import convert_table
from oerbook.importers.web.elements import append_content, make, text_of
from oerbook.model.untyped import XmlElement

LIST_STYLES = {"lower-alpha": "a", "upper-alpha": "A", "lower-roman": "i", "upper-roman": "I"}
STATEMENT_TYPES = ("theorem", "lemma", "corollary", "proposition", "definition", "axiom", "conjecture", "algorithm")
CREDIT = re.compile(r"\((?:credit|attribution|source)[^:]*:\s*(.*)\)\s*$", re.I | re.S)


def _convert_para(element: XmlElement, state: ModuleState, level: int) -> list[XmlElement]:
    blocks = convert_blocks(element, state, level)
    title = element.find("title")
    if title is not None and text_of(title):
        heading = append_content(make("p"), [append_content(make("strong"), convert_line(title, state))])
        blocks = [heading, *blocks]
    return blocks


def _convert_section(element: XmlElement, state: ModuleState, level: int) -> list[XmlElement]:
    section = make("section")
    title = element.find("title")
    if title is not None and text_of(title):
        section.append(append_content(make(f"h{min(level, 6)}"), convert_line(title, state)))
        level += 1
    section.extend(convert_blocks(element, state, level))
    return [section]


def _convert_list(element: XmlElement, state: ModuleState, level: int) -> list[XmlElement]:
    kind = element.get("list-type") or ("enumerated" if element.get("type") == "enumerated" else "bulleted")
    result = make("ol" if kind == "enumerated" else "ul")
    if element.get("number-style") in LIST_STYLES:
        result.set("type", LIST_STYLES[element.get("number-style") or ""])
    if (element.get("start-value") or "").isdigit():
        result.set("start", element.get("start-value") or "")
    for item in element.findall("item"):
        entry = make("li")
        label = item.find("label")
        if label is not None and text_of(label):
            append_content(entry, [append_content(make("strong"), convert_line(label, state)), " "])
        blocks = convert_blocks(item, state, level)
        if len(blocks) == 1 and blocks[0].tag == "p":
            append_content(entry, [blocks[0].text or "", *children_with_tails(blocks[0])])
        else:
            entry.extend(blocks)
        if item.get("id"):
            entry.set("id", item.get("id") or "")
        result.append(entry)
    title = element.find("title")
    if title is not None and text_of(title):
        return [append_content(make("p"), [append_content(make("strong"), convert_line(title, state))]), result]
    return [result]


def _convert_figure(element: XmlElement, state: ModuleState, level: int) -> list[XmlElement]:
    figure = make("figure")
    title, caption = element.find("title"), element.find("caption")
    pictures = [part for media in element.iter("media") for part in convert_media(media, state)]
    figure.extend([p for p in pictures if not isinstance(p, str)])
    parts: Content = []
    if title is not None and text_of(title):
        parts += [append_content(make("strong"), convert_line(title, state)), " "]
    if caption is not None:
        parts += convert_line(caption, state)
    if any(not isinstance(part, str) or part.strip() for part in parts):
        figure.append(append_content(make("figcaption"), parts))
        _note_credit(figure, text_of(figure[-1]), state)
    others = [child for child in element if child.tag in ("table", "list", "code", "para")]
    if not len(pictures) or others:
        blocks = [block for child in others for block in convert_block(child, state, level)]
        return [figure, *blocks] if len(pictures) else blocks
    return [figure]


def _note_credit(figure: XmlElement, caption: str, state: ModuleState) -> None:
    match = CREDIT.search(caption)
    for image in figure.iter("img"):
        if match:
            state.credits[image.get("src") or ""] = (caption[: match.start()].strip(), match[1].strip())


def _convert_table_block(element: XmlElement, state: ModuleState, level: int) -> list[XmlElement]:
    def cell(entry: XmlElement) -> Content:
        blocks = convert_blocks(entry, state, level)
        if len(blocks) == 1 and blocks[0].tag == "p":
            return [blocks[0].text or "", *children_with_tails(blocks[0])]
        return list(blocks)

    heads = [part for part in (element.find("title"), element.find("caption")) if part is not None and text_of(part)]
    caption: Content = [piece for part in heads for piece in (*convert_line(part, state), " ")]
    return [convert_table(element, cell, caption)]


def _convert_equation(element: XmlElement, state: ModuleState, _level: int) -> list[XmlElement]:
    for formula in element.iter("math"):
        formula.set("display", "block")
    holder = make("div", class_="equation")
    holder.append(
        append_content(
            make("p"), [piece for piece in convert_line(element, state) if not isinstance(piece, str) or piece.strip()]
        )
    )
    return [holder]


def _convert_note(element: XmlElement, state: ModuleState, _level: int) -> list[XmlElement]:
    heads = [part for part in (element.find("label"), element.find("title")) if part is not None and text_of(part)]
    title = ": ".join(text_of(part) for part in heads)
    kind = next((name for name in ("warning", "tip", "important", "caution") if name == element.get("type")), "")
    box = make("div", class_=kind or "admonition")
    name = (element.get("class") or "").replace("-", " ").split()
    if title or name:
        box.set("data-title", title or " ".join(name).capitalize())
    box.extend(convert_blocks(element, state, 4))
    return [box]


def _convert_example(element: XmlElement, state: ModuleState, _level: int) -> list[XmlElement]:
    title = element.find("title")
    box = make("div", class_="example")
    if title is not None and text_of(title):
        box.set("data-title", text_of(title))
    box.extend(convert_blocks(element, state, 4))
    return [box]


def _convert_exercise(element: XmlElement, state: ModuleState, _level: int) -> list[XmlElement]:
    state.exercise_count += 1
    identifier = f"_exercise_{state.identifier}_{state.exercise_count}"
    state.new_ids.setdefault(element.get("id") or "", identifier)
    exercise = make("div", class_="exercise", id=identifier, data_keep_id="yes")
    title = element.find("title")
    if title is not None and text_of(title):
        exercise.set("data-title", text_of(title))
    blocks: list[XmlElement] = []
    for child in element:
        if child.tag == "problem":
            exercise.extend(convert_blocks(child, state, 5))
        elif child.tag == "solution":
            solution = make("div", class_="solution", data_for=identifier)
            solution.extend(convert_blocks(child, state, 5))
            blocks.append(solution)
        elif child.tag not in ("title", "label"):
            box = make("div", class_="admonition", data_title="Commentary")
            box.extend(
                convert_blocks(child, state, 5) if child.tag == "commentary" else list(convert_block(child, state, 5))
            )
            blocks.append(box)
    return [exercise, *blocks]


def _convert_rule(element: XmlElement, state: ModuleState, _level: int) -> list[XmlElement]:
    kind = (element.get("type") or "rule").lower()
    box = make("div", class_=kind if kind in STATEMENT_TYPES else "theorem")
    title = element.find("title")
    if title is not None:
        box.set("data-title", text_of(title))
    proofs: list[XmlElement] = []
    for child in element:
        if child.tag == "proof":
            proof = make("div", class_="proof")
            proof.extend(convert_blocks(child, state, 5))
            proofs.append(proof)
        elif child.tag == "statement":
            box.extend(convert_blocks(child, state, 5))
        elif child.tag not in ("title", "label"):
            box.extend(list(convert_block(child, state, 5)))
    return [box, *proofs]


def _convert_quote(element: XmlElement, state: ModuleState, _level: int) -> list[XmlElement]:
    quotation = make("blockquote")
    quotation.extend(convert_blocks(element, state, 5))
    return [quotation]


def _convert_code_block(element: XmlElement, _state: ModuleState, _level: int) -> list[XmlElement]:
    block = make("pre", **({"class_": element.get("lang") or ""} if element.get("lang") else {}))
    block.append(make("code", "".join(element.itertext())))
    return [block]


def _convert_definition(element: XmlElement, state: ModuleState, _level: int) -> list[XmlElement]:
    entry_list = make("dl")
    term, meaning = read_definition(element, state)
    entry_list.append(make("dt", term))
    entry_list.append(meaning)
    return [entry_list]


def read_definition(element: XmlElement, state: ModuleState) -> tuple[str, XmlElement]:
    """Return a term and its meaning."""
    term = element.find("term")
    meaning = make("dd")
    for child in element:
        if child.tag in ("meaning", "example", "seealso", "para"):
            blocks = convert_blocks(child, state, 5)
            meaning.extend(blocks)
    return (text_of(term) if term is not None else ""), meaning


BLOCK_RULES: dict[str, BlockRule] = {
    "para": _convert_para,
    "section": _convert_section,
    "list": _convert_list,
    "figure": _convert_figure,
    "table": _convert_table_block,
    "equation": _convert_equation,
    "note": _convert_note,
    "example": _convert_example,
    "exercise": _convert_exercise,
    "rule": _convert_rule,
    "quote": _convert_quote,
    "code": _convert_code_block,
    "preformat": _convert_code_block,
    "definition": _convert_definition,
}
