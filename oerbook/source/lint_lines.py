"""Lint single lines: surplus table cells, LaTeX formulas, malformed list markers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity

CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
IN_LINE = re.compile(r"(?<!\\)\\\((?=[^()\n]{0,200}(?:\\[a-zA-Z]|[\^_=]))[^\n]{1,300}?\\\)")
DISPLAYED = re.compile(r"^\s*\\\[(?:\s*|(?=.*(?:\\[a-zA-Z]|[\^_=])).*\\\]\s*[.,;]?)\s*$")
DASHED, COUNTED = re.compile(r"^ {0,3}-(?=[^\W\d_])"), re.compile(r"^ {0,3}\d{1,2}[.)](?=[^\W\d_])")
RULE = re.compile(r"^[>\s]*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+$")
BAR = re.compile(r"(?<!\\)\|")


class Slips:
    """Lint the lines of a page outside of code, in order."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.before = ""
        self.columns = 0  # of the current table, 0 outside of tables
        self.told = ""  # the marker for which the current run of lines was reported

    def look(self, number: int, line: str) -> Iterator[Finding]:
        """Yield the findings in a line."""
        if "|" in line or self.columns:
            yield from self._row(number, line)
        if "\\" in line:
            yield from self._formula(number, line)
        yield from self._list(number, line)
        self.before = line

    def stop(self) -> None:
        """Forget the previous lines: code or another cell follows."""
        self.before, self.columns, self.told = "", 0, ""

    def _row(self, number: int, line: str) -> Iterator[Finding]:
        if not line.strip(" >\t"):
            self.columns = 0
        elif self.columns:
            surplus = [cell for cell in cells(line)[self.columns :] if cell]
            if surplus:
                message = (
                    f"this row has more cells than its table has columns ({self.columns}); {surplus[0][:40]!r} is lost"
                )
                hint = r"Remove the extra bars; write \| for a visible bar, and \vert in a formula."
                yield self._finding("table-cells", message, number, hint)
        elif RULE.match(line) and "|" in self.before and len(cells(line)) == len(cells(self.before)):
            self.columns = len(cells(line))

    def _formula(self, number: int, line: str) -> Iterator[Finding]:
        without_code = CODE.sub("", line)
        match = IN_LINE.search(without_code) or (None if "](" in without_code else DISPLAYED.match(without_code))
        if match and "](" not in match[0]:
            message = f"this formula is shown as text: {match[0].strip()[:60]}"
            hint = "Write it between dollar signs: $x^2$, or between lines of $$."
            yield self._finding("markup-shown", message, number, hint)

    def _list(self, number: int, line: str) -> Iterator[Finding]:
        marker = next((name for name, pattern in (("-", DASHED), ("1.", COUNTED)) if pattern.match(line)), "")
        if not marker:
            self.told = ""
        elif self.told != marker and (DASHED if marker == "-" else COUNTED).match(self.before):
            self.told = marker
            message = f"lines that start like {line.strip()[:20]!r} make no list: a space is missing"
            yield self._finding("markup-shown", message, number - 1, f"Put a space after the marker: {marker} Soil")

    def _finding(self, code: str, message: str, number: int, hint: str) -> Finding:
        return Finding(code, message, Place(self.path, number), Severity.WARNING, hint)


def cells(row: str) -> list[str]:
    """Return the cells of a table row.

    >>> cells("| a | b \\\\| c |")
    ['a', 'b \\\\| c']
    """
    inner = row.lstrip(" >\t").strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip() for cell in BAR.split(inner)]
