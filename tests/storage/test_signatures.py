"""A cache is code that runs when it is loaded: what somebody changed in the folder is not loaded."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from oerbook.model.findings import Finding, Place
from oerbook.storage import signatures
from oerbook.storage.cache import Cache
from oerbook.storage.locks import lock_file
from oerbook.tasks.build.cache_owner import claim_cache_folder
from tests.conftest import Files, oerbook, write

FINDING = Finding("soil", "dry", Place("chapters/a.md", 3))


class Program:
    """A pickle that makes a folder when it is loaded."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.mark),)


def cached(folder: Path, kind: str) -> tuple[Cache, Path]:
    cache = Cache(folder)
    cache.put(kind, "a", [FINDING])
    assert Cache(folder).get(kind, "a", object) == [FINDING]
    return cache, folder / kind / "a.pickle"


def test_the_program_in_a_pickle_runs_when_nothing_guards_it(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Program(tmp_path / "ran")))
    assert (tmp_path / "ran").is_dir()


@pytest.mark.parametrize("kind", ["state", "resolved", "said", "proof", "needs"])
def test_a_cached_file_that_was_replaced_counts_as_missing(tmp_path: Path, kind: str) -> None:
    _, file = cached(tmp_path, kind)
    file.write_bytes(pickle.dumps(Program(tmp_path / "ran")))
    assert Cache(tmp_path).get(kind, "a", object) is None
    file.write_bytes(b"\0" * 32 + pickle.dumps(Program(tmp_path / "ran")))
    assert Cache(tmp_path).get(kind, "a", object) is None and not (tmp_path / "ran").exists()


@pytest.mark.parametrize("position", [0, 31, 32, 40, -1])
def test_one_changed_byte_makes_a_cached_file_invalid(tmp_path: Path, position: int) -> None:
    _, file = cached(tmp_path, "said")
    data = bytearray(file.read_bytes())
    data[position] ^= 1
    file.write_bytes(bytes(data))
    assert Cache(tmp_path).get("said", "a", object) is None


def test_a_signed_value_cannot_stand_in_for_another(tmp_path: Path) -> None:
    cache, file = cached(tmp_path, "said")
    cache.put("said", "b", ["other"])
    (tmp_path / "said" / "b.pickle").replace(file)
    assert Cache(tmp_path).get("said", "a", object) is None
    cache.put_json("state", "html", {"soil": "1"})
    (tmp_path / "state" / "html.json").rename(tmp_path / "state" / "looked.json")
    assert Cache(tmp_path).get_json("state", "looked") is None


def test_even_a_signed_pickle_of_data_names_no_function(tmp_path: Path) -> None:
    _, file = cached(tmp_path, "said")
    for program in (
        pickle.dumps(Program(tmp_path / "ran")),
        b"cbuiltins\neval\n(Vprint()\ntR.",
        b"coerbook.git.process\nrun\n.",
        b"coerbook.git.process\nsubprocess.run\n.",
        b"cos\nsystem\n(Vmkdir ran\ntR.",
    ):
        file.write_bytes(signatures.sign("said/a", program))
        assert Cache(tmp_path).get("said", "a", object) is None
    assert not (tmp_path / "ran").exists()


def test_the_key_is_outside_the_folder_and_nobody_else_may_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    signatures.user_key.cache_clear()
    try:
        assert len(signatures.user_key()) == 32
        assert (tmp_path / "oerbook" / "key").stat().st_mode & 0o777 == 0o600
    finally:
        signatures.user_key.cache_clear()


@pytest.mark.slow
def test_no_file_of_a_changed_cache_runs_anything_in_build_or_check(make: Callable[[Files], Path]) -> None:
    root = make({"chapters/01-soil.md": "# Soil\n\nSoil is *alive*, see {cite}`a`.\n\n$$x^2$$ (eq)\n"})
    assert oerbook("build", "html", "epub", "-q", "-C", root).code == 0
    page, cache = (root / "_build/html/soil.html").read_bytes(), root / "_build/.cache"
    changed = [p for p in cache.rglob("*") if p.suffix in (".pickle", ".doctree", ".bin")]
    assert {p.parent.name for p in changed} >= {"doctrees", "resolved", "templates", "state"}
    for file in changed:
        file.write_bytes(pickle.dumps(Program(root / "ran")))
    for command in (("build", "html"), ("check",), ("credits",)):
        ran = oerbook(*command, "-C", root)
        assert ran.code in (0, 1) and not (root / "ran").exists(), ran.err
    assert (root / "_build/html/soil.html").read_bytes() == page


@pytest.mark.parametrize("link", [".cache", ".cache/state", ".cache/reviews", ".cache/site/_images", ".cache/said"])
def test_links_in_a_cache_are_not_followed(tmp_path: Path, link: str) -> None:
    out, elsewhere = tmp_path / "out", write(tmp_path / "elsewhere", {"holiday.jpg": "dear"})
    claim_cache_folder(out / ".cache")
    if link == ".cache":
        (out / link).rename(out / "other")
    (out / link).parent.mkdir(parents=True, exist_ok=True)
    (out / link).symlink_to(elsewhere)
    claim_cache_folder(out / ".cache")
    assert not (out / link).is_symlink() and (elsewhere / "holiday.jpg").read_text() == "dear"


@pytest.mark.parametrize("target", ["letter.txt", "missing.txt"])
def test_a_lock_that_is_a_link_is_refused_and_its_target_left_alone(tmp_path: Path, target: str) -> None:
    root = write(tmp_path, {"letter.txt": "dear", "chapters/index.md": "# Book\n", "_build/x": ""})
    (root / "_build" / ".lock").symlink_to(root / target)
    for command in (("build", "html"), ("check",)):
        ran = oerbook(*command, "-C", root)
        assert ran.code == 1 and "link" in ran.err and "Traceback" not in ran.err
    assert (root / "letter.txt").read_text() == "dear" and not (root / "missing.txt").exists()


def test_a_plain_lock_file_is_taken(tmp_path: Path) -> None:
    with lock_file(tmp_path / ".lock"):
        assert (tmp_path / ".lock").is_file()


def test_a_link_in_place_of_the_output_folder_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path / "book", {"chapters/index.md": "# Book\n"})
    write(tmp_path / "home", {"html/mine.txt": "dear"})
    (root / "_build").symlink_to(tmp_path / "home")
    for command in ("build", "check", "credits", "merge", "clean"):
        ran = oerbook(command, "-C", root)
        assert ran.code == 1 and "is a link to another folder" in ran.err, ran.err
    assert [p.name for p in (tmp_path / "home").rglob("*.txt")] == ["mine.txt"]
