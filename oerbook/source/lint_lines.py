"""Lines that look like something and are nothing: what hands write that are new to Markdown, or come from another tool."""

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
    """Looks at the lines of a page that are no code, one after the other, and remembers what a line needs of those before it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.before = ""  # the line before
        self.columns = 0  # of the table that goes on here
        self.told = ""  # which run of lines was told of

    def look(self, number: int, line: str) -> Iterator[Finding]:
        """Yield what is wrong with a line."""
        if "|" in line or self.columns:
            yield from self._row(number, line)
        if "\\" in line:
            yield from self._formula(number, line)
        yield from self._list(number, line)
        self.before = line

    def stop(self) -> None:
        """Forget the lines before: code, or another cell, comes between."""
        self.before, self.columns, self.told = "", 0, ""

    def _row(self, number: int, line: str) -> Iterator[Finding]:
        if not line.strip(" >\t"):
            self.columns = 0
        elif self.columns:
            surplus = [cell for cell in cells(line)[self.columns :] if cell]
            if surplus:
                words = f"this row has more cells than the {self.columns} columns of its table, and {surplus[0][:40]!r} is lost"
                hint = r"Take the surplus bars out; write \| for one that is to be seen, and \vert in a formula."
                yield self._finding("table-cells", words, number, hint)
        elif RULE.match(line) and "|" in self.before and len(cells(line)) == len(cells(self.before)):
            self.columns = len(cells(line))

    def _formula(self, number: int, line: str) -> Iterator[Finding]:
        bare = CODE.sub("", line)
        found = IN_LINE.search(bare) or (None if "](" in bare else DISPLAYED.match(bare))
        if found and "](" not in found[0]:
            words = f"this formula is shown as words: {found[0].strip()[:60]}"
            hint = "Write it between dollar signs: $x^2$, or $$ before and behind it in lines of their own."
            yield self._finding("markup-shown", words, number, hint)

    def _list(self, number: int, line: str) -> Iterator[Finding]:
        kind = next((name for name, sign in (("-", DASHED), ("1.", COUNTED)) if sign.match(line)), "")
        if not kind:
            self.told = ""
        elif self.told != kind and (DASHED if kind == "-" else COUNTED).match(self.before):
            self.told = kind
            words = f"lines that begin like {line.strip()[:20]!r} make no list: a blank is missing"
            yield self._finding("markup-shown", words, number - 1, f"Put a blank behind the sign: {kind} Soil")

    def _finding(self, code: str, words: str, number: int, hint: str) -> Finding:
        return Finding(code, words, Place(self.path, number), Severity.WARNING, hint)


def cells(row: str) -> list[str]:
    """Return what stands in the cells of a row.

    >>> cells("| a | b \\\\| c |")
    ['a', 'b \\\\| c']
    """
    bare = row.lstrip(" >\t").strip()
    bare = bare.removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [cell.strip() for cell in BAR.split(bare)]
