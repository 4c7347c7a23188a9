"""Check file names: valid on every system, and not confusable with others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import PurePosixPath

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission
from oerbook.text.confusables import has_mixed_scripts

UNPORTABLE_NAME = re.compile(r'[<>:"|?*\\]|[. ]$|^[-~ ]')
RESERVED_NAME = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)
MAX_NAME_BYTES = 150
MAX_CACHED_NAMES = 20_000  # names of people
RENAME_HINT = "Rename it: letters, digits and hyphens."


def check(submission: Submission) -> Iterator[Finding]:
    """Report names that are misleading, not portable, or too similar to another name."""
    new = [change.path for change in submission.changes if change.kind in ("added", "renamed")]
    if not new:
        return
    paths_by_skeleton: dict[str, str] = {}
    for path in sorted(set(submission.files) - set(new)):
        paths_by_skeleton.setdefault(confusable_skeleton(path), path)
    for path in sorted(new):
        yield from _name_findings(path)
        similar = paths_by_skeleton.setdefault(confusable_skeleton(path), path)
        if similar != path:
            equal = _folded(similar) == _folded(path)
            code = "name-clash" if equal else "name-lookalike"
            message = (
                f"this name is the same as {similar} on many systems" if equal else f"this name looks like {similar}"
            )
            yield Finding(code, message, Place(path), Severity.ERROR, RENAME_HINT)


def _name_findings(path: str) -> Iterator[Finding]:
    place = Place(path)
    hidden = [char for char in path if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")]
    if hidden:
        message = f"the name contains an invisible character (U+{ord(hidden[0]):04X})"
        yield Finding("name-invisible-character", message, place, Severity.ERROR, RENAME_HINT)
    if any(_is_unportable(part) for part in PurePosixPath(path.removeprefix("../")).parts):
        message = "this name is not valid on some systems"
        yield Finding("name-unportable", message, place, Severity.ERROR, RENAME_HINT)
    elif any(has_mixed_scripts(word) for word in re.findall(r"[^\W\d_]+", path)):
        message = "the name mixes look-alike letters of several scripts"
        yield Finding("name-lookalike", message, place, Severity.ERROR, RENAME_HINT)


def _is_unportable(name: str) -> bool:
    too_long = len(name.encode(errors="surrogatepass")) > MAX_NAME_BYTES
    return too_long or bool(UNPORTABLE_NAME.search(name) or RESERVED_NAME.fullmatch(name))


def _folded(path: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", path).casefold())


@cache
def _ascii_lookalike(char: str) -> str:
    """Return the ASCII character that a character looks like, or the character itself."""
    if char.isascii():
        return char
    from confusable_homoglyphs import confusables  # reads its tables when it is imported

    lookalikes = confusables.confusables_data.get(char, [])
    return next((str(entry["c"]) for entry in lookalikes if str(entry["c"]).isascii()), char)


@lru_cache(maxsize=MAX_CACHED_NAMES)
def person_name_skeleton(name: str) -> str:
    """Return the skeleton of a person's name, ignoring case and repeated spaces.

    >>> person_name_skeleton("Ada  Lee") == person_name_skeleton("АDA LEE")
    True
    """
    return confusable_skeleton(" ".join(name.casefold().split()))


def confusable_skeleton(path: str) -> str:
    """Return a form of a path or name that all look-alikes share (Unicode TR 39).

    >>> confusable_skeleton("chapters/Soil.md") == confusable_skeleton("chapters/ѕоіl.md")
    True
    """
    return path.lower() if path.isascii() else "".join(_ascii_lookalike(char) for char in _folded(path))
