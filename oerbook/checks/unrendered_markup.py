"""Find markup shown as plain text: malformed, or the syntax of another tool."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput, Passage
from oerbook.model.findings import Finding, Severity

ADMONITION_NAMES = "note|tip|important|warning|caution|hint|attention|danger|info|example|question|abstract|quote"
ROLE_NAMES = "ref|numref|eq|cite(?::\\w)?|doc|term|abbr|download|index|sub|sup|math|prf:ref"
MATH_ENVIRONMENTS = (
    "align(?:ed|at)?|equation|gather(?:ed)?|split|multline|eqnarray|cases|array|[bpvB]?matrix|math|displaymath"
)
EMOJI_NAMES = (
    "smile|smiley|heart|rocket|warning|bulb|tada|wave|star|sparkles|fire|book|books|memo|eyes|thumbsup|bug|construction|"
    "question|exclamation|computer|[a-z]+(?:_[a-z0-9]+)+"
)
# Signs, one of which a passage must have; a pattern in its text, in which … replaces code and formulas; and what was
# probably meant.
FOREIGN_MARKUP = (
    (
        "![",
        r"!\[[^\[\]]{0,200}\]\([^()\s]{0,200}\s[^()]{0,200}\)",
        "Put the address in <…>, because it contains spaces: ![a worm](<my worm.png>).",
    ),
    (
        "](",
        r"\[[^\[\]]{1,200}\]\((?=[^()]{0,200}[./#])[^()\s]{1,200}\s[^()]{0,200}\)",
        "Put the address in <…>, because it contains spaces: [soil](<my soil.md>).",
    ),
    ("] (", r"!\[[^\[\]]{0,200}\] \([^()\s]{1,200}\)", "Remove the space between ] and (."),
    (
        "] (",
        r"\[[^\[\]]{1,200}\] \((?:https?://|www\.|#|[\w./-]{1,100}\.md\b)[^()]{0,200}\)",
        "Remove the space between ] and (.",
    ),
    ("](", r"\[[^\[\]]{1,200}\]\((?:https?://|www\.)[^()\s]{1,200}(?=\s|$)", "Close the address with a parenthesis: [text](https://…)."),
    (")[", r"\([^()]{1,200}\)\[(?:https?://|www\.)[^\[\]]{0,200}\]", "Put the text in [ ] and the address in ( ): [text](https://…)."),
    ("[", r"!?\[\[(?:_?toc_?)\]\]|^\[_?toc_?\]$", "Remove it: a book generates its table of contents."),
    (
        "[[",
        r"(?<![\w\]])!?\[\[(?=[^\W\d])[^\[\]]{1,100}\]\](?!\()",
        "Write the target: [text](page.md), ![description](picture.png).",
    ),
    (
        "][",
        r"(?<![\w\]])\[[^\W\d][^\[\]]{0,200}\]\[[\w -]{0,80}\]",
        "Define the target below, [name]: https://…, or write it here: [text](https://…).",
    ),
    (
        "][",
        r"!\[[^\[\]]{0,200}\]\[[\w -]{1,80}\]",
        "Define the target below, [name]: worm.png, or write it here: ![a worm](worm.png).",
    ),
    (
        "}",
        rf"\{{(?:{ROLE_NAMES})\}}(?: …|['’‘]|[\[(\w])",
        "Put the argument in backticks directly after the role: {ref}`label`.",
    ),
    ("}`", rf"\{{(?:{ROLE_NAMES})\}}`", "Close the role with a second backtick: {ref}`label`."),
    (": …", rf":(?:{ROLE_NAMES}): …", "Put the name of the role in braces: {ref}`label`, not :ref:`label`."),
    ("{", rf"^\{{(?:{ADMONITION_NAMES})\}}(?=\s|$)", "Write it as :::{note} … :::."),
    ("::", r"^(?:\.\.|…) [\w-]+::", "Write it as :::{note} … :::, or put it in ```{eval-rst}."),
    ("… _", r"… __?(?![\w…])", "Write [text](https://…), or [text](#label)."),
    ("!!!", rf"^!!! ?(?:{ADMONITION_NAMES})\b", "Write it as :::{note} … :::."),
    ("[!", rf"^\[!(?:{ADMONITION_NAMES})\]", "Write it as :::{note} … :::."),
    ("\\", rf"\\begin\{{(?:{MATH_ENVIRONMENTS})\*?\}}", "Put the formula between two lines of $$."),
    (
        "\\",
        r"\\begin\{(?:theorem|lemma|check_input|definition|example|corollary|proposition|remark)\}",
        "Write it as a box: :::{prf:theorem} … :::.",
    ),
    ("\\", r"\\(?:cite[pt]?|ref|eqref|label|textbf|textit|emph|(?:sub)*section|footnote|includegraphics|begin|end|item)"
     r"\b(?=[{\[ ])",
     "LaTeX works in formulas only: write {cite}`key`, {ref}`label`, **bold**, *italic*."),
    ("\\", r"\\(?:ce|pu|qty|SI|unit|si|num|ang|frac|sqrt|mathrm)\{[^{}]{0,100}\}",
     "Write formulas between dollar signs: $\\ce{H2O}$, $x^2$."),
    ("\\",
     r"\\(?:newpage|pagebreak|clearpage|linebreak|noindent|"
     r"smallskip|medskip|bigskip|hfill|vspace|hspace|maketitle|tableofcontents)\b",
     "Remove it: the book sets page and line breaks itself."),
    ("^[", r"\^\[[^\[\]\s]{0,80}\s[^\[\]]{0,400}\]", "Write [^name] here, and [^name]: the note on a line of its own."),
    ("==", r"(?<![=\w])==(?! )[^=]{1,200}(?<! )==(?![=\w])", "Write **bold** or *italic* instead."),
    ("==", r"^={2,6} [^=]{1,100} ={2,6}$", "Write ## before a heading, and nothing after it."),
    (
        ("''", "'’", "'‘", "’'", "’’", "’‘", "‘'", "‘’", "‘‘"),
        r"(?<![\w'’‘])['’‘]{2,3}(?=\w)[^'’‘]{1,80}(?<=\w)['’‘]{2,3}(?![\w'’‘])",
        "Write \"soil\" for quotation marks, *soil* for italic, **soil** for bold.",
    ),
    (
        "**",
        r"(?<![\w*])\*\*(?!\*)[^*]{1,200}\*\*(?!\*)",
        "Write no space inside the asterisks, and one after them: **bold** text.",
    ),
    (
        ("~", "^"),
        r"(?<=[A-Za-z\d)])~[\d+−-]{1,3}~|(?<=[A-Za-z\d)])\^[\d+−-]{1,3}\^",
        "Write {sub}`2`, {sup}`2`, or a formula: $x^2$.",
    ),
    (
        "{",
        r"\{(?::[^{}]{1,100}|[\w-]{1,20}=[^{}\s]{1,40}|\.[\w-]{1,40}(?: [^{}]{0,60})?)\}",
        'Write {width=50%} or {width="50%"}. Remove attributes that it does not support.',
    ),
    ("{#", r"\{#[\w:.-]{1,60}\}", "Write the label on the line above: (label)=. For a formula: $$ (label)."),
    (("{%", "<%"), r"(?<!\{)\{%[^{}]{1,100}%\}|<%.{1,100}%>", "This is the syntax of another tool: write it in MyST."),
    (":", rf"(?<![\w:]):(?:{EMOJI_NAMES}):(?![\w:])", "Type the emoji character itself."),
    (("•", "●", "▪", "◦", "‣"), r"^[•●▪◦‣]\s*\S", "Write - instead of the bullet, with an empty line before the list."),
    (
        "??",
        r"(?:\b(?:fig(?:ure|\.)?|table|section|sec\.|chapter|eq(?:uation|\.)?|see) |\()\?\?(?!\?)",
        "Write the label of the target: {numref}`fig-worm`.",
    ),
    (
        ": ",
        r"^(?-i:alt: \S|figclass: \S|(?:width|height): \d+(?:px|%)|align: (?:left|right|center))",
        "Write a colon before and after the name of an option: :alt: a worm.",
    ),
    ("$$", r"\$\$", "Write $$ before and after the formula, without an empty line between."),
    (
        "\\",
        r"\\\([^()]{1,200}\\\)|\\\[[^\[\]]{1,300}\\\]",
        "Write formulas between dollar signs: $x^2$, or between lines of $$.",
    ),
    ("%%", r"(?<!%)%%(?=\s)[^%]{1,300}(?<=\s)%%(?!%)", "Write a comment on a line of its own that begins with %."),
    ("++", r"(?<![\w+])\+\+(?=[^\W\d_])[^+]{2,200}(?<=\w)\+\+(?![\w+])", "Write **bold** or *italic* instead."),
    ("@", r"\\?@ref\([\w:.-]{1,80}\)", "Write {numref}`fig-worm`, {eq}`eq-soil` or {ref}`label`."),
    ("#", r"\(\\?#(?:eq|thm|fig|tab|lem|def|exr|cor|prp):[\w-]{1,60}\)",
     "Write the label on the line above: (label)=. For a formula: $$ (label)."),
    ("(@", r"^\(@[\w-]{0,40}\)(?=\s)", "Write the number yourself: (1)."),
    ("@", r"(?<![\w\]])\[(?:[^\[\]@]{0,60} )?-?@\w[\w:.-]{0,80}(?:[,;][^\[\]]{0,200})?\](?![(\[])",
     "The bibliography has no such key: check the key and the .bib file."),
    ("+", r"^\+(?:[-=]{3,}\+){1,20}(?=\s|$)", "Write it as a table with bars, |, or put it in ```{eval-rst}."),
    ("|", r"^\|.*\|$", "A table needs a line |---|---| below its header row."),
    ("{{", r"\{\{[<%]", "This is the syntax of another tool: write it in MyST."),
)  # fmt: skip
FOREIGN_MARKUP_PATTERNS = [
    (frozenset((signs,) if isinstance(signs, str) else signs), re.compile(pattern, re.I), hint)
    for signs, pattern, hint in FOREIGN_MARKUP
]
REQUIRED_SUBSTRINGS = frozenset().union(*(signs for signs, _pattern, _hint in FOREIGN_MARKUP_PATTERNS))


def check(_book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report markup that readers would see as text."""
    for page in check_input.pages:
        for passage in page.passages:
            yield from _find_in(passage)


def _find_in(passage: Passage) -> Iterator[Finding]:
    """Yield a finding for each kind of markup in a passage, at its first place."""
    present = {
        sign for sign in REQUIRED_SUBSTRINGS if sign in passage.text
    }  # most passages have none: nearly all time is saved
    taken: list[tuple[int, int]] = []  # what an earlier pattern has matched
    for signs, pattern, hint in FOREIGN_MARKUP_PATTERNS if present else ():
        if signs.isdisjoint(present):
            continue
        match = next((found for found in pattern.finditer(passage.text) if not _overlaps(found.span(), taken)), None)
        if not match:
            continue
        taken.append(match.span())
        message = f"this markup is shown as text: {match[0][:60]}"
        may_be_quotation_marks = match[0][0] in "'’‘"
        severity = Severity.INFO if may_be_quotation_marks else Severity.WARNING
        yield Finding("markup-unrendered", message, passage.place_at(match.start()), severity, hint)


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)
