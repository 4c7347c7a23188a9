"""Render drawings and PDF pages in a process with limits: they can crash or hang a renderer."""

from __future__ import annotations

import atexit
import json
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Literal

from oerbook.images.raster import ImageError
from oerbook.sandbox import kernel
from oerbook.sandbox.fork import Limits, can_fork, run_in_fork
from oerbook.sandbox.worker import WorkerProcess
from oerbook.tools import rasterize_task

RenderFormat = Literal["png", "svg"]
DOTS_PER_INCH = 200.0
RENDER_LIMITS = Limits(wall_s=40, cpu_s=20, memory_bytes=3_000_000_000, file_bytes=200_000_000)
REVIEW_TIME_S = 60
_review_times: list[float] = []  # seconds that each drawing of the submission took, in the process of its review
SIMPLIFY_HINT = "Save it with fewer and simpler elements, or as PNG."


def render_png(data: bytes, suffix: str, dots_per_inch: float = DOTS_PER_INCH) -> bytes:
    """Return an SVG or PDF image (by suffix) as PNG. Raises ImageError if that fails or takes too long."""
    return _render(data, suffix, "png", dots_per_inch)


def pdf_to_svg(data: bytes) -> bytes:
    """Return the first page of a PDF as SVG. Raises ImageError if that fails or takes too long."""
    return _render(data, ".pdf", "svg", DOTS_PER_INCH)


def _render(data: bytes, suffix: str, output_format: RenderFormat, dots_per_inch: float) -> bytes:
    with tempfile.TemporaryDirectory(dir=_folder()) as name:
        source, out = Path(name) / f"image{suffix}", Path(name) / "out"
        source.write_bytes(data)
        if kernel.is_confined():  # a review, which may start no process but can fork
            reason = _render_here(source, out, output_format, dots_per_inch)
        else:
            job = {"source": str(source), "out": str(out), "format": output_format, "dots_per_inch": dots_per_inch}
            job_file = Path(name) / "job.json"
            job_file.write_text(json.dumps(job), encoding="utf-8")
            reason = _worker().run(job_file, RENDER_LIMITS)
        if reason or not out.is_file():
            too_long = "too " in reason
            raise ImageError(
                "a drawing that takes too long to render" if too_long else "a drawing that cannot be rendered",
                SIMPLIFY_HINT,
            )
        return out.read_bytes()


def _render_here(source: Path, out: Path, output_format: RenderFormat, dots_per_inch: float) -> str:
    """Render in a fork; all drawings of a submission together have REVIEW_TIME_S, after which none is tried."""
    if sum(_review_times) > REVIEW_TIME_S:
        return "too long: the drawings before it took all the time that a submission has"
    started = time.monotonic()
    try:
        return _render_in_fork(source, out, output_format, dots_per_inch)
    finally:
        _review_times.append(time.monotonic() - started)


def _render_in_fork(source: Path, out: Path, output_format: RenderFormat, dots_per_inch: float) -> str:
    import typst

    def render() -> None:
        out.write_bytes(rasterize_task.rasterize(source, output_format, dots_per_inch))

    if can_fork():
        return run_in_fork(render, RENDER_LIMITS).reason
    try:
        render()
    except (typst.TypstError, RuntimeError, ValueError, OSError) as error:
        return str(error)
    return ""


@cache
def _worker() -> WorkerProcess:
    worker = WorkerProcess("oerbook.tools.rasterize_task", Path(str(_folder())))
    atexit.register(worker.stop)
    return worker


@cache
def _folder() -> str | None:
    """Return the folder of the worker, None in a review, whose temporary files are in its own folder."""
    if kernel.is_confined():
        return None
    folder = tempfile.TemporaryDirectory(prefix="oerbook-render-")
    atexit.register(folder.cleanup)
    return folder.name
