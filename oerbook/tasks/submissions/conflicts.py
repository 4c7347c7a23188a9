"""What contradicts when two people change the same passage: said with both names and both wordings, or made one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from oerbook.attribution.identity import shown
from oerbook.git import merge_tree, objects, refs
from oerbook.git.merge_tree import Aside, Mixed
from oerbook.git.refs import Branch
from oerbook.model.findings import Finding, Place, Severity
from oerbook.text.slugs import is_text

SHOWN = 160  # letters of a passage that are shown
ENTRY = re.compile(r"^[ \t]*@(\w+)\s*[{(]\s*([^\s,}]*)", re.MULTILINE)
ALONE = "Merge the book into the branch, choose the words, and submit it again; or take the branch back, if it is an old one."
HINT = "Ask the two to agree: merge the book into the branch, choose the words, and submit it again."


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage in conflict: its line in the book's file, its rows in the book, before, and in the submission."""

    line: int
    here: tuple[str, ...]
    before: tuple[str, ...]
    there: tuple[str, ...]


def conflicts(root: Path, tip: str, branch: Branch, mixed: Mixed) -> Iterator[Finding]:
    """Report every passage and every file that two people changed, with who they are."""
    start = objects.meeting(root, tip, branch.tip) or tip
    told: set[str] = set()
    for kind, paths in mixed.said:
        if kind == "rename/rename" and len(paths) == 3:
            old, here, there = paths
            theirs, ours = _sides(root, start, tip, branch, (old, here, there))
            words = f"{theirs} calls this file {there} in the submission, and {ours} calls it {here} in the book"
            yield _conflict(words, old, 0, HINT)
            told.update(paths)
    for path, oid in mixed.torn:
        if path not in told:
            kinds = {kind for kind, paths in mixed.said if path in paths}
            yield from _torn(root, path, oid, _sides(root, start, tip, branch, (path,)), _lost(root, tip, path, kinds))
    if not mixed.torn:
        path = next((paths[0] for _kind, paths in mixed.said if paths), "chapters")
        yield _conflict("the submission and the book give files places that contradict", path, 0, HINT)


def _sides(root: Path, start: str, tip: str, branch: Branch, paths: Sequence[str]) -> tuple[str, str]:
    """Return who changed files in the submission, and who in the book."""
    ours = _names(refs.writers(root, start, tip, *paths)) or "the book"
    theirs = _names(refs.writers(root, start, branch.tip, *paths)) or "the submission"
    return theirs, ours


def _lost(root: Path, tip: str, path: str, kinds: AbstractSet[str]) -> str:
    """Return which side took a file away that the other changed: "here", in the book, or "there"; else ""."""
    if "modify/delete" not in kinds:
        return ""
    return "there" if merge_tree.has(root, tip, path) else "here"


def _torn(root: Path, path: str, oid: str, sides: tuple[str, str], lost: str) -> Iterator[Finding]:
    theirs, ours = sides
    both, hint = (f"{theirs} and {ours} both", HINT) if ours != theirs else (f"{ours} twice", ALONE)
    if lost:
        does, did = ("takes this file away", "changed it") if lost == "there" else ("changes this file", "took it away")
        yield _conflict(f"{theirs} {does} in the submission, and {ours} {did} in the book", path, 0, hint)
        return
    text = _text(root, oid)
    found = [piece for piece in pieces(text) if isinstance(piece, Passage)] if is_text(text) else []
    for passage in found:
        there, here = _shown(passage.there), _shown(passage.here)
        words = f"{both} changed this passage: “{there}” in the submission, “{here}” in the book"
        yield _conflict(words, path, passage.line, hint)
    if not found:
        yield _conflict(f"{both} changed this file, of which one alone can stay", path, 0, hint)


def _conflict(words: str, path: str, line: int, hint: str) -> Finding:
    return Finding("merge-conflict", words, Place(path, line), Severity.ERROR, hint)


def _names(people: Sequence[tuple[str, str]]) -> str:
    return ", ".join(dict.fromkeys(shown(name) for name, _mail in people))


def _text(root: Path, oid: str) -> str:
    data = next(objects.blobs(root, {oid: 0}))[1] if oid else b""
    return data.decode("utf-8", errors="surrogateescape")


def reconciled(bench: Aside, mixed: Mixed) -> Mixed:
    """Return a merge in which bibliographies hold what both sides added, where that is all they did.

    Everybody adds entries at the end of the same file, which git takes for a conflict.
    """
    found = {path: united(_text(bench.root, oid)) for path, oid in mixed.torn if path.endswith(".bib") and oid}
    whole = {path: text.encode("utf-8", errors="surrogateescape") for path, text in found.items() if text}
    left = tuple((path, oid) for path, oid in mixed.torn if path not in whole)
    return Mixed(merge_tree.with_files(bench, mixed.tree, whole), left, mixed.said if left else ()) if whole else mixed


def united(text: str) -> str:
    """Return a bibliography with what both sides added, or "" where they did more than add entries of their own.

    >>> print(united("@a{x,}\\n<<<<<<< o\\n@a{y,}\\n||||||| b\\n=======\\n@a{z,}\\n>>>>>>> t\\n"), end="")
    @a{x,}
    @a{y,}
    @a{z,}
    """
    kept: list[str] = []
    added: list[str] = []
    for piece in pieces(text):
        if isinstance(piece, str):
            kept.append(piece)
            continue
        here, there = "\n".join(piece.here), "\n".join(piece.there)
        if any(row.strip() for row in piece.before) or not (_whole(here) and _whole(there)):
            return ""
        rows = piece.here if here.strip() == there.strip() else (*piece.here, *piece.there)
        added += rows
        kept += rows
    return "\n".join(kept) if _distinct(added, kept) else ""


def _distinct(added: Sequence[str], whole: Sequence[str]) -> bool:
    """Say whether each entry that was added has a key that no other has."""
    keys = Counter(key.casefold() for _kind, key in ENTRY.findall("\n".join(whole)))
    return all(keys[key.casefold()] == 1 for _kind, key in ENTRY.findall("\n".join(added)) if key)


def _whole(rows: str) -> bool:
    """Say whether rows of a bibliography are whole entries."""
    return rows.count("{") == rows.count("}") and (not rows.strip() or rows.lstrip().startswith(("@", "%")))


def pieces(text: str) -> Iterator[str | Passage]:
    """Yield the rows of a file with marks of conflict (in git's style diff3), and each conflict as a passage.

    >>> list(pieces("a\\n<<<<<<< x\\nred\\n||||||| y\\n=======\\nblue\\n>>>>>>> z"))
    ['a', Passage(line=2, here=('red',), before=(), there=('blue',))]
    """
    line, side, begun = 0, "", 0
    kept: dict[str, list[str]] = {}
    for row in text.split("\n"):
        if row.startswith("<<<<<<< ") and not side:
            side, begun, kept = "<", line + 1, {"<": [], "|": [], "=": []}
        elif row.startswith("||||||| ") and side == "<":
            side = "|"
        elif row == "=======" and side in ("<", "|"):
            side = "="
        elif row.startswith(">>>>>>> ") and side == "=":
            side = ""
            yield Passage(begun, tuple(kept["<"]), tuple(kept["|"]), tuple(kept["="]))
        else:
            line += side in ("", "<")
            if side:
                kept[side].append(row)
            else:
                yield row


def _shown(rows: Sequence[str]) -> str:
    words = " ".join(" ".join(rows).split()).encode("utf-8", errors="replace").decode()
    return words if len(words) <= SHOWN else words[:SHOWN].rpartition(" ")[0] + " …"
