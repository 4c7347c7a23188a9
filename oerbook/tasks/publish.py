"""Publish a book: build it strictly, and replace the published site in one step."""

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
from oerbook.git.blobs import stream_blobs
from oerbook.model.book import Book
from oerbook.model.findings import Finding, Severity
from oerbook.model.formats import PUBLISHED_FORMATS
from oerbook.source.book import read_book
from oerbook.tasks.book_branch import require_newest_commit
from oerbook.tasks.build.build import build
from oerbook.tasks.build.build_report import BuildOptions, dedupe_findings
from oerbook.tasks.build.other_editions import Editions, add_edition_links, select_html_pages
from oerbook.tasks.check.check import CheckOptions, check
from oerbook.tasks.progress import Progress
from oerbook.tasks.site_branch import read_site_branch, replace_site

MAX_LINKED_PAGE_BYTES = 1 << 26  # bytes of an HTML page to which edition links are added
VERSIONS_FILE = "versions.json"  # {"versions": [folder names of editions, newest first]}
EDITION_NAME = re.compile(r"(?!\.)[\w.-]{1,80}")
SITE_MARKER_FILE = ".oerbook-site"  # marks a folder that a later publish may replace
# Hosts that assign a name themselves; CNAME is for custom domains only.
HOST_SUFFIXES = (".github.io", ".gitlab.io", ".pages.dev", ".netlify.app", ".readthedocs.io", ".codeberg.page")


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """Where to publish: to a folder, or to a branch of a remote.

    The remote "" is the local repository. `any_commit`: publish what the work tree shows, whatever branch it is on.
    """

    folder: Path | None = None
    remote: str = "origin"
    branch: str = "gh-pages"
    strict: bool = True
    dry_run: bool = False
    any_commit: bool = False


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The result: where the site is, and the numbers of changed files.

    `destination` is "" when findings prevented publishing.
    `uncommitted`: the site contains changes of the work tree that are not committed.
    """

    destination: str
    findings: tuple[Finding, ...]
    added: int = 0
    changed: int = 0
    removed: int = 0
    commit: str = ""
    address: str = ""
    uncommitted: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    """What is published: the book, the site's files by path, the build's findings."""

    root: Path
    book: Book
    files: Mapping[str, Path]
    findings: tuple[Finding, ...]


def publish(
    root: Path, out: Path, options: PublishOptions, progress: Progress, epoch: int | None = None
) -> PublishResult:
    """Check the book at `root`, build it, and publish its site, unless there are errors.

    With `strict`, warnings prevent publishing too.
    Raises OerbookError when there is no book, repository or remote, when the work tree does not show the newest state
    of the book's branch, when the remote refuses the push, when somebody else published meanwhile, or when the target
    folder contains files that are not a site made by oerbook.
    """
    root = root.resolve()
    if options.folder is None:
        _check_remote(root, options)
    elif options.folder.exists() and not _is_replaceable(options.folder):
        hint = "Name an empty folder, or one that oerbook published to before."
        raise OerbookError(f"{options.folder} contains files that are not a site made by oerbook", hint=hint)
    if not options.any_commit:
        require_newest_commit(root, options.remote if options.folder is None else "")
    checked = check(root, out, CheckOptions(), progress)
    result = build(root, PUBLISHED_FORMATS, out, progress, BuildOptions(epoch))
    findings = dedupe_findings([*checked, *result.findings])
    blocking = {Severity.ERROR, Severity.WARNING} if options.strict else {Severity.ERROR}
    if any(finding.severity in blocking for finding in findings):
        return PublishResult("", findings)
    book, _findings = read_book(root)
    site = out / "html"
    files = {p.relative_to(site).as_posix(): p for p in sorted(site.rglob("*")) if p.is_file()}
    source = _Source(root, book, files, findings)
    with progress.stage("publishing", None):
        return (
            _to_branch(source, options)
            if options.folder is None
            else _to_folder(source, options.folder, options.dry_run)
        )


def _check_remote(root: Path, options: PublishOptions) -> None:
    """Raise OerbookError when there is no repository or remote."""
    if not process.is_work_tree(root):
        message = f"{root.name} is not a git repository"
        raise OerbookError(message, hint="Publish to a folder: oerbook publish --to FOLDER")
    remotes = git_publish.list_remotes(root)
    if options.remote and options.remote not in remotes:
        choice = (
            f"Choose one of {', '.join(remotes)}: --remote {remotes[0]}" if remotes else "git remote add origin URL"
        )
        hint = f"{choice}. Or publish to a folder: --to FOLDER"
        raise OerbookError(f"this repository has no remote {options.remote}", hint=hint)


def _is_replaceable(folder: Path) -> bool:
    """Say whether a folder is empty or holds a site of oerbook."""
    return folder.is_dir() and ((folder / SITE_MARKER_FILE).is_file() or not any(folder.iterdir()))


def custom_domain(book: Book) -> str:
    """Return the custom domain of a book's address, or "" if its host assigned it.

    >>> from types import SimpleNamespace as Of
    >>> custom_domain(Of(url="https://soil.example/")), custom_domain(Of(url="https://ada.github.io/soil/"))
    ('soil.example', '')
    """
    url = urlsplit(book.url)
    host = (url.hostname or "").lower()
    is_custom = host and "." in host and not host.endswith(HOST_SUFFIXES) and url.path in ("", "/")
    return host if is_custom else ""


def _edition_names(root: Path, book: Book, versions_json: bytes) -> tuple[list[str], list[str]]:
    """Return the tags of this edition, and the earlier editions that the site lists."""
    if not book.settings.versions:
        return [], []
    candidates = (
        [] if git_publish.book_has_uncommitted_changes(root) else git_publish.tags_at_head(root)
    )  # an edition is exactly what its tag holds
    tags = [name for name in candidates if EDITION_NAME.fullmatch(name) and not name.endswith(".html")]
    return tags, [name for name in _listed_editions(versions_json) if name not in tags]


def _listed_editions(versions_json: bytes) -> list[str]:
    """Return the valid edition names of a versions.json."""
    try:
        names = json.loads(versions_json)["versions"]
    except (ValueError, TypeError, KeyError):
        return []
    return (
        [name for name in names if isinstance(name, str) and EDITION_NAME.fullmatch(name)]
        if isinstance(names, list)
        else []
    )


def _extra_files(book: Book, versions: list[str]) -> dict[str, bytes]:
    """Return the files of a site that are not pages, by name."""
    files = {".nojekyll": b"", SITE_MARKER_FILE: b"The next oerbook publish replaces the files in this folder.\n"}
    if custom_domain(book):
        files["CNAME"] = f"{custom_domain(book)}\n".encode()
    if versions:
        files[VERSIONS_FILE] = (json.dumps({"versions": versions}, indent=1) + "\n").encode()
    return files


def _to_branch(source: _Source, options: PublishOptions) -> PublishResult:
    """Commit the site with the folders of earlier editions to the branch; push it."""
    root, book = source.root, source.book
    old = read_site_branch(root, options.remote, options.branch)
    files = _branch_files(source, old.files)
    counts = _count_changes(old.files, files)
    target = f"{options.remote}/{options.branch}" if options.remote else options.branch
    altered = git_publish.book_has_uncommitted_changes(root)
    if options.dry_run or not any(counts):
        return PublishResult(target, source.findings, *counts, address=book.url, uncommitted=altered)
    suffix = " and uncommitted changes" if altered else ""
    message = f"Publish {book.title} ({git_publish.short_head(root)}{suffix})\n"
    commit = git_publish.create_commit_of_files(root, files, [old.site] if old.site else [], message)
    replace_site(root, old, commit)
    return PublishResult(target, source.findings, *counts, commit=commit, address=book.url, uncommitted=altered)


def _branch_files(source: _Source, before: Mapping[str, str]) -> dict[str, str]:
    """Write the files of a site into git and return their blob ids by path; `before` are those of the old site."""
    root, book = source.root, source.book
    versions_json = git_publish.read_blob(root, before[VERSIONS_FILE]) if VERSIONS_FILE in before else b""
    tags, earlier = _edition_names(root, book, versions_json)
    earlier = [name for name in earlier if any(path.startswith(f"{name}/") for path in before)]
    editions = Editions(book, tuple(tags), tuple(earlier), select_html_pages(source.files))
    pages = dict(zip(source.files, git_publish.write_blobs(root, list(source.files.values())), strict=True))
    old_files = {path: oid for path, oid in before.items() if path.partition("/")[0] in earlier and "/" in path}
    files = _link_blobs(root, old_files, editions)
    files |= {"CNAME": before["CNAME"]} if "CNAME" in before else {}  # it may have been set in the host's settings
    for name, data in _extra_files(book, [*tags, *earlier]).items():
        files[name] = git_publish.write_blob(root, data)
    files |= _link_blobs(root, pages, editions)
    for tag in tags:
        files |= _link_blobs(root, {f"{tag}/{path}": oid for path, oid in pages.items()}, editions)
    return files


def _link_blobs(root: Path, files: dict[str, str], editions: Editions) -> dict[str, str]:
    """Return files (path to blob id) whose pages have links to other editions."""
    paths = sorted(select_html_pages(files))
    contents = stream_blobs(root, [files[path] for path in paths], MAX_LINKED_PAGE_BYTES)
    changed: dict[str, Path] = {}
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        for number, (path, old_page) in enumerate(zip(paths, contents, strict=True)):
            new_page = _link_page(old_page, path, editions)
            if new_page != old_page:
                changed[path] = Path(name) / f"{number}.html"
                changed[path].write_bytes(new_page)
        oids = git_publish.write_blobs(root, list(changed.values()))
    return files | dict(zip(changed, oids, strict=True))


def _link_page(page: bytes, path: str, editions: Editions) -> bytes:
    """Return a page of the site, or of an edition in it, with edition links."""
    folder, _slash, inside = path.partition("/")
    if folder in {*editions.current, *editions.earlier}:
        return add_edition_links(page, inside, folder, editions)
    return add_edition_links(page, path, "", editions)


def _count_changes(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[int, int, int]:
    """Return how many files were added, changed and removed."""
    changed = sum(before[path] != after[path] for path in before.keys() & after.keys())
    return len(after.keys() - before.keys()), changed, len(before.keys() - after.keys())


def _to_folder(source: _Source, folder: Path, dry_run: bool) -> PublishResult:
    """Write the site and earlier editions beside the folder, and swap the two."""
    target = folder.resolve()
    new = target.with_name(f".{target.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        _write_site_folder(source, target, new)
        counts = _count_changes(_read_files(target), _read_files(new))
        if not dry_run and any(counts):
            git_publish.swap_directories(new, target)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    altered = git_publish.book_has_uncommitted_changes(source.root)
    return PublishResult(str(folder), source.findings, *counts, address=source.book.url, uncommitted=altered)


def _write_site_folder(source: _Source, target: Path, new: Path) -> None:
    """Write the site to the folder `new`, with the earlier editions that are in the folder `target`."""
    book = source.book
    versions_json = (target / VERSIONS_FILE).read_bytes() if (target / VERSIONS_FILE).is_file() else b""
    tags, earlier = _edition_names(source.root, book, versions_json)
    earlier = [name for name in earlier if (target / name).is_dir()]
    for name in earlier:
        shutil.copytree(target / name, new / name, symlinks=True)
    for path, file in source.files.items():
        for parent in (new, *(new / tag for tag in tags)):
            (parent / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, parent / path)
    editions = Editions(book, tuple(tags), tuple(earlier), select_html_pages(source.files))
    pages = [path for path in new.rglob("*.html") if path.is_file() and not path.is_symlink()]
    for file in pages:
        file.write_bytes(_link_page(file.read_bytes(), file.relative_to(new).as_posix(), editions))
    for name, data in _extra_files(book, [*tags, *earlier]).items():
        (new / name).write_bytes(data)


def _read_files(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
