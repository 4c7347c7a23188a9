"""Convert code chunks: code that is shown and not run, figures, statements, included pages."""

from __future__ import annotations

import posixpath
import re
from pathlib import PurePosixPath

from oerbook.importers.line_conversion.markdown_blocks import Block
from oerbook.importers.line_conversion.myst_blocks import (
    directive_lines,
    fence_length,
    figure_lines,
    safe_label,
    trim_blank_lines,
)
from oerbook.importers.quarto_pages.chunk_options import Chunk, split_arguments, unquote
from oerbook.importers.quarto_pages.context import PageContext

STATEMENTS = frozenset(
    ["theorem", "lemma", "corollary", "proposition", "conjecture", "definition", "example", "exercise", "hypothesis",
     "proof", "remark", "solution"]
)  # fmt: skip
BOX_ENGINES = frozenset(["block", "block2"])
DIAGRAMS = frozenset(["mermaid", "dot", "tikz", "asy"])
GRAPHICS_CALL = re.compile(r"(?:knitr::)?include_graphics\(\s*(?P<arguments>.*?)\s*\)\s*$", re.S)
LINK_CALL = re.compile(r"(?:knitr::)?include_(?:url|app)\(\s*(?P<arguments>.*?)\s*\)\s*$", re.S)
STRING = re.compile(r"\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'")
TABLE_CAPTION = re.compile(r"\bcaption\s*=\s*(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')")
CAPTION_REFERENCE = re.compile(r"\(ref:([\w-]+)\)")
FIGURE_LABEL = re.compile(r"(?:fig|tbl|tab|lst)[-:]")
OUTPUT_NOT_STORED_MESSAGE = "what this code draws is not stored in the repository; a notice stands in its place"


def convert_chunk(chunk: Chunk, block: Block, context: PageContext) -> list[str]:
    """Return the lines for a chunk that holds code."""
    code = "\n".join(chunk.code).strip()
    if chunk.options.get("child"):
        names = re.findall(r"[\"']([^\"']+)[\"']", chunk.options["child"]) or [chunk.options["child"]]
        return [line for name in names for line in directive_lines("include", name, {}, [])]
    if _shows_nothing(chunk) or chunk.engine in DIAGRAMS:
        return _diagram(chunk, context, block.line) if chunk.engine in DIAGRAMS else _cell(chunk, {"include": "false"})
    last = re.split(r"\n(?=\S)", code)[-1] if code else ""
    if graphics := GRAPHICS_CALL.fullmatch(last):
        return _graphics(chunk, graphics["arguments"], code, context, block.line)
    if link := LINK_CALL.fullmatch(code):
        return _link(link["arguments"], chunk, context)
    if chunk.is_false("eval"):
        return [] if chunk.is_false("echo") else _plain_code(chunk)
    caption = _caption(chunk, context)
    if caption or reference_label(chunk.label, context):
        return _drawn(chunk, caption, context, block.line)
    context.unstored.append(block.line)
    return _cell(chunk, {"echo": "false"} if chunk.is_false("echo") else {})


def _shows_nothing(chunk: Chunk) -> bool:
    return chunk.is_false("include") or (chunk.is_false("echo") and chunk.is_false("eval"))


def reference_label(label: str, context: PageContext) -> str:
    """Return the label that references to a chunk use, "" if there is none."""
    if FIGURE_LABEL.match(label):
        return safe_label(label)
    wanted = context.page.wanted_labels
    return next((f"{kind}:{label}" for kind in ("fig", "tab", "lst") if label and f"{kind}:{label}" in wanted), "")


def _caption(chunk: Chunk, context: PageContext) -> str:
    """Return the caption of a figure or table, with the text that `(ref:name)` stands for."""
    keys = ("fig-cap", "tbl-cap", "lst-cap", "caption")
    caption = next((chunk.options[key] for key in keys if chunk.options.get(key)), "")
    if not caption and f"tab:{chunk.label}" in context.page.wanted_labels:
        match = TABLE_CAPTION.search("\n".join(chunk.code))
        caption = unquote(match[1]) if match else ""
    return "" if caption in ("NULL", "None") else resolve_caption(caption, context)


def resolve_caption(caption: str, context: PageContext) -> str:
    """Return a caption with the texts that it refers to."""
    return CAPTION_REFERENCE.sub(lambda match: context.captions.get(match[1], match[0]), caption)


def _plain_code(chunk: Chunk) -> list[str]:
    mark = "`" * fence_length(chunk.code, "`")
    return [f"{mark}{chunk.engine}", *trim_blank_lines(chunk.code), mark]


