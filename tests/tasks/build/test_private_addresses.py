"""No e-mail address of a contributor is in any finished file, wherever an author has typed it."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from oerbook.manuscript.manuscript import Section
from oerbook.tasks.build.private_addresses import POSSIBLE_ADDRESS, PrivateAddresses, _mask_section, _plain
from tests.conftest import Ran, oerbook
from tests.support.repository import begin, commit, git

ADA, BO, CY, DEE = "ada.lee@example.org", "bo+soil@uni.example", "cy@mapped.example", "dee@home.example"
INDEX = f"""---
title: Soil
subtitle: Write to {ADA}
description: A book by {ADA}.
keywords: [soil, {BO}]
license: CC-BY-4.0
---

# Soil

Welcome.
"""
CHAPTER = f"""---
title: Worms
description: Ask {BO} about worms.
---

# Worms

Ask {ADA}, <{BO}>, [Ada](mailto:{ADA}), [Cy](mailto:cy%40mapped.example?subject=x), `{DEE}`, "{ADA}".

The desk is desk@publisher.example. Nobody is ada.lee@example.com.

$\\text{{{ADA}}}$ and ![a worm of {ADA}](worm.svg){{title="{ADA}"}} {{cite}}`moss`.[^n]

[^n]: Note by {CY}.

| Who | Where |
|---|---|
| Ada | {ADA} |

```text
mail {ADA}
```

```{{bibliography}}
```

{{download}}`data.csv`
"""
BIB = f"@book{{moss, author = {{Moss, Eve}}, title = {{Mosses}}, year = 2020, publisher = {{P}}, note = {{Mail {ADA}}}}}\n"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="9"><text x="1" y="8">{ADA}</text></svg>'
FORBIDDEN = [re.compile(re.escape(address).replace("@", r"\\*(?:@|%40|&#64;)"), re.I) for address in (ADA, BO, CY, DEE)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    root = tmp_path_factory.mktemp("book") / "book"
    begin(
        root,
        {
            "chapters/index.md": INDEX, "chapters/01-worms.md": CHAPTER, "chapters/worm.svg": SVG,
            "chapters/references.bib": BIB, "chapters/data.csv": f"who,where\nAda,{ADA}\n",
            "contributors/ada-lee.md": f"---\nname: Ada Lee\n---\n\nAda digs. Her private address is {DEE}.\n",
            ".mailmap": f"Cy Moss <{CY}> <cy@old.example>\n",
        },
    )  # fmt: skip
    commit(
        root,
        "main",
        {"chapters/02-roots.md": "# Roots\n\nRoots hold.\n"},
        "X",
        f"Add roots\n\nCo-authored-by: Bo Moss <{BO}>",
    )
    git(root, "reset", "-q", "--hard")
    ran = oerbook("build", "html", "epub", "pdf", "docx", "-C", root, "--format", "json")
    assert ran.code in (0, 1), ran.err
    return root, ran


def members(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield what is in a finished file: archives opened, PDF as text and metadata."""
    if name.endswith((".zip", ".epub", ".docx")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for inner in archive.namelist():
                yield from members(archive.read(inner), f"{name}/{inner}")
    elif name.endswith(".pdf"):
        document = pypdfium2.PdfDocument(data)
        yield name, "\n".join(page.get_textpage().get_text_bounded() for page in document).encode()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            links = [str(a.get("/A", {}).get("/URI", "")) for page in pdf.pages for a in page.get("/Annots", [])]
            yield (
                name,
                " ".join([*map(str, dict(pdf.docinfo).values()), *links]).encode()
                + bytes(pdf.Root.Metadata.read_bytes()),
            )
    else:
        yield name, data


@pytest.mark.slow
def test_no_address_of_a_contributor_is_in_any_finished_file(built: tuple[Path, Ran]) -> None:
    root, _ran = built
    found, seen = [], ""
    for path in sorted((root / "_build").rglob("*")):
        if path.is_file() and ".cache" not in path.parts:
            for name, data in members(path.read_bytes(), path.relative_to(root).as_posix()):
                text = data.decode("utf-8", "replace")
                found += [
                    (name, p.pattern)
                    for p in FORBIDDEN
                    if p.search(re.sub(r"\s+", "", text) if ".pdf" in name else text)
                ]
                seen += text
    assert found == []
    assert "desk@publisher.example" in seen and "ada.lee@example.com" in seen


@pytest.mark.slow
def test_each_place_in_the_sources_is_a_finding(built: tuple[Path, Ran]) -> None:
    root, ran = built
    places = {(f["path"], f["line"]) for f in ran.findings("email-left-out")}
    assert {("chapters/index.md", 3), ("chapters/01-worms.md", 8), ("chapters/01-worms.md", 14),
            ("chapters/references.bib", 1), ("contributors/ada-lee.md", 5)} <= places  # fmt: skip
    assert not any(pattern.search(ran.out) for pattern in FORBIDDEN), "no finding shows an address"
    checked = oerbook("check", "-C", root, "--format", "json")
    assert {(f["path"], f["line"]) for f in checked.findings("email-left-out")} == places
    assert not any(pattern.search(checked.out) for pattern in FORBIDDEN)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ada@x.org", "…"), ("Ada@X.org.", "….".replace("..", ".")), ("<ada@x.org>", "<…>"), ("ada\\@x.org", "…"),
        ("mailto:ada@x.org", "…"), ("mailto:ada%40x.org", "…"), ("ada&#64;x.org", "…"), ("ada&#x40;x.org", "…"),
        ("xada@x.org", "xada@x.org"), ("ada@x.organic", "ada@x.organic"), ("ada@y.org", "ada@y.org"),
    ],
)  # fmt: skip
def test_an_address_is_found_in_every_way_of_writing_it(text: str, masked: str) -> None:
    assert PrivateAddresses(frozenset({"ada@x.org"})).mask(text).rstrip(".") == masked.rstrip(".")


def test_a_link_to_an_address_becomes_text() -> None:
    private = PrivateAddresses(frozenset({"ada@x.org"}))
    page = '<p><a class="x" href="mailto:ada@x.org">Ada</a> <a href="mailto:bo@x.org">Bo</a></p>'
    assert private.mask_page(page) == '<p><a class="x">Ada</a> <a href="mailto:bo@x.org">Bo</a></p>'
    link = {"t": "Link", "c": [["", [], []], [{"t": "Str", "c": "Ada"}], ["mailto:ada@x.org", ""]]}
    assert private.mask_blocks([link]) == [{"t": "Span", "c": [["", [], []], [{"t": "Str", "c": "Ada"}]]}]


def test_an_address_at_the_start_of_a_line_of_code_is_masked() -> None:
    code = {"t": "CodeBlock", "c": [["", [], []], f"Write to:\n{ADA}"]}
    section = Section("soil", "Soil", [code], "chapter")
    masked = _mask_section(section, PrivateAddresses(frozenset({ADA})))
    assert masked.blocks == [{"t": "CodeBlock", "c": [["", [], []], "Write to:\n…"]}]


def test_an_address_is_found_wherever_a_search_at_every_letter_finds_one() -> None:
    known = frozenset({"ada@x.org", "a@x.org", "ada@b.x.org"})
    private, dice = PrivateAddresses(known), random.Random(1)
    parts = ["a", "b", ".", "@", "%40", " ", "&#64;", "\\", "mailto:", "x.org", "ada", '"', "-", "u0040", "&commat;"]
    for _ in range(20_000):
        text = "".join(dice.choices(parts, k=dice.randint(2, 9)))
        if any(_plain(match[0]) in known for match in POSSIBLE_ADDRESS.finditer(text)):
            assert private.contains(text), text
