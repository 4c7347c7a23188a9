"""Convert the content of PreTeXt elements: text in a line, blocks, and paragraphs between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from oerbook.importers.pretext_reading.formulas import DISPLAY_TAGS, formula_tex
from oerbook.importers.pretext_reading.names import CHARACTERS, DROPPED_TAGS, TAG_BY_NAME
from oerbook.importers.web.elements import append_content, make, make_formula, text_of
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

Content = list[str | XmlElement]
END_MARK = re.compile(r"\s*([.,;:!?])(?=\s|$)")  # of a sentence that a formula ends: it belongs behind the formula
SKIPPED_IN_BLOCKS = ("title", "shorttitle", "plaintitle", "creator", "caption")


@dataclass(slots=True)
class PretextState:
    """What is collected while a chapter is converted; `find_picture` returns a picture's file."""

    find_picture: Callable[[str], str]
    kind_by_id: dict[str, str]
    file: str = ""
    notes: list[XmlElement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    inline_rules: Mapping[str, InlineRule] = field(default_factory=dict)
    block_rules: Mapping[str, BlockRule] = field(default_factory=dict)
    exercise_count: int = 0

    def report(self, element: XmlElement, message: str, severity: Severity = Severity.WARNING, hint: str = "") -> None:
        """Add a finding about an element, at its line in its file."""
        file = next((e.get("file") for e in (element, *element.iterancestors()) if e.get("file")), self.file)
        if all(finding.message != message for finding in self.findings):  # the first place is enough
            place = Place(file or "", element.sourceline or 0)
            self.findings.append(Finding("import-markup", message, place, severity, hint))


def convert_line(element: XmlElement, state: PretextState) -> Content:
    """Return the content of an element as one line."""
    content: Content = [element.text or ""]
    for child in element:
        content += _convert_inline(child, state)
        content.append(child.tail or "")
    return content


def convert_blocks(
    element: XmlElement, state: PretextState, level: int, skip: Sequence[str] = SKIPPED_IN_BLOCKS
) -> list[XmlElement]:
    """Return the content of an element as blocks; text between blocks becomes paragraphs."""
    result: list[XmlElement] = []
    line: Content = [element.text or ""]

    def flush() -> None:
        if any(not isinstance(piece, str) or piece.strip() for piece in line):
            result.append(append_content(make("p"), list(line)))
        line.clear()

    for child in element:
        if child.tag in skip:
            pass
        elif child.tag in state.block_rules:
            flush()
            found = state.block_rules[str(child.tag)](child, state, level)
            identifier = child.get("id")
            if identifier and found and not found[0].get("id"):
                found[0].set("id", identifier)
            result += found
        else:
            line.extend(_convert_inline(child, state))
        line.append(child.tail or "")
    flush()
    return result


def _convert_inline(child: XmlElement, state: PretextState) -> Content:
    name = str(child.tag)
    if name == "m":
        return [make_formula(formula_tex(child))]
    if name in DISPLAY_TAGS:
        mark = END_MARK.match(child.tail or "")
        if mark:
            child.tail = (child.tail or "")[mark.end() :]
        formula = make_formula(f"{formula_tex(child)}{mark[1] if mark else ''}", display=True)
        return [make("span", id=child.get("id") or ""), formula] if child.get("id") else [formula]
    if name in CHARACTERS:
        return [CHARACTERS[name]]
    if name in TAG_BY_NAME:
        element = append_content(make(TAG_BY_NAME[name]), convert_line(child, state))
        if child.get("lang"):
            element.set("lang", child.get("lang") or "")
        return [element]
    if name in DROPPED_TAGS:
        return []
    rule = state.inline_rules.get(name)
    if rule is not None:
        return rule(child, state)
    if name in state.block_rules:
        return list(state.block_rules[name](child, state, 5))
    state.report(child, f"the element <{name}> is not known; its text was kept", Severity.INFO)
    return convert_line(child, state)


def move_children(element: XmlElement) -> Content:
    """Return the children of an element with the text behind each."""
    content: Content = []
    for child in list(element):
        tail, child.tail = child.tail, None
        content += [child, tail or ""]
    return content


def set_title(box: XmlElement, element: XmlElement, prefix: str = "") -> None:
    """Give a box the title of an element, behind a word for what it is."""
    title = element.find("title")
    words = text_of(title) if title is not None and title.find(".//m") is None else ""
    if title is not None and not words:
        words = "".join(
            f"${formula_tex(p)}$" if getattr(p, "tag", "") == "m" else text_of(p) for p in title
        ) or text_of(title)
    creator = element.find("creator")
    if creator is not None:
        words = f"{words} ({text_of(creator)})".strip()
    full = f"{prefix}: {words}" if prefix and words else prefix or words
    if full:
        box.set("data-title", full)


def convert_dropdown(element: XmlElement, state: PretextState) -> XmlElement:
    """Return a hint, answer or solution as a box that opens."""
    title = element.find("title")
    name = text_of(title) if title is not None else str(element.tag).capitalize()
    box = make("div", class_="dropdown", data_title=name)
    box.extend(convert_blocks(element, state, 5))
    return box


def convert_title_run(element: XmlElement, state: PretextState, level: int) -> list[XmlElement]:
    """Return paragraphs with a title in bold: `paragraphs`, `case` and the like."""
    title = element.find("title")
    head = (
        [append_content(make("p"), [append_content(make("strong"), convert_line(title, state))])]
        if title is not None
        else []
    )
    return [*head, *convert_blocks(element, state, level)]


InlineRule = Callable[[XmlElement, PretextState], Content]
BlockRule = Callable[[XmlElement, PretextState, int], list[XmlElement]]
