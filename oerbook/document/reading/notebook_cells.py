"""Notebook cells on the page: the code, its stored outputs, and a placeholder where a figure was never stored."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Iterator
from typing import Any

import yaml
from docutils import nodes

from oerbook.document.context.build_context import desk
from oerbook.model.findings import Severity
from oerbook.source import notebook

NAMES = frozenset({"code-cell", "code-cell-md", "raw-cell"})
MOST_OPTIONS = 20_000  # characters
HIDDEN = {"remove-cell", "remove_cell"}
PICTURES = (
    ("image/svg+xml", "svg"),
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
)
STYLE, STYLE_END = re.compile(r"<style\b", re.I), re.compile(r"</style\s*>", re.I)
WORKING = re.compile(r"<\s*(script|iframe|object|embed|video|audio|canvas|button|input|svg|progress)\b", re.I)
WIDGETS = frozenset(["button", "input", "svg", "progress"])  # whose text says the same
OPTION = re.compile(r"^:([\w-]+):\s*(.*)$")


def split(content: str) -> tuple[dict[str, Any], str]:
    """Divide a cell's text into its options (both of MyST's forms) and the code.

    >>> split(":tags: [hide-input]\\n\\nprint(1)")
    ({'tags': ['hide-input']}, 'print(1)')
    """
    lines = content.split("\n")
    if lines and lines[0].strip() == "---":
        ends = [place for place, line in enumerate(lines[1:], start=1) if line.strip() == "---"]
        if ends:
            return _options("\n".join(lines[1 : ends[0]])), "\n".join(lines[ends[0] + 1 :]).strip("\n")
    count = 0
    while count < len(lines) and OPTION.match(lines[count]):
        count += 1
    head = "\n".join(f"{m[1]}: {m[2]}" for line in lines[:count] if (m := OPTION.match(line)))
    return _options(head), "\n".join(lines[count:]).strip("\n")


def _options(text: str) -> dict[str, Any]:
    """Read options as plain YAML; anchors, aliases and long texts are not options."""
    if len(text) > MOST_OPTIONS:
        return {}
    try:
        tokens = list(yaml.scan(text, Loader=yaml.SafeLoader))
        bombs = any(isinstance(token, yaml.AliasToken | yaml.AnchorToken) for token in tokens)
        read = None if bombs else yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def tags_of(options: dict[str, Any]) -> set[str]:
    """Return the tags of a cell, however they were written."""
    tags = options.get("tags") or []
    found = {tags} if isinstance(tags, str) else {str(tag) for tag in tags}
    return found | {key for key in options if key.startswith(("hide-", "remove-"))}


def render(renderer: Any, name: str, first_line: str, content: str, position: int) -> list[nodes.Element]:
    """Return the nodes of a code cell: what it says and, where they are stored, its outputs."""
    options, code = split(content)
    tags = tags_of(options)
    options["place"] = renderer.md_env["oerbook_place"] = renderer.md_env.get("oerbook_place", -1) + 1
    if tags & HIDDEN:
        return []
    box = nodes.container(classes=["cell", *sorted(f"tag_{tag}" for tag in tags)])
    box.line = position
    if code.strip() and not tags & {"remove-input", "remove_input"}:
        language = first_line.strip().split()[0] if first_line.strip() else "python"
        block = nodes.literal_block(code, code, language=language)
        block.source, block.line = renderer.document["source"], position
        box += nodes.container("", block, classes=["cell_input"])
    shown = nodes.container(classes=["cell_output"])
    if not tags & {"remove-output", "remove_output"}:
        for node in _outputs(renderer, options, position):
            shown += node
    if shown.children:
        box += shown
    after = _unstored_figure(renderer, options, position) if not shown.children else []
    return [*([box] if box.children else []), *after]


def _outputs(renderer: Any, options: dict[str, Any], position: int) -> Iterator[nodes.Node]:
    stream = ""
    for output in _found(renderer, options):
        if output.get("output_type") == "stream":
            stream += notebook.plain(notebook.joined(output.get("text")))
            continue
        if stream:
            yield _text(stream)
            stream = ""
        yield from _display(renderer, output, position)
    if stream:
        yield _text(stream)


def _found(renderer: Any, options: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the outputs of a cell: stored in its notebook, or made when the page's code was run."""
    run = renderer.md_env.get("oerbook_run")
    if run is not None:
        return list(run[options["place"]]) if options["place"] < len(run) else []
    stored = renderer.md_env.get("oerbook_notebook")
    return notebook.outputs_of(stored, int(options["cell"])) if stored is not None and "cell" in options else []


