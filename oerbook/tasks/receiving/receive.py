"""Turn a Word file or OpenDocument text that somebody sent into a submission: a branch with a commit of that person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from oerbook.errors import OerbookError
from oerbook.git import merge_tree, objects, process, refs
from oerbook.importers.conversion.archives import list_members
from oerbook.importers.conversion.book_files import render_book
from oerbook.importers.conversion.chapter_paths import chapter_paths
from oerbook.importers.conversion.values import ConversionOptions
from oerbook.importers.converters import CONVERTERS, find_converter
from oerbook.importers.editing_copies.edits import apply_edits
from oerbook.importers.editing_copies.read_copy import EditedCopy, read_copy
from oerbook.model.findings import Finding
from oerbook.source.book import read_book
from oerbook.source.front_matter import split_front_matter
from oerbook.tasks.importing.present_names import find_names_in_use
from oerbook.tasks.progress import Progress
from oerbook.tasks.receiving.editing_copy import CHAPTER_FACT, COMMIT_FACT, committed_text
from oerbook.tasks.receiving.reply import Reply
from oerbook.tasks.scaffold.new_file import next_number, part_folder
from oerbook.tasks.submissions.branches import target_branch
from oerbook.tasks.submissions.review import ReviewRequest, review
from oerbook.text.slugs import NUMBER_PREFIX, ascii_slug

COMMIT_ID = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True)
class ReceiveRequest:
    """What was received: a file, its author's name, the part for a new chapter, and wishes for its conversion."""

    file: Path
    author: str
    part: str = ""
    options: ConversionOptions = field(default_factory=lambda: ConversionOptions(accept_changes=True))


@dataclass(frozen=True, slots=True)
class Received:
    """The new branch, its pages, the findings about the file and of the review, and a reply to the author."""

    branch: str
    pages: tuple[str, ...]
    findings: tuple[Finding, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class _Change:
    """What the branch is to hold: files above a commit, and what the author is told."""

    base: str
    files: Mapping[str, bytes]
    pages: tuple[str, ...]
    message: str
    findings: tuple[Finding, ...] = ()
    comments: tuple[str, ...] = ()
    is_new: bool = False


def receive(root: Path, out: Path, request: ReceiveRequest, progress: Progress) -> Received:
    """Create a branch with what an author sent, and review it like any other submission; caches are kept below `out`.

    A copy made by `oerbook build docx --chapter … --for-editing` changes its chapter where the author changed it; any
    other file becomes new chapters. Raises OerbookError if the file cannot be read or changes nothing.
    """
    root = root.resolve()
    author = " ".join(request.author.split())
    if not author or "@" in author or "<" in author:
        raise OerbookError("an author needs a name, without an address", hint='For example: --author "Ada Lee"')
    target = objects.resolve_commit(root, target_branch(root, ""))
    if not set(list_members(request.file)) & {"word/document.xml", "content.xml"}:
        hint = "Ask for a .docx or .odt file; other formats come in with oerbook import."
        raise OerbookError(f"{request.file.name} is no Word file or OpenDocument text", hint=hint)
    copy = read_copy(request.file)
    with progress.stage("reading the file", None):
        is_copy = bool(copy.facts.get(CHAPTER_FACT))
        change = _edited_chapter(root, request, copy) if is_copy else _new_chapters(root, target, request, copy)
    branch = _unused_branch(root, author, change)
    tip = _commit(root, change, author)
    refs.update_ref(root, f"refs/heads/{branch}", tip, "0" * len(tip), "oerbook receive")
    result = review(root, out, ReviewRequest(target, tip), progress)
    findings = (*change.findings, *result.new)
    reply = Reply(author, change.pages, change.is_new, change.comments, read_book(root)[0])
    return Received(branch, change.pages, findings, reply.text(findings))


def _edited_chapter(root: Path, request: ReceiveRequest, copy: EditedCopy) -> _Change:
    """Return the change of a chapter by its edited copy."""
    path, commit = copy.facts[CHAPTER_FACT], copy.facts.get(COMMIT_FACT, "")
    pure = PurePosixPath(path)
    if pure.suffix != ".md" or pure.parts[0] != "chapters" or ".." in pure.parts or not COMMIT_ID.fullmatch(commit):
        hint = "Make a new copy: oerbook build docx --chapter NAME --for-editing"
        raise OerbookError(f"{request.file.name} does not say which chapter it is a copy of", hint=hint)
    if not process.run_git(root, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").strip():
        raise OerbookError(f"the copy is of a commit that this repository does not have: {commit[:10]}")
    old = committed_text(root, commit, path)
    _front, body_line = split_front_matter(old)
    new = apply_edits(old, max(body_line - 1, 0), copy.paragraphs)
    if new == old:
        raise OerbookError(f"{request.file.name} changes nothing in {path}", hint="Ask whether it is the right file.")
    comments = tuple(
        f"{comment.author}: {comment.text}" if comment.author else comment.text for comment in copy.comments
    )
    return _Change(commit, {path: new.encode()}, (path,), f"Edit {path}", comments=comments)


def _new_chapters(root: Path, target: str, request: ReceiveRequest, copy: EditedCopy) -> _Change:
    """Return the new chapters that a file becomes, with the author's name in their front matter."""
    book, _findings = read_book(root)
    converted = CONVERTERS[find_converter(request.file)].convert(request.file, request.options)
    ids = {person.name.casefold(): person.id for person in book.people}
    named = ids.get(request.author.casefold(), request.author)
    chapters = tuple(replace(c, part="", front={**c.front, "authors": [named]}) for c in converted.chapters)
    folder = part_folder(book, request.part)
    below = folder.relative_to(book.root / "chapters").as_posix()
    stems = frozenset(NUMBER_PREFIX.sub("", path.stem) for path in folder.iterdir())
    names = chapter_paths(chapters, int(next_number(folder)), stems)
    paths = [name if below == "." else f"{below}/{name}" for name in names]
    files = render_book(
        replace(converted, chapters=chapters, sources=(), license=book.license), paths, find_names_in_use(book)
    )
    written = dict(files.files)
    if converted.bibliography.strip():
        written[f"{files.chapters[0].removesuffix('.md')}.bib"] = converted.bibliography.strip().encode() + b"\n"
    comments = tuple(comment.text for comment in copy.comments)
    message = f"Add “{chapters[0].title}”"
    return _Change(target, written, files.chapters, message, files.findings, comments, is_new=True)


def _unused_branch(root: Path, author: str, change: _Change) -> str:
    """Return a name for the branch that no branch has."""
    page = NUMBER_PREFIX.sub("", PurePosixPath(change.pages[0]).stem)
    name = f"{ascii_slug(author) or 'author'}/{ascii_slug(page) or 'chapter'}"
    taken = {branch.ref.removeprefix("refs/heads/") for branch in refs.list_branches(root)}
    return next(n for n in (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))) if n not in taken)


def _commit(root: Path, change: _Change, author: str) -> str:
    """Create the commit of the author, whose address is made up; who runs the command is its committer."""
    prefix = objects.book_prefix(root)
    files = {f"{prefix}{path}": data for path, data in change.files.items()}
    address = f"{ascii_slug(author) or 'author'}@received.invalid"
    env = {**process.committer_env(root), "GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": address}
    with refs.merge_lock(root), merge_tree.scratch_repository(root, {}) as scratch:
        tree = merge_tree.replace_files(scratch, objects.tree_id(root, change.base), files)
        return refs.create_commit(root, tree, (change.base,), f"{change.message}\n", env)
