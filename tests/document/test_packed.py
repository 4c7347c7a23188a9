"""A packed table is the table it was made of, and what nobody asked for is passed on as it is."""

from __future__ import annotations

import pickle
from contextlib import nullcontext
from pathlib import Path

from oerbook.document.context.lazy_dict import Packed
from oerbook.document.session import Order, understand
from oerbook.source.book import read_book
from tests.conftest import write

Numbers = dict[str, dict[str, tuple[int, ...]]]


def again(table: Packed) -> Packed:
    found = pickle.loads(pickle.dumps(table))
    assert isinstance(found, Packed)
    return found


def test_values_come_back_and_only_those_asked_for_are_unpacked() -> None:
    table = Packed()
    table["a"], table["b"], table["c"] = ["x"], {"y": 1}, "z"
    assert not table.untouched("a")
    later = again(table)
    assert all(later.untouched(name) for name in "abc") and not later.untouched("d")
    later["a"].append("more")
    del later["b"]
    later["c"] = "anew"
    assert "b" not in later and later.pop("b", None) is None and "a" in later
    last = again(later)
    assert (dict(last), len(last), sorted(last)) == ({"a": ["x", "more"], "c": "anew"}, 2, ["a", "c"])
    assert not last.untouched("a")


def test_chapters_that_move_are_numbered_anew_and_others_keep_their_numbers(tmp_path: Path) -> None:
    root = tmp_path / "book"
    write(root, {"chapters/index.md": "---\ntitle: A book\nlicense: CC-BY-4.0\n---\n\n# A book\n"})
    write(root, {f"chapters/{n}0-c{n}.md": f"# C{n}\n\n## One\n\n## Two\n" for n in range(1, 5)})

    def state(work: Path) -> tuple[Numbers, dict[str, list[int]], dict[str, str]]:
        book, _said = read_book(root)
        understand(book, Order((), work, 1, proof=True), lambda *_: nullcontext(lambda *_: None))
        env = pickle.loads((work / "doctrees" / "environment.pickle").read_bytes())
        titles = {name: title["secnumber"] for name, title in env.titles.items() if "secnumber" in title}
        return env.toc_secnumbers, titles, {name: str(toc) for name, toc in env.tocs.items()}

    def numbers() -> Numbers:
        kept, anew = state(tmp_path / "kept"), state(tmp_path / f"anew{len(list(tmp_path.iterdir()))}")
        assert kept == anew
        return kept[0]

    assert numbers()["c3"] == {"": (3,), "#one": (3, 1), "#two": (3, 2)}
    write(root, {"chapters/25-new.md": "# New\n\n## Only\n"})
    assert numbers()["c3"][""] == (4,)
    write(root, {"chapters/30-c3.md": "# C3\n\n## Two\n\n## One\n"})
    assert numbers()["c3"] == {"": (4,), "#two": (4, 1), "#one": (4, 2)}
    (root / "chapters/10-c1.md").unlink()
    assert numbers()["c4"][""] == (4,)
