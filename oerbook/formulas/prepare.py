r"""Adapt TeX formulas to Temml: names of environments, rows outside of tables, and syntax of MathJax.

Everything here works on tokens, so that nothing inside words or names is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from oerbook.formulas.colors import to_temml_color
from oerbook.formulas.latex_packages.arguments import CommandArguments
from oerbook.formulas.tex_names import DANGEROUS_COMMANDS, ENVIRONMENT_BY_OLD_COMMAND, TEMML_ENVIRONMENT_BY_NAME

TexTokens = Sequence[str]
ENVIRONMENTS_WITH_COLUMN_COUNT = {"alignedat", "alignat", "alignat*"}
STRIKE_COMMANDS = (
    ("updiagonalstrike", "\\cancel"), ("downdiagonalstrike", "\\bcancel"), ("horizontalstrike", "\\sout"),
)  # fmt: skip
FRAME_NOTATIONS = {"box", "circle", "roundedbox"}
COLOR_PATTERN = re.compile(r"#[0-9A-Fa-f]{3,6}|[A-Za-z]+")
NESTING_CHANGE_BY_TOKEN = {"{": 1, "}": -1, "\\begin": 1, "\\end": -1}


def adapt_for_temml(tokens: TexTokens) -> list[str]:
    """Rewrite the tokens of a formula, with its macros expanded, for Temml.

    Raises ValueError for a command that reads or writes files or leads out of the book.
    """
    for command in tokens:
        if command in DANGEROUS_COMMANDS:
            raise ValueError(f"{command} is not allowed in a formula")
    out = _trimmed(_rewritten(tokens))
    return _in_rows(out)


def _rewritten(tokens: TexTokens) -> list[str]:
    out: list[str] = []
    place = 0
    while place < len(tokens):
        command = tokens[place]
        place += 1
        rule = REWRITE_RULES.get(command) or (_old_table if command in ENVIRONMENT_BY_OLD_COMMAND else None)
        if rule is None:
            out.append(command)
            continue
        arguments = CommandArguments(tokens, place)
        made = rule(command, arguments)
        if made is None:
            out.append(command)
        else:
            out += _split(made)
            place = arguments.index
    return out


def _split(tex: str) -> list[str]:
    from oerbook.formulas.tex_macros import tokenize

    return tokenize(tex)


def _nested(tex: str) -> str:
    return "".join(_spaced(_rewritten(_split(tex))))


def _spaced(tokens: TexTokens) -> list[str]:
    out: list[str] = []
    for command in tokens:
        if out and re.fullmatch(r"\\[A-Za-z@]+\*?", out[-1]) and command[:1].isalpha():
            out.append(" ")
        out.append(command)
    return out


def _environment(command: str, arguments: CommandArguments) -> str | None:
    name = arguments.group()
    if name is None:
        return None
    name = name.strip()
    if name in ("eqnarray", "eqnarray*") and command == "\\begin":
        return _equation_array(arguments)
    put = TEMML_ENVIRONMENT_BY_NAME.get(name, name)
    if (
        command == "\\begin"
        and name.startswith(("aligned", "gathered", "array", "split", "alignedat"))
        and name != "array"
    ):
        arguments.option()
    if (
        command == "\\begin"
        and name.startswith(("align", "flalign", "alignat", "gather"))
        and name not in ENVIRONMENTS_WITH_COLUMN_COUNT | {"alignedat"}
    ):
        at = arguments.index
        if re.fullmatch(r"\s*\d+\s*", arguments.group() or ""):
            return f"\\begin{{{put}}}"
        arguments.index = at
    if name in ("array", "darray") and command == "\\begin":
        arguments.option()
        columns = arguments.group()
        return f"\\begin{{{name}}}" + (f"{{{_columns(columns)}}}" if columns is not None else "")
    if name.endswith("matrix*") and command == "\\begin":
        kind = arguments.option()
        return f"\\begin{{{name}}}" + (f"[{kind}]" if kind else "")
    if name in ("numcases", "subnumcases") and command == "\\begin":
        return f"{arguments.argument()}\\begin{{cases}}"
    return f"{command}{{{put}}}" if put else " "


def _equation_array(arguments: CommandArguments) -> str:
    """Return an eqnarray as aligned equations: the second & of each row goes."""
    rows, depth, index = [[""]], 0, arguments.index
    while index < len(arguments.stream):
        command = arguments.stream[index]
        depth += NESTING_CHANGE_BY_TOKEN.get(command, 0)
        if depth < 0:
            break
        if depth == 0 and command == "\\\\":
            rows.append([""])
        elif depth == 0 and command == "&":
            rows[-1].append("")
        else:
            letter = command[:1].isalpha() and re.search(r"\\[A-Za-z]+$", rows[-1][-1])
            rows[-1][-1] += f" {command}" if letter else command
        index += 1
    arguments.index = index
    lines = [f"{row[0]}&{''.join(row[1:])}" if len(row) > 1 else row[0] for row in rows]
    return _nested("\\begin{aligned}" + "\\\\".join(lines))


def _columns(text: str) -> str:
    """Return the columns of an array by the letters that Temml reads: l, c, r and rules."""
    for _ in range(5):
        repeated = re.search(r"\*\{(\d{1,2})\}\{([^{}]*)\}", text)
        if not repeated:
            break
        text = text[: repeated.start()] + repeated[2] * int(repeated[1]) + text[repeated.end() :]
    text = re.sub(r"[@!<>]\s*\{(?:[^{}]|\{[^{}]*\})*\}", "", text)
    text = re.sub(r"[pmbX]\s*\{[^{}]*\}", "l", text)
    return re.sub(r"[^lcr|:]", "", text) or "c"


def _old_table(command: str, arguments: CommandArguments) -> str | None:
    inside = arguments.group()
    if inside is None:
        return None
    name = ENVIRONMENT_BY_OLD_COMMAND[command]
    return f"\\begin{{{name}}}{_nested(inside)}\\end{{{name}}}"


def _color(_token: str, arguments: CommandArguments) -> str | None:
    r"""Read \color{red}{x} as MathJax does, \color{red} x, which colors all that follows, as LaTeX does."""
    model = arguments.option()
    name = to_temml_color(arguments.group() or "", model)
    inside = arguments.group()
    if inside is None:
        return f"\\color{{{name}}}"
    return f"\\textcolor{{{name}}}{{{_nested(inside)}}}"


def _text_color(_token: str, arguments: CommandArguments) -> str | None:
    model = arguments.option()
    name = to_temml_color(arguments.group() or "", model)
    return f"\\textcolor{{{name}}}{{{_nested(arguments.argument())}}}"


def _box(_token: str, arguments: CommandArguments) -> str | None:
    r"""Read MathJax's \bbox[…]{…}: a frame, a ground or only room."""
    how = arguments.option() or ""
    inside = _nested(arguments.argument())
    if "border" in how:
        return f"\\boxed{{{inside}}}"
    ground = next((part.strip() for part in how.split(",") if COLOR_PATTERN.fullmatch(part.strip())), "")
    return f"\\colorbox{{{ground}}}{{${inside}$}}" if ground else f"{{{inside}}}"


