"""Adopting a book: its whole history comes along, and one commit lays it out our way."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.importers import IMPORTERS
from oerbook.model.artifacts import Draft
from oerbook.model.findings import Finding, Place, Severity
from oerbook.storage.files import write_atomically
from oerbook.tasks.adopt import clone
from oerbook.tasks.progress import Progress

CONF = 'extensions = ["oerbook"]\n'
IGNORED = "_build/\n"
OURS = ("chapters", "contributors")


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was adopted: the kind of book, how many files moved, and what could not be carried over."""

    kind: str
    moved: int
    findings: tuple[Finding, ...]


def adopt(source: Path, target: Path, progress: Progress) -> Adoption:
    """Bring the book at `source` to `target`; `source` is only read.

    The work is done in a folder beside `target` and renamed when it is whole.
    Raises OerbookError when there is no book of a known kind, or `target` holds something already.
    """
    source, target = source.resolve(), target.resolve()
    _check(source, target)
    work = target.with_name(f".{target.name}.adopting")
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.parent.mkdir(parents=True, exist_ok=True)
        with progress.stage("copying history", None):
            findings = clone.copy(source, work)
        kind, base = _kind(work, source)
        with progress.stage("laying out", None):
            draft = IMPORTERS[kind].read(work, base, _plain_files(work))
            findings += [*draft.findings, *_lay_out(work, draft, kind)]
        clone.finish(work)
        if target.exists():
            target.rmdir()
        work.rename(target)
    except OSError as error:
        words = f"{target.name} cannot be made: {error.strerror or error}"
        raise OerbookError(words, hint="Look whether there is room, and whether you may write there.") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Adoption(kind, len(draft.moves), tuple(sorted(findings, key=lambda f: f.sort_key)))


def _check(source: Path, target: Path) -> None:
    if not source.is_dir():
        raise OerbookError(f"{source} is not a folder", hint="Name the folder that holds the book's repository.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OerbookError(f"{target} is not empty", hint="Name a folder that does not exist yet.")
    if target.is_relative_to(source):
        raise OerbookError(f"{target} lies in the book itself", hint="Name a folder outside it; it stays as it is.")


def _kind(work: Path, source: Path) -> tuple[str, Path]:
    conf = work / "conf.py"
    if (work / "chapters/index.md").is_file() and conf.is_file() and "oerbook" in conf.read_text(errors="replace"):
        hint = "Copy it with git clone, or build it where it is."
        raise OerbookError(f"the book in {source.name} is laid out for oerbook already", hint=hint)
    for name, importer in IMPORTERS.items():
        base = importer.recognise(work)
        if base is not None:
            return name, base
    raise OerbookError(
        f"no book that we know how to adopt lies in {source.name}",
        hint="It needs a _toc.yml (Jupyter Book 1), a myst.yml (mystmd), or an index.md with a toctree (Sphinx).",
    )


def _plain_files(work: Path) -> list[str]:
    """Return the kept files, without links that lead nowhere and without submodules."""
    return [name for _mode, name in clone.entries(work) if (work / name).is_file()]


def _lay_out(work: Path, draft: Draft, kind: str) -> list[Finding]:
    """Move and write what the draft says, and commit it.

    It is one commit, unless a page changes so much that git would not know it again after its move: then the moves
    are committed first, so that every page keeps its history.
    """
    before = [name for _mode, name in clone.entries(work)]
    aside = _move(work, draft)
    for name in draft.removals:
        (work / name).unlink(missing_ok=True)
    _sweep(work, draft.removals)
    kept = dict((*draft.moves, *aside))
    _record(work, before, [kept.get(name, name) for name in before])
    moved = process.run(work, "write-tree").decode().strip()
    _record(work, (), _write(work, draft))
    whole = process.run(work, "write-tree").decode().strip()
    if _forgotten(work, whole, draft):
        _commit(work, moved, "Move the book into chapters/")
    _commit(work, whole, f"Lay the book out for oerbook (it was: {IMPORTERS[kind].SUMMARY})")
    words = "it was in the way of our own folder of that name, and lies in {} now"
    tops = {old.split("/")[0]: new.split("/")[0] for old, new in aside}
    return [Finding("adopt-left", words.format(new), Place(old), Severity.WARNING) for old, new in tops.items()]


def _move(work: Path, draft: Draft) -> list[tuple[str, str]]:
    """Move the files of the book, and aside what stands in their way; return what was moved aside."""
    stage = work / ".git/adopting"
    for old, new in draft.moves:
        (stage / new).parent.mkdir(parents=True, exist_ok=True)
        (work / old).rename(stage / new)
    _sweep(work, [old for old, _new in draft.moves])
    aside = []
    for top in OURS:
        if top != "chapters" or not any(old == new for old, new in draft.moves):
            aside += [(name, f"{top}-before{name.removeprefix(top)}") for name in _below(work, top)]
    for old, new in aside:
        (work / new).parent.mkdir(parents=True, exist_ok=True)
        (work / old).rename(work / new)
    _sweep(work, [old for old, _new in aside])
    for _old, new in draft.moves:
        (work / new).parent.mkdir(parents=True, exist_ok=True)
        (stage / new).rename(work / new)
    shutil.rmtree(stage, ignore_errors=True)
    return aside


def _below(work: Path, top: str) -> list[str]:
    """Return the files of a folder that is ours by name, or the name itself where it is a file."""
    path = work / top
    found = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return [p.relative_to(work).as_posix() for p in found]


def _sweep(work: Path, names: Iterable[str]) -> None:
    """Take away the folders that became empty."""
    for folder in sorted({parent for name in names for parent in (work / name).parents}, reverse=True):
        if folder != work and folder.is_relative_to(work) and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _write(work: Path, draft: Draft) -> list[str]:
    """Write the new files and return their names."""
    ignored = work / ".gitignore"
    old = ignored.read_bytes().decode(errors="surrogateescape") if ignored.is_file() else ""
    files = {**dict(draft.files), "conf.py": CONF}
    if "_build" not in old:
        files[".gitignore"] = old + ("" if not old or old.endswith("\n") else "\n") + IGNORED
    for name, text in files.items():
        write_atomically(work / name, text.encode(errors="surrogateescape"))
    return list(files)


def _record(work: Path, gone: Iterable[str], there: Iterable[str]) -> None:
    """Tell git's index which files are gone and which are there, whatever .gitignore says of them."""
    there = [name for name in there if (work / name).is_file()]
    gone = [name for name in gone if not (work / name).exists()]
    for option, names in (("--force-remove", gone), ("--replace", there)):
        listed = "".join(f"{name}\0" for name in names).encode(errors="surrogateescape")
        process.run(work, "update-index", "--add", option, "-z", "--stdin", source=listed)


def _forgotten(work: Path, tree: str, draft: Draft) -> bool:
    """Say whether git would take a page that moved for a new one."""
    listed = process.run(work, "diff-tree", "-r", "-M", "-l0", "--diff-filter=A", "--name-only", "-z", "HEAD", tree)
    added = set(listed.decode(errors="surrogateescape").split("\0"))
    return any(new in added for old, new in draft.moves if old != new and new.endswith((".md", ".ipynb")))


def _commit(work: Path, tree: str, message: str) -> None:
    made = process.run(work, "commit-tree", tree, "-p", "HEAD", "-m", message, extra=process.identity(work))
    process.run(work, "update-ref", "HEAD", made.decode().strip())
