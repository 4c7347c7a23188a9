"""Directives and links that read files, kept inside the book wherever they are written, `{eval-rst}` included."""

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
SAFE = frozenset({"http", "https", "mailto", "tel", "doi"})  # what leads to a page, a letter, a call, a work
RUNS = frozenset({"javascript", "vbscript", "livescript", "data", "file", "blob"})
PARSERS = frozenset({"rst", "restructuredtext", "myst", "markdown", "myst_parser.sphinx_", "myst_parser.docutils_"})
UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\ufeff]+")
HINT = "Copy the file into chapters/ and name it relative to this page."


def guarded(base: type[Directive], name: str) -> type[Directive]:
    """Return a directive that refuses files outside the book and does the rest as before."""

    def run(self: Any) -> list[nodes.Node]:
        here, docname = desk(), self.state.document.settings.env.docname
        argument = self.arguments[0] if self.arguments else ""
        options = {key: str(value) for key, value in self.options.items()}
        place = Place(here.path(docname), int(self.lineno or 0))
        refused = too_much(here, docname, name, argument, options) if _in_rst(self) else ""
        if refused:
            here.report(
                docname, Finding("include-large", refused, place, Severity.ERROR, "Divide the page, or take in less.")
            )
            return [nodes.paragraph("", f"[{refused}]", classes=["missing"])]
        await_taken(self.state.document.settings.env, here, docname, name, argument, options)
        outside = trespass(here, docname, name, argument, options)
        if not outside:
            for key in ("file",) if name in FILE_OPTIONS and self.options.get("file") else ():
                # docutils takes "/x" for a file of the machine: name the file of the book that was meant
                self.options[key] = str(reach(here, docname, self.options[key]))
            return list(base.run(self))
        message = f"{name} asks for {outside}, which is not a file of this book"
        here.report(docname, Finding("outside-book", message, place, Severity.ERROR, HINT))
        text = f"[{outside} is not part of this book]"
        return [nodes.paragraph("", text, classes=["missing"])]

    known = {**(base.option_spec or {}), **({"parser": _parser} if name == "include" else {})}
    return type(f"Guarded{base.__name__}", (base,), {"run": run, "option_spec": known, "__doc__": base.__doc__})


def _parser(name: str) -> Any:
    """Return one of the parsers that are there for it: docutils would load, and so run, whatever module a page names."""
    if name.strip().lower() not in PARSERS:
        raise ValueError(f"a page may be taken in with {', '.join(sorted(PARSERS))}")
    return parser_name(name)


def _in_rst(directive: Any) -> bool:
    """Say whether a directive stands in reStructuredText; in MyST its renderer has looked at it already."""
    return isinstance(directive.state, RSTState)


DIRECTIVES: dict[str, type[Directive]] = {
    "include": Include,
    "literalinclude": LiteralInclude,
    "csv-table": CSVTable,
    "raw": Raw,
}


def install(app: Sphinx) -> None:
    """Put the guarded directives in place of the open ones, under the names that the book's language has for them, too."""
    language = get_language(app.config.language)
    for name, base in DIRECTIVES.items():
        aliases = [alias for alias, meant in language.directives.items() if meant == name]
        for alias in (name, *aliases):
            app.add_directive(alias, guarded(base, name), override=True)


def downloads(app: Sphinx, doctree: nodes.document) -> None:
    """Keep links to files inside the book: one that leads out becomes words, and a file that is missing is said."""
    here, docname = desk(), app.env.current_document.docname
    for words in doctree.findall(addnodes.pending_xref):
        if words.get("reftype") == "myst" and "." in (target := str(words.get("reftarget", ""))):
            reach(here, docname, target)  # it may be a file that is not there yet: with it the link is another
    for link in list(doctree.findall(addnodes.download_reference)):
        target = str(link.get("reftarget", ""))
        if is_remote(target):
            continue
        path = reach(here, docname, target)
        if path is not None and path.is_file():
            link["reftarget"] = named(here, docname, target)
            continue
        place = place_of(link, docname)
        await_file(app.env, here, docname, target)
        link.replace_self(nodes.inline("", "", *link.children, classes=["missing"]))
        if path is None:
            message = f"{target} is not a file of this book"
            here.report(docname, Finding("outside-book", message, place, Severity.ERROR, HINT))
        else:
            hint = alike(here, docname, path) or "Put the file beside the chapter, or link to its web address."
            message = f"the file {target} is missing"
            here.report(docname, Finding("download-missing", message, place, Severity.WARNING, hint))


def addresses(app: Sphinx, doctree: nodes.document) -> None:
    """Unlink what would run or load something instead of leading to a page."""
    _unlink(doctree, app.env.current_document.docname)


def resolved_addresses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Unlink what came in later, as the addresses in a bibliography do."""
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
    """Say that a link leads to no page."""
    message = f"a link that begins with {scheme}: leads to no page, so it was unlinked"
    hint = "Link to a page of the book, to a web address (https://…) or to an address for letters (mailto:…)."
    grade = Severity.ERROR if scheme in RUNS else Severity.WARNING
    desk().report(docname, Finding("link-active", message, place, grade, hint))


def scheme_of(uri: str) -> str:
    """Return what kind of address a browser takes this for, "" for a place in the book or beside it.

    >>> scheme_of("java\\tscript:x"), scheme_of("VSCode://x"), scheme_of("soil.html#a:b"), scheme_of("1:2")
    ('javascript', 'vscode', '', '')
    """
    found = SCHEME.match(UNSEEN.sub("", uri).lower())
    return found[1] if found else ""
