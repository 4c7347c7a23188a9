"""Convert paragraphs, headings, displayed formulas and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oerbook.importers.line_conversion.attributes import parse_attributes, split_attributes
from oerbook.importers.line_conversion.markdown_blocks import HEADING, Block, replace_in_words
from oerbook.importers.line_conversion.myst_blocks import directive_lines, figure_lines, safe_label, target_line
from oerbook.importers.line_conversion.pandoc_tables import CAPTION, read_grid_table, read_simple_table, table_lines
from oerbook.importers.quarto_pages.chunks import resolve_caption
from oerbook.importers.quarto_pages.context import PageContext
from oerbook.importers.quarto_pages.words import block_shortcode, convert_inline_text, take_index_entries
from oerbook.text.slugs import slugify

PART_HEADING = re.compile(r"\((?:PART|APPENDIX)\\?\*?\)\s*")
EQUATION_LABEL = re.compile(r"\(\\#(?P<label>eq:[^)]+)\)")
DISPLAY_LABEL = re.compile(r"\$\$\s*\{#(?P<label>[\w:.-]+)[^{}]*\}\s*$")
BACKSLASH_LABEL = re.compile(r"\(\\#(?P<label>[\w:.-]+)\)\s*")
IMAGE_START = re.compile(r"^(?P<indent>\s*)!\[")
REFERENCE_TEXT = re.compile(r"^\(ref:(?P<name>[\w-]+)\)\s+(?P<words>.*)$", re.S)
TABLE_CAPTION_LINE = re.compile(r"^\s*(?:Table)?:\s+(?:\(\\#(?P<label>[\w:.-]+)\)\s*)?(?P<words>.*)$")
TEX_DISPLAY = re.compile(r"\s*\\\[\s*(?P<tex>.*?)\s*\\\]\s*", re.S)


def convert_heading(block: Block, context: PageContext) -> list[str]:
    """Return a heading, with its label on the line above."""
    match = HEADING.match(block.lines[0])
    assert match is not None
    words, attributes = split_attributes(match["words"])
    words = re.sub(r"\s+#+$", "", words)
    if PART_HEADING.match(words):
        return []
    label = safe_label(attributes.get("id", ""))
    if len(match["marks"]) == 1 and "unnumbered" in attributes.get("class", "").split():
        context.unnumbered = True
    words, entries = take_index_entries(words)
    if not label:
        automatic = heading_label(words)
        is_first = automatic in context.page.heading_labels and automatic not in context.placed_labels
        label = automatic if is_first else ""
        context.placed_labels.add(automatic)
    heading = f"{match['marks']} {convert_inline_text(words, block.line, context)}".rstrip()
    return [*([target_line(label)] if label else []), heading, *(["", *index_lines(entries)] if entries else [])]


def heading_label(words: str) -> str:
    """Return the label that pandoc gives a heading.

    >>> heading_label("What's new in `R` 4.0?")
    'whats-new-in-r-4.0'
    """
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words.lower())
    text = re.sub(r"[^\w\s.-]", "", text)
    return re.sub(r"^[^a-z\u00a1-\uffff]+", "", re.sub(r"\s+", "-", text.strip())) or slugify(words)


def index_lines(entries: Sequence[str]) -> list[str]:
    """Return the directives for index entries that apply to what follows."""
    return [line for entry in entries for line in (f"```{{index}} {entry}", "```")]


def convert_math(block: Block) -> list[str]:
    """Return a displayed formula, with its label in the form of MyST."""
    last = DISPLAY_LABEL.sub(lambda match: f"$$ ({match['label']})", block.lines[-1])
    lines = [*block.lines[:-1], last]
    label = next((match["label"] for line in lines if (match := EQUATION_LABEL.search(line))), "")
    if label:
        lines = [EQUATION_LABEL.sub("", line).rstrip() for line in lines]
        lines = [
            line for line, old in zip(lines, block.lines, strict=True) if line.strip() or not EQUATION_LABEL.search(old)
        ]
        lines[-1] = f"{lines[-1]} ({label})"
    return lines


def convert_text(block: Block, context: PageContext) -> list[str]:
    """Return a paragraph, list, table or quotation."""
    text = "\n".join(block.lines)
    if reference := REFERENCE_TEXT.match(text):
        context.captions[reference["name"]] = reference["words"].rstrip()
        return []
    if (shortcode := block_shortcode(text)) is not None:
        return shortcode
    table = _convert_table(block, context)
    if table is not None:
        return table
    if (figure := _convert_figure(text, block.line, context)) is not None:
        return figure
    text = replace_in_words(text, lambda words: EQUATION_LABEL.sub(r"\\label{\g<label>}", words))
    text, entries = take_index_entries(text)
    if context.page.path.lower().endswith(".rmd") and (display := TEX_DISPLAY.fullmatch(text)):
        return [*index_lines(entries), *([""] if entries else []), "$$", *display["tex"].split("\n"), "$$"]
    converted = convert_inline_text(text, block.line, context)
    return [*index_lines(entries), *([""] if entries else []), *converted.split("\n")]


def _convert_table(block: Block, context: PageContext) -> list[str] | None:
    """Return a table that only pandoc reads; of other tables the captions with a label."""
    lines, label, caption = list(block.lines), "", ""
    if (
        match := TABLE_CAPTION_LINE.match(lines[-1])
        if len(lines) > 1 or lines[0].lstrip().startswith("Table:")
        else None
    ):
        words, attributes = split_attributes(match["words"])
        label, caption = safe_label(match["label"] or attributes.get("id", "")), words
    table = read_grid_table([line for line in lines if not CAPTION.match(line)])
    table = table or read_simple_table([line for line in lines if not CAPTION.match(line)])
    if table is not None:
        return [convert_inline_text(line, block.line, context) for line in table_lines(table, caption, label)]
    if caption and label and match and (match["label"] or label):
        before = convert_inline_text("\n".join(lines[:-1]), block.line, context).split("\n") if len(lines) > 1 else []
        return [
            *before,
            *([""] if before else []),
            f"Table: {convert_inline_text(caption, block.line, context)} {{#{label}}}",
        ]
    return None


def split_image(text: str) -> tuple[str, str, str, str] | None:
    """Return the words, path, attributes and rest of text that begins with an image, None if it does not.

    >>> split_image("![A [b](c)](d.png){#fig-x} more")
    ('A [b](c)', 'd.png', '#fig-x', ' more')
    """
    if not text.startswith("!["):
        return None
    depth, index = 0, 1
    while index < len(text):
        depth += {"[": 1, "]": -1}.get(text[index], 0) if text[index - 1] != "\\" else 0
        if depth == 0:
            break
        index += 1
    match = re.compile(
        r"\]\(\s*<?(?P<path>[^\s<>]+?|[^<>]*?)>?(?:\s+\"(?P<title>[^\"]*)\")?\s*\)(?:\{(?P<items>(?:[^{}\"']|\"[^\"]*\"|'[^']*')*)\})?"
    ).match(text, index)
    return (text[2:index], match["path"], match["items"] or "", text[match.end() :]) if match else None


def _convert_figure(text: str, line: int, context: PageContext) -> list[str] | None:
    """Return a paragraph that holds nothing but an image with words as a figure, as pandoc does."""
    start = IMAGE_START.match(text)
    image = split_image(text.strip()) if start else None
    if image is None or start is None or image[3].strip():
        return None
    words, path, items, _rest = image
    attributes = parse_attributes(items)
    labelled = BACKSLASH_LABEL.match(words)
    label = safe_label(attributes.get("id", "") or (labelled["label"] if labelled else ""))
    caption = resolve_caption(BACKSLASH_LABEL.sub("", words), context) if labelled else resolve_caption(words, context)
    caption = attributes.get("fig-cap", caption)
    options = {
        "name": label,
        "alt": attributes.get("fig-alt", attributes.get("alt", "")),
        "width": attributes.get("width", ""),
        "align": attributes.get("fig-align", ""),
    }
    if options["align"] not in ("left", "right", "center"):
        options.pop("align")
    if re.match(r"https?://(?:www\.)?(?:youtube|youtu\.be|vimeo)", path):
        return [*directive_lines("video", path, {"title": caption}, [])]
    caption = convert_inline_text(caption, line, context)
    return [f"{start['indent']}{written}" if written else "" for written in figure_lines(path, options, caption)]
