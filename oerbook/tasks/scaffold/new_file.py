"""Create a chapter or a contributor file, never replacing an existing file."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.model.book import Book
from oerbook.policy.file_names import RESERVED_NAME
from oerbook.source import front_matter
from oerbook.source.book import read_book
from oerbook.source.schema import BOOK_KEYS
from oerbook.source.templates import new_file
from oerbook.source.text import load_page_text
from oerbook.storage.files import create_file
from oerbook.text.slugs import NUMBER_PREFIX, leading_number, page_slug, slugify

BRACKETED_ADDRESS = re.compile(r"<[^<>]*>")  # as in "Name <mail>"; no address is written to a file


@dataclass(frozen=True, slots=True)
class CreatedFile:
    """A created file, relative to the book's root, and notes for its author."""

    path: str
    notes: tuple[str, ...] = ()


def create_chapter(root: Path, title: str, part: str = "", author: str = "") -> CreatedFile:
    """Create a chapter with the next number in a part (by default, at the top level).

    Raises OerbookError when the part or the author is unknown, or when a chapter of this name exists.
    """
    book, _findings = read_book(root)
    title = new_file.to_single_line(title)
    if not title:
        raise OerbookError("a chapter needs a title", hint='For example: oerbook new chapter "Soil and water"')
    folder = part_folder(book, part)
    existing = {NUMBER_PREFIX.sub("", page.stem).casefold(): page for page in folder.iterdir()}
    default_names = (f"chapter{number}" for number in ("", *(f"-{n}" for n in range(2, len(existing) + 3))))
    # A title such as "!!!" has no slug.
    name = slugify(title) or next(name for name in default_names if name not in existing)
    if name.casefold() in existing:
        path = existing[name.casefold()].relative_to(book.root)
        raise OerbookError(f"{path.as_posix()} already exists", hint="Choose another title, or edit that file.")
    path = folder / f"{next_number(folder)}-{name}.md"
    label = "ex-" + page_slug(path.relative_to(book.root / "chapters").as_posix()).replace("/", "-")
    _create(path, new_file.render_chapter(title, label, _authors(book, author), book.language))
    return CreatedFile(path.relative_to(book.root).as_posix(), tuple(toc_notes(book)))


def part_folder(book: Book, part: str) -> Path:
    """Return the folder of a part, by folder name (number optional) or title."""
    chapters = book.root / "chapters"
    if not part:
        return chapters
    folders = sorted(p for p in chapters.iterdir() if _can_be_part(p))
    titles = {
        (chapters / Path(page.path).relative_to("chapters")).parent: group.title
        for group in book.parts
        for page in ([group.opener] if group.opener else [])
    }
    wanted = part.strip("/").removeprefix("chapters/").casefold()
    names = {folder: {folder.name, NUMBER_PREFIX.sub("", folder.name), titles.get(folder, "")} for folder in folders}
    for folder in folders:
        if wanted in {name.casefold() for name in names[folder]}:
            return folder
    folder_names = {name.casefold(): folder.name for folder in folders for name in names[folder] if name}
    close = difflib.get_close_matches(wanted, list(folder_names), 1)
    if close:
        hint = f"Did you mean {folder_names[close[0]]}?"
    elif folders:
        hint = f"The book has the parts {', '.join(folder.name for folder in folders)}."
    else:
        hint = "The book has no parts: create a folder such as chapters/01-basics."
    raise OerbookError(f"the book has no part {part}", hint=hint)


def _can_be_part(folder: Path) -> bool:
    """Say whether a folder holds pages or is empty, and not images only."""
    if not folder.is_dir() or folder.is_symlink() or folder.name[0] in "._":
        return False
    files = [path for path in folder.rglob("*") if path.is_file()]
    return not files or any(path.suffix in (".md", ".ipynb") for path in files)


def next_number(folder: Path) -> str:
    """Return the number after the highest in a folder, padded to the same width."""
    names = [page.name for page in folder.iterdir() if leading_number(page.name) is not None]
    width = max([2, *(len((NUMBER_PREFIX.match(name) or ("",))[0].rstrip("-_. ")) for name in names)])
    return str(max((leading_number(name) or 0 for name in names), default=0) + 1).zfill(width)


def _authors(book: Book, author: str) -> list[str]:
    """Return the id of the given author, or else of the git user if known."""
    ids = {person.id.casefold(): person.id for person in book.people}
    if author:
        wanted = author.casefold()
        same_name = [p.id for p in book.people if p.name.casefold() == wanted]
        if wanted in ids or len(same_name) == 1:
            return [ids.get(wanted) or same_name[0]]
        partial = [person_id for person_id in ids if wanted in person_id.split("-")]
        close = difflib.get_close_matches(wanted, list(ids), 1) or (partial if len(partial) == 1 else same_name)
        hint = f"Did you mean {ids[close[0]]}?" if close else f'Create a file first: oerbook new contributor "{author}"'
        raise OerbookError(f"there is no contributor {author}", hint=hint)
    name = process.user_name(book.root).casefold()
    return [p.id for p in book.people if name and name in {p.name.casefold(), *map(str.casefold, p.identities)}][:1]


def toc_notes(book: Book) -> list[str]:
    """Return what remains to do for a new page if the book lists its pages."""
    text, _problem = load_page_text(book.root / book.index.path, book.root)
    toc = front_matter.read_front_matter(text, book.index.path, BOOK_KEYS).values.get("toc")
    return ["This book lists its pages: add the new one to toc: in chapters/index.md."] if toc else []


def create_contributor(root: Path, name: str, person_id: str = "") -> CreatedFile:
    """Create the file of a contributor.

    Raises OerbookError when the name or the id is taken.
    """
    book, _findings = read_book(root)
    name = new_file.to_single_line(BRACKETED_ADDRESS.sub("", name))
    file_id = slugify(person_id or name)
    if RESERVED_NAME.fullmatch(file_id):  # Windows cannot store a file named con.md
        file_id += "-1"
    if not file_id or "@" in name:
        raise OerbookError("a contributor needs a name", hint='For example: oerbook new contributor "Ada Lovelace"')
    for person in book.people:
        if person.id.casefold() == file_id.casefold() or (person.name.casefold() == name.casefold() and not person_id):
            hint = f"For another person of the same name, choose an id: --id {file_id}-2"
            raise OerbookError(f"{person.name} already has a file: {person.place.path}", hint=hint)
    path = book.root / "contributors" / f"{file_id}.md"
    path.parent.mkdir(exist_ok=True)
    _create(path, new_file.render_contributor(name, book.language))
    return CreatedFile(path.relative_to(book.root).as_posix())


def _create(path: Path, text: str) -> None:
    """Write a file. Raises OerbookError when it exists or cannot be written."""
    try:
        create_file(path, text.encode())
    except FileExistsError as error:
        raise OerbookError(f"{path.name} already exists", hint="Nothing was changed. Edit that file.") from error
    except OSError as error:
        hint = "Nothing was changed. Check the folder's permissions and the free disk space."
        raise OerbookError(f"{path.name} cannot be written: {error.strerror}", hint=hint) from error
