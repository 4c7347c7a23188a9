"""Every reused work has its attribution in every format; a conflict of licenses is found with file and line."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import INDEX, oerbook, write

pytestmark = pytest.mark.slow
PAGE = """---
license: CC-BY-SA-4.0
sources:
  - title: Soils of the *North*
    authors: Ida Berg
    source: https://north.example/soils
    license: CC-BY-SA-3.0
    relation: adapted
    changes: shortened
  - title: A song
    creators: Anonymous
    url: https://song.example/
    license: CC-PDM-1.0
    relation: verbatim
---
# Sand

```{figure} dune.png
:alt: A dune
:title: Dune at noon
:creator: Pia Holm
:source: https://dune.example/<1>
:license: CC-BY-NC-2.0
:changes: cropped

A dune.
```

```{figure} grain.png
:alt: A grain

A grain.
```

![A grain again](grain.png)

````md
```{figure} other.png
:creator: Nobody Real
```
````
"""
GRAIN = "title: One grain\ncreators: [Ole Dahl, Eva Lund]\nsource: https://grain.example\nlicense: CC-BY-4.0\n"
CONFLICT = """---
license: CC-BY-4.0
sources:
  - title: Clay tables
    authors: Tom Ruiz
    source: https://clay.example
    license: CC-BY-SA-4.0
    relation: adapted
---
# Clay

Clay.
"""
CREDITS = (
    "This chapter is adapted from “Soils of the *North*” by Ida Berg, CC BY-SA 3.0. Changes: shortened.",
    "This chapter contains “A song” by Anonymous, Public Domain Mark 1.0. No changes.",
    "A dune. “Dune at noon” by Pia Holm, CC BY-NC 2.0. Changes: cropped.",
    "A grain. “One grain” by Ole Dahl, Eva Lund, CC BY 4.0.",
    "Except where otherwise noted, this book is licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).",
    "The book as a whole may not be used commercially, because parts of it may not.",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of two chapters in every format."""
    files = {"index.md": INDEX, "01-sand.md": PAGE, "02-clay.md": CONFLICT, "grain.png.yml": GRAIN}
    root = write(tmp_path_factory.mktemp("book"), {f"chapters/{name}": text for name, text in files.items()})
    for name in ("dune", "grain"):
        Image.new("RGB", (40, 20), "tan").save(root / f"chapters/{name}.png")
    assert oerbook("build", "html", "epub", "pdf", "docx", "-C", root).code == 0
    return root


def words_of(path: Path) -> str:
    """Return the words of a finished format, in order, with single spaces."""
    if path.suffix == ".pdf":
        text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    elif path.suffix in (".docx", ".epub"):
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if n.endswith(".xhtml") or n == "word/document.xml"]
            pages = [archive.read(name).decode().replace("</w:p>", " ") for name in names]
        text = unescape(re.sub(r"<[^>]+>", "", " ".join(pages)))
    else:
        pages = [page.read_text(encoding="utf-8") for page in sorted(path.glob("*.html"))]
        text = unescape(re.sub(r"<[^>]+>", "", " ".join(pages)))
    return " ".join(text.replace("\u2060", "").split())


@pytest.mark.parametrize("kind", ["html", "epub", "pdf", "docx"])
def test_every_format_names_title_author_license_and_changes(built: Path, kind: str) -> None:
    path = built / "_build/html" if kind == "html" else next((built / "_build").glob(f"*.{kind}"))
    text = words_of(path)
    squeezed = "".join(text.split())  # a long address is broken over lines in print
    assert [line for line in CREDITS if "".join(line.split()) not in squeezed] == []
    assert text.count("“One grain” by Ole Dahl, Eva Lund, CC BY 4.0.") == 3  # two uses and the list
    assert "“Nobody" not in text


def test_titles_and_licenses_are_links(built: Path) -> None:
    page = (built / "_build/html/sand.html").read_text(encoding="utf-8")
    assert 'href="https://north.example/soils"' in page
    assert 'href="https://creativecommons.org/licenses/by-sa/3.0/"' in page


def test_a_conflict_is_found_with_file_and_line(built: Path) -> None:
    checked = oerbook("check", "-C", built, "--format", "json")
    (finding,) = checked.findings("license-conflict")
    assert (finding["path"], finding["line"], finding["severity"]) == ("chapters/02-clay.md", 4, "error")
    assert checked.code == 1
    assert checked.findings("image-credit") == [], "options and the file beside a picture name its author"


def test_a_table_and_a_quotation_need_a_license_like_a_figure(tmp_path: Path) -> None:
    table = "```{list-table} T\n:header-rows: 1\n:source: https://a.example\n\n* - a\n* - b\n```\n"
    quotation = "```{epigraph}\n:creator: Ida Berg\n:license: CC BY\n\nSand is old.\n```\n"
    root = write(tmp_path, {"chapters/index.md": INDEX, "chapters/01-a.md": f"# A\n\n{table}\n{quotation}"})
    found = oerbook("check", "-C", root, "--format", "json").findings("source-license")
    assert [("not given" in f["message"], f["line"] > 2) for f in found] == [(True, True), (False, True)]


def test_each_page_names_itself_for_citation_managers_and_catalogs(built: Path) -> None:
    for name, kind in (("index", "Book"), ("sand", "Chapter"), ("clay", "Chapter")):
        page = (built / f"_build/html/{name}.html").read_text(encoding="utf-8")
        tags = {
            match[1]: unescape(match[2]) for match in re.finditer(r'<meta name="(citation_\w+)" content="(.*?)">', page)
        }
        required = {"citation_title", "citation_publication_date"}
        assert required | ({"citation_inbook_title"} if kind == "Chapter" else set()) <= tags.keys()
        assert "citation_author" in tags or kind == "Chapter"
        assert json.loads(data_block(built, name))["@type"] == [kind, "LearningResource"]
    assert [part["name"] for part in json.loads(data_block(built, "index"))["hasPart"]] == ["Sand", "Clay"]
    assert json.loads(data_block(built, "sand"))["license"] == "https://creativecommons.org/licenses/by-sa/4.0/"


def data_block(built: Path, name: str) -> str:
    page = (built / f"_build/html/{name}.html").read_text(encoding="utf-8")
    return page.split('<script type="application/ld+json">')[1].split("</script>")[0]
