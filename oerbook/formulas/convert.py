"""Convert formulas from TeX to the forms that the formats need: MathML, Typst, OMML, words.

All forms are written from one MathML tree, so that every format shows the same. Results are cached by content.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from oerbook.formulas.from_tex import FormulaKey, ParsedFormula, read_formulas
from oerbook.formulas.writers import omml_writer, typst_writer
from oerbook.formulas.writers.mathml_writer import write_mathml
from oerbook.formulas.writers.spoken import describe_tree, has_words_for
from oerbook.storage.cache import make_cache_key
from oerbook.storage.code_digest import code_digest
from oerbook.tools import pandoc, temml_engine, typst

CACHE_VERSION = "23"
MAX_TYPST_RUNS = 200
# What writers raise on a tree that is not as they expect, or on numbers without bounds.
CONVERSION_ERRORS = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
FIRST_FORMULA_LINE = 2  # of the formulas that Typst checks; the preamble is empty


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in the forms that the formats need.

    `mathml` is a complete <math> element, `typst` the markup between two `$`, `omml` the element for word processors,
    and `alt` a text alternative. If the formula cannot be converted, `problem` says why and the forms are empty.
    """

    tex: str
    mathml: str = ""
    typst: str = ""
    alt: str = ""
    problem: str = ""
    omml: str = ""


def convert_formulas(
    keys: Iterable[FormulaKey], macros: Mapping[str, str], cache_dir: Path, language: str = "en"
) -> dict[FormulaKey, Formula]:
    """Return the `Formula` for each (TeX, is displayed), cached if possible; text alternatives are in `language`."""
    unique_keys = list(dict.fromkeys(keys))
    settings = make_cache_key(
        CACHE_VERSION,
        temml_engine.TEMML_VERSION,
        pandoc.pandoc_version(),
        typst.typst_version(),
        repr(sorted(macros.items())),
        language,
        code_digest("locale"),
    )
    cache_dir.mkdir(parents=True, exist_ok=True)
    with closing(_open(cache_dir / "formulas.sqlite")) as store:
        names = {key: make_cache_key(settings, key[0], str(key[1])) for key in unique_keys}
        formulas = {key: cached for key, name in names.items() if (cached := _cached(store, name)) is not None}
        missing = [key for key in unique_keys if key not in formulas]
        if missing:
            converted = _convert(missing, macros, language)
            with store:
                rows = [(names[key], json.dumps(asdict(converted[key]))) for key in missing]
                store.executemany("insert or replace into formula values (?, ?)", rows)
            formulas |= converted
    return formulas


def _open(path: Path) -> sqlite3.Connection:
    """Open the cache; delete it first if it is not readable."""
    try:
        store = sqlite3.connect(path)
        store.execute("create table if not exists formula (name text primary key, value text)")
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        store = sqlite3.connect(path)
        store.execute("create table if not exists formula (name text primary key, value text)")
    return store


def _cached(store: sqlite3.Connection, name: str) -> Formula | None:
    row = store.execute("select value from formula where name = ?", (name,)).fetchone()
    return Formula(**json.loads(row[0])) if row else None


def _convert(keys: Sequence[FormulaKey], macros: Mapping[str, str], language: str) -> dict[FormulaKey, Formula]:
    parsed = read_formulas(keys, macros)
    return _check_typst({key: _formula(key, one, language) for key, one in zip(keys, parsed, strict=True)})


def _formula(key: FormulaKey, parsed: ParsedFormula, language: str) -> Formula:
    """Write a tree in all forms; a formula that one of them cannot show is a problem of all, so that none differs."""
    tex, display = key
    if parsed.problem:
        return Formula(tex, alt=tex, problem=_with_formula(parsed.problem, tex))
    try:
        typst_markup = typst_writer.write_typst(parsed.tree, display)
        omml = omml_writer.write_omml(parsed.tree, display)
        alt = describe_tree(parsed.tree, language) if has_words_for(language) else " ".join(tex.split())
        return Formula(tex, write_mathml(parsed.tree, alt, tex), typst_markup, alt, "", omml)
    except CONVERSION_ERRORS as error:
        reason = str(error) or type(error).__name__
        return Formula(tex, alt=tex, problem=_with_formula(f"this formula cannot be converted ({reason})", tex))


def _with_formula(problem: str, tex: str) -> str:
    return f"{problem}: {_shorten(tex)}" if tex.strip() else problem


def _shorten(tex: str) -> str:
    line = " ".join(tex.split())
    return line if len(line) <= 60 else line[:57] + "…"


def _check_typst(formulas: Mapping[FormulaKey, Formula]) -> dict[FormulaKey, Formula]:
    """Compile all formulas with Typst; replace the Typst form of those that fail.

    Such a formula gets a problem and is shown as TeX in the PDF; other formats are not affected.
    """
    checked = dict(formulas)
    keys = [key for key, formula in formulas.items() if formula.typst]
    # One line each, also where Typst ends a line: at U+2028 and other signs of Unicode.
    lines = {key: "$ " + " ".join(formulas[key].typst.splitlines()) + " $" for key in keys}
    for _ in range(MAX_TYPST_RUNS):
        error = typst.find_markup_error([lines[key] for key in keys], "")
        if error is None:
            break
        index = error.line - FIRST_FORMULA_LINE
        if not 0 <= index < len(keys) or lines[keys[index]] == "":
            break
        key = keys[index]
        lines[key] = ""
        problem = f"this formula is shown as TeX in the PDF, because Typst reports: {error.message}: {_shorten(key[0])}"
        checked[key] = replace(checked[key], typst="", problem=problem)
    return checked
