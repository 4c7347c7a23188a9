"""Convert theorems, exercises and boxes of PreTeXt."""

from __future__ import annotations

from oerbook.importers.pretext_reading.engine import (
    PretextState,
    convert_blocks,
    convert_dropdown,
    convert_title_run,
    set_title,
)
from oerbook.importers.pretext_reading.names import BOX_TAGS, STATEMENT_BY_TAG
from oerbook.importers.web.elements import make
from oerbook.model.untyped import XmlElement


def convert_statement(element: XmlElement, state: PretextState, _level: int) -> list[XmlElement]:
    """Return a theorem, definition, example or the like, and after it its proofs."""
    name = STATEMENT_BY_TAG[str(element.tag)]
    box = make("div", class_=name)
    set_title(box, element, "" if name == element.tag or element.tag == "proof" else str(element.tag).capitalize())
    after: list[XmlElement] = []
    for part in element:
        if part.tag == "proof":
            after += convert_statement(part, state, 5)
        elif part.tag in ("hint", "answer", "solution"):
            box.append(convert_dropdown(part, state))
        elif part.tag not in ("title", "creator"):
            holder = make("div")
            holder.append(part)
            box.extend(convert_blocks(holder, state, 5))
    return [box, *after]


def convert_exercise(element: XmlElement, state: PretextState, _level: int) -> list[XmlElement]:
    """Return an exercise, then its hints, answers and solutions."""
    state.exercise_count += 1
    identifier = element.get("id") or f"_exercise_{state.file}_{state.exercise_count}"
    box = make("div", class_="exercise", id=identifier, data_keep_id="yes")
    set_title(box, element, "" if element.tag == "exercise" else str(element.tag).replace("-", " ").capitalize())
    after: list[XmlElement] = []
    parts = list(element)
    for part in parts:
        if part.tag in ("answer", "solution"):
            solution = make("div", class_="solution", data_for=identifier)
            solution.extend(convert_blocks(part, state, 5))
            after.append(solution)
        elif part.tag == "hint":
            after.append(convert_dropdown(part, state))
        elif part.tag not in ("title", "creator"):
            holder = make("div")
            holder.append(part)
            box.extend(convert_blocks(holder, state, 5))
    return [box, *after]


def convert_task(element: XmlElement, state: PretextState, level: int) -> list[XmlElement]:
    """Return a part of an exercise."""
    holder = make("div")
    holder.extend(convert_title_run(element, state, level))
    return [holder]


def convert_box(element: XmlElement, state: PretextState, _level: int) -> list[XmlElement]:
    """Return a note, an aside or the like as a box."""
    kind = BOX_TAGS[str(element.tag)]
    box = make("div", class_=kind)
    set_title(box, element, "")
    if not box.get("data-title") and element.tag not in ("note", "warning"):
        box.set("data-title", str(element.tag).capitalize())
    box.extend(convert_blocks(element, state, 5))
    return [box]
