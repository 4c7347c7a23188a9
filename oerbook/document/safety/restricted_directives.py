"""Keep directives and links inside the book, also those in `{eval-rst}`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.directives import parser_name
from docutils.parsers.rst.directives.misc import Raw
from docutils.parsers.rst.languages import get_language
from docutils.parsers.rst.states import RSTState
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.directives.code import LiteralInclude
from sphinx.directives.other import Include

from oerbook.document.context.build_context import BuildContext, context_of, current_context
from oerbook.document.safety import downloads
from oerbook.document.safety.csv_data import SpreadsheetTable
from oerbook.document.safety.file_access import (
    FILE_OPTIONS_BY_DIRECTIVE,
    count_include,
    depend_on_missing_file,
    depend_on_missing_include,
    is_remote,
    name_on_disk,
    path_outside_book,
    resolve_path,
    suggest_file,
)
from oerbook.markup.urls import LINK_SCHEMES, has_valid_host, url_scheme
from oerbook.model.findings import Finding, Place, Severity
from oerbook.text.file_sizes import format_file_size
from oerbook.text.translations import translate

SCRIPT_SCHEMES = frozenset({"javascript", "vbscript", "livescript", "data", "file", "blob"})
ALLOWED_PARSERS = frozenset(
    {"rst", "restructuredtext", "myst", "markdown", "myst_parser.sphinx_", "myst_parser.docutils_"}
)
OUTSIDE_BOOK_HINT = "Copy the file into chapters/ and use its path relative to this page."


def restrict_directive(base: type[Directive], name: str) -> type[Directive]:
    """Return a subclass of a directive that rejects files outside the book."""

    def run(self: Any) -> list[nodes.Node]:
        context, env = current_context(), self.state.document.settings.env
        docname = env.docname
        argument = self.arguments[0] if self.arguments else ""
        options = {key: str(value) for key, value in self.options.items()}
        place = Place(context.relative_path(docname), int(self.lineno or 0))
        excess = count_include(context, docname, name, argument, options) if _in_rst(self) else ""
        if excess:
            hint = "Split the page, or include less."
            context.add_finding(docname, Finding("include-large", excess, place, Severity.ERROR, hint))
            return [nodes.paragraph("", f"[{excess}]", classes=["missing"])]
        depend_on_missing_include(env, context, name, argument, options)
        outside = path_outside_book(context, docname, name, argument, options)
        if outside:
            message = f"{name} refers to {outside}, which is not a file of this book"
            context.add_finding(
                docname, Finding("file-outside-book", message, place, Severity.ERROR, OUTSIDE_BOOK_HINT)
            )
            notice = translate(context.book.language, "{name} is not part of this book").format(name=outside)
            return [nodes.paragraph("", f"[{notice}]", classes=["missing"])]
        if name in FILE_OPTIONS_BY_DIRECTIVE and self.options.get("file"):
            # docutils would resolve "/x" against the root of the file system
            self.options["file"] = str(resolve_path(context, docname, self.options["file"]))
        return list(base.run(self))

    option_spec = {**(base.option_spec or {}), **({"parser": _parser} if name == "include" else {})}
    return type(f"Guarded{base.__name__}", (base,), {"run": run, "option_spec": option_spec, "__doc__": base.__doc__})


def _parser(name: str) -> Any:
    """Return a parser from an allow list; docutils would import any module."""
    if name.strip().lower() not in ALLOWED_PARSERS:
        raise ValueError(f"allowed parsers are {', '.join(sorted(ALLOWED_PARSERS))}")
    return parser_name(name)


def _in_rst(directive: Any) -> bool:
    """Return whether a directive is in reStructuredText; MyST is checked earlier."""
    return isinstance(directive.state, RSTState)


RESTRICTED_DIRECTIVES: dict[str, type[Directive]] = {
    "include": Include,
    "literalinclude": LiteralInclude,
    "csv-table": SpreadsheetTable,
    "raw": Raw,
}


def install(app: Sphinx) -> None:
    """Replace the directives that read files, localised names included."""
    language = get_language(app.config.language)
    for name, base in RESTRICTED_DIRECTIVES.items():
        aliases = [alias for alias, english in language.directives.items() if english == name]
        for alias in (name, *aliases):
            app.add_directive(alias, restrict_directive(base, name), override=True)


def restrict_downloads(app: Sphinx, doctree: nodes.document) -> None:
    """Unlink and report downloads of files that are missing or outside the book."""
    context, docname = context_of(app), app.env.current_document.docname
    for xref in list(doctree.findall(addnodes.pending_xref)):
        target = _path_of(str(xref.get("reftarget", ""))) if xref.get("reftype") == "myst" else ""
        # Resolving records the dependency: if the file is added, the link changes.
        if target and resolve_path(context, docname, target) is None and ".." in target.split("/"):
            _unlink_outside(context, docname, xref, target)
    for link in list(doctree.findall(addnodes.download_reference)):
        target = str(link.get("reftarget", ""))
        if is_remote(target):
            continue
        path = resolve_path(context, docname, target)
        if path is not None and path.is_file():
            link["reftarget"] = name_on_disk(context, docname, target)
            _offer_safely(context, docname, link, path)
            _add_file_facts(context, link, path)
            continue
        depend_on_missing_file(app.env, context, docname, target)
        if path is None:
            _unlink_outside(context, docname, link, target)
            continue
        place = context.place_of(link, docname)
        link.replace_self(nodes.inline("", "", *link.children, classes=["missing"]))
        hint = suggest_file(context, docname, path) or "Put the file beside the chapter, or link to its web address."
        message = f"the file {target} is missing"
        context.add_finding(docname, Finding("download-missing", message, place, Severity.WARNING, hint))


def _add_file_facts(context: BuildContext, link: Any, path: Path) -> None:
    """Say which kind of file a link offers, and how large it is."""
    if not link.children:  # the file of a video, whose player says it
        return
    facts = [path.suffix.lstrip(".").upper(), format_file_size(path.stat().st_size, context.book.language)]
    text = f" ({', '.join(filter(None, facts))})"
    link += nodes.inline("", text, classes=["file-facts"])


def _path_of(target: str) -> str:
    """Return the path that a link names, as browsers read it, "" for a label."""
    path = unquote(target.partition("#")[0]).replace("\\", "/")
    return path if "." in path else ""


def _unlink_outside(context: BuildContext, docname: str, link: Any, target: str) -> None:
    """Replace a link by its text, and report that it names a file outside the book."""
    place = context.place_of(link, docname)
    words = link.children if link.astext() else [nodes.Text(target)]
    link.replace_self(nodes.inline("", "", *words, classes=["missing"]))
    message = f"{target} is not a file of this book"
    context.add_finding(docname, Finding("file-outside-book", message, place, Severity.ERROR, OUTSIDE_BOOK_HINT))


def _offer_safely(context: BuildContext, docname: str, link: Any, path: Path) -> None:
    """Point a download to a copy of the file in which nothing runs, unless the file is harmless itself."""
    copy, change = downloads.sanitized_copy(context.cache_dir / "outputs", path)
    if copy == path:
        return
    link["reftarget"] = Path(os.path.relpath(copy, context.absolute_path(docname).parent.resolve())).as_posix()
    if not change:
        return
    message = f"a browser would run what is in {path.name} ({change}), so readers get a copy without them"
    if copy.name != path.name:
        message = f"a browser would run what is in {path.name}, so it is offered as {copy.name}"
    hint = "Offer it as a zip archive if readers need it as it is."
    context.add_finding(
        docname, Finding("download-active", message, context.place_of(link, docname), Severity.WARNING, hint)
    )


def remove_unsafe_links(app: Sphinx, doctree: nodes.document) -> None:
    """Unlink links of a page with a URL scheme that is not allowed."""
    _unlink(context_of(app), doctree, app.env.current_document.docname)


def remove_unsafe_resolved_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Unlink such links that were added later, for example in the bibliography."""
    _unlink(context_of(app), doctree, docname)


