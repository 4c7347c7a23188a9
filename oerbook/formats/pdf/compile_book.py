"""Compile the book's Typst project as often as its sections change."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from oerbook.formats.pdf import missing_glyphs
from oerbook.tools import typst
from oerbook.tools.typst_process import TypstProcess

PDF_STANDARDS = ("ua-1", "a-2a")
# The functions that sections call. A wildcard import would hide math symbols such as `dots` or `top`.
TYPST_TEMPLATE_FUNCTIONS = (
    "math, equation, image, inline-image, figure, box, index, index-letter, index-entry, citation, rule"
)
SECTION_HEAD = f'#import "template.typ": {", ".join("oer-" + name for name in TYPST_TEMPLATE_FUNCTIONS.split(", "))}\n'
# Functions that themes did not have from the start, and definitions for themes that lack them.
OPTIONAL_FUNCTIONS = {
    "term": "(body) = body",
    "definition": "(body) = block(body)",
    "epigraph": "(body) = quote(block: true, body)",
    "whole": "(indented, body) = body",
    "code-lines": "(first, marked, body) = body",
    "columns": "(..given) = block(width: 100%, table(..given))",
    "landscape": "(body) = page(flipped: true, body)",
    "media": '(code: none, alt: " ", words) = block(if code == none { words } else { grid('
    'columns: (2.4cm, 1fr), column-gutter: 1em, image("media/" + code, alt: alt, width: 2.4cm), words) })',
}
PLACEMENT_PARAMETER = re.compile(r"#let oer-figure\([^)]*\bplacement:")  # of themes whose figures can float


class TypstProject:
    """A Typst project in a folder: compiles the book as often as its sections change."""

    def __init__(self, folder: Path, main: str, fonts: Sequence[Path]) -> None:
        theme = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.typ")))
        self.figures_can_float = bool(PLACEMENT_PARAMETER.search(theme))
        self._functions = {name for name in OPTIONAL_FUNCTIONS if f"#let oer-{name}(" in theme}
        self.pdf_file = folder / "book.pdf"
        self._folder = folder
        self._main = main
        (folder / "main.typ").write_text(main, encoding="utf-8")
        self._typesetter = TypstProcess(folder / "main.typ", folder, fonts)

    def replace_missing_chars(self, missing: Collection[str]) -> None:
        """Print the names of these characters in place of them."""
        (self._folder / "main.typ").write_text(
            missing_glyphs.replacement_show_rule(missing) + self._main, encoding="utf-8"
        )

    def write_pdf(self, sections: Sequence[str], epoch: int) -> typst.CompileFailure | None:
        """Write the book as a PDF; return why it does not compile, or None."""
        self._write_sections(sections)
        return self._typesetter.write_pdf(self.pdf_file, epoch, PDF_STANDARDS)

    def _write_sections(self, sections: Sequence[str]) -> None:
        head = SECTION_HEAD
        for name, definition in OPTIONAL_FUNCTIONS.items():
            imported = name in self._functions
            head += f'#import "template.typ": oer-{name}\n' if imported else f"#let oer-{name}{definition}\n"
        for number, section in enumerate(sections):
            (self._folder / f"s{number:04}.typ").write_text(head + section + "\n", encoding="utf-8")
