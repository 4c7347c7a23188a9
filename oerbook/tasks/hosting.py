"""What a book needs on GitHub: workflows, forms and instructions; what an editor changed is never written over."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import oerbook
from oerbook.adapters import branches, git
from oerbook.model import Book
from oerbook.source import frontmatter
from oerbook.source.book import read_book
from oerbook.source.schema import BOOK
from oerbook.source.text import load
from oerbook.source.values import as_texts

TEMPLATES = Path(oerbook.__file__).parent / "hosting" / "github"
MARK = "Written by oerbook init --github; change it as you like, and it is yours:"


@dataclass(frozen=True, slots=True)
class Hosted:
    """Files that were written, those that are an editor's and were left alone, and where our new text of them lies."""

    written: tuple[str, ...]
    left: tuple[str, ...]
    beside: tuple[str, ...]


def host(root: Path, *, update: bool) -> Hosted:
    """Write the files that GitHub reads into the book at `root`.

    With `update`, files of ours that nobody has changed are written anew; of those that somebody has, our text is put
    beside them with `.new` behind its name. Raises OerbookError when there is no book.
    """
    book, _findings = read_book(root)
    written, left, beside = [], [], []
    for path, text in files(book).items():
        place, whole = root / path, stamped(path, text)
        if not place.exists() or (update and untouched(place.read_text(encoding="utf-8", errors="replace"))):
            written.append(path)
        elif update and place.read_text(encoding="utf-8", errors="replace") != whole:
            beside.append(f"{path}.new")
            place = place.with_name(f"{place.name}.new")
        else:
            left.append(path)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(whole, encoding="utf-8", newline="\n")
    return Hosted(tuple(written), tuple(left), tuple(beside))


def files(book: Book) -> dict[str, str]:
    """Return the files by their paths, filled in for a book."""
    words = {
        "@VERSION@": oerbook.__version__,
        "@BRANCH@": _branch(book.root),
        "@ISSUES@": f": {book.repository}/issues/new/choose" if book.repository else "",
        "@CHAPTERS@": f" ({book.repository}/tree/{_branch(book.root)}/chapters)" if book.repository else "",
    }
    found = {}
    for source in sorted(path for path in TEMPLATES.rglob("*") if path.is_file()):
        name = source.relative_to(TEMPLATES).as_posix()
        text = source.read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(word, value)
        found[name if name == "CONTRIBUTING.md" else f".github/{name}"] = text
    owners = code_owners(book)
    return {**found, ".github/CODEOWNERS": owners} if owners else found


def _branch(root: Path) -> str:
    if not git.is_repository(root):
        return "main"
    return branches.current(root).removeprefix("refs/heads/") or "main"


def code_owners(book: Book) -> str:
    """Return who is asked about which part: `maintainers:` of the title page and of the pages that open parts."""
    accounts = {person.id: person.github for person in book.people if person.github}
    rows = []
    openers = [part.opener.path for part in book.parts if part.opener]
    for path in [book.index.path, *openers]:
        text, problem = load(book.root / path, book.root)
        named = as_texts(frontmatter.read(text, path, BOOK).values.get("maintainers")) if not problem else ()
        known = [f"@{accounts[name]}" for name in named if name in accounts]
        rows += [f"/{path.rpartition('/')[0]}/ {' '.join(known)}"] if known else []
    return "\n".join(rows) + "\n" if rows else ""


def stamped(path: str, text: str) -> str:
    """Return a text with a first line that says whose it is, and by which it is known again."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"<!-- {MARK} {digest} -->\n{text}" if path.endswith(".md") else f"# {MARK} {digest}\n{text}"


def untouched(whole: str) -> bool:
    """Say whether a file is as we wrote it.

    >>> untouched(stamped("a.yml", "x")), untouched(stamped("a.yml", "x") + "y"), untouched("x")
    (True, False, False)
    """
    head, _, text = whole.partition("\n")
    return MARK in head and hashlib.sha256(text.encode()).hexdigest()[:16] in head
