"""The accessibility statement says what the build measured, and claims only what a person certified."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import INDEX, oerbook, write
from tests.journeys.test_attributions import words_of

pytestmark = pytest.mark.slow
PAGE = """# Clay

![A river bank of clay](bank.png) and ![](bank.png)

See [here](https://clay.example) and [the atlas of clay](https://atlas.example), with $x^2$.

### Too deep

```{list-table}

* - a
  - b
* - c
  - d
```

| kind | part |
|---|---|
| sand | 1 |
| clay | 2 |
"""
STATED = (
    "Nobody has certified that this book conforms to a standard of accessibility.",
    "Pictures with a description: 1 of 2.",
    "Tables with header cells: 1 of 2.",
    "Headings that leave out a level: 1.",
    "Links with a text of their own, not “here” or “more”: 1 of 2.",
    "Formulas, in MathML with a description in words on the web and in the EPUB: 1.",
    "Clay: pictures without a description (1), tables without header cells (1), links that do not say where they lead "
    "(1), headings that leave out a level (1)",
)
CLAIM = """accessibility:
  conforms_to: WCAG 2.2 Level AA
  certified_by: Ada Lee
  report: https://report.example/
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {"chapters/index.md": INDEX, "chapters/01-clay.md": PAGE, "chapters/02-sand.md": "# Sand\n\nSand.\n"}
    root = write(tmp_path_factory.mktemp("book"), files)
    Image.new("RGB", (40, 20), "tan").save(root / "chapters/bank.png")
    assert oerbook("build", "html", "epub", "pdf", "docx", "-C", root).code == 0
    return root


@pytest.mark.parametrize("kind", ["html", "epub", "pdf", "docx"])
def test_every_format_states_what_was_measured_and_what_is_missing_where(built: Path, kind: str) -> None:
    path = built / "_build/html" if kind == "html" else next((built / "_build").glob(f"*.{kind}"))
    shown = "".join(words_of(path).split())
    assert [line for line in STATED if "".join(line.split()) not in shown] == []
    assert "Sand:" not in shown


def package_of(root: Path) -> dict[str, list[str]]:
    with zipfile.ZipFile(next((root / "_build").glob("*.epub"))) as archive:
        package = archive.read("EPUB/content.opf").decode()
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<(?:opf:)?meta[^>]*property="([^"]+)"[^>]*>([^<]*)<', package):
        found.setdefault(name, []).append(value)
    return found


def test_the_package_of_the_epub_claims_no_more_than_the_statement(built: Path) -> None:
    facts = package_of(built)
    assert "alternativeText" not in facts["schema:accessibilityFeature"]
    assert facts["schema:accessModeSufficient"] == ["textual,visual"]
    assert facts["schema:accessibilityHazard"] == ["none"]
    assert "Pictures with a description: 1 of 2." in facts["schema:accessibilitySummary"][0]
    assert "dcterms:conformsTo" not in facts


def test_a_mended_page_changes_the_statement_and_a_person_can_certify_the_book(built: Path, tmp_path: Path) -> None:
    mended = PAGE.replace("![](", "![Clay after rain](").replace("[here]", "[clay today]").replace("###", "##")
    mended = mended.replace("{list-table}\n", "{list-table}\n:header-rows: 1\n")
    files = {"chapters/index.md": INDEX.replace("---\n", f"---\n{CLAIM}", 1), "chapters/01-clay.md": mended}
    write(built, files)
    assert oerbook("build", "html", "epub", "-C", built).code == 0
    page = words_of(built / "_build/html")
    assert "No gaps were measured." in page
    assert "Ada Lee certified that this book conforms to WCAG 2.2 Level AA." in page
    facts = package_of(built)
    assert facts["dcterms:conformsTo"] == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    assert facts["a11y:certifiedBy"] == ["Ada Lee"]
    assert "alternativeText" in facts["schema:accessibilityFeature"]
    assert facts["schema:accessModeSufficient"] == ["textual"]


def test_a_claim_without_a_person_is_not_made(tmp_path: Path) -> None:
    claim = "accessibility:\n  conforms_to: WCAG 2.2 Level AA\n"
    moving = [Image.new("RGB", (40, 20), color) for color in ("tan", "navy")]
    files = {
        "chapters/index.md": INDEX.replace("---\n", f"---\n{claim}", 1),
        "chapters/01-a.md": "# A\n\n![Rain](a.gif)\n",
    }
    root = write(tmp_path, files)
    moving[0].save(root / "chapters/a.gif", save_all=True, append_images=moving[1:])
    assert oerbook("build", "epub", "-C", root).code == 0
    facts = package_of(root)
    assert "dcterms:conformsTo" not in facts
    assert facts["schema:accessibilityHazard"] == ["unknown"], "nobody measured whether it flashes"
