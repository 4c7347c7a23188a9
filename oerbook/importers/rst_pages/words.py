"""Convert what stands in lines of text: roles, links, notes, substitutions, escaped characters."""

from __future__ import annotations

import re

from oerbook.importers.rst_pages.context import RstContext, normalize_name, title_slug
from oerbook.importers.rst_pages.escaping import EXPLICIT, code_span, escape_text, written_link
from oerbook.importers.rst_pages.roles import convert_role

START = r"(?:(?<=^)|(?<=[\s\-:/'\"<(\[{\u2018\u201c\u00ab\u2013\u2014\x00]))"
END = r"(?=$|[\s\-.,:;!?\\/'\")\]}>\u2019\u201d\u00bb\u2013\u2014\x00])"
TOKEN = re.compile(
    rf"(?P<literal>{START}``(?P<code>\S(?:.*?\S)?)``{END})"
    rf"|(?P<rolefirst>{START}:(?P<role1>[A-Za-z][\w:+.-]*):`(?P<text1>(?:\\.|[^`\\])+)`)"
    rf"|(?P<target>{START}_`(?P<text3>[^`]+)`{END})"
    rf"|(?P<quoted>{START}`(?P<text2>\S(?:(?:\\.|[^`\\])*[^`\s\\])?)`"
    rf"(?P<after>:(?P<role2>[A-Za-z][\w:+.-]*):|__|_)?{END})"
    rf"|(?P<strong>{START}\*\*\S(?:.*?\S)?\*\*{END})"
    rf"|(?P<emphasis>{START}\*(?!\*)\S(?:[^*]*?[^\s*\\])?\*{END})"
    rf"|(?P<note>{START}\[(?P<label>\#[\w.:+-]*|\*|\d+|[A-Za-z][\w.:+-]*)\]_{END})"
    rf"|(?P<substitution>{START}\|(?P<name>\S(?:[^|]*?\S)?)\|(?P<link>__?)?{END})"
    rf"|(?P<url>\b(?:https?|ftp|mailto):[^\s<>\x00]+)"
    rf"|(?P<word>(?<![\w`])(?P<ref>[A-Za-z0-9](?:[\w.+:-]*[A-Za-z0-9])?)(?P<marks>__?){END})",
    re.S,
)
KINDS = ("literal", "rolefirst", "target", "quoted", "strong", "emphasis", "note", "substitution", "url", "word")
LINE_START = re.compile(r"^(?P<space>\s*)(?P<char>[#>+-](?=\s)|>|:{3}|\d+(?=[.)]\s)|~{3}|=+$|-+$)", re.M)


def convert_words(text: str, line: int, context: RstContext) -> str:
    """Return text, which may have several lines, as MyST. `line` is the number of the first."""
    text = text.replace("\\ ", "\x00").replace("\\\n", "\x00\n")
    parts, end = [], 0
    for match in TOKEN.finditer(text):
        if match.start() < end or _is_escaped(text, match.start()):
            continue
        converted = _convert_token(match, line + text.count("\n", 0, match.start()), context)
        if converted is None:
            continue
        parts += [escape_text(text[end : match.start()]), converted]
        end = match.end()
    result = "".join([*parts, escape_text(text[end:])]).replace("\x00", "")
    return LINE_START.sub(_escape_line_start, result)


def _is_escaped(text: str, index: int) -> bool:
    before = re.search(r"\\*$", text[:index])
    return before is not None and len(before[0]) % 2 == 1


def _escape_line_start(match: re.Match[str]) -> str:
    """Return the start of a line that Markdown would read as a list, heading or quotation, escaped."""
    if match.start() == 0 and match["char"].isdigit():
        return f"{match['space']}{match['char']}\\" if match.string[match.end() : match.end() + 1] in ".)" else match[0]
    if match["char"].isdigit():
        return f"{match['space']}{match['char']}\\"
    return f"{match['space']}\\{match['char']}"


