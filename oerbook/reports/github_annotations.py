"""Findings as GitHub's workflow commands, which show them beside the lines of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import re

from oerbook.model.findings import Finding, Severity

KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
# The log of a step obeys what commands a terminal: words may be hidden in it.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
MOST = 10  # annotations of a kind that GitHub shows of a step


def render(found: tuple[Finding, ...], before: tuple[Finding, ...] | None) -> str:
    """Return a command a line, errors first; what was there before is left out.

    GitHub shows ten of a kind beside the lines: when there are more, the tenth says how many the log lists.
    """
    lines = []
    for grade, kind in KINDS.items():
        rows = [finding for finding in found if finding.severity is grade]
        shown = rows if len(rows) <= MOST else rows[: MOST - 1]
        lines += [_line(finding) for finding in shown]
        if rest := rows[len(shown) :]:
            lines.append(
                f"::{kind} title=oerbook check::{len(rest)} more of this kind are listed in the log of this step"
            )
            lines += [_data(f"also: {f.place}: {kind}: {f.message} [{f.code}]") for f in rest]
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    where = f" ({finding.place.cell})" if finding.place.cell else ""
    words = finding.message + where + (f"\n{finding.hint}" if finding.hint else "")
    spot = f"file={_property(finding.place.path)}"
    spot += f",line={finding.place.line}" if finding.place.line else ""
    return f"::{KINDS[finding.severity]} {spot},title={_property(finding.code)}::{_data(words)}"


def _data(text: str) -> str:
    """Escape a message.

    >>> _data("50 %\\n::error::x")
    '50 %25%0A::error::x'
    >>> _data("\\x1b[8mhidden")
    'U+001B[8mhidden'
    """
    legible = text.encode(errors="replace").decode()  # names of files may hold what is no text
    legible = CONTROL.sub(lambda sign: f"U+{ord(sign[0]):04X}", legible)
    return legible.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a value of a command's properties.

    >>> _property("a,b:c")
    'a%2Cb%3Ac'
    """
    return _data(text).replace(":", "%3A").replace(",", "%2C")