def _enclosed(_token: str, arguments: CommandArguments) -> str | None:
    r"""Read MathJax's \enclose{notation}{…}."""
    notation = (arguments.group() or "").split()
    arguments.option()
    inside = _nested(arguments.argument())
    for name, command in STRIKE_COMMANDS:
        if name in notation:
            inside = f"{command}{{{inside}}}"
    if FRAME_NOTATIONS & set(notation):
        inside = f"\\boxed{{{inside}}}"
    known = {*FRAME_NOTATIONS, *(name for name, _ in STRIKE_COMMANDS)}
    if not notation or set(notation) - known:
        raise ValueError(f"\\enclose{{{' '.join(notation)}}} cannot be drawn; box and the strikes can")
    return inside


def _root(_command: str, arguments: CommandArguments) -> str | None:
    r"""Read plain TeX's \root n \of x."""
    stream = list(arguments.stream)
    if "\\of" not in stream[arguments.index :]:
        return None
    end = stream.index("\\of", arguments.index)
    degree = "".join(stream[arguments.index : end]).strip()
    arguments.index = end + 1
    return f"\\sqrt[{degree}]{{{_nested(arguments.argument())}}}"


def _choice(_command: str, arguments: CommandArguments) -> str | None:
    r"""Read \mathchoice as what it shows in a displayed formula."""
    choices = [arguments.argument() for _ in range(4)]
    return f"{{{_nested(choices[0])}}}"


