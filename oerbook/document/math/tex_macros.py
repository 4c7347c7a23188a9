"""Prepare TeX formulas for pandoc: expand macros, rewrite what it gets wrong."""

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
EMS = {"mu": 1 / 18, "pt": 0.1, "ex": 0.45, "mm": 0.28, "cm": 2.8, "in": 7.2}  # approximate width in em


@dataclass(frozen=True, slots=True)
class Macro:
    """A TeX macro, with the default of its optional first argument, if any."""

    body: str
    arguments: int
    first: str | None = None


class TexError(ValueError):
    """A formula cannot be read; the message is for authors."""


def macro(body: str, arguments: int | None = None, first: str | None = None) -> Macro:
    """Return a macro; the number of arguments defaults to the highest in the body."""
    highest = max((int(n) for n in re.findall(r"(?<!\\)#(\d)", body)), default=0)
    return Macro(body, highest if arguments is None else arguments, first)


def tokens(tex: str) -> list[str]:
    """Return the tokens of a formula without comments.

    >>> tokens(r"\\frac{a}2")
    ['\\\\frac', '{', 'a', '}', '2']
    """
    return [token for token in TOKEN.findall(tex) if not token.startswith("%")]


class Expander:
    """Expands the macros of one formula and collects those that it defines."""

    def __init__(self, macros: Mapping[str, Macro]) -> None:
        self.macros = dict(macros)
        self.spent = 0

    def expand(self, stream: list[str], depth: int = 0) -> list[str]:
        """Return tokens with all macros expanded.

        Raises `TexError` if a macro refers to itself, if the formula gets too long, or if a definition is not valid.
        """
        if depth > MOST_DEPTH:
            raise TexError("a macro in this formula refers to itself")
        result: list[str] = []
        index = 0
        while index < len(stream):
            token = stream[index]
            index += 1
            self.spent += 1
            if self.spent > MOST_TOKENS:
                raise TexError("this formula is too long after its macros are expanded")
            if token in DEFINITION:
                index = self._define(stream, index, token)
            elif token in self.macros:
                used = self.macros[token]
                arguments, index = _read_call(stream, index, used)
                result += self.expand(_substitute(used.body, arguments), depth + 1)
            else:
                result.append(token)
        return result

    def _define(self, stream: list[str], index: int, command: str) -> int:
        """Record the macro defined from `index` on; return the index after it."""
        (name_group,), index = _read_arguments(stream, index, 1)
        name = "".join(name_group).strip()
        count, first = None, None
        bracketed, index = _read_brackets(stream, index) if command != "\\def" else (None, index)
        if bracketed is not None:
            if not re.fullmatch(r"\s*[0-9]\s*", bracketed):
                raise TexError(f"the number of arguments of {name} is not a digit from 0 to 9")
            count = int(bracketed)
            first, index = _read_brackets(stream, index)
        while command == "\\let" and index < len(stream) and stream[index] in ("=", " "):
            index += 1
        while command == "\\def" and index < len(stream) and stream[index].startswith("#"):
            index += 1
        (body,), index = _read_arguments(stream, index, 1)
        text = "".join(body)
        self.macros[name] = macro(f"{OPERATORS[command]}{{{text}}}" if command in OPERATORS else text, count, first)
        return index


def _read_call(stream: list[str], index: int, used: Macro) -> tuple[list[list[str]], int]:
    """Return the arguments of a macro call from `index` on, and the index after."""
    if used.first is None:
        return _read_arguments(stream, index, used.arguments)
    bracketed, index = _read_brackets(stream, index)
    optional = tokens(used.first if bracketed is None else bracketed)
    arguments, index = _read_arguments(stream, index, used.arguments - 1)
    return [optional, *arguments], index


def _read_arguments(stream: list[str], index: int, count: int) -> tuple[list[list[str]], int]:
    """Return `count` arguments from `index` on, and the index after them."""
    arguments: list[list[str]] = []
    for _ in range(count):
        while index < len(stream) and stream[index].isspace():
            index += 1
        if index >= len(stream):
            arguments.append([])
        elif stream[index] == "{":
            group, index = _read_group(stream, index)
            arguments.append(group)
        else:
            arguments.append([stream[index]])
            index += 1
    return arguments, index


