"""The copyright page of the web site."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from sphinx.application import Sphinx

from oerbook.document.context.build_context import context_of
from oerbook.document.html import theme_files
from oerbook.metadata.copyright_page import CopyrightLine, copyright_lines
from oerbook.metadata.labels import translated_label
from oerbook.theming.theme import font_family_names, read_tokens

COPYRIGHT_PAGE = "copyright-page"


def collect_copyright_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the copyright page of the web site, with the same lines as in print."""
    context = context_of(app)
    title = translated_label(context.book, "copyright")
    faces = font_family_names(read_tokens(theme_files.prepare_theme(context)))
    lines = [_copyright_paragraph(line) for line in copyright_lines(context.book, context.epoch, faces)]
    body = f'<section class="copyright"><h1>{html.escape(title)}</h1>\n' + "\n".join(lines) + "</section>"
    yield COPYRIGHT_PAGE, {"title": title, "body": body}, "page.html"


def _copyright_paragraph(line: CopyrightLine) -> str:
    content = html.escape(line.text)
    content = f"<strong>{content}</strong>" if line.is_bold else content
    content = f'<a href="{html.escape(line.url)}">{content}</a>' if line.url else content
    return f"<p>{html.escape(line.text_before_link)}{content}</p>"
