r"""Units as siunitx reads them: `\kilo\gram\per\second\squared` and `kg.m/s^2`, as upright letters with powers.

Source: the manual of siunitx, version 3, https://ctan.org/pkg/siunitx, tables of units, prefixes and abbreviations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

SYMBOL_BY_PREFIX = {
    "quecto": "q", "ronto": "r", "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n",
    "micro": "µ", "milli": "m",
    "centi": "c", "deci": "d", "deca": "da", "deka": "da", "hecto": "h", "kilo": "k", "mega": "M", "giga": "G",
    "tera": "T", "peta": "P",
    "exa": "E", "zetta": "Z", "yotta": "Y", "ronna": "R", "quetta": "Q", "kibi": "Ki", "mebi": "Mi", "gibi": "Gi",
    "tebi": "Ti", "pebi": "Pi",
    "exbi": "Ei", "zebi": "Zi", "yobi": "Yi",
}  # fmt: skip
SYMBOL_BY_UNIT = {
    "ampere": "A", "candela": "cd", "kelvin": "K", "kilogram": "kg", "gram": "g", "metre": "m", "meter": "m",
    "mole": "mol", "second": "s",
    "becquerel": "Bq", "coulomb": "C", "farad": "F", "gray": "Gy", "hertz": "Hz", "henry": "H", "joule": "J",
    "katal": "kat", "lumen": "lm",
    "lux": "lx", "newton": "N", "ohm": "Ω", "pascal": "Pa", "radian": "rad", "siemens": "S", "sievert": "Sv",
    "steradian": "sr", "tesla": "T",
    "volt": "V", "watt": "W", "weber": "Wb", "astronomicalunit": "au", "bel": "B", "dalton": "Da", "day": "d",
    "decibel": "dB", "electronvolt": "eV",
    "hectare": "ha", "hour": "h", "litre": "L", "liter": "L", "minute": "min", "neper": "Np", "tonne": "t",
    "percent": "%", "bit": "bit", "byte": "B",
    "angstrom": "Å", "atomicmassunit": "u", "bar": "bar", "barn": "b", "knot": "kn", "mmHg": "mmHg",
    "nauticalmile": "M", "curie": "Ci", "rad": "rad",
    "rem": "rem", "roentgen": "R", "gal": "Gal", "gauss": "G", "dyne": "dyn", "erg": "erg", "oersted": "Oe",
    "poise": "P", "stokes": "St", "maxwell": "Mx",
    "stilb": "sb", "phot": "ph", "elementarycharge": "e", "clight": "c", "electronmass": "m_e", "planckbar": "ħ",
    "fg": "fg", "pg": "pg", "ng": "ng", "ug": "µg", "mg": "mg", "g": "g", "kg": "kg", "pm": "pm", "nm": "nm",
    "um": "µm", "mm": "mm", "cm": "cm", "dm": "dm",
    "m": "m", "km": "km", "as": "as", "fs": "fs", "ps": "ps", "ns": "ns", "us": "µs", "ms": "ms", "s": "s",
    "fmol": "fmol", "pmol": "pmol", "nmol": "nmol",
    "umol": "µmol", "mmol": "mmol", "mol": "mol", "kmol": "kmol", "pA": "pA", "nA": "nA", "uA": "µA", "mA": "mA",
    "A": "A", "kA": "kA", "ul": "µl", "ml": "ml",
    "l": "l", "hl": "hl", "uL": "µL", "mL": "mL", "L": "L", "hL": "hL", "mHz": "mHz", "Hz": "Hz", "kHz": "kHz",
    "MHz": "MHz", "GHz": "GHz", "THz": "THz",
    "mN": "mN", "N": "N", "kN": "kN", "MN": "MN", "Pa": "Pa", "kPa": "kPa", "MPa": "MPa", "GPa": "GPa", "mohm": "mΩ",
    "kohm": "kΩ", "Mohm": "MΩ", "pV": "pV",
    "nV": "nV", "uV": "µV", "mV": "mV", "V": "V", "kV": "kV", "uW": "µW", "mW": "mW", "W": "W", "kW": "kW",
    "MW": "MW", "GW": "GW", "J": "J", "uJ": "µJ",
    "mJ": "mJ", "kJ": "kJ", "eV": "eV", "meV": "meV", "keV": "keV", "MeV": "MeV", "GeV": "GeV", "TeV": "TeV",
    "kWh": "kWh", "F": "F", "fF": "fF", "pF": "pF",
    "nF": "nF", "uF": "µF", "H": "H", "mH": "mH", "uH": "µH", "C": "C", "K": "K", "dB": "dB", "kibibyte": "KiB",
    "T": "T", "mT": "mT", "uT": "µT",
}  # fmt: skip
DEGREES = {
    "degree": "^{\\circ}",
    "arcminute": "'",
    "arcsecond": "''",
    "degreeCelsius": "^{\\circ}\\mathrm{C}",
    "celsius": "^{\\circ}\\mathrm{C}",
}
POWER_AFTER_UNIT = {"squared": "2", "cubed": "3"}
POWER_BEFORE_UNIT = {"square": "2", "cubic": "3"}
UNIT_TOKEN = re.compile(
    r"\\[A-Za-z]+|\{[^{}]*\}|\^\s*\{[^{}]*\}|\^\s*[+-]?\d+|_\s*\{[^{}]*\}|_\s*\w|[./~*]|\\,|[^\s\\{}^_./~*]+"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a product: its letters in TeX, its power, whether it is in the denominator, and its qualifier."""

    letters: str
    power: str = ""
    in_denominator: bool = False
    qualifier: str = ""


