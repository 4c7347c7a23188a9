"""Find out whether anything changed that a build depends on: files of the book, its commit, the program, packages."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import oerbook
from oerbook.git import process
from oerbook.git.access import UnreadableRepositoryError
from oerbook.model.untyped import Json
from oerbook.storage.cache import make_cache_key
from oerbook.storage.file_cache import MIN_FILE_AGE_NS, FileStamp, file_digest, make_file_stamp
from oerbook.text.slugs import is_utf8_name
from oerbook.theming.theme import bundled_themes_folder

MAX_FILES = 50_000  # in the book's folder; listing more takes longer than it saves
HISTORY_FILES = (".mailmap", ".git-blame-ignore-revs")  # read from the top folder of the repository


@dataclass(frozen=True, slots=True)
class BuildInputs:
    """What a build depends on, when it was listed (nanoseconds since 1970), and a digest of it.

    `files` maps the path of each file below the book's folder to its stat values and the digest of its bytes.
    """

    files: Mapping[str, tuple[FileStamp, str]]
    listed_ns: int
    digest: str


def list_inputs(root: Path, out: Path, epoch: int | None, earlier: BuildInputs | None = None) -> BuildInputs | None:
    """Return the inputs of a build of the book at `root` into the folder `out`.

    A file with the stat values that it had `earlier` is not read again, unless it had just been written at that time.
    Return None if the inputs cannot be listed: the book has too many files, one with a name that is not UTF-8, or a
    link to a file outside it.
    """
    root, listed_ns = root.resolve(), time.time_ns()
    files: dict[str, tuple[FileStamp, str]] = {}
    for path in _paths(root, out):
        if path is None or len(files) >= MAX_FILES or not is_utf8_name(path):
            return None
        name = path.removeprefix(f"{root}/")
        files[name] = _file_state(path, name, earlier)
    contents = [f"{name}\0{content}" for name, (_stamp, content) in sorted(files.items())]
    return BuildInputs(
        files, listed_ns, make_cache_key(str(root), repr(epoch), *_repository(root), _program(), *contents)
    )


def _paths(root: Path, out: Path) -> Iterator[str | None]:
    """Yield the path of every file and link below the book's folder, except for output; None for a link out of it.

    Of a repository, its name alone is yielded.
    """
    for parent, folders, names in os.walk(root):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        repositories = [name for name in folders if name == ".git"]
        folders[:] = [name for name in folders if name != ".git" and Path(parent, name) != out]
        for name in (*names, *links, *repositories):
            path = Path(parent, name)
            inside = not path.is_symlink() or path.resolve().is_relative_to(root)
            yield str(path) if inside else None


def _file_state(path: str, name: str, earlier: BuildInputs | None) -> tuple[FileStamp, str]:
    """Return the stat values and the digest of a file; of a link, what it points to."""
    status = os.lstat(path)
    stamp, known = make_file_stamp(status), earlier.files.get(name) if earlier else None
    if Path(path).is_symlink():
        return stamp, f"link {Path(path).readlink()}"
    if earlier and known and known[0] == stamp and _is_older(status, earlier.listed_ns):
        return known
    return stamp, file_digest(path).hex()


def _is_older(status: os.stat_result, time_ns: int) -> bool:
    """Return whether a file was written so long before a time that a later change has another time stamp."""
    return max(status.st_mtime_ns, status.st_ctime_ns) < time_ns - MIN_FILE_AGE_NS


def _repository(root: Path) -> list[str]:
    """Return the commit that is checked out, and what else the credits take from the repository.

    A repository that git refuses to read counts as none here: the build reports it where it needs the history.
    """
    try:
        info = process.repository_info(root)
    except UnreadableRepositoryError:
        return []
    if info is None:
        return []
    return [info.head, info.prefix, str(info.shallow), *(file_digest(info.top / name).hex() for name in HISTORY_FILES)]


def _program() -> str:
    """Return a digest of the names and stat values of the program's files, and of installed packages."""
    folders = (Path(oerbook.__file__).parent, bundled_themes_folder())
    files = [
        f"{parent}/{name}"
        for folder in folders
        for parent, _folders, names in os.walk(folder)
        if not parent.endswith("__pycache__")
        for name in names
    ]
    packages = [entry for folder in dict.fromkeys(map(Path, sys.path)) for entry in _packages(folder)]
    return make_cache_key(sys.version, *sorted(_stamps(files)), *sorted(packages))


def _packages(folder: Path) -> Iterator[str]:
    """Yield the folders with the metadata of the packages installed in a folder; their names have the versions."""
    if folder.is_dir():
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith((".dist-info", ".egg-info")):
                    yield f"{entry.path} {entry.stat().st_mtime_ns}"


def _stamps(paths: Iterable[str]) -> Iterator[str]:
    return (f"{path} {make_file_stamp(os.lstat(path))}" for path in paths)


def folder_stamp(folder: Path) -> str:
    """Return a digest of the names and stat values of all files below a folder."""
    paths = [f"{parent}/{name}" for parent, _folders, names in os.walk(folder) for name in names]
    return make_cache_key(*(line.encode("utf-8", "surrogateescape") for line in sorted(_stamps(paths))))


def to_json(inputs: BuildInputs) -> Json:
    """Return inputs as plain values."""
    return {"files": inputs.files, "listed": inputs.listed_ns, "digest": inputs.digest}


def from_json(data: Json) -> BuildInputs:
    """Return the inputs that `to_json` wrote."""
    files = {name: (tuple(stamp), content) for name, (stamp, content) in data["files"].items()}
    return BuildInputs(files, data["listed"], data["digest"])