def _unlink(context: BuildContext, doctree: nodes.document, docname: str) -> None:
    for link in list(doctree.findall(nodes.reference)):
        address = str(link.get("refuri", ""))
        scheme = url_scheme(address)
        if not scheme or (scheme in LINK_SCHEMES and has_valid_host(address)):
            continue
        place = context.place_of(link, docname)
        is_target = any(link.get(key) for key in nodes.Element.basic_attributes)
        link.replace_self(nodes.inline("", "", *link.children) if is_target else link.children)
        if scheme in LINK_SCHEMES:
            message = f"this address has no valid site, so the link was removed: {address[:100]}"
            hint = "Correct the address; it begins with https:// and the name of the site."
            context.add_finding(docname, Finding("link-invalid", message, place, Severity.WARNING, hint))
        else:
            report_unsafe_link(context, docname, scheme, place)


def report_unsafe_link(context: BuildContext, docname: str, scheme: str, place: Place) -> None:
    """Add a finding for a link with a URL scheme that is not allowed."""
    message = f"links with {scheme}: are not allowed, so the link was removed"
    hint = "Link to a page of the book, a web address (https://…) or an e-mail address (mailto:…)."
    severity = Severity.ERROR if scheme in SCRIPT_SCHEMES else Severity.WARNING
    context.add_finding(docname, Finding("link-scheme", message, place, severity, hint))
