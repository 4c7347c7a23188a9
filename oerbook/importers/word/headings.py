"""Give headings the styles that pandoc knows as headings, also where they are only large or bold text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from oerbook.importers.word.namespaces import w
from oerbook.importers.word.styles import StyleSheet, guess_role, read_traits, value_of
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

MAX_HEADING_CHARS = 120
MIN_HEADING_SIZE_RATIO = 1.15  # how much larger than the text a paragraph must be to look like a heading
HEADING_STYLE = "oerbookHeading{}"


def mark_headings(
    document: XmlElement, styles: XmlElement, sheet: StyleSheet, declared: Mapping[str, str], name: str
) -> list[Finding]:
    """Give all headings the styles `heading 1` …, change the elements in place, and report what was guessed."""
    paragraphs = list(document.iter(w("p")))
    used = dict.fromkeys(style_of(paragraph) for paragraph in paragraphs)
    roles = {style: guess_role(sheet, style, declared) for style in used}
    levels = {style: int(role[1]) for style, role in roles.items() if role[:1] == "h" and role[1:].isdigit()}
    levels = _below_chapter_title(levels, sheet)
    findings = list(_report_guessed(levels, sheet, declared, name))
    _add_heading_styles(styles)
    for paragraph in paragraphs:
        level = levels.get(style_of(paragraph)) or _own_outline_level(paragraph)
        if level and text_of(paragraph).strip():
            _set_style(paragraph, HEADING_STYLE.format(min(level, 9)))
    if not levels:
        findings += _mark_large_text(paragraphs, sheet, name)
    return findings


def style_of(paragraph: XmlElement) -> str:
    """Return the id of a paragraph's style, "" for the default one."""
    return value_of(paragraph.find(f"{w('pPr')}/{w('pStyle')}"))


def text_of(paragraph: XmlElement) -> str:
    """Return the text of a paragraph."""
    return "".join(element.text or "" for element in paragraph.iter(w("t")))


def _below_chapter_title(levels: Mapping[str, int], sheet: StyleSheet) -> dict[str, int]:
    """Return levels one lower for the other headings of a document whose chapter titles have a style of their own."""
    names = {style: sheet.styles[style].name.casefold() for style in levels if style in sheet.styles}
    titles = {style for style, name in names.items() if "title" in name or "titel" in name}
    others = {style: level for style, level in levels.items() if style not in titles}
    if not titles or 1 not in others.values():
        return dict(levels)
    return {**dict.fromkeys(titles, 1), **{style: level + 1 for style, level in others.items()}}


def _report_guessed(
    levels: Mapping[str, int], sheet: StyleSheet, declared: Mapping[str, str], name: str
) -> Iterator[Finding]:
    known = {style.casefold() for style in declared}
    for style, level in levels.items():
        title = sheet.styles[style].name if style in sheet.styles else style
        if sheet.outline_level(style) is None and title.casefold() not in known:
            message = f"paragraphs of the style “{title}” were read as headings of level {level}"
            hint = f'If that is wrong, import again with --style "{title}=text" or another level.'
            yield Finding("import-guessed", message, Place(name), Severity.INFO, hint)


def _own_outline_level(paragraph: XmlElement) -> int:
    level = value_of(paragraph.find(f"{w('pPr')}/{w('outlineLvl')}"))
    return int(level) + 1 if level.isdigit() and int(level) < 9 else 0


def _mark_large_text(paragraphs: Sequence[XmlElement], sheet: StyleSheet, name: str) -> Iterator[Finding]:
    """Make headings of short paragraphs in large or bold type, in a document without heading styles."""
    sizes = {paragraph: _size_of(paragraph, sheet) for paragraph in paragraphs}
    usual = Counter(dict.fromkeys(sizes.values(), 0))
    for paragraph, size in sizes.items():
        usual[size] += len(text_of(paragraph))
    body = usual.most_common(1)[0][0] if usual else 0
    found = [paragraph for paragraph in paragraphs if _looks_like_heading(paragraph, sizes[paragraph], body)]
    ranks = sorted({sizes[paragraph] for paragraph in found}, reverse=True)
    for paragraph in found:
        _set_style(paragraph, HEADING_STYLE.format(min(ranks.index(sizes[paragraph]) + 1, 6)))
    if found:
        message = f"{len(found)} short paragraphs in large or bold type were read as headings"
        hint = "Give headings the heading styles of the word processor, and import again if a level is wrong."
        yield Finding("import-guessed", message, Place(name), Severity.WARNING, hint)


def _looks_like_heading(paragraph: XmlElement, size: int, body: int) -> bool:
    text = text_of(paragraph).strip()
    if not text or len(text) > MAX_HEADING_CHARS or text.endswith((".", ":", ";", ",")):
        return False
    if any(ancestor.tag == w("tbl") for ancestor in paragraph.iterancestors()):
        return False
    is_list = paragraph.find(f"{w('pPr')}/{w('numPr')}") is not None
    return size >= body * MIN_HEADING_SIZE_RATIO or (not is_list and size >= body and _is_bold(paragraph))


def _is_bold(paragraph: XmlElement) -> bool:
    runs = [run for run in paragraph.iter(w("r")) if "".join(t.text or "" for t in run.iter(w("t"))).strip()]
    return bool(runs) and all(read_traits(run.find(w("rPr"))).get("bold") for run in runs)


def _size_of(paragraph: XmlElement, sheet: StyleSheet) -> int:
    """Return the size of most of a paragraph's text in half points."""
    sizes: Counter[int] = Counter()
    usual = next((style.size for style in sheet.chain(style_of(paragraph)) if style.size), 22)
    for run in paragraph.iter(w("r")):
        size = value_of(run.find(f"{w('rPr')}/{w('sz')}"))
        sizes[int(size) if size.isdigit() else usual] += sum(len(text.text or "") for text in run.iter(w("t")))
    return sizes.most_common(1)[0][0] if sizes else usual


def _set_style(paragraph: XmlElement, style: str) -> None:
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = etree.SubElement(paragraph, w("pPr"))
        paragraph.insert(0, properties)
    for tag in ("pStyle", "numPr", "outlineLvl"):
        for element in properties.findall(w(tag)):
            properties.remove(element)
    element = etree.SubElement(properties, w("pStyle"))
    element.set(w("val"), style)
    properties.insert(0, element)


def _add_heading_styles(styles: XmlElement) -> None:
    """Add styles named `heading 1` … under ids of our own; pandoc knows headings by these names."""
    for level in range(1, 10):
        style = etree.SubElement(styles, w("style"))
        style.set(w("type"), "paragraph")
        style.set(w("styleId"), HEADING_STYLE.format(level))
        etree.SubElement(style, w("name")).set(w("val"), f"heading {level}")
