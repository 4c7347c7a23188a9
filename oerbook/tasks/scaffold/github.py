"""What a book needs on GitHub: workflows, forms and instructions; what an editor changed is never written over."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import oerbook
from oerbook.errors import OerbookError
from oerbook.git import objects, process, refs
from oerbook.model.book import Book
from oerbook.source import front_matter
from oerbook.source.book import read_book
from oerbook.source.schema import BOOK
from oerbook.source.templates import new_file
from oerbook.source.text import load
from oerbook.source.values import as_texts

TEMPLATES = Path(oerbook.__file__).parent / "hosting" / "github"
MARK = "Written by oerbook init --github; change it as you like, and it is yours:"


@dataclass(frozen=True, slots=True)
class Hosted:
    """Files that were written, those that are an editor's and were left alone, and where our new text of them lies.

    `unnamed` are people who maintain something and have no account that CODEOWNERS could name.
    """

    written: tuple[str, ...]
    left: tuple[str, ...]
    beside: tuple[str, ...]
    unnamed: tuple[str, ...] = ()


def host(root: Path, *, update: bool) -> Hosted:
    """Write the files that GitHub reads into the book at `root`.

    With `update`, files of ours that nobody has changed are written anew; of those that somebody has, our text is put
    beside them with `.new` behind its name. Raises OerbookError when there is no book, or it is not the whole repository.
    """
    book, _findings = read_book(root)
    if process.is_repository(root) and objects.prefix(root):
        words = f"{book.root.name} is a folder of its repository, and GitHub reads workflows and forms only at its top"
        raise OerbookError(words, hint="Give the book a repository of its own.")
    written, left, beside = [], [], []
    for path, text in files(book).items():
        place, whole = root / path, stamped(path, text)
        there = place.read_text(encoding="utf-8", errors="replace") if place.exists() else ""
        if not place.exists() or (update and there != whole and untouched(there)):
            written.append(path)
        elif update and there != whole:
            beside.append(f"{path}.new")
            place = place.with_name(f"{place.name}.new")
        else:
            left.append(path)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(whole, encoding="utf-8", newline="\n")
    accounts = {person.id for person in book.people if person.github}
    named = dict.fromkeys(name for _folder, names in maintainers(book) for name in names)
    return Hosted(tuple(written), tuple(left), tuple(beside), tuple(name for name in named if name not in accounts))


def files(book: Book) -> dict[str, str]:
    """Return the files by their paths, filled in for a book."""
    branch = refs.main(book.root) if process.is_repository(book.root) else "main"
    editors = [names for folder, names in maintainers(book) if folder == "chapters"]
    called = [person.name for person in book.people if editors and person.id in editors[0]]
    start = {"filename": "50-your-title.md", "value": new_file.blank(book.language)}
    words = {
        "@VERSION@": oerbook.__version__,
        "@BRANCH@": branch,
        "@ISSUES@": f": {book.repository}/issues/new/choose" if book.repository else "",
        "@EDITORS@": f", or to one of the editors ({', '.join(called)})" if called else "",
        "@NEW_CHAPTER@": f"{book.repository or '../..'}/new/{branch}/chapters?{urlencode(start, quote_via=quote)}",
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


def code_owners(book: Book) -> str:
    """Return who is asked about which part: `maintainers:` of the title page and of the pages that open parts."""
    accounts = {person.id: person.github for person in book.people if person.github}
    rows = []
    for folder, names in maintainers(book):
        known = [f"@{accounts[name]}" for name in names if name in accounts]
        rows += [f"/{folder}/ {' '.join(known)}"] if known else []
    return "\n".join(rows) + "\n" if rows else ""


def maintainers(book: Book) -> list[tuple[str, tuple[str, ...]]]:
    """Return the folders that somebody maintains, each with the ids of those who do, the whole book first."""
    found = []
    openers = [part.opener.path for part in book.parts if part.opener]
    for path in [book.index.path, *openers]:
        text, problem = load(book.root / path, book.root)
        named = as_texts(front_matter.read(text, path, BOOK).values.get("maintainers")) if not problem else ()
        found += [(path.rpartition("/")[0], tuple(named))] if named else []
    return found


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
