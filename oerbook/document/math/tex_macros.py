"""TeX formulas before pandoc: macros expanded, and what its reader or Typst would get wrong put another way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from oerbook.document.math.tex_tables import ARGUMENTS, ENVIRONMENTS, KNOWN, LOST, STRUCK, SWITCHES

TOKEN = re.compile(r"\\[A-Za-z@]+\*?|\\.|\\\n|[{}]|%[^\n]*\n?|#\d|[^\\{}%#]|#", re.S)
MOST_TOKENS = 100_000
MOST_DEPTH = 60
OPERATORS = {"\\DeclareMathOperator": "\\operatorname", "\\DeclareMathOperator*": "\\operatorname*"}
DEFINITION = {
    f"\\{name}{star}" for name in ("newcommand", "renewcommand", "providecommand", "def") for star in ("", "*")
}
DEFINITION |= {"\\let", *OPERATORS}
DEFINES = re.compile(r"\\(?:(?:re)?newcommand|providecommand|def|let|DeclareMathOperator)(?![A-Za-z])")
SPACE = re.compile(
    r"\\(?:hspace|vspace|kern|mkern|mskip|hskip|mspace)\*?\s*"
    r"(?:\{\s*(-?)(\d*\.?\d+)\s*([a-z]+)\s*\}|(-?)(\d*\.?\d+)\s*(pt|em|ex|mu|mm|cm)|\{[^{}]*\})"
)
WORDS_IN_WORDS = re.compile(r"\\text\{([^{}]*)\\(?:(?:text|math)(bf|it|rm|tt|sf)|emph)\s*\{([^{}]*)\}")
EMS = {"mu": 1 / 18, "pt": 0.1, "ex": 0.45, "mm": 0.28, "cm": 2.8, "in": 7.2}  # how many em one is


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro's body, how many arguments it takes, and what stands for the first where none is given in brackets."""

    body: str
    arguments: int
    first: str | None = None


class TexError(ValueError):
    """Why a formula cannot be read, in plain words."""


def macro(body: str, arguments: int | None = None, first: str | None = None) -> Macro:
    """Return a macro; the count of its arguments is read off its body unless it is given."""
    used = max((int(n) for n in re.findall(r"(?<!\\)#(\d)", body)), default=0)
    return Macro(body, used if arguments is None else arguments, first)


def tokens(tex: str) -> list[str]:
    """Return the tokens of a formula, comments left out.

    >>> tokens(r"\\frac{a}2")
    ['\\\\frac', '{', 'a', '}', '2']
    """
    return [token for token in TOKEN.findall(tex) if not token.startswith("%")]


class Expander:
    """Replaces macros in one formula; bounded, so that a macro that calls itself ends as an error."""

    def __init__(self, macros: Mapping[str, Macro]) -> None:
        self.macros = dict(macros)
        self.spent = 0

    def expand(self, stream: list[str], depth: int = 0) -> list[str]:
        """Return tokens with every macro replaced."""
        if depth > MOST_DEPTH:
            raise TexError("a macro in this formula refers to itself")
        out: list[str] = []
        place = 0
        while place < len(stream):
            token = stream[place]
            place += 1
            self.spent += 1
            if self.spent > MOST_TOKENS:
                raise TexError("this formula grows without end when its macros are written out")
            if token in DEFINITION:
                place = self._define(stream, place, token)
            elif token in self.macros:
                found = self.macros[token]
                given, place = _bracketed(stream, place) if found.first is not None else (None, place)
                led = [] if found.first is None else [tokens(found.first if given is None else given)]
                arguments, place = self._take(stream, place, found.arguments - len(led))
                arguments = [*led, *arguments]
                out += self.expand(_fill(found.body, arguments), depth + 1)
            else:
                out.append(token)
        return out

    def _define(self, stream: list[str], place: int, kind: str) -> int:
        (name_group,), place = self._take(stream, place, 1)
        name = "".join(name_group).strip()
        count, first = None, None
        given, place = _bracketed(stream, place) if kind != "\\def" else (None, place)
        if given is not None:
            if not re.fullmatch(r"\s*[0-9]\s*", given):
                raise TexError(f"the number of arguments of {name} is none from 0 to 9")
            count = int(given)
            first, place = _bracketed(stream, place)
        while kind == "\\let" and place < len(stream) and stream[place] in ("=", " "):
            place += 1
        while kind == "\\def" and place < len(stream) and stream[place].startswith("#"):
            place += 1
        (body,), place = self._take(stream, place, 1)
        text = "".join(body)
        self.macros[name] = macro(f"{OPERATORS[kind]}{{{text}}}" if kind in OPERATORS else text, count, first)
        return place

    def _take(self, stream: list[str], place: int, count: int) -> tuple[list[list[str]], int]:
        """Return `count` arguments from `place` on, and the place behind them."""
        taken: list[list[str]] = []
        for _ in range(count):
            while place < len(stream) and stream[place].isspace():
                place += 1
            if place >= len(stream):
                taken.append([])
            elif stream[place] == "{":
                group, place = _group(stream, place)
                taken.append(group)
            else:
                taken.append([stream[place]])
                place += 1
        return taken, place


