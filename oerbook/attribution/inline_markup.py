"""What is prose within a paragraph: markup, targets, formulas and codes are blanked, so that places stay what they are.

Blanks are spaces. Markup that may stand inside a word (`**so**il`) becomes NUL, which a word may hold.
"""

from __future__ import annotations

import re

# Text without spaces between words is counted by the character: Thai, Lao, Burmese, Khmer, kana, Han, and so on.
UNSPACED = "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0d3e-\u0d4d"
LETTER = f"(?:[^\\W_{UNSPACED}]|[{MARKS}])"
WORD = re.compile(f"{LETTER}+(?:[_'\u2019\0\u00ad\u200c\u200d]+{LETTER}+)*|[{UNSPACED}]")
ASCII_WORD = re.compile("[A-Za-z0-9]+(?:[_'\0]+[A-Za-z0-9]+)*")
INSIDE = "_'\0"  # what may stand within a word of letters of ASCII
APART = {code: chr(code) if chr(code).isalnum() or chr(code) in INSIDE else " " for code in range(128)}

# Roles whose content is a name, a formula or a sign, and no prose.
SILENT_ROLES = frozenset(
    [
        "ref",
        "numref",
        "eq",
        "doc",
        "math",
        "label",
        "any",
        "eval",
        "target",
        "raw",
        "octicon",
        "fab",
        "fas",
        "far",
        "icon",
        "bib",
        "footcite",
        "footcite:t",
        "fn",
        "download",
        "nb-download",
        "glue",
        "glue:text",
        "glue:math",
        "glue:figure",
        "cite",
        "prf:ref",
        "proof:ref",
    ]
)

# Everything that looks for its end has a bound, so that a page full of beginnings is read in time.
ROLE = re.compile(r"\{([\w:+.-]{1,60})\}(`{1,9})(.{1,2000}?)(?<!`)\2(?!`)", re.DOTALL)
EXPLICIT = re.compile(r"^(.*?)\s*<[^<>]*>$", re.DOTALL)
MATH = re.compile(
    r"\$\$.+?\$\$|(?<![\\$\w])\$(?=\S)(?:[^$\\]|\\.)+?(?<=\S)\$(?!\d)|\\\(.{1,300}?\\\)|\\\[.{1,300}?\\\]", re.DOTALL
)
TARGET = re.compile(r"\]\((?:<[^<>]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")
REFERENCE = re.compile(r"\]\[[^\]]*\]")
DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]{1,200}\]:[ \t]+\S+.*$", re.MULTILINE)
FOOTNOTE = re.compile(r"\[\^[^\]\n]{1,200}\]:?")
CITATION = re.compile(r"(?<![\w.])-?@[A-Za-z][\w:.#$%&+?<>~/-]*")
ADDRESS = re.compile(r"<(?:https?|ftp|mailto):[^<>\s]*>|\b(?:https?|ftp)://[^\s<>\]\)]+")
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
ALT = re.compile(r"\b(?:alt|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
ATTRIBUTES = re.compile(r"\{[#.][^{}\n]*\}|(?<=[\])`])\{[^{}\n]*\}")
SUBSTITUTION = re.compile(r"\{\{[^{}]*\}\}")
LINES = re.compile(
    r"^[ \t]*\([\w:./ -]+\)=[ \t]*$"  # a target
    r"|^[ \t]*%.*$"  # a remark
    r"|^\+\+\+.*$"  # a cell's border
    r"|^[ \t>]*\d{1,9}[.)](?=[ \t])",  # a list's number
    re.MULTILINE,
)
LINES_HAVE = re.compile(r"[%=+]|\d[.)][ \t]")  # one of these is in whatever LINES finds
ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);")
ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
# What divides sentences: a full stop and what may follow it, or the end of a line before an item, a heading or a row of a
# table. It begins with one of few signs, which is quickly looked for.
SENTENCE = re.compile(
    "[.!?\u2026\u3002\uff01\uff1f\\n](?:"
    "(?<=[.!?\u2026])[\"'\u201d\u2019)\\]\0]*(?=\\s)|(?<=[\u3002\uff01\uff1f])"
    r"|(?<=\n)(?=[ \t>]*(?:[-+\0#|]|$))|(?<=\n)(?=[ \t]*\S[^\n]*\|))"
)


def blank(text: str) -> str:
    """Return spaces in place of a text; its lines stay.

    >>> blank("ab\\nc")
    '  \\n '
    """
    return " " * len(text) if "\n" not in text else re.sub(r"[^\n]", " ", text)


def _whole(match: re.Match[str]) -> str:
    return blank(match[0])


def _role(match: re.Match[str]) -> str:
    """Return the words of a role: all of it, its text without the target, or nothing."""
    name, ticks, content = match[1].lower(), match[2], match[3]
    head = " " * (len(name) + 2 + len(ticks))
    explicit = EXPLICIT.match(content)
    if explicit and name != "abbr":
        kept = explicit[1] + blank(content[len(explicit[1]) :])
    elif name in SILENT_ROLES or name.startswith("cite:"):
        kept = blank(content)
    else:
        kept = content
    return head + kept + " " * len(ticks)


def _tag(match: re.Match[str]) -> str:
    """Return the description that a tag holds, in its place, and blanks for the rest."""
    described = ALT.search(match[0]) if match[0][1:4].lower() == "img" else None
    if described is None:
        return blank(match[0])
    start, end = described.span(1 if described[1] is not None else 2)
    return blank(match[0][:start]) + match[0][start:end] + blank(match[0][end:])


def prose(text: str) -> str:
    """Return a paragraph of the same length with everything but its words blanked.

    >>> prose("See [the **so**il](a.md) and {ref}`x`.").split()
    ['See', '[the', '\\x00\\x00so\\x00\\x00il', 'and', '.']
    """
    if "`" in text:
        text = ROLE.sub(_role, text) if "{" in text else text
    if "$" in text or "\\" in text:
        text = MATH.sub(_whole, text)
    if "[" in text:
        text = DEFINITION.sub(_whole, FOOTNOTE.sub(_whole, text))
        text = REFERENCE.sub(_whole, TARGET.sub(_whole, text))
    if "://" in text or "mailto:" in text:
        text = ADDRESS.sub(_whole, text)
    if "<" in text:
        text = TAG.sub(_tag, text)
    if "{" in text:
        text = ATTRIBUTES.sub(_whole, SUBSTITUTION.sub(_whole, text))
    if "@" in text:
        text = CITATION.sub(_whole, text)
    if "&" in text:
        text = ENTITY.sub(_whole, text)
    if LINES_HAVE.search(text):
        text = LINES.sub(_whole, text)
    if "\\" in text:
        text = ESCAPE.sub("\0", text)
    return text.replace("*", "\0").replace("`", "\0").replace("~", "\0")


def pieces(projected: str) -> list[str]:
    """Return the words of projected prose; in ASCII, marks of emphasis and quotes may still cling to them.

    >>> pieces("a 'b' c-d"), pieces("dé 'b'")
    (['a', "'b'", 'c', 'd'], ['dé', 'b'])
    """
    return projected.translate(APART).split() if projected.isascii() else WORD.findall(projected)


def words_in(projected: str) -> list[str]:
    """Return the words of projected prose as they are written."""
    return (ASCII_WORD if projected.isascii() else WORD).findall(projected)
