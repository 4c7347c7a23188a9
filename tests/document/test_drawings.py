"""Drawings by strangers: what acts is taken out, and what only draws stays as it was."""

from __future__ import annotations

import pytest

from oerbook.document.safety.svg import cleaned

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
ACTS = {
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
DRAWS = (
    '<a href="https://example.org/"><text>x</text></a><a xlink:href="#here"><text>y</text></a>',
    '<style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style><use xlink:href="#m1" style="stroke: #000"/>',
    '<rect style="fill:url(#linear);font-family:\'Fira Sans\'" clip-path="url(#p1)" marker-end="url( #arrow )"/>',
    '<image href="data:image/png;base64,AAAA"/><style>@font-face{font-family:A;src:url("data:font/woff2;base64,AA")}</style>',
    '<animate attributeName="x" values="1;2"/><text>mail@example.org, f(x) and url</text><path id="a(b)" d="M0 0"/>',
)


@pytest.mark.parametrize("kind", ACTS)
def test_what_acts_is_taken_out(kind: str) -> None:
    found = cleaned(HEAD.format(f"{ACTS[kind]}<rect/>").encode())
    assert found is not None and b"<rect" in found
    assert not any(word in found for word in (b"alert", b"evil", b"other.svg"))
    assert cleaned(found) is None


def test_a_style_sheet_before_the_drawing_is_left_out() -> None:
    found = cleaned(('<?xml-stylesheet href="https://evil.example/x.css"?>' + HEAD.format("<rect/>")).encode())
    assert found is not None and b"evil" not in found


@pytest.mark.parametrize("drawing", DRAWS)
def test_what_draws_stays_as_it_was(drawing: str) -> None:
    assert cleaned(HEAD.format(drawing).encode()) is None


def test_what_follows_something_that_is_taken_out_stays() -> None:
    found = cleaned(HEAD.format("<text>one<script>x</script> two</text>").encode())
    assert found is not None and b"one two" in found
