"""`oerbook rights` lists the parts with their licenses, what they permit together, and whose consent is missing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.conftest import INDEX, oerbook, write
from tests.support.repository import begin, commit, git

PAGE = """---
license: CC-BY-NC-SA-4.0
sources:
  - title: Soils
    authors: Ida Berg
    source: https://north.example/soils
    license: CC-BY-SA-4.0
    relation: adapted
---
# Sand

```{epigraph}
:creator: =Pia Holm
:license: CC-BY-ND-4.0

Sand is patient.
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("rights"), {"chapters/index.md": INDEX, "chapters/01-sand.md": PAGE})
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "-c", "user.name=Eva Lund", "-c", "user.email=eva@example.org", "commit", "-qm", "Write the book")
    return root


def test_the_table_lists_pages_texts_and_quotations(book: Path) -> None:
    shown = oerbook("rights", "-C", book).out
    lines = [line.split("  ")[0].strip() or line.strip().split("  ")[0] for line in shown.splitlines()]
    assert lines[:5] == ["part", "index.md", "01-sand.md", "adapted", "01-sand.md"]
    assert "may not be used commercially" in shown
    assert "may be shared only unchanged" in shown
    assert "not legal advice" in shown


def test_another_license_needs_the_consent_of_the_surviving_authors(book: Path) -> None:
    ran = oerbook("rights", "-C", book, "--for-license", "CC-BY-4.0", "--format", "json")
    obstacles = json.loads(ran.out)["obstacles"]
    assert [(o["title"], [name for name, _share in o["consent_of"]]) for o in obstacles] == [
        ("Sand", ["Eva Lund"]),
        ("Soils", ["Ida Berg"]),
    ]
    assert ran.code == 1
    assert "Consent needed of: Eva Lund" in oerbook("rights", "-C", book, "--for-license", "CC-BY-4.0").out


def test_rights_lists_all_parts_in_json_csv_and_markdown(book: Path) -> None:
    parts = json.loads(oerbook("rights", "-C", book, "--format", "json").out)["parts"]
    rows = list(csv.DictReader(io.StringIO(oerbook("rights", "-C", book, "--format", "csv").out)))
    assert [row["license"] for row in rows] == [part["license"] for part in parts]
    assert rows[-1]["authors"] == "'=Pia Holm", "a spreadsheet would run it as a formula"
    table = oerbook("rights", "-C", book, "--format", "markdown").out.splitlines()
    assert len(table) == 2 + len(parts)


def test_an_unknown_license_is_refused_with_a_suggestion(book: Path) -> None:
    ran = oerbook("rights", "-C", book, "--for-license", "CC BY")
    assert (ran.code, "Did you mean CC-BY-4.0?" in ran.err) == (1, True)


MOVED = (
    "Sand dunes wander before the wind while their grains roll up one side and slide down the other side again. " * 3
)


def test_text_moved_between_pages_under_licenses_that_exclude_it_is_reported(tmp_path: Path) -> None:
    closed = "---\nlicense: CC-BY-NC-SA-4.0\n---\n# Dunes\n\nDunes are hills.\n"
    open_page = "# Clay\n\nClay holds water and keeps it for a long time.\n"
    begin(tmp_path, {"chapters/index.md": INDEX, "chapters/01-dunes.md": f"{closed}\n{MOVED}\n"})
    commit(tmp_path, "main", {"chapters/02-clay.md": open_page}, "Bo Chen")
    moved = {"chapters/01-dunes.md": closed, "chapters/02-clay.md": f"{open_page}\n{MOVED}\n"}
    commit(tmp_path, "main", moved, "Bo Chen")
    git(tmp_path, "checkout", "-q", "-f", "main")
    (finding,) = oerbook("check", "-C", tmp_path, "--format", "json").findings("license-moved-text")
    assert (finding["path"], finding["line"]) == ("chapters/02-clay.md", 5)
    assert "60 words of this page (CC-BY-4.0) come from chapters/01-dunes.md (CC-BY-NC-SA-4.0)" in finding["message"]
