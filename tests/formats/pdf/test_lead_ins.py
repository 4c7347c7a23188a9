"""In the PDF, a paragraph stays with what it leads into, and a chapter's last page holds a few lines."""

from __future__ import annotations

import json
from pathlib import Path

import typst

from oerbook.formats.pdf.lead_ins import keep_lead_ins, keep_lines_on_last_page
from oerbook.formats.pdf.markup import runs_to_typst
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block

PAGE = """#set page(width: 9cm, height: 8cm, margin: 1cm)
#set text(costs: (widow: 400%, orphan: 400%))
#set par(leading: 0.68em, spacing: 0.68em)
#let oer-equation(alt, number, body) = block(height: 2cm, body)
#let oer-whole(indented, body) = block(breakable: false, body)
"""
FORMULA = pandoc_ast.raw_block("typst", '#oer-equation("a", "")[$ a $#[#metadata("formula")<mark>]]')


def paragraph(text: str, *marks: str) -> Block:
    marked = [pandoc_ast.raw_inline("typst", f'#[#metadata("{mark}")<mark>]') for mark in marks]
    return pandoc_ast.para([*pandoc_ast.text_inlines(text), *marked])


def filler(lines: int) -> Block:
    return pandoc_ast.raw_block("typst", f"#block(height: {lines * 0.5}cm, fill: luma(90%), width: 100%)")


def pages(blocks: list[Block], folder: Path) -> dict[str, int]:
    """Return the pages on which the marked words stand."""
    markup = PAGE + runs_to_typst([blocks])[0]
    (folder / "main.typ").write_text(
        markup + "\n#context [#metadata(query(<mark>).map(m => (m.value, m.location().page())))<all>]\n"
    )
    found = json.loads(typst.query(str(folder / "main.typ"), "<all>", field="value"))
    return dict(found[0])


def test_a_paragraph_that_leads_into_a_formula_is_on_its_page(tmp_path: Path) -> None:
    for lines in range(4, 11):
        lead = paragraph("The sum of all that was said is given by", "lead")
        found = pages([filler(lines), lead, FORMULA], tmp_path)
        assert found["lead"] == found["formula"], lines


def test_a_paragraph_with_a_colon_is_on_the_page_of_its_list(tmp_path: Path) -> None:
    for lines in range(6, 11):
        items: Block = {"t": "BulletList", "c": [[paragraph("one", "item")], [paragraph("two")]]}
        found = pages([filler(lines), paragraph("These are they:", "lead"), items], tmp_path)
        assert found["lead"] == found["item"], lines


def test_a_paragraph_without_a_colon_may_be_parted_from_a_list() -> None:
    blocks = [paragraph("These are they."), {"t": "BulletList", "c": [[paragraph("one")]]}]
    assert keep_lead_ins(blocks) == blocks


def test_a_short_last_paragraph_takes_two_lines_with_it(tmp_path: Path) -> None:
    for lines in range(4, 10):
        long, last = paragraph("soil " * 30 + "end", "before"), paragraph("That is all.", "last")
        found = pages(keep_lines_on_last_page([filler(lines), long, last]), tmp_path)
        assert found["before"] == found["last"], lines


def test_the_last_paragraph_of_a_box_counts_as_the_last_of_the_chapter() -> None:
    closing = pandoc_ast.raw_block("typst", "]")
    kept = keep_lines_on_last_page([paragraph("First. " * 20), paragraph("Last."), closing])
    assert json.dumps(kept) != json.dumps([paragraph("First. " * 20), paragraph("Last."), closing])
    assert kept[-1] == closing
