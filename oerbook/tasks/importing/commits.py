"""Commit what was imported: earlier states by their authors, the conversion by oerbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oerbook.git import merge_tree, objects, process, refs
from oerbook.git.merge_tree import ScratchRepository
from oerbook.importers.conversion.values import ConvertedChapter, SourceRevision
from oerbook.tasks.adopt.clone import MACHINE_NAME, machine_env
from oerbook.text.slugs import ascii_slug

MAX_NAME_CHARS = 100


@dataclass(frozen=True, slots=True)
class ImportCommits:
    """What to commit: chapters with their paths below the book's root, all files, and the message of the conversion."""

    chapters: Sequence[tuple[str, ConvertedChapter]]
    files: Mapping[str, bytes]
    message: str


def commit_import(scratch: ScratchRepository, tip: str, commits: ImportCommits) -> str:
    """Create a commit for each earlier state of a chapter and one for the conversion; return the last.

    The person who runs the import wrote no word of it, so oerbook is the author of the conversion.
    """
    root, prefix = scratch.root, objects.book_prefix(scratch.root)
    revisions = [
        (revision.time_s, number, path, revision)
        for path, chapter in commits.chapters
        for number, revision in enumerate(chapter.revisions)
    ]
    for _time, _number, path, revision in sorted(revisions, key=lambda row: row[:3]):
        tree = merge_tree.replace_files(
            scratch, objects.tree_id(root, tip), {f"{prefix}{path}": revision.text.encode()}
        )
        tip = refs.create_commit(root, tree, (tip,), revision_message(revision), author_env(revision))
    files = {f"{prefix}{path}": data for path, data in commits.files.items()}
    tree = merge_tree.replace_files(scratch, objects.tree_id(root, tip), files)
    time_s = int(process.run_git(root, "log", "-1", "--format=%ct", tip))
    return refs.create_commit(root, tree, (tip,), commits.message, machine_env(time_s))


def revision_message(revision: SourceRevision) -> str:
    """Return the message of the commit of an earlier state."""
    subject = " ".join(revision.message.split()) or "Edit"
    trailers = "".join(f"{key}: {value}\n" for key, value in revision.trailers)
    return f"{subject}\n\n{trailers}" if trailers else f"{subject}\n"


def author_env(revision: SourceRevision) -> Mapping[str, str]:
    """Return environment variables for a commit by the author of an earlier state; the address is made up."""
    name = " ".join(revision.author.replace("<", "").replace(">", "").split())[:MAX_NAME_CHARS] or "anonymous"
    author = {"NAME": name, "EMAIL": f"{ascii_slug(name) or 'author'}@imported.invalid"}
    date = f"@{max(revision.time_s, 0)} +0000"
    committer = {"NAME": MACHINE_NAME, "EMAIL": "oerbook@localhost"}
    return {
        **{f"GIT_AUTHOR_{key}": value for key, value in {**author, "DATE": date}.items()},
        **{f"GIT_COMMITTER_{key}": value for key, value in {**committer, "DATE": date}.items()},
    }
