"""A design of the book's own: said once, it is the same in every format; and the book as a printer gets it."""

from __future__ import annotations

import re
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest
from lxml import html
from PIL import Image
from pypdf import PdfReader

from oerbook.formats.pdf.print_edition import spine_width_mm
from tests.conftest import ROOT, need, oerbook, write
from tests.support.repository import begin, commit, git

pytestmark = pytest.mark.slow
INDEX = "---\ntitle: Soil\ntheme: {theme}\nlicense: CC-BY-4.0\n{more}---\n\n# Soil\n\nAbout soil.\n"
PAGE = "# The ground\n\nSoil is *alive*, and $x^2$.\n\n## Below\n\n:::{warning}\nDig with care.\n:::\n"
LONG = f"# Long\n\n```python\nvalue = first({', '.join(f'argument_{n}' for n in range(12))})\n```\n"
WIDE = "# Wide\n\n|" + "|".join(f"Column number {n}" for n in range(14)) + "|\n" + "|---" * 14 + "|\n"
WIDE += ("|" + "|".join(f"considerable{n}" for n in range(14)) + "|\n") * 3
UNBROKEN = """# Unbroken

```python
names = data[["country", "code"]].drop_duplicates().reset_index(drop=True).set_index(["code"]).to_dict()["country"]
url = "https://example.org/data/lectures/raw/main/lectures/datasets/a-very-long-name-of-a-file-of-data-that-goes-on.xlsx"
```

$$
f(x, y) = \\frac{1}{2 \\pi \\sigma_x \\sigma_y \\sqrt{1 - \\rho^2}} \\exp\\left( -\\frac{1}{2 (1 - \\rho^2)} \\left[ \\frac{(x - \\mu_x)^2}{\\sigma_x^2} - \\frac{2 \\rho (x - \\mu_x) (y - \\mu_y)}{\\sigma_x \\sigma_y} + \\frac{(y - \\mu_y)^2}{\\sigma_y^2} \\right] \\right)
$$ (density)
"""
OWN = """base = "classic"
[type]
text = "Atkinson Hyperlegible"
size = "13pt"
[color]
accent = "#116644"
[parts]
accents = []
night-accents = []
[faces]
"Atkinson Hyperlegible" = { package = "fontpkg-atkinson-hyperlegible", regular = "AtkinsonHyperlegible-Regular.ttf" }
"""


def book(root: Path, theme: str, more: str = "", **pages: str) -> Path:
    index = INDEX.format(theme=theme, more=more)
    texts = {f"chapters/{n:02}-{name}.md": text for n, (name, text) in enumerate(pages.items(), start=1)}
    return write(root, {"chapters/index.md": index, **texts})


def fonts(reader: PdfReader) -> set[str]:
    found = set()
    for page in reader.pages:
        for font in (page.get("/Resources") or {}).get("/Font", {}).values():
            found.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    return found


def content(reader: PdfReader) -> str:
    return "\n".join(
        page.get_contents().get_data().decode("latin-1") for page in reader.pages if page.get_contents() is not None
    )


def test_three_tokens_of_a_book_change_every_format(tmp_path: Path) -> None:
    root = book(tmp_path, "soil", "keywords: [soil, water]\n", ground=PAGE)
    assert oerbook("theme", "new", "soil", cwd=root).code == 0
    (root / "themes/soil/theme.toml").write_text(OWN)
    assert oerbook("build", "all", cwd=root).code == 0
    site = (root / "_build/html/_static/tokens.css").read_text()
    assert "--accent: #116644" in site and '--text: "Atkinson Hyperlegible"' in site
    with zipfile.ZipFile(root / "_build/soil.epub") as epub:
        sheet = next(epub.read(name).decode() for name in epub.namelist() if name.endswith(".css"))
    assert "--accent: #116644" in sheet and 'font-family: "Atkinson Hyperlegible"' in sheet
    with PdfReader(root / "_build/soil.pdf") as pdf:
        words = content(pdf)
        assert "AtkinsonHyperlegible-Regular" in fonts(pdf)
        assert not [name for name in fonts(pdf) if "SourceSerif" in name]
    assert re.search(r"\b13 Tf", words)
    green = [f"{int('116644'[at : at + 2], 16) / 255:.4f}".rstrip("0")[:5] for at in (0, 2, 4)]
    assert re.search(r"\s+".join(re.escape(part) + r"\d*" for part in green) + r"\s+(rg|sc|scn|RG|SCN)\b", words)
    with zipfile.ZipFile(root / "_build/soil.docx") as docx:
        styles = docx.read("word/styles.xml").decode()
        assert "soil, water" in docx.read("docProps/core.xml").decode()
    assert 'w:val="116644"' in styles and "Atkinson Hyperlegible" in styles


