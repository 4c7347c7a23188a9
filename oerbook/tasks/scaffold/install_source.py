"""Find out where this oerbook was installed from, so that a book's workflows install the same one."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit

import oerbook
from oerbook.errors import OerbookError
from oerbook.git import process

# What may stand in double quotes in a workflow's shell step without meaning anything to YAML, GitHub or the shell.
SAFE_REQUIREMENT = re.compile(r"[\w.\[\],=<>~!@:/+%&#? -]+")
COMMIT_ID = re.compile(r"[0-9a-f]{40}")
SSH_ADDRESS = re.compile(r"(?:ssh://)?git@([\w.-]+)[:/](?!/)(.+)")
PIP_INSTALL_LINE = re.compile(r'pip install (?:--quiet )?(?:--no-deps )?"([^"\n]+)"')
NAME_ADDRESS_HINT = "Name an address that pip can install from, for example git+https://github.com/OWNER/oerbook@COMMIT"


def find_own_requirement() -> str:
    """Return the pip requirement of this oerbook, "" if where it came from cannot be known or reached by others.

    Source: the installer's record, https://packaging.python.org/en/latest/specifications/direct-url/. Without one, it
    came from a package index.
    """
    try:
        record = metadata.distribution("oerbook").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return ""
    return requirement_from_record(record) if record else f"oerbook=={oerbook.__version__}"


def requirement_from_record(record: str) -> str:
    """Return the requirement that a direct_url.json describes, "" if only this machine can reach it.

    >>> record = '{"url": "https://x.org/o.git", "vcs_info": {"vcs": "git", "commit_id": "%s"}}'
    >>> requirement_from_record(record % ("0123456789" * 4))
    'oerbook @ git+https://x.org/o.git@0123456789012345678901234567890123456789'
    """
    try:
        data = json.loads(record)
        url, vcs = str(data["url"]), data.get("vcs_info") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    if vcs:
        return _git_requirement(url, str(vcs.get("commit_id", ""))) if vcs.get("vcs") == "git" else ""
    if "dir_info" in data:
        return _clone_requirement(Path(unquote(urlsplit(url).path)))
    return _checked(f"oerbook @ {url}") if url.startswith("https://") and "@" not in urlsplit(url).netloc else ""


def _git_requirement(address: str, commit: str) -> str:
    """Return the requirement for a commit of a repository that everybody can read over HTTPS."""
    if ssh := SSH_ADDRESS.fullmatch(address):
        address = f"https://{ssh[1]}/{ssh[2]}"
    is_public = address.startswith("https://") and "@" not in urlsplit(address).netloc
    return _checked(f"oerbook @ git+{address}@{commit}") if is_public and COMMIT_ID.fullmatch(commit) else ""


def _clone_requirement(folder: Path) -> str:
    """Return the requirement for the commit of a local clone, "" if its remote does not have that commit."""
    try:
        commit = process.run_git(folder, "rev-parse", "HEAD").decode().strip()
        published = process.run_git(folder, "branch", "--remotes", "--contains", commit, "--format=%(refname:lstrip=2)")
        remote = published.decode().split("/")[0].strip() if published.strip() else ""
        address = process.run_git(folder, "config", "--get", f"remote.{remote}.url").decode().strip() if remote else ""
    except (OerbookError, UnicodeDecodeError):
        return ""
    return _git_requirement(address, commit)


def parse_requirement(text: str) -> str:
    """Return a requirement that somebody named: an address or a requirement. Raises OerbookError if it is neither."""
    text = text.strip()
    requirement = f"oerbook @ {text}" if re.match(r"(git\+)?https://", text) else text
    if not _checked(requirement) or not requirement.startswith("oerbook"):
        raise OerbookError("this is not an address that pip can install oerbook from", hint=NAME_ADDRESS_HINT)
    return requirement


def requirement_in_workflow(workflow: Path) -> str:
    """Return the requirement in a workflow that was written before, "" if there is none."""
    try:
        match = PIP_INSTALL_LINE.search(workflow.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""
    return _checked(match[1]) if match else ""


def _checked(requirement: str) -> str:
    return requirement if SAFE_REQUIREMENT.fullmatch(requirement) else ""
