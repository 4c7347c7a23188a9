"""Adopting books of every kind from real git repositories."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from oerbook.source.book import read_book
from tests.conftest import oerbook, write

PAGES = {
    "intro.md": "# Welcome\n",
    "a.md": "# A\n\nSee [](b.md).\n",
    "b.md": "# B\n",
    "sub/c.md": "# C\n",
    "pic.svg": "<svg/>",
}


def repository(root: Path, files: dict[str, str]) -> Path:
    write(root, files)
    for arguments in (["init", "-qb", "main"], ["add", "-A"], ["commit", "-qm", "first"]):
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=root, check=True)
    return root


def digest(root: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(root.rglob("*")) if p.is_file()}


def shape(root: Path) -> list[tuple[str, list[str]]]:
    return [(part.title, [chapter.slug for chapter in part.chapters]) for part in read_book(root)[0].parts]


KINDS = {
    "jb-book": (
        {
            "_toc.yml": "format: jb-book\nroot: intro\nparts:\n- caption: One\n  numbered: true\n  chapters:\n  - file: a\n- caption: Two\n  chapters:\n  - file: b\n    sections:\n    - file: sub/c\n",
            "_config.yml": 'title: T\nauthor: Ada Lee & Bo\nlaunch_buttons: {x: y}\nsphinx:\n  config:\n    mathjax3_config:\n      tex:\n        macros:\n          "E": "\\\\mathbb{E}"\n',
        },
        [("", ["intro"]), ("One", ["a"]), ("Two", ["b", "sub/c"])],
    ),
    "the old list style": (
        {
            "_toc.yml": "- file: intro\n- part: One\n  chapters:\n  - file: a\n  - file: b\n- header: Two\n- file: sub/c\n",
            "_config.yml": "title: T\n",
        },
        [("", ["intro"]), ("One", ["a", "b"]), ("Two", ["sub/c"])],
    ),
    "mystmd": (
        {
            "myst.yml": "version: 1\nproject:\n  title: T\n  math: {'\\E': '\\mathbb{E}'}\n  toc:\n  - file: intro.md\n  - title: One\n    children:\n    - file: a.md\n    - file: b.md\nsite: {template: x}\n"
        },
        [("One", ["a", "b"])],
    ),
    "Sphinx": (
        {
            "index.md": "# T\n\nHello.\n\n```{toctree}\n:caption: One\n:numbered:\n\na\nThe second <b>\n```\n\n```{toctree}\n:glob:\n\nsub/*\n```\n",
            "conf.py": "import os\nos.system('touch ran')\nproject = 'T'\nhtml_theme = 'furo'\n",
        },
        [("One", ["a", "b"]), ("", ["sub/c"])],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("extra", "expected"), KINDS.values(), ids=KINDS.keys())
def test_a_book_is_imported_with_its_order_and_history(
    tmp_path: Path, extra: dict[str, str], expected: list[tuple[str, list[str]]]
) -> None:
    source = repository(tmp_path / "source", {**PAGES, **extra})
    before = digest(source)
    ran = oerbook("adopt", source, tmp_path / "ours")
    assert ran.code == 0, ran.err
    assert digest(source) == before
    assert shape(tmp_path / "ours") == expected
    log = subprocess.run(
        ["git", "log", "--follow", "--format=%s", "--", "chapters/a.md"],
        cwd=tmp_path / "ours",
        capture_output=True,
        text=True,
    )
    assert log.stdout.splitlines()[-1] == "first"
    assert read_book(tmp_path / "ours")[0].title == "T"
    assert not (tmp_path / "ours/ran").exists()
    assert oerbook("build", "html", "-C", tmp_path / "ours").code == 0


@pytest.mark.slow
def test_settings_that_cannot_be_imported_are_reported_with_their_line(tmp_path: Path) -> None:
    source = repository(tmp_path / "source", {**PAGES, **KINDS["jb-book"][0]})
    ran = oerbook("adopt", source, tmp_path / "ours")
    assert "_config.yml:3: info: launch_buttons" in ran.err
    assert dict(read_book(tmp_path / "ours")[0].math) == {"E": "\\mathbb{E}"}


def test_a_target_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    source = repository(tmp_path / "source", PAGES)
    write(tmp_path / "ours", {"mine.txt": "mine"})
    ran = oerbook("adopt", source, tmp_path / "ours")
    assert ran.code == 1
    assert "not empty" in ran.err


def test_the_message_for_a_folder_without_a_book_says_what_is_needed(tmp_path: Path) -> None:
    source = repository(tmp_path / "source", {"a.txt": "x"})
    ran = oerbook("adopt", source, tmp_path / "ours")
    assert ran.code == 1
    assert "_toc.yml" in ran.err
    assert not (tmp_path / "ours").exists()


@pytest.mark.slow
def test_hooks_and_links_of_a_source_are_not_followed(tmp_path: Path) -> None:
    source = repository(tmp_path / "source", {**PAGES, **KINDS["the old list style"][0]})
    (tmp_path / "secret").write_text("hush")
    (source / "link.md").symlink_to(tmp_path / "secret")
    subprocess.run(["git", "add", "-A"], cwd=source, check=True)
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "link"], cwd=source, check=True
    )
    hook = source / ".git/hooks/post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    assert oerbook("adopt", source, tmp_path / "ours").code == 0
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / "ours/chapters/link.md").exists()
