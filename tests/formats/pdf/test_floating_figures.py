"""Numbered figures float, so that no page is left half empty before them: sections first, then a whole book."""

from __future__ import annotations

import io
import random
import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from oerbook.formats.pdf import build as pdf
from oerbook.formats.pdf import markup
from oerbook.formats.pdf.floating_figures import float_figures
from oerbook.tasks.build.build import build
from oerbook.tasks.build.build_report import BuildOptions
from oerbook.theming.theme import bundled_themes_folder
from tests.conftest import write

Block = dict[str, Any]
WORDS = "Worms dig deep holes in the soil of the field. " * 8
MIN_FILLED = 0.8  # of the height of a page, on every page but the last of a chapter


def raw(text: str) -> Block:
    return {"t": "RawBlock", "c": ["typst", text]}


def para(words: str) -> Block:
    return {"t": "Para", "c": [{"t": "Str", "c": words}]}


def figure(*, numbered: bool = True, kind: str = "figure", body: Block | None = None) -> list[Block]:
    picture = {"t": "RawInline", "c": ["typst", '#oer-image("a.png", alt: "a")']}
    number = {"t": "Span", "c": [["", ["number"], []], [{"t": "Str", "c": "Fig. 1"}]]}
    return [
        raw("#[#metadata(none)<a--target>]"),
        raw(f'#oer-figure(kind: "{kind}", breakable: {"true" if kind == "table" else "false"})['),
        body or {"t": "Para", "c": [picture]},
        raw("]["),
        {"t": "Para", "c": [*([number] if numbered else []), {"t": "Str", "c": "A caption."}]},
        raw("]"),
    ]


