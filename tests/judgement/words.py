"""The words of a book in each format, to see that none is lost between them."""

from __future__ import annotations

import re
import subprocess
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

from lxml import etree, html

WORD = re.compile(r"[^\W_]+")
MARK = re.compile(r"\[\d+\]")
SKIPPED = ["script", "style", "math", "annotation", "svg", "button"]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def folded(text: str) -> list[str]:
    """Return the words of a text, ligatures and case folded, hyphenation undone."""
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "").replace("\u2060", "").replace("\u200b", "")
    return [word.lower() for word in WORD.findall(text)]


def of_page(path: Path) -> list[str]:
    """Return the words of a web page's text: no navigation, no formulas, no marks of notes."""
    root = html.fromstring(path.read_bytes())
    article = root.xpath("//main//div[@class='body']")[0]
    doomed = "|".join(f".//{name}" for name in SKIPPED)
    extra = ".//*[contains(concat(' ',@class,' '),' headerlink ') or contains(@class,'footnote-reference') or contains(@class,'eqno') or contains(@class,'linenos') or contains(@class,'byline') or contains(@class,'reading-time')]|.//aside[contains(@class,'footnote')]/span[@class='label']|.//code[contains(@class,'tex')]"
    for node in article.xpath(f"{doomed}|{extra}"):
        node.drop_tree()
    for node in article.xpath(
        ".//br|.//p|.//li|.//td|.//th|.//div|.//section|.//h1|.//h2|.//h3|.//h4|.//dt|.//dd|.//pre|.//figcaption|.//caption|.//span[contains(@class,'section-number')]|.//label|.//summary|.//aside"
    ):
        node.tail = " " + (node.tail or "")
    return folded(article.text_content())


def of_epub(path: Path) -> Counter[str]:
    """Return how often each word stands in an e-book."""
    found: Counter[str] = Counter()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.endswith(".xhtml") or name.endswith("nav.xhtml"):
                continue
            root = etree.fromstring(archive.read(name))
            for node in list(root.iter()):
                if isinstance(node.tag, str) and etree.QName(node).localname in ("math", "head"):
                    tail, parent = node.tail, node.getparent()
                    before = node.getprevious()
                    if before is not None:
                        before.tail = (before.tail or "") + " " + (tail or "")
                    else:
                        parent.text = (parent.text or "") + " " + (tail or "")
                    parent.remove(node)
            found.update(_spaced(root))
    return found


def _spaced(root: etree._Element) -> list[str]:
    blocks = {
        "p",
        "li",
        "td",
        "th",
        "div",
        "section",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dt",
        "dd",
        "pre",
        "br",
        "tr",
        "figcaption",
        "caption",
        "aside",
    }
    parts: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        if event == "start":
            parts.append(node.text or "")
        else:
            parts.append((" " if etree.QName(node).localname in blocks else "") + (node.tail or ""))
    return folded("".join(parts))


def of_docx(path: Path) -> Counter[str]:
    """Return how often each word stands in a word processor's file, notes included."""
    found: Counter[str] = Counter()
    with zipfile.ZipFile(path) as archive:
        for name in ("word/document.xml", "word/footnotes.xml"):
            if name not in archive.namelist():
                continue
            for paragraph in etree.fromstring(archive.read(name)).iter(f"{W}p"):
                text = "".join(
                    (node.text or "") if node.tag == f"{W}t" else " " if node.tag in (f"{W}br", f"{W}tab") else ""
                    for node in paragraph.iter()
                )
                found.update(folded(text))
    return found


def of_pdf(path: Path) -> Counter[str]:
    """Return how often each word stands in a PDF; a word divided at the end of a line counts whole as well."""
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    text = done.stdout.decode()
    found = Counter(folded(text))
    found.update(folded(" ".join(a + b for a, b in re.findall(r"([^\W\d_]+)[-‐]\n([^\W\d_]+)", text))))
    found.update(folded(" ".join(a + b for a, b in re.findall(r"(\w+)\n(\w+)", text))))
    return found


def missing(pages: dict[str, list[str]], there: Counter[str]) -> tuple[float, Counter[str]]:
    """Return the share of the pages' words that the other format has, and those it lacks."""
    wanted = Counter(word for words in pages.values() for word in words)
    lacking = wanted - there
    total = sum(wanted.values())
    return 1 - sum(lacking.values()) / total, lacking


def of_site(site: Path) -> dict[str, list[str]]:
    """Return the words of every page of a web site that holds a text of the book."""
    names = [
        p for p in sorted(site.rglob("*.html")) if p.name not in ("search.html", "genindex.html", "copyright-page.html")
    ]
    return {p.relative_to(site).as_posix(): of_page(p) for p in names if "_static" not in p.parts}
