"""Find who wrote the lines of a file between two commits, also if the file was renamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oerbook.errors import OerbookError
from oerbook.git import merge_tree
from oerbook.git.merge_tree import ScratchRepository
from oerbook.git.objects import MAX_OUTPUT_BYTES
from oerbook.git.process import run_git_limited

UNCHANGED_RENAME_STATUS = "R100"  # git's status of a file that was renamed and not edited


def line_authors(scratch: ScratchRepository, start: str, tip: str, path: str) -> list[tuple[str, str]]:
    """Return each line of a file at `tip` with its author's name, "" if the line is older than `start`."""
    try:
        output = _run(scratch, tip, "blame", "--no-textconv", "--line-porcelain", f"{start}..{tip}", "--", path)
    except OerbookError:  # too large to blame, or the file is not there
        return []
    lines: list[tuple[str, str]] = []
    name, is_older = "", False
    for row in output.split("\n"):
        if row.startswith("author "):
            name, is_older = row.removeprefix("author "), False
        elif row == "boundary":
            is_older = True
        elif row.startswith("\t"):
            lines.append((row[1:].removesuffix("\r"), "" if is_older else name))
    return lines


def passage_authors(lines: Sequence[tuple[str, str]], passage: Sequence[str]) -> list[str]:
    """Return the authors of a passage of consecutive lines; none if it is not there or nobody changed it.

    >>> passage_authors([("a", ""), ("b", "Bo"), ("c", "Cy")], ["b"])
    ['Bo']
    """
    texts = [text for text, _name in lines]
    wanted = [line.removesuffix("\r") for line in passage]
    for index in range(len(texts) - len(wanted) + 1 if wanted else 0):
        if texts[index : index + len(wanted)] == wanted:
            return list(dict.fromkeys(name for _text, name in lines[index : index + len(wanted)] if name))
    return []


def change_authors(scratch: ScratchRepository, start: str, tip: str, path: str) -> list[str]:
    """Return the authors of commits that changed the content of a file, oldest first; moving it changes nothing."""
    options = ("--follow", "--raw", "-M", "--no-merges", "--no-ext-diff", "-z", "--format=by%x00%aN%x00")
    try:
        fields = iter(_run(scratch, tip, "log", *options, f"{start}..{tip}", "--", path).split("\0"))
    except OerbookError:
        return []
    return list(dict.fromkeys(reversed(list(_content_changes(fields)))))


def _content_changes(fields: Iterator[str]) -> Iterator[str]:
    name = ""
    for field in fields:
        if field.lstrip("\n") == "by":
            name = next(fields)
        elif field.lstrip("\n").startswith(":") and not field.endswith(UNCHANGED_RENAME_STATUS):
            yield name


def path_on_side(scratch: ScratchRepository, base: str, side: str, other: str, path: str) -> str:
    """Return the name that a file of the merge has on one side, if the other side renamed it."""
    if merge_tree.commit_has_file(scratch.root, side, path):
        return path
    options = ("-r", "-z", "-M", "--diff-filter=R", "--name-status")
    try:
        fields = _run(scratch, other, "diff-tree", *options, base, other).split("\0")
    except OerbookError:
        return path
    old_names = dict(zip(fields[2::3], fields[1::3], strict=False))
    return old_names.get(path, path)


def _run(scratch: ScratchRepository, tip: str, *arguments: str) -> str:
    mailmap = ("-c", "mailmap.file=", "-c", f"mailmap.blob={tip}:.mailmap")
    output = run_git_limited(scratch.folder, MAX_OUTPUT_BYTES, *mailmap, *arguments, extra_env=scratch.env)
    return output.decode("utf-8", errors="surrogateescape")
