"""Findings as GitHub workflow commands, which annotate the lines of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from oerbook.model.findings import Finding, Severity
from oerbook.text.characters import name_invisible

LEVEL_BY_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
MAX_ANNOTATIONS = 10  # annotations of a level that GitHub shows per step


def render(findings: tuple[Finding, ...], _before: tuple[Finding, ...] | None) -> str:
    """Return one command per line, errors first; findings in `before` are left out.

    GitHub shows ten annotations per level. If there are more, the tenth says how many are listed in the log.
    """
    lines = []
    for severity, level in LEVEL_BY_SEVERITY.items():
        of_level = [finding for finding in findings if finding.severity is severity]
        annotated = of_level if len(of_level) <= MAX_ANNOTATIONS else of_level[: MAX_ANNOTATIONS - 1]
        lines += [_command(finding) for finding in annotated]
        if rest := of_level[len(annotated) :]:
            lines.append(f"::{level} title=oerbook check::{len(rest)} more are listed in the log of this step")
            lines += [_escape_data(f"also: {f.place}: {level}: {f.message} [{f.code}]") for f in rest]
    return "\n".join(lines)


def _command(finding: Finding) -> str:
    cell = f" ({finding.place.cell})" if finding.place.cell else ""
    message = finding.message + cell + (f"\n{finding.hint}" if finding.hint else "")
    position = f"file={_escape_property(finding.place.path)}"
    position += f",line={finding.place.line}" if finding.place.line else ""
    level = LEVEL_BY_SEVERITY[finding.severity]
    return f"::{level} {position},title={_escape_property(finding.code)}::{_escape_data(message)}"


def _escape_data(text: str) -> str:
    """Escape the message of a command.

    >>> _escape_data("50 %\\n::error::x")
    '50 %25%0A::error::x'
    >>> _escape_data("\\x1b[8mhidden")
    'U+001B[8mhidden'
    """
    printable = text.encode(errors="replace").decode()  # file names may contain bytes that are not UTF-8
    printable = name_invisible(printable)  # the log of a step interprets terminal codes, which could hide text
    return printable.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    """Escape the value of a command's property.

    >>> _escape_property("a,b:c")
    'a%2Cb%3Ac'
    """
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
