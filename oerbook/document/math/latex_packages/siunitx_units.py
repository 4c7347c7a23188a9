r"""Units as siunitx reads them: `\kilo\gram\per\second\squared` and `kg.m/s^2`, as upright letters with powers.

Source: the manual of siunitx, version 3, https://ctan.org/pkg/siunitx, tables of units, prefixes and abbreviations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

PREFIXES = {
    "quecto": "q", "ronto": "r", "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n", "micro": "µ", "milli": "m",
    "centi": "c", "deci": "d", "deca": "da", "deka": "da", "hecto": "h", "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P",
    "exa": "E", "zetta": "Z", "yotta": "Y", "ronna": "R", "quetta": "Q", "kibi": "Ki", "mebi": "Mi", "gibi": "Gi", "tebi": "Ti", "pebi": "Pi",
    "exbi": "Ei", "zebi": "Zi", "yobi": "Yi",
}  # fmt: skip
UNITS = {
    "ampere": "A", "candela": "cd", "kelvin": "K", "kilogram": "kg", "gram": "g", "metre": "m", "meter": "m", "mole": "mol", "second": "s",
    "becquerel": "Bq", "coulomb": "C", "farad": "F", "gray": "Gy", "hertz": "Hz", "henry": "H", "joule": "J", "katal": "kat", "lumen": "lm",
    "lux": "lx", "newton": "N", "ohm": "Ω", "pascal": "Pa", "radian": "rad", "siemens": "S", "sievert": "Sv", "steradian": "sr", "tesla": "T",
    "volt": "V", "watt": "W", "weber": "Wb", "astronomicalunit": "au", "bel": "B", "dalton": "Da", "day": "d", "decibel": "dB", "electronvolt": "eV",
    "hectare": "ha", "hour": "h", "litre": "L", "liter": "L", "minute": "min", "neper": "Np", "tonne": "t", "percent": "%", "bit": "bit", "byte": "B",
    "angstrom": "Å", "atomicmassunit": "u", "bar": "bar", "barn": "b", "knot": "kn", "mmHg": "mmHg", "nauticalmile": "M", "curie": "Ci", "rad": "rad",
    "rem": "rem", "roentgen": "R", "gal": "Gal", "gauss": "G", "dyne": "dyn", "erg": "erg", "oersted": "Oe", "poise": "P", "stokes": "St", "maxwell": "Mx",
    "stilb": "sb", "phot": "ph", "elementarycharge": "e", "clight": "c", "electronmass": "m_e", "planckbar": "ħ",
    "fg": "fg", "pg": "pg", "ng": "ng", "ug": "µg", "mg": "mg", "g": "g", "kg": "kg", "pm": "pm", "nm": "nm", "um": "µm", "mm": "mm", "cm": "cm", "dm": "dm",
    "m": "m", "km": "km", "as": "as", "fs": "fs", "ps": "ps", "ns": "ns", "us": "µs", "ms": "ms", "s": "s", "fmol": "fmol", "pmol": "pmol", "nmol": "nmol",
    "umol": "µmol", "mmol": "mmol", "mol": "mol", "kmol": "kmol", "pA": "pA", "nA": "nA", "uA": "µA", "mA": "mA", "A": "A", "kA": "kA", "ul": "µl", "ml": "ml",
    "l": "l", "hl": "hl", "uL": "µL", "mL": "mL", "L": "L", "hL": "hL", "mHz": "mHz", "Hz": "Hz", "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "THz": "THz",
    "mN": "mN", "N": "N", "kN": "kN", "MN": "MN", "Pa": "Pa", "kPa": "kPa", "MPa": "MPa", "GPa": "GPa", "mohm": "mΩ", "kohm": "kΩ", "Mohm": "MΩ", "pV": "pV",
    "nV": "nV", "uV": "µV", "mV": "mV", "V": "V", "kV": "kV", "uW": "µW", "mW": "mW", "W": "W", "kW": "kW", "MW": "MW", "GW": "GW", "J": "J", "uJ": "µJ",
    "mJ": "mJ", "kJ": "kJ", "eV": "eV", "meV": "meV", "keV": "keV", "MeV": "MeV", "GeV": "GeV", "TeV": "TeV", "kWh": "kWh", "F": "F", "fF": "fF", "pF": "pF",
    "nF": "nF", "uF": "µF", "H": "H", "mH": "mH", "uH": "µH", "C": "C", "K": "K", "dB": "dB", "kibibyte": "KiB", "T": "T", "mT": "mT", "uT": "µT",
}  # fmt: skip
DEGREES = {
    "degree": "^{\\circ}",
    "arcminute": "'",
    "arcsecond": "''",
    "degreeCelsius": "^{\\circ}\\mathrm{C}",
    "celsius": "^{\\circ}\\mathrm{C}",
}
POWERS = {"squared": "2", "cubed": "3"}
NEXT_POWERS = {"square": "2", "cubic": "3"}
TOKEN = re.compile(
    r"\\[A-Za-z]+|\{[^{}]*\}|\^\s*\{[^{}]*\}|\^\s*[+-]?\d+|_\s*\{[^{}]*\}|_\s*\w|[./~*]|\\,|[^\s\\{}^_./~*]+"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a product: its letters in TeX, its power, whether it stands below the line, and what qualifies it."""

    letters: str
    power: str = ""
    below: bool = False
    note: str = ""