def _convert_token(match: re.Match[str], line: int, context: RstContext) -> str | None:
    """Return what markup in a line becomes, None if it is plain text."""
    kind = next(name for name in KINDS if match[name] is not None)
    if kind == "rolefirst":
        return convert_role(match["role1"], match["text1"], line, context)
    if kind == "quoted":
        return _quoted(match, line, context)
    if kind == "note":
        return _note_reference(match["label"], context)
    if kind == "substitution":
        return _substitution(match, context)
    if kind == "word":
        return _simple_reference(match["ref"], match["marks"], context)
    return _convert_plain(kind, match)


def _convert_plain(kind: str, match: re.Match[str]) -> str:
    if kind == "literal":
        return code_span(" ".join(match["code"].replace("\x00", "\\ ").split("\n")))
    if kind == "target":
        return f"[{escape_text(match['text3'])}]{{#{title_slug(match['text3'])}}}"
    if kind == "url":
        return match["url"].replace("\\", "")
    marks = "**" if kind == "strong" else "*"
    return f"{marks}{escape_text(match[kind][len(marks) : -len(marks)])}{marks}"


def _quoted(match: re.Match[str], line: int, context: RstContext) -> str | None:
    text, after = match["text2"], match["after"] or ""
    if match["role2"]:
        return convert_role(match["role2"], text, line, context)
    if not after:
        return convert_role(context.default_role or "title", text, line, context)
    explicit = EXPLICIT.match(text)
    if explicit and explicit["words"]:
        target = " ".join(explicit["target"].split())
        if target.endswith("_") and not re.match(r"\w+:", target):
            return _link(explicit["words"], normalize_name(target[:-1]), context) or escape_text(explicit["words"])
        if after == "_":
            context.targets.setdefault(normalize_name(explicit["words"]), target)
        return written_link(explicit["words"], target)
    if explicit:
        return f"<{explicit['target']}>"
    if after == "__":
        return written_link(text, context.anonymous.pop(0)) if context.anonymous else escape_text(text)
    found = _link(text, normalize_name(text), context)
    if found is None:
        context.report("import-reference", f"the link “{' '.join(text.split())}” leads nowhere", line)
    return found or escape_text(text)


def _link(words: str, name: str, context: RstContext) -> str | None:
    """Return a link to a named target of the page, None if there is no such target."""
    for _ in range(8):
        target = context.targets.get(name)
        if target is None or not target.endswith("_") or ":" in target:
            break
        name = normalize_name(target.rstrip("_").strip("`"))
    if name in context.targets:
        return written_link(words, context.targets[name])
    if name in context.own_labels or name in context.book.labels:
        return f"[{escape_text(words)}](#{name.replace(' ', '-')})"
    if name in context.titles:
        return f"[{escape_text(words)}](#{context.titles[name]})"
    return None


def _simple_reference(word: str, marks: str, context: RstContext) -> str | None:
    if marks == "__":
        return written_link(word, context.anonymous.pop(0)) if context.anonymous else None
    return _link(word, normalize_name(word), context)


def _note_reference(label: str, context: RstContext) -> str:
    if label[0].isalpha():
        return f"[\\[{label}\\]](#{citation_label(label)})"
    return f"[^{note_name(label, context.references)}]"


def citation_label(key: str) -> str:
    """Return the label of a work in a list of works.

    >>> citation_label("KZ1989")
    'cite-kz1989'
    """
    return f"cite-{key.lower()}"


def note_name(label: str, counts: dict[str, int]) -> str:
    """Return the name of a note; those that are numbered automatically get their place in the page.

    >>> counts = {}
    >>> note_name("#", counts), note_name("#", counts), note_name("#loam", counts), note_name("3", counts)
    ('note-1', 'note-2', 'note-loam', '3')
    """
    if label in ("#", "*"):
        counts[label] = counts.get(label, 0) + 1
        return f"{'note' if label == '#' else 'mark'}-{counts[label]}"
    return f"note-{label[1:]}" if label.startswith("#") else label


def _substitution(match: re.Match[str], context: RstContext) -> str | None:
    name = normalize_name(match["name"])
    text = context.substitutions.get(name)
    if text is None:
        return None
    if match["link"]:
        return _link(text, name, context) or text
    return text
