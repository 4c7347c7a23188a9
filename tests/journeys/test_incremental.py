"""What is kept from an earlier build is the same as what would be made anew, whatever changed in between."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.conftest import oerbook, write

pytestmark = pytest.mark.slow
INDEX = (
    "---\ntitle: Kept\nlicense: CC-BY-4.0\ndate: 2026-01-02\n---\n\n# Kept\n\nSee {doc}`soil` and {ref}`water-is`.\n"
)
FILES = {
    "chapters/index.md": INDEX,
    "chapters/references.bib": "@book{hardin, title = {The Commons}, author = {Hardin, Garrett}, year = {1968}}\n"
    "@book{ostrom, title = {Governing}, author = {Ostrom, Elinor}, year = {1990}}\n",
    "chapters/01-soil.md": "# Soil\n\n(soil-is)=\n## What soil is\n\nSoil {cite:p}`hardin` holds {term}`humus`; see {numref}`fig-drop`, "
    "{eq}`mass`, {prf:ref}`thm-one` and [the water](02-water.md).\n",
    "chapters/02-water.md": "# Water\n\n(water-is)=\n## What water is\n\n```{figure} drop.png\n:name: fig-drop\n:alt: a drop\n\nA drop\n```\n\n"
    "$$\nm = \\rho V\n$$ (mass)\n\n:::{prf:theorem} Water\n:label: thm-one\nWater is wet.\n:::\n\n"
    "```{exercise} Drink\n:label: ex-drink\nDrink some.\n```\n",
    "chapters/03-air.md": "# Air\n\nAfter {ref}`soil-is` and {cite:t}`ostrom` comes air.\n\n```{solution} ex-drink\n:label: sol-drink\nDone.\n```\n\n"
    "See [](#what-soil-is) nowhere, and {ref}`Air itself <air-is>`.\n\n(air-is)=\n## Air is\n\nThin.\n",
    "chapters/04-words.md": "# Words\n\n:::{glossary}\nhumus\n  what is left of leaves\n:::\n",
    "contributors/ada-lee.md": "---\nname: Ada Lee\n---\n\nAda edits.\n",
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
CHANGES = {
    "a chapter in front": ("chapters/00-fire.md", "", "# Fire\n\nFire {cite:p}`ostrom`, and {ref}`water-is`.\n"),
    "a title": ("chapters/02-water.md", "# Water\n", "# Waters\n"),
    "a heading that is referred to": ("chapters/01-soil.md", "What soil is", "What soil may be"),
    "a label": ("chapters/02-water.md", "(water-is)=", "(water-was)="),
    "an author in the bibliography": ("chapters/references.bib", "Hardin, Garrett", "Harding, Garrett"),
    "a year that two share": ("chapters/references.bib", "year = {1990}", "year = {1968}"),
    "a source in front": ("chapters/references.bib", "@book{hardin", "@book{adams, title = {A}, author = {Adams}, year = {2000}}\n@book{hardin"),
    "a figure before another": ("chapters/02-water.md", "## What water is\n", "## What water is\n\n```{figure} drop.png\n:alt: another\n\nAnother\n```\n"),
    "a term": ("chapters/04-words.md", "humus\n", "mould\n"),
    "a theorem before another": ("chapters/02-water.md", ":::{prf:theorem} Water", ":::{prf:lemma} Less\nLess.\n:::\n\n:::{prf:theorem} Water"),
    "an exercise's title": ("chapters/02-water.md", "{exercise} Drink", "{exercise} Sip"),
    "an equation before another": ("chapters/02-water.md", "$$\nm =", "$$\na = b\n$$ (other)\n\n$$\nm ="),
    "a page that goes": ("chapters/02-water.md", None, ""),
    "the book's license": ("chapters/index.md", "license: CC-BY-4.0", "license: CC0-1.0"),
}  # fmt: skip


def made(root: Path, out: Path) -> dict[str, bytes]:
    ran = oerbook("build", "-q", "html", "docx", "--out", out, cwd=root)
    assert ran.code in (0, 1), ran.err
    files = [path for path in sorted(out.rglob("*")) if path.is_file() and ".cache" not in path.parts]
    found = {str(path.relative_to(out)): path.read_bytes() for path in files if path.name != ".lock"}
    return {**found, "said": ran.err.encode()}


def change(root: Path, name: str) -> None:
    path, old, new = CHANGES[name]
    file = root / path
    if old is None:
        file.unlink(missing_ok=True)
    elif file.exists() or not old:
        file.write_text(new if not old else file.read_text().replace(old, new))


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.judgement) for seed in (1, 2))])
def test_an_incremental_build_equals_a_full_build(tmp_path: Path, seed: int) -> None:
    root = write(tmp_path / "book", {**FILES, "chapters/drop.png": PIXEL})
    made(root, tmp_path / "kept")
    order = sorted(CHANGES)
    random.Random(seed).shuffle(order)
    for step, name in enumerate(order):
        change(root, name)
        kept = made(root, tmp_path / "kept")
        if step % 2 == seed % 2 or os.environ.get("OERBOOK_EVERY_STEP"):
            anew = made(root, tmp_path / f"anew-{step}")
            assert differing(kept, anew) == [], f"after {order[: step + 1]}"


ASKING = """# Asking

![a drop](drop.png)

{download}`the data <data.csv>`

```{include} part.txt
```

```{literalinclude} code.py
```

```{csv-table} Things
:file: data.csv
:header-rows: 1
```

```{eval-rst}
.. image:: other.png
   :alt: another drop

.. literalinclude:: more.py
```
"""


def test_a_page_is_rebuilt_when_a_missing_file_is_added(tmp_path: Path) -> None:
    root = write(tmp_path / "book", {"chapters/index.md": "---\ntitle: A\nlicense: CC-BY-4.0\n---\n\n# A\n"})
    write(root, {"chapters/01-asking.md": ASKING})
    assert oerbook("build", "html", "--format", "json", "-C", root).report["findings"]
    here = root / "chapters"
    for name in ("drop.png", "other.png"):
        (here / name).write_bytes(PIXEL)
    write(here, {"part.txt": "PART\n", "code.py": "CODE = 1\n", "more.py": "MORE = 1\n", "data.csv": "a,b\nDATA,2\n"})
    assert oerbook("build", "html", "--format", "json", "-C", root).report["findings"] == []
    page = (root / "_build/html/asking.html").read_text()
    assert [words for words in ("PART", "CODE", "MORE", "DATA", "drop.png", "other.png") if words not in page] == []
