"""Convert notebook cells to nodes: code, outputs, placeholders for figures."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes

from oerbook.document.reading.cell_options import split_options_from_code
from oerbook.model.findings import Severity
from oerbook.source import notebook
from oerbook.storage.files import write_atomically
from oerbook.text.characters import strip_terminal_codes
from oerbook.text.terminal import visible_terminal_text
from oerbook.text.translations import translate

CELL_DIRECTIVES = frozenset({"code-cell", "code-cell-md", "raw-cell"})
REMOVED_CELL_TAGS = {"remove-cell", "remove_cell"}
IMAGE_TYPES = (
    ("image/svg+xml", "svg"),
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
)
STYLE_START, STYLE_END = re.compile(r"<style\b", re.I), re.compile(r"</style\s*>", re.I)
ACTIVE_TAG = re.compile(r"<\s*(script|iframe|object|embed|video|audio|canvas|button|input|svg|progress)\b", re.I)
TAGS_WITH_TEXT_FALLBACK = frozenset(["button", "input", "svg", "progress"])  # their text output says the same
# Media types that JupyterLab displays with a script.
SCRIPT_OUTPUT_TYPES = (
    ("jupyter.widget-view", "a Jupyter widget"),
    ("vnd.plotly", "Plotly"),
    ("vnd.bokeh", "Bokeh"),
    ("vnd.holoviews", "HoloViews"),
    ("vnd.vega", "Vega"),
    ("application/javascript", "JavaScript"),
)


def cell_tags(options: dict[str, Any]) -> set[str]:
    """Return the tags of a cell: those under `tags`, and options such as `hide-input`."""
    value = options.get("tags") or []
    tags = {value} if isinstance(value, str) else {str(tag) for tag in value}
    return tags | {key for key in options if key.startswith(("hide-", "remove-"))}


def render_cell(renderer: Any, name: str, first_line: str, content: str, position: int) -> list[nodes.Element]:
    """Return the nodes of a code cell: its code and, where there are any, its outputs.

    `first_line` may name the language; `position` is the line of the cell in its page.
    """
    options, code = split_options_from_code(content)
    tags = cell_tags(options)
    if name == "raw-cell":
        return [] if tags & REMOVED_CELL_TAGS else [_raw_cell(str(options.get("raw_mimetype") or ""), code, position)]
    index = renderer.md_env["oerbook_cell"] = renderer.md_env.get("oerbook_cell", -1) + 1
    if tags & REMOVED_CELL_TAGS:
        return []
    cell = nodes.container(classes=["cell", *sorted(f"tag_{tag}" for tag in tags)])
    cell.line = position
    if code.strip() and not tags & {"remove-input", "remove_input"}:
        language = first_line.strip().split()[0] if first_line.strip() else "python"
        block = nodes.literal_block(code, code, language=language)
        block.source, block.line = renderer.document["source"], position
        cell += nodes.container("", block, classes=["cell_input"])
    output_box = nodes.container(classes=["cell_output"])
    if not tags & {"remove-output", "remove_output"}:
        for node in render_outputs(renderer, _outputs(renderer, options, index), position):
            output_box += node
    settings = _output_settings(renderer, options)
    if output_box.children:
        cell += output_box
        _describe_image(renderer, output_box, settings, position)
    _label_cell(renderer, cell, settings)
    placeholder = _missing_figure(renderer, settings, position) if not output_box.children else []
    return [*([cell] if cell.children else []), *placeholder]


def _raw_cell(media_type: str, text: str, position: int) -> nodes.Element:
    """Return the node of a raw cell; text of no format is shown as it stands."""
    block: nodes.Element = nodes.literal_block(text, text, language="none")
    if media_type and media_type != "text/plain":
        block = nodes.raw(text, text, format=media_type.rpartition("/")[2].removeprefix("x-"))
    block.line = position
    return block


def _label_cell(renderer: Any, cell: nodes.container, settings: dict[str, Any]) -> None:
    """Make a cell that has a label and no captioned figure the target of references."""
    figure_options = settings.get("figure")
    name = (
        str(figure_options.get("name") or "")
        if isinstance(figure_options, dict) and not figure_options.get("caption")
        else ""
    )
    if name and not any(cell.findall(nodes.figure)):
        cell["names"].append(nodes.fully_normalize_name(name))
        renderer.document.note_explicit_target(cell, cell)


def _output_settings(renderer: Any, options: dict[str, Any]) -> dict[str, Any]:
    """Return what MyST-NB reads under `mystnb`: from the cell's text or, in a notebook, from its metadata."""
    stored = renderer.md_env.get("oerbook_notebook")
    metadata = notebook.cell_metadata(stored, int(options["cell"])) if stored is not None and "cell" in options else {}
    settings = options.get("mystnb") or metadata.get("mystnb")
    return settings if isinstance(settings, dict) else {}


