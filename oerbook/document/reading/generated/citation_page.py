"""Write the page “How to cite”: the book and each chapter, in several styles and as BibTeX."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.document.reading.generated.sentence_markdown import sentence_markdown
from oerbook.model.book import Book
from oerbook.model.sentences import SuggestedCitation
from oerbook.text.translations import translate

PAGE_NAME = "how-to-cite"
MAX_CHAPTERS_IN_ALL_STYLES = 30  # chapters; with more, each is listed in the first style only


def page_markdown(book: Book) -> str:
    """Return the page as MyST Markdown, or "" if no citation was formatted."""
    of_book = next((citation for citation in book.citations if not citation.slug), None)
    if of_book is None:
        return ""
    language = book.language
    blocks = [f"# {translate(language, 'How to cite')}", _in_styles(of_book), ":::{rubric} BibTeX\n:::"]
    blocks.append(f"```{{code-block}} bibtex\n{of_book.bibtex}```")
    chapters = list(_chapter_blocks(book))
    if chapters:
        blocks += [f"## {translate(language, 'Single chapters')}", *chapters]
    return "\n\n".join(blocks) + "\n"


def _chapter_blocks(book: Book) -> Iterator[str]:
    """Yield the citations of each chapter below its title."""
    chapters = [page for part in book.parts for page in part.chapters if page.level == 1 and not page.problem]
    by_slug = {citation.slug: citation for citation in book.citations}
    cited = [by_slug[page.slug] for page in chapters if page.slug in by_slug]
    if len(cited) > MAX_CHAPTERS_IN_ALL_STYLES:
        yield "\n".join(f"- {sentence_markdown(citation.styled[0][1])}" for citation in cited if citation.styled)
        return
    for citation in cited:
        yield f":::{{rubric}} {{doc}}`/{citation.slug}`\n:::"
        yield _in_styles(citation)


def _in_styles(citation: SuggestedCitation) -> str:
    return "\n".join(f"- {name}: {sentence_markdown(sentence)}" for name, sentence in citation.styled)
