"""From what Sphinx and docutils log to findings: a stable code, a place, a plain sentence and a hint."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes

from oerbook.document.context import line_numbers as lines
from oerbook.document.context import name_clashes
from oerbook.document.context.build_context import Desk, desk
from oerbook.document.context.finding_codes import BY_WORDS, CODES, HINTS
from oerbook.document.context.plain_messages import worded
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.notebook import readable
from oerbook.source.text import load

MARKUP = re.compile(r"\x1b\[[0-9;]*m|\[[\w.]+\]$")
LOCATED = re.compile(r"^(?P<file>.*?\.(?:md|ipynb|bib))(?::(?P<line>\d+))?(?::.*)?$")

ADDRESS = re.compile(r"^(www\.|[\w-]+(\.[\w-]+)*\.(com|org|net|edu|gov|info|io|eu|de|fr|es|nl|uk|ch|at)(/|$))", re.I)
FILE = re.compile(
    r"^(?:[^#`\n:]*(?:/|\.(?:md|ipynb|html?|pdf|docx?|odt|pptx?|xlsx?|ods|py|r|txt|csv|png|jpe?g|gif|svg|mp[34]|zip|rst)$)[^#`\n:]*(?=#|$)|.*\\)"
)
MAIL = re.compile(r"^[^\s@/#]+@[\w-]+\.[\w.-]+$")
SHOWN = frozenset(["unknown-directive"])  # no error: nothing is lost
TAKEN_IN = re.compile(r"^(?P<file>.*?\.\w+):(?P<line>\d*)$")


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
        name_clashes.note(self.app.env, docname, record.getMessage())
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
        if MAIL.match(label):
            return replace(finding, hint=f"If it is an address for e-mail, write mailto:{label}")
        if ADDRESS.match(label):
            return replace(finding, hint=f"If it is an address of the web, write https://{label}")
        if FILE.match(label) and text.endswith((label, f"{label}'")) and not text.startswith("external"):
            words, hint = f"there is no page or file {label}", "Check the path; it begins in the folder of this page."
            if "\\" in label:
                hint = "Put the file into the book, and write / for a back-slash: notes/soil.md"
            return replace(finding, message=words, hint=hint)
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
    message, hint = worded(text.replace(":\n", ": ").split("\n")[0])
    known = docname in here.pages
    path = here.path(docname) if known or not docname else docname
    grave = record.levelno >= logging.ERROR and code not in SHOWN
    root = f"{here.book.root}/"
    severity = Severity.ERROR if grave else Severity.WARNING
    hint = hint or HINTS.get(code, "")
    return Finding(code, message.replace(root, ""), Place(path.removeprefix(root), line), severity, hint)


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