def _unicode(_token: str, arguments: CommandArguments) -> str | None:
    arguments.option()
    number = (arguments.group() or "").strip()
    try:
        char = chr(int(number[1:], 16) if number.startswith(("x", "X")) else int(number))
    except (ValueError, OverflowError):
        return None
    return f"\\text{{{char}}}" if char.isprintable() else None


def _dropped(_token: str, arguments: CommandArguments) -> str | None:
    arguments.group()
    return ""


def _space(_token: str, arguments: CommandArguments) -> str | None:
    width = arguments.group()
    return f"\\hspace{{{width}}}" if width is not None else None


def _between(_token: str, arguments: CommandArguments) -> str | None:
    return f"\\text{{{arguments.argument()}}}\\\\"


REWRITE_RULES: dict[str, Callable[[str, CommandArguments], str | None]] = {
    "\\begin": _environment,
    "\\end": _environment,
    "\\color": _color,
    "\\textcolor": _text_color,
    "\\bbox": _box,
    "\\enclose": _enclosed,
    "\\unicode": _unicode,
    "\\root": _root,
    "\\mathchoice": _choice,
    "\\require": _dropped,
    "\\label": _dropped,
    "\\tag": _dropped,
    "\\tag*": _dropped,
    "\\mspace": _space,
    "\\hspace*": _space,
    "\\vspace": _dropped,
    "\\vspace*": _dropped,
    "\\intertext": _between,
    "\\shortintertext": _between,
    "\\cr": lambda _token, _arguments: "\\\\",
    "\\newline": lambda _token, _arguments: "\\\\",
    "\\mod": lambda _token, _arguments: "\\;\\,\\mathrm{mod}\\;",
    "\\/": lambda _token, _arguments: "",
    "\\\n": lambda _token, _arguments: "\\ ",
}


def _trimmed(tokens: list[str]) -> list[str]:
    r"""Drop empty lines, and a \\ that begins no row because nothing follows it."""
    out: list[str] = []
    for command in tokens:
        if command == "\n":
            command = " "
        if command == " " and (not out or out[-1] == " "):
            continue
        if command == "\\end":
            _drop_last_break(out)
        out.append(command)
    _drop_last_break(out)
    while out and out[0] == " ":
        del out[0]
    return out


def _drop_last_break(out: list[str]) -> None:
    while out and out[-1] == " ":
        out.pop()
    while out and out[-1] == "\\\\":
        out.pop()
        while out and out[-1] == " ":
            out.pop()


def _in_rows(tokens: list[str]) -> list[str]:
    """Put a formula whose rows no environment holds into one."""
    depth, rows, columns = 0, False, False
    for command in tokens:
        depth += NESTING_CHANGE_BY_TOKEN.get(command, 0)
        rows = rows or (depth == 0 and command == "\\\\")
        columns = columns or (depth == 0 and command == "&")
    if not rows and not columns:
        return tokens
    name = "aligned" if columns else "gathered"
    return ["\\begin", "{", *name, "}", *tokens, "\\end", "{", *name, "}"]
