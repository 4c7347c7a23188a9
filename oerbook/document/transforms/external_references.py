"""Resolve references to pages of other books."""

from __future__ import annotations

import posixpath
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.nodes import make_refnode

from oerbook.document.context.build_context import context_of
from oerbook.model.findings import Finding, Severity
from oerbook.text.slugs import page_slug

PAGE_ROLES = {"doc"}


def resolve_external(app: Sphinx, env: Any, node: pending_xref, contnode: nodes.TextElement) -> nodes.Element | None:
    """Return a link for `{doc}` to another book, listed under `references:`.

    The URL follows the convention of Sphinx sites: the book's address, the page's name, `.html`.
    Labels need the other book's inventory; without it the text stays and a finding is reported.
    A `{doc}` within the book that names a file (`../02-soil`) is resolved, too.
    """
    context = context_of(app)
    key, colon, target = str(node.get("reftarget", "")).partition(":")
    book_urls = {name: url for name, url, _local in context.book.settings.inventories}
    if not colon and node.get("reftype") in PAGE_ROLES:
        return _resolve_file_name(app, env, node, contnode)
    if not colon or key not in book_urls:
        return None
    docname = str(node.get("refdoc") or env.current_document.docname)
    base_url = book_urls[key].rstrip("/")
    if node.get("reftype") in PAGE_ROLES:
        text = contnode.astext()
        link_text = target if text == node.get("reftarget") else text
        return nodes.reference("", link_text, internal=False, refuri=f"{base_url}/{target}.html")
    message = f"the label {target} of the book “{key}” cannot be resolved: the book's inventory is missing"
    hint = f"Save {base_url}/objects.inv in the book and name the file under references: {key}: inventory."
    context.add_finding(
        docname, Finding("inventory-missing", message, context.place_of(node, docname), Severity.WARNING, hint)
    )
    return contnode


def _resolve_file_name(app: Sphinx, env: Any, node: pending_xref, contnode: nodes.TextElement) -> nodes.Element | None:
    """Return a link to a page given by its file name (`../02-soil`, not `../soil`)."""
    docname, target = str(node.get("refdoc", "")), str(node.get("reftarget", ""))
    folder = (
        ""
        if target.startswith("/")
        else posixpath.dirname(context_of(app).relative_path(docname).removeprefix("chapters/"))
    )
    path = posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
    page = page_slug(path.removesuffix(".md") + ".md")
    if page not in env.all_docs:
        return None
    title = contnode if node.get("refexplicit") else nodes.inline("", env.titles[page].astext(), classes=["doc"])
    return make_refnode(app.builder, docname, page, "", title)
