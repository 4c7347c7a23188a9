"""Tables of contents and settings in every form, valid or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from oerbook.importers import IMPORTERS
from oerbook.importers.reading.foreign_book import ForeignBook
from oerbook.model.artifacts import ImportPlan
from oerbook.text.toctrees import remove_toctrees
from tests.conftest import write

PAGES = {f"{name}.md": f"# {name}\n" for name in ("intro", "a", "b", "sub/c", "sub/d")}


def draft(root: Path, kind: str, files: dict[str, str]) -> ImportPlan:
    write(root, {**PAGES, **files})
    tracked = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    importer = IMPORTERS[kind]
    return importer.read(ForeignBook(root, importer.find_books(tracked, root)[0], tracked))


def facts(made: ImportPlan) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(dict(made.files)["chapters/index.md"].split("---\n")[1])
    return found


def codes(made: ImportPlan) -> list[tuple[str, str]]:
    return [(finding.code, str(finding.place)) for finding in made.findings]


def test_a_toctree_shown_as_an_example_is_not_removed() -> None:
    kept = "# A\n\n````markdown\n```{toctree}\na\n```\n````\n\n```text\n```{toctree}\n```\n"
    assert remove_toctrees(kept) == kept
    assert remove_toctrees("# A\n\n````{note}\n```{toctree}\na\n```\n````\n") == "# A\n\n````{note}\n````\n"
    assert remove_toctrees("A\n\n:::{toctree}\n:hidden:\n\na\n:::\n\nB\n") == "A\n\nB\n"
    assert remove_toctrees("A\r\n```{tableofcontents}\r\n```\r\nB\r\n") == "A\r\nB\r\n"
    assert remove_toctrees("```{toctree}\nnever closed\n") == "```{toctree}\nnever closed\n"


def test_patterns_dividers_and_links_in_a_table_of_contents_are_read(tmp_path: Path) -> None:
    toc = "format: jb-article\nroot: intro\nsections:\n- file: a\n- glob: sub/*\n- url: https://example.org\n- file: a\n- file: gone\n"
    made = draft(tmp_path, "jupyter-book", {"_toc.yml": toc, "_config.yml": "title: T\n"})
    assert [entry["file"] for entry in facts(made)["toc"]] == ["intro.md", "a.md", "sub/c.md", "sub/d.md"]
    assert [code for code, _place in codes(made)] == ["import-toc-link", "import-page-duplicate", "import-page-missing"]
    assert ("import-page-missing", "_toc.yml:8") in codes(made)


def test_parts_keep_their_numbering_and_entries_their_titles(tmp_path: Path) -> None:
    toc = (
        "format: jb-book\nroot: intro\nparts:\n- caption: One\n  numbered: true\n  chapters:\n  - file: a\n    title: First\n"
        "    sections:\n    - file: sub/c\n- caption: Two\n  numbered: 2\n  chapters:\n  - file: b\n"
        "- caption: Three\n  chapters:\n  - file: sub/d\n"
    )
    found = facts(draft(tmp_path, "jupyter-book", {"_toc.yml": toc, "_config.yml": "title: T\n"}))
    first = {"file": "a.md", "title": "First", "children": [{"file": "sub/c.md"}]}
    assert found["toc"] == [
        {"numbered": False, "children": [{"file": "intro.md"}]},
        {"title": "One", "children": [first]},
        {"title": "Two", "numbered": 2, "children": [{"file": "b.md"}]},
        {"title": "Three", "numbered": False, "children": [{"file": "sub/d.md"}]},
    ]
    assert "numbering" not in found


def test_chapters_with_sections_stay_chapters_in_a_book_without_parts(tmp_path: Path) -> None:
    toc = "root: intro\nsubtrees:\n- numbered: true\n  entries:\n  - file: a\n    entries:\n    - file: b\n"
    conf = "html_title = 'Soil'\nauthor = 'Ada Lee'\nlanguage = 'nl'\n"
    made = draft(tmp_path, "jupyter-book", {"_toc.yml": toc, "conf.py": conf})
    assert facts(made)["toc"][1] == {"children": [{"file": "a.md", "children": [{"file": "b.md"}]}]}
    assert (facts(made)["title"], facts(made)["authors"], facts(made)["language"]) == ("Soil", ["Ada Lee"], "nl")
    assert set(made.removals) == {"_toc.yml", "conf.py"}


def test_a_list_item_without_a_space_after_its_hyphen_is_read(tmp_path: Path) -> None:
    toc = "format: jb-book\nroot: intro\nchapters:\n- file: a\n  sections:\n  -file: b\n  -file: sub/c\n"
    made = draft(tmp_path, "jupyter-book", {"_toc.yml": toc, "_config.yml": "title: T\n"})
    assert [page["file"] for page in facts(made)["toc"][1]["children"][0]["children"]] == ["b.md", "sub/c.md"]
    assert ("import-config-unreadable", "_toc.yml:6") in codes(made)


def test_markup_and_tools_in_the_line_of_authors_are_no_people(tmp_path: Path) -> None:
    author = "Ada Lee, <b>Bo Ek</b>, built with <a href='https://x.example'>Jupyter Book</a>, CC BY 4.0"
    made = draft(tmp_path, "jupyter-book", {"_toc.yml": "- file: intro\n", "_config.yml": f'author: "{author}"\n'})
    assert facts(made)["authors"] == ["Ada Lee", "Bo Ek"]
    assert ("import-unsupported", "_config.yml:1") in codes(made)


def test_a_notebook_named_index_makes_room_for_the_title_page(tmp_path: Path) -> None:
    files = {
        "_toc.yml": "root: index\nchapters: [{file: a}]\n",
        "_config.yml": "title: T\n",
        "index.ipynb": '{"cells": []}',
        "a.md": "# A\n\n[Start](index.ipynb)\n",
    }
    made = draft(tmp_path, "jupyter-book", files)
    assert ("index.ipynb", "chapters/start.ipynb") in made.moves
    assert facts(made)["toc"][0] == {"file": "start.ipynb"}
    assert "[Start](start.ipynb)" in dict(made.files)["chapters/a.md"]


def test_mystmd_without_numbering_has_none_and_finds_its_bibliography(tmp_path: Path) -> None:
    config = "project:\n  title: T\n  toc:\n  - file: a.md\n  - file: b.md\n  - title: Forum\n    url: https://forum.example\n"
    made = draft(tmp_path, "mystmd", {"myst.yml": config, "works.bib": ""})
    assert (facts(made)["numbering"], facts(made)["bibliography"]) == (False, ["works.bib"])
    assert ("import-toc-link", "myst.yml:7") in codes(made)
    numbered = "project: {title: T, numbering: {headings: true}, toc: [{file: a.md}, {file: b.md}]}\n"
    assert facts(draft(tmp_path / "two", "mystmd", {"myst.yml": numbered}))["numbering"] is True


def test_a_language_that_is_not_stated_is_guessed_and_named(tmp_path: Path) -> None:
    text = "# A\n\n" + "Le vent est une force, et les nuages sont dans le ciel. " * 30
    made = draft(tmp_path, "jupyter-book", {"_toc.yml": "- file: a\n", "_config.yml": "title: T\n", "a.md": text})
    assert facts(made)["language"] == "fr"
    assert ("import-guessed", "_toc.yml") in codes(made)


def test_macros_with_arguments_and_referenced_books_are_imported(tmp_path: Path) -> None:
    config = (
        "title: T\nauthor: Ada Lee and Bo\nbibtex_bibfiles: refs.bib\nhtml: {baseurl: https://example.org/}\n"
        "sphinx:\n  config:\n    mathjax3_config: {tex: {macros: {R: '\\mathbb{R}', norm: ['\\|#1\\|', 1]}}}\n"
        "    intersphinx_mapping: {py: ['https://docs.python.org/3', null], bad: 3}\n"
    )
    files = {"_toc.yml": "- file: intro\n", "_config.yml": config, "refs.bib": ""}
    found = facts(draft(tmp_path, "jupyter-book", files))
    assert found["math"] == {"R": "\\mathbb{R}", "norm": "\\|#1\\|"}
    assert found["references"] == {"py": "https://docs.python.org/3"}
    assert (found["bibliography"], found["url"]) == (["refs.bib"], "https://example.org")
    assert found["authors"] == ["Ada Lee", "Bo"]


def test_contents_of_sections_make_parts_with_pages_below(tmp_path: Path) -> None:
    files = {
        "index.md": "---\nhide-toc: true\n---\n# T\n\n```{toctree}\n---\ncaption: One\nmaxdepth: 2\n---\nsub/index\n```\n",
        "sub/index.md": "# Sub\n\n:::{toctree}\n:hidden:\n\nc\nThe last <d>\n../a.md\nself\n:::\n",
    }
    made = draft(tmp_path, "sphinx", files)
    below = [{"file": "sub/c.md"}, {"file": "sub/d.md", "title": "The last"}, {"file": "a.md"}]
    assert facts(made)["toc"] == [{"title": "One", "children": [{"file": "sub/index.md", "children": below}]}]
    assert "hide-toc" not in facts(made)
    assert dict(made.files)["chapters/sub/index.md"] == "# Sub\n"


def test_toctrees_that_name_each_other_do_not_loop(tmp_path: Path) -> None:
    pages = {f"p{n}.md": f"# {n}\n\n```{{toctree}}\np{n + 1}\nindex\np0\n```\n" for n in range(400)}
    made = draft(tmp_path, "sphinx", {"index.md": "# T\n\n```{toctree}\np0\n```\n", **pages})
    assert "import-page-missing" in [code for code, _place in codes(made)]


def test_a_conf_py_beside_the_pages_is_read_and_removed(tmp_path: Path) -> None:
    conf = "import os\nraise SystemExit\nproject = 'From conf'\nauthor = os.environ['HOME']\nhtml_theme = 'furo'\n"
    made = draft(tmp_path, "sphinx", {"docs/index.md": "# T\n", "docs/conf.py": conf})
    assert facts(made)["title"] == "From conf"
    assert made.removals == ("docs/conf.py",)
    assert {"docs/conf.py:4", "docs/conf.py:5"} <= {place for _code, place in codes(made)}


def test_mystmd_without_a_table_of_contents_uses_file_names_and_no_network(tmp_path: Path) -> None:
    config = (
        "version: 1\nextends: [https://example.org/base.yml, more.yml, ../../etc/passwd]\nproject:\n  title: T\n"
        "  authors:\n  - {name: Ada Lee, email: ada@example.org, orcid: 0000-0002-1825-0097}\n  jupyter: true\n"
    )
    files = {"myst.yml": config, "more.yml": "project: {license: CC-BY-4.0, title: Other}\n", "README.md": "# Hello\n"}
    made = draft(tmp_path, "mystmd", files)
    found = facts(made)
    assert (found["title"], found["license"]) == ("T", "CC-BY-4.0")
    assert "ada@example.org" not in str(made.files)
    assert [entry["file"] for entry in found["toc"]] == ["a.md", "b.md", "intro.md", "sub/c.md", "sub/d.md"]
    assert "# Hello" in dict(made.files)["chapters/index.md"]
    assert "README.md" not in dict(made.moves)
    assert codes(made).count(("import-unsupported", "myst.yml:2")) == 2


def test_links_to_the_page_that_becomes_the_title_page_are_updated(tmp_path: Path) -> None:
    toc = "project:\n  toc:\n  - file: intro.md\n  - file: a.md\n  - file: sub/c.md\n"
    pages = {
        "a.md": "# A\n\n[x](intro.md#top) [y](./intro.md) [z](sub/intro.md)\n",
        "sub/c.md": "# C\n\n[](../intro.md)\n",
    }
    written = dict(draft(tmp_path, "mystmd", {"myst.yml": toc, **pages}).files)
    assert "[x](index.md#top) [y](index.md) [z](sub/intro.md)" in written["chapters/a.md"]
    assert "[](../index.md)" in written["chapters/sub/c.md"]


def test_each_person_gets_a_file_without_an_e_mail_address(tmp_path: Path) -> None:
    people = '{"contributors": [{"login": "Ada-L", "name": "Ada Lee", "profile": "https://ada.example.org", "email": "a@b.c", "contributions": ["doc", "review", {}]}, 7, {"name": "../../x"}]}'
    made = draft(tmp_path, "jupyter-book", {"_toc.yml": "- file: intro\n", ".all-contributorsrc": people})
    written = {name: text for name, text in made.files if name.startswith("contributors/")}
    assert sorted(written) == ["contributors/ada-l.md", "contributors/x.md"]
    assert "website: https://ada.example.org" in written["contributors/ada-l.md"]
    assert "a@b.c" not in str(written)


ODD = [
    "",
    "7",
    "[1, [2], {3: 4}]",
    "parts: 3\nroot: {a: b}\n",
    "a: &x [*x]\n",
    "- part: 1\n  chapters: 2\n- file: [x]\n",
    "\t\n",
]
ODD += [
    "[" * 100,
    "project: 1\nsite: 2\n",
    "project: {toc: 3, references: 4, bibliography: {a: b}, authors: 5, math: 6}\n",
]
ODD += ["sphinx: {config: 3, extra_extensions: [{a: b}]}\nhtml: 4\nrepository: 5\nbibtex_bibfiles: 6\ntitle: [x]\n"]
ODD += ["sphinx: {config: {mathjax3_config: 3, intersphinx_mapping: 4, language: {}}}\n", "root: ../../etc/passwd\nchapters: [{glob: '/**'}, {glob: 'a**'}]\n"]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("name", ["_toc.yml", "_config.yml", "myst.yml"])
def test_settings_of_the_wrong_type_do_not_stop_the_import(tmp_path: Path, name: str, text: str) -> None:
    kind = "mystmd" if name == "myst.yml" else "jupyter-book"
    files = {"_toc.yml": "- file: intro\n", name: text} if kind == "jupyter-book" else {name: text}
    assert dict(draft(tmp_path, kind, files).files)["chapters/index.md"].startswith("---\n")


@pytest.mark.parametrize(
    "value", ["3", "[1, {}]", "{'a': 3}", "None", "('x',)", "b'x'", "{'py': ('https://e.org', None)}"]
)
def test_values_of_the_wrong_type_in_a_conf_py_do_not_stop_the_import(tmp_path: Path, value: str) -> None:
    keys = ("project", "author", "language", "bibtex_bibfiles", "html_logo", "intersphinx_mapping", "mathjax3_config")
    conf = "".join(f"{key} = {value}\n" for key in keys)
    assert draft(tmp_path, "sphinx", {"index.md": "# T\n", "conf.py": conf}).files
