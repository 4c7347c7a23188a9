"""The DOCX styles: pandoc's reference document with the theme's faces, colors and sizes, and the book's paper."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from oerbook.formats.docx.page_setup import PageSetup, set_up_pages
from oerbook.manuscript.manuscript import Manuscript
from oerbook.markup.namespaces import WORD_NAMESPACE, WORD_NAMESPACE_URI
from oerbook.storage.archive import pack_zip, unpack_zip
from oerbook.theming.theme import read_tokens
from oerbook.tools import pandoc

STYLES_FILE = "word/styles.xml"
BORDER_XML = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{color}"/>'
# Paragraph styles by id: what they are based on, the paragraph's properties, the type's. `{}` are tokens and sizes.
# The order of properties is fixed: https://ecma-international.org/publications-and-standards/standards/ecma-376/
PARAGRAPH_STYLES = {
    "BodyText": ("Normal", '<w:spacing w:before="0" w:after="120"/>', ""),
    "Compact": ("BodyText", '<w:spacing w:before="0" w:after="40"/>', ""),
    "Title": (
        "Normal",
        '<w:spacing w:before="2600" w:after="120" w:line="240" w:lineRule="auto"/>',
        '{heads}<w:sz w:val="{sz5}"/><w:szCs w:val="{sz5}"/>',
    ),
    "Subtitle": (
        "Normal",
        '<w:spacing w:before="0" w:after="600"/>',
        '{heads}<w:i/><w:iCs/><w:color w:val="{quiet}"/><w:sz w:val="{sz2}"/><w:szCs w:val="{sz2}"/>',
    ),
    "Author": ("Normal", '<w:spacing w:before="0" w:after="120"/>', '<w:sz w:val="{sz1}"/><w:szCs w:val="{sz1}"/>'),
    "Date": ("Normal", '<w:spacing w:before="0" w:after="120"/>', '<w:color w:val="{quiet}"/>'),
    "Heading1": (
        "Normal",
        '<w:keepNext/><w:keepLines/><w:pageBreakBefore/><w:spacing w:before="900" w:after="480" w:line="240" '
        'w:lineRule="auto"/><w:outlineLvl w:val="0"/>',
        '{heads}<w:color w:val="{ink}"/><w:sz w:val="{sz4}"/><w:szCs w:val="{sz4}"/>',
    ),
    "Heading2": (
        "Normal",
        '<w:keepNext/><w:keepLines/><w:spacing w:before="360" w:after="120"/><w:outlineLvl w:val="1"/>',
        '{heads}<w:b/><w:bCs/><w:color w:val="{ink}"/><w:sz w:val="{sz2}"/><w:szCs w:val="{sz2}"/>',
    ),
    "Heading3": (
        "Normal",
        '<w:keepNext/><w:keepLines/><w:spacing w:before="280" w:after="100"/><w:outlineLvl w:val="2"/>',
        '{heads}<w:b/><w:bCs/><w:color w:val="{ink}"/><w:sz w:val="{sz1}"/><w:szCs w:val="{sz1}"/>',
    ),
    "Heading4": (
        "Normal",
        '<w:keepNext/><w:keepLines/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="3"/>',
        '{heads}<w:b/><w:bCs/><w:i/><w:iCs/><w:color w:val="{ink}"/>',
    ),
    "PartTitle": (
        "Heading1",
        '<w:pBdr><w:top w:val="single" w:sz="12" w:space="14" w:color="{accent}"/></w:pBdr>'
        '<w:spacing w:before="3600" w:after="480"/>',
        '<w:color w:val="{accent}"/><w:sz w:val="{sz5}"/><w:szCs w:val="{sz5}"/>',
    ),
    "TOCHeading": ("Heading1", '<w:outlineLvl w:val="9"/>', ""),
    "TOC1": ("Normal", '{contents_tab}<w:spacing w:before="160" w:after="20"/>', "<w:b/><w:bCs/>"),
    "TOC2": ("Normal", '{contents_tab}<w:spacing w:before="0" w:after="20"/><w:ind w:left="360"/>', ""),
    "Copyright": (
        "BodyText",
        '<w:spacing w:before="0" w:after="100"/>',
        '<w:color w:val="{quiet}"/><w:sz w:val="{small}"/><w:szCs w:val="{small}"/>',
    ),
    "Epigraph": (
        "BodyText",
        '<w:ind w:left="1700"/>',
        '<w:i/><w:iCs/><w:color w:val="{quiet}"/>',
    ),
    "BoxTitle": ("BodyText", '<w:keepNext/><w:spacing w:before="60" w:after="60"/>', ""),
    "BoxText": ("BodyText", "", ""),
    "Statement": ("BodyText", "", "<w:i/><w:iCs/>"),
    "Proof": ("BodyText", '<w:tabs><w:tab w:val="right" w:pos="{line}"/></w:tabs>', ""),
    "Spacer": (
        "Normal",
        '<w:spacing w:before="0" w:after="0" w:line="160" w:lineRule="exact"/>',
        '<w:sz w:val="8"/><w:szCs w:val="8"/>',
    ),
    "ContentsPlaceholder": ("Normal", "", ""),
    "IndexLetter": ("Normal", '<w:keepNext/><w:spacing w:before="200" w:after="40"/>', '<w:color w:val="{accent}"/>'),
    "Index1": ("Normal", '<w:spacing w:before="0" w:after="20"/><w:ind w:left="240" w:hanging="240"/>', ""),
    "Index2": ("Normal", '<w:spacing w:before="0" w:after="20"/><w:ind w:left="480" w:hanging="240"/>', ""),
    "SourceCode": (
        "Normal",
        '<w:shd w:val="clear" w:color="auto" w:fill="{tint}"/><w:wordWrap w:val="0"/>'
        '<w:spacing w:before="120" w:after="160" w:line="252" w:lineRule="auto"/>',
        '{monoface}<w:sz w:val="{code}"/><w:szCs w:val="{code}"/>',
    ),
    "Caption": (
        "Normal",
        '<w:spacing w:before="60" w:after="200"/>',
        '<w:color w:val="{quiet}"/><w:sz w:val="{small}"/><w:szCs w:val="{small}"/>',
    ),
    "BlockText": ("BodyText", '<w:spacing w:before="120" w:after="120"/><w:ind w:left="480" w:right="480"/>', ""),
    "FootnoteText": (
        "Normal",
        '<w:spacing w:before="0" w:after="40" w:line="240" w:lineRule="auto"/>',
        '<w:sz w:val="{small}"/><w:szCs w:val="{small}"/>',
    ),
    "Header": (
        "Normal",
        '<w:spacing w:before="0" w:after="0"/>',
        '<w:i/><w:iCs/><w:color w:val="{quiet}"/>{smallsize}',
    ),
    "Footer": ("Normal", '<w:spacing w:before="0" w:after="0"/><w:jc w:val="center"/>', "{smallsize}"),
}
STYLE_NAMES = {
    "BodyText": "Body Text", "Heading1": "heading 1", "Heading2": "heading 2", "Heading3": "heading 3",
    "Heading4": "heading 4", "PartTitle": "Part Title", "TOCHeading": "TOC Heading", "TOC1": "toc 1", "TOC2": "toc 2",
    "BoxTitle": "Box Title", "SourceCode": "Source Code", "BoxText": "Box Text",
    "ContentsPlaceholder": "Contents Placeholder",
    "IndexLetter": "Index Letter", "Index1": "index 1", "Index2": "index 2", "BlockText": "Block Text",
    "FootnoteText": "footnote text", "Header": "header", "Footer": "footer",
}  # fmt: skip
CHARACTER_STYLES = {
    "Hyperlink": ("Hyperlink", '<w:color w:val="{link}"/>'),
    "SectionNumber": ("Section Number", '<w:b w:val="0"/><w:bCs w:val="0"/><w:color w:val="{accent}"/>'),
    "LineNumber": ("line number", '{monoface}<w:color w:val="{quiet}"/>'),
    "VerbatimChar": ("Verbatim Char", '{monoface}<w:sz w:val="{code}"/><w:szCs w:val="{code}"/>'),
}
TABLE_STYLES = {
    "Table": (
        '<w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr><w:rPr>{smallsize}</w:rPr>'
        '<w:tblPr><w:tblInd w:w="90" w:type="dxa"/>'
        "<w:tblBorders>{top}{bottom}{inside}</w:tblBorders><w:tblCellMar>"
        '<w:top w:w="50" w:type="dxa"/><w:left w:w="90" w:type="dxa"/><w:bottom w:w="50" w:type="dxa"/>'
        '<w:right w:w="90" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tblPr/>'
        '<w:tcPr><w:tcBorders>{head}</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    ),
    "Box": (
        '<w:tblPr><w:tblInd w:w="200" w:type="dxa"/>'
        "<w:tblBorders>{edge}</w:tblBorders><w:tblCellMar>"
        '<w:top w:w="100" w:type="dxa"/><w:left w:w="200" w:type="dxa"/><w:bottom w:w="60" w:type="dxa"/>'
        '<w:right w:w="200" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{tint}"/></w:tcPr>'
    ),
    "Equation": (
        '<w:pPr><w:spacing w:before="60" w:after="60"/></w:pPr><w:tblPr><w:tblCellMar>'
        '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    ),
}


def reference_document(manuscript: Manuscript) -> bytes:
    """Return the reference document, from which pandoc takes styles, paper, header and footer."""
    tokens = read_tokens(manuscript.theme_dir)
    default = pandoc.run_pandoc(["--print-default-data-file", "reference.docx"], b"", None, manuscript.epoch)
    members = unpack_zip(default.output)
    page = PageSetup.of(manuscript.book.settings.paper, tokens)
    members[STYLES_FILE] = _restyle(members[STYLES_FILE], style_values(tokens, page))
    members |= set_up_pages(members, page, manuscript.book.title)
    return pack_zip(members, manuscript.epoch)


def style_values(tokens: Mapping[str, str], page: PageSetup) -> dict[str, str]:
    """Return the values of the styles: colors, faces, and sizes in half points."""
    base, scale = page.type_size_pt, float(tokens["scale"])
    values = {name: tokens[name].lstrip("#") for name in ("ink", "quiet", "accent", "link", "tint", "rule")}
    values |= {f"sz{step}": str(round(base * scale**step * 2)) for step in range(1, 6)}
    values |= {"base": str(round(base * 2)), "small": str(round(base * 1.8)), "code": str(round(base * 1.75))}
    values["smallsize"] = '<w:sz w:val="{0}"/><w:szCs w:val="{0}"/>'.format(values["small"])
    values["line"] = str(page.line_twips)
    tab = '<w:tabs><w:tab w:val="right" w:pos="{}"/></w:tabs>'
    values["contents_tab"] = tab.format(page.line_twips)
    face = '<w:rFonts w:ascii="{0}" w:hAnsi="{0}"/>'
    values["heads"] = face.format(tokens["sans" if tokens["headings"] == "sans" else "text"])
    values["face"], values["monoface"] = face.format(tokens["text"]), face.format(tokens["mono"])
    sides = {"top": ("top", 8, "ink"), "bottom": ("bottom", 8, "ink"), "inside": ("insideH", 2, "rule")}
    sides |= {"head": ("bottom", 4, "ink"), "edge": ("left", 12, "rule")}
    values |= {
        name: BORDER_XML.format(side=side, size=size, color=values[color])
        for name, (side, size, color) in sides.items()
    }
    return values


def _restyle(styles: bytes, values: Mapping[str, str]) -> bytes:
    """Return the style sheet with our styles in place of pandoc's, and the theme's face as the default."""
    text = styles.decode()
    text = re.sub(r'<w:rFonts [^>]*w:asciiTheme="m[^>]*/>', values["face"], text)
    root = etree.fromstring(text.encode())
    _set_defaults(root, values)
    for identifier, (based_on, paragraph, run) in PARAGRAPH_STYLES.items():
        content = f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr>".format(**values)
        names = (identifier, STYLE_NAMES.get(identifier, identifier))
        _set_style(root, "paragraph", names, based_on, content)
    for identifier, (name, run) in CHARACTER_STYLES.items():
        content = f"<w:rPr>{run}</w:rPr>".format(**values)
        _set_style(root, "character", (identifier, name), "DefaultParagraphFont", content)
    for identifier, content in TABLE_STYLES.items():
        _set_style(root, "table", (identifier, identifier), "TableNormal", content.format(**values))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _set_defaults(root: etree._Element, values: Mapping[str, str]) -> None:
    for tag in ("sz", "szCs"):
        for size in root.iterfind(f"{WORD_NAMESPACE}docDefaults//{WORD_NAMESPACE}{tag}"):
            size.set(f"{WORD_NAMESPACE}val", values["base"])
    for spacing in root.iterfind(f"{WORD_NAMESPACE}docDefaults//{WORD_NAMESPACE}spacing"):
        for key, value in (("after", "120"), ("line", "276"), ("lineRule", "auto")):
            spacing.set(f"{WORD_NAMESPACE}{key}", value)


def _set_style(root: etree._Element, kind: str, names: tuple[str, str], based_on: str, content: str) -> None:
    """Replace a style, or add it; `names` are its id and what Word shows."""
    identifier, name = names
    old = next(
        (
            style
            for style in root.iterfind(f"{WORD_NAMESPACE}style")
            if style.get(f"{WORD_NAMESPACE}styleId") == identifier
        ),
        None,
    )
    custom = (
        ""
        if (old is not None and old.get(f"{WORD_NAMESPACE}customStyle") is None) or name.islower()
        else ' w:customStyle="1"'
    )
    default = ' w:default="1"' if old is not None and old.get(f"{WORD_NAMESPACE}default") else ""
    following = '<w:next w:val="BodyText"/>' if kind == "paragraph" and identifier.startswith("Heading") else ""
    style = etree.fromstring(
        f'<w:style xmlns:w="{WORD_NAMESPACE_URI}" w:type="{kind}"{default}{custom} w:styleId="{identifier}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="{based_on}"/>{following}<w:qFormat/>{content}</w:style>'
    )
    if old is not None:
        root.replace(old, style)
    else:
        root.append(style)
