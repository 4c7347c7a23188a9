"""Convert formulas from TeX to MathML and Typst with pandoc, in batches.

Typst compiles each formula once. Results are cached by content.
"""

from __future__ import annotations

import html
import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from oerbook.document.math import tex_adapt
from oerbook.document.math import tex_macros as tex_rules
from oerbook.document.math.spoken import mathml_to_english
from oerbook.storage.cache import digest
from oerbook.tools import pandoc, typst

CACHE_VERSION = "9"
MATHML_ELEMENT = re.compile(r"<math[ >].*?</math>", re.S)
FORMULA_DIV = re.compile(r'<div id="f(\d+)">(.*?)</div>(?=\s*(?:<div id="f|\Z))', re.S)
TYPST_SHIM = Path("pdf") / "shim.typ"
MAX_TYPST_RUNS = 200
# Errors of pandoc's Typst writer: it rounds spaces down to whole ems, so that \\! makes characters overlap and \\;
# disappears, and it uses an outdated name for the bars of a norm.
TYPST_FIXES = {"#h(-1em)": "#h(-0.17em)", "#h(0em)": "thick", 'delim: "||"': 'delim: "‖"'}
TYPST_FIX_PATTERN = re.compile("|".join(map(re.escape, TYPST_FIXES)))
FormulaKey = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in the forms that the formats need.

    `mathml` is a complete <math> element, `typst` the markup between two `$`, `docx_tex` TeX that pandoc can read, and
    `alt` a text alternative. If the formula cannot be converted, `problem` says why and the forms are empty.
    """

    tex: str
    mathml: str = ""
    typst: str = ""
    alt: str = ""
    problem: str = ""
    docx_tex: str = ""


def convert(keys: Iterable[FormulaKey], macros: Mapping[str, str], cache_dir: Path) -> dict[FormulaKey, Formula]:
    """Return the `Formula` for each (TeX, is displayed), cached if possible."""
    unique_keys = list(dict.fromkeys(keys))
    settings = digest(CACHE_VERSION, pandoc.version(), typst.version(), repr(sorted(macros.items())))
    cache_dir.mkdir(parents=True, exist_ok=True)
    with closing(_open(cache_dir / "formulas.sqlite")) as store:
        names = {key: digest(settings, key[0], str(key[1])) for key in unique_keys}
        formulas = {key: cached for key, name in names.items() if (cached := _cached(store, name)) is not None}
        missing = [key for key in unique_keys if key not in formulas]
        if missing:
            converted = _convert(missing, macros)
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


def _convert(keys: Sequence[FormulaKey], macros: Mapping[str, str]) -> dict[FormulaKey, Formula]:
    prepared = [_prepare(key, macros) for key in keys]
    readable = [index for index, (_tex, problem) in enumerate(prepared) if not problem]
    pairs = [(prepared[index][0], keys[index][1]) for index in readable]
    mathml = _to_mathml(pairs)
    markup = _to_typst([(tex_adapt.adapt_for_typst(tex), display) for tex, display in pairs])
    formulas: dict[FormulaKey, Formula] = {}
    for key, (_tex, problem) in zip(keys, prepared, strict=True):
        formulas[key] = Formula(key[0], alt=key[0], problem=problem)
    for index, math, typ in zip(readable, mathml, markup, strict=True):
        formulas[keys[index]] = _formula(keys[index], prepared[index][0], math, typ)
    return _check_typst(formulas)


def _prepare(key: FormulaKey, macros: Mapping[str, str]) -> tuple[str, str]:
    """Return TeX that pandoc can read and "", or "" and why there is none."""
    try:
        tex = tex_adapt.normalize(tex_rules.expand_macros(key[0], macros), key[1])
    except (tex_rules.TexError, ValueError, RecursionError) as error:
        return "", str(error) or "this formula cannot be read"
    unsupported = list(tex_adapt.unsupported_commands(tex))
    if unsupported:
        return "", f"{unsupported[0]} is not supported in formulas"
    return tex, "" if tex.strip() else "this formula is empty"


def _formula(key: FormulaKey, tex: str, mathml: str, markup: str) -> Formula:
    if not mathml:
        return Formula(key[0], alt=key[0], problem=f"this formula cannot be converted: {_shorten(key[0])}")
    alt = mathml_to_english(mathml)
    annotated = mathml.replace("<math ", f'<math alttext="{html.escape(alt, quote=True)}" ', 1)
    annotated = re.sub(
        r'(<annotation encoding="application/x-tex">).*?(</annotation>)',
        lambda m: m[1] + html.escape(key[0], quote=False) + m[2],
        annotated,
        flags=re.S,
    )
    return Formula(key[0], annotated, markup, alt, "", tex)


def _shorten(tex: str) -> str:
    line = " ".join(tex.split())
    return line if len(line) <= 60 else line[:57] + "…"


def _paragraph(tex: str, display: bool) -> dict[str, object]:
    kind = {"t": "DisplayMath" if display else "InlineMath"}
    return {"t": "Para", "c": [{"t": "Math", "c": [kind, tex]}]}


def _to_mathml(pairs: Sequence[FormulaKey]) -> list[str]:
    """Return MathML for each formula, "" if pandoc cannot read it."""
    if not pairs:
        return []
    blocks: list[object] = [{"t": "Div", "c": [[f"f{n}", [], []], [_paragraph(*pair)]]} for n, pair in enumerate(pairs)]
    source = pandoc.encode_document(blocks)
    output = pandoc.run(["-f", "json", "-t", "html", "--mathml", "--wrap=none"], source).output.decode()
    results = dict.fromkeys(range(len(pairs)), "")
    for number, div in FORMULA_DIV.findall(output):
        match = MATHML_ELEMENT.search(div)
        results[int(number)] = match[0] if match else ""
    return list(results.values())


def _to_typst(pairs: Sequence[FormulaKey]) -> list[str]:
    """Return the Typst markup between dollar signs for each formula, or ""."""
    if not pairs:
        return []
    blocks: list[object] = []
    for number, pair in enumerate(pairs):
        blocks += [{"t": "RawBlock", "c": ["typst", f"%%formula {number}%%"]}, _paragraph(*pair)]
    source = pandoc.encode_document(blocks)
    output = pandoc.run(["-f", "json", "-t", "typst", "--wrap=none"], source).output.decode()
    results = []
    for part in re.split(r"%%formula \d+%%\n*", output)[1:]:
        text = part.strip()
        is_formula = len(text) > 2 and text.startswith("$") and text.endswith("$")
        results.append(TYPST_FIX_PATTERN.sub(lambda m: TYPST_FIXES[m[0]], text[1:-1].strip()) if is_formula else "")
    return results


def _check_typst(formulas: Mapping[FormulaKey, Formula]) -> dict[FormulaKey, Formula]:
    """Compile all formulas with Typst; replace the Typst form of those that fail.

    Such a formula gets a problem and is shown as TeX in the PDF; other formats are not affected.
    """
    checked = dict(formulas)
    keys = [key for key, formula in formulas.items() if formula.typst]
    preamble = typst_shim()
    first_line = preamble.rstrip("\n").count("\n") + 2
    lines = {key: "$ " + " ".join(formulas[key].typst.split("\n")) + " $" for key in keys}
    for _ in range(MAX_TYPST_RUNS):
        error = typst.check_markup([lines[key] for key in keys], preamble)
        if error is None:
            break
        index = error.line - first_line
        if not 0 <= index < len(keys) or lines[keys[index]] == "":
            break
        key = keys[index]
        lines[key] = ""
        problem = f"this formula is shown as TeX in the PDF, because Typst reports: {error.message}: {_shorten(key[0])}"
        checked[key] = replace(checked[key], typst="", problem=problem)
    return checked


def typst_shim() -> str:
    """Return Typst definitions of symbols for which pandoc uses outdated names."""
    from oerbook.theming.theme import DEFAULT_THEME, bundled_themes_folder

    return (bundled_themes_folder() / DEFAULT_THEME / TYPST_SHIM).read_text(encoding="utf-8")
