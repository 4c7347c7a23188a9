"""Drawings cost what can be seen: filters are bounded, and a submission's drawings share their time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lxml import etree

from oerbook.document.safety import rasterize
from oerbook.document.safety.svg_limits import svg_size_problem
from oerbook.document.safety.svg_tidy import prepare_svg
from oerbook.tools import rasterize_task

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><filter id="f">{}</filter>'
    '<rect width="300" height="300" filter="url(#f)"/></svg>'
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('<feTurbulence baseFrequency="0.01" numOctaves="100000"/>', 'numOctaves="9"'),
        ('<feTurbulence baseFrequency="0.01" numOctaves="1e9"/>', 'numOctaves="9"'),
        ('<feTurbulence baseFrequency="0.01" numOctaves="4"/>', 'numOctaves="4"'),
        ('<feGaussianBlur stdDeviation="99999 3"/>', 'stdDeviation="200 3"'),
        ('<feGaussianBlur stdDeviation="2.5"/>', 'stdDeviation="2.5"'),
        ('<feMorphology operator="dilate" radius="5000"/>', 'radius="200"'),
        ('<feDropShadow stdDeviation="1000"/>', 'stdDeviation="200"'),
    ],
)
def test_a_filter_computes_no_more_than_can_be_seen(given: str, kept: str) -> None:
    root = etree.fromstring(DRAWING.format(given))
    assert svg_size_problem(root) == "" and kept in etree.tostring(root, encoding="unicode")


def test_excessive_noise_in_a_drawing_is_drawn_quickly(tmp_path: Path) -> None:
    drawing = prepare_svg(DRAWING.format('<feTurbulence baseFrequency="0.01" numOctaves="100000"/>').encode())
    (tmp_path / "noise.svg").write_bytes(drawing.data)
    started = time.process_time()
    assert rasterize_task.rasterize(tmp_path / "noise.svg", "png", 96).startswith(b"\x89PNG")
    assert time.process_time() - started < 10


def test_when_the_time_of_a_submission_is_used_up_no_drawing_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasterize, "_review_times", [rasterize.REVIEW_TIME_S + 1.0])
    reason = rasterize._render_here(tmp_path / "a.svg", tmp_path / "out", "png", 96)
    assert reason.startswith("too long") and not (tmp_path / "out").exists()
