"""Blank everything in a paragraph that is not prose; offsets stay the same.

Markup becomes spaces; markup that can be inside a word (`**so**il`) becomes NUL, which counts as part of the word.
"""

from __future__ import annotations

import re

# Scripts without spaces between words, where each character counts as a word: Thai, Lao, Burmese, Khmer, kana, Han…
UNSPACED_SCRIPTS = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U000323af"
)
COMBINING_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0b82\u0bbe-\u0bcd\u0c00-\u0c04"
    "\u0c3e-\u0c56\u0d3e-\u0d4d"
)
LETTER_PATTERN = f"(?:[^\\W_{UNSPACED_SCRIPTS}]|[{COMBINING_MARKS}])"
WORD_PATTERN = re.compile(
    f"{LETTER_PATTERN}+(?:[_'\u2019\0\u00ad\u200c\u200d]+{LETTER_PATTERN}+)*|[{UNSPACED_SCRIPTS}]"
)
ASCII_WORD_PATTERN = re.compile("[A-Za-z0-9]+(?:[_'\0]+[A-Za-z0-9]+)*")
WORD_CONNECTORS = "_'\0"  # allowed inside an ASCII word
ASCII_SEPARATORS = {
    code: chr(code) if chr(code).isalnum() or chr(code) in WORD_CONNECTORS else " " for code in range(128)
}

# Roles whose content is a name, a formula or an icon.
NON_PROSE_ROLES = frozenset(
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

# Patterns that search for a closing mark are bounded: a page full of opening marks must not take quadratic time.
ROLE_PATTERN = re.compile(r"\{([\w:+.-]{1,60})\}(`{1,9})(.{1,2000}?)(?<!`)\2(?!`)", re.DOTALL)
EXPLICIT_TARGET = re.compile(r"^(.*?)\s*<[^<>]*>$", re.DOTALL)
MATH_PATTERN = re.compile(
    r"\$\$.+?\$\$|(?<![\\$\w])\$(?=\S)(?:[^$\\]|\\.)+?(?<=\S)\$(?!\d)|\\\(.{1,300}?\\\)|\\\[.{1,300}?\\\]", re.DOTALL
)
LINK_TARGET = re.compile(r"\]\((?:<[^<>]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")
LINK_REFERENCE = re.compile(r"\]\[[^\]]*\]")
LINK_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]{1,200}\]:[ \t]+\S+.*$", re.MULTILINE)
FOOTNOTE_REFERENCE = re.compile(r"\[\^[^\]\n]{1,200}\]:?")
CITATION_KEY = re.compile(r"(?<![\w.])-?@[A-Za-z][\w:.#$%&+?<>~/-]*")
URL_PATTERN = re.compile(r"<(?:https?|ftp|mailto):[^<>\s]*>|\b(?:https?|ftp)://[^\s<>\]\)]+")
HTML_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
ALT_ATTRIBUTE = re.compile(r"\b(?:alt|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
INLINE_ATTRIBUTES = re.compile(r"\{[#.][^{}\n]*\}|(?<=[\])`])\{[^{}\n]*\}")
SUBSTITUTION_REFERENCE = re.compile(r"\{\{[^{}]*\}\}")
NON_PROSE_LINES = re.compile(
    r"^[ \t]*\([\w:./ -]+\)=[ \t]*$"  # target
    r"|^[ \t]*%.*$"  # comment
    r"|^\+\+\+.*$"  # cell break
    r"|^[ \t>]*\d{1,9}[.)](?=[ \t])",  # list number
    re.MULTILINE,
)
MAYBE_NON_PROSE_LINE = re.compile(r"[%=+]|\d[.)][ \t]")  # a quick test: every match of LINES contains one of these
HTML_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);")
BACKSLASH_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
# Sentence boundaries: a full stop with closing quotes, or a line end before a list item, heading or table row. The
# pattern starts with a small character class, which makes the search fast.
SENTENCE_END = re.compile(
    "[.!?\u2026\u3002\uff01\uff1f\\n](?:"
    "(?<=[.!?\u2026])[\"'\u201d\u2019)\\]\0]*(?=\\s)|(?<=[\u3002\uff01\uff1f])"
    r"|(?<=\n)(?=[ \t>]*(?:[-+\0#|]|$))|(?<=\n)(?=[ \t]*\S[^\n]*\|))"
)


