"""Convert a module of CNXML into HTML."""

from __future__ import annotations

from oerbook.importers.cnxml_reading.blocks import BLOCK_RULES, read_definition
from oerbook.importers.cnxml_reading.engine import ModuleState, convert_blocks, convert_line
from oerbook.importers.cnxml_reading.inlines import INLINE_RULES
from oerbook.importers.web.elements import append_content, make, text_of
from oerbook.model.untyped import XmlElement


def begin_module(identifier: str, file: str) -> ModuleState:
    """Return the state of a module before it is converted."""
    return ModuleState(identifier, file, inline_rules=INLINE_RULES, block_rules=BLOCK_RULES)


def convert_module(root: XmlElement, state: ModuleState) -> XmlElement:
    """Return the body of a module: title, learning objectives, content, notes; its glossary is in the state."""
    body = make("body")
    title = root.find("title")
    if title is not None:
        body.append(append_content(make("h1"), convert_line(title, state)))
    abstract = root.find("metadata/abstract")
    if abstract is not None and text_of(abstract):
        box = make("div", class_="admonition", data_title="Learning objectives")
        box.extend(convert_blocks(abstract, state, 2))
        body.append(box)
    for content in root.findall("content"):
        body.extend(convert_blocks(content, state, 2))
    for glossary in root.findall("glossary"):
        for definition in glossary.iter("definition"):
            state.definitions.append(read_definition(definition, state))
    body.extend(state.notes)
    return body
