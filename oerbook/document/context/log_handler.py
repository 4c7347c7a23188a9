"""Turn the log records of Sphinx and docutils into findings."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes

from oerbook.document.context import line_numbers, name_clashes
from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.context.finding_codes import CODE_BY_PHRASE, CODE_BY_WARNING_TYPE, HINT_BY_CODE
from oerbook.document.context.plain_messages import plain_message
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.notebook import cells_as_markdown
from oerbook.source.text import load_page_text

LOG_MARKUP = re.compile(r"\x1b\[[0-9;]*m|\[[\w.]+\]$")
SOURCE_LOCATION = re.compile(r"^(?P<file>.*?\.(?:md|ipynb|bib))(?::(?P<line>\d+))?(?::.*)?$")

WEB_ADDRESS = re.compile(
    r"^(www\.|[\w-]+(\.[\w-]+)*\.(com|org|net|edu|gov|info|io|eu|de|fr|es|nl|uk|ch|at)(/|$))", re.I
)
FILE_REFERENCE = re.compile(
    r"^(?:[^#`\n:]*(?:/|\.(?:md|ipynb|html?|pdf|docx?|odt|pptx?|xlsx?|ods|py|r|txt|csv|png|jpe?g|gif|svg|mp[34]|zip|rst)$)[^#`\n:]*(?=#|$)|.*\\)"
)
EMAIL_ADDRESS = re.compile(r"^[^\s@/#]+@[\w-]+\.[\w.-]+$")
ERRORS_REPORTED_AS_WARNINGS = frozenset(
    ["directive-unknown"]
)  # logged as errors, but nothing is lost, so warnings for us
INCLUDED_FILE_LOCATION = re.compile(r"^(?P<file>.*?\.\w+):(?P<line>\d*)$")
# Sphinx has labels of its own for pages that a book does not have; an author may use the names.
DUPLICATE_SPHINX_LABEL = re.compile(
    r"duplicate label (?:search|genindex|modindex), other instance in .*?\b(?:search|genindex|(?:py-)?modindex)\.\w+$"
)
_MISSING_LABEL = re.compile(r"(?:undefined label: |label |target not found: )'?(.*?)'?(?: \[| not found|\.?$)")


class FindingLogHandler(logging.Handler):
    """Log handler that adds a finding to the current context for each record.

    Sphinx may emit a record again at the end of the run; each record is handled once.
    """

    def __init__(self, app: Any) -> None:
        super().__init__(logging.WARNING)
        self.app = app

    def emit(self, record: logging.LogRecord) -> None:
        """Add the finding for one record."""
        if "oerbook_handled" in vars(
            record
        ):  # the page may have been read again since, which makes the record obsolete
            return
        vars(record)["oerbook_handled"] = True
        context = context_of(self.app)
        docname, line, source = self._locate(context, getattr(record, "location", None))
        current_line, current_source = line_numbers.current_position()
        name_clashes.record_name_clash(self.app.env, docname, record.getMessage())
        finding = finding_from_record(context, record, docname, line or current_line)
        if finding is None:
            return
        path = context.relative_path(docname, current_source or source)
        if docname in context.pages and path != context.relative_path(docname):
            finding = replace(finding, place=Place(path, finding.place.line))
        context.add_finding(docname, self._explain(context, docname, finding, record.getMessage()))

    def _explain(self, context: BuildContext, docname: str, finding: Finding, text: str) -> Finding:
        """Add line, message and hint to a finding about a reference without target."""
        if text.startswith("unknown document"):
            return replace(finding, hint="Write the file name without number and extension: {doc}`soil`.")
        match = _MISSING_LABEL.search(text)
        if finding.code != "reference-missing" or not match:
            return finding
        label = match[1]
        if not finding.place.line and docname in context.pages:
            finding = replace(finding, place=Place(finding.place.path, _line_of(context, docname, label)))
        return _explain_target(finding, label, text) or self._explain_label(finding, label, text)

    def _explain_label(self, finding: Finding, label: str, text: str) -> Finding:
        """Explain a reference to a label that cannot be referred to in this way."""
        domains = self.app.env.domains
        if label in domains.math_domain.equations:
            return replace(finding, message=f"{label} is an equation", hint=f"Write {{eq}}`{label}`.")
        if label in domains.standard_domain.anonlabels and text.startswith("undefined label"):
            message, hint = f"label {label} has no number", HINT_BY_CODE["reference-unnumbered"]
            return replace(finding, code="reference-unnumbered", message=message, hint=hint)
        return finding

    def _locate(self, context: BuildContext, location: Any) -> tuple[str, int, str]:
        """Return page, line and file of a record's location, "" and 0 if unknown."""
        if isinstance(location, tuple):
            return str(location[0] or ""), int(location[1] or 0), ""
        if isinstance(location, nodes.Node):
            source = str(getattr(location, "source", None) or "")
            docname = (self.app.env.path2doc(source) if source else None) or self._current_page()
            return docname, context.place_of(location, docname).line, source
        match = SOURCE_LOCATION.match(str(location or ""))
        if match:
            docname = self.app.env.path2doc(str(Path(match["file"])))
            return docname or match["file"], int(match["line"] or 0), ""
        included = INCLUDED_FILE_LOCATION.match(str(location or ""))
        if included and included["file"].startswith(f"{context.book.root}/"):
            return self._current_page(), int(included["line"] or 0), included["file"]
        for suffix in (".md", ".ipynb") if location else ():  # some extensions omit the file name extension
            docname = self.app.env.path2doc(f"{location}{suffix}")
            if docname in context.pages:
                return docname, 0, ""
        name = str(location or "").partition(":")[0]
        return (name if name in context.pages else ""), 0, ""

    def _current_page(self) -> str:
        """Return the page that is being read or resolved."""
        builder = self.app.builder
        return self.app.env.current_document.docname or str(getattr(builder, "current_docname", "") or "")


