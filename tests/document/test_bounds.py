"""Pages that would unfold without end: each comes to an end soon, and what is wrong names the page."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from oerbook.document.math.tex_macros import for_typst
from oerbook.document.reading.generated_pages import signs_of
from oerbook.document.transforms.html_nodes import uncommented
from oerbook.sandbox.limits import ABOUT_MEMORY, ImpatienceError, patience
from oerbook.source.lint_blocks import plain
from tests.conftest import INDEX, oerbook, write

LINES = "1-900000000," * 500 + "1"
NESTED = {f"chapters/part{n}.txt": f"```{{include}} part{n + 1}.txt\n```\n" * 10 for n in range(1, 8)}
UNFOLDING = {
    "highlighted lines": (f"```{{code-block}} python\n:emphasize-lines: {LINES}\nx=1\n```", ""),
    "lines of a file": (f"```{{literalinclude}} some.txt\n:lines: {LINES}\n```", ""),
    "first line": ("```{code-block} python\n:lineno-start: 99999999999999999999\nx=1\ny=2\n```", ""),
    "columns": ("```{hlist}\n:columns: 900000000\n* a\n* b\n```", ""),
    "widths": ("```{list-table}\n:widths: 900000000 1\n:header-rows: 1\n* - a\n  - b\n* - c\n  - d\n```", ""),
    "files in files": ("```{include} part1.txt\n```", "include-large"),
    "a file again and again": ("```{literalinclude} big.txt\n```\n\n" * 30, "include-large"),
    "files in reStructuredText": ("```{eval-rst}\n" + ".. literalinclude:: big.txt\n\n" * 30 + "```", "include-large"),
    "a file that takes in itself": ("```{include} 18.md\n```", "chapter-unreadable"),
    "comments that do not end": ("<!--" * 100_000, ""),
    "macros in macros": (
        "$$" + "".join(f"\\def\\{x}{{" + f"\\{y}" * 8 + "}" for x, y in zip("abcdefgh", "bcdefghi", strict=True)) + "\\def\\i{xx}\\a$$",
        "math",
    ),
    "HTML in HTML": ("<div>" * 5000 + "x" + "</div>" * 5000, "chapter-unreadable"),
    "HTML that does not end": ("a " + "<b>" * 3000 + "x", "raw-html"),
    "quotations in quotations": (">" * 20_000 + " x", ""),
    "lists in lists": ("\n".join("  " * n + "- x" for n in range(1500)), "chapter-unreadable"),
    "brackets": ("[" * 30_000 + "x" + "]" * 30_000, ""),
    "directives in directives": ("".join("`" * (400 - n) + "{note}\n" for n in range(390)) + "x\n", "chapter-unreadable"),
    "notes on notes": ("".join(f"T[^{n}].\n\n[^{n}]: see [^{(n + 1) % 500}]\n\n" for n in range(500)), ""),
    "contents of everything": ("```{toctree}\n:glob:\n*\n**\n```", ""),
}  # fmt: skip


# Sphinx and MyST as people set them up come to an end with these; ours, which does more with a page, is held to it.
HARMLESS = {
    "lines of a file", "first line", "widths", "comments that do not end", "macros in macros", "HTML in HTML",
    "HTML that does not end", "quotations in quotations", "lists in lists", "brackets", "notes on notes", "contents of everything",
}  # fmt: skip
SETTINGS = "extensions = ['myst_parser']\nroot_doc = 'index'\nmyst_enable_extensions = ['colon_fence', 'dollarmath']\n"


def _little() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
    resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in UNFOLDING if name not in HARMLESS])
def test_a_page_that_unfolds_without_end_takes_an_unguarded_book_with_it(tmp_path: Path, name: str) -> None:
    text = UNFOLDING[name][0].replace("18.md", "a.md")
    taken = {path.removeprefix("chapters/"): words for path, words in NESTED.items()}
    files = {"conf.py": SETTINGS, "index.md": "# Book\n", "some.txt": "a\nb\n", "big.txt": "word " * 50_000}
    root = write(tmp_path, {**files, **taken, "part8.txt": "x\n", "a.md": f"# A\n\n{text}\n"})
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", ".", "site"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, preexec_fn=_little)
    assert done.returncode != 0  # it takes more than five seconds of work, or 1.5 GB, or ends in an error
    assert not (root / "site" / "index.html").exists()


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Check one book of all these pages; return the codes of the findings by page."""
    root = tmp_path_factory.mktemp("unfolding") / "book"
    begun = {"chapters/index.md": INDEX, "chapters/some.txt": "a\nb\n", "chapters/big.txt": "word " * 50_000}
    pages = {f"chapters/{n + 10}.md": f"# A\n\n{text}\n\nafter\n" for n, (text, _code) in enumerate(UNFOLDING.values())}
    write(root, {**begun, **NESTED, "chapters/part8.txt": "x\n", **pages})
    ran = oerbook("check", "--format", "json", "-C", root)
    assert ran.code == 1, ran.err
    found: dict[str, set[str]] = {}
    for finding in ran.report["findings"]:
        found.setdefault(finding["path"], set()).add(finding["code"])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", UNFOLDING)
def test_a_page_that_would_unfold_without_end_comes_to_one(said: dict[str, set[str]], name: str) -> None:
    code = UNFOLDING[name][1]
    assert {code} - {""} <= said.get(f"chapters/{list(UNFOLDING).index(name) + 10}.md", set())


def test_patience_ends() -> None:
    with pytest.raises(ImpatienceError), patience(0.05):
        while True:
            pass


def test_the_patience_of_a_part_leaves_that_of_the_whole() -> None:
    with pytest.raises(ImpatienceError), patience(0.2):
        with patience(5):
            sum(range(1000))
        while True:
            pass


@pytest.mark.skipif(not ABOUT_MEMORY.is_file(), reason="this system does not tell a process what memory it has")
def test_patience_with_memory_ends_and_leaves_nothing_behind() -> None:
    with pytest.raises(MemoryError), patience(5, 200_000_000):
        bytearray(400_000_000)
    assert len(bytearray(400_000_000)) == 400_000_000


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (uncommented, "<!--" * 200_000),
        (for_typst, "\\begin{cases}" * 50_000),
        (plain, "[" * 200_000),
        (plain, "{a}`" * 100_000),
        (signs_of, "```{glossary}\n" * 50_000),
    ],
)  # fmt: skip
def test_what_does_not_end_is_not_searched_for_again_and_again(read: Callable[[str], object], text: str) -> None:
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 3
