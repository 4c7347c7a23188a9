"""Report merge conflicts with both wordings, and resolve those in bibliographies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from oerbook.attribution.identity import display_name
from oerbook.git import blame, merge_tree, objects, refs
from oerbook.git.merge_tree import MergeOutcome, ScratchRepository
from oerbook.git.refs import Branch
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source import bibtex_parser
from oerbook.text.slugs import is_utf8_name

MAX_QUOTED_CHARS = 160  # characters of a passage that a message quotes
SAME_AUTHOR_HINT = (
    "Merge the book into the branch, resolve the conflict, and submit again; or withdraw the branch if it is outdated."
)
TWO_AUTHORS_HINT = "Agree on a wording, merge the book into the branch, resolve the conflict, and submit again."


@dataclass(frozen=True, slots=True)
class ConflictRegion:
    """A region in conflict, as lines of the book, of the base and of the submission.

    `line` is the 1-based line in the book's file.
    """

    line: int
    ours: tuple[str, ...]
    base: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sides:
    """The two sides of a merge, and who changed what on each."""

    scratch: ScratchRepository
    base: str
    book: str
    submission: str

    def authors(self, path: str) -> tuple[str, str]:
        """Return who changed the content of a file, or else moved or removed it: in the submission, in the book."""
        return (
            self._changers(self.submission, self.book, path) or "the submission",
            self._changers(self.book, self.submission, path) or "the book",
        )

    def _changers(self, side: str, other: str, path: str) -> str:
        name = blame.path_on_side(self.scratch, self.base, side, other, path)
        people = blame.change_authors(self.scratch, self.base, side, name)
        return _names(people) or _names(
            [n for n, _mail in refs.commit_authors(self.scratch.root, self.base, side, name)]
        )

    def remover(self, side: str, path: str) -> str:
        """Return who removed a file on one side."""
        return _names([name for name, _mail in refs.commit_authors(self.scratch.root, self.base, side, path)][-1:])

    def lines(self, path: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Return the lines of a file with their authors: in the submission, in the book."""
        sides = ((self.submission, self.book), (self.book, self.submission))
        names = [blame.path_on_side(self.scratch, self.base, side, other, path) for side, other in sides]
        theirs, ours = (
            blame.line_authors(self.scratch, self.base, side, name)
            for (side, _other), name in zip(sides, names, strict=True)
        )
        return theirs, ours


def report_conflicts(scratch: ScratchRepository, tip: str, branch: Branch, outcome: MergeOutcome) -> Iterator[Finding]:
    """Report every passage and file that both sides changed, with the names of those who wrote the words."""
    root = scratch.root
    sides = _Sides(scratch, objects.merge_base(root, tip, branch.tip) or tip, tip, branch.tip)
    reported: set[str] = set()
    for kind, paths in outcome.messages:
        if kind == "rename/rename" and len(paths) == 3:
            old, in_book, in_submission = paths
            ours = _names([name for name, _mail in refs.commit_authors(root, sides.base, tip, *paths)]) or "the book"
            theirs = _names([name for name, _mail in refs.commit_authors(root, sides.base, branch.tip, *paths)])
            message = (
                f"{theirs or 'the submission'} renamed this file to {in_submission} in the submission,"
                f" {ours} to {in_book} in the book"
            )
            yield _conflict(message, old, 0, TWO_AUTHORS_HINT)
            reported.update(paths)
    for path, oid in outcome.conflicts:
        if path not in reported:
            kinds = {kind for kind, paths in outcome.messages if path in paths}
            yield from _file_conflicts(sides, path, oid, _removed_by(root, tip, path, kinds))
    if not outcome.conflicts:
        path = next((paths[0] for _kind, paths in outcome.messages if paths), "chapters")
        yield _conflict("the submission and the book moved files in conflicting ways", path, 0, TWO_AUTHORS_HINT)


def _removed_by(root: Path, tip: str, path: str, kinds: AbstractSet[str]) -> str:
    """Return the side that removed a file: "book", "submission", or ""."""
    if "modify/delete" not in kinds:
        return ""
    return "submission" if merge_tree.commit_has_file(root, tip, path) else "book"


def _file_conflicts(sides: _Sides, path: str, oid: str, removed_by: str) -> Iterator[Finding]:
    theirs, ours = sides.authors(path)
    both, hint = _both(theirs, ours)
    if removed_by:
        theirs = sides.remover(sides.submission, path) or theirs if removed_by == "submission" else theirs
        ours = sides.remover(sides.book, path) or ours if removed_by == "book" else ours
        theirs_did, ours_did = ("removed", "changed") if removed_by == "submission" else ("changed", "removed")
        message = f"{theirs} {theirs_did} this file in the submission, and {ours} {ours_did} it in the book"
        yield _conflict(message, path, 0, hint)
        return
    text = _text(sides.scratch.root, oid)
    regions = [part for part in parse_conflicts(text) if isinstance(part, ConflictRegion)] if is_utf8_name(text) else []
    their_lines, our_lines = sides.lines(path) if regions else ([], [])
    for region in regions:
        writers = (
            _names(blame.passage_authors(their_lines, region.theirs)) or theirs,
            _names(blame.passage_authors(our_lines, region.ours)) or ours,
        )
        passage_both, passage_hint = _both(*writers)
        in_submission, in_book = _excerpt(region.theirs), _excerpt(region.ours)
        message = f"{passage_both} changed this passage: “{in_submission}” in the submission, “{in_book}” in the book"
        yield _conflict(message, path, region.line, passage_hint)
    if not regions:
        yield _conflict(f"{both} changed this file, and only one version can be kept", path, 0, hint)


