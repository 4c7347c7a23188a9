"""Look through everything that a build wrote for what acts: scripts, handlers, frames, addresses that run, actions of PDFs.

HTML is parsed as browsers parse it (HTML5), EPUB and SVG as XML and as HTML too.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from oerbook.markup.page import script_hash

Blob = tuple[str, bytes]
ACTIVE_ELEMENTS = frozenset(
    ["script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "foreignobject", "portal", "template"]
)  # fmt: skip
ACTIVE_SCHEME = re.compile(
    r"[\x00-\x20]*(?:javascript|vbscript|file|blob|data(?!:image/(?:png|jpeg|gif|webp)))\s*:", re.I
)
ADDRESSES = frozenset(["href", "src", "action", "formaction", "cite", "poster", "to", "from", "values", "data"])
SAFE_PDF_URI = re.compile(r"(?:https?|mailto|tel|doi):", re.I)
PDF_ACTIONS = (
    "/JS",
    "/JavaScript",
    "/Launch",
    "/OpenAction",
    "/AA",
    "/EmbeddedFile",
    "/SubmitForm",
    "/GoToR",
    "/RichMedia",
)
OURS = re.compile(r"(?:\.{1,2}/)*_static/[\w./-]+")
STRIPPED_TAB = re.compile(r"[\t\r\n]")
DATA_SCRIPT = re.compile(r"(?:globalThis\.oerbookWho=|Search\.setIndex\()(.*?)\)?;?\s*", re.S)
DOCX_RUNS = re.compile(rb"DDE|INCLUDE(?:PICTURE|TEXT)|w:altChunk|oleObject|vbaProject|w:subDoc|MACROBUTTON")


def blobs(out: Path) -> Iterator[Blob]:
    """Yield every file of a build and every member of its archives, by name."""
    for path in sorted(out.rglob("*")):
        if path.is_file() and ".cache" not in path.parts:
            yield from _members(path.relative_to(out).as_posix(), path.read_bytes())


def _members(name: str, data: bytes) -> Iterator[Blob]:
    yield name, data
    if data.startswith(b"PK\x03\x04") and not name.count("!") > 2:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from _members(f"{name}!{member}", archive.read(member))


def active_content(out: Path) -> list[str]:
    """Return what acts in the output of a build, each with the file that holds it; nothing in a safe one."""
    different = {
        (Path(name).suffix, data): name for name, data in blobs(out)
    }  # the site offers copies of the other formats
    return [f"{name}: {problem}" for (_, data), name in different.items() for problem in _problems(name, data)]


def _problems(name: str, data: bytes) -> Iterator[str]:
    inner = name.rpartition("!")[2]
    suffix = Path(inner).suffix.lower()
    if "/" in inner and (".." in inner.split("/") or inner.startswith("/")):
        yield "a name that leads out of its archive"
    if re.match(r"(?:html/|[^/]+-site/)?_static/", inner):
        return
    if suffix in (".html", ".htm"):
        yield from _html_problems(data.decode(errors="replace"), is_page="_downloads" not in name)
    elif suffix in (".xhtml", ".svg", ".opf", ".ncx"):
        yield from _xml_problems(data, suffix)
    elif suffix == ".js" and "_downloads" not in name:
        yield from _script_problems(data.decode(errors="replace"))
    elif suffix == ".pdf" and "_downloads" not in name:
        yield from _pdf_problems(data)
    elif suffix in (".rels", ".xml") and ".docx!" in name:
        yield from _docx_problems(inner, data)


def _html_problems(page: str, *, is_page: bool) -> Iterator[str]:
    for scripting in (True, False):
        parser = LexborHTMLParser(page, scripting=scripting)
        policy = " ".join(
            node.attributes.get("content") or "" for node in parser.css("meta[http-equiv='Content-Security-Policy']")
        )
        if is_page and not policy:
            yield "a page without a policy"
        for node in parser.root.traverse(include_text=False) if parser.root else ():
            tag = (node.tag or "").lower()
            attributes = {key.lower(): value or "" for key, value in node.attributes.items()}
            if tag == "script":
                if attributes.get("type") == "application/ld+json":
                    json.loads(node.text(deep=True))
                elif attributes.get("src") or script_hash(node.text(deep=True)) not in policy:
                    yield f"script {attributes} {node.text(deep=True)[:60]!r}"
            elif tag in ACTIVE_ELEMENTS:
                yield f"element {tag} {attributes}"
            elif tag == "meta" and attributes.get("http-equiv", "Content-Security-Policy") != "Content-Security-Policy":
                yield f"meta {attributes}"
            elif (
                tag == "link"
                and "stylesheet" in attributes.get("rel", "")
                and not OURS.match(attributes.get("href", ""))
            ):
                yield f"style sheet {attributes}"
            elif tag == "form" and attributes.get(
                "action", "" if attributes.get("class") == "search-form" else None
            ) not in (
                "search.html",
                "../search.html",
                "../../search.html",
                "#",
                "",
            ):
                yield f"form {attributes}"
            yield from _attribute_problems(tag, attributes)


def _xml_problems(data: bytes, suffix: str) -> Iterator[str]:
    try:
        tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        yield f"no XML: {error}"
        return
    if b"<!ENTITY" in data or b"<?xml-stylesheet" in data:
        yield "an entity or a style sheet of an author"
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        tag = etree.QName(element).localname.lower()
        attributes = {etree.QName(key).localname.lower(): value for key, value in element.attrib.items()}
        style = "".join(element.itertext())
        if (
            tag == "style"
            and suffix == ".svg"
            and not re.search(
                r"@import|url\((?![\"' ]*(?:#|data:image/(?:png|jpe?g|gif|webp)|data:font|data:application/[\w-]*font))",
                style,
            )
        ):
            continue
        if tag in ACTIVE_ELEMENTS and not (tag == "style" and suffix == ".xhtml"):
            yield f"element {tag} {attributes}"
        if tag in ("set", "animate") and re.search(r"href|^on", attributes.get("attributename", ""), re.I):
            yield f"element {tag} {attributes}"
        if (
            suffix == ".xhtml"
            and tag in ("img", "image", "source", "audio", "video")
            and re.match(r"\s*(?:\w+:)?//", attributes.get("src", "") or attributes.get("href", ""))
        ):
            yield f"something loaded from elsewhere {attributes}"
        yield from _attribute_problems(tag, attributes)


def _attribute_problems(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    for key, value in attributes.items():
        if key.startswith("on"):
            yield f"handler {tag} {key}={value[:60]!r}"
        runs = ACTIVE_SCHEME.match(STRIPPED_TAB.sub("", value)) and (tag, value) != ("link", "data:,")
        if key == "srcdoc" or (key in ADDRESSES and runs):
            yield f"address {tag} {key}={value[:60]!r}"
        if key == "style" and re.search(r"position\s*:|url\(|expression|@import|\\", value, re.I):
            yield f"style {tag} {value[:60]!r}"


def _script_problems(text: str) -> Iterator[str]:
    """A script of the site outside _static may hold data only."""
    match = DATA_SCRIPT.fullmatch(text)
    try:
        json.loads(match[1] if match else "!")
    except ValueError:
        yield f"a script that is not data: {text[:80]!r}"


def _pdf_problems(data: bytes) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for item in pdf.objects:
            if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
                continue
            for key in PDF_ACTIONS:
                if key in item or item.get("/S") == key or item.get("/Type") == key:
                    yield f"an action {key}"
            uri = str(item.get("/URI", "")) if not isinstance(item.get("/URI"), pikepdf.Dictionary) else ""
            if uri and not SAFE_PDF_URI.match(uri):
                yield f"an address {uri[:80]!r}"


def _docx_problems(name: str, data: bytes) -> Iterator[str]:
    tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    if name.endswith(".rels"):
        for row in tree.iter("{*}Relationship"):
            target = row.get("Target", "")
            is_link = row.get("Type", "").endswith("/hyperlink")
            if row.get("TargetMode") == "External" and (not is_link or ACTIVE_SCHEME.match(target)):
                yield f"something outside {target[:80]!r}"
    for node in tree.iter("{*}instrText"):
        if DOCX_RUNS.search((node.text or "").encode()):
            yield f"a field {node.text!r}"
    if re.search(rb"<w:(?:altChunk|subDoc|object)\b|oleObject|vbaProject", data):
        yield "an object"
