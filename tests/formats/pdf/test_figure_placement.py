"""Figures that leave a page half empty are moved behind the text that follows: units first, then a whole book."""

from __future__ import annotations

import io
import random
import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from oerbook.formats.pdf import build as pdf
from oerbook.formats.pdf import figure_placement, markup
from oerbook.formats.pdf.block_runs import split_runs
from oerbook.formats.pdf.figure_placement import (
    MarkPosition,
    SectionLayout,
    add_marks,
    find_page_gaps,
    move_figure,
    positions_by_section,
    shrink_figure,
)
from oerbook.formats.pdf.print_edition import count_pages
from oerbook.tasks.build.build import build
from oerbook.tasks.build.build_report import BuildOptions
from oerbook.theming.theme import bundled_themes_folder
from tests.conftest import write

Block = dict[str, Any]
HIGH, FOOT, LINE = 600.0, 700.0, 15.0


def raw(text: str) -> Block:
    return {"t": "RawBlock", "c": ["typst", text]}


def para(words: str, *more: Block) -> Block:
    return {"t": "Para", "c": [{"t": "Str", "c": words}, *more]}


def figure(name: str, *, numbered: bool = True, breakable: str = "false") -> list[Block]:
    picture = {"t": "RawInline", "c": ["typst", f'#oer-image("{name}.png", alt: "a")']}
    number = {"t": "Span", "c": [["", ["number"], []], [{"t": "Str", "c": "Fig. 1"}]]}
    return [
        raw(f"#[#metadata(none)<a--{name}>]"),
        raw(f'#oer-figure(kind: "figure", breakable: {breakable})['),
        {"t": "Para", "c": [picture]},
        raw("]["),
        {"t": "Para", "c": [*([number] if numbered else []), {"t": "Str", "c": "A caption."}]},
        raw("]"),
    ]


def spot(name: str, page: int, y: float, tall: float = 300.0) -> MarkPosition:
    return MarkPosition(name, page, y, FOOT, HIGH, LINE, tall)


LONG = ("word " * 140).strip() + "."  # ten lines
CODE: Block = {"t": "CodeBlock", "c": [["", [], []], "a\nb"]}
HEADING: Block = {"t": "Header", "c": [2, ["", [], []], [{"t": "Str", "c": "On"}]]}
LIST: Block = {"t": "BulletList", "c": [[para("one")], [para("two")]]}


def test_a_section_is_split_into_runs_of_text_and_figures() -> None:
    box = [raw('#oer-box("note")['), para("In a box."), *figure("inner"), raw("]")]
    blocks = [
        HEADING,
        para("Text."),
        *figure("f"),
        *box,
        CODE,
        LIST,
        *figure("g", numbered=False),
        *figure("h", breakable="true"),
    ]
    kinds = ["heading", "text", "figure", "other", "code", "list", "other", "other"]
    assert [unit.kind for unit in split_runs(blocks)] == kinds
    assert [one for unit in split_runs(blocks) for one in blocks[unit.start : unit.end]] == blocks


def test_a_numbered_table_can_move_like_a_figure() -> None:
    call = '#oer-figure(kind: "table", breakable: true)['
    table = [
        raw(call) if block == raw('#oer-figure(kind: "figure", breakable: false)[') else block for block in figure("t")
    ]
    assert [unit.kind for unit in split_runs([para("Text."), *table])] == ["text", "figure"]
    assert 'breakable: true, spot: "1")[' in str(add_marks([para("Text."), *table]))


def test_marks_are_added_to_a_figure_and_to_the_text_before_it() -> None:
    blocks = [para("Text."), CODE, *figure("f"), para("After."), HEADING, *figure("g")]
    told = str(add_marks(blocks))
    assert told.count("oer-spot") == 2 and '#oer-spot("2<")' in told and '#oer-spot("5<")' in told
    assert 'breakable: false, spot: "2")[' in told and 'spot: "5")[' in told
    assert add_marks([para("Text."), HEADING]) == [para("Text."), HEADING]


def test_the_end_of_a_list_is_marked_too() -> None:
    inner: Block = {"t": "OrderedList", "c": [[1, {}, {}], [[para("a")], [para("b")]]]}
    nested: Block = {"t": "BulletList", "c": [[para("one")], [para("two"), inner]]}
    told = add_marks([nested, HEADING, *figure("f")])
    assert told[0]["c"][1][1]["c"][1][1][0] == para("b", {"t": "RawInline", "c": ["typst", '#oer-spot("2<")']})
    for last in ([], [CODE]):
        other: Block = {"t": "BulletList", "c": [[para("one")], last]}
        assert add_marks([other, *figure("f")])[0] == other


