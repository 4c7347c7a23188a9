"""Prepare TeX formulas for pandoc: expand macros, rewrite what it gets wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from oerbook.formulas.latex_packages.arguments import CommandArguments, HandlerByCommand
from oerbook.formulas.tex_tables import (
    ARGUMENT_COUNTS,
    FONT_SWITCHES,
    PANDOC_REPLACEMENTS,
)

TEX_TOKEN = re.compile(r"\\[A-Za-z@]+\*?|\\.|\\\n|[{}]|%[^\n]*\n?|#\d|[^\\{}%#]|#", re.S)
MAX_TOKENS = 100_000
MAX_MACRO_DEPTH = 60
OPERATOR_COMMANDS = {"\\DeclareMathOperator": "\\operatorname", "\\DeclareMathOperator*": "\\operatorname*"}
DEFINING_COMMANDS = {
    f"\\{name}{star}" for name in ("newcommand", "renewcommand", "providecommand", "def") for star in ("", "*")
}
DEFINING_COMMANDS |= {"\\let", *OPERATOR_COMMANDS}
MACRO_DEFINITION_PATTERN = re.compile(r"\\(?:(?:re)?newcommand|providecommand|def|let|DeclareMathOperator)(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Macro:
    """A TeX macro, with the default of its optional first argument, if any."""

    body: str
    argument_count: int
    first_default: str | None = None


class TexError(ValueError):
    """A formula cannot be read; the message is for authors."""


def make_macro(body: str, arguments: int | None = None, first: str | None = None) -> Macro:
    """Return a macro; the number of arguments defaults to the highest in the body."""
    highest = max((int(n) for n in re.findall(r"(?<!\\)#(\d)", body)), default=0)
    return Macro(body, highest if arguments is None else arguments, first)


def tokenize(tex: str) -> list[str]:
    """Return the tokens of a formula without comments.

    >>> tokenize(r"\\frac{a}2")
    ['\\\\frac', '{', 'a', '}', '2']
    """
    return [token for token in TEX_TOKEN.findall(tex) if not token.startswith("%")]


class MacroExpander:
    """Expands the macros of one formula and collects those that it defines."""

    def __init__(self, macros: Mapping[str, Macro], handlers: HandlerByCommand | None = None) -> None:
        self.macros = dict(macros)
        self.handlers = handlers or {}
        self.token_count = 0

    def expand(self, stream: list[str], depth: int = 0) -> list[str]:
        """Return tokens with all macros expanded.

        Raises `TexError` if a macro refers to itself, if the formula gets too long, or if a definition is not valid.
        """
        if depth > MAX_MACRO_DEPTH:
            raise TexError("a macro in this formula refers to itself")
        result: list[str] = []
        index = 0
        while index < len(stream):
            token = stream[index]
            index += 1
            self.token_count += 1
            if self.token_count > MAX_TOKENS:
                raise TexError("this formula is too long after its macros are expanded")
            if token in DEFINING_COMMANDS:
                index = self._define(stream, index, token)
            elif token in self.macros:
                used = self.macros[token]
                arguments, index = _read_call(stream, index, used)
                result += self.expand(_substitute(used.body, arguments), depth + 1)
            elif token in self.handlers:
                call = CommandArguments(stream, index)
                result += self.expand(tokenize(self.handlers[token](call)), depth + 1)
                index = call.index
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
        self.macros[name] = make_macro(
            f"{OPERATOR_COMMANDS[command]}{{{text}}}" if command in OPERATOR_COMMANDS else text, count, first
        )
        return index


def _read_call(stream: list[str], index: int, used: Macro) -> tuple[list[list[str]], int]:
    """Return the arguments of a macro call from `index` on, and the index after."""
    if used.first_default is None:
        return _read_arguments(stream, index, used.argument_count)
    bracketed, index = _read_brackets(stream, index)
    optional = tokenize(used.first_default if bracketed is None else bracketed)
    arguments, index = _read_arguments(stream, index, used.argument_count - 1)
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
    for token in tokenize(body):
        if re.fullmatch(r"#\d", token):
            number = int(token[1]) - 1
            result += arguments[number] if number < len(arguments) else []
        else:
            result.append(token)
    return result


def expand_font_switches(stream: list[str]) -> list[str]:
    """Replace TeX's old font switches, which apply to the end of a group.

    >>> join_tokens(expand_font_switches(tokenize(r"g_{\\rm max}")))
    'g_{\\\\mathrm{max}}'
    """
    result: list[str] = []
    index = 0
    if "\\over" in stream and (bar := _index_of_over(stream)):
        return [
            "\\frac",
            "{",
            *expand_font_switches(stream[:bar]),
            "}",
            "{",
            *expand_font_switches(stream[bar + 1 :]),
            "}",
        ]
    while index < len(stream):
        token = stream[index]
        if token == "{":  # noqa: S105 - TeX, no password
            group, index = _read_group(stream, index)
            result += ["{", *expand_font_switches(group), "}"]
            continue
        if token in FONT_SWITCHES:
            rest = expand_font_switches(stream[index + 1 :])
            return [*result, FONT_SWITCHES[token], "{", *_strip_leading_space(rest), "}"]
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
        if depth == 0 and token == "\\over":  # noqa: S105 - TeX, no password
            return index
    return 0


def _strip_leading_space(stream: list[str]) -> list[str]:
    while stream and stream[0].isspace():
        stream = stream[1:]
    return stream


def join_tokens(stream: list[str]) -> str:
    """Join tokens to TeX, with a space where a letter follows a command."""
    result: list[str] = []
    for token in stream:
        if result and re.fullmatch(r"\\[A-Za-z@]+", result[-1]) and token[:1].isalpha():
            result.append(" ")
        result.append(token)
    return "".join(result)


def expand_earlier_definitions(formulas: Iterable[str]) -> Iterator[str]:
    """Yield formulas with the definitions of earlier ones expanded, as in MathJax.

    >>> list(expand_earlier_definitions([r"\\newcommand{\\E}{\\mathbb{E}}", r"\\E[x]", "y"]))
    ['', '\\\\mathbb{E}[x]', 'y']
    """
    macros: dict[str, Macro] = {}
    for tex in formulas:
        if macros or MACRO_DEFINITION_PATTERN.search(tex):
            expander, stream = MacroExpander(macros), tokenize(tex)
            try:
                expanded = expander.expand(stream)
            except (TexError, ValueError, RecursionError):
                expanded = stream  # the error is reported when the formula is converted
            else:
                macros = expander.macros
            yield join_tokens(expanded).strip() if expanded != stream else tex
        else:
            yield tex


def expand_macros(tex: str, macros: Mapping[str, str]) -> str:
    """Expand the book's macros, a formula's definitions and our replacements.

    Raises `TexError` if that is not possible.

    >>> expand_macros(r"\\E{x}", {"\\\\E": r"\\mathbb{E}[#1]"})
    '\\\\mathbb{E}[x]'
    >>> expand_macros(r"\\newcommand{\\f}[2][a]{#1+#2}\\f{b}, \\f[c]{b}", {})
    'a+b, c+b'
    """
    table = {name: make_macro(body, ARGUMENT_COUNTS.get(name)) for name, body in PANDOC_REPLACEMENTS.items()}
    table |= {(n if n.startswith("\\") else f"\\{n}"): make_macro(body) for n, body in macros.items()}
    return join_tokens(expand_font_switches(MacroExpander(table).expand(tokenize(tex))))
