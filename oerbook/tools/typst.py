"""Compile Typst markup reproducibly: pinned version, no system fonts, fixed clock, no network."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oerbook.errors import OerbookError

SOURCE_LOCATION = re.compile(r"┌─ (?:[^\n:]*[\\/])?([\w.-]+):(\d+):(\d+)")
MAX_MESSAGE_CHARS = 300
SEARCHED_PATH_IN_MESSAGE = re.compile(r" \(searched at [^)]*\)")  # a path on this machine
MISSING_TEXT = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
MISSING_GLYPH_LINE = re.compile(r"could not be displayed[^\n]*\n +┌─ [^\n]*?:(\d+):\d+\n")


@dataclass(frozen=True, slots=True)
class CompileFailure:
    """Why Typst rejected a file: its message, file name ("" if unknown) and 1-based line (0 if unknown).

    `missing_text` are the pieces of text that no font can display.
    """

    message: str
    file: str = ""
    line: int = 0
    missing_text: tuple[str, ...] = ()


def typst_version() -> str:
    """Return the version of the typst package."""
    from importlib import metadata

    return metadata.version("typst")


def find_markup_error(lines: Sequence[str], preamble: str) -> CompileFailure | None:
    """Compile lines of markup after a preamble and discard the pages; return the first error, or None."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        main.write_text(preamble.rstrip("\n") + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
        try:
            typst.compile(str(main), root=folder, ignore_system_fonts=True)
        except (typst.TypstError, RuntimeError) as error:
            return _fault(error)
    return None


def typst_page_to_png(main: Path, out: Path, dots_per_inch: float, fonts: Sequence[Path] = ()) -> None:
    """Render a one-page Typst file as a PNG. Raises OerbookError if Typst rejects it."""
    import typst

    try:
        png = typst.compile(
            str(main),
            root=str(main.parent),
            format="png",
            ppi=dots_per_inch,
            ignore_system_fonts=True,
            font_paths=[str(path) for path in fonts],
        )
    except (typst.TypstError, RuntimeError) as error:
        raise OerbookError(f"Typst cannot render {main.name}: {error}") from error
    out.write_bytes(png[0] if isinstance(png, list) else png)


def to_compile_failure(error: BaseException) -> CompileFailure:
    """Return why Typst failed; raise what does not come from Typst.

    A panic in Typst's Rust code arrives as a BaseException of a class that cannot be imported.
    """
    import typst

    if isinstance(error, typst.TypstError | RuntimeError):
        return _fault(error)
    if type(error).__name__ == "PanicException":
        return CompileFailure(f"Typst stopped with an internal error: {str(error)[:MAX_MESSAGE_CHARS]}")
    raise error


def _fault(error: BaseException) -> CompileFailure:
    full_message = str(getattr(error, "message", "") or error)
    text = f"{getattr(error, 'diagnostic', '')}\n{full_message}\n{getattr(error, 'trace', '')}"
    match = SOURCE_LOCATION.search(text)
    message = SEARCHED_PATH_IN_MESSAGE.sub("", full_message.strip().split("\n")[0])[:MAX_MESSAGE_CHARS]
    pieces = tuple(dict.fromkeys(map(_unescape, MISSING_TEXT.findall(text))))
    return CompileFailure(message, match[1] if match else "", int(match[2]) if match else 0, pieces)


def _unescape(text: str) -> str:
    r"""Return text without the escapes of Rust's debug format.

    >>> _unescape(r"a\u{9cd}\"")
    'a\u09cd"'
    """
    text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", text)


def lines_without_glyphs(main: Path, fonts: Sequence[Path] = ()) -> set[int]:
    """Return the 1-based lines of a file with text that no font can display, by Typst's PDF/UA-1 errors.

    All errors are in one diagnostic. Lines are read from it rather than the text, since marks and private-use
    characters are escaped there.
    """
    import typst

    folders = [str(path) for path in fonts]
    try:
        typst.compile(
            str(main),
            root=str(main.parent),
            format="pdf",
            pdf_standards=["ua-1"],
            ignore_system_fonts=True,
            font_paths=folders,
        )
    except (typst.TypstError, RuntimeError) as error:
        return {int(line) for line in MISSING_GLYPH_LINE.findall(str(getattr(error, "diagnostic", "")))}
    return set()
