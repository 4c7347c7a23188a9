"""Findings that need more than a page: an HTTP answer, a git history, a file of bytes, a built format."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docutils import nodes

from oerbook.checks import CHECKS
from oerbook.document.pandoc import inlines
from oerbook.document.pandoc.page_translator import PageTranslator
from oerbook.importers.common import read_yaml
from oerbook.model.book import Book, Chapter, Part
from oerbook.model.check_input import CheckedPage, CheckInput, Link, LinkStatus
from oerbook.model.findings import Finding, Place
from oerbook.model.submission import FileChange, Submission
from oerbook.policy import removals, size_limits
from oerbook.source.book import read_book
from oerbook.tasks.build.build_report import dedupe_findings
from tests.conftest import INDEX, oerbook, write
from tests.support.repository import begin, commit, git

HERE = Place("chapters/01-a.md", 3)
BOOK = Book(Path(), "B", Chapter("index", "chapters/index.md", "B"))
PAGE = "# A\n\nSoil is alive.\n"


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("link-moved", LinkStatus("https://a.org/", 200, redirect_target="https://b.org/")),
        ("link-private", LinkStatus("https://a.org/", 0, reason="private")),
    ],
)
def test_moved_and_private_links_are_reported(code: str, answer: LinkStatus) -> None:
    page = CheckedPage("a", HERE.path, links=(Link("x", "https://a.org/", HERE),))
    findings = list(CHECKS["external_links"](BOOK, CheckInput((page,), link_statuses=(answer,))))
    assert [(f.code, f.place) for f in findings] == [(code, HERE)]


def test_a_submission_with_too_many_files_is_reported() -> None:
    changes = tuple(FileChange("added", f"chapters/{n}.png", size=10) for n in range(size_limits.MAX_FILES + 1))
    assert [f.code for f in size_limits.check(Submission(BOOK, BOOK, changes))] == ["submission-large"]
    assert not list(size_limits.check(Submission(BOOK, BOOK, changes[1:])))


def test_a_contributors_file_that_is_not_utf8_is_reported(tmp_path: Path) -> None:
    files = {"chapters/index.md": INDEX, "chapters/01-a.md": PAGE, "contributors/bo.md": b"---\nname: Bj\xf6rn\n---\n"}
    _book, findings = read_book(write(tmp_path, files))
    assert ("contributor-unreadable", "contributors/bo.md") in {(f.code, f.place.path) for f in findings}


@pytest.mark.slow
def test_uncommitted_words_have_no_author(tmp_path: Path) -> None:
    begin(tmp_path, {"chapters/index.md": INDEX, "chapters/01-a.md": PAGE})
    git(tmp_path, "reset", "-q", "--hard")
    write(tmp_path, {"chapters/01-a.md": PAGE + "\nAnd so is a meadow in the rain.\n"})
    found = oerbook("build", "html", "--format", "json", "-C", tmp_path).findings("uncommitted")
    assert [f["path"] for f in found] == ["chapters/01-a.md"]


@pytest.mark.slow
def test_a_branch_with_an_unrelated_history_is_not_merged(tmp_path: Path) -> None:
    begin(tmp_path, {"chapters/index.md": INDEX, "chapters/01-a.md": PAGE})
    git(tmp_path, "reset", "-q", "--hard")
    commit_id = git(
        tmp_path,
        "commit-tree",
        commit(tmp_path, "other", {"chapters/02-b.md": PAGE}, "Bo Chen") + "^{tree}",
        "-m",
        "Alone",
        GIT_COMMITTER_DATE="1760000000 +0000",
        GIT_AUTHOR_NAME="Bo",
        GIT_AUTHOR_EMAIL="b@example.org",
        GIT_COMMITTER_NAME="Bo",
        GIT_COMMITTER_EMAIL="b@example.org",
    )
    git(tmp_path, "update-ref", "refs/heads/other", commit_id)
    ran = oerbook("merge", "other", "--format", "json", "-C", tmp_path)
    assert "branch-unrelated" in ran.out


@pytest.mark.slow
def test_a_referenced_book_without_an_inventory_is_reported(tmp_path: Path) -> None:
    index = INDEX.replace("---\n\n", "references:\n  soils: https://soil.example/book/\n---\n\n", 1)
    page = "# A\n\nSee {ref}`soils:loam`.\n"
    ran = oerbook(
        "check", "--format", "json", "-C", write(tmp_path, {"chapters/index.md": index, "chapters/01-a.md": page})
    )
    assert [(f["path"], f["line"]) for f in ran.findings("inventory-missing")] == [("chapters/01-a.md", 3)]


@pytest.mark.slow
def test_a_character_missing_in_all_fonts_is_reported(tmp_path: Path) -> None:
    files = {"chapters/index.md": INDEX, "chapters/01-a.md": "# A\n\nA sign: \U00012000.\n"}
    ran = oerbook("build", "pdf", "--format", "json", "-C", write(tmp_path, files))
    assert [f["path"] for f in ran.findings("glyph-missing")] == ["chapters/01-a.md"]


@pytest.mark.slow
def test_a_dead_link_in_a_format_is_unlinked(tmp_path: Path) -> None:
    page = '# A\n\n<a href="#nowhere">There</a>, it says.\n'
    root = write(tmp_path, {"chapters/index.md": INDEX, "chapters/01-a.md": page})
    ran = oerbook("build", "epub", "--format", "json", "-C", root)
    assert [(f["path"], f["line"]) for f in ran.findings("reference-missing")] == [("chapters/01-a.md", 3)]
    assert not ran.findings("link-target-missing")  # the same fault without its line
    with zipfile.ZipFile(next((root / "_build").glob("*.epub"))) as epub:
        pages = [epub.read(name).decode() for name in epub.namelist() if name.endswith(".xhtml")]
    assert any("There" in text for text in pages) and not any("nowhere" in text for text in pages)


def test_links_that_only_a_format_lacks_are_reported_once_for_a_page() -> None:
    place = Place("chapters/01-a.md")
    dead = Finding("link-target-missing", "the links “a”, “b” have no target in this book", place)
    assert dedupe_findings([dead, dead]) == (dead,)
    by_line = Finding("reference-missing", "there is no page b.md", Place("chapters/01-a.md", 3))
    assert dedupe_findings([dead, by_line]) == (by_line,)


@pytest.mark.slow
def test_code_without_its_kernel_is_reported(tmp_path: Path) -> None:
    index = INDEX.replace("title:", "execute: true\ntitle:", 1)
    page = "---\nkernelspec:\n  name: no-such-kernel\n  display_name: None\n---\n# A\n\n```{code-cell}\n1 + 1\n```\n"
    root = write(tmp_path, {"chapters/index.md": index, "chapters/01-a.md": page})
    ran = oerbook("build", "html", "--format", "json", "-C", root)
    assert [f["path"] for f in ran.findings("code-not-run")] == ["chapters/01-a.md"]


def test_a_chapter_whose_address_changes_is_reported() -> None:
    moved = FileChange("renamed", "chapters/01-earth.md", "chapters/01-soil.md")
    before, after = (
        replace(BOOK, parts=(Part("", None, (Chapter(slug, f"chapters/01-{slug}.md", "A"),)),))
        for slug in ("soil", "earth")
    )
    findings = [f for f in removals.check(Submission(before, after, (moved,))) if f.code == "chapter-renamed"]
    assert [f.place.path for f in findings] == ["chapters/01-earth.md"]


def test_an_unsupported_node_keeps_its_text() -> None:
    context: Any = SimpleNamespace(target="epub", place_of=lambda _node: HERE)
    page = PageTranslator(context, {}, {"Text": inlines.translate_text})
    unknown = [nodes.inline("", "", nodes.Text("soil")), nodes.inline("", "", nodes.Text("rain"))]
    assert page.blocks(unknown) == [{"t": "Para", "c": [{"t": "Str", "c": "soil"}, {"t": "Str", "c": "rain"}]}]
    assert [(f.code, f.place) for f in page.findings] == [("node-unsupported", HERE)]


def test_settings_that_cannot_be_read_are_reported(tmp_path: Path) -> None:
    write(tmp_path, {"_config.yml": "title: [a\n"})
    _value, findings = read_yaml(tmp_path / "_config.yml", tmp_path)
    assert [(f.code, f.place.path) for f in findings] == [("import-config-unreadable", "_config.yml")]
