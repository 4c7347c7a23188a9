"""Names of files: readable on every system, and what they look like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import PurePosixPath

from confusable_homoglyphs import confusables

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission
from oerbook.text.confusables import mixed

UNFIT = re.compile(r'[<>:"|?*\\]|[. ]$|^[-~ ]')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)
MOST_BYTES = 150
MOST_REMEMBERED = 20_000  # names of people
RENAME = "Rename it: letters, digits and hyphens."


def check(submission: Submission) -> Iterator[Finding]:
    """Report names that deceive, that another system cannot keep, or that only look different from another's."""
    new = [c.path for c in submission.changes if c.kind in ("added", "renamed")]
    if not new:
        return
    looks: dict[str, str] = {}
    for path in sorted(set(submission.files) - set(new)):
        looks.setdefault(skeleton(path), path)
    for path in sorted(new):
        yield from _named(path)
        twin = looks.setdefault(skeleton(path), path)
        if twin != path:
            same = _folded(twin) == _folded(path)
            code = "name-clash" if same else "name-lookalike"
            words = f"this name cannot be told from {twin}" + (" on many systems" if same else " by eye")
            yield Finding(code, words, Place(path), Severity.ERROR, RENAME)


def _named(path: str) -> Iterator[Finding]:
    place = Place(path)
    hidden = [sign for sign in path if unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")]
    if hidden:
        words = f"the name holds a sign that nobody sees (U+{ord(hidden[0]):04X})"
        yield Finding("name-hidden-sign", words, place, Severity.ERROR, RENAME)
    parts = PurePosixPath(path.removeprefix("../")).parts
    if any(
        UNFIT.search(part) or RESERVED.fullmatch(part) or len(part.encode(errors="surrogatepass")) > MOST_BYTES
        for part in parts
    ):
        words = "some systems cannot keep a file of this name"
        yield Finding("name-unfit", words, place, Severity.ERROR, RENAME)
    elif any(mixed(word) for word in re.findall(r"[^\W\d_]+", path)):
        words = "the name mixes letters of several scripts that look alike"
        yield Finding("name-lookalike", words, place, Severity.ERROR, RENAME)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", path).casefold())


@cache
def _plain(sign: str) -> str:
    """Return the Latin letter that a sign looks like, or the sign itself."""
    if sign.isascii():
        return sign
    found = confusables.confusables_data.get(sign, [])
    return next((str(like["c"]) for like in found if str(like["c"]).isascii()), sign)


@lru_cache(maxsize=MOST_REMEMBERED)
def look_of(name: str) -> str:
    """Return what a person's name looks like, whatever its capitals and blanks.

    >>> look_of("Ada  Lee") == look_of("АDA LEE")
    True
    """
    return skeleton(" ".join(name.casefold().split()))


def skeleton(path: str) -> str:
    """Return what a path looks like, so that two that look alike give the same.

    >>> skeleton("chapters/Soil.md") == skeleton("chapters/ѕоіl.md")
    True
    """
    return path.lower() if path.isascii() else "".join(_plain(sign) for sign in _folded(path))
