r"""Number equations by the \label and \tag in their TeX: one number for an equation or one for each line.

A number is not known when a formula is converted, so a mark with the label stands in its place until it is written:
the label in hexadecimal digits between two letters that no author uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from docutils import nodes
from sphinx import addnodes

from oerbook.document.context.page_state import EquationLine, page_state
from oerbook.formulas.convert import Formula
from oerbook.formulas.latex_packages.arguments import CommandArguments
from oerbook.formulas.tex_macros import join_tokens, tokenize

EQUATION_NUMBER_PLACEHOLDER = re.compile("\ua66e([0-9a-f]*)\ua66e")
REFERENCE_ONLY_FORMULA = re.compile(r"\s*\\(?:eq)?ref\s*\{([^{}]*)\}\s*")
GENERATED_LABEL = re.compile(r"[0-9a-f]{12}")  # given to an equation without one
NESTING_CHANGE_BY_TOKEN = {"{": 1, "}": -1, "\\begin": 1, "\\end": -1}


@dataclass(slots=True)
class _Line:
    """A line of an equation: its tokens, its label and tag, and how many columns it has."""

    tokens: list[str]
    label: str = ""
    tag: str = ""
    columns: int = 1


def number_equations(app: Any, doctree: nodes.document) -> None:
    """Take labels and tags out of the TeX of a page, and note what they number."""
    for node in list(doctree.findall(nodes.math)):
        match = REFERENCE_ONLY_FORMULA.fullmatch(node.astext())
        if match:
            _refer(app, node, match[1])
    for block in doctree.findall(nodes.math_block):
        if "\\label" in block.astext() or "\\tag" in block.astext():
            _number(app, block)
    for formula in doctree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block)):
        if "ref" in formula.astext():
            _set_text(formula, re.sub(r"\\(eq)?ref\s*\{([^{}]*)\}", _mark_reference, formula.astext()))


def _refer(app: Any, node: Any, label: str) -> None:
    """Make a formula that is nothing but a reference a link."""
    reference = addnodes.pending_xref(
        "",
        nodes.literal("", label, classes=["xref", "eq"]),
        refdomain="math",
        reftype="eq",
        refexplicit=False,
        reftarget=label,
        refdoc=app.env.current_document.docname,
        refwarn=True,
    )
    reference.source, reference.line = node.source, node.line
    node.parent.replace(node, reference)


def _mark_reference(match: re.Match[str]) -> str:
    mark = f"\ua66e{match[2].encode().hex()}\ua66e"
    return f"\\text{{({mark})}}" if match[1] else f"\\text{{{mark}}}"


def _number(app: Any, node: Any) -> None:
    lines, outer = _read_lines(tokenize(node.astext()))
    numbered = [line for line in lines if line.label or line.tag]
    if len(lines) == 1 or (len(numbered) == 1 and not numbered[0].tag):
        _set_text(node, outer.format_lines(lines, marked=False))
        _label_block(app, node, numbered[0].label, numbered[0].tag)
        return
    made = [EquationLine(line.label or _invent_label(app, node), line.tag) for line in numbered]
    for line, equation in zip(numbered, made, strict=True):
        line.label = equation.label
    _set_text(node, outer.format_lines(lines, marked=True))
    _label_lines(app, node, made)


def _invent_label(app: Any, node: Any) -> str:
    docname = app.env.current_document.docname
    return f"tag-{docname}-{len(page_state(app.env, docname).equation_lines)}-{node.line or 0}"


def _label_block(app: Any, node: Any, label: str, tag: str) -> None:
    docname = app.env.current_document.docname
    domain = app.env.domains.math_domain
    old = str(node.get("label") or "")
    if label and (not old or GENERATED_LABEL.fullmatch(old)):
        domain.equations.pop(old, None)
        node["ids"] = [one for one in node["ids"] if one != nodes.make_id(f"equation-{old}")]
        node["label"] = label
        _add_target(app, node, label)
        node["number"] = domain.get_equation_number_for(label)
    elif label and label != old:
        _add_target(app, node, label)
        page_state(app.env, docname).equation_lines[nodes.make_id(f"equation-{old}")] = [
            EquationLine(old, tag),
            EquationLine(label, "", shares_number=True),
        ]
        return
    if tag:
        if not node.get("label"):
            node["label"] = _invent_label(app, node)
            _add_target(app, node, node["label"])
        node["number"] = node.get("number") or 1
        identifier = nodes.make_id(f"equation-{node['label']}")
        page_state(app.env, docname).equation_lines[identifier] = [EquationLine(str(node["label"]), tag)]


def _label_lines(app: Any, node: Any, lines: Sequence[EquationLine]) -> None:
    old = str(node.get("label") or "")
    if old and GENERATED_LABEL.fullmatch(old):
        app.env.domains.math_domain.equations.pop(old, None)
        node["ids"] = [one for one in node["ids"] if one != nodes.make_id(f"equation-{old}")]
        old = ""
    own = [EquationLine(old, "")] if old else []
    node["number"], node["label"] = (node.get("number"), old) if old else (None, None)
    for line in lines:
        _add_target(app, node, line.label)
    state = page_state(app.env, app.env.current_document.docname)
    state.equation_lines[node["ids"][0]] = [*own, *lines]


def _add_target(app: Any, node: Any, label: str) -> None:
    identifier = nodes.make_id(f"equation-{label}")
    if identifier not in node["ids"]:
        node["ids"].append(identifier)
    domain = app.env.domains.math_domain
    domain.note_equation(app.env.current_document.docname, label, location=node)


class _Outer:
    """What stands around the lines of an equation: its environment."""

    def __init__(self, before: list[str], after: list[str]) -> None:
        self.before = before
        self.after = after

    def format_lines(self, lines: Sequence[_Line], *, marked: bool) -> str:
        """Return the TeX, with a mark for the number in a last column of each line that has one."""
        most = max(line.columns for line in lines)
        rows = []
        for line in lines:
            row = join_tokens(line.tokens).rstrip()
            if marked and line.label:
                gap = "&" * (most - line.columns + 2 - most % 2) if most > 1 else ""  # columns come in pairs
                row += f"{gap}\\quad\\text{{(\ua66e{line.label.encode().hex()}\ua66e)}}"
            rows.append(row)
        return join_tokens(self.before) + " \\\\\n".join(rows) + "\n" + join_tokens(self.after)


def _read_lines(tokens: Sequence[str]) -> tuple[list[_Line], _Outer]:
    """Return the lines of an equation without their labels and tags."""
    start, end = _inside(tokens)
    lines = [_Line([])]
    depth, index = 0, start
    while index < end:
        part = tokens[index]
        index += 1
        depth += NESTING_CHANGE_BY_TOKEN.get(part, 0)
        if part in ("\\label", "\\tag", "\\tag*"):
            arguments = CommandArguments(tokens, index)
            value = (arguments.group() or "").strip()
            index = arguments.index
            if part == "\\label":
                lines[-1].label = value
            else:
                lines[-1].tag = value
        elif depth == 0 and part == "\\\\":
            lines.append(_Line([]))
        else:
            lines[-1].columns += depth == 0 and part == "&"
            lines[-1].tokens.append(part)
    if len(lines) > 1 and not "".join(lines[-1].tokens).strip() and not lines[-1].label:
        lines.pop()
    return lines, _Outer(list(tokens[:start]), list(tokens[end:]))


def _inside(tokens: Sequence[str]) -> tuple[int, int]:
    """Return where the lines begin and end: inside the environment that holds the whole formula, if there is one."""
    first = next((n for n, part in enumerate(tokens) if not part.isspace()), 0)
    if not tokens or tokens[first : first + 1] != ["\\begin"]:
        return 0, len(tokens)
    arguments = CommandArguments(tokens, first + 1)
    name = arguments.group() or ""
    last = max((n for n, part in enumerate(tokens) if part == "\\end"), default=len(tokens))
    depth = 0
    for n in range(first, len(tokens)):
        depth += {"\\begin": 1, "\\end": -1}.get(tokens[n], 0)
        if depth == 0 and n < last:
            return 0, len(tokens)
    ending = CommandArguments(tokens, last + 1)
    ending.group()
    if "".join(tokens[ending.index :]).strip():  # a label behind the environment belongs to the whole formula
        return 0, len(tokens)
    if name.startswith("alignat"):
        arguments.group()
    inner_start, inner_end = arguments.index, last
    if name.startswith("equation"):
        start, end = _inside(tokens[inner_start:inner_end])
        return inner_start + start, inner_start + end
    return inner_start, inner_end


def _set_text(node: Any, tex: str) -> None:
    if tex != node.astext():
        node.children = []
        node += nodes.Text(tex)


def renumber_equations(_app: Any, env: Any) -> list[str]:
    """Give every line with a label its own number and every tag its text; the others count on in their order."""
    entries: dict[tuple[int, ...], list[tuple[int, str, str]]] = {}
    for docname, kinds in env.toc_fignumbers.items():
        for identifier, number in kinds.get("displaymath", {}).items():
            entries.setdefault(number[:-1], []).append((number[-1], docname, identifier))
    if not any(state.equation_lines for state in env.oerbook.values()):
        return []
    for prefix, equations in entries.items():
        count = 0
        for _, docname, identifier in sorted(equations):
            numbers = env.toc_fignumbers[docname]["displaymath"]
            lines = env.oerbook[docname].equation_lines.get(identifier) if docname in env.oerbook else None
            for line in lines or [EquationLine("", "")]:
                count += not line.tag and not line.shares_number
                number = (line.tag,) if line.tag else (*prefix, count)
                numbers[nodes.make_id(f"equation-{line.label}") if line.label else identifier] = number
    return []


def number_of_label(env: Any, label: str) -> str:
    """Return the number of an equation by its label, "" if there is none."""
    docname = env.domains.math_domain.equations.get(label, ("", 0))[0]
    number = env.toc_fignumbers.get(docname, {}).get("displaymath", {}).get(nodes.make_id(f"equation-{label}"), ())
    return ".".join(map(str, number))


def labels_referenced_in(tex: str) -> Iterator[str]:
    """Yield the labels whose numbers a formula shows."""
    for code in EQUATION_NUMBER_PLACEHOLDER.findall(tex):
        yield bytes.fromhex(code).decode()


def replace_number_placeholders(env: Any, formula: Formula) -> Formula:
    """Return a formula with the numbers that its marks stand for."""
    if "\ua66e" not in formula.tex:
        return formula

    def fill(text: str) -> str:
        return EQUATION_NUMBER_PLACEHOLDER.sub(
            lambda match: number_of_label(env, bytes.fromhex(match[1]).decode()) or "?", text
        )

    return replace(formula, **{name: fill(str(value)) for name, value in asdict(formula).items()})
