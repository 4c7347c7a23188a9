"""Write the editing copy of a page as a Word file, with tracked changes on."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from oerbook.importers.editing_copies.paragraphs import SourceParagraph, split_paragraphs
from oerbook.importers.editing_copies.words import Word, read_words
from oerbook.storage.archive import pack_zip

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLE_BY_KIND = {"bullet": "ListBullet", "number": "ListNumber", "quote": "Quote", "source": "Markup", "text": "Normal"}
STYLE_NAMES = {
    **{f"Heading{level}": f"heading {level}" for level in range(1, 7)},
    "ListBullet": "List Bullet",
    "ListNumber": "List Number",
    "Quote": "Quote",
    "Markup": "Markup",
    "Normal": "Normal",
}
LOOKS = {
    **{f"Heading{level}": f'<w:b/><w:sz w:val="{36 - 4 * level}"/>' for level in range(1, 7)},
    "Quote": '<w:color w:val="444444"/>',
    "Markup": '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New"/><w:color w:val="1F4E79"/><w:sz w:val="19"/>',
}
DEFAULT = ' w:default="1"'
MARKUP_LOOK = '<w:rStyle w:val="MarkupWords"/>'


def write_editing_copy(text: str, first_line: int, facts: dict[str, str], epoch: int) -> bytes:
    """Return the Word file of a page; `facts` are kept in its custom properties, and come back with it."""
    lines = text.split("\n")
    body = "".join(_paragraph(paragraph, lines) for paragraph in split_paragraphs(text, first_line))
    members = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relationships(
            (f"{OFFICE}/relationships/officeDocument", "word/document.xml"),
            (f"{OFFICE}/relationships/custom-properties", "docProps/custom.xml"),
        ),
        "word/_rels/document.xml.rels": _relationships(
            (f"{OFFICE}/relationships/styles", "styles.xml"),
            (f"{OFFICE}/relationships/settings", "settings.xml"),
            (f"{OFFICE}/relationships/numbering", "numbering.xml"),
        ),
        "word/document.xml": f'{HEADER}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'{HEADER}<w:styles xmlns:w="{W}">{_styles()}</w:styles>',
        "word/settings.xml": f'{HEADER}<w:settings xmlns:w="{W}"><w:trackRevisions/></w:settings>',
        "word/numbering.xml": f'{HEADER}<w:numbering xmlns:w="{W}">{_numbering()}</w:numbering>',
        "docProps/custom.xml": _custom_properties(facts),
    }
    return pack_zip({name: data.encode() for name, data in members.items()}, epoch)


def _paragraph(paragraph: SourceParagraph, lines: list[str]) -> str:
    text = paragraph.text(lines)
    style = f"Heading{paragraph.kind[1]}" if paragraph.kind[0] == "h" else STYLE_BY_KIND[paragraph.kind]
    words = [Word(text, text, is_markup=True)] if paragraph.kind == "source" else read_words(text)
    number = {"bullet": 1, "number": 2}.get(paragraph.kind)
    level = min(paragraph.level, 8)
    list_marks = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    runs = "".join(_run(group) for group in _group(words))
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{list_marks}</w:pPr>{runs}</w:p>'


def _group(words: Sequence[Word]) -> list[Word]:
    """Return words joined into runs of one look; a space takes the look of what is before it."""
    runs: list[Word] = []
    for word in words:
        last = runs[-1] if runs else None
        look = (word.bold, word.italic, word.is_markup)
        if not word.shown:
            continue
        if last and ((last.bold, last.italic, last.is_markup) == look or (word.shown == " " and not word.is_markup)):
            runs[-1] = Word(last.shown + word.shown, "", last.bold, last.italic, last.is_markup)
        else:
            runs.append(word)
    return runs


def _run(word: Word) -> str:
    look = ("<w:b/>" if word.bold else "") + ("<w:i/>" if word.italic else "")
    properties = MARKUP_LOOK if word.is_markup else look
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(word.shown)}</w:t></w:r>'


def _styles() -> str:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{style_id}"{DEFAULT if style_id == "Normal" else ""}>'
        f'<w:name w:val="{name}"/><w:rPr>{LOOKS.get(style_id, "")}</w:rPr></w:style>'
        for style_id, name in STYLE_NAMES.items()
    )
    words = f'<w:name w:val="Markup Words"/><w:rPr>{LOOKS["Markup"]}</w:rPr>'
    return f'{styles}<w:style w:type="character" w:styleId="MarkupWords">{words}</w:style>'


def _numbering() -> str:
    lists = ""
    for number, (form, text) in enumerate((("bullet", "•"), ("decimal", "%{}.")), start=1):
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text.format(level + 1)}"/>'
            f'<w:pPr><w:ind w:left="{360 * (level + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
            for level in range(9)
        )
        lists += f'<w:abstractNum w:abstractNumId="{number}">{levels}</w:abstractNum>'
    return lists + "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2))


def _types() -> str:
    parts = {"document": "document.main", "styles": "styles", "settings": "settings", "numbering": "numbering"}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{WORD_TYPES}.{kind}+xml"/>' for name, kind in parts.items()
    )
    custom = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    return (
        f'{HEADER}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}'
        f'<Override PartName="/docProps/custom.xml" ContentType="{custom}"/></Types>'
    )


def _relationships(*targets: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def _custom_properties(facts: dict[str, str]) -> str:
    properties = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(facts.items(), start=2)
    )
    spaces = f'xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes"'
    return f"{HEADER}<Properties {spaces}>{properties}</Properties>"
