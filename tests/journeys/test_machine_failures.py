"""A full or read-only disk, a killed process, an old locale: plain words, nothing half-made, and the next run works."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import INDEX, ROOT, Ran, oerbook, write
from tests.support.disks import small_disk
from tests.support.merging import BOOK, merge, person, submission
from tests.support.repository import begin, commit, git

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5" height="5"/></svg>'
SOIL = "# Soil\n\nSoil is *alive*.\n\n$$x^2$$ (eq)\n\n![A worm](worm.svg)\n"
FORMATS = ("html", "epub", "pdf")


def lay_out(root: Path) -> Path:
    begin(root, {"chapters/index.md": INDEX, "chapters/01-soil.md": SOIL, "chapters/worm.svg": SVG})
    git(root, "reset", "-q", "--hard")
    return root


def files(folder: Path) -> Mapping[str, bytes]:
    """Return the finished files below an output folder, or the sources of a book."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not {".cache", ".git"} & set(path.parts))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.name != ".lock"}


def in_plain_words(ran: Ran) -> bool:
    return ran.code == 1 and "the disk is full" in ran.err + ran.out and "bug" not in ran.err


def limited(file_bytes: int, *arguments: str | Path) -> Ran:
    """Run the command line where no file may be larger than some bytes: every write fails halfway."""
    command = [sys.executable, "-c", "from oerbook.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes)),
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["300k", "1000k", "2400k", "4500k", "5300k", "6000k"])
def test_a_disk_that_is_full_during_a_build_leaves_nothing_half_made(tmp_path: Path, size: str) -> None:
    wanted = lay_out(tmp_path / "calm")
    assert oerbook("build", *FORMATS, "-q", "-C", wanted).code == 0
    disk = tmp_path / "disk"
    with small_disk(disk, size) as remount:
        root = lay_out(disk / "book")
        ran = oerbook("build", *FORMATS, "-q", "-C", root)
        assert in_plain_words(ran) or ran.code == 0, ran.err
        finished = files(root / "_build")
        complete = files(wanted / "_build")
        assert {n: d for n, d in finished.items() if complete.get(n) != d and not n.startswith("html/")} == {}
        remount("size=100m")
        assert oerbook("build", *FORMATS, "-q", "-C", root).code == 0
        assert files(root / "_build") == complete
        assert git(root, "status", "--porcelain", "-uall", "--", "chapters") == ""


@pytest.mark.slow
def test_no_page_is_replaced_because_the_disk_was_full(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "book")
    ran = limited(4000, "check", "-C", root)
    assert "chapter-unreadable" not in ran.out and "bug" not in ran.err
    assert oerbook("check", "-C", root).code == 0


@pytest.mark.parametrize("command", [("chapter", "Full"), ("contributor", "Bo Field")], ids=lambda c: c[0])
@pytest.mark.parametrize("limit", [0, 1, 60])
def test_a_new_file_is_there_completely_or_not_at_all(tmp_path: Path, command: tuple[str, ...], limit: int) -> None:
    root = write(tmp_path / "book", {"chapters/index.md": INDEX})
    ran = limited(limit, "new", *command, "-C", root)
    assert ran.code == 1 and "cannot be written" in ran.err and "bug" not in ran.err
    assert list(files(root)) == ["chapters/index.md"]
    assert oerbook("new", *command, "-C", root).code == 0 and len(files(root)) == 2


def test_a_new_theme_or_book_is_there_completely_or_not_at_all(tmp_path: Path) -> None:
    root = write(tmp_path / "book", {"chapters/index.md": INDEX})
    assert limited(2000, "theme", "new", "soil", "--full", "-C", root).code == 1
    assert list(files(root)) == ["chapters/index.md"] and list((root / "themes").iterdir()) == []
    assert oerbook("theme", "new", "soil", "--full", "-C", root).code == 0
    made = ("init", tmp_path / "new", "--title", "T", "--author", "A", "--license", "CC-BY-4.0", "--yes")
    assert limited(100, *made).code == 1
    assert all(path.stat().st_size for path in (tmp_path / "new").rglob("*.md"))


@pytest.mark.parametrize("command", ["check", "credits", "doctor"])
def test_standard_output_on_a_full_disk_is_no_bug(tmp_path: Path, command: str) -> None:
    root = write(
        tmp_path / "book", {"chapters/index.md": INDEX, "chapters/01-soil.md": "# Soil\n\n[Replace this: x]\n"}
    )
    arguments = [command] + ([] if command == "doctor" else ["-C", str(root)])
    program = [sys.executable, "-c", "from oerbook.cli import main; main()", *arguments]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            program, stdout=full, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
        )  # fmt: skip
    assert done.returncode != 3 and "Traceback" not in done.stderr, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("size", ["500k", "700k", "800k", "900k"])
def test_a_disk_that_is_full_during_a_merge_stops_the_queue_and_says_what_was_merged(tmp_path: Path, size: str) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, size) as remount:
        root = disk / "book"
        try:
            begin(root, BOOK)
            git(root, "reset", "-q", "--hard")
            for number in range(4):
                commit(root, f"by-{number}", submission(number), person(number))
        except (AssertionError, OSError):
            pytest.skip("git needs more than this disk has")
        ran = oerbook("merge", "-C", root, "by-*")
        merged = int(git(root, "rev-list", "--count", "--merges", "--first-parent", "main"))
        assert in_plain_words(ran) or (ran.code, merged) == (0, 4), ran.err
        assert "submission-unreadable" not in ran.out
        assert ran.out.count("✓") == merged
        remount("size=100m")
        code, rows = merge(root, "by-*")
        assert code == 0 and {row["state"] for row in rows.values()} <= {"there", "merged"} and len(rows) == 4
        git(root, "fsck", "--strict", "--no-dangling")
        assert git(root, "status", "--porcelain", "-uno") == ""


