"""Escape text so that MyST shows it as it is."""

from __future__ import annotations

import re

# What has a meaning anywhere in a line; what has none there stays as it is, so that the source is readable.
SPECIAL_ANYWHERE = re.compile(
    r"""\\(?=[^\w\s]|$)      # a backslash before punctuation
    | [`*$\[^{]              # code, emphasis, formulas, links, notes, attributes
    | (?<![^\W_])_ | _(?![^\W_])   # an underscore at the edge of a word
    | ~(?=\S) | (?<=\S)~
    | <(?=[A-Za-z/!?])
    | &(?=\#?\w+;)
    | (?<![^\W_])@(?=[\w{])
    | =(?==)
    | (?<!-)-(?=-)
    | \((?=(?:c|r|p|tm)\))
    | \+(?=-)
    """,
    re.I | re.X,
)
SPECIAL_AT_LINE_START = re.compile(
    r"""(?:
      ([#>%|:=~-]|\+(?!\d))       # headings, quotations, comments, verse, definitions, fences, lists
    | (\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdm]+))([.)])(?=\s|$)    # numbered lists
    | (!!!|\?\?\?)(?=[ +])
    | (\()(?=[^()\s]+\)=)         # labels
    | (Table(?=:\s))
    )""",
    re.X,
)


def escape_text(text: str, *, in_link: bool = False) -> str:
    r"""Return text with backslashes before what MyST would read as markup.

    >>> escape_text("2*3 is a_b, [sic] costs $5")
    '2\\*3 is a_b, \\[sic] costs \\$5'
    """
    escaped = SPECIAL_ANYWHERE.sub(lambda match: f"\\{match[0]}", text)
    return escaped.replace("]", r"\]") if in_link else escaped


def escape_line_start(line: str) -> str:
    r"""Return a line of a paragraph with a backslash where its start would begin a list, a heading or the like.

    >>> escape_line_start("1990. That was"), escape_line_start("- 5 degrees"), escape_line_start("Soil")
    ('1990\\. That was', '\\- 5 degrees', 'Soil')
    >>> escape_line_start("(label)="), escape_line_start("Table: Worms")
    ('\\(label)=', 'Table\\: Worms')
    """
    match = SPECIAL_AT_LINE_START.match(line)
    if match is None:
        return line
    if match[2]:
        return f"{match[2]}\\{line[match.end(2) :]}"
    if match[6]:
        return f"Table\\{line[5:]}"
    return f"\\{line}"


def code_span(text: str) -> str:
    """Return text as inline code, with as many backticks as it needs.

    >>> code_span("a`b"), code_span("x")
    ('``a`b``', '`x`')
    """
    text = " ".join(text.split("\n"))
    runs = {len(run) for run in re.findall("`+", text)}
    ticks = "`" * next(n for n in range(1, len(runs) + 2) if n not in runs)
    padded = text.startswith(("`", " ")) or text.endswith(("`", " "))
    pad = " " if padded and text.strip() else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence_for(text: str, char: str = "`") -> str:
    """Return a fence longer than any in a text.

    >>> fence_for("a"), fence_for("````\\nb")
    ('```', '`````')
    """
    longest = max((len(run) for run in re.findall(f"^[ \t]*({char}{{3,}})", text, re.M)), default=2)
    return char * (longest + 1)
