"""Temml: TeX formulas to MathML, by JavaScript in this process, with limits on memory and time."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from oerbook.errors import OerbookError

TEMML_VERSION = "0.13.5"
SCRIPT_FILES = ("temml.min.js", "mhchem.min.js")
MAX_MEMORY_BYTES = 512 << 20
CALL_TIMEOUT_S = 60
MAX_BATCH = 200
ERROR_PREFIX = "\0"  # marks an answer that is an error message
ENTRY_SCRIPT = """
function convertAll(requests) {
  return JSON.stringify(JSON.parse(requests).map(function (request) {
    try {
      return temml.renderToString(request[0], {
        displayMode: request[1], throwOnError: true, annotate: false, wrap: "none", trust: false, strict: false,
        maxExpand: 1000, colorIsTextColor: false
      });
    } catch (error) {
      return "\\u0000" + (error && error.message || "this formula cannot be read");
    }
  }));
}
0;
"""
ConvertFunction = Callable[[str], str]


def convert_with_temml(formulas: Sequence[tuple[str, bool]]) -> list[str]:
    """Return MathML for each (TeX, displayed?), or ERROR and a message where Temml cannot read it.

    Raises OerbookError when no JavaScript engine is installed.
    """
    answers: list[str] = []
    for start in range(0, len(formulas), MAX_BATCH):
        answers += _convert(formulas[start : start + MAX_BATCH])
    return answers


def _convert(formulas: Sequence[tuple[str, bool]]) -> list[str]:
    """Convert a batch; when the engine gives up on it (no memory, no time), each formula by itself."""
    try:
        answers: list[str] = json.loads(_engine()(json.dumps([list(formula) for formula in formulas])))
    except _failures() as error:
        _engine.cache_clear()
        if len(formulas) == 1:
            return [f"{ERROR_PREFIX}this formula needs too much time or memory ({str(error)[:80]})"]
        middle = len(formulas) // 2
        return [*_convert(formulas[:middle]), *_convert(formulas[middle:])]
    return answers


@functools.cache
def _failures() -> tuple[type[Exception], ...]:
    try:
        import quickjs

        return (quickjs.JSException, quickjs.StackOverflow, MemoryError, TypeError)
    except ImportError:
        import dukpy

        return (dukpy.JSRuntimeError, MemoryError, TypeError)


@functools.cache
def _engine() -> ConvertFunction:
    """Return the entry point of a fresh JavaScript context.

    QuickJS comes as `quickjs-ng`, on Macs with an Intel processor as `dukpy`.
    """
    folder = Path(__file__).with_name("temml")
    source = "\n".join((folder / name).read_text(encoding="utf-8") + ";" for name in SCRIPT_FILES) + ENTRY_SCRIPT
    try:
        import quickjs
    except ImportError:
        return _dukpy(source)
    context = quickjs.Context()
    context.set_memory_limit(MAX_MEMORY_BYTES)
    context.set_time_limit(CALL_TIMEOUT_S)
    context.eval(source)
    function: ConvertFunction = context.get("convertAll")
    return function


def _dukpy(source: str) -> ConvertFunction:
    try:
        import dukpy
    except ImportError as error:
        raise OerbookError(
            "the JavaScript engine is missing", hint="Install it with: pip install quickjs-ng"
        ) from error
    interpreter = dukpy.JSInterpreter()
    interpreter.evaljs(source)

    def call(requests: str) -> str:
        return str(interpreter.evaljs("convertAll(dukpy.requests)", requests=requests))

    return call
