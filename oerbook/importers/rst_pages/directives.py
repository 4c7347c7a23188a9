"""Convert directives: boxes, figures, included files, and those that other tools define."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from oerbook.importers.line_conversion.links import resolve_path
from oerbook.importers.line_conversion.myst_blocks import colon_lines, directive_lines
from oerbook.importers.rst_pages.code_directives import CODE_HANDLERS
from oerbook.importers.rst_pages.context import RstContext
from oerbook.importers.rst_pages.directive import Directive
from oerbook.importers.rst_pages.directive_names import (
    BOXES,
    DEFINITIONS,
    DROPPED,
    FIGURE_OPTIONS,
    PICTURE_SUFFIXES,
    QUOTES,
    TITLED_BOXES,
    UNWRAPPED,
)
from oerbook.importers.rst_pages.directive_tools import Tools, content_lines, lines_with_flags, title_words
from oerbook.importers.rst_pages.escaping import escape_text
from oerbook.importers.rst_pages.table_directives import TABLE_HANDLERS

ROLE = re.compile(r"^(?P<name>[\w-]+)(?:\((?P<base>[\w-]+)\))?")
MANY_WORDS = 2


def convert_directive(directive: Directive, tools: Tools) -> list[str]:
    """Return the lines of MyST for a directive."""
    name = directive.name
    handler = HANDLERS.get(name)
    if handler is not None:
        return handler(directive, tools)
    if name in BOXES:
        return _box(directive, tools)
    if name in TITLED_BOXES:
        return _titled_box(directive, tools)
    if name in DROPPED and not (name == "module" and directive.content):
        return []
    if name in UNWRAPPED and (directive.content or name not in DEFINITIONS):
        return _unwrapped(directive, tools)
    if name in QUOTES:
        return colon_lines(name, "", {}, content_lines(directive, tools))
    return _less_common(directive, tools)


def _less_common(directive: Directive, tools: Tools) -> list[str]:
    name = directive.name
    if name.rpartition(":")[2] in DEFINITIONS:
        return _definition(directive, tools)
    if name.startswith("auto"):
        tools.context.report("import-unsupported", f"{name}: documentation from code is not made", directive.line)
        return []
    return _unknown(directive, tools)


def _box(directive: Directive, tools: Tools) -> list[str]:
    first = tools.convert(directive.argument.split("\n"), directive.line) if directive.argument else []
    rest = content_lines(directive, tools)
    gap = [""] if first and rest and not _continues(directive) else []
    options = {key: directive.options[key] for key in ("class", "name") if directive.options.get(key)}
    return colon_lines(directive.name, "", options, [*first, *gap, *rest])


def _continues(directive: Directive) -> bool:
    """Say whether the content goes on in the paragraph that begins beside the name."""
    return directive.content_line == directive.line + 1 and not directive.options


def _titled_box(directive: Directive, tools: Tools) -> list[str]:
    argument = directive.argument
    name = "dropdown" if directive.name == "details" else directive.name
    title = argument if name in ("solution", "grid") else title_words(argument, directive, tools)
    options = {key: value for key, value in directive.options.items() if value}
    lines = colon_lines(name, title, options, content_lines(directive, tools))
    for flag in (key for key, value in directive.options.items() if not value):
        lines.insert(1, f":{flag}:")
    return lines


def _unwrapped(directive: Directive, tools: Tools) -> list[str]:
    if directive.name in ("rst-class", "class", "cssclass") and not directive.content:
        return []
    argument = directive.argument if directive.name == "centered" else ""
    first = [f"**{title_words(argument, directive, tools)}**", ""] if argument else []
    if directive.name == "container" and directive.argument:
        message = f"the block “{directive.argument}” is shown as ordinary text, as its look is defined elsewhere"
        tools.context.report("import-simplified", message, directive.line, warning=False)
    return [*first, *content_lines(directive, tools)]


def _figure(directive: Directive, tools: Tools) -> list[str]:
    path = find_picture(" ".join(directive.argument.split()), directive, tools.context)
    options = {name: directive.options[name] for name in FIGURE_OPTIONS if directive.options.get(name)}
    options = {
        key: value.replace(" ", "") if key in ("width", "height", "scale") else value for key, value in options.items()
    }
    if directive.name == "image":
        options.pop("figclass", None)
        options.pop("figwidth", None)
        return directive_lines("image", path, options, [])
    return directive_lines("figure", path, options, content_lines(directive, tools))


def find_picture(path: str, directive: Directive, context: RstContext) -> str:
    """Return a picture's path: of `name.*`, and of a picture that is made by a program, the best file that there is."""
    page, tracked = context.page, context.page.tracked
    target = resolve_path(path, page.path, context.book.base)
    if target in tracked or "://" in path:
        return path
    stem = re.sub(r"\.(?:\*|\w+)$", "", target)
    best = next((f"{stem}{suffix}" for suffix in PICTURE_SUFFIXES if f"{stem}{suffix}" in tracked), "")
    if not best:
        if path.endswith(".*"):
            context.report("import-picture-missing", f"there is no picture {path}", directive.line)
        return path
    return posixpath.relpath(best, posixpath.dirname(page.path) or ".")


