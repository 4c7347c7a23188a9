r"""Numbers and units as the LaTeX package siunitx reads them: \qty, \SI, \unit, \num, \ang and their kin, as plain TeX.

Source: the manual of siunitx, version 3, https://ctan.org/pkg/siunitx, chapters "Numbers" and "Units".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from oerbook.formulas.latex_packages import physics
from oerbook.formulas.latex_packages.arguments import CommandArguments, CommandHandler
from oerbook.formulas.latex_packages.siunitx_units import units_to_tex

Options = Mapping[str, str]
TIMES_COMMAND = "\\times "
NUMBER_PATTERN = re.compile(
    r"(?P<sign>[+−-]|\\pm|\\mp)?(?P<whole>\d*)(?:[.,](?P<part>\d*))?(?P<error>\(\d[\d.]*\))?(?P<unit>[ij])?"
    r"(?:(?:\\pm|\+-|±)(?P<plus>\d*[.,]?\d+))?(?:[eEdD](?P<power>[+−-]?\d+))?"
)
COMPARISON_SIGN = re.compile(r"^(<=|>=|<<|>>|<|>|=|~|\\(?:le|ge|leq|geq|ll|gg|approx|sim|simeq)(?![A-Za-z]))")
TEX_BY_COMPARISON_SIGN = {"<=": "\\le ", ">=": "\\ge ", "<<": "\\ll ", ">>": "\\gg ", "~": "\\sim "}
DECIMAL_MARK_BY_LOCALE = {"DE": ",", "FR": ",", "ZA": ","}


def parse_options(text: str | None) -> dict[str, str]:
    """Return the options in brackets by their names."""
    found: dict[str, str] = {}
    for pair in re.findall(r"[^,{}]+(?:\{[^{}]*\})?", text or ""):
        name, _, value = pair.partition("=")
        found[name.strip()] = value.strip().removeprefix("{").removesuffix("}").strip() or (
            "," if "{,}" in pair else ""
        )
    return found


def format_number(text: str, chosen: Options) -> str:
    """Return a number as TeX: digits in groups of three, powers of ten, uncertainties; what is no number stays.

    >>> format_number("1.23e4", {})
    '1.23\\\\times 10^{4}'
    """
    text = re.sub(r"\s+|~(?=\d)", "", text)
    compared = COMPARISON_SIGN.match(text)
    if compared:
        sign = TEX_BY_COMPARISON_SIGN.get(compared[1], f"{compared[1]} ")
        return f"{{}}{sign}" + format_number(text[compared.end() :], chosen)
    if re.search(r"\d\s*x\s*[\d.+-]", text):
        return TIMES_COMMAND.join(format_number(part, chosen) for part in text.split("x"))
    if "/" in text and re.fullmatch(r"[\d.,+-]+/[\d.,+-]+", text):
        return "/".join(format_number(part, chosen) for part in text.split("/"))
    match = NUMBER_PATTERN.fullmatch(text.replace("^", ""))
    if not match or not text:
        return text.replace("+-", "\\pm ")
    return _format_parts(match, chosen)


def _format_parts(match: re.Match[str], chosen: Options) -> str:
    whole, part = _round_digits(match["whole"], match["part"], chosen)
    marker = chosen.get("output-decimal-marker") or DECIMAL_MARK_BY_LOCALE.get(chosen.get("locale", ""), ".")
    shown = (match["sign"] or "").replace("−", "-")
    if whole or part:
        shown += _group_digits(whole or "0", chosen) + (f"{{{marker}}}{_group_part(part, chosen)}" if part else "")
    shown = shown.replace("{.}", ".")
    shown += (match["error"] or "") + (f"\\mathrm{{{match['unit']}}}" if match["unit"] else "")
    if match["plus"]:
        shown += "\\pm " + match["plus"].replace(",", ".").replace(".", f"{{{marker}}}" if marker != "." else ".")
    if match["power"]:
        if match["plus"]:
            shown = f"({shown})"
        shown += (TIMES_COMMAND if whole or part else "") + f"10^{{{match['power'].lstrip('+').replace('−', '-')}}}"
    return shown


def _round_digits(whole: str, part: str | None, chosen: Options) -> tuple[str, str]:
    mode, precision = chosen.get("round-mode", "none"), chosen.get("round-precision", "2")
    if mode not in ("places", "figures") or not precision.isdigit():
        return whole, part or ""
    try:
        value = Decimal(f"{whole or '0'}.{part or '0'}")
    except InvalidOperation:
        return whole, part or ""
    places = int(precision) if mode == "places" else int(precision) - value.adjusted() - 1
    text = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    before, _, after = text.partition(".")
    return before, after


def _group_digits(digits: str, chosen: Options) -> str:
    if len(digits) < 5 or chosen.get("group-digits") in ("none", "false", "decimal"):
        return digits
    head = len(digits) % 3
    return "\\,".join(([digits[:head]] if head else []) + [digits[n : n + 3] for n in range(head, len(digits), 3)])


def _group_part(digits: str, chosen: Options) -> str:
    if len(digits) < 5 or chosen.get("group-digits") in ("none", "false", "integer"):
        return digits
    return "\\,".join(digits[n : n + 3] for n in range(0, len(digits), 3))


def _format_quantity(value: str, unit: str, chosen: Options) -> str:
    shown, measured = format_number(value, chosen), units_to_tex(unit, chosen)
    if not measured or not shown.strip():
        return shown + measured
    if measured.startswith("1/"):
        return shown + measured[1:]
    if re.search(r"\\pm", shown) and not shown.startswith("("):
        shown = f"({shown})"
    return f"{shown}{measured}" if measured.startswith("^{\\circ}") and "C" not in measured else f"{shown}\\,{measured}"


def _qty(arguments: CommandArguments) -> str:
    """Write a quantity; without a unit behind it, it is the command of the same name of the package physics."""
    start = arguments.index
    chosen = parse_options(arguments.option())
    value = arguments.group()
    before = arguments.option() if value is not None and chosen else None
    unit = arguments.group() if value is not None else None
    if value is None or unit is None:
        arguments.index = start
        return physics.write_quantity(arguments)
    return (f"{before}\\," if before else "") + _format_quantity(value, unit, chosen)


def _si(arguments: CommandArguments) -> str:
    chosen = parse_options(arguments.option())
    value = arguments.argument()
    before = arguments.option()
    return (f"{before}\\," if before else "") + _format_quantity(value, arguments.argument(), chosen)


def _unit(arguments: CommandArguments) -> str:
    chosen = parse_options(arguments.option())
    return units_to_tex(arguments.argument(), chosen)


def _num(arguments: CommandArguments) -> str:
    chosen = parse_options(arguments.option())
    return format_number(arguments.argument(), chosen)


def _angle(arguments: CommandArguments) -> str:
    chosen = parse_options(arguments.option())
    parts = arguments.argument().split(";")
    signs = ("^{\\circ}", "'", "''")
    return "".join(format_number(part, chosen) + sign for part, sign in zip(parts, signs, strict=False) if part.strip())


def _range(arguments: CommandArguments) -> str:
    chosen = parse_options(arguments.option())
    return f"{format_number(arguments.argument(), chosen)}\\text{{ to }}{format_number(arguments.argument(), chosen)}"


def _quantity_range(arguments: CommandArguments) -> str:
    chosen = parse_options(arguments.option())
    first, last, unit = (arguments.argument() for _ in range(3))
    return f"{_format_quantity(first, unit, chosen)}\\text{{ to }}{_format_quantity(last, unit, chosen)}"


def _join_list(parts: list[str]) -> str:
    if len(parts) < 3:
        return "\\text{ and }".join(parts)
    return "\\text{, }".join(parts[:-1]) + "\\text{, and }" + parts[-1]


def _list(arguments: CommandArguments) -> str:
    chosen = parse_options(arguments.option())
    return _join_list([format_number(part, chosen) for part in arguments.argument().split(";")])


def _quantity_list(arguments: CommandArguments) -> str:
    chosen = parse_options(arguments.option())
    values, unit = arguments.argument(), arguments.argument()
    return _join_list([_format_quantity(part, unit, chosen) for part in values.split(";")])


def _quantity_product(arguments: CommandArguments) -> str:
    chosen = parse_options(arguments.option())
    values, unit = arguments.argument(), arguments.argument()
    return TIMES_COMMAND.join(_format_quantity(part, unit, chosen) for part in values.split("x"))


def _nothing(arguments: CommandArguments) -> str:
    arguments.option()
    arguments.argument()
    return ""


HANDLERS: dict[str, CommandHandler] = {
    "\\qty": _qty,
    "\\SI": _si,
    "\\unit": _unit,
    "\\si": _unit,
    "\\num": _num,
    "\\numproduct": _num,
    "\\complexnum": _num,
    "\\tablenum": _num,
    "\\complexqty": _qty,
    "\\ang": _angle,
    "\\numrange": _range,
    "\\numlist": _list,
    "\\qtyrange": _quantity_range,
    "\\SIrange": _quantity_range,
    "\\qtylist": _quantity_list,
    "\\SIlist": _quantity_list,
    "\\qtyproduct": _quantity_product,
    "\\sisetup": _nothing,
}
