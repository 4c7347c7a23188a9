"""Write the files that a host of repositories reads: workflows, forms, instructions, CODEOWNERS."""

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
from oerbook.source.schema import BOOK_KEYS
from oerbook.source.templates import new_file as templates_new_file
from oerbook.source.text import load_page_text
from oerbook.source.values import as_text_list
from oerbook.storage.files import write_atomically
from oerbook.tasks.scaffold.hosts import Host
from oerbook.tasks.scaffold.install_source import find_own_requirement, requirement_in_workflow

ORIGIN_NOTE = "Written by oerbook init; a changed file is never overwritten:"
CODEBERG = "https://codeberg.org/"


@dataclass(frozen=True, slots=True)
class HostFiles:
    """The files written, those left unchanged, and `.new` files beside changed ones.

    `without_account` are ids of maintainers without a GitHub account, who cannot be named in CODEOWNERS.
    `requirement` is what the workflows install; `is_guess`: it may not be installable.
    """

    written: tuple[str, ...]
    skipped: tuple[str, ...]
    proposed: tuple[str, ...]
    without_account: tuple[str, ...] = ()
    requirement: str = ""
    is_guess: bool = False


def write_host_files(root: Path, host: Host, *, update: bool, requirement: str = "") -> HostFiles:
    """Write the files that a host reads; existing files are not changed.

    With `update`, existing files that nobody changed are replaced; for changed ones the new text is written beside
    them, with `.new` appended to the name.
    The workflows install `requirement`; without one, this oerbook from where it came.
    Raises OerbookError when there is no book, or when the book is a subfolder of its repository.
    """
    book, _findings = read_book(root)
    if process.is_work_tree(root) and objects.book_prefix(root):
        message = (
            f"{book.root.name} is a subfolder of its repository, and {host.title} reads these files at the top only"
        )
        raise OerbookError(message, hint="Give the book its own repository.")
    written, skipped, proposed = [], [], []
    source, is_guess = choose_requirement(root, host, requirement)
    for path, text in render_files(book, host, source).items():
        target, new_text = root / path, add_origin_marker(path, text)
        old_text = target.read_text(encoding="utf-8", errors="replace") if target.exists() else ""
        if not target.exists() or (update and old_text != new_text and is_unmodified_since_written(old_text)):
            written.append(path)
        elif update and old_text != new_text:
            proposed.append(f"{path}.new")
            target = target.with_name(f"{target.name}.new")
        else:
            skipped.append(path)
            continue
        write_atomically(target, new_text.encode())
    if host.name != "github":
        return HostFiles(tuple(written), tuple(skipped), tuple(proposed), (), source, is_guess)
    accounts = {person.id for person in book.people if person.github}
    ids = dict.fromkeys(person for _folder, people in list_maintainers(book) for person in people)
    unnamed = tuple(person for person in ids if person not in accounts)
    return HostFiles(tuple(written), tuple(skipped), tuple(proposed), unnamed, source, is_guess)


def choose_requirement(root: Path, host: Host, requirement: str) -> tuple[str, bool]:
    """Return what the workflows install, and whether that is a guess.

    First what was asked for, then where this oerbook came from, then what the book's workflows install already.
    """
    known = requirement or find_own_requirement() or requirement_in_workflow(root / host.check_file)
    return known or f"oerbook=={oerbook.__version__}", not known


def render_files(book: Book, host: Host, requirement: str) -> dict[str, str]:
    """Return the text of each file by path, with placeholders replaced for the book."""
    branch = refs.main_branch(book.root) if process.is_work_tree(book.root) else "main"
    editors = [people for folder, people in list_maintainers(book) if folder == "chapters"]
    names = [person.name for person in book.people if editors and person.id in editors[0]]
    template = templates_new_file.render_blank_chapter(book.language)
    new_file = urlencode({"filename": "50-your-title.md", "value": template}, quote_via=quote)
    placeholders = {
        "@INSTALL@": requirement,
        "@BRANCH@": branch,
        "@ISSUES@": f": {book.repository}{host.new_issue}" if book.repository else "",
        "@EDITORS@": f", or to one of the editors ({', '.join(names)})" if names else "",
        "@NEW_CHAPTER@": f"{book.repository or '../..'}/new/{branch}/chapters?{new_file}",
        "@REPOSITORY@": book.repository or ".",
        "@REQUEST@": host.request,
        "@REPORT@": host.report,
        "@RUNNER@": "codeberg-small" if book.repository.startswith(CODEBERG) else "docker",
        "@TEMPLATE@": template.rstrip("\n"),
    }
    texts = {path: source.read_text(encoding="utf-8") for path, source in host.templates().items()}
    for placeholder, value in placeholders.items():
        texts = {path: text.replace(placeholder, value) for path, text in texts.items()}
    owners = render_code_owners(book) if host.name == "github" else ""
    return {**texts, ".github/CODEOWNERS": owners} if owners else texts


def render_code_owners(book: Book) -> str:
    """Return the text of CODEOWNERS: each folder with its maintainers' accounts."""
    accounts = {person.id: person.github for person in book.people if person.github}
    rows = []
    for folder, people in list_maintainers(book):
        owners = [f"@{accounts[person]}" for person in people if person in accounts]
        rows += [f"/{folder}/ {' '.join(owners)}"] if owners else []
    return "\n".join(rows) + "\n" if rows else ""


def list_maintainers(book: Book) -> list[tuple[str, tuple[str, ...]]]:
    """Return each folder with the ids of its maintainers, the whole book first.

    They are listed under `maintainers:` of the title page and of the opening pages of parts.
    """
    maintained = []
    openers = [part.opener.path for part in book.parts if part.opener]
    for path in [book.index.path, *openers]:
        text, problem = load_page_text(book.root / path, book.root)
        people = (
            as_text_list(front_matter.read_front_matter(text, path, BOOK_KEYS).values.get("maintainers"))
            if not problem
            else ()
        )
        maintained += [(path.rpartition("/")[0], tuple(people))] if people else []
    return maintained


def add_origin_marker(path: str, text: str) -> str:
    """Return a text with a first line that names its origin and holds its digest."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"<!-- {ORIGIN_NOTE} {digest} -->\n{text}" if path.endswith(".md") else f"# {ORIGIN_NOTE} {digest}\n{text}"


def is_unmodified_since_written(content: str) -> bool:
    """Say whether a file is as oerbook wrote it.

    >>> text = add_origin_marker("a.yml", "x")
    >>> [is_unmodified_since_written(content) for content in (text, text + "y", "x")]
    [True, False, False]
    """
    first_line, _, text = content.partition("\n")
    return ORIGIN_NOTE in first_line and hashlib.sha256(text.encode()).hexdigest()[:16] in first_line
