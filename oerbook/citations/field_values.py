r"""Prepare the values of BibTeX fields for pandoc's LaTeX reader.

Reference managers export HTML in titles, escaped addresses and signs that LaTeX reads as commands.
"""

from __future__ import annotations

import html
import re

from pybtex.richtext import Text

from oerbook.citations.latex_symbols import replace_symbol_commands
from oerbook.source.bibtex_parser import BibtexEntry

VERBATIM_FIELDS = frozenset({"url", "doi", "eprint", "file", "isbn", "issn"})
TITLE_FIELDS = frozenset({"title", "subtitle", "booktitle", "booksubtitle", "maintitle", "mainsubtitle", "titleaddon"})
NAME_LIST_FIELDS = frozenset({"publisher", "location", "address", "institution", "organization", "school"})
# Pandoc shows the LaTeX of these fields as it is typed.
PLAIN_TEXT_FIELDS = frozenset(
    {"type", "number", "volume", "issue", "edition", "chapter", "eid", "version", "series", "pages"}
)
NAME_FIELDS = frozenset({"author", "editor", "translator", "editora", "editorb", "bookauthor", "holder"})
# Fields that are shown or that decide how others are; notes, keywords and abstracts are for their collector.
IGNORED_FIELDS = frozenset(
    {"abstract", "keywords", "file", "annote", "annotation", "owner", "timestamp", "comment", "review"}
)
IGNORED_FIELD_PREFIXES = ("bdsk-", "jabref", "mendeley-", "zotero")
LATEX_COMMAND_BY_TAG = {"i": "emph", "em": "emph", "b": "textbf", "strong": "textbf", "scp": "textsc"}
LATEX_COMMAND_BY_TAG |= {"sup": "textsuperscript", "sub": "textsubscript"}
HTML_TAG = re.compile(r"<(/?)(?:jats:)?(i|em|b|strong|sup|sub|scp|italic|bold|sc|p|title|span|inf)\b[^<>]*>", re.I)
HTML_TAG_SYNONYMS = {"italic": "i", "bold": "b", "sc": "scp", "inf": "sub"}
HTML_ENTITY = re.compile(r"\\?&(?:#\d+|#x[0-9a-f]+|[a-z]\w*);", re.I)
UNESCAPED_SPECIAL = re.compile(r"(?<!\\)([%&#])")
UNESCAPED_DOLLAR = re.compile(r"(?<!\\)\$")
SUB_OR_SUPERSCRIPT_IN_DOLLARS = re.compile(r"\$\s*([_^])\s*(?:\{([\w+-]+)\}|(\w))\s*\$")  # H$_2$O, m$^{2}$
INLINE_FORMULA = re.compile(r"(?<!\\)\$[^$]*\$")
ESCAPED_CHAR = re.compile(r"\\([&%#_~$^ {}-])(?:\{\})?")
TILDE_COMMAND = re.compile(r"\{?\$\\sim\$\}?|\{?\\textasciitilde(?:\{\}|\b)\}?|\\~\{\}")
URL_ALONE = re.compile(r"(?:Available (?:at|from):?\s*)?(?:\\url\{|\\href\{)?(https?://[^\s{}]+)\}?\.?", re.I)
# An accent takes the dot of a letter away: both ways to write it mean the same.
DOTLESS_LETTER = re.compile(r"(\\['`^\"~=.uvH])\s*(?:\\([ij])(?![A-Za-z])\s*|\{\s*\\([ij])\s*\})")
DOI_PATTERN = re.compile(r"10\.\d{4,9}/[^\s{}\"<>]+", re.I)


def fields_as_latex(record: BibtexEntry) -> dict[str, str]:
    r"""Return the fields of an entry that are shown, as LaTeX that pandoc reads.

    >>> from oerbook.source.bibtex_parser import parse_bibtex
    >>> bib = r"@misc{a, title={Salt &amp; <i>pepper</i> 5%}, url={https://x.org/?a=1\&b=2}, doi={https://doi.org/10.1000/1}}"
    >>> fields_as_latex(parse_bibtex(bib).records[0])
    {'title': '{Salt \\& \\emph{pepper} 5\\%}', 'url': 'https://x.org/?a=1&b=2', 'doi': '10.1000/1'}
    """
    values = {
        field.name: _prepared(field.name, field.value)
        for field in record.fields
        if field.value and field.name not in IGNORED_FIELDS and not field.name.startswith(IGNORED_FIELD_PREFIXES)
    }
    published = record.get("howpublished")
    if "url" not in values and (address := URL_ALONE.fullmatch(published.strip())):
        values |= {"howpublished": "", "url": unescape_latex(address[1])}
    return {name: value for name, value in values.items() if value}


def fields_as_plain_text(record: BibtexEntry) -> dict[str, str]:
    """Return the fields of an entry without any LaTeX, for one that pandoc cannot read."""
    fields = fields_as_latex(record)
    return {name: value if name in VERBATIM_FIELDS else _without_latex(value) for name, value in fields.items()}


