"""Convert the content of CNXML elements: text in a line, blocks, and paragraphs between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from oerbook.importers.web.elements import append_content, make
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

BLOCK_TAGS = frozenset(["div", "problem", "solution", "commentary", "statement", "proof"])  # besides those with rules
Content = list[str | XmlElement]


@dataclass(slots=True)
class ModuleState:
    """What is collected while a module is converted: notes, glossary entries, credits of pictures, findings."""

    identifier: str
    file: str
    notes: list[XmlElement] = field(default_factory=list)
    definitions: list[tuple[str, XmlElement]] = field(default_factory=list)
    credits: dict[str, tuple[str, str]] = field(default_factory=dict)  # caption and credit by the picture's source
    findings: list[Finding] = field(default_factory=list)
    exercise_count: int = 0
    inline_rules: Mapping[str, InlineRule] = field(default_factory=dict)
    block_rules: Mapping[str, BlockRule] = field(default_factory=dict)
    new_ids: dict[str, str] = field(default_factory=dict)  # of exercises, whose ids in the source may be used twice

    def report(self, element: XmlElement, message: str, severity: Severity = Severity.WARNING) -> None:
        """Add a finding about an element."""
        self.findings.append(Finding("import-markup", message, Place(self.file, element.sourceline or 0), severity))


def convert_line(element: XmlElement, state: ModuleState) -> Content:
    """Return the content of an element as one line."""
    content: Content = [element.text or ""]
    for child in element:
        content += _convert_inline(child, state)
        content.append(child.tail or "")
    return content


def _convert_inline(child: XmlElement, state: ModuleState) -> Content:
    rule = state.inline_rules.get(str(child.tag))
    if rule is not None:
        return rule(child, state)
    if child.tag in state.block_rules or child.tag in BLOCK_TAGS:
        return list(convert_block(child, state, 3))
    state.report(child, f"the element <{child.tag}> is not known; its text was kept", Severity.INFO)
    return convert_line(child, state)


def convert_blocks(
    element: XmlElement, state: ModuleState, level: int, skip: Sequence[str] = ("title", "label")
) -> list[XmlElement]:
    """Return the content of an element as blocks; text between blocks becomes paragraphs."""
    blocks: list[XmlElement] = []
    line: Content = [element.text or ""]

    def flush() -> None:
        if any(not isinstance(piece, str) or piece.strip() for piece in line):
            blocks.append(append_content(make("p"), list(line)))
        line.clear()

    for child in element:
        if child.tag in skip:
            line.append(child.tail or "")
            continue
        if _is_block(child, state):
            flush()
            blocks += convert_block(child, state, level)
        else:
            line.extend(_convert_inline(child, state))
        line.append(child.tail or "")
    flush()
    return blocks


def _is_block(child: XmlElement, state: ModuleState) -> bool:
    if child.tag in ("list", "quote", "code") and child.get("display") == "inline":
        return False
    if child.tag == "code":
        return bool(child.get("display") == "block")
    return child.tag in BLOCK_TAGS or child.tag in state.block_rules


def convert_block(child: XmlElement, state: ModuleState, level: int) -> Iterator[XmlElement]:
    """Yield what a block becomes; the first has its id."""
    rule = state.block_rules.get(str(child.tag))
    if rule is None:
        holder = make("div")
        holder.extend(convert_blocks(child, state, level))
        blocks = [holder]
    else:
        blocks = rule(child, state, level)
    identifier = child.get("id")
    if identifier and blocks and not blocks[0].get("id"):
        blocks[0].set("id", identifier)
    yield from blocks


def children_with_tails(element: XmlElement) -> Content:
    """Return the children of an element with the text behind each."""
    content: Content = []
    for child in list(element):
        tail, child.tail = child.tail, None
        content += [child, tail or ""]
    return content


InlineRule = Callable[[XmlElement, ModuleState], Content]
BlockRule = Callable[[XmlElement, ModuleState, int], list[XmlElement]]
