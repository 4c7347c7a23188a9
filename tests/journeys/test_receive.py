"""An author edits a chapter in a word processor, or sends a new one by mail."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Files, oerbook
from tests.support.repository import begin, git
from tests.support.word_files import paragraph, style, write_word_file

SOURCE = "# Peat\n\nPeat is *old* and\nwet. It costs \\$5.\n\n- moss\n- heather\n\n$$\nx^2\n$$\n\nBogs grow slowly.\n"
SOURCE += "\nThey hold the water of a whole valley, and the pollen of ten thousand years lies in their layers.\n"
BOOK: Files = {
    "conf.py": 'extensions = ["oerbook"]\n',
    ".gitignore": "_build/\n",
    "chapters/index.md": "---\ntitle: Soils\nlicense: CC-BY-4.0\nauthors: [Ada Lee]\n---\n\n# Soils\n",
    "chapters/01-peat.md": f"---\ndescription: Of peat.\n---\n\n{SOURCE}",
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    root = tmp_path / "book"
    begin(root, BOOK)
    git(root, "reset", "-q", "--hard")
    return root


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Change the text of a Word file as a person would."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    text = members["word/document.xml"].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    members["word/document.xml"] = text.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def test_only_the_words_that_an_author_changed_in_a_copy_change_hands(book: Path, tmp_path: Path) -> None:
    ran = oerbook("build", "docx", "--chapter", "peat", "--for-editing", cwd=book)
    assert (ran.code, ran.out) == (0, "_build/peat.docx\n") or Path(ran.out.strip()).name == "peat.docx", ran.err
    copy = tmp_path / "peat, edited.docx"
    (book / "_build/peat.docx").rename(copy)
    deleted = '<w:del w:author="Bo"><w:r><w:delText>heather</w:delText></w:r></w:del>'
    inserted = '<w:ins w:author="Bo"><w:r><w:t>heath</w:t></w:r></w:ins>'
    item = re.search(
        r"<w:r>(?:(?!<w:r>).)*heather</w:t></w:r>", zipfile.ZipFile(copy).read("word/document.xml").decode()
    )
    assert item
    edit(copy, (">old ", ">young "), ("slowly", "in silence"), (item[0], deleted + inserted))
    ran = oerbook("receive", copy, "--author", "Bo Chen", cwd=book)
    assert ran.code == 0, ran.err
    assert "Dear Bo Chen,\n\nthank you. Your chapter with your changes is now a proposal for “Soils”." in ran.out
    changed = git(book, "diff", "--unified=0", "--word-diff=plain", "main", "bo-chen/peat")
    assert re.findall(r"\[-(.*?)-\]\{\+(.*?)\+\}", changed) == [
        ("*old*", "*young*"),
        ("heather", "heath"),
        ("slowly.", "in silence."),
    ]
    assert git(book, "log", "-1", "--format=%an %s", "bo-chen/peat") == "Bo Chen Edit chapters/01-peat.md"
    assert oerbook("merge", "bo-chen/peat", cwd=book).code == 0
    credits = oerbook("credits", "--format", "json", cwd=book)
    assert "Bo Chen" in credits.out


def test_a_copy_without_changes_and_one_of_another_book_are_refused(book: Path, tmp_path: Path) -> None:
    oerbook("build", "docx", "--chapter", "peat", "--for-editing", cwd=book)
    copy = book / "_build/peat.docx"
    ran = oerbook("receive", copy, "--author", "Bo Chen", cwd=book)
    assert ran.code == 1
    assert "changes nothing in chapters/01-peat.md" in ran.err
    with zipfile.ZipFile(copy) as archive:
        facts = archive.read("docProps/custom.xml").decode()
    for bad in ("chapters/../../etc/passwd.md", "conf.py"):
        with zipfile.ZipFile(copy) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        members["docProps/custom.xml"] = facts.replace("chapters/01-peat.md", bad).encode()
        with zipfile.ZipFile(tmp_path / "bad.docx", "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        ran = oerbook("receive", tmp_path / "bad.docx", "--author", "Bo Chen", cwd=book)
        assert ran.code == 1
        assert "does not say which chapter" in ran.err
    assert git(book, "branch", "--format=%(refname:short)") == "main"


def test_a_word_file_becomes_a_new_chapter_of_its_author_with_a_reply(book: Path, tmp_path: Path) -> None:
    body = paragraph("Clay", "ChapterTitle") + paragraph("Clay is heavy.") + paragraph("TODO", "HeadA")
    source = write_word_file(tmp_path / "clay.docx", body, style("ChapterTitle") + style("HeadA"))
    ran = oerbook("receive", source, "--author", "Cy Diaz", cwd=book)
    text = git(book, "show", "cy-diaz/clay:chapters/02-clay.md")
    assert text == "---\nauthors:\n- Cy Diaz\n---\n\n# Clay\n\nClay is heavy.\n\n## TODO"
    assert git(book, "log", "-1", "--format=%an", "cy-diaz/clay") == "Cy Diaz"
    assert "Dear Cy Diaz," in ran.out
    assert "The book is published under CC-BY-4.0." in ran.out
    assert git(book, "status", "--porcelain") == ""
