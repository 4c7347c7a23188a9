"""The card of the web site, drawn once for each title, authors and design."""

from __future__ import annotations

from pathlib import Path

from oerbook.document.session import BuildRequest
from oerbook.formats.card import draw_card
from oerbook.manuscript.manuscript import Manuscript
from oerbook.metadata.bylines import author_line
from oerbook.model.book import Book
from oerbook.storage.cache import make_cache_key
from oerbook.storage.code_digest import code_digest


def card_image(book: Book, request: BuildRequest) -> bytes:
    """Return the card as PNG, from the cache if nothing on it changed."""
    theme = request.cache_dir / "theme" / book.settings.theme
    texts = (book.title, book.subtitle, author_line(book), book.language, book.settings.theme)
    tokens = [path.read_bytes() for path in sorted((theme / "pdf").glob("*.typ"))]
    folder = Path(request.cache_dir) / "cards"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{make_cache_key(code_digest('formats'), *texts, *tokens)}.png"
    if not path.is_file():
        draw_card(Manuscript(book, "typst", (), folder, request.cache_dir, request.epoch, theme), path)
    return path.read_bytes()
