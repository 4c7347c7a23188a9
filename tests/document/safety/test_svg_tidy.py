"""Drawings: what goes out says nothing of its maker, draws in bounded time, and is valid in an e-book."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from oerbook.document.safety.rasterize import pdf_to_svg, render_png
from oerbook.document.safety.svg_sanitizer import active_content_message, sanitize_svg
from oerbook.document.safety.svg_tidy import prepare_svg
from oerbook.images.raster import ImageError

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {}>{}</svg>'
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'


def tidy(content: str, attributes: str = 'width="20" height="10"') -> str:
    return prepare_svg(SVG.format(attributes, content).encode()).data.decode()


@pytest.mark.parametrize(
    "private",
    [
        "<metadata>ada@soil.example</metadata>",
        "<!-- made by ada@soil.example -->",
        "<desc>saved in /home/ada/thesis/worm.svg</desc>",
        "<title>C:\\Users\\ada\\worm.svg</title>",
        '<g id="file:///Users/ada/worm.svg"/>',
        '<g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:export-filename="/home/ada/worm.png"/>',
        '<n:view xmlns:n="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"><n:x>ada</n:x></n:view>',
    ],
)
def test_a_drawing_loses_its_metadata(private: str) -> None:
    tidied = tidy(f'{private}<rect width="5" height="5"/>')
    assert "ada" not in tidied and "<rect" in tidied


def test_a_photo_in_a_drawing_loses_its_metadata() -> None:
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x013B] = "Ada of the Soil"
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    url = "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()
    tidied = tidy(f'<image href="{url}" width="5" height="5"/>')
    embedded = base64.b64decode(tidied.partition("base64,")[2].partition('"')[0])
    assert b"Ada" in out.getvalue() and b"Ada" not in embedded and embedded.startswith(b"\xff\xd8")


def test_an_embedded_file_that_is_not_a_picture_is_removed_from_a_drawing() -> None:
    url = "data:image/png;base64," + base64.b64encode(b"%!PS-Adobe-3.0").decode()
    assert "<image" not in tidy(f'<image href="{url}" width="5" height="5"/>')


def test_ids_become_valid_in_an_e_book_and_references_follow() -> None:
    tidied = tidy(
        '<style>.a { fill: url(#1:b) }</style><linearGradient id="1:b"/><rect id="ok" fill="url(#1:b)"/>'
        '<use xlink:href="#1:b"/>'
    )
    assert tidied.count("x1-b") == 4 and "1:b" not in tidied and 'id="ok"' in tidied


def test_text_written_as_html_becomes_text_of_the_drawing() -> None:
    html = f'<foreignObject x="10" y="0" width="100" height="20"><div {XHTML}>Two <b>words</b></div></foreignObject>'
    ready = prepare_svg(SVG.format("", html).encode())
    assert ready.had_html_text and not ready.had_active_content
    assert b">Two words</text>" in ready.data and b'x="60"' in ready.data


def test_a_drawing_with_its_own_alternative_shows_that() -> None:
    html = f"<switch><foreignObject><p {XHTML}>In HTML</p></foreignObject><text>In SVG</text></switch>"
    tidied = tidy(html)
    assert "In SVG" in tidied and "In HTML" not in tidied


@pytest.mark.parametrize(
    "active",
    [
        f"<foreignObject><div {XHTML}><script>alert(1)</script></div></foreignObject>",
        f'<foreignObject><div {XHTML} onclick="alert(1)">x</div></foreignObject>',
        f'<foreignObject><iframe {XHTML} srcdoc="alert(1)"/></foreignObject>',
        '<g ONLOAD="alert(1)"/>',
        '<video src="https://evil.example/alert"/>',
        '<unknown onclick="alert(1)"/>',
    ],
)
def test_html_that_runs_is_active_content(active: str, tmp_path: object) -> None:
    ready = prepare_svg(SVG.format("", active).encode())
    assert ready.had_active_content and b"alert" not in ready.data
    assert sanitize_svg(SVG.format("", active).encode()) is not None


def test_a_drawing_copied_from_a_web_page_is_read() -> None:
    assert prepare_svg(b'<svg width="9" height="9"><rect width="9" height="9"/></svg>').data.startswith(b"<svg xmlns")


def uses(levels: int, times: int) -> str:
    groups = (
        f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * times + "</g>" if n else '<rect id="a0" width="1" height="1"/>'
        for n in range(levels)
    )
    return "<defs>" + "".join(groups) + f'</defs><use href="#a{levels - 1}"/>'


HEAVY = {
    "copies of copies": uses(9, 10),
    "patterns of patterns": "".join(
        f'<pattern id="p{n}" width="1" height="1">' + f'<rect width="1" height="1" fill="url(#p{n - 1})"/>' * 10 + "</pattern>"
        for n in range(1, 9)
    )
    + '<rect width="9" height="9" fill="url(#p8)"/>',
    "masks of masks": "".join(f'<mask id="m{n}">' + f'<g mask="url(#m{n - 1})"/>' * 10 + "</mask>" for n in range(1, 9)),
    "a long chain": "".join(f'<g id="c{n}"><use href="#c{n + 1}"/></g>' for n in range(2000)),
    "markers at every point": '<marker id="m">' + "<rect/>" * 500 + '</marker><path marker-mid="url(#m)" d="'
    + "L 1 1 " * 5000 + '"/>',
    "very many elements": "<rect/>" * 500_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HEAVY)
def test_a_drawing_that_is_too_complex_is_refused_before_it_is_drawn(name: str) -> None:
    with pytest.raises(ImageError, match="too complex"):
        prepare_svg(SVG.format("", HEAVY[name]).encode())


@pytest.mark.parametrize("size", ['width="99999999" height="99999999"', 'width="9e8mm" height="9e8mm"'])
def test_a_size_that_no_page_can_show_is_reduced(size: str) -> None:
    ready = prepare_svg(SVG.format(size + ' viewBox="0 0 9 9"', "<rect/>").encode())
    assert (ready.width, ready.height) == (5000, 5000)
    assert len(render_png(ready.data, ".svg")) < 1_000_000


def test_a_drawing_of_impossible_width_is_refused() -> None:
    with pytest.raises(ImageError, match="no page can show"):
        prepare_svg(SVG.format('width="99999999" height="9"', "<rect/>").encode())


def test_a_drawing_that_is_slow_to_render_is_given_up() -> None:
    blur = '<filter id="f" x="-9" y="-9" width="30" height="30"><feMorphology radius="900"/><feGaussianBlur stdDeviation="999"/></filter>'
    ready = prepare_svg(
        SVG.format(
            'width="4000" height="4000"', blur + '<rect filter="url(#f)" width="4000" height="4000"/>' * 50
        ).encode()
    )
    assert ready.needs_trial
    with pytest.raises(ImageError, match="a drawing that"):
        render_png(ready.data, ".svg")


def test_a_page_of_a_pdf_becomes_a_drawing(tmp_path: object) -> None:
    import typst

    pdf = typst.compile(
        b"#set page(width: 100pt, height: 50pt)\n#rect(width: 10pt)", format="pdf", ignore_system_fonts=True
    )
    ready = prepare_svg(pdf_to_svg(pdf))
    assert (ready.width, ready.height) == (100, 50)
    with pytest.raises(ImageError, match="cannot be rendered"):
        pdf_to_svg(b"%PDF-1.7 and nothing else")


def test_a_file_of_a_submission_with_html_text_is_no_attack(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "flow.svg"
    path.write_text(SVG.format("", f"<foreignObject><div {XHTML}>Words</div></foreignObject>"))
    assert active_content_message(path) == ""
