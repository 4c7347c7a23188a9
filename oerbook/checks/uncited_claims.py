"""Find claims without a source; only notes, since a program cannot judge them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput
from oerbook.model.findings import Finding, Severity

CLAIM_PHRASE = re.compile(
    r"\b(studies|research|surveys|experiments|scientists|researchers|experts|scholars|critics|evidence)\s+"
    r"(?:\w+\s+)?(show|shows|suggests?|suggested|found|finds?|proves?|proved|say|says|agree|believe|argue|showed|"
    r"have shown)\b"
    r"|\bit (is|has been) (well known|widely (known|believed|accepted)|proven|shown|estimated|said|argued|claimed)\b"
    r"|\baccording to (studies|research|experts|some|many|a (study|survey|report))\b",
    re.I,
)


def check(_book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report paragraphs that refer to other people's findings and cite no source."""
    for page in check_input.pages:
        for passage in page.passages:
            match = CLAIM_PHRASE.search(passage.text)
            if match and passage.is_running_text and not passage.has_citation:
                message = f"“{match[0]}”: readers may ask for a source"
                hint = "Cite the source with {cite}, a link or a footnote, if there is one."
                yield Finding("claim-uncited", message, passage.place_at(match.start()), Severity.INFO, hint)
