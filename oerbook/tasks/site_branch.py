"""Read and replace the branch of a site: the site is one commit, previews of submissions are another on top of it.

No later commit contains the previews, so that a removed preview is not kept in the history of the branch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oerbook.git import publish as git_publish
from oerbook.git.publish import StaleBranchError

PREVIEW_FOLDER = "_previews"  # folder of the site that holds previews of submissions, each in a folder NUMBER/
PREVIEW_MESSAGE = "Show previews of submissions\n"


@dataclass(frozen=True, slots=True)
class SiteBranch:
    """The branch of a site, in a remote or, if that is "", in this repository.

    `tip` is its last commit, `site` the newest one without previews ("": none). `files` of the site and `previews` map
    paths to blob ids.
    """

    remote: str
    name: str
    tip: str
    site: str
    files: Mapping[str, str]
    previews: Mapping[str, str]


def read_site_branch(root: Path, remote: str, name: str) -> SiteBranch:
    """Return the state of a site's branch in a remote, or in this repository if `remote` is ""."""
    tip = git_publish.branch_tip(root, remote, name)
    if tip and remote:
        git_publish.fetch_branch(root, remote, name)
    site, files = tip, git_publish.list_blobs(root, tip)
    previews = {path: oid for path, oid in files.items() if is_preview(path)}
    while any(is_preview(path) for path in files):
        site = git_publish.first_parent(root, site)
        files = git_publish.list_blobs(root, site)
    return SiteBranch(remote, name, tip, site, files, previews)


def is_preview(path: str) -> bool:
    """Return whether a path of a site belongs to a preview of a submission.

    >>> is_preview("_previews/7/index.html"), is_preview("previews.html")
    (True, False)
    """
    return path.startswith(f"{PREVIEW_FOLDER}/")


def replace_site(root: Path, old: SiteBranch, site: str) -> None:
    """Replace the site of a branch by the commit `site`; previews stay as they are.

    Raises StaleBranchError if somebody else changed the site after `old` was read.
    """
    try:
        push_site(root, old, site, old.previews)
    except StaleBranchError:
        new = read_site_branch(root, old.remote, old.name)
        if new.site != old.site or new.tip == old.tip:
            raise
        push_site(root, new, site, new.previews)  # only previews were changed


def push_site(root: Path, old: SiteBranch, site: str, previews: Mapping[str, str]) -> None:
    """Point a branch at the commit `site` ("": nothing is published yet), with previews on top of it.

    Raises StaleBranchError if somebody else changed the branch after `old` was read.
    """
    if previews or not site:
        files = git_publish.list_blobs(root, site) or {".nojekyll": git_publish.write_blob(root, b"")}
        parents = [site] if site else []
        commit = git_publish.create_commit_of_files(root, {**files, **previews}, parents, PREVIEW_MESSAGE)
    else:
        commit = site
    git_publish.update_branch(root, old.remote, old.name, commit, old.tip)
