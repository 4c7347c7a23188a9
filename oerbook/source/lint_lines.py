"""Lint single lines: surplus table cells, LaTeX formulas, malformed list markers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity

CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
INLINE_FORMULA = re.compile(r"(?<!\\)\\\((?=[^()\n]{0,200}(?:\\[a-zA-Z]|[\^_=]))[^\n]{1,300}?\\\)")
DISPLAY_FORMULA = re.compile(r"^\s*\\\[(?:\s*|(?=.*(?:\\[a-zA-Z]|[\^_=])).*\\\]\s*[.,;]?)\s*$")
DASH_WITHOUT_SPACE, NUMBER_WITHOUT_SPACE = (
    re.compile(r"^ {0,3}-(?=[^\W\d_])"),
    re.compile(r"^ {0,3}\d{1,2}[.)](?=[^\W\d_])"),
)
TABLE_DELIMITER_ROW = re.compile(r"^[>\s]*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+$")
CELL_SEPARATOR = re.compile(r"(?<!\\)\|")


class LineLinter:
    """Lint the lines of a page outside of code, in order."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.previous_line = ""
        self.column_count = 0  # of the current table, 0 outside of tables
        self.reported_marker = ""  # the marker for which the current run of lines was reported

    def check_line(self, number: int, line: str) -> Iterator[Finding]:
        """Yield the findings in a line."""
        if "|" in line or self.column_count:
            yield from self._row(number, line)
        if "\\" in line:
            yield from self._formula(number, line)
        yield from self._list(number, line)
        self.previous_line = line

    def reset(self) -> None:
        """Forget the previous lines: code or another cell follows."""
        self.previous_line, self.column_count, self.reported_marker = "", 0, ""

    def _row(self, number: int, line: str) -> Iterator[Finding]:
        if not line.strip(" >\t"):
            self.column_count = 0
        elif self.column_count:
            surplus = [cell for cell in split_table_row(line)[self.column_count :] if cell]
            if surplus:
                message = (
                    f"this row has more cells than its table has columns ({self.column_count}); {surplus[0][:40]!r} is"
                    " lost"
                )
                hint = r"Remove the extra bars; write \| for a visible bar, and \vert in a formula."
                yield self._finding("table-extra-cells", message, number, hint)
        elif (
            TABLE_DELIMITER_ROW.match(line)
            and "|" in self.previous_line
            and len(split_table_row(line)) == len(split_table_row(self.previous_line))
        ):
            self.column_count = len(split_table_row(line))

    def _formula(self, number: int, line: str) -> Iterator[Finding]:
        without_code = CODE_SPAN.sub("", line)
        match = INLINE_FORMULA.search(without_code) or (
            None if "](" in without_code else DISPLAY_FORMULA.match(without_code)
        )
        if match and "](" not in match[0]:
            message = f"this formula is shown as text: {match[0].strip()[:60]}"
            hint = "Write it between dollar signs: $x^2$, or between lines of $$."
            yield self._finding("markup-unrendered", message, number, hint)

    def _list(self, number: int, line: str) -> Iterator[Finding]:
        marker = next(
            (
                name
                for name, pattern in (("-", DASH_WITHOUT_SPACE), ("1.", NUMBER_WITHOUT_SPACE))
                if pattern.match(line)
            ),
            "",
        )
        if not marker:
            self.reported_marker = ""
        elif self.reported_marker != marker and (DASH_WITHOUT_SPACE if marker == "-" else NUMBER_WITHOUT_SPACE).match(
            self.previous_line
        ):
            self.reported_marker = marker
            message = f"lines that start like {line.strip()[:20]!r} make no list: a space is missing"
            yield self._finding(
                "markup-unrendered", message, number - 1, f"Put a space after the marker: {marker} Soil"
            )

    def _finding(self, code: str, message: str, number: int, hint: str) -> Finding:
        return Finding(code, message, Place(self.path, number), Severity.WARNING, hint)


def split_table_row(row: str) -> list[str]:
    """Return the cells of a table row.

    >>> split_table_row("| a | b \\\\| c |")
    ['a', 'b \\\\| c']
    """
    inner = row.lstrip(" >\t").strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip() for cell in CELL_SEPARATOR.split(inner)]
