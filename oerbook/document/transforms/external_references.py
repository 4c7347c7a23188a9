"""References into other books: resolved from an inventory if one is at hand, else guessed from its web address."""

from __future__ import annotations

import posixpath
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.nodes import make_refnode

from oerbook.document.context.build_context import desk
from oerbook.document.context.log_handler import place_of
from oerbook.model.findings import Finding, Severity
from oerbook.text.slugs import slug_of

PAGES = {"doc"}


def resolve(app: Sphinx, env: Any, node: pending_xref, contnode: nodes.TextElement) -> nodes.Element | None:
    """Return a link for `{doc}` to a page of another book that front matter names under `references:`.

    Where the page lies is the convention of every Sphinx site: the book's address, the page's name, `.html`.
    A label needs the other book's inventory; without it the words stay and a finding says why.
    """
    key, colon, target = str(node.get("reftarget", "")).partition(":")
    known = {name: url for name, url, _local in desk().book.settings.inventories}
    if not colon and node.get("reftype") in PAGES:
        return _by_file(app, env, node, contnode)
    if not colon or key not in known:
        return None
    docname = str(node.get("refdoc") or env.current_document.docname)
    if node.get("reftype") in PAGES:
        address = f"{known[key].rstrip('/')}/{target}.html"
        words = contnode.astext()
        shown = target if words == node.get("reftarget") else words
        return nodes.reference("", shown, internal=False, refuri=address)
    message = f"the label {target} of the book “{key}” cannot be looked up, for its inventory is not here"
    hint = f"Save {known[key].rstrip('/')}/objects.inv in the book and name it under references: {key}: inventory."
    desk().report(docname, Finding("inventory-missing", message, place_of(node, docname), Severity.WARNING, hint))
    return contnode


def _by_file(app: Sphinx, env: Any, node: pending_xref, contnode: nodes.TextElement) -> nodes.Element | None:
    """Return a link for `{doc}` to a page that is named by its file (`../02-soil`) and not by its address (`../soil`)."""
    here, docname, target = desk(), str(node.get("refdoc", "")), str(node.get("reftarget", ""))
    folder = "" if target.startswith("/") else posixpath.dirname(here.path(docname).removeprefix("chapters/"))
    path = posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
    page = slug_of(path.removesuffix(".md") + ".md")
    if page not in env.all_docs:
        return None
    title = contnode if node.get("refexplicit") else nodes.inline("", env.titles[page].astext(), classes=["doc"])
    return make_refnode(app.builder, docname, page, "", title)
