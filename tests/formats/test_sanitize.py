"""The last check of a finished EPUB and DOCX: what some package lets through does not reach readers."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from oerbook.formats.docx import sanitize as docx
from oerbook.formats.epub import sanitize as epub
from oerbook.markup.xhtml import sanitize_xhtml
from tests.conftest import INDEX, oerbook, write

HEAD = '<head><meta charset="utf-8"/><title>T</title><link rel="stylesheet" type="text/css" href="../styles/s.css"/></head>'
NAMESPACES = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xmlns:xlink="http://www.w3.org/1999/xlink"'
CLEAN = (
    f'<html {NAMESPACES} lang="en" xml:lang="en">{HEAD}<body epub:type="bodymatter"><section id="a"><h1 class="x">A</h1>'
    '<p>Soil &amp; <a href="ch002.xhtml#b">water</a> <img src="../media/f.svg" alt="worm"/></p>'
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mi>x</mi></math>{}</section></body></html>'
)
ACTIVE = [
    "<script>alert(1)</script>",
    '<script src="https://evil.example/x.js"/>',
    '<p onclick="alert(1)">Words.</p>',
    '<a href="javascript:alert(1)">Words.</a>',
    '<a href="java&#9;script:alert(1)">Words.</a>',
    '<a href="file:///etc/passwd">Words.</a>',
    '<a href="data:text/html,x">Words.</a>',
    '<img src="https://evil.example/x.png" alt=""/>',
    '<img src="//evil.example/x.png" alt=""/>',
    '<img src="\\\\evil.example\\x.png" alt=""/>',
    '<iframe src="x.xhtml"/>',
    '<object data="x.svg"/>',
    '<embed src="x.svg"/>',
    '<form action="https://evil.example"><input type="text"/></form>',
    '<p style="position:fixed;top:0">Words.</p>',
    "<style>*{background:url(//evil.example)}</style>",
    '<meta http-equiv="refresh" content="0;url=//evil.example"/>',
    '<base href="//evil.example/"/>',
    '<link rel="stylesheet" href="https://evil.example/x.css"/>',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><a xlink:href="javascript:alert(1)"><path d="M0 0"/></a></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image xlink:href="https://evil.example/x.png"/></svg>',
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi href="javascript:alert(1)">x</mi></math>',
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><maction actiontype="statusline" xlink:href="javascript:x"><mi>x</mi></maction></math>',
    '<?xml-stylesheet href="https://evil.example/x.css"?>',
    '<audio src="https://evil.example/x.mp3"/>',
    '<video poster="https://evil.example/x.png"/>',
    '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
]
FORBIDDEN = re.compile(
    rb"script|evil|onclick|onload|passwd|data:text|iframe|<object|embed|fixed|<base|http-equiv|foreignObject|<form"
)


@pytest.mark.parametrize("active", ACTIVE)
def test_active_content_is_removed_from_a_page_of_an_epub(active: str) -> None:
    page = CLEAN.replace("{}", active).encode()
    clean, removed = sanitize_xhtml(page)
    assert removed and not FORBIDDEN.search(clean), clean
    assert b"Soil &amp; " in clean and (b"Words." in clean) == ("Words." in active)
    assert sanitize_xhtml(clean) == (clean, ())


def test_a_clean_page_stays_as_it_is() -> None:
    page = CLEAN.replace("{}", "<!-- a comment -->").encode()
    assert sanitize_xhtml(page) == (page, ())


def test_text_around_removed_markup_keeps_its_order() -> None:
    page = CLEAN.replace("{}", "<p>a<blink>b<i>c</i>d</blink>e<script>x</script>f</p>").encode()
    clean, removed = sanitize_xhtml(page)
    assert b"<p>ab<i>c</i>def</p>" in clean and set(removed) == {"<blink", "<script"}


def test_a_file_of_another_kind_is_taken_out_of_the_package() -> None:
    opf = b'<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="x/run.js"/><item id="b" href="b.png"/></manifest></package>'
    members = {
        "mimetype": b"application/epub+zip",
        "EPUB/content.opf": opf,
        "EPUB/x/run.js": b"alert(1)",
        "EPUB/b.png": b"",
    }
    checked, findings = epub.sanitize_members(members)
    assert (
        "EPUB/x/run.js" not in checked
        and b"run.js" not in checked["EPUB/content.opf"]
        and b"b.png" in checked["EPUB/content.opf"]
    )
    assert [f.code for f in findings] == ["html-script"] and "run.js" in findings[0].message


def relations(kind: str, target: str, mode: str = ' TargetMode="External"') -> bytes:
    base = "http://schemas.openxmlformats.org"
    return (
        f'<Relationships xmlns="{base}/package/2006/relationships"><Relationship Id="rId1" Target="{target}"'
        f' Type="{base}/officeDocument/2006/relationships/{kind}"{mode}/></Relationships>'
    ).encode()


def document(body: str) -> bytes:
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    return f"<w:document {names}><w:body><w:p>{body}</w:p></w:body></w:document>".encode()


LINK = '<w:hyperlink r:id="rId1"><w:r><w:t>Words</w:t></w:r></w:hyperlink>'


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("hyperlink", "javascript:alert(1)"), ("hyperlink", "file:///c:/x.exe"), ("hyperlink", "ms-word:ofe|u|https://evil"),
        ("hyperlink", "\\\\evil\\share\\x"), ("hyperlink", "//evil/x"), ("image", "https://evil.example/x.png"),
        ("attachedTemplate", "https://evil.example/x.dotm"), ("oleObject", "https://evil.example/x"), ("frame", "https://evil/x"),
    ],
)  # fmt: skip
def test_a_relation_to_outside_that_is_no_allowed_link_is_removed_from_a_docx(kind: str, target: str) -> None:
    members = {"word/_rels/document.xml.rels": relations(kind, target), "word/document.xml": document(LINK)}
    checked, findings = docx.sanitize_members(members)
    assert b"rId1" not in b"".join(checked.values()) and b"Words" in checked["word/document.xml"]
    assert [f.code for f in findings] == ["html-script"]


@pytest.mark.parametrize("kind", ["vbaProject", "oleObject", "control", "aFChunk", "package"])
def test_a_part_that_runs_or_embeds_something_is_removed_from_a_docx(kind: str) -> None:
    members = {
        "word/_rels/document.xml.rels": relations(kind, "x.bin", ""),
        "word/x.bin": b"MZ",
        "word/document.xml": document(""),
    }
    checked, findings = docx.sanitize_members(members)
    assert "word/x.bin" not in checked and findings


def field_instructions(part: bytes) -> str:
    """Return what all fields of a part tell the word processor to do."""
    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    root = etree.fromstring(part)
    simple = (element.get(f"{name}instr") or "" for element in root.iter(f"{name}fldSimple"))
    return "".join([*(element.text or "" for element in root.iter(f"{name}instrText")), *simple])


@pytest.mark.parametrize(
    "field", ['DDEAUTO c:\\x "calc"', "DDE x", 'INCLUDETEXT "https://evil"', 'INCLUDEPICTURE "//evil"', 'HYPERLINK "javascript:x"', "MACROBUTTON x", "=1"]
)  # fmt: skip
def test_a_field_that_loads_or_runs_something_is_removed_from_a_docx(field: str) -> None:
    escaped = field.replace('"', "&quot;")
    for body in (
        f"<w:r><w:instrText>{field}</w:instrText></w:r>",
        f'<w:fldSimple w:instr="{escaped}"><w:r><w:t>Words</w:t></w:r></w:fldSimple>',
    ):
        checked, findings = docx.sanitize_members({"word/document.xml": document(body)})
        assert findings and field_instructions(checked["word/document.xml"]) == ""


@pytest.mark.parametrize(
    "field", [' TOC \\o "1-2" \\h \\z \\u ', " PAGE ", " PAGEREF a--top \\h ", ' HYPERLINK \\l "a" ']
)
def test_allowed_fields_of_a_docx_are_kept(field: str) -> None:
    members = {"word/document.xml": document(f"<w:r><w:instrText>{field}</w:instrText></w:r>"),
               "word/_rels/document.xml.rels": relations("hyperlink", "https://example.org/")}  # fmt: skip
    assert docx.sanitize_members(members) == (members, ())


CHAPTER = r"""# Soil