def blank_everything(text: str) -> str:
    """Return a text with every character but newlines replaced by a space.

    >>> blank_everything("ab\\nc")
    '  \\n '
    """
    return " " * len(text) if "\n" not in text else re.sub(r"[^\n]", " ", text)


def _blank_match(match: re.Match[str]) -> str:
    return blank_everything(match[0])


def _blank_role(match: re.Match[str]) -> str:
    """Return a role with its markup blanked, and with its target or content.

    The content is kept if it is prose.
    """
    name, ticks, content = match[1].lower(), match[2], match[3]
    head = " " * (len(name) + 2 + len(ticks))
    explicit = EXPLICIT_TARGET.match(content)
    if explicit and name != "abbr":
        prose_part = explicit[1] + blank_everything(content[len(explicit[1]) :])
    elif name in NON_PROSE_ROLES or name.startswith("cite:"):
        prose_part = blank_everything(content)
    else:
        prose_part = content
    return head + prose_part + " " * len(ticks)


def _blank_tag(match: re.Match[str]) -> str:
    """Return an HTML tag with everything but an image's alternative text blanked."""
    alt = ALT_ATTRIBUTE.search(match[0]) if match[0][1:4].lower() == "img" else None
    if alt is None:
        return blank_everything(match[0])
    start, end = alt.span(1 if alt[1] is not None else 2)
    return blank_everything(match[0][:start]) + match[0][start:end] + blank_everything(match[0][end:])


def blank_inline_markup(text: str) -> str:
    """Return a paragraph with everything but its words blanked, of the same length.

    >>> blank_inline_markup("See [the **so**il](a.md) and {ref}`x`.").split()
    ['See', '[the', '\\x00\\x00so\\x00\\x00il', 'and', '.']
    """
    if "`" in text and "{" in text:
        text = ROLE_PATTERN.sub(_blank_role, text)
    if "$" in text or "\\" in text:
        text = MATH_PATTERN.sub(_blank_match, text)
    if "[" in text:
        text = LINK_DEFINITION.sub(_blank_match, FOOTNOTE_REFERENCE.sub(_blank_match, text))
        text = LINK_REFERENCE.sub(_blank_match, LINK_TARGET.sub(_blank_match, text))
    if "://" in text or "mailto:" in text:
        text = URL_PATTERN.sub(_blank_match, text)
    if "<" in text:
        text = HTML_TAG.sub(_blank_tag, text)
    if "{" in text:
        text = INLINE_ATTRIBUTES.sub(_blank_match, SUBSTITUTION_REFERENCE.sub(_blank_match, text))
    if "@" in text:
        text = CITATION_KEY.sub(_blank_match, text)
    if "&" in text:
        text = HTML_ENTITY.sub(_blank_match, text)
    if MAYBE_NON_PROSE_LINE.search(text):
        text = NON_PROSE_LINES.sub(_blank_match, text)
    if "\\" in text:
        text = BACKSLASH_ESCAPE.sub("\0", text)
    return text.replace("*", "\0").replace("`", "\0").replace("~", "\0")


def split_blanked_words(blanked: str) -> list[str]:
    """Return the words of blanked prose.

    ASCII words may still have emphasis marks and quotes around them.

    >>> split_blanked_words("a 'b' c-d"), split_blanked_words("dé 'b'")
    (['a', "'b'", 'c', 'd'], ['dé', 'b'])
    """
    return blanked.translate(ASCII_SEPARATORS).split() if blanked.isascii() else WORD_PATTERN.findall(blanked)
