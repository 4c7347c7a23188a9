"""One branch that git cannot read is skipped with a finding; the others are merged, and the queue says so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import oerbook
from tests.support.merging import BOOK, codes, merge, person, submission
from tests.support.repository import begin, commit, git


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with three submissions; the second is the one that tests damage."""
    root = tmp_path_factory.mktemp("queue") / "book"
    begin(root, BOOK)
    git(root, "reset", "-q", "--hard")
    for number, name in enumerate(("first", "second", "third")):
        commit(root, name, submission(number), person(number))
    files = {f"chapters/9-more-{n}.md": f"# More {n}\n\nText {n}.\n" for n in range(2)}
    for path, text in files.items():
        commit(root, "second", {path: text}, person(1))
    return root


def loose_object(root: Path, name: str) -> Path:
    oid = git(root, "rev-parse", name)
    file = root / ".git" / "objects" / oid[:2] / oid[2:]
    file.chmod(0o644)
    return file


def missing(name: str) -> Callable[[Path], None]:
    return lambda root: loose_object(root, name).unlink()


def garbage(name: str) -> Callable[[Path], None]:
    return lambda root: loose_object(root, name).write_bytes(b"not an object") and None


def empty(name: str) -> Callable[[Path], None]:
    return lambda root: loose_object(root, name).write_bytes(b"") and None


def broken_ref(content: str) -> Callable[[Path], None]:
    return lambda root: (root / ".git/refs/heads/second").write_text(content) and None


def corrupted_pack(root: Path) -> None:
    """Pack the objects of the second branch alone, and change bytes in the middle."""
    oids = git(root, "rev-list", "--objects", "main..second").split("\n")
    names = [row.split(" ")[0] for row in oids]
    pack = git(root, "pack-objects", ".git/objects/pack/pack", source="\n".join(names).encode())
    for name in names:
        (root / ".git/objects" / name[:2] / name[2:]).unlink()
    file = root / f".git/objects/pack/pack-{pack}.pack"
    file.chmod(0o644)
    data = bytearray(file.read_bytes())
    data[20:-20] = bytes(byte ^ 0xFF for byte in data[20:-20])
    file.write_bytes(bytes(data))


DAMAGES = {
    "the last commit is missing": missing("second"),
    "the last commit is garbage": garbage("second"),
    "a parent is missing": missing("second~1"),
    "the first parent is empty": empty("second~2"),
    "a tree is missing": missing("second^{tree}"),
    "a folder of a tree is garbage": garbage("second:chapters"),
    "a chapter is missing": missing("second:chapters/9-more-1.md"),
    "a chapter is garbage": garbage("second:chapters/9-more-0.md"),
    "the reference is garbage": broken_ref("no commit\n"),
    "the reference is empty": broken_ref(""),
    "the reference names an object that never was": broken_ref("1" * 40 + "\n"),
    "the pack is corrupted": corrupted_pack,
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_branch_does_not_stop_the_merge_of_others(
    queue: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    root = tmp_path / "book"
    shutil.copytree(queue, root)
    damage(root)
    code, rows = merge(root)
    states = {name: row["state"] for name, row in rows.items()}
    assert code == 1 and states == {"first": "merged", "second": "refused", "third": "merged"}
    assert codes(rows["second"]) == {"submission-unreadable"}
    assert "hint" in rows["second"]["findings"][0]  # type: ignore[index]
    listed = oerbook("submissions", "-C", root)
    assert listed.code == 0 and "second" in listed.out, listed.err


@pytest.mark.slow
def test_a_damaged_branch_named_on_the_command_line_is_refused_with_a_hint(queue: Path, tmp_path: Path) -> None:
    root = tmp_path / "book"
    shutil.copytree(queue, root)
    missing("second")(root)
    ran = oerbook("merge", "-C", root, "second")
    assert ran.code == 1 and "missing or damaged" in ran.out and "fetch" in ran.out.lower()
    assert "Traceback" not in ran.err and "0 merged into main, 1 skipped" in ran.err