def _cell(chunk: Chunk, options: dict[str, str]) -> list[str]:
    """Return a code cell; options that the author wrote in `#|` lines stay as they are."""
    mark = "`" * fence_length(chunk.code, "`")
    folded = chunk.is_true("code-fold") or chunk.options.get("code-fold") == "show"
    added = [f"#| {key}: {value}" for key, value in options.items() if value]
    if chunk.option_lines:
        kept = _yaml_lines(chunk)
        if options.get("label"):
            kept = [line for line in kept if not re.match(r"#\|\s*label\s*:", line)]
        names = "\n".join(kept)
        added = [line for line in added if not re.search(rf"\|\s*{re.escape(line[3:].split(':')[0])}\s*:", names)]
        added = [*added, *kept]
    if folded:
        added.append("#| tags: [hide-input]")
    return [f"{mark}{{code-cell}} {chunk.engine}", *added, *chunk.code, mark]


def _yaml_lines(chunk: Chunk) -> list[str]:
    """Return the option lines as MyST reads them: after `#|`, and as YAML."""
    lines = [re.sub(r"^(?://|%%|--)\|", "#|", line) for line in chunk.option_lines]
    if any(re.match(r"#\|\s*[\w.-]+\s*=", line) for line in lines):
        return [f"#| {key}: {_yaml_text(value)}" for key, value in chunk.options.items()]
    return lines


def _drawn(chunk: Chunk, caption: str, context: PageContext, line: int) -> list[str]:
    """Return a figure that code draws: its stored picture with the code, or a cell with label and caption."""
    label = reference_label(chunk.label, context)
    alt = resolve_caption(chunk.options.get("fig-alt", ""), context)
    pictures = context.pictures.get(chunk.label, [])
    picture = next((name for name in pictures if PurePosixPath(context.page.path).stem in name), "")
    if picture or len(pictures) == 1:
        path = posixpath.relpath(picture or pictures[0], posixpath.dirname(context.page.path) or ".")
        figure = figure_lines(path, {"name": label, "alt": alt, "width": chunk.options.get("out-width", "")}, caption)
        return figure if chunk.is_false("echo") else [*_plain_code(chunk), "", *figure]
    context.report("import-figure-missing", OUTPUT_NOT_STORED_MESSAGE, line, hint="Run the code and store the picture.")
    quoted = {"fig-cap": _yaml_text(caption), "fig-alt": _yaml_text(alt)}
    echo = {"echo": "false"} if chunk.is_false("echo") else {}
    return _cell(chunk, {"label": label, **quoted, **echo})


def _yaml_text(text: str) -> str:
    words = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{words}"' if words else ""


def _graphics(chunk: Chunk, arguments: str, code: str, context: PageContext, line: int) -> list[str]:
    """Return the figures of a chunk that shows picture files."""
    first = split_arguments(arguments)[0]
    paths = [unquote(match[0]) for match in STRING.finditer(first)]
    is_computed = re.sub(STRING, "", first).strip(" ,()") not in (
        "",
        "c",
        "here",
        "here::here",
        "file.path",
        "path=",
        "path =",
    )
    if re.match(r"(?:here::here|here|file\.path)\(", first):
        paths = ["/".join(paths)]
    if not paths or is_computed:
        return _drawn(chunk, _caption(chunk, context), context, line)
    label, caption = reference_label(chunk.label, context), _caption(chunk, context)
    alts = resolve_caption(chunk.options.get("fig-alt", ""), context)
    options = {"name": label, "alt": alts, "width": chunk.options.get("out-width", "")}
    shown_code = [*_plain_code(chunk), ""] if chunk.is_true("echo") and "\n" in code else []
    if len(paths) == 1:
        return [*shown_code, *figure_lines(paths[0], options, caption)]
    images = [line for path in paths for line in (f"![]({path})", "")]
    return [*shown_code, *directive_lines("subfigure", "", {"name": label}, [*images, *caption.split("\n")])]


def _link(arguments: str, chunk: Chunk, context: PageContext) -> list[str]:
    """Return a link to a page or program that the old book showed in a frame."""
    url = next((unquote(match[0]) for match in STRING.finditer(arguments)), "")
    label, caption = reference_label(chunk.label, context), _caption(chunk, context)
    if not label:
        return directive_lines("iframe", url, {"title": caption}, [])
    return [*_cell(chunk, {"label": label, "fig-cap": _yaml_text(caption), "echo": "false"}), "", f"<{url}>"]


def _diagram(chunk: Chunk, context: PageContext, line: int) -> list[str]:
    name = "mermaid" if chunk.engine == "mermaid" else "code-block"
    caption, label = _caption(chunk, context), reference_label(chunk.label, context)
    if name == "code-block":
        context.report("import-figure-missing", f"this {chunk.engine} diagram is shown as source code", line)
        return directive_lines(name, chunk.engine, {"name": label, "caption": caption}, chunk.code)
    target = [f"({label})="] if label else []
    return [*target, *directive_lines(name, "", {}, chunk.code), *(["", caption] if caption else [])]
