"""Keep directives and links inside the book, also those in `{eval-rst}`."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.directives import parser_name
from docutils.parsers.rst.directives.misc import Raw
from docutils.parsers.rst.directives.tables import CSVTable
from docutils.parsers.rst.languages import get_language
from docutils.parsers.rst.states import RSTState
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.directives.code import LiteralInclude
from sphinx.directives.other import Include

from oerbook.document.context.build_context import desk
from oerbook.document.context.log_handler import place_of
from oerbook.document.safety.paths import (
    FILE_OPTIONS,
    alike,
    await_file,
    await_taken,
    is_remote,
    named,
    reach,
    too_much,
    trespass,
)
from oerbook.model.findings import Finding, Place, Severity

SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
SAFE = frozenset({"http", "https", "mailto", "tel", "doi"})
RUNS = frozenset({"javascript", "vbscript", "livescript", "data", "file", "blob"})
PARSERS = frozenset({"rst", "restructuredtext", "myst", "markdown", "myst_parser.sphinx_", "myst_parser.docutils_"})
UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\ufeff]+")
HINT = "Copy the file into chapters/ and use its path relative to this page."


def guarded(base: type[Directive], name: str) -> type[Directive]:
    """Return a subclass of a directive that rejects files outside the book."""

    def run(self: Any) -> list[nodes.Node]:
        context, env = desk(), self.state.document.settings.env
        docname = env.docname
        argument = self.arguments[0] if self.arguments else ""
        options = {key: str(value) for key, value in self.options.items()}
        place = Place(context.path(docname), int(self.lineno or 0))
        excess = too_much(context, docname, name, argument, options) if _in_rst(self) else ""
        if excess:
            hint = "Split the page, or include less."
            context.report(docname, Finding("include-large", excess, place, Severity.ERROR, hint))
            return [nodes.paragraph("", f"[{excess}]", classes=["missing"])]
        await_taken(env, context, docname, name, argument, options)
        outside = trespass(context, docname, name, argument, options)
        if outside:
            message = f"{name} refers to {outside}, which is not a file of this book"
            context.report(docname, Finding("outside-book", message, place, Severity.ERROR, HINT))
            return [nodes.paragraph("", f"[{outside} is not part of this book]", classes=["missing"])]
        if name in FILE_OPTIONS and self.options.get("file"):
            # docutils would resolve "/x" against the root of the file system
            self.options["file"] = str(reach(context, docname, self.options["file"]))
        return list(base.run(self))

    option_spec = {**(base.option_spec or {}), **({"parser": _parser} if name == "include" else {})}
    return type(f"Guarded{base.__name__}", (base,), {"run": run, "option_spec": option_spec, "__doc__": base.__doc__})


def _parser(name: str) -> Any:
    """Return a parser from an allow list; docutils would import any module."""
    if name.strip().lower() not in PARSERS:
        raise ValueError(f"allowed parsers are {', '.join(sorted(PARSERS))}")
    return parser_name(name)


def _in_rst(directive: Any) -> bool:
    """Return whether a directive is in reStructuredText; MyST is checked earlier."""
    return isinstance(directive.state, RSTState)


DIRECTIVES: dict[str, type[Directive]] = {
    "include": Include,
    "literalinclude": LiteralInclude,
    "csv-table": CSVTable,
    "raw": Raw,
}


def install(app: Sphinx) -> None:
    """Replace the directives that read files, localised names included."""
    language = get_language(app.config.language)
    for name, base in DIRECTIVES.items():
        aliases = [alias for alias, english in language.directives.items() if english == name]
        for alias in (name, *aliases):
            app.add_directive(alias, guarded(base, name), override=True)


def downloads(app: Sphinx, doctree: nodes.document) -> None:
    """Unlink and report downloads of files that are missing or outside the book."""
    context, docname = desk(), app.env.current_document.docname
    for xref in doctree.findall(addnodes.pending_xref):
        if xref.get("reftype") == "myst" and "." in (target := str(xref.get("reftarget", ""))):
            reach(context, docname, target)  # records the dependency: if the file is added, the link changes
    for link in list(doctree.findall(addnodes.download_reference)):
        target = str(link.get("reftarget", ""))
        if is_remote(target):
            continue
        path = reach(context, docname, target)
        if path is not None and path.is_file():
            link["reftarget"] = named(context, docname, target)
            continue
        place = place_of(link, docname)
        await_file(app.env, context, docname, target)
        link.replace_self(nodes.inline("", "", *link.children, classes=["missing"]))
        if path is None:
            message = f"{target} is not a file of this book"
            context.report(docname, Finding("outside-book", message, place, Severity.ERROR, HINT))
        else:
            hint = alike(context, docname, path) or "Put the file beside the chapter, or link to its web address."
            message = f"the file {target} is missing"
            context.report(docname, Finding("download-missing", message, place, Severity.WARNING, hint))


def addresses(app: Sphinx, doctree: nodes.document) -> None:
    """Unlink links of a page with a URL scheme that is not allowed."""
    _unlink(doctree, app.env.current_document.docname)


def resolved_addresses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Unlink such links that were added later, for example in the bibliography."""
    _unlink(doctree, docname)


def _unlink(doctree: nodes.document, docname: str) -> None:
    for link in list(doctree.findall(nodes.reference)):
        scheme = scheme_of(str(link.get("refuri", "")))
        if not scheme or scheme in SAFE:
            continue
        place = place_of(link, docname)
        link.replace_self(link.children)
        refuse(docname, scheme, place)


def refuse(docname: str, scheme: str, place: Place) -> None:
    """Add a finding for a link with a URL scheme that is not allowed."""
    message = f"links with {scheme}: are not allowed, so the link was removed"
    hint = "Link to a page of the book, a web address (https://…) or an e-mail address (mailto:…)."
    severity = Severity.ERROR if scheme in RUNS else Severity.WARNING
    desk().report(docname, Finding("link-active", message, place, severity, hint))


def scheme_of(uri: str) -> str:
    """Return a URL's scheme as a browser reads it, in lower case, or "".

    >>> scheme_of("java\\tscript:x"), scheme_of("VSCode://x"), scheme_of("soil.html#a:b"), scheme_of("1:2")
    ('javascript', 'vscode', '', '')
    """
    match = SCHEME.match(UNSEEN.sub("", uri).lower())
    return match[1] if match else ""
