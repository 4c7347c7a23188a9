"""Write the page “Accessibility”: what a person certified, what the build measured, and what is missing where."""

from __future__ import annotations

from oerbook.document.reading.generated.contributors_page import escape_markdown
from oerbook.metadata.accessibility import claim_sentence
from oerbook.model.book import Book
from oerbook.text.translations import translate

PAGE_NAME = "accessibility"


def page_markdown(book: Book) -> str:
    """Return the page as MyST Markdown; the results are filled in when all pages are read."""
    language, claim = book.language, book.settings.accessibility
    certified = escape_markdown(claim_sentence(language, claim))
    if claim.is_certified and claim.report:
        certified += f" [{translate(language, 'Report of the certifier')}](<{claim.report}>)"
    limits = (
        "No program can tell whether a description says what a picture shows, whether color alone carries a meaning, "
        "or whether the text is easy to understand."
    )
    introduction = "A program measured the following when this book was built."
    blocks = [
        f"# {translate(language, 'Accessibility')}",
        certified,
        f"## {translate(language, 'What was measured')}",
        translate(language, introduction),
        "```{accessibility-results} measured\n```",
        escape_markdown(translate(language, limits)),
        f"## {translate(language, 'Known gaps')}",
        "```{accessibility-results} gaps\n```",
    ]
    contact = claim.contact or (f"{book.repository.rstrip('/')}/issues" if "github.com" in book.repository else "")
    if contact:
        text = translate(language, "If something keeps you from reading this book, please write to {address}.")
        blocks.append(escape_markdown(text).replace(r"\{address\}", f"<{contact}>"))
    return "\n\n".join(blocks) + "\n"
