"""Find the sources that figures, tables and quotations state in the text of a page, before it is read."""

from __future__ import annotations

import re
from functools import lru_cache

from oerbook.document.reading.mystmd_options import source_options
from oerbook.model.book import ReusedWork
from oerbook.source.lint_blocks import LITERAL_DIRECTIVES
from oerbook.source.values import as_work

FENCE = re.compile(r"^[ \t>]*(?P<fence>`{3,}|~{3,}|:{3,})(?:\{(?P<name>[\w:-]+)\}|(?P<info>\S*))")


@lru_cache(maxsize=5000)
def directive_works(text: str) -> list[ReusedWork]:
    """Return the works that directives of a page state as their source, in order; none from examples in code.

    >>> directive_works("```{figure} a.png\\n:creator: Bo\\n:license: CC0-1.0\\n```")[0].authors
    'Bo'
    >>> directive_works("````md\\n```{figure} a.png\\n:creator: Bo\\n```\\n````")
    []
    """
    works: list[ReusedWork] = []
    lines = text.split("\n")
    literal = ""  # the fence of the code that the line is in
    for number, line in enumerate(lines):
        match = FENCE.match(line)
        if not match:
            continue
        if literal:
            closes = match["fence"].startswith(literal) and line.strip() == match["fence"]
            literal = "" if closes else literal
        elif match["name"] is None:
            literal = match["fence"] if match["fence"][0] != ":" else ""
        elif match["name"] in LITERAL_DIRECTIVES:
            literal = match["fence"]
        else:
            content = "\n".join(lines[number + 1 : number + 40])
            record = source_options(match["name"], content, {})
            works += [as_work(record)] if record else []
    return works