@pytest.mark.slow
def test_a_disk_that_is_full_while_publishing_keeps_the_old_site(tmp_path: Path) -> None:
    disk, root = tmp_path / "disk", lay_out(tmp_path / "book")
    with small_disk(disk, "100m") as remount:
        arguments = ("publish", "-q", "--lenient", "-C", root, "--to", disk / "www")
        assert oerbook(*arguments).code == 0
        old = files(disk)
        (root / "chapters" / "02-worms.md").write_text("# Worms\n\nThey dig.\n")
        git(root, "add", "-A")
        git(root, "-c", "user.name=A", "-c", "user.email=a@x.org", "commit", "-qm", "Worms")
        used = sum(path.stat().st_blocks // 2 for path in disk.rglob("*"))
        for room in (50, 400, 1500):
            remount(f"size={used + room}k")
            ran = oerbook(*arguments)
            assert in_plain_words(ran), ran.err
            assert files(disk) == old
        remount("size=100m")
        assert oerbook(*arguments).code == 0 and "www/worms.html" in files(disk)


@pytest.mark.slow
def test_a_book_on_a_read_only_disk_can_be_checked_and_nothing_is_written(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, "20m") as remount:
        root = lay_out(disk / "book")
        before = {path: path.stat().st_mtime_ns for path in disk.rglob("*")}
        remount("ro")
        for command in (("check",), ("check", "--base", "HEAD"), ("credits",)):
            ran = oerbook(*command, "-C", root)
            assert ran.code == 0, ran.err
        assert oerbook("build", "html", "-q", "-C", root, "--out", tmp_path / "out").code == 0
        for command in (("build", "html"), ("merge",), ("new", "chapter", "X"), ("theme", "new", "x")):
            ran = oerbook(*command, "-C", root)
            assert ran.code == 1 and "read-only" in ran.err.lower() and "bug" not in ran.err, ran.err
        assert {path: path.stat().st_mtime_ns for path in disk.rglob("*")} == before


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_an_error_and_not_a_bug(tmp_path: Path) -> None:
    root = write(tmp_path / "book", {"chapters/index.md": INDEX, "_build/x": ""})
    for folder in (root / "_build", root / "chapters"):
        folder.chmod(0o555)
    for command, code in (("build html", 1), ("check", 0), ("new chapter X", 1)):
        ran = oerbook(*command.split(), "-C", root)
        assert ran.code == code and "Traceback" not in ran.err, ran.err


@pytest.mark.slow
def test_a_locale_that_is_not_utf8_changes_nothing(tmp_path: Path) -> None:
    if shutil.which("localedef") is None:
        pytest.skip("localedef is not installed")
    made = subprocess.run(
        ["localedef", "-i", "en_US", "-f", "ISO-8859-1", tmp_path / "en_US"], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("the sources of locales are not installed")
    root = write(tmp_path / "book", {"chapters/index.md": INDEX})
    old = {"LOCPATH": str(tmp_path), "LC_ALL": "en_US"}
    assert oerbook("new", "chapter", "Größe 土", "-C", root, **old).code == 0
    assert [p.name for p in (root / "chapters").glob("0*")] == ["01-größe-土.md"]
    ran = oerbook("build", "html", "-q", "-C", root, **old)
    assert ran.code in (0, 1) and "Traceback" not in ran.err
    assert (root / "_build/html/größe-土.html").is_file()


@pytest.mark.judgement
def test_a_build_that_is_killed_at_any_moment_is_repeated_to_the_byte(tmp_path: Path) -> None:
    root, calm = lay_out(tmp_path / "book"), lay_out(tmp_path / "calm")
    formats = (*FORMATS, "docx")
    begun = time.monotonic()
    assert oerbook("build", *formats, "-q", "-C", calm).code == 0
    takes, rnd, complete = time.monotonic() - begun, random.Random(9), files(calm / "_build")
    command = [sys.executable, "-c", "from oerbook.cli import main; main()", "build", *formats, "-q", "-C", str(root)]
    for _ in range(12):
        run = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(rnd.uniform(0.1, takes))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        between = files(root / "_build") if (root / "_build").exists() else {}
        assert {n for n, data in between.items() if not n.startswith((".", "html")) and data != complete[n]} == set()
    assert oerbook("build", *formats, "-q", "-C", root).code == 0
    assert files(root / "_build") == complete


@pytest.mark.judgement
def test_new_that_is_killed_at_any_moment_leaves_no_half_chapter(tmp_path: Path) -> None:
    root, rnd = write(tmp_path / "book", {"chapters/index.md": INDEX}), random.Random(3)
    for number in range(8):
        command = [
            sys.executable,
            "-c",
            "from oerbook.cli import main; main()",
            "new",
            "chapter",
            f"N{number}",
            "-C",
            str(root),
        ]
        run = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(rnd.uniform(0.2, 0.9))
        run.kill()
        run.wait()
        for chapter in (root / "chapters").glob("[0-9]*.md"):
            assert "[Replace this" in chapter.read_text()
    assert oerbook("new", "chapter", "Last", "-C", root).code == 0