def _read_group(stream: list[str], index: int) -> tuple[list[str], int]:
    """Return the content of the braces that open at `index`, and the index after them."""
    depth = 0
    for end in range(index, len(stream)):
        depth += {"{": 1, "}": -1}.get(stream[end], 0)
        if depth == 0:
            return stream[index + 1 : end], end + 1
    raise TexError("a brace in this formula is never closed")


def _read_brackets(stream: list[str], index: int) -> tuple[str | None, int]:
    """Return the content of square brackets at `index`, or None, and the index after."""
    depth = 0
    for end in range(index + 1, len(stream)) if stream[index : index + 1] == ["["] else ():
        depth += {"{": 1, "}": -1}.get(stream[end], 0)
        if stream[end] == "]" and not depth:
            return "".join(stream[index + 1 : end]), end + 1
    return None, index


def _substitute(body: str, arguments: list[list[str]]) -> list[str]:
    """Return the tokens of a macro's body with its parameters replaced by arguments."""
    result: list[str] = []
    for token in tokens(body):
        if re.fullmatch(r"#\d", token):
            number = int(token[1]) - 1
            result += arguments[number] if number < len(arguments) else []
        else:
            result.append(token)
    return result


def switched(stream: list[str]) -> list[str]:
    """Replace TeX's old font switches, which apply to the end of a group.

    >>> joined(switched(tokens(r"g_{\\rm max}")))
    'g_{\\\\mathrm{max}}'
    """
    result: list[str] = []
    index = 0
    if "\\over" in stream and (bar := _index_of_over(stream)):
        return ["\\frac", "{", *switched(stream[:bar]), "}", "{", *switched(stream[bar + 1 :]), "}"]
    while index < len(stream):
        token = stream[index]
        if token == "{":
            group, index = _read_group(stream, index)
            result += ["{", *switched(group), "}"]
            continue
        if token in SWITCHES:
            rest = switched(stream[index + 1 :])
            return [*result, SWITCHES[token], "{", *_strip_leading_space(rest), "}"]
        result.append(token)
        index += 1
    return result


def _index_of_over(stream: list[str]) -> int:
    """Return the index of an \\over that divides the whole stream; 0 if there is none."""
    depth = 0
    for index, token in enumerate(stream):
        depth += {"{": 1, "}": -1, "\\left": 1, "\\right": -1, "\\begin": 1, "\\end": -1}.get(token, 0)
        if depth == 0 and token in ("&", "\\\\"):
            return 0
        if depth == 0 and token == "\\over":
            return index
    return 0


def _strip_leading_space(stream: list[str]) -> list[str]:
    while stream and stream[0].isspace():
        stream = stream[1:]
    return stream


def joined(stream: list[str]) -> str:
    """Join tokens to TeX, with a space where a letter follows a command."""
    result: list[str] = []
    for token in stream:
        if result and re.fullmatch(r"\\[A-Za-z@]+", result[-1]) and token[:1].isalpha():
            result.append(" ")
        result.append(token)
    return "".join(result)


def handed_on(formulas: Iterable[str]) -> Iterator[str]:
    """Yield formulas with the definitions of earlier ones expanded, as in MathJax.

    >>> list(handed_on([r"\\newcommand{\\E}{\\mathbb{E}}", r"\\E[x]", "y"]))
    ['', '\\\\mathbb{E}[x]', 'y']
    """
    macros: dict[str, Macro] = {}
    for tex in formulas:
        if macros or DEFINES.search(tex):
            expander, stream = Expander(macros), tokens(tex)
            try:
                expanded = expander.expand(stream)
            except (TexError, ValueError, RecursionError):
                expanded = stream  # the error is reported when the formula is converted
            else:
                macros = expander.macros
            yield joined(expanded).strip() if expanded != stream else tex
        else:
            yield tex


def expand(tex: str, macros: Mapping[str, str]) -> str:
    """Expand the book's macros, a formula's definitions and our replacements.

    Raises `TexError` if that is not possible.

    >>> expand(r"\\E{x}", {"\\\\E": r"\\mathbb{E}[#1]"})
    '\\\\mathbb{E}[x]'
    >>> expand(r"\\newcommand{\\f}[2][a]{#1+#2}\\f{b}, \\f[c]{b}", {})
    'a+b, c+b'
    """
    table = {name: macro(body, ARGUMENTS.get(name)) for name, body in KNOWN.items()}
    table |= {(n if n.startswith("\\") else f"\\{n}"): macro(body) for n, body in macros.items()}
    return joined(switched(Expander(table).expand(tokens(tex))))


