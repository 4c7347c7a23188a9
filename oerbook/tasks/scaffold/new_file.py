"""Beginning something: a new chapter or a new contributor's file, ready to be written in, never over another file."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.model.book import Book
from oerbook.policy.file_names import RESERVED
from oerbook.source.book import read_book
from oerbook.source.templates import new_file
from oerbook.text.slugs import NUMBER, number_of, slug_of

ADDRESS = re.compile(r"<[^<>]*>")  # as git writes people; no address is kept


@dataclass(frozen=True, slots=True)
class Begun:
    """A file that was made, relative to the book's root, and what its author should know."""

    path: str
    notes: tuple[str, ...] = ()


def new_chapter(root: Path, title: str, part: str = "", author: str = "") -> Begun:
    """Begin a chapter with the next free number in a part (by default among the chapters without one).

    Raises OerbookError when the part or the author is not known, or a chapter of that name is there already.
    """
    book, _findings = read_book(root)
    title = new_file.tidy(title)
    if not title:
        raise OerbookError("a chapter needs a title", hint='For example: oerbook new chapter "Soil and water"')
    folder = _folder(book, part)
    there = {NUMBER.sub("", page.stem).casefold(): page for page in folder.iterdir()}
    free = (f"chapter{number}" for number in ("", *(f"-{n}" for n in range(2, len(there) + 3))))
    name = new_file.slug(title) or next(name for name in free if name not in there)  # of "!!!" no name can be made
    for known, page in there.items():
        if known == name.casefold():
            taken = page.relative_to(book.root).as_posix()
            raise OerbookError(f"{taken} is there already", hint="Choose another title, or go on in that file.")
    path = folder / f"{_next(folder)}-{name}.md"
    label = "ex-" + slug_of(path.relative_to(book.root / "chapters").as_posix()).replace("/", "-")
    _create(path, new_file.chapter(title, label, _authors(book, author), book.language))
    return Begun(path.relative_to(book.root).as_posix(), tuple(_notes(book)))


def _folder(book: Book, part: str) -> Path:
    """Return the folder of a part, which may be named by its folder, with its number or without, or by its title."""
    chapters = book.root / "chapters"
    if not part:
        return chapters
    folders = sorted(p for p in chapters.iterdir() if _may_be_part(p))
    titles = {
        (chapters / Path(page.path).relative_to("chapters")).parent: group.title
        for group in book.parts
        for page in ([group.opener] if group.opener else [])
    }
    wanted = part.strip("/").removeprefix("chapters/").casefold()
    names = {folder: {folder.name, NUMBER.sub("", folder.name), titles.get(folder, "")} for folder in folders}
    for folder in folders:
        if wanted in {name.casefold() for name in names[folder]}:
            return folder
    known = {name.casefold(): folder.name for folder in folders for name in names[folder] if name}
    close = difflib.get_close_matches(wanted, list(known), 1)
    if close:
        hint = f"Did you mean {known[close[0]]}?"
    elif folders:
        hint = f"The book has the parts {', '.join(folder.name for folder in folders)}."
    else:
        hint = "The book has no parts: make a folder such as chapters/01-basics."
    raise OerbookError(f"the book has no part {part}", hint=hint)


def _may_be_part(folder: Path) -> bool:
    """Say whether a folder holds pages, or nothing yet: one with pictures only is no part of the book."""
    if not folder.is_dir() or folder.is_symlink() or folder.name[0] in "._":
        return False
    files = [path for path in folder.rglob("*") if path.is_file()]
    return not files or any(path.suffix in (".md", ".ipynb") for path in files)


def _next(folder: Path) -> str:
    """Return the number after the highest in a folder, as wide as the others."""
    names = [page.name for page in folder.iterdir() if number_of(page.name) is not None]
    width = max([2, *(len((NUMBER.match(name) or ("",))[0].rstrip("-_. ")) for name in names)])
    return str(max((number_of(name) or 0 for name in names), default=0) + 1).zfill(width)


def _authors(book: Book, author: str) -> list[str]:
    """Return who writes: the id that was given, else whom git knows here, if the book knows the name too."""
    known = {person.id.casefold(): person.id for person in book.people}
    if author:
        wanted = author.casefold()
        called = [p.id for p in book.people if p.name.casefold() == wanted]
        if wanted in known or len(called) == 1:
            return [known.get(wanted) or called[0]]
        parts = [id for id in known if wanted in id.split("-")]
        close = difflib.get_close_matches(wanted, list(known), 1) or (parts if len(parts) == 1 else called)
        hint = f"Did you mean {known[close[0]]}?" if close else f'First write: oerbook new contributor "{author}"'
        raise OerbookError(f"nobody in contributors/ has the id {author}", hint=hint)
    name = process.user_name(book.root).casefold()
    return [p.id for p in book.people if name and name in {p.name.casefold(), *map(str.casefold, p.identities)}][:1]


def _notes(book: Book) -> list[str]:
    from oerbook.source.front_matter import read
    from oerbook.source.schema import BOOK
    from oerbook.source.text import load

    text, _problem = load(book.root / book.index.path, book.root)
    listed = read(text, book.index.path, BOOK).values.get("toc")
    return ["This book lists its pages: add the new one to toc: in chapters/index.md."] if listed else []


def new_contributor(root: Path, name: str, id: str = "") -> Begun:
    """Begin a person's file. Raises OerbookError when the name or the id is somebody's already."""
    book, _findings = read_book(root)
    name = new_file.tidy(ADDRESS.sub("", name))
    chosen = new_file.slug(id or name)
    if RESERVED.fullmatch(chosen):  # Windows keeps no file called con.md
        chosen += "-1"
    if not chosen or "@" in name:
        raise OerbookError("a contributor needs a name", hint='For example: oerbook new contributor "Ada Lovelace"')
    for person in book.people:
        if person.id.casefold() == chosen.casefold() or (person.name.casefold() == name.casefold() and not id):
            hint = f"If that is somebody else of the same name, choose an id of your own: --id {chosen}-2"
            raise OerbookError(f"{person.name} has a file already: {person.place.path}", hint=hint)
    path = book.root / "contributors" / f"{chosen}.md"
    path.parent.mkdir(exist_ok=True)
    _create(path, new_file.person(name, book.language))
    return Begun(path.relative_to(book.root).as_posix())


def _create(path: Path, text: str) -> None:
    """Write a file that must not be there yet."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise OerbookError(f"{path.name} is there already", hint="Nothing was changed. Go on in that file.") from error
    except OSError as error:
        hint = "Nothing was changed. See whether you may write in that folder, and whether the disk is full."
        raise OerbookError(f"{path.name} cannot be written: {error.strerror}", hint=hint) from error
