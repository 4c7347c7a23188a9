"""Check external links by their HTTP answers: gone, moved, private, no answer."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput, Link, LinkStatus
from oerbook.model.findings import Finding, Severity

GONE_STATUSES = frozenset({404, 410, 451})


def check(_book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report broken, moved and unanswered links; nothing when links were not requested."""
    answers = {answer.url: answer for answer in check_input.link_statuses}
    for page in check_input.pages:
        for link in page.links:
            answer = answers.get(link.target.partition("#")[0])
            if answer is not None:
                yield from _link_findings(link, answer)


def _link_findings(link: Link, answer: LinkStatus) -> Iterator[Finding]:
    if answer.reason == "private":
        message = f"{answer.url} is in a private network, which readers cannot reach; it was not requested"
        yield Finding("link-private", message, link.place, Severity.ERROR, "Link to a public page.")
    elif answer.status in GONE_STATUSES:
        message = f"{answer.url} is gone (HTTP status {answer.status})"
        hint = "Find its new address, or link to a copy at web.archive.org."
        yield Finding("link-broken", message, link.place, Severity.ERROR, hint)
    elif answer.status == 0 or answer.status >= 400:
        reason = f"HTTP status {answer.status}" if answer.status else answer.reason
        message = f"{answer.url} could not be read ({reason})"
        hint = "This may be temporary: check again, or open it yourself."
        yield Finding("link-unreachable", message, link.place, Severity.WARNING, hint)
    elif answer.redirect_target:
        message = f"{answer.url} has moved permanently to {answer.redirect_target}"
        yield Finding("link-moved", message, link.place, Severity.INFO, "Link to the new address.")