def dois_of_entry(record: BibtexEntry) -> tuple[str, ...]:
    """Return the DOIs by which an entry can be named, in lower case."""
    found = (DOI_PATTERN.search(unescape_latex(record.get(name))) for name in ("doi", "url"))
    return tuple(dict.fromkeys(match[0].lower().rstrip(".,;)") for match in found if match))


def unescape_latex(value: str) -> str:
    r"""Return an address or number without the escapes of LaTeX.

    >>> unescape_latex(r"https://x.org/{\_}a\%20b{$\sim$}c")
    'https://x.org/_a%20b~c'
    """
    value = html.unescape(TILDE_COMMAND.sub("~", value.removeprefix(r"\url{")))
    return re.sub(r"[{}\s]", "", ESCAPED_CHAR.sub(r"\1", value))


def _prepared(name: str, value: str) -> str:
    if name in VERBATIM_FIELDS:
        value = unescape_latex(value)
        match = DOI_PATTERN.search(value) if name == "doi" else None
        return match[0] if match else value
    if name in PLAIN_TEXT_FIELDS:
        return UNESCAPED_SPECIAL.sub(r"\\\1", str(Text.from_latex(value)))
    value = DOTLESS_LETTER.sub(lambda match: f"{match[1]}{{{match[2] or match[3]}}}", value)
    value = replace_symbol_commands(_latex_of_html(value))
    if name in NAME_FIELDS:
        value = normalize_name_separators(value)
    value = _escaped(value)
    if name in TITLE_FIELDS or name in NAME_LIST_FIELDS:
        return f"{{{value}}}"  # in braces, the capitals of a title stay as they are, and “and” divides no publishers
    return value


def _latex_of_html(value: str) -> str:
    """Return a value in which HTML tags are LaTeX commands, where each is closed."""
    if "<" in value:
        value = _tags(value)
    if "&" in value:
        value = HTML_ENTITY.sub(lambda match: _unescaped(match[0]), value)
    return value


def normalize_name_separators(value: str) -> str:
    r"""Return names with “and” between them, where a semicolon or an ampersand stands between surnames and first names.

    >>> list(map(normalize_name_separators, ["Lee, Ada; Roe, Jan", r"Lee, A. \& Roe, J.", r"Ernst \& Young"]))
    ['Lee, Ada and Roe, Jan', 'Lee, A. and Roe, J.', 'Ernst \\& Young']
    """
    if "{" in value or "," not in value:
        return value
    return re.sub(r"\s*;\s*(?:and\s+)?|\s+\\?&\s+", " and ", value)


def _unescaped(entity: str) -> str:
    char = html.unescape(entity.removeprefix("\\"))
    return entity if char.startswith("&") and len(char) > 1 else {"<": "<", "&": r"\&", "\xa0": "~"}.get(char, char)


def _tags(value: str) -> str:
    opened: list[str] = []
    pieces: list[str] = []
    at = 0
    for match in HTML_TAG.finditer(value):
        name = HTML_TAG_SYNONYMS.get(match[2].lower(), match[2].lower())
        pieces.append(value[at : match.start()])
        at = match.end()
        if name not in LATEX_COMMAND_BY_TAG:
            continue
        if not match[1]:
            opened.append(name)
            pieces.append(f"\\{LATEX_COMMAND_BY_TAG[name]}{{")
        elif opened and opened[-1] == name:
            opened.pop()
            pieces.append("}")
    return "".join([*pieces, value[at:], "}" * len(opened)])


def _escaped(value: str) -> str:
    """Escape characters that LaTeX would read as commands, where the author meant the characters."""
    value = SUB_OR_SUPERSCRIPT_IN_DOLLARS.sub(
        lambda m: f"\\text{'sub' if m[1] == '_' else 'super'}script{{{m[2] or m[3]}}}", value
    )
    if len(UNESCAPED_DOLLAR.findall(value)) % 2:
        value = UNESCAPED_DOLLAR.sub(r"\\$", value)
    at, pieces = 0, []
    for formula in INLINE_FORMULA.finditer(value):
        pieces += [_text_escaped(value[at : formula.start()]), formula[0]]
        at = formula.end()
    return "".join([*pieces, _text_escaped(value[at:])])


def _text_escaped(text: str) -> str:
    return UNESCAPED_SPECIAL.sub(r"\\\1", text)


def _without_latex(value: str) -> str:
    text = re.sub(r"\\([a-zA-Z]+)\s*|\\(.)", lambda m: m[2] or "", value)
    text = re.sub(r"[{}$\\]", "", text)
    return re.sub(r"([%&#_^~])", lambda m: {"~": " ", "^": r"\^{}"}.get(m[0], "\\" + m[0]), text)
