"""A build of which nothing changed is not repeated; whatever changes is seen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from oerbook.tasks.build.last_build import reuse_last_build
from tests.conftest import Ran, oerbook
from tests.support.repository import begin, git

FILES = {
    "chapters/index.md": "---\ntitle: Kept\ndate: 2026-01-02\n---\n\n# Kept\n",
    "chapters/01-soil.md": "# Soil\n\nSoil is alive. See {ref}`nowhere`.\n",
    "contributors/ada-lee.md": "---\nname: Ada Lee\n---\n\nAda edits.\n",
    ".mailmap": "Ada Lee <ada@example.org>\n",
}
SAME_TIME = 1_700_000_000


def build(root: Path, *formats: str, out: str = "_build") -> Ran:
    return oerbook("build", "-q", *formats, "--format", "json", "--out", root / out, "-C", root)


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kept") / "book"
    begin(root, FILES)
    git(root, "checkout", "-q", "-f", "main")
    for path in root.rglob("chapters/*"):
        os.utime(path, (SAME_TIME, SAME_TIME))
    assert build(root, "html", "docx").code == 0
    return root


def reused(root: Path, *formats: str, epoch: int | None = None) -> bool:
    return reuse_last_build(root, formats or ("html", "docx"), root / "_build", epoch) is not None


def test_the_second_build_reports_the_same_and_writes_nothing(built: Path) -> None:
    before = (built / "_build/html/index.html").stat()
    first, second = build(built, "html", "docx"), build(built, "docx", "html")
    assert second.report == first.report
    assert {finding["code"] for finding in second.report["findings"]} >= {"reference-missing", "book-metadata"}
    assert (built / "_build/html/index.html").stat() == before


def test_a_site_without_another_format_is_the_same_as_one_built_from_scratch(built: Path) -> None:
    build(built, "html")
    build(built, "html", out="second")
    assert contents(built / "_build/html") == contents(built / "second/html")
    shutil.rmtree(built / "second")
    build(built, "html", "docx")
    assert "docx" in (built / "_build/html/index.html").read_text()


def test_a_file_that_was_only_touched_has_not_changed(built: Path) -> None:
    (built / "chapters/01-soil.md").touch()
    assert reused(built)


def same_size_and_time(root: Path) -> None:
    path = root / "chapters/01-soil.md"
    path.write_text(path.read_text().replace("alive", "livea"))
    os.utime(path, (SAME_TIME, SAME_TIME))


def moved_commit(root: Path) -> None:
    git(root, "-c", "user.name=Bo", "-c", "user.email=b@example.org", "commit", "-q", "--allow-empty", "-m", "More")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a chapter": lambda root: (root / "chapters/01-soil.md").write_text("# Soil\n\nSoil lives.\n"),
    "a chapter of the same size and time": same_size_and_time,
    "a new chapter": lambda root: (root / "chapters/02-water.md").write_text("# Water\n"),
    "a chapter that is gone": lambda root: (root / "chapters/01-soil.md").unlink(),
    "a person": lambda root: (root / "contributors/ada-lee.md").write_text("---\nname: Ada B. Lee\n---\n"),
    "a theme": lambda root: (root / "themes").mkdir() or (root / "themes/theme.toml").write_text("x = 1\n"),
    "a chapter that became a link out of the book": lambda root: (root / "chapters/03-out.md").symlink_to("/etc/hosts"),
    "the names of authors": lambda root: (root / ".mailmap").write_text("Ada B. Lee <ada@example.org>\n"),
    "a commit": moved_commit,
    "a page of the site": lambda root: (root / "_build/html/soil.html").write_text("spoiled"),
    "a file more in the site": lambda root: (root / "_build/html/more.html").write_text("more"),
    "a file less in the site": lambda root: (root / "_build/html/search.html").unlink(),
    "a finished file": lambda root: (root / "_build/kept.docx").write_bytes(b"spoiled"),
    "the credits": lambda root: (root / "_build/credits.json").unlink(),
    "the record": lambda root: (root / "_build/.cache/state/last-build.json").write_bytes(b"spoiled" * 20),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_build_is_not_reused_after_a_change(built: Path, tmp_path: Path, change: Callable[[Path], object]) -> None:
    assert reused(built)
    kept = tmp_path / "kept"
    # The folder of the output stays where it is: the signature of its cache holds its inode.
    shutil.copytree(built, kept, symlinks=True, ignore=shutil.ignore_patterns(".cache"))
    record = (built / "_build/.cache/state/last-build.json").read_bytes()
    change(built)
    assert not reused(built)
    restore(built, kept, record)


def restore(root: Path, kept: Path, record: bytes) -> None:
    for name in ("chapters", "contributors", "themes", ".mailmap", ".git"):
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        if (kept / name).is_dir():
            shutil.copytree(kept / name, path, symlinks=True)
        elif (kept / name).exists():
            shutil.copy2(kept / name, path)
    (root / "_build/.cache/state/last-build.json").write_bytes(record)
    if not reused(root):
        assert build(root, "html", "docx").code == 0


def test_another_date_or_format_is_not_that_of_the_last_build(built: Path) -> None:
    assert reused(built)
    assert not reused(built, epoch=SAME_TIME)
    assert not reused(built, "html", "epub")
    assert not reused(built, "html", "print")
