"""Formulas in one batch: TeX to MathML and to Typst by pandoc, each kept by content, each proved to compile."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from oerbook.document.math import tex_macros as tex_rules
from oerbook.document.math.spoken import speak
from oerbook.storage.cache import digest
from oerbook.tools import pandoc, typst

VERSION = "8"
MATH = re.compile(r"<math[ >].*?</math>", re.S)
PIECE = re.compile(r'<div id="f(\d+)">(.*?)</div>(?=\s*(?:<div id="f|\Z))', re.S)
SHIM = Path("pdf") / "shim.typ"
MOST_ROUNDS = 200
# What pandoc's writer gets wrong in Typst's markup: it rounds spaces down to whole ems, so that \\! draws signs over each
# other and \\; is nothing, and it names the bars of a norm by their old name.
MENDED = {"#h(-1em)": "#h(-0.17em)", "#h(0em)": "thick", 'delim: "||"': 'delim: "‖"'}
WRONG = re.compile("|".join(map(re.escape, MENDED)))
Key = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in every form a format needs.

    `mathml` is a whole <math> element, `typst` the markup between two `$`, `docx_tex` TeX that pandoc reads for sure;
    `alt` says it in words. `problem` says in a sentence why it could not be converted; the forms are then empty.
    """

    tex: str
    mathml: str = ""
    typst: str = ""
    alt: str = ""
    problem: str = ""
    docx_tex: str = ""


def convert(requests: Iterable[Key], macros: Mapping[str, str], cache: Path, _work: Path) -> dict[Key, Formula]:
    """Return each (TeX, displayed?) as a `Formula`; only those not met before cost anything."""
    wanted = list(dict.fromkeys(requests))
    setting = digest(VERSION, pandoc.version(), typst.version(), repr(sorted(macros.items())))
    cache.mkdir(parents=True, exist_ok=True)
    with closing(_open(cache / "formulas.sqlite")) as store:
        names = {key: digest(setting, key[0], str(key[1])) for key in wanted}
        found = {key: kept for key, name in names.items() if (kept := _kept(store, name)) is not None}
        fresh = [key for key in wanted if key not in found]
        if fresh:
            made = _convert(fresh, macros)
            with store:
                rows = [(names[key], json.dumps(asdict(made[key]))) for key in fresh]
                store.executemany("insert or replace into formula values (?, ?)", rows)
            found |= made
    return found


def _open(path: Path) -> sqlite3.Connection:
    """Open the store; one that cannot be read is thrown away, for it can be made again."""
    try:
        store = sqlite3.connect(path)
        store.execute("create table if not exists formula (name text primary key, value text)")
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        store = sqlite3.connect(path)
        store.execute("create table if not exists formula (name text primary key, value text)")
    return store


def _kept(store: sqlite3.Connection, name: str) -> Formula | None:
    row = store.execute("select value from formula where name = ?", (name,)).fetchone()
    return Formula(**json.loads(row[0])) if row else None


def _convert(keys: Sequence[Key], macros: Mapping[str, str]) -> dict[Key, Formula]:
    prepared = [_prepare(key, macros) for key in keys]
    good = [place for place, (_tex, problem) in enumerate(prepared) if not problem]
    pairs = [(prepared[place][0], keys[place][1]) for place in good]
    mathml = _mathml(pairs)
    markup = _typst([(tex_rules.for_typst(tex), display) for tex, display in pairs])
    made: dict[Key, Formula] = {}
    for key, (_tex, problem) in zip(keys, prepared, strict=True):
        made[key] = Formula(key[0], alt=key[0], problem=problem)
    for place, math, typ in zip(good, mathml, markup, strict=True):
        made[keys[place]] = _formula(keys[place], prepared[place][0], math, typ)
    return _proved(made)