def _group(stream: list[str], place: int) -> tuple[list[str], int]:
    depth = 0
    for end in range(place, len(stream)):
        depth += {"{": 1, "}": -1}.get(stream[end], 0)
        if depth == 0:
            return stream[place + 1 : end], end + 1
    raise TexError("a brace is opened in this formula and never closed")


def _bracketed(stream: list[str], place: int) -> tuple[str | None, int]:
    """Return what stands in square brackets from `place` on, None where nothing does, and the place behind."""
    depth = 0
    for end in range(place + 1, len(stream)) if stream[place : place + 1] == ["["] else ():
        depth += {"{": 1, "}": -1}.get(stream[end], 0)
        if stream[end] == "]" and not depth:
            return "".join(stream[place + 1 : end]), end + 1
    return None, place


def _fill(body: str, arguments: list[list[str]]) -> list[str]:
    out: list[str] = []
    for token in tokens(body):
        if re.fullmatch(r"#\d", token):
            number = int(token[1]) - 1
            out += arguments[number] if number < len(arguments) else []
        else:
            out.append(token)
    return out


def switched(stream: list[str]) -> list[str]:
    """Return tokens with TeX's old font switches, which rule to the end of their group, as commands.

    >>> joined(switched(tokens(r"g_{\\rm max}")))
    'g_{\\\\mathrm{max}}'
    """
    out: list[str] = []
    place = 0
    if "\\over" in stream and (bar := _bar(stream)):
        return ["\\frac", "{", *switched(stream[:bar]), "}", "{", *switched(stream[bar + 1 :]), "}"]
    while place < len(stream):
        token = stream[place]
        if token == "{":
            inside, place = _group(stream, place)
            out += ["{", *switched(inside), "}"]
            continue
        if token in SWITCHES:
            rest = switched(stream[place + 1 :])
            return [*out, SWITCHES[token], "{", *_unspaced(rest), "}"]
        out.append(token)
        place += 1
    return out


def _bar(stream: list[str]) -> int:
    """Return where TeX's old bar of a fraction, \\over, divides a whole group; 0 where it divides less."""
    depth = 0
    for place, token in enumerate(stream):
        depth += {"{": 1, "}": -1, "\\left": 1, "\\right": -1, "\\begin": 1, "\\end": -1}.get(token, 0)
        if depth == 0 and token in ("&", "\\\\"):
            return 0
        if depth == 0 and token == "\\over":
            return place
    return 0


def _unspaced(stream: list[str]) -> list[str]:
    while stream and stream[0].isspace():
        stream = stream[1:]
    return stream


def joined(stream: list[str]) -> str:
    """Return tokens as TeX, with a space where a command would run into a letter."""
    out: list[str] = []
    for token in stream:
        if out and re.fullmatch(r"\\[A-Za-z@]+", out[-1]) and token[:1].isalpha():
            out.append(" ")
        out.append(token)
    return "".join(out)


def handed_on(formulas: Iterable[str]) -> Iterator[str]:
    """Yield the formulas of a page, in which what one defines is written out in those behind it, as MathJax does.

    >>> list(handed_on([r"\\newcommand{\\E}{\\mathbb{E}}", r"\\E[x]", "y"]))
    ['', '\\\\mathbb{E}[x]', 'y']
    """
    passed: dict[str, Macro] = {}
    for tex in formulas:
        if passed or DEFINES.search(tex):
            expander, stream = Expander(passed), tokens(tex)
            try:
                made = expander.expand(stream)
            except (TexError, ValueError, RecursionError):
                made = stream  # what is wrong with it is told when it is converted
            else:
                passed = expander.macros
            yield joined(made).strip() if made != stream else tex
        else:
            yield tex


def expand(tex: str, macros: Mapping[str, str]) -> str:
    """Return a formula with the book's macros, its own definitions and our stand-ins written out.

    >>> expand(r"\\E{x}", {"\\\\E": r"\\mathbb{E}[#1]"})
    '\\\\mathbb{E}[x]'
    >>> expand(r"\\newcommand{\\f}[2][a]{#1+#2}\\f{b}, \\f[c]{b}", {})
    'a+b, c+b'
    """
    table = {name: macro(body, ARGUMENTS.get(name)) for name, body in KNOWN.items()}
    table |= {(n if n.startswith("\\") else f"\\{n}"): macro(body) for n, body in macros.items()}
    return joined(switched(Expander(table).expand(tokens(tex))))


