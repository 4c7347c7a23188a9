"""What people do with a book, from the command line."""

from __future__ import annotations

import hashlib
import html
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from tests.conftest import INDEX, oerbook, write

pytestmark = pytest.mark.slow
RICH = r"""(soil)=
# Soil

A note[^1] and {term}`loam`, $x^2$ and {eq}`e`, see {numref}`fig`, {numref}`tab`, {prf:ref}`thm` and [water](02-water.md).

$$ a = b $$ (e)

```{figure} dot.svg
:name: fig
:alt: a dot
A dot
```

:::{table} Things
:name: tab
| a | b |
|---|---|
| 1 | 2 |
:::

```{prf:theorem}
:label: thm
All soil is alive.
```

```{exercise}
:label: ex
Dig.
```

```{solution} ex
Dug.
```

[^1]: the note

```{glossary}
loam
  good earth
```

```{index} earth
```
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><circle cx="10" cy="10" r="8"/></svg>'
FILES = {
    "chapters/01-soil.md": RICH,
    "chapters/02-water.md": "# Water\n\nSee {ref}`soil` and {numref}`fig`.\n",
    "chapters/dot.svg": SVG,
}


def digests(out: Path) -> dict[str, str]:
    found = [p for p in out.rglob("*") if p.is_file() and ".cache" not in p.parts and p.name != ".lock"]
    return {p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


def test_one_source_gives_the_same_numbers_in_every_format(make: Callable[..., Path]) -> None:
    root = make(FILES)
    ran = oerbook("build", "all", "--format", "json", "-C", root)
    assert ran.report["findings"] == []
    assert sorted(a["format"] for a in ran.report["artifacts"]) == ["docx", "epub", "html", "pdf"]
    page = (root / "_build/html/soil.html").read_text()
    with zipfile.ZipFile(root / "_build/a-small-book.epub") as archive:
        book = "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith(".xhtml"))
    with zipfile.ZipFile(root / "_build/a-small-book.docx") as archive:
        word = "".join(etree.fromstring(archive.read("word/document.xml")).itertext())
    for text in (re.sub(r"<[^>]+>", "", page), re.sub(r"<[^>]+>", "", book), word):
        for number in ("Fig. 1.1", "Table 1.1", "Theorem 1.1", "Exercise 1.1", "(1.1)"):
            assert number in text.replace("\u00a0", " ")


def test_a_repeated_build_renders_nothing_and_reports_the_same(make: Callable[..., Path]) -> None:
    root = make({**FILES, "chapters/03-bad.md": "# Bad\n\n![x](nowhere.png) {ref}`nowhere`\n"})
    first = oerbook("build", "html", "epub", "--format", "json", "-C", root)
    page = root / "_build/.cache/site/soil.html"
    before = page.stat().st_mtime_ns
    second = oerbook("build", "html", "epub", "--format", "json", "-C", root)
    assert first.report == second.report
    assert page.stat().st_mtime_ns == before


def test_a_change_reaches_every_page_that_shows_it(make: Callable[..., Path]) -> None:
    root = make(FILES)
    oerbook("build", "html", "-C", root)
    write(
        root,
        {
            "chapters/01-soil.md": RICH.replace(
                "```{figure}", "```{figure} dot.svg\n:alt: another\nFirst\n```\n\n```{figure}", 1
            )
        },
    )
    oerbook("build", "html", "-C", root)
    assert "Fig.\u00a01.2" in (root / "_build/html/water.html").read_text()


def test_citations_in_the_syntax_of_mystmd_are_read(make: Callable[..., Path]) -> None:
    bib = "@book{lee2020, author={Lee, Ada}, title={Soil}, publisher={P}, year={2020}}\n"
    text = "# A\n\nAs @lee2020 says [@lee2020], write to ada@example.org or @nobody.\n"
    root = make({"chapters/01-a.md": text, "chapters/refs.bib": bib})
    assert oerbook("build", "html", "--format", "json", "-C", root).report["findings"] == []
    page = html.unescape(re.sub(r"<[^>]+>", "", (root / "_build/html/a.html").read_text().split("<main")[1]))
    assert "As Lee (2020) says (Lee 2020), write to ada@example.org or @nobody." in page
    assert "Soil" in (root / "_build/html/bibliography.html").read_text()


def test_terms_explained_in_several_chapters_are_gathered(make: Callable[..., Path]) -> None:
    text = "# {0}\n\n```{{glossary}}\n{1}\n  explained\n```\n"
    root = make({"chapters/01-a.md": text.format("A", "zinc"), "chapters/02-b.md": text.format("B", "acid")})
    assert oerbook("build", "html", "epub", "--format", "json", "-C", root).report["findings"] == []
    page = (root / "_build/html/glossary.html").read_text().split("<main")[1]
    assert page.index("acid") < page.index("zinc")
    assert 'href="a.html#term-zinc"' in page


def test_a_new_chapter_and_a_removed_one_reach_the_whole_book(make: Callable[..., Path]) -> None:
    root = make(FILES)
    oerbook("build", "html", "-C", root)
    write(root, {"chapters/00-preface.md": "# Preface\n\nFirst.\n"})
    ran = oerbook("build", "html", "--format", "json", "-C", root)
    assert ran.report["findings"] == []
    assert "Fig.\u00a02.1" in (root / "_build/html/water.html").read_text()
    assert "preface.html" in (root / "_build/html/index.html").read_text()
    (root / "chapters/00-preface.md").unlink()
    oerbook("build", "html", "-C", root)
    assert "Fig.\u00a01.1" in (root / "_build/html/water.html").read_text()
    assert not (root / "_build/html/preface.html").exists()


def test_a_file_put_back_with_an_old_date_is_read_again(make: Callable[..., Path]) -> None:
    import os

    root = make(FILES)
    oerbook("build", "html", "-C", root)
    path = root / "chapters/02-water.md"
    path.write_text("# Water\n\nRestored from a backup.\n")
    os.utime(path, (1, 1))
    oerbook("build", "html", "-C", root)
    assert "Restored" in (root / "_build/html/water.html").read_text()


def test_an_interrupted_build_is_completed_by_the_next_one(make: Callable[..., Path]) -> None:
    root = make(FILES)
    oerbook("build", "html", "-C", root)
    whole = digests(root / "_build")
    cache = root / "_build/.cache"
    (cache / "unfinished").touch()
    for path in (cache / "doctrees").rglob("*.doctree"):
        path.write_bytes(path.read_bytes()[:100])
    for path in (cache / "resolved").iterdir():
        path.write_bytes(b"half")
    assert oerbook("build", "html", "-C", root).code == 0
    assert digests(root / "_build") == whole


def test_two_builds_in_different_places_are_equal_to_the_last_byte(make: Callable[..., Path], tmp_path: Path) -> None:
    root = make(FILES)
    other = tmp_path / "elsewhere" / "deeper"
    shutil.copytree(root, other)
    oerbook("build", "all", "-C", root, TZ="Asia/Tokyo", PYTHONHASHSEED="1")
    oerbook("build", "all", "-C", other, TZ="America/Lima", PYTHONHASHSEED="2")
    assert digests(root / "_build") == digests(other / "_build")


def test_strict_makes_warnings_count(make: Callable[..., Path]) -> None:
    root = make({"chapters/01-a.md": "# A\n\n{ref}`nowhere`\n"})
    assert oerbook("build", "html", "-C", root).code == 0
    ran = oerbook("build", "html", "--strict", "-C", root)
    assert ran.code == 1
    assert "chapters/01-a.md:3: warning:" in ran.err


def test_solutions_are_placed_by_the_setting_of_the_book(make: Callable[..., Path]) -> None:
    text = "# A\n\n```{exercise}\n:label: e\nAsk.\n```\n\nbetween\n\n```{solution} e\nAnswer.\n```\n\nafterwards\n"
    for wish, order in (("after", "Answer between"), ("end", "afterwards Answer"), ("hidden", "")):
        root = make({"chapters/01-a.md": text}, INDEX.replace("title:", f"solutions: {wish}\ntitle:", 1))
        oerbook("build", "html", "-C", root)
        words = re.findall(r"Answer|between|afterwards", (root / "_build/html/a.html").read_text().split("<main")[1])
        assert order in " ".join(words)
        assert ("Answer" in words) is (wish != "hidden")


def test_a_notebook_shows_its_stored_outputs_and_runs_nothing(make: Callable[..., Path], tmp_path: Path) -> None:
    import json

    mark = tmp_path / "ran"
    cell = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": 1,
        "source": [f"open({str(mark)!r}, 'w')"],
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["stored \x1b[31moutput\x1b[0m\n"]}],
    }
    book = {
        "cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# Numbers\n", "Text."]}, cell],
        "metadata": {},
        "nbformat": 4,
    }
    root = make({"chapters/01-numbers.ipynb": json.dumps(book)})
    assert oerbook("build", "html", "--format", "json", "-C", root).report["findings"] == []
    page = (root / "_build/html/numbers.html").read_text()
    assert "stored output" in page
    assert not mark.exists()


def test_code_is_run_when_the_book_asks_for_it_and_only_once(make: Callable[..., Path], tmp_path: Path) -> None:
    pytest.importorskip("nbclient", reason="oerbook[notebooks] is not installed")
    mark = tmp_path / "runs"
    code = f"open({str(mark)!r}, 'a').write('x')\nprint(6 * 7)"
    text = f"# A\n\n```{{code-cell}} python\n{code}\n```\n\n```{{code-cell}} python\n1 / 0\n```\n"
    root = make({"chapters/01-a.md": text}, INDEX.replace("title:", "execute: true\ntitle:", 1))
    ran = oerbook("build", "html", "--format", "json", "-C", root)
    assert [f["code"] for f in ran.report["findings"]] == ["code-fails"]
    page = (root / "_build/html/a.html").read_text()
    assert "42" in page
    assert "ZeroDivisionError" in page
    oerbook("build", "html", "-C", root, "--out", root / "_build")
    assert mark.read_text() == "x"


def test_conf_py_is_not_run_by_build(make: Callable[..., Path], tmp_path: Path) -> None:
    root = make({**FILES, "conf.py": f"open({str(tmp_path / 'ran')!r}, 'w')\nextensions = ['oerbook']\n"})
    oerbook("build", "html", "-C", root)
    assert not (tmp_path / "ran").exists()


def test_plain_sphinx_build_makes_the_book_as_well(make: Callable[..., Path], tmp_path: Path) -> None:
    import sys

    root = make(FILES)
    command = [sys.executable, "-m", "sphinx", "-q", "-c", str(root), str(root / "chapters"), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Fig.\u00a01.1" in (tmp_path / "out/water.html").read_text()


def test_pages_ask_nothing_of_other_sites_and_carry_a_policy(make: Callable[..., Path]) -> None:
    root = make(FILES)
    oerbook("build", "html", "-C", root)
    for path in (root / "_build/html").rglob("*.html"):
        page = path.read_text()
        assert "Content-Security-Policy" in page
        assert not re.search(r'(?:src|href)="(?:https?:)?//[^"]*\.(?:js|css|woff2?)', page)
        assert not re.search(r'<script(?! data-scripts=| type="application/ld\+json"|>)', page)


def test_clean_removes_only_build_output(make: Callable[..., Path]) -> None:
    root = make(FILES)
    oerbook("build", "html", "-C", root)
    (root / "_build/mine.txt").write_text("keep")
    assert oerbook("clean", "-C", root).code == 0
    assert [path.name for path in (root / "_build").iterdir()] == ["mine.txt"]
    assert oerbook("clean", "--out", root / "chapters").code == 1
    assert (root / "chapters/index.md").exists()


def test_clean_leaves_a_folder_that_only_looks_like_output(make: Callable[..., Path], tmp_path: Path) -> None:
    root, home = make(FILES), tmp_path / "home"
    for name in (".cache/other/data", "html/page.html", "thesis.pdf"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("keep")
    assert "is not an output folder" in oerbook("clean", "-C", root, "--out", home).err
    (root / "_build").mkdir()
    oerbook("build", "html", "-C", root)
    (root / "_build/thesis.pdf").write_text("keep")
    assert oerbook("clean", "-C", root).code == 0
    assert [path.name for path in (root / "_build").iterdir()] == ["thesis.pdf"]
    assert sorted(path.name for path in home.rglob("*") if path.is_file()) == ["data", "page.html", "thesis.pdf"]
