"""Show previews of submissions in folders of the published site, and remove them again."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from oerbook.git import publish as git_publish
from oerbook.git.publish import StaleBranchError
from oerbook.tasks.site_branch import PREVIEW_FOLDER, SiteBranch, push_site, read_site_branch
from oerbook.tasks.site_previews.preview_files import PreviewFiles, read_preview

MAX_ATTEMPTS = 5  # to change a branch that others change at the same time
GENERATED_PAGE = re.compile(rb'<body class="kind-(?:back|special|index)\b')
PUBLISHED_FROM_PREVIEW = "../../index.html"  # from the preview's front page


@dataclass(frozen=True, slots=True)
class AddedPreview:
    """A preview that was added: its folder in the site, its new or changed pages, and the files that were left out."""

    folder: str
    changed_pages: tuple[str, ...]
    left_out: tuple[str, ...]


def add_preview(root: Path, branch: tuple[str, str], number: int, site: Path, request: str = "") -> AddedPreview:
    """Add the built site of submission `number` to a site's branch, in place of its earlier preview.

    `branch` is the remote ("": this repository) and the branch's name; `request` is the submission's address.
    Raises OerbookError if the folder holds no site, or the remote refuses it.
    """
    preview = read_preview(site, PUBLISHED_FROM_PREVIEW, request)
    folder = f"{PREVIEW_FOLDER}/{number}/"
    blobs = {f"{folder}{path}": oid for path, oid in _write_files(root, preview).items()}
    for attempt in range(MAX_ATTEMPTS):
        old = read_site_branch(root, *branch)
        others = {path: oid for path, oid in old.previews.items() if not path.startswith(folder)}
        if _push_previews(root, old, {**others, **blobs}, is_last=attempt == MAX_ATTEMPTS - 1):
            break
    return AddedPreview(folder, _changed_pages(root, old.files, preview), preview.left_out)


def prune_previews(root: Path, branch: tuple[str, str], open_numbers: Collection[int]) -> tuple[int, ...]:
    """Remove the previews of all submissions except the open ones, and return the numbers of those removed."""
    removed: set[int] = set()
    for attempt in range(MAX_ATTEMPTS):
        old = read_site_branch(root, *branch)
        numbers = {path: path.split("/")[1] for path in old.previews}
        kept = {path: old.previews[path] for path, number in numbers.items() if number in map(str, open_numbers)}
        removed = {int(number) for path, number in numbers.items() if path not in kept and number.isdecimal()}
        if _push_previews(root, old, kept, is_last=attempt == MAX_ATTEMPTS - 1):
            break
    return tuple(sorted(removed))


def _push_previews(root: Path, old: SiteBranch, previews: Mapping[str, str], *, is_last: bool) -> bool:
    """Replace the previews of a branch; return False if somebody else changed the branch, unless `is_last`."""
    if previews == old.previews:
        return True
    try:
        push_site(root, old, old.site, previews)
    except StaleBranchError:
        if is_last:
            raise
        return False
    return True


def _write_files(root: Path, preview: PreviewFiles) -> dict[str, str]:
    """Write the files of a preview into git and return their blob ids by path."""
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        copies = []
        for number, data in enumerate(preview.files.values()):
            copies.append(Path(name) / str(number))
            copies[-1].write_bytes(data)
        return dict(zip(preview.files, git_publish.write_blobs(root, copies), strict=True))


def _changed_pages(root: Path, published: Mapping[str, str], preview: PreviewFiles) -> tuple[str, ...]:
    """Return the pages that authors write whose text differs from that of the published page."""
    pages = [path for path, page in preview.files.items() if path.endswith(".html") and not GENERATED_PAGE.search(page)]
    return tuple(
        path
        for path in pages
        if path not in published
        or _main_text(preview.files[path]) != _main_text(git_publish.read_blob(root, published[path]))
    )


def _main_text(page: bytes) -> str:
    """Return the text of a page without its navigation and citation."""
    tree = LexborHTMLParser(page.decode("utf-8", "replace"))
    main = tree.css_first("main .body") or tree.css_first("main")
    return " ".join(main.text().split()) if main else ""