def normalise(tex: str, display: bool) -> str:
    """Return a formula in the TeX that pandoc reads: environments by their plain names, rows inside one."""
    tex = re.sub(r"\\(begin|end)\{([A-Za-z]+\*?)\}", _environment, tex)
    tex = re.sub(r"\\begin\{alignat\}\s*\{\d+\}", r"\\begin{align}", tex).replace("\\end{alignat}", "\\end{align}")
    tex = re.sub(r"(\\begin\{array\})\s*\[[tcb]\]", r"\1", tex)
    tex = re.sub(r"(\\begin\{aligned\})\s*(\[[tcb]\]|\{\d+\})", r"\1", tex)
    tex = re.sub(r"\\color\s*\{[^{}]*\}", "", tex)
    tex = re.sub(r"\\\\\s*\[[^\]\n]*(?:pt|em|ex|mm|cm|in)\]", r"\\\\", tex)
    tex = SPACE.sub(_space, tex)
    tex = re.sub(r"\\require\s*\{[^{}]*\}|\\bbox\s*(?:\[[^\[\]]*\])?(?=\s*\{)", "", tex)
    tex = re.sub(r"(\\begin\{[A-Za-z]*matrix\*?\})\s*\[[lcr]\]", r"\1", tex)
    tex = re.sub(r"\\not(?:\s|\\!)*(\\[A-Za-z]+)", lambda m: STRUCK.get(m[1], f"\\not{m[1]}"), tex)
    for _ in range(3 if "\\text" in tex else 0):  # words in words: each stands by itself
        tex = WORDS_IN_WORDS.sub(lambda m: f"\\text{{{m[1]}}}\\text{m[2] or 'it'}{{{m[3]}}}\\text{{", tex)
    tex = re.sub(r"\n\s*\n", "\n", tex).strip()
    if display and _rows(tex):
        tex = f"\\begin{{aligned}}{tex}\\end{{aligned}}"
    return tex


def _space(match: re.Match[str]) -> str:
    """Return the space of TeX that is as wide as one that is measured, more or less."""
    minus, number, unit = match[1] or match[4], match[2] or match[5], match[3] or match[6]
    if minus or not number:
        return "\\!" if minus else "\\,"
    wide = float(number) * EMS.get(unit, 1)
    return next(
        (space for least, space in ((1.5, "\\qquad "), (0.7, "\\quad "), (0.25, "\\;")) if wide >= least), "\\,"
    )


def _environment(match: re.Match[str]) -> str:
    return f"\\{match[1]}{{{ENVIRONMENTS.get(match[2], match[2])}}}"


def _rows(tex: str) -> bool:
    """Say whether a formula has rows or columns that no environment holds."""
    depth = 0
    stream = tokens(tex)
    for token in stream:
        depth += {"{": 1, "}": -1, "\\begin": 1, "\\end": -1}.get(token, 0)
        if depth == 0 and token in ("\\\\", "&"):
            return True
    return False


def lost(tex: str) -> Iterator[str]:
    """Yield the commands of a formula that pandoc would drop without a word."""
    yield from sorted(LOST & set(tokens(tex)))


def for_typst(tex: str) -> str:
    """Return a formula with what pandoc's Typst writer gets wrong put another way: |x|, cases, determinants."""
    tex = _within("vmatrix", tex, lambda m: f"\\left|\\begin{{matrix}}{m[1]}\\end{{matrix}}\\right|")
    tex = _within("Vmatrix", tex, lambda m: f"\\left\\|\\begin{{matrix}}{m[1]}\\end{{matrix}}\\right\\|")
    tex = _within("cases", tex, _cases)
    return re.sub(r"(?<![\\A-Za-z|])\|([^|\\\n]{1,40})\|(?!\|)", r"\\left|\1\\right|", tex)


def _within(name: str, tex: str, put: Callable[[re.Match[str]], str]) -> str:
    """Put something in place of each environment of a name; nothing is searched for an end that does not come."""
    before, end, after = tex.rpartition(f"\\end{{{name}}}")
    return re.sub(rf"\\begin\{{{name}\}}(.*?)\\end\{{{name}\}}", put, before + end, flags=re.S) + after


def _cases(match: re.Match[str]) -> str:
    return "\\begin{cases}" + re.sub(r"(?<!\\)&", r"&\\quad ", match[1]) + "\\end{cases}"
