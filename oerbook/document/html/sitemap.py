"""Write `sitemap.xml`: the addresses of all pages, for search engines and catalogs of open textbooks.

See https://www.sitemaps.org/protocol.html; a book without a known address has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from oerbook.document.html.not_found_page import site_url
from oerbook.model.book import Book
from oerbook.storage.files import write_atomically

FILE_NAME = "sitemap.xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def write_sitemap(book: Book, pages: Iterable[str], site: Path) -> None:
    """Write the sitemap of a site with these pages, the title page first; delete it if the address is unknown."""
    base = site_url(book)
    if not base:
        (site / FILE_NAME).unlink(missing_ok=True)
        return
    names = sorted(set(pages) - {book.index.slug})
    addresses = [base, *(f"{base}{name}.html" for name in names)]
    rows = "".join(f"  <url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{NAMESPACE}">\n{rows}</urlset>\n'
    write_atomically(site / FILE_NAME, text.encode())