def _text(text: str) -> nodes.literal_block:
    return nodes.literal_block(text, text.rstrip("\n"), language="none", classes=["output", "text_plain"])


def _display(renderer: Any, output: dict[str, Any], position: int) -> Iterator[nodes.Node]:
    """Yield the best form of one output: picture, table, formula, text."""
    if output.get("output_type") in {"error", "pyerr"}:
        trace = output.get("traceback") or [f"{output.get('ename')}: {output.get('evalue')}"]
        yield _text(notebook.plain("\n".join(str(line) for line in trace)))
        return
    data: dict[str, Any] = output["data"] if isinstance(output.get("data"), dict) else output
    alt = _alt(output)
    for kind, suffix in PICTURES:
        if data.get(kind):
            yield _picture(renderer, notebook.joined(data[kind]), suffix, alt)
            return
    html = unstyled(notebook.joined(data.get("text/html")))
    acts = WORKING.search(html) if data.get("text/plain") else None
    if html.strip() and not acts:
        yield nodes.raw(html, html, format="html")
    elif data.get("text/latex"):
        tex = notebook.joined(data["text/latex"]).strip().strip("$").strip()
        yield nodes.math_block(tex, tex, nowrap=False, number=None)
    elif data.get("text/markdown"):
        box = nodes.container()
        renderer.nested_render_text(notebook.joined(data["text/markdown"]), 0, temp_root_node=box)
        yield box
    elif data.get("text/plain"):
        if acts and acts[1].lower() not in WIDGETS:
            words = (
                f"a script would draw this output in the browser (<{acts[1].lower()}>), so its text stands in its place"
            )
            hint = "Let the code draw a picture as well (PNG or SVG), run the notebook again and store it."
            desk().say(renderer.sphinx_env.docname, "output-not-stored", words, position, hint=hint)
        yield _text(notebook.plain(notebook.joined(data["text/plain"])))


def unstyled(html: str) -> str:
    """Return HTML without its styles: they say how a table looks in a notebook, and a book has its own.

    >>> unstyled("<style scoped>td { color: red }</style><table></table>")
    '<table></table>'
    """
    first, *rest = STYLE.split(html)
    return first + "".join(STYLE_END.split(piece, maxsplit=1)[-1] if STYLE_END.search(piece) else "" for piece in rest)


def _alt(output: dict[str, Any]) -> str:
    metadata: dict[str, Any] = output["metadata"] if isinstance(output.get("metadata"), dict) else {}
    for value in (metadata.get("alt"), *(v.get("alt") for v in metadata.values() if isinstance(v, dict))):
        if value:
            return str(value)
    return "Picture made by the code above"


def _picture(renderer: Any, text: str, suffix: str, alt: str) -> nodes.Element:
    here = desk()
    try:
        raw = text.encode() if suffix == "svg" else base64.b64decode(text)
    except (binascii.Error, ValueError):
        return _text("[a picture is stored here that cannot be read]")
    path = here.work / "outputs" / f"{hashlib.sha256(raw).hexdigest()[:16]}.{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    folder = here.file(renderer.sphinx_env.docname).parent
    return nodes.image(uri=os.path.relpath(path, folder), alt=alt, made_by_oerbook=True)


def _unstored_figure(renderer: Any, options: dict[str, Any], position: int) -> list[nodes.Element]:
    """Return a numbered figure in place of one that the code would make, so that references to it hold."""
    mystnb: dict[str, Any] = options["mystnb"] if isinstance(options.get("mystnb"), dict) else {}
    wanted = mystnb.get("figure") if isinstance(mystnb.get("figure"), dict) else None
    if not wanted or not wanted.get("caption"):
        return []
    figure = nodes.figure(classes=["not-run"], align="default")
    note = "This figure is made by the code above, which was not run for this edition."
    figure += nodes.paragraph(note, note, classes=["placeholder"])
    caption = nodes.caption()
    with renderer.current_node_context(caption):
        renderer.nested_render_text(str(wanted["caption"]), position, inline=True)
    figure += caption
    figure.source, figure.line = renderer.document["source"], position
    if wanted.get("name"):
        figure["names"].append(nodes.fully_normalize_name(str(wanted["name"])))
        renderer.document.note_explicit_target(figure, figure)
    desk().say(
        renderer.sphinx_env.docname,
        "output-not-stored",
        "the figure that this code makes is not stored, so a note stands in its place",
        position,
        severity=Severity.INFO,
        hint="Commit the picture and use {figure}, or install oerbook[notebooks] and set execute: true.",
    )
    return [figure]
