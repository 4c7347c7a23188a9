"""Convert a book of another tool in one commit, keeping its history."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.importers import IMPORTERS
from oerbook.importers.reading.foreign_book import PAGE_SUFFIXES, generated_part
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place, Severity
from oerbook.storage.files import write_atomically
from oerbook.tasks.adopt import clone
from oerbook.tasks.adopt.check_license import check_license
from oerbook.tasks.adopt.choose_book import choose_book
from oerbook.tasks.adopt.links import printable_name, tracked_files
from oerbook.tasks.progress import Progress

CONF_PY = 'extensions = ["oerbook"]\n'
GITIGNORE_LINE = "_build/\n"
OERBOOK_FOLDERS = ("chapters", "contributors")


@dataclass(frozen=True, slots=True)
class Adoption:
    """The kind of source, the number of pages and other files moved, and what was not carried over."""

    kind: str
    page_count: int
    moved_count: int
    findings: tuple[Finding, ...]


def adopt(source: Path, target: Path, progress: Progress, kind: str = "", license_id: str = "") -> Adoption:
    """Convert the book at `source` into a new oerbook repository at `target`.

    `source` is only read: a repository, a folder in one, or a plain folder; `kind` names an importer if there are books
    of several kinds, `license_id` the book's license if the book does not state it. The conversion runs in a folder
    beside `target`, which is renamed when it is complete.
    Raises OerbookError when `source` holds no book of a supported kind, several, or one without pages, when its license
    is missing or permits no adaptation, when `target` is not empty, or when a file cannot be written.
    """
    source, target = source.resolve(), target.resolve()
    if not source.is_dir():
        hint = "Name the folder that holds the book's repository, or a file in a format that oerbook import reads."
        raise OerbookError(f"{source} is not a folder", hint=hint)
    check_target(source, target)
    repository, folder = clone.find_repository(source) or (None, "")
    draft_folder = target.with_name(f".{target.name}.adopting")
    shutil.rmtree(draft_folder, ignore_errors=True)
    try:
        draft_folder.parent.mkdir(parents=True, exist_ok=True)
        with progress.stage("copying history", None):
            findings = clone.copy_book(source, draft_folder, repository)
        _check_not_adopted(draft_folder / folder, source)
        tracked, generated = _plain_files(draft_folder)
        chosen, notes = choose_book(draft_folder, folder, tracked, kind)
        with progress.stage("moving files", None):
            plan = IMPORTERS[chosen.kind].read(replace(chosen.book, license=license_id))
            page_count = _count_pages(plan, chosen.book.settings_file)
            plan = replace(plan, removals=(*plan.removals, *generated))
            findings += [*notes, *plan.findings, *_report_generated(generated), *check_license(plan, license_id)]
            findings += apply_plan(draft_folder, plan, IMPORTERS[chosen.kind].SUMMARY)
        clone.remove_no_conversion_attributes(draft_folder)
        if target.exists():
            target.rmdir()
        draft_folder.rename(target)
    except OSError as error:
        message = f"{target.name} cannot be created: {error.strerror or error}"
        raise OerbookError(message, hint="Check the free disk space and the folder's permissions.") from error
    finally:
        shutil.rmtree(draft_folder, ignore_errors=True)
    return Adoption(chosen.kind, page_count, len(plan.moves), tuple(sorted(findings, key=lambda f: f.sort_key)))


def check_target(source: Path, target: Path) -> None:
    """Raise OerbookError if a book cannot be created at `target`."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OerbookError(f"{target} is not empty", hint="Name a folder that does not exist yet.")
    if target.is_relative_to(source):
        raise OerbookError(f"{target} is inside the source book", hint="Name a folder outside it.")


def _check_not_adopted(root: Path, source: Path) -> None:
    conf = root / "conf.py"
    if (root / "chapters/index.md").is_file() and conf.is_file() and "oerbook" in conf.read_text(errors="replace"):
        hint = "Copy it with git clone, or build it where it is."
        raise OerbookError(f"{source.name} is already an oerbook book", hint=hint)


def _plain_files(root: Path) -> tuple[list[str], list[str]]:
    """Return the tracked files without broken links and submodules, and apart from them those that programs made."""
    names = [name for _mode, name in tracked_files(root) if (root / name).is_file()]
    return [name for name in names if not generated_part(name)], [name for name in names if generated_part(name)]


def _report_generated(names: Sequence[str]) -> Iterator[Finding]:
    for place, count in sorted(Counter(map(generated_part, names)).items()):
        files = "" if count == 1 else f" ({count} files)"
        message = f"left out{files}, because a program generates it; the history still has it"
        yield Finding("import-generated", message, Place(printable_name(place)), Severity.INFO)


def _count_pages(plan: ImportPlan, settings_file: str) -> int:
    """Return the number of pages that are moved; raise OerbookError if there are none."""
    written = {name for name, _text in plan.files} - {"chapters/index.md"}
    pages = {new for _old, new in plan.moves if new.endswith(PAGE_SUFFIXES)} | written
    if not any(page.startswith("chapters/") for page in pages):
        hint = "Check that SOURCE is the whole book: the folder that its own tool builds, or its repository."
        raise OerbookError(f"{settings_file} lists no page that exists, so there is nothing to import", hint=hint)
    return len(pages)


