"""Markup that is shown as it was typed: of other tools, or with a sign too many or too few."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.evidence import Passage, Proof
from oerbook.model import Book, Finding, Severity

BOXES = "note|tip|important|warning|caution|hint|attention|danger|info|example|question|abstract|quote"
ROLES = "ref|numref|eq|cite(?::\\w)?|doc|term|abbr|download|index|sub|sup|math|prf:ref"
# What is left in a text when code and formulas are set aside (a sign … stands for them), and what was probably meant.
LEFT = (
    (r"!\[[^\[\]]{0,200}\]\([^()\s]{0,200}\s[^()]{0,200}\)", "Put the address into <…>, for its blanks: ![a worm](<my worm.png>)."),
    (r"\[[^\[\]]{1,200}\]\((?=[^()]{0,200}[./#])[^()\s]{1,200}\s[^()]{0,200}\)", "Put the address into <…>, for its blanks: [soil](<my soil.md>)."),
    (r"\[[^\[\]]{1,200}\] \((?:https?://|www\.)[^()]{0,200}\)", "Take out the blank between ] and (."),
    (r"\([^()]{1,200}\)\[(?:https?://|www\.)[^\[\]]{0,200}\]", "The words go into [ ], the address into ( ): [words](https://…)."),
    (r"(?<![\w\]])\[[^\W\d][^\[\]]{0,200}\]\[[\w -]{0,80}\]", "Write the address below, as [name]: https://…, or behind the words: [words](https://…)."),
    (rf"\{{(?:{ROLES})\}}(?: …|['’‘])", "Put the words into back-quotes that follow at once: {ref}`label`."),
    (rf":(?:{ROLES}): …", "Put the name into braces: {ref}`label`, not :ref:`label`."),
    (r"^(?:\.\.|…) [\w-]+::", "Write it as :::{note} … :::, or put it into ```{eval-rst}."),
    (rf"^!!! ?(?:{BOXES})\b", "Write it as :::{note} … :::."),
    (rf"^\[!(?:{BOXES})\]", "Write it as :::{note} … :::."),
    (r"\\(?:cite[pt]?|ref|eqref|label|textbf|textit|emph|(?:sub)*section|footnote|includegraphics|begin|end|item)\b(?=[{\[ ])",
     "LaTeX is read in formulas only: write {cite}`key`, {ref}`label`, **bold**, *italic*."),
    (r"\^\[[^\[\]\s]{0,80}\s[^\[\]]{0,400}\]", "Write [^name] here, and [^name]: the note in a line of its own."),
    (r"(?<![=\w])==(?! )[^=]{1,200}(?<! )==(?![=\w])", "Write **bold** or *italic* instead."),
    (r"\$\$", "Write $$ before the formula and behind it, without an empty line between."),
    (r"^\|.*\|$", "A table needs a line |---|---| below the names of its columns."),
    (r"\{\{[<%]", "This belongs to another tool: say it in MyST."),
)  # fmt: skip
PATTERNS = [(re.compile(pattern, re.I), hint) for pattern, hint in LEFT]


def check(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report markup that readers see."""
    for page in proof.pages:
        for passage in page.passages:
            yield from _left(passage)


def _left(passage: Passage) -> Iterator[Finding]:
    for pattern, hint in PATTERNS:
        if found := pattern.search(passage.text):
            words = f"this is shown as it was typed: {found[0][:60]}"
            yield Finding("markup-shown", words, passage.at(found.start()), Severity.WARNING, hint)
            return
