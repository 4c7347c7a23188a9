"""Markup that is shown as it was typed: of other tools, or with a sign too many or too few."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.findings import Finding, Severity
from oerbook.model.proof import Passage, Proof

BOXES = "note|tip|important|warning|caution|hint|attention|danger|info|example|question|abstract|quote"
ROLES = "ref|numref|eq|cite(?::\\w)?|doc|term|abbr|download|index|sub|sup|math|prf:ref"
FORMULAS = "align(?:ed|at)?|equation|gather(?:ed)?|split|multline|eqnarray|cases|array|[bpvB]?matrix|math|displaymath"
REFERENCES = "fig|tbl|tab|sec|eq|lst|thm|lem|def|exm|exr"
EMOJI = (
    "smile|smiley|heart|rocket|warning|bulb|tada|wave|star|sparkles|fire|book|books|memo|eyes|thumbsup|bug|construction|"
    "question|exclamation|computer|[a-z]+(?:_[a-z0-9]+)+"
)
# What is left in a text when code and formulas are set aside (a sign … stands for them), and what was probably meant.
LEFT = (
    (r"!\[[^\[\]]{0,200}\]\([^()\s]{0,200}\s[^()]{0,200}\)", "Put the address into <…>, for its blanks: ![a worm](<my worm.png>)."),
    (r"\[[^\[\]]{1,200}\]\((?=[^()]{0,200}[./#])[^()\s]{1,200}\s[^()]{0,200}\)", "Put the address into <…>, for its blanks: [soil](<my soil.md>)."),
    (r"!\[[^\[\]]{0,200}\] \([^()\s]{1,200}\)", "Take out the blank between ] and (."),
    (r"\[[^\[\]]{1,200}\] \((?:https?://|www\.|#|[\w./-]{1,100}\.md\b)[^()]{0,200}\)", "Take out the blank between ] and (."),
    (r"\[[^\[\]]{1,200}\]\((?:https?://|www\.)[^()\s]{1,200}(?=\s|$)", "Close the address: [words](https://…)."),
    (r"\([^()]{1,200}\)\[(?:https?://|www\.)[^\[\]]{0,200}\]", "The words go into [ ], the address into ( ): [words](https://…)."),
    (r"!?\[\[(?:_?toc_?)\]\]|^\[_?toc_?\]$", "Take it out: a book makes its contents itself."),
    (r"(?<![\w\]])!?\[\[(?=[^\W\d])[^\[\]]{1,100}\]\](?!\()", "Write where it leads: [words](page.md), ![what it shows](picture.png)."),
    (r"(?<![\w\]])\[[^\W\d][^\[\]]{0,200}\]\[[\w -]{0,80}\]", "Write the address below, as [name]: https://…, or behind the words: [words](https://…)."),
    (r"!\[[^\[\]]{0,200}\]\[[\w -]{1,80}\]", "Write the address below, as [name]: worm.png, or behind the words: ![a worm](worm.png)."),
    (rf"\{{(?:{ROLES})\}}(?: …|['’‘]|[\[(\w])", "Put the words into back-quotes that follow at once: {ref}`label`."),
    (rf":(?:{ROLES}): …", "Put the name into braces: {ref}`label`, not :ref:`label`."),
    (rf"^\{{(?:{BOXES})\}}(?=\s|$)", "Write it as :::{note} … :::."),
    (r"^(?:\.\.|…) [\w-]+::", "Write it as :::{note} … :::, or put it into ```{eval-rst}."),
    (r"… __?(?![\w…])", "Write [words](https://…), or [words](#label)."),
    (rf"^!!! ?(?:{BOXES})\b", "Write it as :::{note} … :::."),
    (rf"^\[!(?:{BOXES})\]", "Write it as :::{note} … :::."),
    (rf"\\begin\{{(?:{FORMULAS})\*?\}}", "Put the formula between two lines of $$."),
    (r"\\begin\{(?:theorem|lemma|proof|definition|example|corollary|proposition|remark)\}", "Write it as a box: :::{prf:theorem} … :::."),
    (r"\\(?:cite[pt]?|ref|eqref|label|textbf|textit|emph|(?:sub)*section|footnote|includegraphics|begin|end|item)\b(?=[{\[ ])",
     "LaTeX is read in formulas only: write {cite}`key`, {ref}`label`, **bold**, *italic*."),
    (r"\\(?:newpage|pagebreak|clearpage|linebreak|noindent|smallskip|medskip|bigskip|hfill|vspace|hspace|maketitle|tableofcontents)\b",
     "Take it out: where pages and lines end is the book's affair."),
    (r"\^\[[^\[\]\s]{0,80}\s[^\[\]]{0,400}\]", "Write [^name] here, and [^name]: the note in a line of its own."),
    (r"(?<![=\w])==(?! )[^=]{1,200}(?<! )==(?![=\w])", "Write **bold** or *italic* instead."),
    (r"^={2,6} [^=]{1,100} ={2,6}$", "Write ## before a heading, and nothing behind it."),
    (r"(?<![\w'’‘])['’‘]{2,3}(?=\w)[^'’‘]{1,80}(?<=\w)['’‘]{2,3}(?![\w'’‘])", "Write \"soil\" for words in quotation marks, *soil* or **soil** for italic or bold ones."),
    (r"(?<![\w*])\*\*(?!\*)[^*]{1,200}\*\*(?!\*)", "Let no blank stand inside the stars, and one behind them: **bold** words."),
    (r"(?<=[A-Za-z\d)])~[\d+−-]{1,3}~|(?<=[A-Za-z\d)])\^[\d+−-]{1,3}\^", "Write {sub}`2`, {sup}`2`, or a formula: $x^2$."),
    (r"\{(?::[^{}]{1,100}|[\w-]{1,20}=[^{}\s]{1,40}|\.[\w-]{1,40}(?: [^{}]{0,60})?)\}", 'MyST wants quotes: {width="50%"}. What it does not know, take out.'),
    (r"\{#[\w:.-]{1,60}\}", "Write a label above, as (label)=; of a formula behind it, as $$ (label)."),
    (r"\{%[^{}]{1,100}%\}|<%.{1,100}%>", "This belongs to another tool: say it in MyST."),
    (rf"(?<![\w.@])@(?:{REFERENCES})-[\w-]{{1,80}}", "Write {numref}`fig-worm`, with the label of what you mean."),
    (rf"(?<![\w:]):(?:{EMOJI}):(?![\w:])", "Type the sign itself."),
    (r"^[•●▪◦‣]\s*\S", "Write - in place of the point, with an empty line before the first."),
    (r"(?:\b(?:fig(?:ure|\.)?|table|section|sec\.|chapter|eq(?:uation|\.)?|see) |\()\?\?(?!\?)", "Write what is referred to: {numref}`fig-worm`."),
    (r"^(?-i:alt: \S|figclass: \S|(?:width|height): \d+(?:px|%)|align: (?:left|right|center))", "Options begin and end their name with a colon: :alt: a worm."),
    (r"\$\$", "Write $$ before the formula and behind it, without an empty line between."),
    (r"\\\([^()]{1,200}\\\)|\\\[[^\[\]]{1,300}\\\]", "Write formulas between dollar signs: $x^2$, or $$ in lines of their own."),
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
            grade = (
                Severity.INFO if found[0][0] in "'’‘" else Severity.WARNING
            )  # signs that can be read as quotation marks
            yield Finding("markup-shown", words, passage.at(found.start()), grade, hint)
            return
