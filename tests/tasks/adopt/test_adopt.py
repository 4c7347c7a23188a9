"""Adopting leaves the source unchanged, runs nothing of it, and writes a complete target or none."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.model.findings import Severity
from oerbook.source.book import read_book
from oerbook.tasks.adopt.adopt import Adoption, adopt
from tests.conftest import write

TOC = "format: jb-book\nroot: intro\nchapters:\n- file: a\n- file: b\n"
BOOK = {"_toc.yml": TOC, "_config.yml": "title: T\n", "intro.md": "# Welcome\n", "a.md": "# A\n", "b.md": "# B\n"}


class Silent:
    def stage(self, name: str, total: int | None) -> Any:
        return nullcontext(lambda *_: None)


def run(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "core.hooksPath=/dev/null"]
    done = subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout


def commit(root: Path, message: str = "first") -> Path:
    if not (root / ".git").exists():
        run(root, "init", "-qb", "main")
    run(root, "add", "-Af")
    run(root, "commit", "-qm", message)
    return root


def adopted(source: Path) -> tuple[Path, Adoption]:
    target = source.parent / "ours"
    return target, adopt(source, target, Silent())


def messages(done: Adoption, path: str) -> list[str]:
    return [f.message for f in done.findings if f.place.path == path]


def file_states(root: Path) -> dict[str, tuple[str, int]]:
    return {
        str(p): (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns)
        for p in sorted(root.rglob("*"))
        if p.is_file() and not p.is_symlink()
    }


def test_one_commit_is_added_and_every_page_keeps_its_history(tmp_path: Path) -> None:
    source = commit(write(tmp_path / "source", {f"lectures/{name}": text for name, text in BOOK.items()}))
    ours, _done = adopted(source)
    assert run(ours, "rev-parse", "HEAD~1") == run(source, "rev-parse", "HEAD")
    assert run(ours, "status", "--porcelain") == ""
    for name in ("intro", "a", "b"):
        assert run(ours, "log", "--follow", "--format=%s", "--", f"chapters/{name}.md").splitlines()[-1] == "first"
    assert not (ours / "lectures").exists()
    assert run(ours, "remote") == ""


def test_a_page_too_different_for_rename_detection_is_moved_in_its_own_commit(tmp_path: Path) -> None:
    index = "# T\n\n```{toctree}\na\nb\n```\n"
    source = commit(write(tmp_path / "source", {"index.md": index, "a.md": "# A\n", "b.md": "# B\n"}))
    ours, _done = adopted(source)
    assert run(ours, "log", "--follow", "--format=%s", "--", "chapters/index.md").splitlines()[-1] == "first"
    assert "toctree" not in (ours / "chapters/index.md").read_text()


def test_a_plain_folder_becomes_a_repository(tmp_path: Path) -> None:
    source = write(tmp_path / "source", {**BOOK, "_build/html/a.html": "old"})
    os.mkfifo(source / "pipe")
    before = file_states(source)
    ours, _done = adopted(source)
    assert run(ours, "log", "--format=%s").splitlines()[-1] == "Import the book"
    assert not (ours / "_build").exists()
    assert file_states(source) == before


def test_filters_and_hooks_configured_in_the_source_never_run(tmp_path: Path) -> None:
    source = commit(write(tmp_path / "source", {**BOOK, ".gitattributes": "*.md filter=evil text eol=crlf\n"}))
    evil = f"touch {tmp_path}/ran; cat"
    for key in ("filter.evil.clean", "filter.evil.smudge", "core.fsmonitor", "uploadpack.packObjectsHook"):
        run(source, "config", key, evil)
    for name in ("post-checkout", "reference-transaction", "pre-commit"):
        hook = source / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
    (source / "a.md").write_text("# A changed\n")
    before = file_states(source)
    ours, done = adopted(source)
    assert file_states(source) == before
    assert not (tmp_path / "ran").exists()
    assert (ours / "chapters/a.md").read_bytes() == b"# A\n"
    assert [f.code for f in done.findings if "a.md" in f.message] == ["import-uncommitted"]


def test_links_out_of_the_book_are_removed_and_links_inside_become_copies(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"secret.md": "hush", "kept.txt": "kept"})
    source = write(tmp_path / "source", {**BOOK, "README.md": "# Read me\n"})
    for name, goal in {
        "chapters": str(outside), "contributors": "../outside", "conf.py": str(outside / "kept.txt"),
        "b2.md": "b.md", "secret.md": "../outside/secret.md",
    }.items():  # fmt: skip
        (source / name).symlink_to(goal)
    before = file_states(outside)
    ours, done = adopted(commit(source))
    assert file_states(outside) == before
    assert not [path for path in ours.rglob("*") if path.is_symlink()]
    assert (ours / "chapters/b2.md").read_text() == "# B\n"
    assert not (ours / "chapters/secret.md").exists()
    assert messages(done, "secret.md") == ["a link out of the book was removed"]
    assert run(ours, "status", "--porcelain") == ""


def test_tracked_files_that_gitignore_lists_are_kept(tmp_path: Path) -> None:
    files = {**BOOK, ".gitignore": "*.dat\nchapters/\n", "held.dat": "1,2"}
    ours, _done = adopted(commit(write(tmp_path / "source", files)))
    assert {"chapters/held.dat", "chapters/a.md"} <= set(run(ours, "ls-files").splitlines())
    assert run(ours, "log", "--follow", "--format=%s", "--", "chapters/held.dat").splitlines()[-1] == "first"


def test_a_book_with_pages_in_chapters_keeps_its_addresses(tmp_path: Path) -> None:
    toc = "format: jb-book\nroot: intro\nchapters:\n- file: chapters/a\n"
    files = {"_toc.yml": toc, "_config.yml": "title: T\n", "intro.md": "# W\n", "chapters/a.md": "# A\n"}
    ours, _done = adopted(commit(write(tmp_path / "source", files)))
    book, found = read_book(ours)
    assert [page.slug for page in book.chapters] == ["intro", "chapters/a"]
    assert not [f for f in found if f.severity is Severity.ERROR]


def test_files_in_the_way_of_our_folders_are_moved_aside_and_reported(tmp_path: Path) -> None:
    files = {f"docs/{name}": text for name, text in BOOK.items()}
    source = commit(write(tmp_path / "source", {**files, "chapters/a.md": "other", "contributors/list.md": "other"}))
    ours, done = adopted(source)
    assert (ours / "chapters/a.md").read_text() == "# A\n"
    assert (ours / "chapters-before/a.md").read_text() == "other"
    assert messages(done, "contributors")[0].startswith("moved to contributors-before")


def test_file_names_of_every_kind_survive(tmp_path: Path) -> None:
    odd = ["-rf.png", "two\nlines.png", "a b ü.png", "quote'\".png"]
    source = write(tmp_path / "source", {**BOOK, **dict.fromkeys(odd, "x")})
    with open(os.fsencode(source) + b"/\xff.png", "wb") as file:  # noqa: PTH123
        file.write(b"x")
    ours, _done = adopted(commit(source))
    there = {os.fsencode(path.name) for path in (ours / "chapters").iterdir()}
    assert {os.fsencode(name) for name in odd} | {b"\xff.png"} <= there
    assert run(ours, "status", "--porcelain") == ""


def test_submodules_are_kept_and_reported(tmp_path: Path) -> None:
    inner = commit(write(tmp_path / "inner", {"x.txt": "x"}))
    source = commit(write(tmp_path / "source", BOOK))
    run(source, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")
    ours, done = adopted(commit(source, "submodule"))
    assert messages(done, "sub") == ["a submodule was kept as it is; its content is not part of the book"]
    assert not any((ours / "sub").iterdir())
    assert run(ours, "status", "--porcelain") == ""


@pytest.mark.parametrize("kind", ["detached", "bare", "shallow"])
def test_detached_bare_and_shallow_repositories_can_be_adopted(tmp_path: Path, kind: str) -> None:
    source = commit(write(tmp_path / "source", BOOK))
    write(source, {"a.md": "# A\n\nMore.\n"})
    commit(source, "second")
    if kind == "detached":
        run(source, "checkout", "-q", "--detach", "HEAD")
    elif kind == "bare":
        run(tmp_path, "clone", "-q", "--bare", str(source), "bare")
        source = tmp_path / "bare"
    else:
        run(tmp_path, "clone", "-q", "--depth=1", f"file://{source}", "shallow")
        source = tmp_path / "shallow"
    ours, done = adopted(source)
    assert run(ours, "branch", "--show-current").strip() == "main"
    assert run(ours, "rev-list", "--count", "HEAD").strip() == ("2" if kind == "shallow" else "3")
    assert bool(messages(done, ".")) == (kind == "shallow")


def test_a_book_below_the_top_of_its_repository_keeps_its_history(tmp_path: Path) -> None:
    source = commit(write(tmp_path / "source", {f"teaching/book/{name}": text for name, text in BOOK.items()}))
    write(source, {"code.py": "1", "teaching/book/a.md": "# A\n\nMore words.\n"})
    commit(source, "second")
    ours, done = adopted(source / "teaching/book")
    assert run(ours, "log", "--follow", "--format=%s", "--", "chapters/a.md").splitlines()[-1] == "first"
    assert (ours / "code.py").is_file() and (done.page_count, done.moved_count) == (3, 3)


def test_an_untracked_folder_in_a_repository_has_no_history(tmp_path: Path) -> None:
    outer = commit(write(tmp_path / "source", {"other.txt": "x"}))
    unpacked = write(outer / "download", BOOK)
    done = adopt(unpacked, tmp_path / "ours", Silent())
    assert any("no git history" in message for message in messages(done, "."))


def test_the_person_who_adopts_is_no_author_and_the_year_is_kept(tmp_path: Path, monkeypatch: Any) -> None:
    source = write(tmp_path / "source", BOOK)
    run(source, "init", "-qb", "main")
    run(source, "add", "-A")
    env = {"GIT_COMMITTER_DATE": "@1500000000 +0200", "GIT_AUTHOR_DATE": "@1500000000 +0200"}
    with monkeypatch.context() as patch:
        [patch.setenv(key, value) for key, value in env.items()]
        run(source, "commit", "-qm", "first")
    ours, _done = adopted(source)
    people = set(run(ours, "log", "--format=%an <%ae> %cn").splitlines())
    assert people == {"Ada <ada@example.org> Ada", "oerbook[bot] <oerbook@localhost> oerbook[bot]"}
    assert process.last_commit_time(ours) == 1500000000
    twice = adopt(source, tmp_path / "again", Silent())
    assert run(tmp_path / "again", "rev-parse", "HEAD") == run(ours, "rev-parse", "HEAD") and twice.page_count


def test_generated_folders_are_left_out_and_named(tmp_path: Path) -> None:
    made = {
        "book/_build/html/a.md": "# A\n",
        "book/_build/refs.bib": "@x{",
        "book/.ipynb_checkpoints/a.md": "# A\n",
        ".DS_Store": "x",
    }
    source = commit(write(tmp_path / "source", {f"book/{name}": text for name, text in BOOK.items()} | made))
    ours, done = adopted(source)
    names = run(ours, "ls-files").splitlines()
    assert not [name for name in names if "_build" in name or "checkpoints" in name or "DS_Store" in name]
    assert {f.place.path for f in done.findings if f.code == "import-generated"} == {
        "book/_build",
        "book/.ipynb_checkpoints",
        ".DS_Store",
    }


def test_adopt_asks_for_a_folder_if_a_repository_has_several_books(tmp_path: Path) -> None:
    files = {f"{folder}/{name}": text for folder in ("soil", "water") for name, text in BOOK.items()}
    source = commit(write(tmp_path / "source", {**files, "tests/_toc.yml": TOC, "tests/intro.md": "# X\n"}))
    with pytest.raises(OerbookError, match=r"several books: soil \(Jupyter Book 1.*3 pages\); water") as trouble:
        adopted(source)
    assert "oerbook adopt SOURCE/soil" in trouble.value.hint
    _ours, done = adopted(source / "water")
    assert done.page_count == 3


def test_the_newer_of_two_settings_files_is_read_unless_a_kind_is_given(tmp_path: Path) -> None:
    source = commit(
        write(tmp_path / "source", {**BOOK, "myst.yml": "project: {title: New, toc: [{file: a.md}, {file: b.md}]}\n"})
    )
    ours, done = adopted(source)
    assert done.kind == "mystmd" and any("older state" in message for message in messages(done, "_toc.yml"))
    assert read_book(ours)[0].title == "New"
    assert adopt(source, tmp_path / "old", Silent(), "jupyter-book").kind == "jupyter-book"


def test_contents_without_a_single_page_are_an_error(tmp_path: Path) -> None:
    source = commit(write(tmp_path / "source", {"_toc.yml": TOC, "_config.yml": "title: T\n", "data.csv": "1"}))
    with pytest.raises(OerbookError, match="lists no page that exists"):
        adopted(source)


def test_pages_are_found_beside_a_folder_of_settings_and_take_their_pictures_along(tmp_path: Path) -> None:
    files = {
        "settings/_toc.yml": TOC,
        "settings/_config.yml": "title: T\n",
        "text/intro.md": "# W\n\n![](../img/a.png)\n",
        "text/a.md": "# A\n",
        "text/b.md": "# B\n",
        "img/a.png": "x",
        "img/unused.png": "x",
    }
    ours, done = adopted(commit(write(tmp_path / "source", files)))
    book, findings = read_book(ours)
    assert [page.path for page in book.chapters] == [f"chapters/text/{name}.md" for name in ("intro", "a", "b")]
    assert (ours / "chapters/img/a.png").is_file() and not (ours / "chapters/img/unused.png").exists()
    assert not [f for f in findings if f.severity is Severity.ERROR] and messages(done, "img/a.png")


def test_a_link_to_a_folder_becomes_the_files_that_pages_use(tmp_path: Path) -> None:
    files = {"_toc.yml": "root: intro\nchapters: [{file: w1/a}]\n", "_config.yml": "title: T\n", "intro.md": "# W\n",
             "w1/a.md": "# A\n\n![](media/a.png)\n", "media/a.png": "x", "media/b.png": "x"}  # fmt: skip
    source = write(tmp_path / "source", files)
    (source / "w1/media").symlink_to("../media")
    ours, done = adopted(commit(source))
    assert (ours / "chapters/w1/media/a.png").is_file() and not (ours / "chapters/w1/media/b.png").exists()
    assert messages(done, "w1/media")[0].endswith("(1)")
    assert run(ours, "status", "--porcelain") == ""


Prepare = Callable[[Path], Any]
REFUSED: dict[str, tuple[Prepare, str]] = {
    "is not a folder": (lambda s: s.write_text("x"), "ours"),
    "has no commits": (lambda s: (write(s, BOOK), run(s, "init", "-q")), "ours"),
    "no files": (lambda s: s.mkdir(), "ours"),
    "inside the source book": (lambda s: write(s, BOOK), "source/new"),
    "no supported kind of book": (lambda s: write(s, {"a.txt": "x"}), "ours"),
    "already an oerbook book": (lambda s: write(s, {"chapters/index.md": "# T", "conf.py": 'extensions = ["oerbook"]'}), "ours"),
}  # fmt: skip


@pytest.mark.parametrize("words", REFUSED)
def test_a_source_that_cannot_be_adopted_is_an_error_and_leaves_no_files(tmp_path: Path, words: str) -> None:
    prepare, target = REFUSED[words]
    source = tmp_path / "source"
    prepare(source)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OerbookError, match=words) as trouble:
        adopt(source, tmp_path / target, Silent())
    assert trouble.value.hint
    assert sorted(tmp_path.rglob("*")) == before


def test_files_of_an_interrupted_adoption_are_discarded(tmp_path: Path) -> None:
    source = commit(write(tmp_path / "source", BOOK))
    write(tmp_path / ".ours.adopting", {"half": "done"})
    ours, _done = adopted(source)
    assert not (ours / "half").exists()
    assert not (tmp_path / ".ours.adopting").exists()


def test_reading_the_time_of_a_commit_runs_no_program_of_the_repository(tmp_path: Path) -> None:
    source = commit(write(tmp_path / "source", {"chapters/index.md": "# T\n"}))
    run(source, "config", "log.showSignature", "true")
    run(source, "config", "gpg.program", f"{tmp_path}/evil")
    assert process.last_commit_time(source) == int(
        run(source, "-c", "log.showSignature=false", "log", "-1", "--format=%ct")
    )
    assert process.last_commit_time(tmp_path) is None
