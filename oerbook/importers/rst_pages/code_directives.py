"""Convert directives that hold code, formulas and diagrams."""

from __future__ import annotations

import re
from collections.abc import Callable

from oerbook.importers.line_conversion.myst_blocks import directive_lines, fence_length, trim_blank_lines
from oerbook.importers.rst_pages.directive import Directive
from oerbook.importers.rst_pages.directive_names import CODE, CODE_OPTIONS, DIAGRAMS, RUN_CODE
from oerbook.importers.rst_pages.directive_tools import Tools, lines_with_flags, title_words
from oerbook.importers.rst_pages.words import convert_words


def _code(directive: Directive, tools: Tools) -> list[str]:
    language = directive.argument or tools.context.language or tools.context.book.language
    used = {key: value for key, value in directive.options.items() if key in CODE_OPTIONS}
    if "number-lines" in directive.options:
        used["linenos"] = ""
        used |= {"lineno-start": directive.options["number-lines"]} if directive.options["number-lines"] else {}
    if "caption" in used:
        used["caption"] = title_words(used["caption"], directive, tools)
    if directive.name == "literalinclude":
        return lines_with_flags("literalinclude", directive.argument, used, ())
    mark = "`" * fence_length(directive.content, "`")
    if not used:
        return [f"{mark}{language}", *directive.content, mark]
    return lines_with_flags("code-block", language, used, directive.content)


def _shown_code(directive: Directive, tools: Tools) -> list[str]:
    language = directive.options.get("language") or RUN_CODE[directive.name]
    content = list(directive.content)
    before: list[str] = []
    if "~~~~" in [line.strip() for line in content]:  # Runestone: words above, code below
        cut = next(index for index, line in enumerate(content) if line.strip() == "~~~~")
        before = [*trim_blank_lines(tools.convert(content[:cut], directive.content_line)), ""]
        content = content[cut + 1 :]
        content = content[: next((n for n, line in enumerate(content) if line.strip() == "===="), len(content))]
    code = trim_blank_lines(content)
    caption = directive.options.get("caption", "")
    mark = "`" * fence_length(code, "`")
    if not code:
        return before
    block = [f"{mark}{language}", *code, mark]
    return [*before, *(directive_lines("code-block", language, {"caption": caption}, code) if caption else block)]


def _math(directive: Directive, _tools: Tools) -> list[str]:
    argument = directive.argument.split("\n") if directive.argument else []
    lines = [*argument, *([""] if argument and directive.content else []), *directive.content]
    label = directive.options.get("label") or directive.options.get("name") or ""
    groups = [group for group in "\n".join(lines).split("\n\n") if group.strip()]
    parts = [group.strip("\n") if "nowrap" in directive.options else _wrapped(group.strip("\n")) for group in groups]
    tex = parts[0] if len(parts) == 1 else " \\\\\n".join(parts)
    if len(parts) > 1 and "nowrap" not in directive.options:
        tex = f"\\begin{{gathered}}\n{tex}\n\\end{{gathered}}"
    if not tex:
        return []
    body = [line for line in tex.split("\n") if line.strip()]
    return ["$$", *body, f"$$ ({label})" if label else "$$"]


def _wrapped(tex: str) -> str:
    r"""Return a formula with several lines in an environment that aligns them, as Sphinx does."""
    is_environment = re.match(
        r"\s*\\begin\{(?:align|equation|gather|multline|eqnarray|split|aligned|alignat|flalign|cases)", tex
    )
    outside = re.sub(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}", "", tex, flags=re.S)
    return tex if is_environment or "\\\\" not in outside else f"\\begin{{aligned}}\n{tex}\n\\end{{aligned}}"


def _parsed_literal(directive: Directive, tools: Tools) -> list[str]:
    lines = [*directive.argument.split("\n"), *directive.content] if directive.argument else list(directive.content)
    text = convert_words("\n".join(lines), directive.line, tools.context)
    plain = re.sub(r"\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\([^)]*\)", lambda m: m[1] or m[2] or m[3], text)
    return ["```text", *re.sub(r"\\(?=[<$>#*_\[\]|-])", "", plain).split("\n"), "```"]


def _highlight(directive: Directive, tools: Tools) -> list[str]:
    tools.context.language = "" if directive.argument in ("none", "default") else directive.argument
    return []


def _diagram(directive: Directive, tools: Tools) -> list[str]:
    content = directive.content or (directive.argument,)
    caption = directive.options.get("caption", "")
    tools.context.report(
        "import-figure-missing", f"this {directive.name} diagram is shown as source code", directive.line
    )
    language = "dot" if directive.name in ("graphviz", "digraph", "graph") else "text"
    return directive_lines(
        "code-block", language, {"caption": caption, "name": directive.options.get("name", "")}, content
    )


CODE_HANDLERS: dict[str, Callable[[Directive, Tools], list[str]]] = {
    **dict.fromkeys(CODE, _code),
    **dict.fromkeys(RUN_CODE, _shown_code),
    **dict.fromkeys(DIAGRAMS, _diagram),
    "math": _math,
    "parsed-literal": _parsed_literal,
    "highlight": _highlight,
}
