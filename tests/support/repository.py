"""Small repositories for tests: commits by several people, files of every mode, made with git's own plumbing."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

Tree = Mapping[str, str | bytes | tuple[str, str | bytes] | None]  # None: removed; a tuple: (mode, content)


def git(root: Path, *arguments: str, source: bytes | None = None, **who: str) -> str:
    """Run git in a repository, as nobody's configuration has it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_DATE": "1760000000 +0000"}
    command = ["git", "-c", "core.protectNTFS=false", "-c", "core.quotePath=false", *arguments]
    done = subprocess.run(command, cwd=root, input=source, capture_output=True, env={**clean, **alone, **who})
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


def begin(root: Path, files: Tree) -> str:
    """Make a repository whose branch main holds some files, written by Ada."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "-q", "-b", "main")
    return commit(root, "main", files, "Ada Lee")


def commit(root: Path, branch: str, files: Tree, author: str, message: str = "A change") -> str:
    """Commit changes to a branch (a new one begins at main) without touching the folder; return the commit."""
    index = {"GIT_INDEX_FILE": str(root / ".git" / "test-index")}
    (root / ".git" / "test-index").unlink(missing_ok=True)
    known = git(root, "for-each-ref", "--format=%(refname:short)").split()
    parent = branch if branch in known else "main" if "main" in known else ""
    if parent:
        git(root, "read-tree", parent, **index)
    for path, content in files.items():
        mode, body = content if isinstance(content, tuple) else ("100644", content)
        if body is None:
            rows = f"0 {'0' * 40}\t{path}"
        elif mode == "160000":
            rows = f"160000 {'1' * 40}\t{path}"
        else:
            raw = body if isinstance(body, bytes) else body.encode()
            rows = f"{mode} {git(root, 'hash-object', '-w', '--stdin', source=raw)}\t{path}"
        git(root, "update-index", "-z", "--add", "--index-info", source=rows.encode() + b"\0", **index)
    tree = git(root, "write-tree", **index)
    mail = author.lower().replace(" ", ".") + "@example.org"
    who = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", author), ("EMAIL", mail))
    }
    above = ["-p", git(root, "rev-parse", parent)] if parent else []
    made = git(root, "commit-tree", tree, *above, "-m", message, **who, GIT_COMMITTER_DATE="1760000000 +0000")
    git(root, "update-ref", f"refs/heads/{branch}", made)
    return made


def forged(root: Path, branch: str, name: str, mail: str) -> None:
    """Give the last commit of a branch an author whom git itself would not let anybody write."""
    told = git(root, "cat-file", "commit", branch)
    who = f"{name} <{mail}> 1760000000 +0000"
    rows = [f"{row.split()[0]} {who}" if row.startswith(("author ", "committer ")) else row for row in told.split("\n")]
    text = "\n".join(rows) + "\n"
    git(
        root,
        "update-ref",
        f"refs/heads/{branch}",
        git(root, "hash-object", "-t", "commit", "-w", "--stdin", source=text.encode()),
    )


def heavy(root: Path) -> str:
    """Return the tree of a few objects that name a billion files, beside those of the branch main."""
    tree = f"100644 blob {git(root, 'hash-object', '-w', '--stdin', source=b'x')}\tf\n"
    for _ in range(9):
        made = git(root, "mktree", source=tree.encode())
        tree = "".join(f"040000 tree {made}\td{n}\n" for n in range(10))
    top = git(root, "ls-tree", "main") + f"\n040000 tree {made}\tbomb\n"
    return git(root, "mktree", source=top.encode())