def _describe_image(renderer: Any, output_box: nodes.Element, settings: dict[str, Any], position: int) -> None:
    """Give the first image of a cell its description, size and, as a figure, caption and label."""
    image = next(iter(output_box.findall(nodes.image)), None)
    if image is None:
        return
    image_options = settings.get("image")
    for key in ("alt", "width", "height", "align"):
        if isinstance(image_options, dict) and image_options.get(key):
            image[key] = str(image_options[key])
    figure_options = settings.get("figure")
    if isinstance(figure_options, dict) and (figure_options.get("caption") or figure_options.get("name")):
        figure = nodes.figure(align="default")
        image.replace_self(figure)
        figure += image
        _caption_figure(renderer, figure, figure_options, position)


def _caption_figure(renderer: Any, figure: nodes.figure, figure_options: dict[str, Any], position: int) -> None:
    """Add caption and label to a figure that code draws."""
    if figure_options.get("caption"):
        caption = nodes.caption()
        with renderer.current_node_context(caption):
            renderer.nested_render_text(str(figure_options["caption"]), position, inline=True)
        figure += caption
    figure.source, figure.line = renderer.document["source"], position
    if figure_options.get("name"):
        figure["names"].append(nodes.fully_normalize_name(str(figure_options["name"])))
        renderer.document.note_explicit_target(figure, figure)


def _outputs(renderer: Any, options: dict[str, Any], index: int) -> list[dict[str, Any]]:
    """Return the outputs of cell `index`: from running it, or from the notebook."""
    fresh = renderer.md_env.get("oerbook_run")
    if fresh is not None:
        return list(fresh[index]) if index < len(fresh) else []
    stored = renderer.md_env.get("oerbook_notebook")
    return notebook.cell_outputs(stored, int(options["cell"])) if stored is not None and "cell" in options else []


def render_outputs(renderer: Any, outputs: list[dict[str, Any]], position: int) -> Iterator[nodes.Node]:
    """Yield the nodes of outputs; consecutive streams become one block."""
    stream = ""
    for output in outputs:
        if output.get("output_type") == "stream":
            stream += notebook.join_source(output.get("text"))
            continue
        if stream:
            yield _text(visible_terminal_text(stream))
            stream = ""
        yield from _render_output(renderer, output, position)
    if stream:
        yield _text(visible_terminal_text(stream))


def _text(text: str) -> nodes.literal_block:
    return nodes.literal_block(text, text.rstrip("\n"), language="none", classes=["output", "text_plain"])


