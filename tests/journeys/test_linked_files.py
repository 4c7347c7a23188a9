"""A file that is a link out of the book: no word behind it reaches any output."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from tests.conftest import INDEX, oerbook, write
from tests.support.repository import begin, git

pytestmark = pytest.mark.slow
SECRET = "hushbee"
LINKS = {
    "chapters/02-page.md": "page.md",
    "chapters/03-notes.ipynb": "notes.ipynb",
    "chapters/works.bib": "works.bib",
    "chapters/words.txt": "words.txt",
    "chapters/04-part": "part",
    "contributors/eve.md": "eve.md",
    "chapters/picture.svg": "picture.svg",
}
OUTSIDE = {
    "page.md": f"# {SECRET}\n\nThe {SECRET} words of the machine are long enough to be credited.\n",
    "notes.ipynb": f'{{"cells": [{{"cell_type": "markdown", "metadata": {{}}, "source": "# {SECRET}"}}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}',
    "works.bib": f"@misc{{x, title={{{SECRET}}}, author={{A B}}, year=2000}}\n",
    "words.txt": SECRET,
    "part/01-deep.md": f"# {SECRET}\n\nWords.\n",
    "eve.md": f"---\nname: {SECRET}\n---\n\nWrites {SECRET}.\n",
    "picture.svg": f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>{SECRET}</text></svg>',
}
PAGE = "# A\n\n{cite}`x` [x](words.txt) {download}`words.txt` ![x](picture.svg)\n\n```{include} 04-part/01-deep.md\n```\n\n```{literalinclude} words.txt\n```\n"


@pytest.mark.skipif(os.name != "posix", reason="symbolic links")
@pytest.mark.parametrize("committed", [True, False], ids=["committed", "not committed"])
def test_no_text_behind_a_symbolic_link_is_in_an_output(tmp_path: Path, committed: bool) -> None:
    write(tmp_path, OUTSIDE)
    root = tmp_path / "book"
    files = {"chapters/index.md": INDEX, "chapters/01-a.md": PAGE}
    begin(write(root, files), files)
    for name, target in LINKS.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).symlink_to(os.path.relpath(tmp_path / target, (root / name).parent))
        assert SECRET in "".join(p.read_text() for p in [(root / name)] if p.is_file()) or (root / name).is_dir()
    if committed:
        git(root, "add", "-A")
        git(root, "-c", "user.name=Ada Lee", "-c", "user.email=ada@example.org", "commit", "-qm", "Links")
    ran = oerbook("build", "html", "epub", "docx", "-C", root)
    assert ran.code in (0, 1), ran.err
    said = oerbook("check", "--format", "json", "-C", root).out + oerbook("credits", "--format", "json", "-C", root).out
    assert SECRET not in ran.out + ran.err + said
    for path in (path for path in (root / "_build").rglob("*") if path.is_file()):
        assert SECRET.encode() not in path.read_bytes(), path
        for name, data in members(path):
            assert SECRET.encode() not in data, f"{path}: {name}"


def members(path: Path) -> list[tuple[str, bytes]]:
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]
