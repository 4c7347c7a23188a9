"""Render a drawing or the first page of a PDF with Typst: the task of a worker process with limits."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Literal

MAX_PIXELS = 16_000_000
NESTED_SVG = re.compile(rb'href="data:image/svg\+xml;base64,([^"]+)"')
TYPST_SIZE_EXPRESSION = "(measure({0}).width / 1pt, measure({0}).height / 1pt)"
NO_MARGINS = "#set page(width: auto, height: auto, margin: 0pt)\n"


def preload() -> None:
    """Import Typst; called once in the worker."""
    import typst  # noqa: F401


def prepare(job_file: str) -> None:
    """Do nothing before a job: its input is a stranger's."""


def readable_folders() -> tuple[Path, ...]:
    """Return the folders outside the worker's own that a job reads: none."""
    return ()


def programs() -> tuple[Path, ...]:
    """Return the programs that a job starts: none."""
    return ()


def run(job_file: str) -> None:
    """Run a job, a JSON object with `source`, `out`, `format` (png or svg) and `dots_per_inch`."""
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    data = rasterize(Path(job["source"]), job["format"], float(job["dots_per_inch"]))
    Path(job["out"]).write_bytes(data)


def rasterize(source: Path, output_format: Literal["png", "svg"], dots_per_inch: float) -> bytes:
    """Return an SVG or PDF file rendered in its own size, as PNG or SVG.

    Raises an exception of Typst if the file cannot be rendered.
    """
    import typst

    main = source.with_name("main.typ")
    call = f'image("{source.name}")'
    main.write_text(
        f"{NO_MARGINS}#{call}\n#context [#metadata({TYPST_SIZE_EXPRESSION.format(call)})<size>]\n", encoding="utf-8"
    )
    if output_format == "png":
        dots_per_inch = min(dots_per_inch, _max_dots(main))
    made = typst.compile(
        str(main), root=str(source.parent), format=output_format, ppi=dots_per_inch, ignore_system_fonts=True
    )
    data = made[0] if isinstance(made, list) else made
    nested = NESTED_SVG.search(data) if output_format == "svg" else None
    return base64.b64decode(nested[1]) if nested else data


def _max_dots(main: Path) -> float:
    """Return the resolution at which the image has MAX_PIXELS."""
    import typst

    width, height = json.loads(
        typst.query(str(main), "<size>", field="value", one=True, root=str(main.parent), ignore_system_fonts=True)
    )
    inches = max(width * height / 72**2, 1e-6)
    return float((MAX_PIXELS / inches) ** 0.5)
