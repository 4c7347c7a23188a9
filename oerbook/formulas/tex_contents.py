"""Count what a TeX formula contains: its characters, without layout, and its commands."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

from oerbook.formulas.latex_packages.arguments import CommandArguments

FUNCTION_NAME_LIST = """
arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim ln log max min Pr sec sin sinh sup
tan tanh liminf limsup
"""
FUNCTION_NAMES = frozenset(FUNCTION_NAME_LIST.split())
LOWER_GREEK = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
"""
UPPER_GREEK = ["gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega"]
GREEK_LETTER_BY_NAME = dict(zip(LOWER_GREEK.split(), "αβγδεζηθικλμνξπρστυφχψω", strict=True))
GREEK_LETTER_BY_NAME |= {
    f"var{name}": GREEK_LETTER_BY_NAME[name] for name in ("epsilon", "theta", "kappa", "rho", "phi", "pi")
} | {"varsigma": "ς"}
GREEK_LETTER_BY_NAME |= {name.capitalize(): GREEK_LETTER_BY_NAME[name].upper() for name in UPPER_GREEK}
TABLES_WITH_COLUMN_SPECIFICATION = {"array", "darray", "alignedat", "alignat", "subarray"}
CHAR_REPLACEMENTS = {"-": "−", "*": "∗", "'": "′"}
COUNTED_CHARS = frozenset("+=<>/!;,()[]−∗′")
SPACING_WIDTH = re.compile(r"\s*-?\d*\.?\d+\s*(?:mu|em|ex|pt|mm|cm|in|px)")
ContentCounter = Counter[str]
# A rule counts what the arguments of a command say, and returns the index of the first token that is not counted yet.
CountingRule = Callable[[CommandArguments, ContentCounter], int]


def count_contents(tex: Sequence[str]) -> tuple[ContentCounter, list[str]]:
    """Return how often a formula has each character that stands for itself, and each command."""
    said: ContentCounter = Counter()
    commands: list[str] = []
    index = 0
    while index < len(tex):
        part = tex[index]
        index += 1
        char = CHAR_REPLACEMENTS.get(part, part)
        if part.startswith("\\") and len(part) > 1:
            commands.append(part)
            _count_name(part, said)
            rule = COUNTING_RULE_BY_COMMAND.get(part) or (_with_option if part.startswith("\\x") else None)
            index = rule(CommandArguments(tex, index), said) if rule else index
        elif char in COUNTED_CHARS or (part.isascii() and part.isalnum()):
            said[char] += 1
        elif not part.isascii() and part.isalpha():
            said[base_letter(part)] += 1
    return said, commands


def find_column_specifications(tex: Sequence[str]) -> list[str]:
    """Return the columns of every array, such as c|c."""
    found = []
    for index, part in enumerate(tex):
        if part in ("\\begin",):
            arguments = CommandArguments(tex, index + 1)
            if arguments.group() in ("array", "darray"):
                arguments.option()
                found.append(arguments.group() or "")
    return found


def base_letter(char: str) -> str:
    """Return a letter without its accents, which a converter may set as accents of a formula."""
    return unicodedata.normalize("NFD", char)[0]


def _count_name(command: str, said: ContentCounter) -> None:
    name = command[1:]
    if name in FUNCTION_NAMES:
        said.update(name)
    elif name in GREEK_LETTER_BY_NAME:
        said[GREEK_LETTER_BY_NAME[name]] += 1


def _chemistry(arguments: CommandArguments, said: ContentCounter) -> int:
    """Count element symbols and numbers; small letters may be arrows or states."""
    inside = arguments.group() or ""
    letters = re.sub(r"\\[a-zA-Z]+|(?<=\d)E(?=[\d-])", "", inside)
    said.update(char for char in letters if char.isascii() and (char.isupper() or char.isdigit()))
    return arguments.index


def _begin(arguments: CommandArguments, _said: ContentCounter) -> int:
    name = arguments.group() or ""
    if name in TABLES_WITH_COLUMN_SPECIFICATION or name.endswith("*"):
        arguments.option()
    if name in TABLES_WITH_COLUMN_SPECIFICATION:
        arguments.group()
    return arguments.index


def _layout(arguments: CommandArguments, _said: ContentCounter) -> int:
    """Skip a group, or a length without braces, as in \\kern3mu."""
    start = arguments.index
    if arguments.group() is None:
        width = SPACING_WIDTH.match("".join(arguments.stream[start : start + 12]))
        return start + (len(width[0]) if width else 0)
    return arguments.index


def _two_layouts(arguments: CommandArguments, _said: ContentCounter) -> int:
    arguments.option()
    arguments.argument()
    arguments.argument()
    return arguments.index


def _general_fraction(arguments: CommandArguments, said: ContentCounter) -> int:
    said.update(char for _ in range(2) for char in arguments.argument() if char in COUNTED_CHARS)
    arguments.argument()
    arguments.argument()
    return arguments.index


def _fence(arguments: CommandArguments, _said: ContentCounter) -> int:
    """Skip the full stop that stands for no fence."""
    start = arguments.index
    following = "".join(arguments.stream[start : start + 2])
    return start + len(following) - len(following.lstrip()) + 1 if following.strip().startswith(".") else start


def _with_option(arguments: CommandArguments, said: ContentCounter) -> int:
    option = arguments.option() or ""
    said.update(char for char in option if char.isascii() and char.isalnum())
    return arguments.index


def _line_break(arguments: CommandArguments, _said: ContentCounter) -> int:
    start = arguments.index
    option = arguments.option()
    return arguments.index if option is not None and SPACING_WIDTH.fullmatch(option) else start


LAYOUT_COMMANDS = """
end hspace vspace hspace* vspace* mspace color label require class cssId style textcolor colorbox raisebox kern mkern
hskip mskip raise lower cline
"""
COUNTING_RULE_BY_COMMAND: dict[str, CountingRule] = {
    **{f"\\{name}": _layout for name in LAYOUT_COMMANDS.split()},
    **dict.fromkeys(("\\ce", "\\pu"), _chemistry),
    **dict.fromkeys(("\\rule", "\\fcolorbox"), _two_layouts),
    **dict.fromkeys(("\\left", "\\right", "\\middle"), _fence),
    **dict.fromkeys(("\\sqrt", "\\cfrac"), _with_option),
    "\\begin": _begin,
    "\\genfrac": _general_fraction,
    "\\\\": _line_break,
}