def test_a_gap_is_the_space_left_by_a_figure_that_moved_to_a_new_page() -> None:
    blocks = [para("Text."), *figure("f"), para(LONG)]
    assert find_page_gaps(blocks, [spot("0", 1, 1), spot("1<", 3, 400), spot("1", 4, 100)]) == {1: 0.5}
    assert find_page_gaps(blocks, [spot("1<", 3, 400), spot("1", 3, 420)]) == {}
    assert find_page_gaps(blocks, [spot("1<", 3, 660), spot("1", 4, 100)]) == {}
    with_code = [para("Text."), CODE, *figure("f")]
    behind_heading = [para("Text."), HEADING, *figure("f")]
    assert 0.3 < find_page_gaps(behind_heading, [spot("2<", 3, 400), spot("2", 4, 100)])[2] < 0.45
    assert 0.3 < find_page_gaps(with_code, [spot("2<", 3, 400), spot("2", 4, 100)])[2] < 0.45


def test_a_figure_moves_behind_as_many_paragraphs_as_fill_the_gap() -> None:
    blocks = [para("Text."), *figure("f"), *[para(LONG) for _ in range(5)], *figure("g")]
    order = move_figure(blocks, 1, 0.4, spot("1", 2, 100))
    assert order is not None
    assert order[1] == 3  # two paragraphs of ten lines fill 0.4 of forty lines
    assert [unit.kind for unit in split_runs(order[0])] == [
        "text",
        "text",
        "text",
        "figure",
        "text",
        "text",
        "text",
        "figure",
    ]
    assert sorted(map(str, order[0])) == sorted(map(str, blocks))


@pytest.mark.parametrize(
    "follows",
    [
        figure("g"),
        [CODE],
        [raw('#oer-box("note")['), para("In a box."), raw("]")],
        [HEADING, para(LONG)],
        [para("As the figure above shows, nothing.")],
        [para("The sum is:"), raw('#oer-equation("x", "")[$ x $]')],
        [para("These are:"), LIST],
        [],
    ],
)
def test_a_figure_does_not_move_when_the_next_block_does_not_allow_it(follows: list[Block]) -> None:
    blocks = [para("Text."), *figure("f"), *follows, CODE]
    assert move_figure(blocks, 1, 0.4, spot("1", 2, 100)) is None


def test_a_figure_after_a_colon_does_not_move() -> None:
    blocks = [para("It looks like this:"), *figure("f"), *[para(LONG) for _ in range(5)]]
    assert move_figure(blocks, 1, 0.4, spot("1", 2, 100)) is None


def test_a_figure_passes_at_most_one_heading() -> None:
    blocks = [para("Text."), *figure("f"), HEADING, para(LONG), HEADING, para(LONG)]
    order = move_figure(blocks, 1, 0.9, spot("1", 2, 100), headings=1)
    assert order is not None
    assert [unit.kind for unit in split_runs(order[0])] == ["text", "heading", "text", "figure", "heading", "text"]


def test_a_picture_that_nearly_fits_is_made_smaller() -> None:
    blocks = [para("Text."), *figure("f"), HEADING]
    order = shrink_figure(blocks, 1, 0.5, spot("1", 2, 100, tall=330))
    assert order is not None
    assert '#oer-image(most: 0.395, "f.png"' in str(order[0])
    assert shrink_figure(blocks, 1, 0.5, spot("1", 2, 100, tall=500)) is None


def test_a_move_that_makes_the_layout_worse_is_discarded() -> None:
    blocks = [para("Text."), *figure("f"), *[para(LONG) for _ in range(5)], CODE]
    way = SectionLayout(blocks)
    assert way.try_next([spot("1<", 1, 400), spot("1", 2, 100)])
    assert way.current_blocks != blocks
    assert not way.try_next([spot("3<", 1, 200), spot("3", 2, 100)])
    assert way.best_blocks == blocks
    better = SectionLayout(blocks)
    better.try_next([spot("1<", 1, 400), spot("1", 2, 100)])
    assert not better.try_next([spot("3<", 2, 150), spot("3", 2, 160)])
    assert better.best_blocks != blocks


def test_a_section_in_which_nothing_helped_is_not_tried_again() -> None:
    way = SectionLayout([para("Text."), *figure("f"), *[para(LONG) for _ in range(4)]])

    def always() -> list[MarkPosition]:
        places = [place for place, unit in enumerate(split_runs(way.current_blocks)) if unit.kind == "figure"]
        return [one for place in places for one in (spot(f"{place}<", 1, 400), spot(str(place), 2, 100))]

    assert [way.try_next(always()) for _ in range(4)] == [True, False, False, False]