def _render_output(renderer: Any, output: dict[str, Any], position: int) -> Iterator[nodes.Node]:
    """Yield the best available form of one output: image, HTML, TeX, Markdown or text."""
    if output.get("output_type") in {"error", "pyerr"}:
        trace = output.get("traceback") or [f"{output.get('ename')}: {output.get('evalue')}"]
        yield _text(strip_terminal_codes("\n".join(str(line) for line in trace)))
        return
    data: dict[str, Any] = output["data"] if isinstance(output.get("data"), dict) else output
    for mime_type, suffix in IMAGE_TYPES:
        if data.get(mime_type):
            alt = _alt_text(output, renderer.context.book.language)
            yield _save_image(renderer, notebook.join_source(data[mime_type]), suffix, alt)
            return
    html = remove_style_elements(notebook.join_source(data.get("text/html")))
    active = ACTIVE_TAG.search(html) if data.get("text/plain") else None
    if html.strip() and not active:
        yield nodes.raw(html, html, format="html")
    elif data.get("text/latex"):
        tex = notebook.join_source(data["text/latex"]).strip().strip("$").strip()
        yield nodes.math_block(tex, tex, nowrap=False, number=None)
    elif data.get("text/markdown"):
        box = nodes.container()
        with renderer.current_node_context(box):
            renderer.nested_render_text(notebook.join_source(data["text/markdown"]), 0, temp_root_node=box)
        yield box
    elif data.get("text/plain"):
        _report_script_output(renderer, data, active[1].lower() if active else "", position)
        yield _text(visible_terminal_text(notebook.join_source(data["text/plain"])))
    else:
        _report_script_output(renderer, data, "", position)


def _report_script_output(renderer: Any, data: dict[str, Any], tag: str, position: int) -> None:
    """Report an output that only a script displays; `tag` is the HTML element that needs it, or ""."""
    kind = next((name for mime, name in SCRIPT_OUTPUT_TYPES if any(mime in str(key) for key in data)), "")
    if not kind and (not tag or tag in TAGS_WITH_TEXT_FALLBACK):
        return
    shown = "its text is shown instead" if data.get("text/plain") else "it is left out"
    message = f"this output needs a script in the browser ({kind or f'<{tag}>'}); {shown}"
    hint = "Let the code draw a picture as well (PNG or SVG), run the notebook again and save it."
    renderer.context.report_problem(renderer.sphinx_env.docname, "output-not-stored", message, position, hint=hint)


def remove_style_elements(html: str) -> str:
    """Return HTML without its style elements: the book's theme styles its tables.

    >>> remove_style_elements("<style scoped>td { color: red }</style><table></table>")
    '<table></table>'
    """
    first, *rest = STYLE_START.split(html)
    return first + "".join(STYLE_END.split(part, maxsplit=1)[-1] if STYLE_END.search(part) else "" for part in rest)


def _alt_text(output: dict[str, Any], language: str) -> str:
    metadata: dict[str, Any] = output["metadata"] if isinstance(output.get("metadata"), dict) else {}
    for value in (metadata.get("alt"), *(v.get("alt") for v in metadata.values() if isinstance(v, dict))):
        if value:
            return str(value)
    return translate(language, "Picture made by the code above")


def _save_image(renderer: Any, data: str, suffix: str, alt: str) -> nodes.Element:
    """Save an image output (SVG, or base64) as a file and return its node."""
    context = renderer.context
    try:
        raw = data.encode() if suffix == "svg" else base64.b64decode(data)
    except (binascii.Error, ValueError):
        return _text(translate(context.book.language, "[a picture is stored here that cannot be read]"))
    path = context.cache_dir / "outputs" / f"{hashlib.sha256(raw).hexdigest()[:16]}.{suffix}"
    write_atomically(path, raw)
    folder = context.absolute_path(renderer.sphinx_env.docname).parent
    return nodes.image(uri=os.path.relpath(path, folder), alt=alt, made_by_oerbook=True)


def _missing_figure(renderer: Any, mystnb: dict[str, Any], position: int) -> list[nodes.Element]:
    """Return a placeholder for a figure drawn by code, so that references resolve."""
    settings = mystnb.get("figure") if isinstance(mystnb.get("figure"), dict) else None
    if not settings or not settings.get("caption"):
        return []
    figure = nodes.figure(classes=["not-run"], align="default")
    note = translate(
        renderer.context.book.language, "This figure is made by the code above, which was not run for this edition."
    )
    figure += nodes.paragraph(note, note, classes=["placeholder"])
    _caption_figure(renderer, figure, settings, position)
    renderer.context.report_problem(
        renderer.sphinx_env.docname,
        "output-not-stored",
        "the figure that this code draws is not stored, so the page shows a placeholder",
        position,
        severity=Severity.INFO,
        hint="Commit the picture and use {figure}, or install oerbook[notebooks] and set execute: true.",
    )
    return [figure]
