"""The DOCX styles: pandoc's reference document in the theme's colours."""

from __future__ import annotations

import re
from collections.abc import Mapping

from oerbook.manuscript.manuscript import Manuscript
from oerbook.storage.archive import pack_zip, unpack_zip
from oerbook.theming.theme import read_tokens
from oerbook.tools import pandoc

STYLES_FILE = "word/styles.xml"
PARAGRAPH_STYLE = (
    '<w:style w:type="paragraph" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/>'
    '<w:basedOn w:val="BodyText"/><w:qFormat/><w:pPr><w:keepLines w:val="0"/>{borders}'
    '<w:ind w:left="240" w:right="240"/></w:pPr><w:rPr>{run}</w:rPr></w:style>'
)


def reference_document(manuscript: Manuscript) -> bytes:
    """Return the reference document, from which pandoc takes its styles."""
    values = read_tokens(manuscript.theme_dir)
    default = pandoc.run_pandoc(["--print-default-data-file", "reference.docx"], b"", None, manuscript.epoch)
    members = unpack_zip(default.output)
    styles = _set_fonts(members[STYLES_FILE].decode(), values)
    accent, quiet, rule, tint = (values[name].lstrip("#") for name in ("accent", "quiet", "rule", "tint"))
    styles = re.sub(
        r'(<w:style [^>]*w:styleId="Heading\d".*?)<w:color [^/]*/>',
        rf'\1<w:color w:val="{accent}"/>',
        styles,
        flags=re.S,
    )
    borders = (
        f'<w:pBdr><w:left w:val="single" w:sz="12" w:space="8" w:color="{rule}"/></w:pBdr>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{tint}"/>'
    )
    added = PARAGRAPH_STYLE.format(id="Box", name="Box", borders=borders, run="")
    added += PARAGRAPH_STYLE.format(id="BoxTitle", name="Box Title", borders="<w:keepNext/>" + borders, run="<w:b/>")
    added += PARAGRAPH_STYLE.format(
        id="Copyright", name="Copyright", borders="", run=f'<w:color w:val="{quiet}"/><w:sz w:val="20"/>'
    )
    added += (
        '<w:style w:type="character" w:styleId="LineNumber"><w:name w:val="line number"/>'
        f'<w:basedOn w:val="VerbatimChar"/><w:rPr><w:color w:val="{quiet}"/></w:rPr></w:style>'
    )
    members[STYLES_FILE] = styles.replace("</w:styles>", added + "</w:styles>").encode()
    return pack_zip(members, manuscript.epoch)


def _set_fonts(styles: str, values: Mapping[str, str]) -> str:
    """Replace Word's theme fonts by those of the book's theme.

    Readers without them see Word's fallback.
    """
    text_font, heading_font = values["text"], values["sans" if values["headings"] == "sans" else "text"]
    fonts = '<w:rFonts w:ascii="{0}" w:hAnsi="{0}"/>'
    minor = re.compile(r'<w:rFonts [^>]*w:asciiTheme="minor[^>]*/>')
    major = re.compile(r'<w:rFonts [^>]*w:asciiTheme="major[^>]*/>')
    mono = 'w:ascii="{0}" w:hAnsi="{0}"'.format(values["mono"])
    styles = styles.replace('w:ascii="Consolas" w:hAnsi="Consolas"', mono)
    return major.sub(fonts.format(heading_font), minor.sub(fonts.format(text_font), styles))
