"""Read the first lines of fenced code as other tools write them.

Pandoc and Quarto: `{.python .numberLines startFrom="5" #lst-worm}`. MkDocs: `python title="worm.py" linenums="3"
hl_lines="2 4-5"`. VuePress and Docusaurus: `js {1,4-6} showLineNumbers`.
"""

from __future__ import annotations

import re

from oerbook.document.reading.attributes import parse_attributes
from oerbook.document.reading.foreign_fences import DIV_ATTRIBUTES, FenceDirective

LINE_NUMBER_WORDS = frozenset(["numberLines", "number-lines", "numbered", "line-numbers", "showLineNumbers", "linenos"])
OPTION_BY_ATTRIBUTE = {
    "startFrom": "lineno-start",
    "startline": "lineno-start",
    "linenums": "lineno-start",
    "filename": "caption",
    "title": "caption",
    "lst-cap": "caption",
    "caption": "caption",
    "code-line-numbers": "emphasize-lines",
    "hl_lines": "emphasize-lines",
    "emphasize-lines": "emphasize-lines",
}
CODE_INFO = re.compile(r"(?P<language>[\w+#.-]+)\s+(?P<rest>\S.*)")
CODE_ATTRIBUTE = re.compile(
    r"(?P<key>[\w-]+)=(?:\"(?P<quoted>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'{}]+))|\{(?P<lines>[\d,\s-]+)\}"
    r"|\{\s*\.(?P<class>[\w-]+)\s*\}|(?P<flag>showLineNumbers|linenos|line-numbers)"
)
LINE_RANGES = re.compile(r"\d+(?:-\d+)?(?:[\s,]+\d+(?:-\d+)?)*")


def parse_code_fence(info: str, content: str) -> FenceDirective | None:
    """Return code with attributes as a directive, None if it has none that are known."""
    info = info.strip()
    if match := DIV_ATTRIBUTES.fullmatch(info):
        return _pandoc(match["items"], content)
    match = CODE_INFO.fullmatch(info)
    if not match or CODE_ATTRIBUTE.sub("", match["rest"]).strip():
        return None
    attributes: dict[str, str] = {}
    numbered = False
    for found in CODE_ATTRIBUTE.finditer(match["rest"]):
        if found["key"]:
            attributes[found["key"]] = found["quoted"] or found["single"] or found["bare"] or ""
        elif found["lines"]:
            attributes["hl_lines"] = found["lines"]
        else:
            numbered = numbered or (found["class"] or found["flag"]) in LINE_NUMBER_WORDS
    options = _options(attributes, numbered or "linenums" in attributes)
    return FenceDirective("code-block", match["language"], content, options)


def _pandoc(items: str, content: str) -> FenceDirective | None:
    attributes = parse_attributes(items)
    classes = attributes.get("class", "").split()
    if not classes or items.lstrip()[:1] not in ("#", "."):
        return None
    options = {"name": attributes["id"]} if "id" in attributes else {}
    language = next((name for name in classes if name not in LINE_NUMBER_WORDS), "text")
    options |= _options(attributes, not LINE_NUMBER_WORDS.isdisjoint(classes))
    return FenceDirective("code-block", language, content, options)


def _options(attributes: dict[str, str], numbered: bool) -> dict[str, str]:
    """Return the options of `{code-block}` for attributes of other tools.

    >>> _options({"title": "a.py", "linenums": "3", "hl_lines": "2 4-5"}, True)
    {'linenos': '', 'lineno-start': '3', 'caption': 'a.py', 'emphasize-lines': '2,4-5'}
    """
    options = {"linenos": ""} if numbered else {}
    options |= {ours: attributes[theirs] for theirs, ours in OPTION_BY_ATTRIBUTE.items() if attributes.get(theirs)}
    if "emphasize-lines" in options:
        lines = options.pop("emphasize-lines").strip()
        if LINE_RANGES.fullmatch(lines):  # not `true`, `false`, or the steps of a talk
            options["emphasize-lines"] = re.sub(r"[\s,]+", ",", lines)
    if not options.get("lineno-start", "1").isdigit():
        options.pop("lineno-start")
    return options
