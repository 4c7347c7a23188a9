"""Code in every format: line numbers, marked lines, and what is copied."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.conftest import INDEX, need, oerbook, write

LONG = "curl -X POST https://example.org/api/v1/items/with/a/very/long/path?first=one&second=two -H 'Accept: application/json'"
PAGE = f"""\
# Code

```{{code-block}} python
:lineno-start: 98
:emphasize-lines: 2

first = 1
second = 2
third = 3
```

```{{code-block}}
:linenos:

plain

after an empty line
```

```sh
{LONG}

next
```

Call `oerbook.formats.pdf.some_module_with_a_name.some_function_with_a_very_long_name(argument_one)` or `{"x" * 120}`.
"""
OUTPUTS = [{"output_type": "stream", "name": "stderr", "text": [f"\r{n}%|{'#' * n}|" for n in (10, 50)]},
           {"output_type": "stream", "name": "stderr", "text": "\r100%|" + "#" * 60 + "|\ndone\n"}]  # fmt: skip
CELL = {"cell_type": "code", "source": "work()", "metadata": {}, "execution_count": 1, "outputs": OUTPUTS}
TITLE = {"cell_type": "markdown", "source": "# Bars", "metadata": {}}
NOTEBOOK = json.dumps({"cells": [TITLE, CELL], "metadata": {"kernelspec": {"language": "python", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5})  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {"chapters/index.md": INDEX, "chapters/01-code.md": PAGE, "chapters/02-bars.ipynb": NOTEBOOK}
    folder = write(tmp_path_factory.mktemp("book"), files)
    assert oerbook("build", "all", cwd=folder).code == 0
    return folder / "_build"


@pytest.fixture(scope="module")
def printed(built: Path) -> str:
    need("pdftotext")
    pdf = next(built.glob("*.pdf"))
    return subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()


def _member(built: Path, kind: str, pattern: str) -> str:
    with zipfile.ZipFile(next(built.glob(f"*.{kind}"))) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist() if re.search(pattern, name)]
    return next(page for page in pages if "third" in page)


def test_lines_are_numbered_in_every_format(built: Path, printed: str) -> None:
    site = (built / "html/code.html").read_text(encoding="utf-8")
    epub = re.sub(r"<[^>]*>", "", _member(built, "epub", r"ch\d+\.xhtml"))
    docx = re.sub(r"<[^>]*>", "", _member(built, "docx", r"document\.xml").replace("<w:br/>", "\n"))
    for text in (re.sub(r"<[^>]*>", "", site), epub, docx, printed):
        for line in (r" 98\s*first = 1", r" 99\s*second = 2", r"100\s*third = 3", r"1\s*plain", r"3\s*after an empty"):
            assert re.search(line, text), line


def test_lines_are_marked_in_every_format(built: Path) -> None:
    assert '<span class="hll"><span class="linenos"> 99' in (built / "html/code.html").read_text(encoding="utf-8")
    assert re.search(r'<mark [^>]*class="code-line">.*99 .*second', _member(built, "epub", r"ch\d+\.xhtml"))
    docx = _member(built, "docx", r"document\.xml")
    assert re.search(r"<w:shd [^>]*/></w:rPr><w:t[^>]*>second", docx)
    assert "oerbook-code" not in docx


def test_code_copied_from_the_pdf_has_no_invisible_letters(printed: str) -> None:
    assert not re.search("[\u200b\u00ad\u2060\u21aa]", printed)
    assert LONG.replace(" ", "") in re.sub(r"\s", "", printed)


def test_long_code_in_a_line_stays_on_the_page(built: Path, printed: str) -> None:
    assert "some_function_with_a_very_long_name(argument_one)" in re.sub(r"\s", "", printed)
    boxes = subprocess.run(
        ["pdftotext", "-bbox", next(built.glob("*.pdf")), "-"], capture_output=True, check=True
    ).stdout.decode()
    width = float(re.search(r'<page width="([\d.]+)"', boxes)[1])  # type: ignore[index]
    assert max(float(right) for right in re.findall(r'xMax="([\d.]+)"', boxes)) < width * 0.9


def test_a_progress_bar_shows_its_last_state(built: Path, printed: str) -> None:
    site = (built / "html/bars.html").read_text(encoding="utf-8")
    for text in (site, printed):
        assert "100%|" in text and "done" in text
        assert "10%|" not in text.replace("100%|", "")
