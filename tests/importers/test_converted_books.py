"""Adopting whole books whose pages are converted: order, license, history, and what stays behind."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from oerbook.importers.reading.find_license import recognize_license
from oerbook.source.book import read_book
from tests.conftest import oerbook
from tests.importers.test_importers import digest, repository, shape

LICENSE = "Attribution-ShareAlike 4.0 International\n"
WORDS = "Loam holds water and air in equal parts, which the roots of most plants need in order to grow well.\n"
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
BOOKS: dict[str, dict[str, str]] = {
    "quarto": {
        "_quarto.yml": "project: {type: book}\nbook:\n  title: Soil\n  author: Ada Lee\n  chapters:\n  - index.qmd\n"
        "  - part: One\n    chapters: [a.qmd]\n  - b.qmd\nformat: {html: {theme: cosmo}}\n",
        "index.qmd": "# Welcome {.unnumbered}\n\nRead [loam](a.qmd#sec-loam).\n",
        "a.qmd": f"# Loam {{#sec-loam}}\n\n{WORDS}\n![A dot](img/dot.svg){{#fig-dot}}\n\n```{{r}}\n1 + 1\n```\n\n"
        '```{r}\n#| label: fig-x\n#| fig-cap: "X"\nplot(1)\n```\n\n::: {.fancy}\nWords.\n:::\n',
        "b.qmd": "# Clay\n\nSee @fig-dot and @sec-loam, and [the first page](a.html).\n",
        "img/dot.svg": DOT,
        "notes.qmd": "# Notes\n",
        "R/x.R": "1\n",
    },
    "bookdown": {
        "_bookdown.yml": 'book_filename: soil\nrmd_files: ["index.Rmd", "a.Rmd", "b.Rmd"]\n',
        "index.Rmd": '---\ntitle: "Soil"\nauthor: "Ada Lee"\nsite: bookdown::bookdown_site\n---\n\n# Welcome {-}\n\nHello.\n',
        "a.Rmd": f"# (PART) One {{-}}\n\n# Loam {{#loam}}\n\n{WORDS}\n```{{r dot, fig.cap='A dot', echo=FALSE}}\n"
        "knitr::include_graphics('img/dot.svg')\n```\n",
        "b.Rmd": "# Clay\n\nSee Figure \\@ref(fig:dot) in Chapter \\@ref(loam).\n",
        "img/dot.svg": DOT,
    },
    "sphinx-rst": {
        "docs/conf.py": "import os\nos.system('touch ran')\nproject = 'Soil'\nauthor = 'Ada Lee'\nhtml_theme = 'furo'\n",
        "docs/index.rst": "Soil\n====\n\nWelcome.\n\n.. toctree::\n   :caption: One\n\n   a\n\n.. toctree::\n\n   The second <b>\n",
        "docs/a.rst": f".. _loam:\n\nLoam\n====\n\n{WORDS}\n.. image:: img/dot.svg\n   :alt: A dot\n",
        "docs/b.rst": "Clay\n====\n\nSee :ref:`loam`.\n",
        "docs/img/dot.svg": DOT,
    },
    "mdbook": {
        "book.toml": '[book]\ntitle = "Soil"\nauthors = ["Ada Lee"]\n[preprocessor.links]\n',
        "src/SUMMARY.md": "# Summary\n\n# One\n\n- [Loam](a.md)\n\n# Two\n\n- [Clay](b.md)\n",
        "src/a.md": f"# Loam\n\n{WORDS}\n![A dot](img/dot.svg)\n",
        "src/b.md": "# Clay\n\nSee [loam](a.html).\n",
        "src/img/dot.svg": DOT,
    },
    "gitbook": {
        "book.json": '{"title": "Soil", "author": "Ada Lee"}',
        "SUMMARY.md": "# Summary\n\n* [Start](README.md)\n\n## One\n\n* [Loam](a.md)\n\n## Two\n\n* [Clay](b.md)\n",
        "README.md": "# Soil\n\nWelcome.\n",
        "a.md": f"# Loam\n\n{WORDS}\n![A dot](/img/dot.svg)\n",
        "b.md": "# Clay\n\nSee [loam](a.md).\n",
        "img/dot.svg": DOT,
    },
    "mkdocs": {
        "mkdocs.yml": "site_name: Soil\nsite_author: Ada Lee\ntheme: {name: material}\nnav:\n- index.md\n- One:\n  - a.md\n- b.md\n"
        "markdown_extensions:\n- pymdownx.emoji:\n    emoji_index: !!python/name:material.extensions.emoji.twemoji\n",
        "docs/index.md": "# Soil\n\nWelcome.\n",
        "docs/a.md": f"# Loam\n\n{WORDS}\n![A dot](img/dot.svg)\n",
        "docs/b.md": "# Clay\n\nSee [loam](a.md).\n",
        "docs/img/dot.svg": DOT,
    },
}


def license_file(files: dict[str, str]) -> dict[str, str]:
    return {**files, "LICENSE": LICENSE}


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """The adopted books and what the command printed, by kind."""
    books = {}
    for kind, files in BOOKS.items():
        folder = tmp_path_factory.mktemp(kind.replace("/", "-"))
        source = repository(folder / "source", license_file(files))
        before = digest(source)
        ran = oerbook("adopt", source, folder / "ours")
        assert ran.code == 0, ran.err
        assert digest(source) == before
        books[kind] = (folder / "ours", ran.err)
    return books


@pytest.mark.parametrize("kind", BOOKS)
def test_order_people_and_license_come_over(adopted: dict[str, tuple[Path, str]], kind: str) -> None:
    root = adopted[kind][0]
    book = read_book(root)[0]
    parts = shape(root)
    assert [slug for _title, slugs in parts for slug in slugs] == ["a", "b"]
    assert parts[0][0] == "One"
    assert (book.title, book.license) == ("Soil", "CC-BY-SA-4.0")
    assert [author.name for author in book.authors] == ["Ada Lee"]
    assert [work.title for work in book.reused_works] == ["Soil"]


@pytest.mark.parametrize("kind", BOOKS)
def test_pictures_move_with_the_pages_that_use_them(adopted: dict[str, tuple[Path, str]], kind: str) -> None:
    root = adopted[kind][0]
    assert (root / "chapters/img/dot.svg").is_file()
    assert not (root / "chapters/R").exists()


@pytest.mark.parametrize("kind", BOOKS)
def test_every_word_keeps_its_author(adopted: dict[str, tuple[Path, str]], kind: str) -> None:
    root = adopted[kind][0]
    assert git(root, "log", "-1", "--format=%an").strip() == "oerbook[bot]"
    first = git(root, "log", "--follow", "--format=%s", "--", "chapters/a.md").splitlines()
    assert first[-1] == "first"
    line = next(n for n, text in enumerate((root / "chapters/a.md").read_text().split("\n"), 1) if "Loam holds" in text)
    assert "Ada" in git(root, "blame", f"-L{line},{line}", "--", "chapters/a.md")
    credits = oerbook("credits", "-C", root)
    assert "oerbook" not in credits.out
    assert "Ada" in credits.out


@pytest.mark.slow
@pytest.mark.parametrize("kind", BOOKS)
def test_references_lead_to_their_targets(adopted: dict[str, tuple[Path, str]], kind: str) -> None:
    ran = oerbook("build", "html", "-C", adopted[kind][0])
    assert "reference-missing" not in ran.err
    assert "link-target-missing" not in ran.err
    page = (adopted[kind][0] / "_build/html/b.html").read_text()
    assert 'href="a.html' in page


def test_what_stays_behind_is_named(adopted: dict[str, tuple[Path, str]]) -> None:
    printed = adopted["quarto"][1]
    for place, code in (
        ("notes.qmd: info", "import-page-unlisted"),
        ("a.qmd:7: info", "import-not-run"),
        ("a.qmd:11: warning", "import-figure-missing"),
        ("a.qmd:17: info", "import-simplified"),
        ("_quarto.yml:10: info", "import-unsupported"),
    ):
        assert any(line.startswith(place) and f"[{code}]" in line for line in printed.split("\n")), (place, printed)


def test_a_book_without_a_license_is_not_converted_until_one_is_named(tmp_path: Path) -> None:
    source = repository(tmp_path / "source", BOOKS["quarto"])
    refused = oerbook("adopt", source, tmp_path / "ours")
    assert refused.code == 1
    assert "does not state its license" in refused.err  # as import-license-missing says of other books
    assert not (tmp_path / "ours").exists()
    assert oerbook("adopt", "--license", "CC-BY-4.0", source, tmp_path / "ours").code == 0
    assert read_book(tmp_path / "ours")[0].license == "CC-BY-4.0"


def test_a_license_that_forbids_adaptations_is_refused(tmp_path: Path) -> None:
    files = {**BOOKS["quarto"], "LICENSE": "Attribution-NonCommercial-NoDerivatives 4.0 International\n"}
    ran = oerbook("adopt", repository(tmp_path / "source", files), tmp_path / "ours")
    assert ran.code == 1
    assert "CC-BY-NC-ND-4.0 does not permit adapted versions" in ran.err


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("Attribution 4.0 International\n\nCreative Commons Corporation", "CC-BY-4.0"),
        ("Creative Commons Attribution-ShareAlike 3.0 Unported", "CC-BY-SA-3.0"),
        ("[CC BY-NC-SA](http://creativecommons.org/licenses/by-nc-sa/4.0/)", "CC-BY-NC-SA-4.0"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("GNU Free Documentation License\nVersion 1.3, 3 November 2008", "GFDL-1.3-or-later"),
        ("Permission is hereby granted, free of charge, to any person obtaining a copy", "MIT"),
        ("All rights reserved.", ""),
        ("Creative Commons Attribution", ""),
    ],
)
def test_licenses_are_recognized_with_their_version(text: str, spdx: str) -> None:
    assert recognize_license(text) == spdx


def test_a_folder_of_pages_and_notebooks_is_a_book(tmp_path: Path) -> None:
    notebook = '{"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# Clay"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    files = {"README.md": "# Soil\n\nHello.\n", "1-a.md": f"# Loam\n\n{WORDS}", "part/2-b.ipynb": notebook}
    ran = oerbook("adopt", repository(tmp_path / "source", license_file(files)), tmp_path / "ours")
    assert ran.code == 0, ran.err
    assert shape(tmp_path / "ours") == [("", ["a"]), ("Part", ["part/b"])]
    assert read_book(tmp_path / "ours")[0].title == "Soil"


def test_a_page_that_is_nested_too_deeply_keeps_its_markup_and_costs_no_other_page(tmp_path: Path) -> None:
    levels = 1200
    opened = "".join(":" * (levels - level + 3) + " {.callout-note}\n" for level in range(levels))
    closed = "".join(":" * (level + 4) + "\n" for level in range(levels))
    files = {**BOOKS["quarto"], "b.qmd": f"# Clay\n\n{opened}Wet clay.\n{closed}"}
    source = repository(tmp_path / "source", license_file(files))
    ran = oerbook("adopt", source, tmp_path / "ours")
    assert ran.code == 0 and "nested too deeply to be converted" in ran.err
    pages = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "ours").rglob("*.md")}
    assert "Wet clay." in "".join(pages.values()) and "# Loam" in "".join(pages.values())
