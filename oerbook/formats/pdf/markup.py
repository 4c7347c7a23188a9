"""Convert sections from pandoc's tree to Typst markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oerbook.formats.pdf import floating_figures, typst_text
from oerbook.formats.pdf.lead_ins import keep_lead_ins, keep_lines_on_last_page
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import Block
from oerbook.storage.cache import Cache, make_cache_key
from oerbook.storage.fast_json import encode_json
from oerbook.tools import pandoc

SECTION_MARK = "%%oerbook section {}%%"


def sections_to_typst(manuscript: Manuscript, *, float_figures: bool) -> list[str]:
    """Return each section as Typst markup, in which figures may float if the theme can do that.

    One run of pandoc converts all that are not cached.
    """
    shelf = Cache(manuscript.cache_dir)
    keys = [
        make_cache_key("typst-9", str(float_figures), pandoc.pandoc_version(), encode_json(s.blocks, sort_keys=True))
        for s in manuscript.sections
    ]
    texts = [shelf.get_json("markup", key) for key in keys]
    uncached = [index for index, text in enumerate(texts) if text is None]
    sections = [keep_lines_on_last_page(manuscript.sections[index].blocks) for index in uncached]
    if float_figures:
        sections = [floating_figures.float_figures(blocks) for blocks in sections]
    for index, text in zip(uncached, runs_to_typst(sections), strict=True):
        texts[index] = text
        shelf.put_json("markup", keys[index], text)
    return [str(text) for text in texts]


def runs_to_typst(sections: Sequence[Sequence[Block]]) -> list[str]:
    """Return runs of blocks as Typst markup, from one run of pandoc."""
    if not sections:
        return []
    blocks: list[object] = []
    for number, section in enumerate(sections):
        blocks.append({"t": "RawBlock", "c": ["typst", SECTION_MARK.format(number)]})
        blocks += typst_text.escape_text_for_typst(keep_lead_ins(section))
    source = pandoc.encode_long_document(blocks)
    text = pandoc.run_pandoc(["-f", "json", "-t", "typst", "--wrap=none"], source).output.decode()
    return [_adapt_markup(section) for section in re.split(r"%%oerbook section \d+%%\n", text)[1:]]


def _adapt_markup(text: str) -> str:
    """Return pandoc's markup with calls of the template's functions.

    They are for tables, terms and rules.
    """
    text = re.sub(
        r"#figure\(\n *align\(center\)\[#table\((.*?)\)\]\n *, kind: table\n *\)",
        r"#oer-columns(\1)",
        text,
        flags=re.S,
    )
    text = re.sub(r"(?m)^( *)/ (.+): #block\[$", r"\1/ #oer-term[\2]: #oer-definition[", text)
    return text.replace("#horizontalrule", "#oer-rule")