def _both(theirs: str, ours: str) -> tuple[str, str]:
    """Return who changed something on both sides as the subject of a sentence, and a hint."""
    return (f"{theirs} and {ours} both", TWO_AUTHORS_HINT) if ours != theirs else (f"{ours} twice", SAME_AUTHOR_HINT)


def _conflict(message: str, path: str, line: int, hint: str) -> Finding:
    return Finding("merge-conflict", message, Place(path, line), Severity.ERROR, hint)


def _names(people: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(display_name(name) for name in people))


def _text(root: Path, oid: str) -> str:
    data = next(objects.read_blobs(root, {oid: 0}))[1] if oid else b""
    return data.decode("utf-8", errors="surrogateescape")


def merge_bibliographies(scratch: ScratchRepository, outcome: MergeOutcome) -> MergeOutcome:
    """Resolve conflicts in bibliographies to which both sides only added entries.

    Everybody adds entries at the end of the same file, which git reports as a conflict.
    """
    merged = {
        path: merge_bibtex(_text(scratch.root, oid)) for path, oid in outcome.conflicts if path.endswith(".bib") and oid
    }
    resolved = {path: text.encode("utf-8", errors="surrogateescape") for path, text in merged.items() if text}
    if not resolved:
        return outcome
    unresolved = tuple((path, oid) for path, oid in outcome.conflicts if path not in resolved)
    tree = merge_tree.replace_files(scratch, outcome.tree, resolved)
    return MergeOutcome(tree, unresolved, outcome.messages if unresolved else ())


def merge_bibtex(text: str) -> str:
    """Return a bibliography with the entries added by both sides.

    Return "" when a side did more than add entries.

    >>> print(merge_bibtex("@a{x,}\\n<<<<<<< o\\n@a{y,}\\n||||||| b\\n=======\\n@a{z,}\\n>>>>>>> t\\n"), end="")
    @a{x,}
    @a{y,}
    @a{z,}
    """
    lines: list[str] = []
    added: list[str] = []
    for part in parse_conflicts(text):
        if isinstance(part, str):
            lines.append(part)
            continue
        ours, theirs = "\n".join(part.ours), "\n".join(part.theirs)
        if any(line.strip() for line in part.base) or not (_is_complete(ours) and _is_complete(theirs)):
            return ""
        new_lines = part.ours if ours.strip() == theirs.strip() else (*part.ours, *part.theirs)
        added += new_lines
        lines += new_lines
    return "\n".join(lines) if _has_unique_keys(added, lines) else ""


def _has_unique_keys(added: Sequence[str], lines: Sequence[str]) -> bool:
    """Say whether no other entry has the key of an added one; BibTeX ignores case."""
    keys = Counter(record.key.casefold() for record in bibtex_parser.parse_bibtex("\n".join(lines)).records)
    return all(keys[record.key.casefold()] == 1 for record in bibtex_parser.parse_bibtex("\n".join(added)).records)


def _is_complete(text: str) -> bool:
    """Say whether lines of a bibliography are complete entries."""
    return text.count("{") == text.count("}") and (not text.strip() or text.lstrip().startswith(("@", "%")))


def parse_conflicts(text: str) -> Iterator[str | ConflictRegion]:
    """Yield the lines and conflicts of a file with markers in git's diff3 style.

    >>> list(parse_conflicts("a\\n<<<<<<< x\\nred\\n||||||| y\\n=======\\nblue\\n>>>>>>> z"))
    ['a', ConflictRegion(line=2, ours=('red',), base=(), theirs=('blue',))]
    """
    line_number, section, first_line = 0, "", 0
    sections: dict[str, list[str]] = {}
    for line in text.split("\n"):
        if line.startswith("<<<<<<< ") and not section:
            section, first_line, sections = "<", line_number + 1, {"<": [], "|": [], "=": []}
        elif line.startswith("||||||| ") and section == "<":
            section = "|"
        elif line == "=======" and section in ("<", "|"):
            section = "="
        elif line.startswith(">>>>>>> ") and section == "=":
            section = ""
            yield ConflictRegion(first_line, tuple(sections["<"]), tuple(sections["|"]), tuple(sections["="]))
        else:
            line_number += section in ("", "<")
            if section:
                sections[section].append(line)
            else:
                yield line


def _excerpt(lines: Sequence[str]) -> str:
    text = " ".join(" ".join(lines).split()).encode("utf-8", errors="replace").decode()
    return text if len(text) <= MAX_QUOTED_CHARS else text[:MAX_QUOTED_CHARS].rpartition(" ")[0] + " …"