def _include(directive: Directive, tools: Tools) -> list[str]:
    path = directive.argument.split("\n")[0]
    context = tools.context
    target = resolve_path(path, context.page.path, context.book.base)
    if path.startswith("<"):
        return []
    if target not in context.page.tracked:
        context.report("import-page-missing", f"the included file {path} is not in the book", directive.line)
        return [f"% {path}"]
    if "literal" in directive.options or "code" in directive.options:
        return lines_with_flags("literalinclude", path, {"language": directive.options.get("code", "")}, ())
    context.included.setdefault(target, tuple(context.styles))
    kept = {
        key: value
        for key, value in directive.options.items()
        if key in ("start-line", "end-line", "start-after", "end-before")
    }
    return lines_with_flags("include", path, kept, ())


def _only(directive: Directive, tools: Tools) -> list[str]:
    return colon_lines("only", directive.argument, {}, content_lines(directive, tools))


def _raw(directive: Directive, tools: Tools) -> list[str]:
    if directive.argument.split()[:1] not in (["html"], []) and any(line.strip() for line in directive.content):
        message = f"this passage for {directive.argument} alone is kept in the file and not shown"
        tools.context.report("import-simplified", message, directive.line, warning=False)
    return directive_lines(
        "raw", directive.argument, {key: v for key, v in directive.options.items() if key == "file"}, directive.content
    )


def _rubric(directive: Directive, tools: Tools) -> list[str]:
    return directive_lines("rubric", title_words(directive.argument, directive, tools), {}, [])


def _tab(directive: Directive, tools: Tools) -> list[str]:
    return [
        *colon_lines(
            "tab-item", title_words(directive.argument, directive, tools), {}, content_lines(directive, tools)
        ),
        "",
    ]


def _tabs(directive: Directive, tools: Tools) -> list[str]:
    return colon_lines("tab-set", "", {}, content_lines(directive, tools))


def _video(directive: Directive, _tools: Tools) -> list[str]:
    name = directive.name if directive.name in ("youtube", "vimeo", "video", "audio") else "video"
    return directive_lines(name, directive.argument, {}, [])


def _bibliography(directive: Directive, _tools: Tools) -> list[str]:
    return directive_lines(
        directive.name, directive.argument, {k: v for k, v in directive.options.items() if k in ("filter", "style")}, []
    )


def _role(directive: Directive, tools: Tools) -> list[str]:
    if match := ROLE.match(directive.argument):
        tools.context.custom_roles[match["name"]] = match["base"] or ""
    return []


def _default_role(directive: Directive, tools: Tools) -> list[str]:
    tools.context.default_role = directive.argument
    return []


def _definition(directive: Directive, tools: Tools) -> list[str]:
    """Return the description of a function, option or the like as a definition."""
    terms = [f"`{line.strip()}`" for line in directive.argument.split("\n") if line.strip()]
    content = content_lines(directive, tools) or [""]
    body = [f": {content[0]}".rstrip(), *(f"  {line}" if line else "" for line in content[1:])]
    return [*terms, *body] if content != [""] else [f"{term}\\" for term in terms[:-1]] + terms[-1:]


def _unknown(directive: Directive, tools: Tools) -> list[str]:
    """Return a directive that is not known as a box: its title, its options that hold words, its content."""
    context = tools.context
    message = f"the directive “{directive.name}” is not known; its content is shown as text"
    context.report("import-simplified", message, directive.line, warning=False)
    title = title_words(directive.argument, directive, tools)
    spoken = {key: value for key, value in directive.options.items() if len(value.split()) > MANY_WORDS}
    fields = [
        f":{escape_text(key.replace('_', ' '))}: {title_words(value, directive, tools)}"
        for key, value in spoken.items()
    ]
    content = content_lines(directive, tools)
    body = [*content, *([""] if content and fields else []), *fields]
    if not body:
        return [title] if title else []
    heading = title or directive.name.rpartition(":")[2].replace("-", " ").capitalize()
    return colon_lines("admonition", heading, {}, body)


HANDLERS: dict[str, Callable[[Directive, Tools], list[str]]] = {
    **CODE_HANDLERS,
    **TABLE_HANDLERS,
    **dict.fromkeys(("figure", "image"), _figure),
    "include": _include,
    "only": _only,
    "raw": _raw,
    "rubric": _rubric,
    **dict.fromkeys(("tab", "group-tab", "tabbed", "code-tab"), _tab),
    **dict.fromkeys(("tabs", "tab-set-code"), _tabs),
    **dict.fromkeys(("youtube", "vimeo", "video", "audio"), _video),
    **dict.fromkeys(("bibliography", "footbibliography"), _bibliography),
    "role": _role,
    "default-role": _default_role,
}
