"""OpenDocument texts become chapters."""

from __future__ import annotations

import re
from pathlib import Path

from oerbook.importers.conversion.archives import pack_archive, read_archive
from oerbook.importers.conversion.book_files import NamesInUse, render_book
from oerbook.importers.conversion.values import ConversionOptions
from oerbook.importers.converters import find_converter, odt
from oerbook.tools.pandoc import run_pandoc

TEXT = """\
---
title: Peat
author: Ada Lee
---

Peat is *old*^[Very.] and has $x^2$ layers.

## Code

CODE x = [

CODE    1]
"""


def write_text(path: Path) -> Path:
    """Write a text with formulas and house styles, as pandoc does."""
    path.write_bytes(run_pandoc(["-f", "markdown", "-t", "odt"], TEXT.encode()).output)
    members = read_archive(path)
    content = members["content.xml"].decode()
    for line, text in (("x = [", "x = ["), ("1]", '<text:s text:c="4"/>1]')):
        content = re.sub(
            rf"<text:p[^>]*>CODE(?:<text:s[^>]*/>| )*{re.escape(line)}",
            f'<text:p text:style-name="Source_20_Code">{text}',
            content,
        )
    path.write_bytes(pack_archive({**members, "content.xml": content.encode()}))
    return path


def test_an_open_document_text_keeps_formulas_notes_and_lines_of_code(tmp_path: Path) -> None:
    source = write_text(tmp_path / "peat.odt")
    assert find_converter(source) == "odt"
    book = odt.convert(source, ConversionOptions())
    files = render_book(book, ["01-peat.md"], NamesInUse())
    text = files.files["chapters/01-peat.md"].decode()
    assert text.startswith("---\nauthors:\n- Ada Lee\nsources:\n- title: Peat\n")
    assert text.endswith(
        "# Peat\n\nPeat is *old*[^1] and has $x^{2}$ layers.\n\n[^1]: Very.\n\n## Code\n\n```\nx = [\n    1]\n```\n"
    )
    assert [finding for finding in files.findings if finding.code == "import-lost"] == []
