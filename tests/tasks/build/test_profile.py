"""What the stages of a build cost is printed as a table and drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lxml import etree

from oerbook.tasks.build.profile import StageProfile, draw_svg, format_table
from tests.conftest import oerbook

STAGES = (
    StageProfile("reading", 0.5, 2.0, 1.5, 0.25, 3, 4, 200.0),
    StageProfile("writing a<b", 2.5, 4.0, 1.0, 6.0, 0, 0, 900.0),
)


def test_the_table_has_a_row_for_each_stage_and_one_for_all() -> None:
    head, *rows = format_table(STAGES).split("\n")
    assert head.split() == ["stage", "seconds", "CPU", "s", "cached", "MiB"]
    assert [row.split()[-1] for row in rows] == ["200", "900", "8.75"]
    assert "3 of 4" in rows[0]


def test_the_drawing_is_well_formed_and_no_bar_is_longer_than_its_stage() -> None:
    root = etree.fromstring(draw_svg(STAGES).encode())
    bars = [element for element in root if str(element.tag).endswith("rect")]
    waiting, own, other = (float(bar.get("width", "")) for bar in bars[3:])
    assert own + other <= waiting + 0.2
    assert "writing a<b" in "".join(map(str, root.itertext()))


def test_a_build_prints_and_draws_its_stages(make: Callable[..., Path]) -> None:
    root = make({"chapters/01-soil.md": "# Soil\n\nSoil is alive.\n"})
    ran = oerbook("build", "html", "--profile", cwd=root)
    assert ran.code == 0, ran.err
    assert [line.split()[0] for line in ran.err.splitlines() if line[:7] in ("reading", "credits")][-2:] == [
        "credits",
        "reading",
    ]
    assert (root / "_build/profile.svg").read_text().startswith("<svg")
