"""Convert explicit markup: targets, notes, substitutions, comments. Directives are in `directives`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from oerbook.importers.line_conversion.markdown_blocks import indent_lines
from oerbook.importers.line_conversion.myst_blocks import target_line
from oerbook.importers.rst_pages.context import RstContext, normalize_name
from oerbook.importers.rst_pages.source_lines import EXPLICIT, dedent, indented_block
from oerbook.importers.rst_pages.words import citation_label, convert_words, note_name

ConvertLines = Callable[[Sequence[str], int], list[str]]
TARGET = re.compile(r"^\.\. _(?P<name>`[^`]+`|(?![ `_])(?:\\.|[^:\\]|:(?=\S))+):(?:\s+(?P<value>.*))?$")
ANONYMOUS = re.compile(r"^(?:\.\. __:|__)\s+(?P<value>\S.*)$")
NOTE = re.compile(r"^\.\. \[(?P<label>#[\w.:+-]*|\*|\d+|[A-Za-z][\w.:+-]*)\](?:\s+(?P<rest>.*))?$")
SUBSTITUTION = re.compile(r"^\.\. \|(?P<name>[^|]+)\|\s+(?P<kind>[\w-]+)::\s*(?P<rest>.*)$")
DIRECTIVE = re.compile(r"^\.\.\s+(?P<name>[A-Za-z][\w:.+-]*?)\s?::(?:\s+(?P<argument>.*))?$")
CODE_POINT = re.compile(r"(?:U\+|0x|\\u|x|&#x)([0-9A-Fa-f]{2,6});?")


def explicit_end(lines: Sequence[str], index: int) -> int:
    """Return the index after the explicit markup that begins at an index."""
    if not lines[index][2:].strip() and index + 1 < len(lines) and not lines[index + 1].strip():
        return index + 1  # an empty comment ends a block
    return max(indented_block(lines, index + 1), index + 1)


def collect_definitions(lines: Sequence[str], context: RstContext) -> None:
    """Note the targets, substitutions and anonymous addresses of a page before its words are converted."""
    for index, line in enumerate(lines):
        stripped = line.strip()
        if match := TARGET.match(stripped):
            rest = (
                "".join(part.strip() for part in lines[index + 1 : explicit_end(lines, index)])
                if stripped == line
                else ""
            )
            value = (match["value"] or "").strip() + rest
            name = normalize_name(match["name"].strip("`"))
            if value:
                context.targets[name] = value.strip("`") if value.endswith("`_") else value
            else:
                context.own_labels.add(name)
        elif match := ANONYMOUS.match(stripped):
            context.anonymous.append(match["value"].strip())
        elif match := SUBSTITUTION.match(stripped):
            body = dedent(lines[index + 1 : max(indented_block(lines, index + 1), index + 1)])
            context.substitutions[normalize_name(match["name"])] = _substitute(match, body, context)


def _substitute(match: re.Match[str], body: Sequence[str], context: RstContext) -> str:
    rest = match["rest"].strip()
    if match["kind"] == "image":
        alt = next((line.partition(":alt:")[2].strip() for line in body if ":alt:" in line), "")
        return f"![{alt}]({rest})"
    if match["kind"] == "unicode":
        words = (CODE_POINT.fullmatch(word) for word in rest.partition(" .. ")[0].split())
        originals = rest.partition(" .. ")[0].split()
        return "".join(chr(int(word[1], 16)) if word else text for word, text in zip(words, originals, strict=True))
    text = " ".join([rest, *(line.strip() for line in body if not line.strip().startswith(":"))]).strip()
    return convert_words(text, 0, context) if match["kind"] == "replace" else ""


def convert_explicit_markup(
    lines: Sequence[str], number: int, context: RstContext, convert: ConvertLines
) -> list[str] | None:
    """Return what explicit markup becomes, None if it is a directive. `number` is the line of the first line."""
    first = lines[0]
    if match := TARGET.match(first):
        name = normalize_name(match["name"].strip("`"))
        return [] if name in context.targets else [f"({name.replace(' ', '-')})="]
    if ANONYMOUS.match(first) or SUBSTITUTION.match(first):
        return []
    if match := NOTE.match(first):
        return _note(match, lines, number, (context, convert))
    if DIRECTIVE.match(first):
        return None
    text = [EXPLICIT.sub("", first), *dedent(lines[1:])]
    return [f"% {line}".rstrip() for line in text if line.strip()]


def _note(match: re.Match[str], lines: Sequence[str], number: int, tools: tuple[RstContext, ConvertLines]) -> list[str]:
    context, convert = tools
    label = match["label"]
    content = convert([match["rest"] or "", *dedent(lines[1:])], number)
    while content and not content[0].strip():
        content.pop(0)
    first, *rest = content or [""]
    if label[0].isalpha():  # a work in a list of works
        return [target_line(citation_label(label)), f"\\[{label}\\] {first}".rstrip(), *rest, ""]
    return [f"[^{note_name(label, context.notes)}]: {first}".rstrip(), *indent_lines(rest, "    ")]