def normalise(tex: str, display: bool) -> str:
    """Rewrite a formula in TeX that pandoc reads."""
    tex = re.sub(r"\\(begin|end)\{([A-Za-z]+\*?)\}", _environment, tex)
    tex = re.sub(r"\\begin\{alignat\}\s*\{\d+\}", r"\\begin{align}", tex).replace("\\end{alignat}", "\\end{align}")
    tex = re.sub(r"(\\begin\{array\})\s*\[[tcb]\]", r"\1", tex)
    tex = re.sub(r"(\\begin\{aligned\})\s*(\[[tcb]\]|\{\d+\})", r"\1", tex)
    tex = re.sub(r"\\color\s*\{[^{}]*\}", "", tex)
    tex = re.sub(r"\\\\\s*\[[^\]\n]*(?:pt|em|ex|mm|cm|in)\]", r"\\\\", tex)
    tex = SPACE.sub(_standard_space, tex)
    tex = re.sub(r"\\require\s*\{[^{}]*\}|\\bbox\s*(?:\[[^\[\]]*\])?(?=\s*\{)", "", tex)
    tex = re.sub(r"(\\begin\{[A-Za-z]*matrix\*?\})\s*\[[lcr]\]", r"\1", tex)
    tex = re.sub(r"\\not(?:\s|\\!)*(\\[A-Za-z]+)", lambda m: STRUCK.get(m[1], f"\\not{m[1]}"), tex)
    for _ in range(3 if "\\text" in tex else 0):  # \text inside \text: split them
        tex = WORDS_IN_WORDS.sub(lambda m: f"\\text{{{m[1]}}}\\text{m[2] or 'it'}{{{m[3]}}}\\text{{", tex)
    tex = re.sub(r"\n\s*\n", "\n", tex).strip()
    if display and _has_bare_rows(tex):
        tex = f"\\begin{{aligned}}{tex}\\end{{aligned}}"
    return tex


def _standard_space(match: re.Match[str]) -> str:
    """Return the standard space of TeX whose width is nearest to a measured one."""
    minus, number, unit = match[1] or match[4], match[2] or match[5], match[3] or match[6]
    if minus or not number:
        return "\\!" if minus else "\\,"
    width_em = float(number) * EMS.get(unit, 1)
    spaces = ((1.5, "\\qquad "), (0.7, "\\quad "), (0.25, "\\;"))
    return next((space for min_width, space in spaces if width_em >= min_width), "\\,")


def _environment(match: re.Match[str]) -> str:
    return f"\\{match[1]}{{{ENVIRONMENTS.get(match[2], match[2])}}}"


def _has_bare_rows(tex: str) -> bool:
    """Return whether a formula has rows or columns outside of environments."""
    depth = 0
    stream = tokens(tex)
    for token in stream:
        depth += {"{": 1, "}": -1, "\\begin": 1, "\\end": -1}.get(token, 0)
        if depth == 0 and token in ("\\\\", "&"):
            return True
    return False


def lost(tex: str) -> Iterator[str]:
    """Yield the commands of a formula that pandoc would drop without an error."""
    yield from sorted(LOST & set(tokens(tex)))


def for_typst(tex: str) -> str:
    """Rewrite what pandoc's Typst writer gets wrong: |x|, cases, determinants."""
    tex = _replace_environment("vmatrix", tex, lambda m: f"\\left|\\begin{{matrix}}{m[1]}\\end{{matrix}}\\right|")
    tex = _replace_environment("Vmatrix", tex, lambda m: f"\\left\\|\\begin{{matrix}}{m[1]}\\end{{matrix}}\\right\\|")
    tex = _replace_environment("cases", tex, _spaced_cases)
    return re.sub(r"(?<![\\A-Za-z|])\|([^|\\\n]{1,40})\|(?!\|)", r"\\left|\1\\right|", tex)


def _replace_environment(name: str, tex: str, replacement: Callable[[re.Match[str]], str]) -> str:
    """Replace every environment of a name.

    The last \\end bounds the search, which would otherwise take quadratic time.
    """
    before, end, after = tex.rpartition(f"\\end{{{name}}}")
    return re.sub(rf"\\begin\{{{name}\}}(.*?)\\end\{{{name}\}}", replacement, before + end, flags=re.S) + after


def _spaced_cases(match: re.Match[str]) -> str:
    return "\\begin{cases}" + re.sub(r"(?<!\\)&", r"&\\quad ", match[1]) + "\\end{cases}"
