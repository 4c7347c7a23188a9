"""Turn the revisions of a wiki page into earlier states of a chapter, without addresses of people."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from oerbook.importers.conversion.values import SourceRevision
from oerbook.importers.wikitext.dump import WikiPage, WikiRevision
from oerbook.importers.wikitext.state import wiki_url

ANONYMOUS = "anonymous"
BOT_NAME = re.compile(r"bot\b|^conversion script$|^mediawiki (?:default|message delivery)$", re.I)
HUMAN_NAME_WITH_BOT = re.compile(r"abbot|talbot|botany|botan", re.I)
IP_ADDRESS = re.compile(
    r"\b\d{1,3}(?:\.\d{1,3}){2}\.(?:\d{1,3}|xxx)\b|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){4,7}[0-9A-Fa-f]{1,4}(?![\w:])"
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
SECTION_COMMENT = re.compile(r"/\*\s*(.*?)\s*\*/\s*")


def make_revisions(page: WikiPage, base_url: str) -> tuple[SourceRevision, ...]:
    """Return the states of a page, oldest first; those whose text the wiki has deleted are left out."""
    return tuple(_make_revision(page, revision, base_url) for revision in page.revisions if revision.text is not None)


def _make_revision(page: WikiPage, revision: WikiRevision, base_url: str) -> SourceRevision:
    address = wiki_url(base_url, page.title)
    trailers = [("Wiki-Revision", str(revision.identifier))]
    trailers += [("Wiki-Page", address or page.title)]
    if address:
        trailers += [("Source", f"{base_url.replace('/wiki/', '/w/index.php')}?oldid={revision.identifier}")]
    trailers += [("Minor", "yes")] if revision.minor else []
    return SourceRevision(
        author_name(revision.author),
        _seconds(revision.timestamp),
        clean_comment(revision.comment) or f"Edit “{page.title}”",
        revision.text or "",
        tuple(trailers),
    )


def author_name(name: str) -> str:
    """Return the name that a commit has: never an address; bots are marked.

    >>> author_name("Ada Lee"), author_name("ClueBot NG"), author_name("192.0.2.7"), author_name("J. Abbot")
    ('Ada Lee', 'ClueBot NG [bot]', 'anonymous', 'J. Abbot')
    """
    if not name.strip() or IP_ADDRESS.search(name):
        return ANONYMOUS
    is_bot = BOT_NAME.search(name) and not HUMAN_NAME_WITH_BOT.search(name)
    return f"{EMAIL.sub('', name).strip() or ANONYMOUS}{' [bot]' if is_bot else ''}"


def clean_comment(comment: str) -> str:
    """Return the comment of an edit without addresses of people; a section comes first.

    >>> clean_comment("/* History */ Reverted edits by [[Special:Contributions/192.0.2.7|192.0.2.7]]")
    'History: Reverted edits by an anonymous editor'
    """
    text = SECTION_COMMENT.sub(lambda match: f"{match[1]}: ", comment).strip()
    text = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]", r"\1", text)
    text = EMAIL.sub("(address removed)", IP_ADDRESS.sub("an anonymous editor", text))
    return " ".join(text.split()).removesuffix(":").strip()


def _seconds(timestamp: str) -> int:
    try:
        return int(datetime.fromisoformat(timestamp.replace("Z", "+00:00")).astimezone(UTC).timestamp())
    except ValueError:
        return 0
