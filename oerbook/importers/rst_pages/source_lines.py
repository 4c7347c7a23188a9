"""Divide lines by indentation, and recognize what begins a block of reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Sequence

ADORNMENT = re.compile(r"^([!-/:-@\[-`{-~])\1*\s*$")
EXPLICIT = re.compile(r"^\.\.(?:\s+|$)")
BULLET = re.compile(r"^(?P<mark>[-*+•‣⁃])(?P<gap>\s+|$)")
ENUMERATOR = re.compile(r"^(?P<mark>\(?(?P<value>\d+|[a-zA-Z]|[ivxlcdmIVXLCDM]+|#)[.)])(?P<gap>\s+|$)")
FIELD = re.compile(r"^:(?P<name>(?![: ])(?:\\.|[^:\\`]|:(?!\s|$))+):(?P<gap>\s+|$)(?P<rest>.*)$")
ONE_OPTION = r"(?:--?|/)[A-Za-z][\w-]*(?:[ =][\w<>\[\].-]+)?"
OPTION = re.compile(rf"^(?P<option>{ONE_OPTION}(?:, {ONE_OPTION})*)(?:  +(?P<rest>\S.*)|\s*)$")
LINE_BLOCK = re.compile(r"^\|(?:\s|$)")
GRID_TOP = re.compile(r"^\+(?:[-=]+\+)+\s*$")
SIMPLE_TOP = re.compile(r"^=+(?: +=+)+\s*$")
DOCTEST = re.compile(r"^>>>(?:\s|$)")


def indent_of(line: str) -> int:
    """Return the number of spaces before a line."""
    return len(line) - len(line.lstrip(" "))


def indented_block(lines: Sequence[str], index: int, least: int = 1) -> int:
    """Return the index after the lines from `index` that are indented by at least this many spaces, or blank."""
    end = index
    for number in range(index, len(lines)):
        if lines[number].strip():
            if indent_of(lines[number]) < least:
                break
            end = number + 1
    return end


def dedent(lines: Sequence[str]) -> list[str]:
    """Return lines without their common indentation."""
    width = min((indent_of(line) for line in lines if line.strip()), default=0)
    return [line[width:] if line.strip() else "" for line in lines]


def read_title(lines: Sequence[str], index: int) -> tuple[str, str, int] | None:
    """Return a title at an index: its words, its adornment, and how many lines it takes; None if there is none."""
    line = lines[index]
    if ADORNMENT.match(line) and index + 2 < len(lines):
        words, under = lines[index + 1], lines[index + 2]
        is_over = ADORNMENT.match(under) and under.strip() == line.strip() and words.strip()
        if is_over and not ADORNMENT.match(words.strip()):
            return words.strip(), f"{line.strip()[0]}^", 3
    if index + 1 < len(lines) and line.strip() and not line.startswith(" "):
        under = lines[index + 1]
        long_enough = len(under.strip()) >= min(len(line.rstrip()), 4) and len(under.strip()) > 1
        if ADORNMENT.match(under) and long_enough and not ADORNMENT.match(line):
            return line.strip(), under.strip()[0], 2
    return None


def is_transition(lines: Sequence[str], index: int) -> bool:
    """Say whether a line of at least four adornments stands alone."""
    line = lines[index].strip()
    alone = (index == 0 or not lines[index - 1].strip()) and (index + 1 >= len(lines) or not lines[index + 1].strip())
    return alone and len(line) >= 4 and bool(ADORNMENT.match(line))
