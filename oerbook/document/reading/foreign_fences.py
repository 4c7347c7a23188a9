"""Read the first lines of fences as other tools write them.

mystmd: `{tip #label .class icon=false}`. Quarto and pandoc: `::: {.callout-note title="Words"}`, `::: {#thm-line}`.
Docusaurus and others: `:::tip Words`, `:::tip[Words]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from oerbook.document.reading.attributes import parse_attributes
from oerbook.document.reading.foreign_blocks import DIRECTIVE_BY_ADMONITION_NAME

DIRECTIVE_INFO = re.compile(r"\{(?P<name>[\w:.-]+)(?P<attributes>(?:\s+[^{}]*)?)\}\s*(?P<rest>.*)", re.S)
DIV_ATTRIBUTES = re.compile(r"\{(?P<items>[^{}]*)\}\s*:*")
BOX_INFO_WITHOUT_BRACES = re.compile(r"(?P<name>[a-z]+)(?:\[(?P<bracketed>[^\]]*)\]|[ \t]+(?P<title>.*))?\s*")
FIRST_HEADING = re.compile(r"\s*#{1,6}[ \t]+(?P<words>[^\n]*?)[ \t]*#*[ \t]*(?:\n|$)")
DIRECTIVE_BY_LABEL_PREFIX = {
    "thm": "theorem",
    "lem": "lemma",
    "cor": "corollary",
    "prp": "proposition",
    "cnj": "conjecture",
    "def": "definition",
    "exm": "example",
    "rem": "remark",
    "alg": "algorithm",
}
THEOREM_DIRECTIVES = frozenset(
    [*DIRECTIVE_BY_LABEL_PREFIX.values(), "proof", "axiom", "assumption", "notation", "property", "observation"]
)
FLAG_OPTIONS = frozenset(["open", "icon", "numbered", "nonumber"])


@dataclass(frozen=True, slots=True)
class FenceDirective:
    """A directive: its name, its argument, its options and its content."""

    name: str
    argument: str
    content: str
    options: dict[str, str] = field(default_factory=dict)


def parse_directive_fence(info: str, content: str) -> FenceDirective | None:
    """Return a fence whose braces hold the name of a directive and attributes.

    >>> parse_directive_fence("{tip #a .b icon=false} Words", "").options
    {'label': 'a', 'class': 'b', 'icon': 'false'}
    """
    match = DIRECTIVE_INFO.fullmatch(info.strip())
    if not match or match["name"].startswith("."):
        return None
    options = parse_attributes(match["attributes"])
    if "id" in options:
        options["label"] = options.pop("id")
    options |= {word: "" for word in match["attributes"].split() if word in FLAG_OPTIONS}
    return FenceDirective(
        match["name"], match["rest"].strip(), content, {key: options[key] for key in sorted(options, key=_order)}
    )


def _order(key: str) -> tuple[bool, bool]:
    return key != "label", key != "class"


def parse_colon_fence(info: str, content: str) -> FenceDirective | None:
    """Return a box that another tool writes with colons, None if it is none."""
    info = info.strip()
    if match := DIV_ATTRIBUTES.fullmatch(info):
        return _div(parse_attributes(match["items"]), content)
    match = BOX_INFO_WITHOUT_BRACES.fullmatch(info)
    if not match or (match["name"] not in DIRECTIVE_BY_ADMONITION_NAME and match["name"] != "details"):
        return None
    return _box(match["name"], (match["bracketed"] or match["title"] or "").strip(), content, {})


def _div(attributes: dict[str, str], content: str) -> FenceDirective | None:
    classes = attributes.get("class", "").split()
    label = attributes.get("id", "")
    options = {"label": label} if label else {}
    kind = next(
        (
            name.removeprefix("callout-")
            for name in classes
            if name.removeprefix("callout-") in DIRECTIVE_BY_ADMONITION_NAME
        ),
        "",
    )
    statement = next(
        (name for name in classes if name in THEOREM_DIRECTIVES),
        DIRECTIVE_BY_LABEL_PREFIX.get(label.partition("-")[0], ""),
    )
    title, content = _title(attributes, content) if kind or statement or label.startswith("exr-") else ("", content)
    if kind:
        folded = {"class": "dropdown"} if attributes.get("collapse") == "true" else {}
        return _box(kind, title, content, options | folded)
    if statement:
        return FenceDirective(f"prf:{statement}", title, content, options)
    if label.startswith("fig-"):
        return FenceDirective("subfigure", "", content, options)
    if label.startswith("exr-"):
        return FenceDirective("exercise", title, content, options)
    if {"column-margin", "aside", "margin"} & set(classes):
        return FenceDirective("margin", "", content, {})
    return None


def _title(attributes: dict[str, str], content: str) -> tuple[str, str]:
    """Return the title of a div, an attribute or its first heading, and the rest of its content."""
    if title := attributes.get("title") or attributes.get("name"):
        return title, content
    match = FIRST_HEADING.match(content)
    return (match["words"], "\n" * match[0].count("\n") + content[match.end() :]) if match else ("", content)


def _box(kind: str, title: str, content: str, options: dict[str, str]) -> FenceDirective:
    if kind == "details":
        return FenceDirective("dropdown", title or "…", content, options)
    name = DIRECTIVE_BY_ADMONITION_NAME[kind]
    if not title and name == kind:
        return FenceDirective(name, "", content, options)
    classes = f"{name} {options.get('class', '')}".strip()
    return FenceDirective("admonition", title or kind.capitalize(), content, {**options, "class": classes})
