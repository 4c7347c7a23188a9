"""Addresses of the web that were asked: those that are gone, those that moved, those that did not answer."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.findings import Finding, Severity
from oerbook.model.proof import Answer, Link, Proof

GONE = frozenset({404, 410, 451})


def check(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report what the web said of the addresses in the book; nothing when it was not asked."""
    answers = {answer.url: answer for answer in proof.answers}
    for page in proof.pages:
        for link in page.links:
            answer = answers.get(link.target.partition("#")[0])
            if answer is not None:
                yield from _judged(link, answer)


def _judged(link: Link, answer: Answer) -> Iterator[Finding]:
    if answer.reason == "private":
        words = f"{answer.url} is an address inside somebody's own network, where readers cannot go; it was not asked"
        yield Finding("link-private", words, link.place, Severity.ERROR, "Link to a public page.")
    elif answer.status in GONE:
        words = f"{answer.url} is gone (the site answers {answer.status})"
        hint = "Find where it is now, or link to a copy at web.archive.org."
        yield Finding("link-broken", words, link.place, Severity.ERROR, hint)
    elif answer.status == 0 or answer.status >= 400:
        said = f"the site answers {answer.status}" if answer.status else answer.reason
        words = f"{answer.url} could not be seen ({said})"
        hint = "It may be a matter of the moment: ask again, or open it yourself."
        yield Finding("link-unanswered", words, link.place, Severity.WARNING, hint)
    elif answer.moved:
        words = f"{answer.url} has moved for good to {answer.moved}"
        yield Finding("link-moved", words, link.place, Severity.INFO, "Link to the new address.")
