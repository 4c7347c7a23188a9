"""From what Sphinx and docutils log to findings: a stable code, a place, a plain sentence and a hint."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes

from oerbook.document import clashes, lines
from oerbook.document.desk import Desk, desk
from oerbook.model import Finding, Place, Severity
from oerbook.source.notebook import readable
from oerbook.source.text import load

MARKUP = re.compile(r"\x1b\[[0-9;]*m|\[[\w.]+\]$")
LOCATED = re.compile(r"^(?P<file>.*?\.(?:md|ipynb|bib))(?::(?P<line>\d+))?(?::.*)?$")

ADDRESS = re.compile(r"^(www\.|[\w-]+(\.[\w-]+)*\.(com|org|net|edu|gov|info|io|eu|de|fr|es|nl|uk|ch|at)(/|$))", re.I)
TAKEN_IN = re.compile(r"^(?P<file>.*?\.\w+):(?P<line>\d*)$")

CODES = {
    "myst.xref_missing": "reference-missing",
    "myst.xref_ambiguous": "reference-ambiguous",
    "myst.header": "heading-skip",
    "myst.directive_unknown": "unknown-directive",
    "myst.role_unknown": "unknown-role",
    "myst.directive_option": "directive-option",
    "myst.directive_parse": "directive-option",
    "myst.directive_body": "directive-option",
    "myst.duplicate_def": "duplicate-definition",
    "myst.iref_missing": "reference-missing",
    "myst.iref_ambiguous": "reference-ambiguous",
    "myst.html": "raw-html",
    "myst.strikethrough": "",
    "myst.footnote": "footnote",
    "ref.footnote": "footnote-unreferenced",
    "ref.citation": "citation-unused",
    "image.not_readable": "image-missing",
    "download.not_readable": "download-missing",
    "bibtex.key_not_found": "citation-missing",
    "bibtex.duplicate_citation": "",
    "bibtex.duplicate_label": "",
    "bibtex.bibfile_error": "bibliography-file",
    "misc.highlighting_failure": "",
    "toc.not_included": "",
    "epub.unknown_project_files": "",
    "design.card_legacy": "",
}
HINTS = {
    "reference-missing": "Check the spelling of the label; a label is set with (label)= above a heading or :name:.",
    "reference-ambiguous": "Give the two places labels of their own and refer to one of them.",
    "duplicate-definition": "Explain the term once, or give each its own name.",
    "term-missing": "Add the term to a {glossary}, or correct its spelling.",
    "unknown-directive": "Check the name of the directive; the handbook lists those that work.",
    "substitution": "Declare it under substitutions: in the front matter of this chapter or of chapters/index.md.",
    "duplicate-label": "Two places carry this label: rename one of them.",
    "unknown-role": "Check the name of the role; the handbook lists those that work.",
    "directive-option": "Check the options of this directive in the handbook.",
    "image-missing": "Put the file beside the chapter and check the spelling, capitals included.",
    "citation-missing": "Add the entry to the bibliography file, or correct the key.",
    "bibliography-file": "Mend the entry in the .bib file.",
    "footnote": "Write the text of each footnote once, as [^name]: text on a line of its own.",
    "include-missing": "Put the file into chapters/ and check its name.",
    "footnote-missing": "Write the footnote's text as [^name]: text on a line of its own.",
    "footnote-unreferenced": "Refer to it with [^name] in the text, or take it out.",
    "heading-skip": "Begin with one # title, and go down one level at a time: ## below #, ### below ##.",
    "download-missing": "Put the file beside the chapter, or link to its web address.",
    "reference-unnumbered": "Give it a caption (or a heading, in a numbered book), or write {ref}`some words <label>`.",
    "markup": "",
}
FIRST_HEADING = "the page's first heading is not its title"
NAMELESS = "no text is given for a footnote"
WORDS = (
    (re.compile(r"^Document headings start at H\d.*$"), FIRST_HEADING),
    (re.compile(r"'myst' cross-reference target not found: '?(.*?)'?$"), r"nothing in the book is labelled \1"),
    (re.compile(r"undefined label: '?(.*?)'?$"), r"nothing in the book is labelled \1"),
    (re.compile(r"label '(.*?)' not found\.?$"), r"nothing in the book is labelled \1"),
    (re.compile(r"unknown document: '?(.*?)'?$"), r"there is no page \1"),
    (re.compile(r"image file not readable: (.*)$"), r"the picture \1 is missing"),
    (re.compile(r"download file not readable: (.*)$"), r"the file \1 is missing"),
    (re.compile(r"could not find bibtex key [\"'](.*?)[\"']$"), r"the bibliography has no entry \1"),
    (re.compile(r"term not in glossary: '?(.*?)'?$"), r"the glossary has no term \1"),
    (re.compile(r"Footnote \[(.*?)\] is not referenced\.?$"), r"footnote \1 is never referred to"),
    (re.compile(r"duplicate label:? (.*?)[,;]? other instance in (.*)$"), r"the label \1 is used twice"),
    (re.compile(r"duplicate term description of (.*?), other instance in (.*)$"), r"the term \1 is explained twice"),
    (re.compile(r"No reference found for footnote: (.*)$"), r"no text is given for footnote \1"),
    (re.compile(r"[Uu]nknown target name: \"(.*?)\"\.?$"), r"no text is given for footnote \1"),
    (re.compile(r"[Ii]nclude file '?(.*?)'? not found or reading it failed$"), r"the file \1 is missing"),
    (re.compile(r"[Dd]irective \"[\w-]+\": file not found: '(.*)'$"), r"the file \1 is missing"),
    (re.compile(r"^Problems with \".*?\" directive path: .*?'(?:.*/)?(.*?)'\.?$"), r"the file \1 is missing"),
    (re.compile(r"^Too many autonumbered footnote references.*$"), NAMELESS),
    (re.compile(r"[Dd]uplicate explicit target name: \"(.*?)\"\.?$"), r"the label \1 is used twice"),
    (re.compile(r"^Unknown interpreted text role \"(.*?)\"\.?$"), r"nothing is known of the role {\1}"),
    (re.compile(r"^Duplicate footnote definition found for label: '?(.*?)'?$"), r"the footnote \1 is written twice"),
    (
        re.compile(r"^Directive '(.*?)': \d+ argument\(s\) required, 0 supplied$"),
        r"{\1} wants a word behind its name, in the same line",
    ),
    (
        re.compile(r"^Error parsing content block for the \"list-table\".*?row (\d+) does not.*\((\d+) vs (\d+)\)\.$"),
        r"row \1 of this table has \2 cells, and its first row has \3",
    ),
    (re.compile(r"^'(.*?)': Unknown option key: '(.*?)' \(allowed: \[(.*)\]\)$"), r"{\1} has no option \2; it has \3"),
    (re.compile(r"equation not found: (.*)$"), r"no equation is labelled \1"),
    (
        re.compile(r"Failed to create a cross reference. A title or caption not found: '?(.*?)'?$"),
        r"what is labelled \1 has no heading or caption whose words could be shown: write {ref}`some words <\1>`",
    ),
    (
        re.compile(r"Failed to create a cross reference. Any number is not assigned: (.*)$"),
        r"what is labelled \1 has no number",
    ),
)
BY_WORDS = (
    ("duplicate label", "duplicate-label"),
    ("Duplicate explicit target name", "duplicate-label"),
    ("uplicate footnote definition", "footnote"),
    ("argument(s) required, 0 supplied", "directive-option"),
    ("is not a valid value for the", "directive-option"),
    ('uplicate ID: "equation-', ""),  # the label of an equation, of which its own message tells
    ("oo many autonumbered footnote references", "footnote-missing"),
    ("nclude file", "include-missing"),
    ("directive path:\n", "include-missing"),
    ('": file not found', "include-missing"),
    ("nknown target name", "footnote-missing"),
    ("undefined label", "reference-missing"),
    ("unknown document", "reference-missing"),
    ("label '", "reference-missing"),
    ("equation not found", "reference-missing"),
    ("term not in glossary", "term-missing"),
    ("duplicate term", "duplicate-definition"),
    ("duplicate citation", ""),
    ("nknown interpreted text role", "unknown-role"),
    ("nknown directive type", "unknown-directive"),
    ("unknown option:", "directive-option"),
    ("ndefined substitution referenced", "substitution"),
    ("unknown role name:", ""),
    ("unknown directive name:", ""),
    ("unknown directive or role name:", ""),
    ("Non-consecutive header", "heading-skip"),
    ("A title or caption not found", "reference-missing"),
    ("ailed to create a cross reference", "reference-unnumbered"),
)


def place_of(node: nodes.Node, docname: str) -> Place:
    """Return where a node stands: in its own line, that of what it holds, or of what it stands in; in what file, if taken in."""
    line, source = spot_of(node)
    return Place(desk().path(docname, source), line)


def spot_of(node: nodes.Node) -> tuple[int, str]:
    """Return the line in which a node stands and the file of that line, 0 and "" where they are not known."""
    inside = () if node.line else node.findall()
    there = next((found for found in (node, *inside, *ancestors(node)) if found.line), node)
    source = next((found.source for found in (there, *ancestors(there)) if found.source), "")
    return int(there.line or 0), str(source)


def ancestors(node: Any) -> list[Any]:
    """Return the nodes that a node lies in, innermost first."""
    found = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


class Listener(logging.Handler):
    """Turns log records into findings on the desk; Sphinx tells some of them once more at the end, when they are known."""

    def __init__(self, app: Any) -> None:
        super().__init__(logging.WARNING)
        self.app = app

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        if "oerbook_heard" in vars(record):  # the page may have been read anew since, and the record be void
            return
        vars(record)["oerbook_heard"] = True
        here = desk()
        docname, line, source = self._where(here, getattr(record, "location", None))
        now_line, now_source = lines.standing_in()
        clashes.note(self.app.env, docname, record.getMessage())
        finding = finding_of(here, record, docname, line or now_line)
        if finding is None:
            return
        path = here.path(docname, now_source or source)
        if docname in here.pages and path != here.path(docname):
            finding = replace(finding, place=Place(path, finding.place.line))
        here.report(docname, self._known(here, docname, finding, record.getMessage()))

    def _known(self, here: Desk, docname: str, finding: Finding, text: str) -> Finding:
        """Say of a reference that leads nowhere what can be known: where it stands, and what was probably meant."""
        if text.startswith("unknown document"):
            return replace(finding, hint="Write the name of its file without number and ending: {doc}`soil`.")
        found = re.search(r"(?:undefined label: |label |target not found: )'?(.*?)'?(?: \[| not found|\.?$)", text)
        if finding.code != "reference-missing" or not found:
            return finding
        label = found[1]
        if not finding.place.line and docname in here.pages:
            finding = replace(finding, place=Place(finding.place.path, _line_of(here, docname, label)))
        if not label:
            words, hint = "this link leads nowhere: it has no address", "Write where it leads: [words](https://…)."
            return replace(finding, message=words, hint=hint)
        if ADDRESS.match(label):
            return replace(finding, hint=f"If it is an address of the web, write https://{label}")
        if label in self.app.env.domains.math_domain.equations:
            return replace(finding, message=f"{label} is an equation", hint=f"Write {{eq}}`{label}`.")
        if label in self.app.env.domains.standard_domain.anonlabels and text.startswith("undefined label"):
            words, hint = f"what is labelled {label} has no number", HINTS["reference-unnumbered"]
            return replace(finding, code="reference-unnumbered", message=words, hint=hint)
        return finding

    def _where(self, here: Desk, location: Any) -> tuple[str, int, str]:
        """Return the page, the line, and the file that a record tells of."""
        if isinstance(location, tuple):
            return str(location[0] or ""), int(location[1] or 0), ""
        if isinstance(location, nodes.Node):
            source = str(getattr(location, "source", None) or "")
            docname = (self.app.env.path2doc(source) if source else None) or self._page()
            return docname, place_of(location, docname).line, source
        match = LOCATED.match(str(location or ""))
        if match:
            docname = self.app.env.path2doc(str(Path(match["file"])))
            return docname or match["file"], int(match["line"] or 0), ""
        taken_in = TAKEN_IN.match(str(location or ""))
        if taken_in and taken_in["file"].startswith(f"{here.book.root}/"):
            return self._page(), int(taken_in["line"] or 0), taken_in["file"]
        for suffix in (".md", ".ipynb") if location else ():  # some extensions leave the ending out
            docname = self.app.env.path2doc(f"{location}{suffix}")
            if docname in here.pages:
                return docname, 0, ""
        name = str(location or "").partition(":")[0]
        return (name if name in here.pages else ""), 0, ""

    def _page(self) -> str:
        """Return the page that is read or resolved."""
        builder = self.app.builder
        return self.app.env.current_document.docname or str(getattr(builder, "current_docname", "") or "")


def _line_of(here: Desk, docname: str, label: str) -> int:
    """Return the first line of a page that names a label, 0 when none does."""
    path = here.path(docname)
    text, _problem = load(here.book.root / path, here.book.root)
    lines = (readable(text)[0] if path.endswith(".ipynb") else text).split("\n")
    named = re.compile(rf"(?<![\w-]){re.escape(label)}(?![\w-])")
    return next((number for number, line in enumerate(lines, start=1) if label and named.search(line)), 0)


def finding_of(here: Desk, record: logging.LogRecord, docname: str, line: int) -> Finding | None:
    """Return the finding that a log record stands for, or None for one that concerns nobody."""
    text = MARKUP.sub("", record.getMessage()).strip()
    code = _code(record, text)
    if not code:
        return None
    message = _words(text.replace(":\n", ": ").split("\n")[0]).replace(str(here.book.root) + "/", "")
    known = docname in here.pages
    path = here.path(docname) if known or not docname else docname
    severity = Severity.ERROR if record.levelno >= logging.ERROR else Severity.WARNING
    root = f"{here.book.root}/"
    return Finding(code, message, Place(path.removeprefix(root), line), severity, HINTS.get(code, ""))


def _code(record: logging.LogRecord, text: str) -> str:
    kind = ".".join(part for part in (getattr(record, "type", ""), getattr(record, "subtype", "")) if part)
    for words, code in BY_WORDS:
        if words in text and CODES.get(kind) != "":
            return code
    if kind in CODES:
        return CODES[kind]
    if kind.startswith("ref."):
        return "reference-missing"
    if kind.startswith("toc."):
        return ""
    if kind.startswith("bibtex"):
        return "bibliography-file"
    return "markup"


def _words(text: str) -> str:
    for pattern, plain in WORDS:
        if pattern.search(text):
            return pattern.sub(plain, text)
    return text[:1].lower() + text[1:] if text[:2].istitle() else text