def apply_plan(root: Path, plan: ImportPlan, summary: str) -> list[Finding]:
    """Move, remove and write files as planned, and commit the result; `summary` names the tool of the book.

    This makes one commit, or two when a page changes so much that git would not detect its rename: then the moves are
    committed first, so that every page keeps its history.
    """
    names_before = [name for _mode, name in tracked_files(root)]
    displaced = _move_files(root, plan)
    for name in plan.removals:
        (root / name).unlink(missing_ok=True)
    _remove_empty_folders(root, plan.removals)
    new_names = dict((*plan.moves, *displaced))
    _update_index(root, names_before, [new_names.get(name, name) for name in names_before])
    tree_of_moves = process.run_git(root, "write-tree").decode().strip()
    _update_index(root, (), _write_new_files(root, plan))
    final_tree = process.run_git(root, "write-tree").decode().strip()
    if _loses_history(root, final_tree, plan):
        _commit(root, tree_of_moves, "Move the book into chapters/")
    _commit(root, final_tree, f"Restructure the book for oerbook (from {summary})")
    message = "moved to {}, because oerbook uses this folder name itself"
    tops = {old.split("/")[0]: new.split("/")[0] for old, new in displaced}
    return [
        Finding("import-unsupported", message.format(new), Place(old), Severity.WARNING) for old, new in tops.items()
    ]


def _move_files(root: Path, plan: ImportPlan) -> list[tuple[str, str]]:
    """Move the book's files; return (old, new) names of displaced files."""
    staging = root / ".git/adopting"
    for old, new in plan.moves:
        (staging / new).parent.mkdir(parents=True, exist_ok=True)
        (root / old).rename(staging / new)
    _remove_empty_folders(root, [old for old, _new in plan.moves])
    displaced = []
    for top in OERBOOK_FOLDERS:
        if top != "chapters" or not any(old == new for old, new in plan.moves):
            displaced += [(name, f"{top}-before{name.removeprefix(top)}") for name in _files_below(root, top)]
    for old, new in displaced:
        (root / new).parent.mkdir(parents=True, exist_ok=True)
        (root / old).rename(root / new)
    _remove_empty_folders(root, [old for old, _new in displaced])
    for _old, new in plan.moves:
        (root / new).parent.mkdir(parents=True, exist_ok=True)
        (staging / new).rename(root / new)
    shutil.rmtree(staging, ignore_errors=True)
    return displaced


def _files_below(root: Path, top: str) -> list[str]:
    """Return the files below a top-level folder, or the name itself when it is a file."""
    path = root / top
    paths = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return [p.relative_to(root).as_posix() for p in paths]


def _remove_empty_folders(root: Path, names: Iterable[str]) -> None:
    """Remove the folders of these files that are empty now."""
    for folder in sorted({parent for name in names for parent in (root / name).parents}, reverse=True):
        if folder != root and folder.is_relative_to(root) and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _write_new_files(root: Path, plan: ImportPlan) -> list[str]:
    """Write the new files and return their names."""
    gitignore = root / ".gitignore"
    old = gitignore.read_bytes().decode(errors="surrogateescape") if gitignore.is_file() else ""
    files = {**dict(plan.files), "conf.py": CONF_PY}
    if "_build" not in old:
        files[".gitignore"] = old + ("" if not old or old.endswith("\n") else "\n") + GITIGNORE_LINE
    for name, text in files.items():
        write_atomically(root / name, text.encode(errors="surrogateescape"))
    return list(files)


def _update_index(root: Path, removed: Iterable[str], present: Iterable[str]) -> None:
    """Update git's index with removed and present files, whatever .gitignore excludes."""
    present = [name for name in present if (root / name).is_file()]
    removed = [name for name in removed if not (root / name).exists()]
    for option, names in (("--force-remove", removed), ("--replace", present)):
        stdin = "".join(f"{name}\0" for name in names).encode(errors="surrogateescape")
        process.run_git(root, "update-index", "--add", option, "-z", "--stdin", stdin=stdin)


def _loses_history(root: Path, tree: str, plan: ImportPlan) -> bool:
    """Say whether git would report a moved page as added instead of renamed."""
    output = process.run_git(root, "diff-tree", "-r", "-M", "-l0", "--diff-filter=A", "--name-only", "-z", "HEAD", tree)
    added = set(output.decode(errors="surrogateescape").split("\0"))
    return any(new in added for old, new in plan.moves if old != new and new.endswith((".md", ".ipynb")))


def _commit(root: Path, tree: str, message: str) -> None:
    time_s = int(process.run_git(root, "log", "-1", "--format=%ct", "HEAD"))
    env = clone.machine_env(time_s)
    commit = process.run_git(root, "commit-tree", tree, "-p", "HEAD", "-m", message, extra_env=env)
    process.run_git(root, "update-ref", "HEAD", commit.decode().strip())
