"""Publishing: the book is built strictly, and its site takes the place of the one before in a single step."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.git import publish as git_publish
from oerbook.model.book import Book
from oerbook.model.findings import Finding, Severity
from oerbook.source.book import read_book
from oerbook.tasks.build.build import build
from oerbook.tasks.build.other_editions import Editions, dressed, pages_among
from oerbook.tasks.progress import Progress

FORMATS = ("html", "epub", "pdf", "docx")
LARGEST = 1 << 26  # bytes of a page that is read again
VERSIONS = "versions.json"  # {"versions": [names of the folders that hold earlier editions, newest first]}
SAFE = re.compile(r"(?!\.)[\w.-]{1,80}")
MARK = ".oerbook-site"  # says that a folder is a site of ours, which the next one may replace
# Hosts that give a site its name themselves: CNAME is for names of one's own.
GIVEN = (".github.io", ".gitlab.io", ".pages.dev", ".netlify.app", ".readthedocs.io", ".codeberg.page")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Where the site is to go: a folder, or a branch of a remote repository ("" for the branch here)."""

    to: Path | None = None
    remote: str = "origin"
    branch: str = "gh-pages"
    strict: bool = True
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the site: where it is ("" when problems stopped it), and how many files differ from before."""

    where: str
    findings: tuple[Finding, ...]
    added: int = 0
    changed: int = 0
    removed: int = 0
    commit: str = ""
    address: str = ""
    altered: bool = False  # the book has changes that no commit holds


def publish(root: Path, out: Path, wishes: Wishes, progress: Progress, epoch: int | None = None) -> Published:
    """Build the book at `root` and put its site in place. With errors (strictly: or warnings) nothing is published.

    Raises OerbookError when there is no book, no repository, no such remote, no right to write there, when somebody
    else published meanwhile, or when the folder holds something else than a site.
    """
    root = root.resolve()
    if wishes.to is None:
        _reachable(root, wishes)
    elif wishes.to.exists() and not _ours(wishes.to):
        hint = "Name an empty folder, or one that oerbook published to before."
        raise OerbookError(f"{wishes.to} holds something else than a site of oerbook", hint=hint)
    report = build(root, FORMATS, out, progress, epoch)
    grave = {Severity.ERROR, Severity.WARNING} if wishes.strict else {Severity.ERROR}
    if any(finding.severity in grave for finding in report.findings):
        return Published("", report.findings)
    book, _said = read_book(root)
    site = {p.relative_to(out / "html").as_posix(): p for p in sorted((out / "html").rglob("*")) if p.is_file()}
    with progress.stage("publishing", None):
        place = _to_folder if wishes.to is not None else _to_branch
        return place(root, book, site, wishes, report.findings)


def _reachable(root: Path, wishes: Wishes) -> None:
    """Say before anything is built that there is nowhere to publish to."""
    if not process.is_repository(root):
        raise OerbookError(f"{root.name} is not kept in git", hint="Publish to a folder: oerbook publish --to FOLDER")
    known = git_publish.remotes(root)
    if wishes.remote and wishes.remote not in known:
        names = f"This one knows {', '.join(known)}: --remote {known[0]}" if known else "git remote add origin ADDRESS"
        hint = f"{names}. Or publish to a folder: --to FOLDER"
        raise OerbookError(f"this repository knows no remote {wishes.remote}", hint=hint)


def _ours(folder: Path) -> bool:
    return folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))


def own_name(book: Book) -> str:
    """Return the name of one's own that a book's address is at, "" when the host gives it.

    >>> from types import SimpleNamespace as Of
    >>> own_name(Of(url="https://soil.example/")), own_name(Of(url="https://ada.github.io/soil/"))
    ('soil.example', '')
    """
    found = urlsplit(book.url)
    host = (found.hostname or "").lower()
    own = host and "." in host and not host.endswith(GIVEN) and found.path in ("", "/")
    return host if own else ""


def _editions(root: Path, book: Book, listing: bytes) -> tuple[list[str], list[str]]:
    """Return the names under which this edition stays, and those of earlier ones that a site's list of them keeps."""
    if not book.settings.versions:
        return [], []
    known = [] if git_publish.is_altered(root) else git_publish.tags_here(root)  # an edition is what its tag holds
    tags = [name for name in known if SAFE.fullmatch(name) and not name.endswith(".html")]
    return tags, [name for name in _listed(listing) if name not in tags]


def _listed(data: bytes) -> list[str]:
    """Return the earlier editions that a site lists."""
    try:
        names = json.loads(data)["versions"]
    except (ValueError, TypeError, KeyError):
        return []
    return [name for name in names if isinstance(name, str) and SAFE.fullmatch(name)] if isinstance(names, list) else []