def table(rows: int) -> Block:
    cell = [["", [], []], {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": [{"t": "Str", "c": "soil"}]}]]
    body = [["", [], []], 0, [], [[["", [], []], [cell, cell]] for _ in range(rows)]]
    return {"t": "Table", "c": [["", [], []], [None, []], [], [["", [], []], []], [body], [["", [], []], []]]}


def placements(blocks: list[Block]) -> list[str]:
    text = "\n".join(str(block["c"][1]) for block in float_figures(blocks) if block["t"] == "RawBlock")
    return re.findall(r"placement: (\w+)", text)


def test_a_figure_floats_to_the_foot_of_the_first_page_and_to_either_end_of_a_later_one() -> None:
    assert placements([para(WORDS), *figure(), *[para(WORDS)] * 12, *figure()]) == ["bottom", "auto"]


def test_a_figure_stays_if_it_has_no_number_or_a_colon_announces_it() -> None:
    assert placements([para(WORDS), *figure(numbered=False)]) == []
    assert placements([para("See this:"), *figure()]) == []
    assert placements([para("請看："), *figure()]) == []


def test_a_table_floats_if_it_is_small() -> None:
    assert placements(figure(kind="table", body=table(6))) == ["bottom"]
    assert placements(figure(kind="table", body=table(60))) == []


def test_the_target_of_links_floats_with_the_figure() -> None:
    call, target, *_rest = float_figures(figure())
    assert call["c"][1].startswith("#oer-figure(")
    assert target["c"][1] == "#[#metadata(none)<a--target>]"


def test_a_section_without_figures_stays_as_it_is() -> None:
    blocks = [para("Soil."), *figure(numbered=False), raw("#oer-rule")]
    assert float_figures(blocks) == blocks


def book(root: Path) -> Path:
    rnd = random.Random(4)
    words = ["soil", "water", "light", "root", "leaf", "stone", "river", "seed", "field", "cloud", "wind", "frost"]

    def paragraph() -> str:
        return " ".join(" ".join(rnd.choices(words, k=12)).capitalize() + "." for _ in range(6)) + "\n"

    files: dict[str, str | bytes] = {"chapters/index.md": "---\ntitle: Soil\nlicense: CC-BY-4.0\n---\n\n# Soil\n"}
    text = ["# Discs\n"]
    for number in range(10):
        stream = io.BytesIO()
        Image.new("RGB", (900, rnd.choice([400, 600, 700])), (60, 120, 60)).save(stream, "PNG")
        files[f"chapters/f{number}.png"] = stream.getvalue()
        text += [paragraph() for _ in range(rnd.randint(2, 4))]
        text.append(f"```{{figure}} f{number}.png\n:name: f{number}\n:alt: A green field\n\nField {number}.\n```\n")
    text += [paragraph() for _ in range(4)]
    files["chapters/01-discs.md"] = "\n".join(text)
    return write(root, files)


class Quiet:
    def stage(self, name: str, total: int | None) -> Any:
        return nullcontext(lambda *_: None)


def made(root: Path, out: Path) -> bytes:
    report = build(root, ["pdf"], out, Quiet(), BuildOptions(epoch=1_760_000_000))
    assert not [f for f in report.findings if f.severity.name == "ERROR"]
    return next(out.glob("*.pdf")).read_bytes()


def filled_share(page: Any) -> float:
    """Return how far down the page its text and pictures reach, without its margins."""
    foots = [item.get_bounds()[1] for item in page.get_objects() if item.type in (1, 3)]
    foots = [foot for foot in foots if foot > 60]  # above the page number
    return (page.get_height() - 70 - min(foots, default=page.get_height())) / (page.get_height() - 150)


@pytest.mark.slow
def test_no_page_of_a_book_is_left_half_empty_before_a_figure(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    first = made(root, tmp_path / "first")
    assert made(root, tmp_path / "again") == first
    document = pypdfium2.PdfDocument(first)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    start = next(number for number, text in enumerate(texts) if number > 5 and "Discs" in text)
    end = next(number for number, text in enumerate(texts) if number > start and "How to cite" in text)
    shares = [filled_share(document[number]) for number in range(start, end - 1)]
    assert len(shares) >= 4 and min(shares) > MIN_FILLED
    assert [int(number) for number in re.findall(r"Field (\d)", "".join(texts))] == list(range(10))


@pytest.mark.slow
def test_a_figure_fills_the_text_width_and_an_inline_picture_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = book(tmp_path / "book")
    page = root / "chapters" / "01-discs.md"
    page.write_text("# Discs\n\nA ![drop](f1.png) in a line.\n\n![Alone](f2.png)\n\n" + page.read_text())
    told: list[str] = []
    plain = pdf.sections_to_typst

    def markup(manuscript: Any, **options: bool) -> list[str]:
        told[:] = plain(manuscript, **options)
        return list(told)

    monkeypatch.setattr(pdf, pdf.sections_to_typst.__name__, markup)
    build(root, ["pdf"], tmp_path / "out", Quiet(), BuildOptions(epoch=1_760_000_000))
    whole = "\n".join(told)
    assert whole.count("#oer-inline-image(") == 1
    assert whole.count("#oer-image(") == 11


def test_there_is_little_space_between_a_term_and_its_definition() -> None:
    told = "/ Soil #emph[x]: #block[\nwhat we stand on\n]\n\n/ Run: in\n"
    assert (
        markup._adapt_markup(told) == "/ #oer-term[Soil #emph[x]]: #oer-definition[\nwhat we stand on\n]\n\n/ Run: in\n"
    )


@pytest.mark.slow
def test_a_theme_whose_figures_cannot_float_still_works(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    index = root / "chapters" / "index.md"
    index.write_text(
        index.read_text().replace("title: Soil\n", "title: Soil\ntheme: mine\n") + "\nSoil\n: We stand on it.\n"
    )
    old = (bundled_themes_folder() / "classic" / "pdf" / "pieces.typ").read_text()
    for name in ("term", "definition"):
        old = re.sub(rf"(?m)^#let oer-{name}\(.*\n", "", old)
    old = old.replace("placement: none, body", "body").replace(
        "if placement == none { in-place } else", "if true { in-place } else"
    )
    assert "placement: none, " not in old
    write(root, {"themes/mine/theme.toml": 'base = "classic"\n', "themes/mine/pdf/pieces.typ": old})
    report = build(root, ["pdf"], tmp_path / "out", Quiet(), BuildOptions(epoch=1_760_000_000))
    assert not [f for f in report.findings if f.severity.name == "ERROR"]
