"""Convert roles."""

from __future__ import annotations

from oerbook.importers.rst_pages.context import RstContext, normalize_name
from oerbook.importers.rst_pages.escaping import EXPLICIT, code_span, escape_text, written_link

# Roles with the same name and form in MyST.
SAME_ROLES = frozenset(
    ["ref", "numref", "eq", "term", "download", "sub", "sup", "kbd", "guilabel", "menuselection", "abbr", "index",
     "cite", "cite:p", "cite:t", "cite:ps", "cite:ts", "cite:year", "cite:author", "footcite", "footcite:p",
     "footcite:t", "pep", "rfc", "manpage", "prf:ref", "doc", "command", "program", "dfn", "file", "samp"]
)  # fmt: skip
SHORT_ROLES = {
    "subscript": "sub",
    "superscript": "sup",
    "abbreviation": "abbr",
    "PEP": "pep",
    "RFC": "rfc",
    "term": "term",
}
EMPHASIS_ROLES = frozenset(["emphasis", "title-reference", "title", "t", "italic"])
CODE_ROLES = frozenset(
    ["code", "literal", "func", "meth", "class", "mod", "attr", "data", "exc", "obj", "const", "envvar", "option",
     "keyword", "token", "makevar", "mimetype", "newsgroup", "regexp", "any", "confval", "setting", "macro", "type"]
)  # fmt: skip
CALLABLE = ("func", "meth")


def convert_role(name: str, text: str, line: int, context: RstContext) -> str:
    """Return the words of a role as MyST."""
    name = context.custom_roles.get(name, name)
    plain = " ".join(text.split())
    if name == "math":
        return f"${plain}$"
    if name in context.book.external_links:
        return _external_link(name, plain, context)
    short = name
    for domain in ("std:", "py:", "c:", "cpp:", "js:"):
        short = short.removeprefix(domain)
    short = SHORT_ROLES.get(short, short)
    if short == "ref":
        return _cross_reference(plain, context)
    if short in CODE_ROLES:
        return _code_role(short, plain)
    if short in SAME_ROLES:
        return f"{{{short}}}`{plain.replace(chr(0), '')}`"
    return _plain_role(short, plain, line, context)


def _plain_role(name: str, text: str, line: int, context: RstContext) -> str:
    if name in EMPHASIS_ROLES or name == "strong":
        mark = "**" if name == "strong" else "*"
        return f"{mark}{escape_text(text.replace(chr(0), ''))}{mark}"
    if name in ("raw-html", "html"):
        return text
    if name and not name.startswith("raw"):
        context.report("import-simplified", f"the role “{name}” is not known; its words are shown", line, warning=False)
    return escape_text(text)


def _cross_reference(text: str, context: RstContext) -> str:
    """Return a reference; one to a section by its title gets the section's label."""
    explicit = EXPLICIT.match(text)
    target = (explicit["target"] if explicit else text).strip()
    label = normalize_name(target)
    if label not in context.book.labels:
        label = context.book.title_labels.get(label.rpartition(":")[2], label)
    written = label.replace(" ", "-")
    return f"{{ref}}`{explicit['words']} <{written}>`" if explicit else f"{{ref}}`{written}`"


def _code_role(name: str, text: str) -> str:
    explicit = EXPLICIT.match(text)
    shown = explicit["words"] if explicit else text
    if shown.startswith("~"):
        shown = shown[1:].rpartition(".")[2]
    shown = shown.lstrip("!").replace("\\\\", "\\").replace("\x00", "")
    call = "()" if name in CALLABLE and not explicit and not shown.endswith(")") else ""
    return code_span(f"{shown}{call}")


def _external_link(name: str, text: str, context: RstContext) -> str:
    address, caption = context.book.external_links[name]
    explicit = EXPLICIT.match(text)
    target = explicit["target"] if explicit else text
    words = (
        explicit["words"] if explicit else caption.replace("%s", target) if caption else address.replace("%s", target)
    )
    return written_link(words, address.replace("%s", target))
