"""A newcomer begins a book."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from oerbook.cli import init
from oerbook.tasks.scaffold.new_book import parse_license
from tests.conftest import ROOT, oerbook


@pytest.mark.slow
def test_a_new_book_builds_and_checks_clean(tmp_path: Path) -> None:
    book = tmp_path / "soil-and-water"
    ran = oerbook("init", book, "--yes", "--author", "Ada <b> Lee: 2nd", "--title", 'Soil "and" *water*')
    assert ran.code == 0, ran.err
    assert (book / "chapters" / "index.md").is_file() and (book / ".git").is_dir()
    checked = oerbook("check", "--strict", "-C", book)
    assert checked.code == 0, checked.err
    built = oerbook("build", "html", "--strict", "-C", book)
    assert built.code == 0, built.err
    page = (book / "_build" / "html" / "index.html").read_text()
    assert "Ada &lt;b&gt; Lee: 2nd" in page and 'Soil "and" *water*' in unescape(page)


def test_init_keeps_existing_files(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine\n")
    ran = oerbook("init", tmp_path, "--yes")
    assert ran.code == 0 and "README.md exists and was not changed" in ran.err
    assert (tmp_path / "README.md").read_text() == "mine\n"
    again = oerbook("init", tmp_path, "--yes")
    assert again.code == 1 and "already holds a book" in again.err


def test_a_license_that_nobody_knows_is_asked_about(tmp_path: Path) -> None:
    ran = oerbook("init", tmp_path / "b", "--yes", "--license", "CC BY")
    assert ran.code == 1 and "Did you mean CC-BY-4.0?" in ran.err
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("de-AT", "Viele"), ("es", "muchas personas"), ("fr", "plusieurs"), ("nl", "Velen"), ("sv", "many people")],
)
def test_a_book_begins_in_its_language(tmp_path: Path, language: str, words: str) -> None:
    book = tmp_path / "book"
    ran = oerbook("init", book, "--yes", "--author", "Ada Lee", "--title", "Erde @LICENSE@ 5", "--language", language)
    assert ran.code == 0, ran.err
    text = (book / "chapters" / "index.md").read_text()
    assert f"language: {language}\n" in text and words.lower() in text.lower() and 'title: "Erde @LICENSE@ 5"' in text
    checked = oerbook("check", "--strict", "-C", book)
    assert checked.code == 0, checked.err + checked.out
    assert not [
        path
        for path in book.rglob("*.md")
        if re.search("@[A-Z]+_?[A-Z]*@", path.read_text().replace("LICENSE\\@", "").replace("@LICENSE@", ""))
    ]


def test_the_language_is_that_of_the_system_unless_it_is_named(tmp_path: Path) -> None:
    assert oerbook("init", tmp_path / "a", "--yes", LC_ALL="", LC_MESSAGES="", LANG="de_DE.UTF-8").code == 0
    assert "language: de\n" in (tmp_path / "a" / "chapters" / "index.md").read_text()
    assert oerbook("init", tmp_path / "b", "--yes", LC_ALL="C.UTF-8", LANG="de_DE.UTF-8").code == 0
    assert "language: en\n" in (tmp_path / "b" / "chapters" / "index.md").read_text()
    assert oerbook("init", tmp_path / "d", "--yes", "--language", "Deutsch").code == 0
    assert "language: de\n" in (tmp_path / "d" / "chapters" / "index.md").read_text()
    wrong = oerbook("init", tmp_path / "c", "--yes", "--language", "klingon!")
    assert wrong.code == 1 and "unknown language" in wrong.err and not (tmp_path / "c").exists()


def test_a_question_is_asked_again_until_the_answer_is_known() -> None:
    @click.command()
    def ask() -> None:
        click.echo(f"[{init._value('', 'License', 'CC-BY-4.0', ask=True, parse=parse_license)}]")

    answered = CliRunner().invoke(ask, input="CC BY-SA\ncc-by-sa-4.0\n")
    assert "Did you mean CC-BY-SA-4.0?" in answered.output and "[CC-BY-SA-4.0]" in answered.output


def test_the_readme_shows_what_init_creates(tmp_path: Path) -> None:
    ran = oerbook("init", tmp_path, "--yes", "--author", "Ada Lee", "--language", "en")
    tree = (ROOT / "README.md").read_text().partition("```\nmybook/\n")[2].partition("```")[0]
    names = [line.split()[0] for line in tree.splitlines()]
    assert {Path(line).name for line in ran.out.splitlines()} == {name for name in names if not name.endswith("/")}


def test_commands_find_the_book_from_a_subfolder_of_its_repository(tmp_path: Path) -> None:
    book = tmp_path / "book"
    assert oerbook("init", book, "--yes", "--language", "en").code == 0
    checked = oerbook("check", "01-how-this-book-is-made.md", cwd=book / "chapters")
    assert checked.code == 0 and not (book / "chapters" / "_build").exists(), checked.err
    assert oerbook("new", "chapter", "Water", cwd=book / "contributors").out == "chapters/03-water.md\n"
    (book / "other" / ".git").mkdir(parents=True)
    elsewhere = oerbook("check", cwd=book / "other")  # another repository inside the book
    assert elsewhere.code == 1 and "there is no book in other" in elsewhere.err
