"""Turn fields of Word that refer to bookmarks (REF, PAGEREF) into links, which pandoc keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from oerbook.importers.word.namespaces import w
from oerbook.model.untyped import XmlElement

REFERENCE = re.compile(r"^\s*(?:REF|NOTEREF)\s+\"?([\w.:-]+)\"?", re.I)


def link_references(document: XmlElement) -> None:
    """Wrap the results of REF fields in links to their bookmarks, in place."""
    for field in list(document.iter(w("fldSimple"))):
        match = REFERENCE.match(field.get(w("instr"), ""))
        if match:
            field.tag = w("hyperlink")
            field.attrib.clear()
            field.set(w("anchor"), match[1])
    for paragraph in document.iter(w("p")):
        _link_complex_fields(paragraph)


def _link_complex_fields(paragraph: XmlElement) -> None:
    """Wrap the runs between `separate` and `end` of each REF field in the paragraph; nested fields are left alone."""
    runs = [child for child in paragraph if child.tag == w("r")]
    start = 0
    while start < len(runs):
        if _field_char(runs[start]) == "begin":
            end = _end_of_field(runs, start)
            instruction, results = _split_field(runs[start:end])
            match = REFERENCE.match(instruction)
            if match and results:
                link = etree.Element(w("hyperlink"))
                link.set(w("anchor"), match[1])
                results[0].addprevious(link)
                for run in results:
                    link.append(run)
                for run in runs[start:end]:
                    if run not in results:
                        run.getparent().remove(run)
            start = end
        else:
            start += 1


def _end_of_field(runs: Sequence[XmlElement], start: int) -> int:
    depth = 0
    for number in range(start, len(runs)):
        kind = _field_char(runs[number])
        depth += (kind == "begin") - (kind == "end")
        if depth == 0:
            return number + 1
    return len(runs)


def _split_field(runs: Sequence[XmlElement]) -> tuple[str, list[XmlElement]]:
    """Return the instruction of a field and the runs of its result."""
    instruction, results, in_result = "", [], False
    for run in runs:
        kind = _field_char(run)
        if kind == "separate":
            in_result = True
        elif in_result and not kind:
            results.append(run)
        elif not in_result:
            instruction += "".join(element.text or "" for element in run.iter(w("instrText")))
    return instruction, results


def _field_char(run: XmlElement) -> str:
    element = run.find(w("fldChar"))
    return str(element.get(w("fldCharType"), "")) if element is not None else ""
