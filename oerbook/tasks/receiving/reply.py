"""Write the answer that the editor can send back to the author of a file, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oerbook.model.book import Book
from oerbook.model.findings import Finding, Severity

MAX_LISTED = 12


@dataclass(frozen=True, slots=True)
class Reply:
    """What the answer is about: the author, the pages, whether they are new, the comments in the file, the book."""

    author: str
    pages: Sequence[str]
    is_new: bool
    comments: Sequence[str]
    book: Book

    def text(self, findings: Sequence[Finding]) -> str:
        """Return the answer; findings that need the author come with their hints, notes are left out."""
        done = "is now a proposal for" if self.is_new else "with your changes is now a proposal for"
        what = "Your chapter" if len(self.pages) == 1 else "Your chapters"
        verb = done if len(self.pages) == 1 else done.replace("is now a proposal", "are now proposals")
        lines = [f"Dear {self.author},", "", f"thank you. {what} {verb} “{self.book.title}”."]
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        remarks = [finding for finding in findings if finding.severity is Severity.WARNING]
        if errors:
            lines += ["", "Before it can be taken, please correct this:", "", *_listed(errors)]
        if remarks:
            lines += ["", "Please have a look at this, too:", "", *_listed(remarks)]
        if not errors and not remarks:
            lines += ["", "There is nothing to correct. An editor will read it next."]
        if self.comments:
            lines += ["", "Your comments are not part of the text; we have read them:", ""]
            lines += [f"- {comment}" for comment in self.comments]
        if self.is_new:
            lines += ["", f"The book is published under {self.book.license}. By sending the chapter you agree to that."]
        return "\n".join([*lines, "", "Best wishes", ""])


def _listed(findings: Sequence[Finding]) -> list[str]:
    """Return findings as a list, the same message once."""
    rows = dict.fromkeys(f"- {_sentence(f.message)}{f' {_sentence(f.hint)}' if f.hint else ''}" for f in findings)
    listed = list(rows)[:MAX_LISTED]
    more = len(rows) - len(listed)
    return [*listed, *([f"- and {more} more"] if more else [])]


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