def test_mark_positions_are_grouped_by_section() -> None:
    at = {"page": 2, "x": "1pt", "y": "20.5pt"}
    one = {"name": "1", "at": at, "foot": "700pt", "high": "600pt", "line": "15pt", "tall": "0pt"}
    assert positions_by_section([None, one, None]) == [[], [MarkPosition("1", 2, 20.5, 700.0, 600.0, 15.0, 0.0)]]


@pytest.mark.parametrize("end", ["水。」", "水。”", "“What?”", "(Now!)", "آخر؟"])
def test_closing_quotes_and_brackets_belong_to_the_sentence_end(end: str) -> None:
    anchor = {"t": "RawInline", "c": ["typst", "#[#metadata(none)<a--index-1>]"]}
    for more in ([], [anchor]):
        blocks = [para("Text."), *figure("f"), para(LONG + end, *more), para("And on")]
        assert move_figure(blocks, 1, 0.3, spot("1", 2, 100)) is not None
    assert (
        move_figure([para("Text."), *figure("f"), para("This (see 2)"), para("On")], 1, 0.3, spot("1", 2, 100)) is None
    )


def test_chinese_characters_count_as_twice_as_wide_as_letters() -> None:
    blocks = [para("水" * 350 + "。")]
    assert 10 * LINE < figure_placement._height(blocks, split_runs(blocks)[0], spot("0", 1, 1)) < 12 * LINE


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


@pytest.mark.slow
def test_a_book_gets_shorter_by_its_gaps_and_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = book(tmp_path / "book")

    def made(name: str) -> bytes:
        report = build(root, ["pdf"], tmp_path / name, Quiet(), BuildOptions(epoch=1_760_000_000))
        assert not [f for f in report.findings if f.severity.name == "ERROR"]
        return next((tmp_path / name).glob("*.pdf")).read_bytes()

    seen: list[float] = []
    plain = figure_placement.find_page_gaps

    def watched(blocks: list[Block], spots: list[MarkPosition]) -> dict[int, float]:
        found = plain(blocks, spots)
        seen.append(sum(found.values()))
        return found

    monkeypatch.setattr(figure_placement, figure_placement.find_page_gaps.__name__, watched)
    filled = made("filled")
    before, least = max(seen), min(one for one in seen[-3:])
    assert before > 0.5 and least < before / 2
    assert made("again") == filled
    monkeypatch.setattr(figure_placement, "MAX_LAYOUT_PASSES", 0)
    assert count_pages(made("plain")) > count_pages(filled)


@pytest.mark.slow
def test_a_figure_fills_the_text_width_and_an_inline_picture_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = book(tmp_path / "book")
    page = root / "chapters" / "01-discs.md"
    page.write_text("# Discs\n\nA ![drop](f1.png) in a line.\n\n![Alone](f2.png)\n\n" + page.read_text())
    told: list[str] = []
    plain = pdf.typst_markup

    def markup(manuscript: Any) -> list[str]:
        told[:] = plain(manuscript)
        return list(told)

    monkeypatch.setattr(pdf, pdf.typst_markup.__name__, markup)
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
def test_a_theme_older_than_figure_marks_still_works(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    index = root / "chapters" / "index.md"
    index.write_text(
        index.read_text().replace("title: Soil\n", "title: Soil\ntheme: mine\n") + "\nSoil\n: We stand on it.\n"
    )
    old = (bundled_themes_folder() / "classic" / "pdf" / "pieces.typ").read_text()
    for name in ("told", "spot", "term", "definition"):
        old = re.sub(rf"(?m)^#let oer-{name}\(.*\n", "", old)
    old = old.replace("spot: none, ", "").replace(
        "if spot != none { place(std.top, oer-told(spot, made(none))) }", "none"
    )
    assert "spot: " not in old
    write(root, {"themes/mine/theme.toml": 'base = "classic"\n', "themes/mine/pdf/pieces.typ": old})
    report = build(root, ["pdf"], tmp_path / "out", Quiet(), BuildOptions(epoch=1_760_000_000))
    assert not [f for f in report.findings if f.severity.name == "ERROR"]


@pytest.mark.slow
def test_figures_do_not_move_if_a_theme_prints_a_section_twice(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    index = root / "chapters" / "index.md"
    index.write_text(index.read_text().replace("title: Soil\n", "title: Soil\ntheme: mine\n"))
    own = (bundled_themes_folder() / "classic" / "pdf" / "template.typ").read_text()
    own = own.replace("  body\n  if kind ==", "  body\n  [#metadata(none)<oer-spot>]\n  if kind ==", 1)
    write(root, {"themes/mine/theme.toml": 'base = "classic"\n', "themes/mine/pdf/template.typ": own})
    assert build(root, ["pdf"], tmp_path / "out", Quiet(), BuildOptions(epoch=1_760_000_000)).artifacts