def test_the_plain_theme_is_another_book_in_every_format(tmp_path: Path) -> None:
    root = book(tmp_path, "plain", ground=PAGE)
    assert oerbook("build", "html", "epub", "pdf", cwd=root).code == 0
    assert "Atkinson Hyperlegible" in (root / "_build/html/_static/tokens.css").read_text()
    with zipfile.ZipFile(root / "_build/soil.epub") as epub:
        sheet = next(epub.read(name).decode() for name in epub.namelist() if name.endswith(".css"))
        assert any("atkinson" in name for name in epub.namelist())
    assert "hyphens: manual" in sheet
    with PdfReader(root / "_build/soil.pdf") as pdf:
        assert re.search(r"\b15 Tf", content(pdf))
        assert pdf.page_labels[-1] == str(int(pdf.page_labels[-1]))


def test_a_new_theme_changes_nothing_until_a_line_is_uncommented(tmp_path: Path) -> None:
    root = book(tmp_path, "mine", ground=PAGE)
    assert oerbook("theme", "new", "mine", "--from", "plain", cwd=root).code == 0
    text = (root / "themes/mine/theme.toml").read_text()
    said = tomllib.loads(text)
    assert said.pop("base") == "plain" and not any(said.values())
    freed = tomllib.loads(
        text.replace("# ", "", 1) if text.startswith("# [") else re.sub(r"(?m)^# (?=\S+ = )", "", text)
    )
    assert freed["type"]["text"] == "Atkinson Hyperlegible" and freed["page"]["ornaments"] is False
    assert "mine                 this book" in oerbook("theme", "list", cwd=root).out
    again = oerbook("theme", "new", "mine", cwd=root)
    assert again.code == 1 and "already" in again.err
    assert oerbook("theme", "new", "../up", cwd=root).code == 1
    assert oerbook("theme", "new", "whole", "--full", cwd=root).code == 0
    assert (root / "themes/whole/pdf/template.typ").is_file() and (root / "themes/whole/html/layout.html").is_file()


def test_a_printer_gets_pages_and_a_cover_as_wide_as_the_book_is_thick(tmp_path: Path) -> None:
    more = "paper: 6x9in\nprint:\n  paper_thickness: 0.2 mm\n  crop_marks: true\n  black_and_white: true\n  lists: [tables]\n"
    root = book(tmp_path, "classic", more, ground=PAGE, long=LONG, wide=WIDE)
    ran = oerbook("build", "--print", cwd=root)
    assert ran.code == 0, ran.err
    with PdfReader(root / "_build/soil-print.pdf") as pages, PdfReader(root / "_build/soil-cover.pdf") as cover:
        wide, high = (float(length) / 72 * 25.4 for length in pages.pages[0].mediabox[2:])
        assert (round(wide, 1), round(high, 1)) == (152.4 + 24, 228.6 + 24)
        jacket = float(cover.pages[0].mediabox[2]) / 72 * 25.4
        assert abs(jacket - (2 * 152.4 + spine_width_mm(len(pages.pages), 0.2) + 24)) < 0.2
        assert "i" not in pages.page_labels[0] and "1" in pages.page_labels
        colors = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|sc|scn)\b", content(pages))
        assert all(red == green == blue for red, green, blue in colors)


