"""Active content is removed from SVG images; harmless images stay unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.document.safety.svg_sanitizer import active_content_message, sanitize_svg

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
ACTIVE = {
    "script": "<script>alert(1)</script>",
    "handler": '<g onload="alert(1)"/>',
    "link": '<a href="java&#9;script:alert(1)"><text>x</text></a>',
    "old link": '<a xlink:href=" JavaScript:alert(1)"><text>x</text></a>',
    "page in a link": '<a href="data:text/html,alert(1)"><text>x</text></a>',
    "moved link": '<a href="#"><animate attributeName="href" values="#;java&#10;script:alert(1)"/></a>',
    "set link": '<a href="#"><set attributeName="xlink:href" to="data:text/html,alert(1)"/></a>',
    "style sheet": "<style>@import url(https://evil.example/x.css);</style>",
    "background": "<style>rect { fill: url( 'https://evil.example/x' ) }</style>",
    "written otherwise": "<style>rect { fill: \\75rl(https://evil.example/x) }</style>",
    "style": '<rect style="fill:url(//evil.example/x)"/>',
    "filter": '<rect filter="url(https://evil.example/x#f)"/>',
    "page": '<meta xmlns="http://www.w3.org/1999/xhtml" http-equiv="refresh" content="0;url=https://evil.example"/>',
    "frame": '<x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:iframe src="https://evil.example"/></x:div>',
    "picture": '<image href="https://evil.example/x.png"/>',
    "drawing in it": '<image href="data:image/svg+xml,&lt;svg onload=alert(1)&gt;"/>',
    "use": '<use href="other.svg#x"/>',
}
HARMLESS = (
    '<a href="https://example.org/"><text>x</text></a><a xlink:href="#here"><text>y</text></a>',
    '<style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style><use xlink:href="#m1" style="stroke: #000"/>',
    '<rect style="fill:url(#linear);font-family:\'Fira Sans\'" clip-path="url(#p1)" marker-end="url( #arrow )"/>',
    '<image href="data:image/png;base64,AAAA"/><style>@font-face{font-family:A;src:url("data:font/woff2;base64,AA")}</style>',
    '<animate attributeName="x" values="1;2"/><text>mail@example.org, f(x) and url</text><path id="a(b)" d="M0 0"/>',
)


@pytest.mark.parametrize("kind", ACTIVE)
def test_active_content_is_removed(kind: str) -> None:
    clean = sanitize_svg(SVG.format(f"{ACTIVE[kind]}<rect/>").encode())
    assert clean is not None and b"<rect" in clean
    assert not any(word in clean for word in (b"alert", b"evil", b"other.svg"))
    assert sanitize_svg(clean) is None


def test_a_style_sheet_before_the_root_is_removed() -> None:
    clean = sanitize_svg(('<?xml-stylesheet href="https://evil.example/x.css"?>' + SVG.format("<rect/>")).encode())
    assert clean is not None and b"evil" not in clean


@pytest.mark.parametrize("svg", HARMLESS)
def test_harmless_images_are_not_changed(svg: str) -> None:
    assert sanitize_svg(SVG.format(svg).encode()) is None


def test_text_after_a_removed_element_is_kept() -> None:
    clean = sanitize_svg(SVG.format("<text>one<script>x</script> two</text>").encode())
    assert clean is not None and b"one two" in clean


@pytest.mark.parametrize(
    ("declarations", "text", "problem"),
    [
        ('<!ENTITY ns "http://www.w3.org/2000/svg">', "&ns;", ""),
        ('<!ENTITY a "aa"><!ENTITY b "&a;&a;">', "&b;", "hidden markup"),
        ('<!ENTITY a "&#60;script&#62;f()&#60;/script&#62;">', "&a;", "hidden markup"),
        ('<!ATTLIST svg onload CDATA "f()">', "", "hidden markup"),
        ('<!ENTITY a SYSTEM "file:///etc/hostname">', "&a;", "not a valid SVG"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_declarations_are_checked_after_expansion(
    tmp_path: Path, declarations: str, text: str, problem: str, encoding: str
) -> None:
    drawing = f"<!DOCTYPE svg [{declarations}]>{SVG.format(f'<text>{text}</text>')}".encode(encoding)
    (tmp_path / "a.svg").write_bytes(drawing)
    told = active_content_message(tmp_path / "a.svg")
    assert problem in told and bool(told) == bool(problem)
    if problem == "not a valid SVG":
        return
    clean = sanitize_svg(drawing)
    assert clean is not None and not any(word in clean for word in (b"DOCTYPE", b"script", b"onload", b"&"))
    assert text != "&ns;" or b"http://www.w3.org/2000/svg</text>" in clean
