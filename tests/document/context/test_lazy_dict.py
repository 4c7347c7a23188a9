"""A lazy dict behaves like a dict, and copies values that were not accessed as bytes."""

from __future__ import annotations

import pickle
from contextlib import nullcontext
from pathlib import Path

from oerbook.document.context.lazy_dict import LazyDict
from oerbook.document.session import BuildRequest, run_sphinx
from oerbook.source.book import read_book
from tests.conftest import write

Numbers = dict[str, dict[str, tuple[int, ...]]]


def pickled_and_loaded(table: LazyDict) -> LazyDict:
    result = pickle.loads(pickle.dumps(table))
    assert isinstance(result, LazyDict)
    return result


def test_values_are_unpickled_on_access_only() -> None:
    table = LazyDict()
    table["a"], table["b"], table["c"] = ["x"], {"y": 1}, "z"
    assert not table.is_pickled("a")
    later = pickled_and_loaded(table)
    assert all(later.is_pickled(name) for name in "abc") and not later.is_pickled("d")
    later["a"].append("more")
    del later["b"]
    later["c"] = "new"
    assert "b" not in later and later.pop("b", None) is None and "a" in later
    last = pickled_and_loaded(later)
    assert (dict(last), len(last), sorted(last)) == ({"a": ["x", "more"], "c": "new"}, 2, ["a", "c"])
    assert not last.is_pickled("a")


def test_only_moved_chapters_are_renumbered(tmp_path: Path) -> None:
    root = tmp_path / "book"
    write(root, {"chapters/index.md": "---\ntitle: A book\nlicense: CC-BY-4.0\n---\n\n# A book\n"})
    write(root, {f"chapters/{n}0-c{n}.md": f"# C{n}\n\n## One\n\n## Two\n" for n in range(1, 5)})

    def state(work: Path) -> tuple[Numbers, dict[str, list[int]], dict[str, str]]:
        book, _findings = read_book(root)
        run_sphinx(book, BuildRequest((), work, 1, with_check_input=True), lambda *_: nullcontext(lambda *_: None))
        env = pickle.loads((work / "doctrees" / "environment.pickle").read_bytes())
        titles = {name: title["secnumber"] for name, title in env.titles.items() if "secnumber" in title}
        return env.toc_secnumbers, titles, {name: str(toc) for name, toc in env.tocs.items()}

    def numbers() -> Numbers:
        cached, fresh = state(tmp_path / "cached"), state(tmp_path / f"fresh{len(list(tmp_path.iterdir()))}")
        assert cached == fresh
        return cached[0]

    assert numbers()["c3"] == {"": (3,), "#one": (3, 1), "#two": (3, 2)}
    write(root, {"chapters/25-new.md": "# New\n\n## Only\n"})
    assert numbers()["c3"][""] == (4,)
    write(root, {"chapters/30-c3.md": "# C3\n\n## Two\n\n## One\n"})
    assert numbers()["c3"] == {"": (4,), "#two": (4, 1), "#one": (4, 2)}
    (root / "chapters/10-c1.md").unlink()
    assert numbers()["c4"][""] == (4,)