def _extras(book: Book, versions: list[str]) -> dict[str, bytes]:
    """Return what a site needs beside its pages."""
    found = {".nojekyll": b"", MARK: b"The next oerbook publish takes the place of what is here.\n"}
    if own_name(book):
        found["CNAME"] = f"{own_name(book)}\n".encode()
    if versions:
        found[VERSIONS] = (json.dumps({"versions": versions}, indent=1) + "\n").encode()
    return found


def _to_branch(
    root: Path, book: Book, site: Mapping[str, Path], wishes: Wishes, findings: tuple[Finding, ...]
) -> Published:
    old = git_publish.tip_of(root, wishes.remote, wishes.branch)
    if old and wishes.remote:
        git_publish.fetch(root, wishes.remote, wishes.branch)
    before = git_publish.listing(root, old)
    tags, kept = _editions(root, book, git_publish.text_of(root, before[VERSIONS]) if VERSIONS in before else b"")
    kept = [name for name in kept if any(path.startswith(f"{name}/") for path in before)]
    known = Editions(book, tuple(tags), tuple(kept), pages_among(site))
    pages = dict(zip(site, git_publish.keep(root, list(site.values())), strict=True))
    old_files = {path: oid for path, oid in before.items() if path.partition("/")[0] in kept and "/" in path}
    files = _redressed(root, old_files, known)
    files |= {"CNAME": before["CNAME"]} if "CNAME" in before else {}  # where it was set on the host's own pages
    for name, data in _extras(book, [*tags, *kept]).items():
        files[name] = git_publish.keep_text(root, data)
    files |= _redressed(root, pages, known)
    for tag in tags:
        files |= _redressed(root, {f"{tag}/{path}": oid for path, oid in pages.items()}, known)
    counts = _counts(before, files)
    where = f"{wishes.remote}/{wishes.branch}" if wishes.remote else wishes.branch
    altered = git_publish.is_altered(root)
    if wishes.dry_run or not any(counts):
        return Published(where, findings, *counts, address=book.url, altered=altered)
    more = " and changes that no commit holds" if altered else ""
    message = f"Publish {book.title} ({git_publish.short_name(root)}{more})\n"
    new = git_publish.commit(root, files, [old] if old else [], message)
    git_publish.move(root, wishes.remote, wishes.branch, new, old)
    return Published(where, findings, *counts, commit=new, address=book.url, altered=altered)


def _redressed(root: Path, files: dict[str, str], known: Editions) -> dict[str, str]:
    """Return files (path -> object) whose pages say what there is to say of other editions."""
    paths = sorted(pages_among(files))
    told = process.blobs(root, [files[path] for path in paths], LARGEST)
    changed: dict[str, Path] = {}
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        for number, (path, page) in enumerate(zip(paths, told, strict=True)):
            new = _dressed(page, path, known)
            if new != page:
                changed[path] = Path(name) / f"{number}.html"
                changed[path].write_bytes(new)
        kept = git_publish.keep(root, list(changed.values()))
    return files | dict(zip(changed, kept, strict=True))


def _dressed(page: bytes, path: str, known: Editions) -> bytes:
    """Return a page of the site, or of one of the editions in its folders, with what it says of the others."""
    folder, _slash, inside = path.partition("/")
    return (
        dressed(page, inside, folder, known)
        if folder in {*known.now, *known.earlier}
        else dressed(page, path, "", known)
    )


def _counts(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[int, int, int]:
    """Return how many files are new, different and gone."""
    changed = sum(before[path] != after[path] for path in before.keys() & after.keys())
    return len(after.keys() - before.keys()), changed, len(before.keys() - after.keys())


def _to_folder(
    root: Path, book: Book, site: Mapping[str, Path], wishes: Wishes, findings: tuple[Finding, ...]
) -> Published:
    assert wishes.to is not None
    place = wishes.to.resolve()
    new = place.with_name(f".{place.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    tags, kept = _editions(root, book, (place / VERSIONS).read_bytes() if (place / VERSIONS).is_file() else b"")
    kept = [name for name in kept if (place / name).is_dir()]
    for name in kept:
        shutil.copytree(place / name, new / name, symlinks=True)
    for path, file in site.items():
        for folder in (new, *(new / tag for tag in tags)):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    known = Editions(book, tuple(tags), tuple(kept), pages_among(site))
    pages = [path for path in new.rglob("*.html") if path.is_file() and not path.is_symlink()]
    for file in pages:
        file.write_bytes(_dressed(file.read_bytes(), file.relative_to(new).as_posix(), known))
    for name, data in _extras(book, [*tags, *kept]).items():
        (new / name).write_bytes(data)
    counts = _counts(_contents(place), _contents(new))
    if wishes.dry_run or not any(counts):
        shutil.rmtree(new)
    else:
        git_publish.put(new, place)
    return Published(str(wishes.to), findings, *counts, address=book.url, altered=git_publish.is_altered(root))


def _contents(folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