def _prepare(key: Key, macros: Mapping[str, str]) -> tuple[str, str]:
    """Return a formula ready for pandoc, and why it cannot be."""
    try:
        tex = tex_rules.normalise(tex_rules.expand(key[0], macros), key[1])
    except (tex_rules.TexError, ValueError, RecursionError) as error:
        return "", str(error) or "this formula cannot be read"
    gone = list(tex_rules.lost(tex))
    if gone:
        return "", f"{gone[0]} cannot be set in a book's formula"
    return tex, "" if tex.strip() else "this formula is empty"


def _formula(key: Key, tex: str, mathml: str, markup: str) -> Formula:
    if not mathml:
        return Formula(key[0], alt=key[0], problem=f"this formula cannot be converted: {_short(key[0])}")
    words = speak(mathml)
    shown = mathml.replace("<math ", f'<math alttext="{html.escape(words, quote=True)}" ', 1)
    shown = re.sub(
        r'(<annotation encoding="application/x-tex">).*?(</annotation>)',
        lambda m: m[1] + html.escape(key[0], quote=False) + m[2],
        shown,
        flags=re.S,
    )
    return Formula(key[0], shown, markup, words, "", tex)


def _short(tex: str) -> str:
    flat = " ".join(tex.split())
    return flat if len(flat) <= 60 else flat[:57] + "…"


def _paragraph(tex: str, display: bool) -> dict[str, object]:
    kind = {"t": "DisplayMath" if display else "InlineMath"}
    return {"t": "Para", "c": [{"t": "Math", "c": [kind, tex]}]}


def _mathml(pairs: Sequence[Key]) -> list[str]:
    """Return MathML for each formula, "" where pandoc cannot read it."""
    if not pairs:
        return []
    blocks: list[object] = [{"t": "Div", "c": [[f"f{n}", [], []], [_paragraph(*pair)]]} for n, pair in enumerate(pairs)]
    source = pandoc.document(blocks)
    answer = pandoc.run(["-f", "json", "-t", "html", "--mathml", "--wrap=none"], source).output.decode()
    found = dict.fromkeys(range(len(pairs)), "")
    for number, piece in PIECE.findall(answer):
        match = MATH.search(piece)
        found[int(number)] = match[0] if match else ""
    return list(found.values())


def _typst(pairs: Sequence[Key]) -> list[str]:
    """Return Typst's markup between the dollar signs for each formula, "" where there is none."""
    if not pairs:
        return []
    blocks: list[object] = []
    for number, pair in enumerate(pairs):
        blocks += [{"t": "RawBlock", "c": ["typst", f"%%formula {number}%%"]}, _paragraph(*pair)]
    source = pandoc.document(blocks)
    answer = pandoc.run(["-f", "json", "-t", "typst", "--wrap=none"], source).output.decode()
    found = []
    for piece in re.split(r"%%formula \d+%%\n*", answer)[1:]:
        text = piece.strip()
        good = len(text) > 2 and text.startswith("$") and text.endswith("$")
        found.append(WRONG.sub(lambda m: MENDED[m[0]], text[1:-1].strip()) if good else "")
    return found


def _proved(made: dict[Key, Formula]) -> dict[Key, Formula]:
    """Compile every formula; one that Typst refuses keeps its MathML and is printed as TeX in the PDF, with a problem."""
    keys = [key for key, formula in made.items() if formula.typst]
    preamble = shim()
    first = preamble.rstrip("\n").count("\n") + 2
    lines = {key: "$ " + " ".join(made[key].typst.split("\n")) + " $" for key in keys}
    for _ in range(MOST_ROUNDS):
        fault = typst.check([lines[key] for key in keys], preamble)
        if fault is None:
            break
        place = fault.line - first
        if not 0 <= place < len(keys) or lines[keys[place]] == "":
            break
        bad = keys[place]
        lines[bad] = ""
        problem = f"the PDF cannot set this formula ({fault.message}), so it shows its TeX: {_short(bad[0])}"
        made[bad] = replace(made[bad], typst="", problem=problem)
    return made


def shim() -> str:
    """Return the Typst definitions of symbols that pandoc still calls by older names."""
    from oerbook.theming.theme import FIRST, shipped

    return (shipped() / FIRST / SHIM).read_text(encoding="utf-8")