def _explain_target(finding: Finding, label: str, text: str) -> Finding | None:
    """Explain a reference to nothing, an address or a file; else return None."""
    if not label:
        return replace(finding, message="this link has no address", hint="Write its address: [words](https://…).")
    if EMAIL_ADDRESS.match(label):
        return replace(finding, hint=f"If it is an e-mail address, write mailto:{label}")
    if WEB_ADDRESS.match(label):
        return replace(finding, hint=f"If it is a web address, write https://{label}")
    if FILE_REFERENCE.match(label) and text.endswith((label, f"{label}'")) and not text.startswith("external"):
        hint = "Check the path; it is relative to the folder of this page."
        if "\\" in label:
            hint = "Put the file into the book, and write / instead of a backslash: notes/soil.md"
        return replace(finding, message=f"there is no page or file {label}", hint=hint)
    return None


def _line_of(context: BuildContext, docname: str, label: str) -> int:
    """Return the first line of a page that contains a label, 0 if there is none."""
    path = context.relative_path(docname)
    text, _problem = load_page_text(context.book.root / path, context.book.root)
    source_lines = (cells_as_markdown(text)[0] if path.endswith(".ipynb") else text).split("\n")
    label_pattern = re.compile(rf"(?<![\w-]){re.escape(label)}(?![\w-])")
    numbered = enumerate(source_lines, start=1)
    return next((number for number, line in numbered if label and label_pattern.search(line)), 0)


def finding_from_record(context: BuildContext, record: logging.LogRecord, docname: str, line: int) -> Finding | None:
    """Return the finding for a log record, None if it does not concern authors."""
    text = LOG_MARKUP.sub("", record.getMessage()).strip()
    if DUPLICATE_SPHINX_LABEL.search(text):
        return None
    code = _code(record, text)
    if not code:
        return None
    message, hint = plain_message(text.replace(":\n", ": ").split("\n")[0])
    path = context.relative_path(docname) if docname in context.pages or not docname else docname
    is_error = record.levelno >= logging.ERROR and code not in ERRORS_REPORTED_AS_WARNINGS
    root = f"{context.book.root}/"
    severity = Severity.ERROR if is_error else Severity.WARNING
    hint = hint or HINT_BY_CODE.get(code, "")
    return Finding(code, message.replace(root, ""), Place(path.removeprefix(root), line), severity, hint)


def _code(record: logging.LogRecord, text: str) -> str:
    """Return the code for a log record, "" if it is to be ignored."""
    warning_type = ".".join(part for part in (getattr(record, "type", ""), getattr(record, "subtype", "")) if part)
    for phrase, code in CODE_BY_PHRASE:
        if phrase in text and CODE_BY_WARNING_TYPE.get(warning_type) != "":
            return code
    if warning_type in CODE_BY_WARNING_TYPE:
        return CODE_BY_WARNING_TYPE[warning_type]
    if warning_type.startswith("ref."):
        return "reference-missing"
    if warning_type.startswith("toc."):
        return ""
    if warning_type.startswith("bibtex"):
        return "bibliography-invalid"
    return "markup"