def units(text: str, options: Mapping[str, str]) -> str:
    """Return units as TeX.

    >>> units(r"\\\\metre\\\\per\\\\second\\\\squared", {})
    '\\\\mathrm{m}\\\\,\\\\mathrm{s}^{-2}'
    """
    found = _parse(TOKEN.findall(text))
    mode = options.get("per-mode", "power")
    below = [unit for unit in found if unit.below]
    if mode in ("symbol", "fraction", "repeated-symbol", "single-symbol", "symbol-or-fraction") and below:
        above = _product([unit for unit in found if not unit.below]) or "1"
        under = _product([replace(unit, below=False) for unit in below])
        if mode == "fraction":
            return f"\\frac{{{above}}}{{{under}}}"
        return f"{above}/({under})" if len(below) > 1 else f"{above}/{under}"
    return _product(found)


def _product(found: list[Unit]) -> str:
    return "\\,".join(_shown(unit) for unit in found)


def _shown(unit: Unit) -> str:
    power = unit.power
    if unit.below:
        power = power.removeprefix("-") if power.startswith("-") else f"-{power or '1'}"
    return unit.letters + (f"_{{\\mathrm{{{unit.note}}}}}" if unit.note else "") + (f"^{{{power}}}" if power else "")


def _parse(tokens: list[str]) -> list[Unit]:
    found: list[Unit] = []
    prefix, power, below = "", "", False
    stream = iter(enumerate(tokens))
    for place, token in stream:
        name = token.removeprefix("\\")
        if token.startswith("^") and found:
            found[-1] = replace(found[-1], power=token.lstrip("^ ").strip("{} "))
        elif token.startswith("_") and found:
            found[-1] = replace(found[-1], note=token.lstrip("_ ").strip("{} "))
        elif token in ("/", "\\per"):
            below = True
        elif token in (".", "~", "*", "\\,"):
            below = False if token != "*" and not any(t in ("/", "\\per") for t in tokens[:place]) else below
        elif name in PREFIXES and token != name:
            prefix += PREFIXES[name]
        elif name in NEXT_POWERS and token != name:
            power = NEXT_POWERS[name]
        elif name in POWERS and found and token != name:
            found[-1] = replace(found[-1], power=POWERS[name])
        elif name in ("tothe", "of", "raiseto", "highlight") and token != name:
            _place, argument = next(stream, (place, ""))
            inside = argument.strip("{} ")
            if name == "raiseto":
                power = inside
            elif name == "tothe" and found:
                found[-1] = replace(found[-1], power=inside)
            elif name == "of" and found:
                found[-1] = replace(found[-1], note=inside)
        elif name not in ("cancel",):
            # siunitx lets \per rule one unit only; a stroke between letters rules all that follow it.
            found.append(Unit(_letters(token, name, prefix), power, below))
            prefix, power = "", ""
            below = below and token == name
    return found


def _letters(token: str, name: str, prefix: str) -> str:
    if token == name:
        inside = token.strip("{}").replace("%", "\\%").replace("\\\\%", "\\%")
        return f"\\mathrm{{{prefix}{inside}}}"
    if name in DEGREES:
        return DEGREES[name]
    letters = UNITS.get(name)
    if letters is None:
        return f"\\mathrm{{{prefix}}}{token} " if prefix else f"{token} "
    return f"\\mathrm{{{prefix}{letters}}}".replace("%", "\\%").replace("m_e", "m_{e}")
