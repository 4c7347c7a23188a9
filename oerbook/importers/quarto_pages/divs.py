"""Convert divs: callouts, statements, tabs, columns, figures and tables with labels, remarks in the margin."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from oerbook.importers.line_conversion.attributes import parse_attributes
from oerbook.importers.line_conversion.markdown_blocks import HEADING, Block, read_blocks
from oerbook.importers.line_conversion.myst_blocks import (
    colon_lines,
    directive_lines,
    safe_label,
    target_line,
    trim_blank_lines,
)
from oerbook.importers.quarto_pages.chunks import STATEMENTS
from oerbook.importers.quarto_pages.context import PageContext

ConvertLines = Callable[[Sequence[str], int], list[str]]

STATEMENT_BY_PREFIX = {
    "thm": "theorem", "lem": "lemma", "cor": "corollary", "prp": "proposition", "cnj": "conjecture",
    "def": "definition", "exm": "example", "exr": "exercise", "sol": "solution", "rem": "remark", "alg": "algorithm",
    "hyp": "hypothesis",
}  # fmt: skip
CALLOUT_KINDS = frozenset(["note", "tip", "warning", "important", "caution"])
ADMONITION_BY_WORD = {
    "warning": "warning", "warn": "warning", "danger": "danger", "caution": "caution", "important": "important",
    "tip": "tip", "hint": "hint", "note": "note", "info": "note", "attention": "attention", "error": "error",
}  # fmt: skip
MARGIN_CLASSES = {"column-margin", "aside", "margin", "margin-note", "sidenote"}
LAYOUT_CLASSES = re.compile(r"(?:column-.*|page-.*|g-col-.*|cell.*|figure|table|center|text-.*|fragment|scroll.*)")
IS_SHOWN_BY_CLASS = {"content-visible": True, "content-hidden": False}
FORMAT_NAMES = {"html": "html", "epub": "html", "pdf": "latex", "latex": "latex", "docx": "latex", "typst": "latex"}


def convert_div(block: Block, context: PageContext, convert: ConvertLines) -> list[str]:
    """Return the lines for a div; `convert` converts its content, whose first line has the given number."""
    attributes = _attributes(block.info)
    classes = attributes.get("class", "").split()
    label = attributes.get("id", "")
    callout = next((name.removeprefix("callout-") for name in classes if name.startswith("callout-")), "")
    statement = next((name for name in classes if name in STATEMENTS), "") or STATEMENT_BY_PREFIX.get(
        re.split(r"[-:]", label)[0] if re.search(r"[-:]", label) else "", ""
    )
    if callout:
        return _callout(block, attributes, callout, convert)
    if statement:
        label = _prefixed(label, statement, context)
        return statement_lines(statement, label, _title(block, attributes), convert(*_body(block, attributes)), context)
    if "panel-tabset" in classes or "tabset" in classes:
        return _tabs(block, convert)
    if "columns" in classes or "grid" in classes:
        return _columns(block, convert)
    if label.startswith(("fig-", "tbl-", "lst-")):
        return _labelled(block, label, attributes, convert)
    return _by_class(block, label, classes, attributes, (context, convert))


def _prefixed(label: str, statement: str, context: PageContext) -> str:
    """Return the label by which bookdown refers to a statement: with a prefix."""
    if not label or not context.page.path.lower().endswith(".rmd"):
        return label
    return (
        label
        if re.match(r"[a-z]{2,}[:-]", label) and label in context.page.wanted_labels
        else f"{bookdown_prefix(statement)}:{label}"
    )


def bookdown_prefix(kind: str) -> str:
    """Return the prefix of bookdown's labels for a statement.

    >>> bookdown_prefix("theorem"), bookdown_prefix("exercise")
    ('thm', 'exr')
    """
    return next((prefix for prefix, name in STATEMENT_BY_PREFIX.items() if name == kind), kind)


def _attributes(info: str) -> dict[str, str]:
    """Return the attributes of a div, which may also be a single class without braces."""
    braced = re.match(r"\{(?P<items>.*)\}", info)
    return parse_attributes(braced["items"]) if braced else parse_attributes(f".{info.split()[0]}")


def _by_class(
    block: Block,
    label: str,
    classes: Sequence[str],
    attributes: dict[str, str],
    tools: tuple[PageContext, ConvertLines],
) -> list[str]:
    context, convert = tools
    content = convert(block.content, block.content_line)
    target = [target_line(safe_label(label))] if label and label != "refs" else []
    for name in classes:
        if name in MARGIN_CLASSES:
            return [*target, *colon_lines("margin", "", {}, content)]
        if name in IS_SHOWN_BY_CLASS:
            return _only(IS_SHOWN_BY_CLASS[name], attributes, content)
        if name in ("epigraph", "dedication"):
            return [*target, *colon_lines("epigraph", "", {}, content)]
    if label == "refs":
        return directive_lines("bibliography", "", {}, [])
    box = _guess_box(classes)
    if box:
        context.report(
            "import-guessed", f"the block “{classes[0]}” became a box of the kind {box}", block.line, warning=False
        )
        return [*target, *colon_lines(box, "", {}, content)]
    named = [name for name in classes if not LAYOUT_CLASSES.fullmatch(name)]
    if named:
        message = f"the block “{named[0]}” is shown as ordinary text, as its look is defined elsewhere"
        context.report("import-simplified", message, block.line, warning=False)
    return [*target, *([""] if target and content else []), *content]


def _guess_box(classes: Sequence[str]) -> str:
    """Return the box that a class of the book's own style means, "" if none.

    >>> _guess_box(["rmdwarning"]), _guess_box(["infobox", "x"]), _guess_box(["wide"])
    ('warning', 'note', '')
    """
    for name in classes:
        for word, box in ADMONITION_BY_WORD.items():
            if re.fullmatch(rf"(?:rmd|my|alert-|callout|block)?[-_]?{word}(?:s|[-_]?(?:box|block))?", name.lower()):
                return box
    return ""


def _callout(block: Block, attributes: dict[str, str], kind: str, convert: ConvertLines) -> list[str]:
    lines, number = _body(block, attributes)
    content, title = convert(lines, number), _title(block, attributes)
    box = kind if kind in CALLOUT_KINDS else "note"
    folded = attributes.get("collapse") == "true"
    options = {"name": safe_label(attributes.get("id", ""))}
    if not title and not folded:
        return colon_lines(box, "", options, content)
    return colon_lines(
        "admonition", title or box.capitalize(), {"class": f"{box}{' dropdown' if folded else ''}", **options}, content
    )


def _title(block: Block, attributes: dict[str, str]) -> str:
    """Return the title of a div: an attribute or its first heading."""
    written = attributes.get("title") or attributes.get("name") or ""
    match = _first_heading(block)
    return written or (match["words"].rstrip("# ") if match else "")


def _first_heading(block: Block) -> re.Match[str] | None:
    first = next((line for line in block.content if line.strip()), "")
    return HEADING.match(first)


def _body(block: Block, attributes: dict[str, str]) -> tuple[Sequence[str], int]:
    """Return the lines of a div without a heading that is its title, and the number of the first."""
    if attributes.get("title") or attributes.get("name") or not _first_heading(block):
        return block.content, block.content_line
    index = next(number for number, line in enumerate(block.content) if line.strip())
    return block.content[index + 1 :], block.content_line + index + 1


def statement_lines(kind: str, label: str, title: str, content: Sequence[str], context: PageContext) -> list[str]:
    """Return a theorem, exercise, solution or the like."""
    label = safe_label(label)
    if kind == "exercise":
        context.last_exercise = label or f"exercise-{len(context.page.path)}-{id(content) % 9973}"
        return colon_lines("exercise", title, {"label": label}, content)
    if kind == "solution":
        if context.last_exercise and label:
            return colon_lines("solution", context.last_exercise, {"label": label}, content)
        return colon_lines("admonition", title or "Solution", {"class": "dropdown"}, content)
    if kind == "hypothesis":
        return colon_lines("prf:assumption", title or "Hypothesis", {"label": label}, content)
    return colon_lines(f"prf:{kind}", title, {"label": label}, content)


def _tabs(block: Block, convert: ConvertLines) -> list[str]:
    """Return a set of tabs: each heading of the highest level in the div begins one."""
    blocks = list(read_blocks(block.content, block.content_line))
    levels = [len(HEADING.match(b.lines[0])["marks"]) for b in blocks if b.kind == "heading"]  # type: ignore[index]
    if not levels:
        return convert(block.content, block.content_line)
    top, tabs, before = min(levels), list[tuple[str, int, list[str]]](), list[str]()
    for inner in blocks:
        match = HEADING.match(inner.lines[0]) if inner.kind == "heading" else None
        if match and len(match["marks"]) == top:
            words = re.sub(r"\s*\{[^{}]*\}\s*$", "", match["words"]).rstrip("# ")
            tabs.append((words, inner.line + 1, []))
        elif tabs:
            tabs[-1][2].extend(inner.lines)
        else:
            before += inner.lines
    items: list[str] = []
    for words, number, lines in tabs:
        items += [*colon_lines("tab-item", words, {}, convert(lines, number)), ""]
    return [*trim_blank_lines(convert(before, block.content_line)), *colon_lines("tab-set", "", {}, items)]


def _columns(block: Block, convert: ConvertLines) -> list[str]:
    """Return a grid with a cell for each column."""
    cells: list[str] = []
    count = 0
    for inner in read_blocks(block.content, block.content_line):
        if inner.kind == "div":
            count += 1
            cells += [*colon_lines("grid-item", "", {}, convert(inner.content, inner.content_line)), ""]
        elif inner.kind != "blank":
            cells += [*convert(inner.lines, inner.line), ""]
    return colon_lines("grid", f"{max(min(count, 4), 1)}", {}, cells) if count > 1 else cells


def _labelled(block: Block, label: str, attributes: dict[str, str], convert: ConvertLines) -> list[str]:
    """Return a figure, table or listing with a label; its last paragraph is its caption."""
    blocks = [b for b in read_blocks(block.content, block.content_line) if b.kind != "blank"]
    last = blocks[-1] if len(blocks) > 1 and blocks[-1].kind == "text" else None
    has_caption = last is not None and not re.match(r"\s*(?:!\[|\||<)", last.lines[0])
    end = last.line - block.content_line if last is not None and has_caption else len(block.content)
    content = trim_blank_lines(convert(block.content[:end], block.content_line))
    caption = trim_blank_lines(convert(last.lines, last.line)) if last is not None and has_caption else []
    if label.startswith("tbl-"):
        if any(line.lstrip().startswith("|") for line in content) and not any("{table}" in line for line in content):
            return colon_lines("table", " ".join(caption), {"name": label}, content)
        return [target_line(label), *content, "", *caption]
    if label.startswith("fig-") and any("![" in line or "{figure}" in line or "{image}" in line for line in content):
        options = {"name": label, "alt": attributes.get("fig-alt", "")}
        return colon_lines("subfigure", "", options, [*content, "", *caption])
    return [target_line(label), *content, "", *caption]


def _only(visible: bool, attributes: dict[str, str], content: Sequence[str]) -> list[str]:
    """Return what is shown in some formats alone."""
    wanted, unwanted = attributes.get("when-format", ""), attributes.get("unless-format", "")
    if not wanted and not unwanted:
        return list(content) if visible else []
    name = FORMAT_NAMES.get((wanted or unwanted).partition(":")[0], "html")
    negate = visible == bool(unwanted)
    return colon_lines("only", f"not {name}" if negate else name, {}, content)
