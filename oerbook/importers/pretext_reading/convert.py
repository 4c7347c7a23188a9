"""Convert a chapter of PreTeXt into HTML."""

from __future__ import annotations

from collections.abc import Callable

from oerbook.importers.pretext_reading.engine import (
    SKIPPED_IN_BLOCKS,
    BlockRule,
    PretextState,
    convert_blocks,
    convert_dropdown,
    convert_line,
    convert_title_run,
    move_children,
)
from oerbook.importers.pretext_reading.inlines import INLINE_RULES
from oerbook.importers.pretext_reading.media import (
    convert_code,
    convert_figure,
    convert_image,
    convert_tabular,
    convert_video,
)
from oerbook.importers.pretext_reading.names import (
    BOX_TAGS,
    DIVISIONS,
    EXERCISE_TAGS,
    STATEMENT_BY_TAG,
    TITLE_BY_DIVISION,
)
from oerbook.importers.pretext_reading.statements import (
    convert_box,
    convert_exercise,
    convert_statement,
    convert_task,
)
from oerbook.importers.web.elements import append_content, make, text_of
from oerbook.model.findings import Severity
from oerbook.model.untyped import XmlElement

PROGRAM_TAGS = ("program", "sage", "console", "cd", "pre", "programlisting")
PASSED_TAGS = ("statement", "introduction", "conclusion", "sidebyside", "sbsgroup", "stack", "webwork", "prelude")
CHOICE_TAGS = (
    "choices",
    "choice",
    "feedback",
    "response",
    "blocks",
    "block",
    "matches",
    "match",
    "premise",
    "page",
    "area",
)


def begin_chapter(find_picture: Callable[[str], str], kind_by_id: dict[str, str], name: str) -> PretextState:
    """Return the state of a chapter before it is converted."""
    return PretextState(find_picture, kind_by_id, name, inline_rules=INLINE_RULES, block_rules=BLOCK_RULES)


def convert_chapter(chapter: XmlElement, state: PretextState) -> XmlElement:
    """Return the body of a chapter, with its title and its notes."""
    body = make("body")
    if chapter.get("id"):
        body.append(make("span", id=chapter.get("id") or "", class_="page-start"))
    title = chapter.find("title")
    heading = make("h1")
    append_content(
        heading, convert_line(title, state) if title is not None else [TITLE_BY_DIVISION.get(str(chapter.tag), "")]
    )
    if text_of(heading):
        body.append(heading)
    body.extend(convert_blocks(chapter, state, 2))
    body.extend(state.notes)
    return body


def _convert_division(element: XmlElement, state: PretextState, level: int) -> list[XmlElement]:
    section = make("section")
    title = element.find("title")
    name = TITLE_BY_DIVISION.get(str(element.tag), "")
    if (title is not None and text_of(title)) or name:
        heading = make(f"h{min(level, 6)}")
        section.append(append_content(heading, convert_line(title, state) if title is not None else [name]))
        level += 1
    section.extend(convert_blocks(element, state, level))
    return [section]


def _convert_list(element: XmlElement, state: PretextState, level: int) -> list[XmlElement]:
    result = make("ul" if element.tag == "ul" else "ol")
    marker = (element.get("marker") or element.get("label") or "").strip("(). ")
    if element.tag == "ol" and marker in ("a", "A", "i", "I"):
        result.set("type", marker)
    for item in element.findall("li"):
        entry = make("li", **({"id": item.get("id") or ""} if item.get("id") else {}))
        inner = convert_blocks(item, state, level)
        title = item.find("title")
        if title is not None:
            append_content(entry, [append_content(make("strong"), convert_line(title, state)), " "])
        if len(inner) == 1 and inner[0].tag == "p":
            append_content(entry, [inner[0].text or "", *move_children(inner[0])])
        else:
            entry.extend(inner)
        result.append(entry)
    return [result]


def _convert_definitions(element: XmlElement, state: PretextState, level: int) -> list[XmlElement]:
    result = make("dl")
    for item in element.findall("li"):
        title = item.find("title")
        result.append(append_content(make("dt"), convert_line(title, state) if title is not None else []))
        meaning = make("dd")
        meaning.extend(convert_blocks(item, state, level))
        result.append(meaning)
    return [result]


def _convert_quotation(element: XmlElement, state: PretextState, level: int) -> list[XmlElement]:
    quotation = make("blockquote")
    quotation.extend(convert_blocks(element, state, level, (*SKIPPED_IN_BLOCKS, "attribution")))
    for credit in element.findall("attribution"):
        quotation.append(append_content(make("p"), ["— ", *convert_line(credit, state)]))
    return [quotation]


def _convert_poem(element: XmlElement, state: PretextState, _level: int) -> list[XmlElement]:
    result = []
    for stanza in [*element.findall("stanza")] or [element]:
        verse = make("div", class_="line-block")
        for line in stanza.iter("line"):
            append_content(verse, [*convert_line(line, state), make("br")])
        result.append(verse)
    return result


def _convert_notation(element: XmlElement, state: PretextState, _level: int) -> list[XmlElement]:
    state.report(element, f"an entry of the list of notation was left out: {text_of(element)[:80]}", Severity.INFO)
    return []


def _convert_references(element: XmlElement, state: PretextState, level: int) -> list[XmlElement]:
    section = _convert_division(element, state, level)[0]
    works = [e for e in section if e.tag == "p" and e.get("data-biblio")]
    result = make("ol")
    for work in works:
        section.remove(work)
        work.tag = "li"
        result.append(work)
    if len(result):
        section.append(result)
    return [section]


def _convert_work(element: XmlElement, state: PretextState, _level: int) -> list[XmlElement]:
    return [append_content(make("p", data_biblio="yes"), convert_line(element, state))]


def _keep_blocks(element: XmlElement, state: PretextState, level: int) -> list[XmlElement]:
    return convert_blocks(element, state, level)


def _drop_generated(_element: XmlElement, _state: PretextState, _level: int) -> list[XmlElement]:
    return []


BLOCK_RULES: dict[str, BlockRule] = {
    "p": _keep_blocks,
    **dict.fromkeys(DIVISIONS, _convert_division),
    **dict.fromkeys(
        ("paragraphs", "case", "exercisegroup", "contributor", "contributors", "commentary"), convert_title_run
    ),
    **dict.fromkeys(("ol", "ul"), _convert_list),
    "dl": _convert_definitions,
    **dict.fromkeys(STATEMENT_BY_TAG, convert_statement),
    **dict.fromkeys(EXERCISE_TAGS, convert_exercise),
    "task": convert_task,
    **dict.fromkeys(BOX_TAGS, convert_box),
    **dict.fromkeys(("hint", "answer", "solution"), lambda element, state, _level: [convert_dropdown(element, state)]),
    "blockquote": _convert_quotation,
    "poem": _convert_poem,
    **dict.fromkeys(PROGRAM_TAGS, convert_code),
    **dict.fromkeys(("figure", "table", "listing", "list"), convert_figure),
    "image": convert_image,
    "tabular": convert_tabular,
    **dict.fromkeys(("video", "audio", "interactive"), convert_video),
    "notation": _convert_notation,
    "references": _convert_references,
    "biblio": _convert_work,
    **dict.fromkeys(
        (*PASSED_TAGS, *CHOICE_TAGS),
        _keep_blocks,
    ),
    **dict.fromkeys(
        ("solutions", "index-list", "index-part", "notation-list", "list-of", "tableofcontents", "instructions"),
        _drop_generated,
    ),
}
