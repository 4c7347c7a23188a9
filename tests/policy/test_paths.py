"""Which files a submission may bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.model.book import Book, Chapter
from oerbook.model.submission import FileChange, Submission
from oerbook.policy import paths

BOOK = Book(Path(), "Soil", Chapter("index", "chapters/index.md", "Soil"))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("chapters/images/worm.jpg.yml", ""),
        ("chapters/images/worm.PNG.yaml", ""),
        ("chapters/settings.yml", "file-type"),
        ("contributors/ada.jpg.yml", "file-type"),
        (".github/worm.jpg.yml", "path-not-allowed"),
    ],
)
def test_a_record_beside_an_image_may_come_and_no_other_yaml_file(path: str, code: str) -> None:
    submission = Submission(BOOK, BOOK, (FileChange("added", path),))
    assert [finding.code for finding in paths.check(submission)] == ([code] if code else [])
