"""Pages that expand without limit are stopped soon, with a finding that names the page."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from oerbook.document.reading.generated.pages import page_features
from oerbook.document.transforms.html_nodes import strip_comments
from oerbook.formulas.from_tex import read_formulas
from oerbook.sandbox.limits import STATM_FILE, PageTimeoutError, time_limit
from oerbook.source.titles import strip_heading_markup
from tests.conftest import INDEX, oerbook, write

LINES = "1-900000000," * 500 + "1"
NESTED = {f"chapters/part{n}.txt": f"```{{include}} part{n + 1}.txt\n```\n" * 10 for n in range(1, 8)}
UNLIMITED = {
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


# Plain Sphinx with MyST handles these pages as well; oerbook does more with a page, so they are tested too.
HARMLESS = {
    "lines of a file", "first line", "widths", "comments that do not end", "macros in macros", "HTML in HTML",
    "HTML that does not end", "quotations in quotations", "lists in lists", "brackets", "notes on notes", "contents of everything",
}  # fmt: skip
SETTINGS = "extensions = ['myst_parser']\nroot_doc = 'index'\nmyst_enable_extensions = ['colon_fence', 'dollarmath']\n"


def _limit_resources() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
    resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in UNLIMITED if name not in HARMLESS])
def test_a_page_without_limits_breaks_the_build_of_plain_sphinx(tmp_path: Path, name: str) -> None:
    text = UNLIMITED[name][0].replace("18.md", "a.md")
    included = {path.removeprefix("chapters/"): text for path, text in NESTED.items()}
    files = {"conf.py": SETTINGS, "index.md": "# Book\n", "some.txt": "a\nb\n", "big.txt": "word " * 50_000}
    root = write(tmp_path, {**files, **included, "part8.txt": "x\n", "a.md": f"# A\n\n{text}\n"})
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", ".", "site"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, preexec_fn=_limit_resources)
    assert done.returncode != 0  # more than five seconds of CPU time, more than 1.5 GB, or an error
    assert not (root / "site" / "index.html").exists()


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Check a book with all these pages; return the codes of the findings by page."""
    root = tmp_path_factory.mktemp("unfolding") / "book"
    files = {"chapters/index.md": INDEX, "chapters/some.txt": "a\nb\n", "chapters/big.txt": "word " * 50_000}
    pages = {f"chapters/{n + 10}.md": f"# A\n\n{text}\n\nafter\n" for n, (text, _code) in enumerate(UNLIMITED.values())}
    write(root, {**files, **NESTED, "chapters/part8.txt": "x\n", **pages})
    ran = oerbook("check", "--format", "json", "-C", root)
    assert ran.code == 1, ran.err
    by_page: dict[str, set[str]] = {}
    for finding in ran.report["findings"]:
        by_page.setdefault(finding["path"], set()).add(finding["code"])
    return by_page


@pytest.mark.slow
@pytest.mark.parametrize("name", UNLIMITED)
def test_a_page_without_limits_is_stopped(codes: dict[str, set[str]], name: str) -> None:
    code = UNLIMITED[name][1]
    assert {code} - {""} <= codes.get(f"chapters/{list(UNLIMITED).index(name) + 10}.md", set())


def test_the_time_limit_stops_a_loop() -> None:
    with pytest.raises(PageTimeoutError), time_limit(0.05):
        while True:
            pass


def test_an_inner_time_limit_keeps_the_outer_one() -> None:
    with pytest.raises(PageTimeoutError), time_limit(0.2):
        with time_limit(5):
            sum(range(1000))
        while True:
            pass


@pytest.mark.skipif(not STATM_FILE.is_file(), reason="the system has no /proc/self/statm")
def test_the_memory_limit_applies_in_the_block_only() -> None:
    with pytest.raises(MemoryError), time_limit(5, 200_000_000):
        bytearray(400_000_000)
    assert len(bytearray(400_000_000)) == 400_000_000


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (strip_comments, "<!--" * 200_000),
        (lambda tex: read_formulas([(tex, True)], {}), "\\begin{cases}" * 50_000),
        (lambda tex: read_formulas([(tex, True)], {}), "\\frac{1}{" * 1500 + "}" * 1500),
        (lambda tex: read_formulas([(tex, True)], {}), "\\qty(" * 3000),
        (strip_heading_markup, "[" * 200_000),
        (strip_heading_markup, "{a}`" * 100_000),
        (page_features, "```{glossary}\n" * 50_000),
    ],
)  # fmt: skip
def test_unclosed_markup_is_searched_in_linear_time(read: Callable[[str], object], text: str) -> None:
    start = time.process_time()
    read(text)
    assert time.process_time() - start < 3
