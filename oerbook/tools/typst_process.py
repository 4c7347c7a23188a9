"""Compile a book in a process of its own, whose memory is free again as soon as the PDF is there.

Typst keeps every layout of a book that it has compiled, more than a gigabyte for 600 pages. A process that it ends by
running out of memory costs only the PDF.
"""

from __future__ import annotations

import json
import subprocess
import sys
import weakref
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import oerbook
from oerbook.tools.typst import CompileFailure, to_compile_failure

STOPPED = CompileFailure("Typst stopped with an internal error, or was stopped because memory ran out")


class TypstProcess:
    """Compiles one book, incrementally if its files change; the process ends with this object."""

    def __init__(self, main: Path, root: Path, fonts: Sequence[Path] = ()) -> None:
        self._arguments = {"main": str(main), "root": str(root), "fonts": [str(path) for path in fonts]}
        self._process: subprocess.Popen[bytes] | None = None

    def write_pdf(self, out: Path, epoch: int, standards: Sequence[str]) -> CompileFailure | None:
        """Write the book as a PDF dated `epoch` (seconds since 1970); return why it failed, or None.

        Raises OSError if the file cannot be written.
        """
        request = {"out": str(out), "epoch": epoch, "standards": list(standards)}
        process = self._process = self._process or self._start()
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        if not answer:
            self._process = None
            return STOPPED
        failure = json.loads(answer)
        if failure and "errno" in failure:
            raise OSError(failure["errno"], failure["message"], str(out))
        return CompileFailure(**failure | {"missing_text": tuple(failure["missing_text"])}) if failure else None

    def _start(self) -> subprocess.Popen[bytes]:
        folders = [str(Path(oerbook.__file__).parent.parent), *filter(None, sys.path)]
        code = f"import sys; sys.path[:] = {folders!r}; from {__name__} import serve; serve()"
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", code, json.dumps(self._arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        weakref.finalize(self, _stop, process)
        return process


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def serve() -> None:
    """Compile the book as often as a line on standard input asks for it; answer each with a line: why it failed."""
    import typst

    given = json.loads(sys.argv[1])
    compiler = typst.Compiler(
        given["main"], root=given["root"], font_paths=given["fonts"], ignore_system_fonts=True, sys_inputs={}
    )
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_compile(compiler, json.loads(line))) + "\n")
        sys.stdout.flush()


def _compile(compiler: Any, request: dict[str, Any]) -> dict[str, Any] | None:
    """Write the PDF; return the fields of a `CompileFailure` or an OSError, or None."""
    try:
        pdf = compiler.compile(
            format="pdf",
            pdf_standards=request["standards"],
            timestamp=datetime.fromtimestamp(request["epoch"], UTC),
        )
    except BaseException as error:  # noqa: BLE001  # a panic in Rust is one
        return asdict(to_compile_failure(error))
    try:
        Path(request["out"]).write_bytes(pdf)
    except OSError as error:
        return {"errno": error.errno, "message": error.strerror}
    return None