def test_the_background_of_the_cover_extends_into_the_bleed(tmp_path: Path) -> None:
    need("pdftoppm")
    root = book(tmp_path, "classic", "paper: 6x9in\nprint:\n  bleed: 3 mm\n", ground=PAGE)
    assert oerbook("build", "--print", cwd=root).code == 0
    drawn = [
        "pdftoppm",
        "-r",
        "127",
        "-png",
        "-singlefile",
        str(root / "_build/soil-cover.pdf"),
        str(tmp_path / "cover"),
    ]
    subprocess.run(drawn, check=True)
    with Image.open(tmp_path / "cover.png") as cover:
        edge = cover.width - 12 * 5  # five dots are a millimetre, and the sheet goes on for twelve
        strip = cover.convert("L").crop((edge + 2, cover.height // 3, edge + 13, cover.height * 9 // 10))
        low, high = strip.getextrema()
    assert high - low > 20


def test_no_content_of_a_pdf_page_exceeds_the_text_area(tmp_path: Path) -> None:
    need("pdftotext")
    root = book(tmp_path, "classic", "", long=LONG, unbroken=UNBROKEN, wide=WIDE)
    assert oerbook("build", "pdf", cwd=root).code == 0
    laid = subprocess.run(["pdftotext", "-bbox", str(root / "_build/soil.pdf"), "-"], capture_output=True, check=True)
    pages = html.fromstring(laid.stdout).xpath("//page")
    spoken = " ".join(words.text_content() for words in pages)
    assert "drop_" in spoken and "considerable13" in spoken
    page = tomllib.loads((ROOT / "themes/classic/theme.toml").read_text())["page"]
    margin = min(float(page[side].removesuffix("mm")) for side in ("inside", "outside")) / 25.4 * 72
    for sheet in pages[1:]:
        edges = [(float(word.get("xmin")), float(word.get("xmax"))) for word in sheet.iter("word")]
        assert min((left for left, _ in edges), default=margin) >= margin - 2
        assert max((right for _, right in edges), default=0) <= float(sheet.get("width")) - margin + 2


def test_an_unknown_paper_size_is_reported(tmp_path: Path) -> None:
    root = book(tmp_path, "classic", "paper: enormous\nprint:\n  paper_thickness: thick\n", ground=PAGE)
    ran = oerbook("build", "pdf", "--format", "json", cwd=root)
    assert {"front-matter-value"} <= {f["code"] for f in ran.report["findings"]}


def test_the_design_of_a_submission_is_never_read(tmp_path: Path) -> None:
    base = {"chapters/index.md": INDEX.format(theme="soil", more=""), "chapters/01-ground.md": PAGE}
    begin(tmp_path, {**base, "themes/soil/theme.toml": OWN})
    evil = {"themes/soil/theme.toml": "this is [no TOML", "themes/evil/html/layout.html": "{{ evil }}"}
    commit(tmp_path, "submission", {**evil, "chapters/01-ground.md": PAGE.replace("alive", "awake")}, "Eve")
    git(tmp_path, "checkout", "-q", "-f", "submission")
    ran = oerbook("check", "--base", "main", "--format", "json", cwd=tmp_path)
    said = {(finding["code"], finding["path"]) for finding in ran.report["findings"]}
    assert not [code for code, _path in said if code == "theme-unknown"]
    assert {path for _code, path in said} >= set(evil), said


def test_a_passage_for_one_format_is_in_that_format_alone(tmp_path: Path) -> None:
    page = "# Ways\n\n```{only} html\nPress the button.\n```\n\n```{only} pdf\nTurn the leaf.\n```\n\n```{only} epub\nSwipe.\n```\n"
    root = book(tmp_path, "classic", ways=page)
    assert oerbook("build", "html", "epub", "pdf", cwd=root).code == 0
    web = (root / "_build/html/ways.html").read_text()
    with zipfile.ZipFile(root / "_build/soil.epub") as epub:
        pages = " ".join(epub.read(name).decode() for name in epub.namelist() if name.endswith(".xhtml"))
    with PdfReader(root / "_build/soil.pdf") as pdf:
        paper = " ".join(sheet.extract_text() for sheet in pdf.pages)
    said = ["Press the button", "Swipe", "Turn the leaf"]
    assert [[words in text for words in said] for text in (web, pages, paper)] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]
