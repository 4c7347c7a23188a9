"""A book remixed from several sources under five licenses shows each attribution in every format."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import judges, oerbook
from tests.journeys.test_attributions import words_of
from tests.support.repository import begin, commit, git

pytestmark = pytest.mark.slow
THEIR_INDEX = """---
title: Wet soils
license: CC-BY-SA-4.0
repository: https://example.org/wet
---
# Wet soils

Hi.
"""
PEAT = "# Peat\n\nPeat is made of moss that did not rot, and it burns well when it is dry.\n"
OUR_INDEX = """---
title: All soils
license: CC-BY-4.0
date: 2026-01-02
---
# All soils

A remix.
"""
IMPORTED = """---
license: CC-BY-SA-4.0
sources:
  - title: Loam
    authors: Contributors of an encyclopedia
    source: https://encyclopedia.example/loam?oldid=12
    license: CC-BY-SA-3.0
    relation: adapted
    changes: converted and shortened
    retrieved: 2026-01-01
---
# Loam

Loam is a mixture.

![A spade](spade.png)
"""
FIGURES = """# Tools

```{figure} spade.png
:alt: A spade

A spade again.
```

```{figure} map.png
:alt: A map of soils
:title: Map of soils
:creator: Survey of Soils
:source: https://survey.example/map
:license: CC-BY-ND-4.0
:changes: labels translated

A map.
```

```{epigraph}
:title: Song of the soil
:creator: Unknown
:source: https://songs.example/soil
:license: CC-PDM-1.0

Under the plough it sleeps.
```
"""
SPADE = "title: Spade\ncreator: Pia Holm\nsource: https://photos.example/spade\nlicense: CC0-1.0\nrelation: verbatim\n"
ATTRIBUTIONS = (
    "This chapter is adapted from “Peat” by Ada Lee, Bo Li, CC BY-SA 4.0.",
    "This chapter is adapted from “Loam” by Contributors of an encyclopedia, CC BY-SA 3.0. Changes: converted and shortened.",
    "“Spade” by Pia Holm, CC0 1.0. No changes.",
    "“Map of soils” by Survey of Soils, CC BY-ND 4.0. Changes: labels translated.",
    "“Song of the soil” by Unknown, Public Domain Mark 1.0.",
    "Except where otherwise noted, this book is licensed under CC BY 4.0",
)


@pytest.fixture(scope="module")
def remixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our book with a chapter taken from another, which we changed, imported text, and figures of others."""
    folder = tmp_path_factory.mktemp("remix")
    begin(folder / "theirs", {"chapters/index.md": THEIR_INDEX, "chapters/01-peat.md": PEAT.replace(" well", "")})
    commit(folder / "theirs", "main", {"chapters/01-peat.md": PEAT}, "Bo Li")
    git(folder / "theirs", "reset", "-q", "--hard")
    image = folder / "a.png"
    Image.new("RGB", (40, 20), "tan").save(image)
    pictures = {f"chapters/{name}.png": image.read_bytes() for name in ("spade", "map")}
    pages = {"index.md": OUR_INDEX, "01-loam.md": IMPORTED, "02-tools.md": FIGURES, "spade.png.yml": SPADE}
    ours = folder / "ours"
    begin(ours, {**{f"chapters/{name}": text for name, text in pages.items()}, **pictures, "conf.py": "\n"})
    git(ours, "reset", "-q", "--hard")
    taken = oerbook("take", folder / "theirs", "peat", "-C", ours)
    assert taken.code == 0, taken.err
    page = next((ours / "chapters").glob("*peat.md"))
    text = page.read_text(encoding="utf-8").replace("relation: verbatim", "relation: adapted")
    page.write_text(text + "\nWe added this example from our region.\n", encoding="utf-8")
    git(ours, "add", "-A")
    git(ours, "-c", "user.name=Cy Wu", "-c", "user.email=cy@example.org", "commit", "-qm", "Adapt the chapter")
    assert oerbook("build", "html", "epub", "pdf", "docx", "-C", ours).code == 0
    return ours


@pytest.mark.parametrize("kind", ["html", "epub", "pdf", "docx"])
def test_every_attribution_is_in_every_format(remixed: Path, kind: str) -> None:
    path = remixed / "_build/html" if kind == "html" else next((remixed / "_build").glob(f"*.{kind}"))
    shown = "".join(words_of(path).split())
    assert [line for line in ATTRIBUTIONS if "".join(line.split()) not in shown] == []
    assert shown.count("“Spade”byPiaHolm,CC01.0.Nochanges.") == 3, "two uses and the list"
    assert "2026" in shown


def test_the_conflict_is_found_with_file_and_line(remixed: Path) -> None:
    ran = oerbook("check", "-C", remixed, "--format", "json")
    (conflict,) = ran.findings("license-conflict")
    assert (conflict["path"], conflict["severity"]) == ("chapters/02-tools.md", "error")
    assert conflict["line"] in range(9, 20)
    assert "“Map of soils” was changed" in conflict["message"]
    assert ran.findings("source-license") == ran.findings("license-combination") == []


# Rules about style, and about names that authors and Sphinx give; everything else must hold.
STYLE_RULES = (
    "void-style",
    "no-trailing-whitespace",
    "no-redundant-role",
    "no-inline-style",
    "long-title",
    "prefer-native-element",
    "attribute-boolean-style",
    "valid-id",
)


def test_html_validate_finds_nothing_wrong_in_the_pages(remixed: Path, tmp_path: Path) -> None:
    program = judges() / "node_modules/.bin/html-validate"
    rules = dict.fromkeys(STYLE_RULES, "off")
    config = tmp_path / "rules.json"
    config.write_text(json.dumps({"root": True, "extends": ["html-validate:standard"], "rules": rules}))
    pages = sorted((remixed / "_build/html").glob("*.html"))
    ran = subprocess.run(
        [program, "--config", config, "-f", "text", *pages], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "")
