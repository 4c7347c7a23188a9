"""Findings as Markdown, fit for a comment under a submission: what to mend first, in plain words, nothing active."""

from __future__ import annotations

import re

from oerbook.model.findings import Finding, Severity

SIGNS = re.compile(r"([\\`*_{}\[\]<>#|@~$!&])")
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\U000e0000-\U000e007f]")
HEADS = {
    Severity.ERROR: "To be mended",
    Severity.WARNING: "Better to mend",
    Severity.INFO: "Remarks",
}
MOST_LETTERS = 60_000
MOST = 100  # findings of a grade; a comment may have 65,536 letters


def render(found: tuple[Finding, ...], before: tuple[Finding, ...] | None) -> str:
    """Return a comment: findings by grade, each with its place and what to do; thanks go to whoever submitted."""
    submitted = before is not None
    graves = [f for f in found if f.severity is Severity.ERROR]
    if not found:
        lines = [f"**Nothing to mend.**{' Thank you!' if submitted else ''}"]
    elif not submitted:
        lines = [f"**{_count(len(found), 'thing')} found in the book.**"]
    elif not graves:
        lines = ["**Nothing stands in the way.** Thank you! These are remarks."]
    else:
        things = "thing needs" if len(graves) == 1 else "things need"
        lines = [f"**Thank you!** {len(graves)} {things} mending before this can go into the book."]
    for grade, head in HEADS.items():
        listed = [f for f in found if f.severity is grade]
        if not listed:
            continue
        rows = [_row(f) for f in listed[:MOST]]
        rows += [f"- … and {len(listed) - MOST} more"] if len(listed) > MOST else []
        if grade is Severity.INFO:
            lines += ["", f"<details><summary>{head} ({len(listed)})</summary>", "", *rows, "", "</details>"]
        else:
            lines += ["", f"### {head}", "", *rows]
    if before:
        were = "was in the book before and is" if len(before) == 1 else "were in the book before and are"
        lines += ["", f"{_count(len(before), 'finding')} {were} not held against this submission."]
    return _cut("\n".join(lines))


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _cut(text: str) -> str:
    """Return a comment that GitHub takes: it refuses longer ones, and nobody would hear of anything."""
    if len(text) <= MOST_LETTERS:
        return text
    kept = text[:MOST_LETTERS].rpartition("\n")[0]
    tail = "\n\n</details>" if kept.count("<details>") > kept.count("</details>") else ""
    return f"{kept}{tail}\n\n… and more; run `oerbook check` to see everything."


def _row(finding: Finding) -> str:
    hint = f" {plain(finding.hint)}" if finding.hint else ""
    return f"- {plain(str(finding.place)[:300])}: {plain(finding.message[:600])}.{hint} ({plain(finding.code)})"


def plain(text: str) -> str:
    """Return text in which nothing is mark-up: no link, no picture, no mention, no HTML.

    >>> plain("![x](http://a) @ada <b>")
    '\\\\!\\\\[x\\\\](http:\\u2060//a) \\\\@\\u2060ada \\\\<b\\\\>'
    """
    shown = UNSEEN.sub(lambda m: f"U+{ord(m[0]):04X}", text.replace("\n", " "))
    shown = SIGNS.sub(r"\\\1", shown)
    return (
        shown.replace("://", ":\u2060//")
        .replace("\\@", "\\@\u2060")
        .replace("\\#", "\\#\u2060")
        .replace("www.", "www\u2060.")
    )