[a](javascript:alert(1)) [b](file:///etc/passwd) [c](ms-word:ofe) [d](https://example.org/) <a href="javascript:x" onclick="x()">e</a>

<svg onload="alert(1)"><script>alert(1)</script></svg> <iframe src="x"></iframe> ![r](https://evil.example/y.png)

```{raw} openxml
<w:p><w:r><w:instrText>DDEAUTO c:\\x "calc"</w:instrText></w:r></w:p>
```

:::{figure} w.svg
:target: javascript:alert(1)

A worm
:::

$\href{javascript:alert(1)}{x}$ {download}`w.svg` and *words*.
"""
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" onload="alert(1)">'
    '<script>alert(1)</script><a xlink:href="javascript:x"><rect width="5" height="5"/></a><image href="https://evil.example/x"/></svg>'
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(
        tmp_path_factory.mktemp("book"),
        {"chapters/index.md": INDEX, "chapters/01-soil.md": CHAPTER, "chapters/w.svg": DRAWING},
    )
    ran = oerbook("build", "epub", "docx", "html", "-C", root, "--format", "json")
    assert ran.code in (0, 1), ran.err
    assert "was removed from the" not in ran.out, "the formats leave nothing to the last check"
    return root / "_build"


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".epub", ".docx"])
def test_a_finished_file_read_back_holds_nothing_active(built: Path, suffix: str) -> None:
    (file,) = built.glob(f"*{suffix}")
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    check = epub.sanitize_members if suffix == ".epub" else docx.sanitize_members
    assert check(members) == (members, ())
    for name, data in members.items():
        if name.endswith((".xhtml", ".xml", ".rels", ".svg", ".opf")):
            root = etree.parse(io.BytesIO(data)).getroot()
            values = [
                str(v)
                for e in root.iter(etree.Element)
                for k, v in e.attrib.items()
                if str(k).endswith(("href", "src", "Target"))
            ]
            assert not [v for v in values if re.match(r"(?i)\s*(javascript|file|data|ms-word|vbscript):", v)], name
            assert not [
                e for e in root.iter(etree.Element) if etree.QName(e).localname in ("script", "iframe", "foreignObject")
            ], name
            assert not [k for e in root.iter(etree.Element) for k in e.attrib if re.match(r"on[a-z]+$", str(k))], name
    if suffix == ".docx":
        assert "DDE" not in field_instructions(members["word/document.xml"])


@pytest.mark.slow
def test_drawings_hold_nothing_active_in_epub_and_site(built: Path) -> None:
    (file,) = built.glob("*.epub")
    with zipfile.ZipFile(file) as archive:
        drawings = [archive.read(name) for name in archive.namelist() if name.endswith(".svg")]
    drawings += [path.read_bytes() for path in (built / "html").rglob("*.svg")]
    assert len(drawings) >= 2
    for drawing in drawings:
        assert not re.search(rb"script|onload|evil|href", drawing), drawing
