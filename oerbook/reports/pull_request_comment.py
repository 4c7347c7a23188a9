"""Findings as a Markdown comment on a pull request; text from the book is escaped."""

from __future__ import annotations

import re

from oerbook.model.findings import Finding, Severity
from oerbook.text.characters import name_invisible

MARKUP_CHARACTERS = re.compile(r"([\\`*_{}\[\]<>#|@~$!&])")
LINE_BREAK = re.compile(r"[\n\r]")
HEADING_BY_SEVERITY = {
    Severity.ERROR: "Errors",
    Severity.WARNING: "Warnings",
    Severity.INFO: "Notes",
}
MAX_COMMENT_CHARS = 60_000  # GitHub refuses comments of more than 65,536 characters
MAX_FINDINGS = 100  # findings listed per severity


def render(findings: tuple[Finding, ...], before: tuple[Finding, ...] | None) -> str:
    """Return a comment that lists findings by severity, each with its place and hint."""
    lines = [_summary(findings, is_submission=before is not None)]
    for severity, heading in HEADING_BY_SEVERITY.items():
        of_severity = [f for f in findings if f.severity is severity]
        if not of_severity:
            continue
        items = [_item(f) for f in of_severity[:MAX_FINDINGS]]
        items += [f"- … and {len(of_severity) - MAX_FINDINGS} more"] if len(of_severity) > MAX_FINDINGS else []
        if severity is Severity.INFO:
            summary = f"<summary>{heading} ({len(of_severity)})</summary>"
            lines += ["", f"<details>{summary}", "", *items, "", "</details>"]
        else:
            lines += ["", f"### {heading}", "", *items]
    if before:
        lines += ["", f"{_count(len(before), 'existing finding')} (not counted)."]
    return _truncate("\n".join(lines))


def _summary(findings: tuple[Finding, ...], *, is_submission: bool) -> str:
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if not findings:
        return f"**No problems found.**{' Thank you!' if is_submission else ''}"
    if not is_submission:
        return f"**{_count(len(findings), 'finding')} in the book.**"
    if not errors:
        return "**Nothing blocks this submission.** Thank you! Please look at the findings below."
    problems = "problem needs" if errors == 1 else "problems need"
    return f"**Thank you!** {errors} {problems} fixing before this can be merged."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _truncate(text: str) -> str:
    """Cut a comment at the end of a line to the length that GitHub accepts."""
    if len(text) <= MAX_COMMENT_CHARS:
        return text
    start = text[:MAX_COMMENT_CHARS].rpartition("\n")[0]
    end = "\n\n</details>" if start.count("<details>") > start.count("</details>") else ""
    return f"{start}{end}\n\n… and more; run `oerbook check` to see everything."


def _item(finding: Finding) -> str:
    hint = f" {escape_all_markdown(finding.hint)}" if finding.hint else ""
    return (
        f"- {escape_all_markdown(str(finding.place)[:300])}: {escape_all_markdown(finding.message[:600])}.{hint}"
        f" ({escape_all_markdown(finding.code)})"
    )


def escape_all_markdown(text: str) -> str:
    """Escape text so that nothing in it is markup: no link, image, mention or HTML.

    >>> escape_all_markdown("![x](http://a) @ada <b>")
    '\\\\!\\\\[x\\\\](http:\\u2060//a) \\\\@\\u2060ada \\\\<b\\\\>'
    """
    escaped = name_invisible(LINE_BREAK.sub(" ", text))
    escaped = MARKUP_CHARACTERS.sub(r"\\\1", escaped)
    return (
        escaped.replace("://", ":\u2060//")
        .replace("\\@", "\\@\u2060")
        .replace("\\#", "\\#\u2060")
        .replace("www.", "www\u2060.")
    )
