"""The fonts of a site: only what the book needs, renamed as their license asks, with what formulas need to stretch."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from oerbook.document.html.theme_files import FORMULA_START
from oerbook.theming import fonts
from oerbook.theming.theme import load_theme


@pytest.fixture(scope="module")
def faces() -> dict[str, fonts.FontFace]:
    return {face.role: face for face in reversed(fonts.theme_faces(load_theme("classic")))}


def made(face: fonts.FontFace, folder: Path, used: str = "", *, has_formulas: bool = True) -> dict[str, TTFont]:
    subsets = fonts.make_font_subsets(face, map(ord, used), folder, has_formulas=has_formulas)
    return {subset.file.name.rpartition("-")[0]: TTFont(subset.file) for subset in subsets}


def test_a_subset_has_its_letters_features_and_license_and_no_reserved_name(
    faces: dict[str, fonts.FontFace], tmp_path: Path
) -> None:
    found = made(faces["text"], tmp_path, "Ω")
    assert [name.removeprefix("source-serif-pro-400-") for name in found] == ["latin", "greek"]
    latin = found["source-serif-pro-400-latin"]
    assert {ord("a"), ord("ß")} <= set(latin.getBestCmap()) and ord("Ω") not in latin.getBestCmap()
    assert {"onum", "smcp", "kern"} <= {
        r.FeatureTag for t in ("GSUB", "GPOS") for r in latin[t].table.FeatureList.FeatureRecord
    }
    assert "Source" not in str(latin["name"].getDebugName(1)) and "Open Font License" in str(
        latin["name"].getDebugName(13)
    )
    assert latin.flavor == "woff2"


def test_a_variable_font_is_fixed_at_its_weight(faces: dict[str, fonts.FontFace], tmp_path: Path) -> None:
    (web,) = made(faces["mono"], tmp_path).values()
    printed = TTFont(fonts.complete_print_font(faces["mono"], tmp_path))
    assert "fvar" not in web and "fvar" not in printed and printed["OS/2"].usWeightClass == 400
    assert len(printed.getGlyphOrder()) == len(TTFont(faces["mono"].file).getGlyphOrder())


def test_fonts_for_formulas_are_made_for_books_with_formulas_and_can_stretch(
    faces: dict[str, fonts.FontFace], tmp_path: Path
) -> None:
    assert made(faces["math"], tmp_path, has_formulas=False) == {}
    font = made(faces["math"], tmp_path)["stix-two-math-400-formulas"]
    variants = font["MATH"].table.MathVariants
    assert variants.VertGlyphCoverage.glyphs and variants.HorizGlyphCoverage.glyphs


@pytest.mark.parametrize(
    ("text", "is_formula"),
    [
        ("Words, **bold**, `code`.", False),
        ("so $x$ is", True),
        (r"\begin{align}", True),
        ("{math}`x`", True),
        ("```{math}\n", True),
        ("{chem}`H2O`", True),
    ],
)
def test_a_book_may_have_formulas_if_a_text_has_what_they_start_with(text: str, is_formula: bool) -> None:
    assert bool(FORMULA_START.search(text)) is is_formula
