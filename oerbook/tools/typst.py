"""Typst, pinned: pages from markup, with no system font, no clock and no network."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oerbook.errors import OerbookError

LINE = re.compile(r"┌─ (?:[^\n:]*[\\/])?([\w.-]+):(\d+):(\d+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why Typst refused a file: its words, and where (file name and 1-based line, "" and 0 when it does not say)."""

    message: str
    file: str = ""
    line: int = 0


def version() -> str:
    """Return the version of the typst package."""
    from importlib.metadata import version as of

    return of("typst")


class Typesetter:
    """Sets one book, as often as its files change; what did not change is not set anew."""

    def __init__(self, main: Path, root: Path, fonts: Sequence[Path] = ()) -> None:
        import typst

        self._compiler = typst.Compiler(
            str(main), root=str(root), font_paths=[str(path) for path in fonts], ignore_system_fonts=True, sys_inputs={}
        )

    def told(self, label: str) -> list[Any] | Fault:
        """Return the values of all metadata under a label, in their order; or why the book cannot be set."""
        import typst

        try:
            found: list[Any] = json.loads(self._compiler.query(f"<{label}>", field="value"))
        except (typst.TypstError, RuntimeError) as error:
            return _fault(error)
        return found

    def pdf(self, out: Path, epoch: int, standards: Sequence[str]) -> Fault | None:
        """Write the book as a PDF; return why it could not be done, or None."""
        import typst

        wanted: Any = list(standards)
        try:
            pdf = self._compiler.compile(
                format="pdf", pdf_standards=wanted, timestamp=datetime.fromtimestamp(epoch, UTC)
            )
        except (typst.TypstError, RuntimeError) as error:
            return _fault(error)
        assert isinstance(pdf, bytes)
        out.write_bytes(pdf)
        return None


def compile_pdf(
    main: Path, root: Path, out: Path, epoch: int, standards: Sequence[str], fonts: Sequence[Path] = ()
) -> Fault | None:
    """Write `out` from `main`; return why it could not be done, or None."""
    return Typesetter(main, root, fonts).pdf(out, epoch, standards)


def check(lines: Sequence[str], preamble: str) -> Fault | None:
    """Compile lines of markup under a preamble without keeping the pages; return the first fault."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        main.write_text(preamble.rstrip("\n") + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
        try:
            typst.compile(str(main), root=folder, ignore_system_fonts=True)
        except (typst.TypstError, RuntimeError) as error:
            return _fault(error)
    return None


def rasterise(drawing: Path, out: Path, dots_per_inch: float) -> None:
    """Write an SVG drawing as a PNG, in its own size.

    Raises ValueError when it cannot be drawn.
    """
    import typst

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "drawing.svg").write_bytes(drawing.read_bytes())
        main = Path(folder) / "main.typ"
        main.write_text('#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg")\n', encoding="utf-8")
        try:
            made = typst.compile(str(main), root=folder, format="png", ppi=dots_per_inch, ignore_system_fonts=True)
        except (typst.TypstError, RuntimeError) as error:
            raise ValueError(str(error)) from error
    out.write_bytes(made[0] if isinstance(made, list) else made)


def _fault(error: Exception) -> Fault:
    words = str(getattr(error, "message", "") or error)
    text = f"{getattr(error, 'diagnostic', '')}\n{words}\n{getattr(error, 'trace', '')}"
    match = LINE.search(text)
    message = words.strip().split("\n")[0][:300]
    return Fault(message, match[1], int(match[2])) if match else Fault(message)


def draw(main: Path, out: Path, dots_per_inch: float, fonts: Sequence[Path] = ()) -> None:
    """Write a one-page Typst file as a PNG.

    Raises OerbookError when Typst refuses it.
    """
    import typst

    try:
        made = typst.compile(
            str(main),
            root=str(main.parent),
            format="png",
            ppi=dots_per_inch,
            ignore_system_fonts=True,
            font_paths=[str(path) for path in fonts],
        )
    except (typst.TypstError, RuntimeError) as error:
        raise OerbookError(f"Typst cannot draw {main.name}: {error}") from error
    out.write_bytes(made[0] if isinstance(made, list) else made)