def units_to_tex(text: str, options: Mapping[str, str]) -> str:
    """Return units as TeX.

    >>> units_to_tex(r"\\\\metre\\\\per\\\\second\\\\squared", {})
    '\\\\mathrm{m}\\\\,\\\\mathrm{s}^{-2}'
    """
    found = _Reader().read(text)
    mode = options.get("per-mode", "power")
    below = [unit for unit in found if unit.in_denominator]
    if mode in ("symbol", "fraction", "repeated-symbol", "single-symbol", "symbol-or-fraction") and below:
        above = _product([unit for unit in found if not unit.in_denominator]) or "1"
        under = _product([replace(unit, in_denominator=False) for unit in below])
        if mode == "fraction":
            return f"\\frac{{{above}}}{{{under}}}"
        return f"{above}/({under})" if len(below) > 1 else f"{above}/{under}"
    return _product(found)


def _product(found: list[Unit]) -> str:
    return "\\,".join(_shown(unit) for unit in found)


def _shown(unit: Unit) -> str:
    power = unit.power
    if unit.in_denominator:
        power = power.removeprefix("-") if power.startswith("-") else f"-{power or '1'}"
    return (
        unit.letters
        + (f"_{{\\mathrm{{{unit.qualifier}}}}}" if unit.qualifier else "")
        + (f"^{{{power}}}" if power else "")
    )


class _Reader:
    """Reads units one by one; prefixes, powers and \\per wait for the unit that they belong to."""

    def __init__(self) -> None:
        self.found: list[Unit] = []
        self.prefix = ""
        self.power = ""
        self.below = False

    def read(self, text: str) -> list[Unit]:
        """Return the units of a text."""
        parts = iter(UNIT_TOKEN.findall(text))
        for part in parts:
            if part.startswith("\\"):
                self._read_command(part, parts)
            elif part[0] in "^_" and self.found:
                self._change_last(part[0] == "_", part[1:].strip("{} "))
            elif part == "/":
                self.below = True
            elif part not in (".", "~", "*"):
                self._add(f"\\mathrm{{{self.prefix}{_escaped(part.strip('{}'))}}}")
        return self.found

    def _read_command(self, part: str, parts: Iterator[str]) -> None:
        name = part[1:]
        if name == "per":
            self.below = True
        elif name in SYMBOL_BY_PREFIX:
            self.prefix += SYMBOL_BY_PREFIX[name]
        elif name in POWER_BEFORE_UNIT:
            self.power = POWER_BEFORE_UNIT[name]
        elif name == "raiseto":
            self.power = next(parts, "").strip("{} ")
        elif name in POWER_AFTER_UNIT or name in ("tothe", "of"):
            value = POWER_AFTER_UNIT.get(name) or next(parts, "").strip("{} ")
            self._change_last(name == "of", value)
        elif name == "highlight":
            next(parts, "")
        elif part not in ("\\,", "\\cancel"):
            self._add(_letters(part, name, self.prefix))
            self.below = False  # \\per rules one unit only; a stroke between letters rules all that follow it

    def _change_last(self, note: bool, value: str) -> None:
        if self.found:
            last = self.found[-1]
            self.found[-1] = replace(last, qualifier=value) if note else replace(last, power=value)

    def _add(self, letters: str) -> None:
        self.found.append(Unit(letters, self.power, self.below))
        self.prefix, self.power = "", ""


def _escaped(text: str) -> str:
    return re.sub(r"\\?%", r"\\%", text)


def _letters(command: str, name: str, prefix: str) -> str:
    if name in DEGREES:
        return DEGREES[name]
    letters = SYMBOL_BY_UNIT.get(name)
    if letters is None:
        return f"\\mathrm{{{prefix}}}{command} " if prefix else f"{command} "
    return f"\\mathrm{{{prefix}{_escaped(letters)}}}".replace("m_e", "m_{e}")
