"""Find the license of a book: in its settings, its license files, or a sentence of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from oerbook.licensing.spdx import find_license

LICENSE_FILE = re.compile(r"(?:LICEN[CS]E|COPYING|COPYRIGHT)(?:[-_. ]?[\w.-]*)?", re.I)
CODE_LICENSE_FILE = re.compile(r".*(?:code|software|mit|apache|bsd|gpl|scripts?)", re.I)
MAX_LICENSE_BYTES = 60_000
CC_URL = re.compile(
    r"creativecommons\.org/licen[cs]es/(?P<kind>by(?:-(?:nc|nd|sa))*)/(?P<version>\d\.\d)(?:/(?P<port>[a-z]{2})(?=[/)\s\"'>.,]|$))?",
    re.I,
)
CC_ZERO = re.compile(r"creativecommons\.org/publicdomain/zero/1\.0|\bCC0[- ]?(?:1\.0)?\b|cc0 1\.0 universal", re.I)
CC_WORDS = re.compile(
    r"(?:creative\s+commons\s+)?attribution(?P<parts>(?:[\s–—-]*(?:non-?commercial|share-?\s?alike|no-?\s?deriv(?:ative)?s?(?:\s+works)?))*)"
    r"\s*\(?(?:CC[ -][\w-]+\)?\s*)?(?:version\s+)?(?P<version>\d\.\d)(?:\s+(?P<port>United States|Germany|France))?",
    re.I,
)
CC_SHORT = re.compile(
    r"\bCC[- ](?P<kind>BY(?:[- ](?:NC|ND|SA))*)[- ](?P<version>\d\.\d)(?:[- ](?P<port>US|DE|FR))?\b", re.I
)
PORT_BY_COUNTRY = {"united states": "US", "germany": "DE", "france": "FR"}
# Phrases of other license texts, the most specific first.
PHRASES = (
    (re.compile(r"gnu free documentation license", re.I), "GFDL-{version}-or-later", "1.3"),
    (re.compile(r"gnu affero general public license", re.I), "AGPL-{version}-or-later", "3.0"),
    (re.compile(r"gnu lesser general public license", re.I), "LGPL-{version}-or-later", "3.0"),
    (re.compile(r"gnu general public license", re.I), "GPL-{version}-or-later", "3.0"),
    (re.compile(r"apache license,?\s+version 2\.0|apache-2\.0", re.I), "Apache-2.0", ""),
    (re.compile(r"permission is hereby granted, free of charge, to any person|\bMIT license\b", re.I), "MIT", ""),
    (
        re.compile(r"redistribution and use in source and binary forms.*neither the name", re.I | re.S),
        "BSD-3-Clause",
        "",
    ),
    (re.compile(r"redistribution and use in source and binary forms", re.I), "BSD-2-Clause", ""),
    (re.compile(r"this is free and unencumbered software released into the public domain", re.I), "Unlicense", ""),
)
VERSION = re.compile(r"version (\d)(?:\.(\d))?", re.I)


def find_book_license(folders: Iterable[Path], declared: str = "", pages: Iterable[str] = ()) -> str:
    """Return the SPDX id of a book's license, "" if it is not stated.

    `declared` is what the settings say, `pages` are texts that may name it.
    """
    if declared and (known := find_license(declared)) is not None:
        return known.spdx
    if declared and (named := recognize_license(declared)):
        return named
    for folder in folders:
        if found := _license_of_files(folder):
            return found
    return next((found for page in pages if (found := _license_in_words(page))), "")


def _license_of_files(folder: Path) -> str:
    """Return the license of the files named LICENSE and the like; that of the text, if code has another one."""
    paths = sorted(path for path in folder.iterdir() if LICENSE_FILE.fullmatch(path.name) and path.is_file())
    if any(path.name.lower().startswith("licen") for path in paths):  # COPYRIGHT is a note on them
        paths = [path for path in paths if not path.name.lower().startswith("copyright")]
    own = [path for path in paths if not CODE_LICENSE_FILE.fullmatch(path.stem) and not path.name.endswith(".py")]
    found = [name for path in own if (name := recognize_license(_read(path)))]
    if not found:
        found = [name for path in paths if (name := recognize_license(_read(path)))]
        return " OR ".join(dict.fromkeys(found))
    creative = [name for name in found if name.startswith("CC")]
    return (creative or found)[0]


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MAX_LICENSE_BYTES).decode(errors="replace")


def recognize_license(text: str) -> str:
    """Return the SPDX id of the license that a text is or names, "" if none with a version is found.

    >>> recognize_license("Attribution-NonCommercial-NoDerivs 3.0 United States")
    'CC-BY-NC-ND-3.0'
    >>> recognize_license("see https://creativecommons.org/licenses/by-sa/4.0/."), recognize_license("CC BY-NC 4.0")
    ('CC-BY-SA-4.0', 'CC-BY-NC-4.0')
    """
    words = " ".join(text.split())
    candidates = [match for pattern in (CC_URL, CC_SHORT, CC_WORDS, CC_ZERO) if (match := pattern.search(words))]
    if candidates and (spdx := _creative_commons(min(candidates, key=lambda match: match.start()))):
        return spdx
    for pattern, spdx, version in PHRASES:
        if pattern.search(words):
            found = VERSION.search(words)
            number = f"{found[1]}.{found[2] or '0'}" if found and version else version
            name = spdx.format(version=number)
            return name if find_license(name) else spdx.format(version=version)
    return ""


def _creative_commons(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if "version" not in groups:
        return "CC0-1.0"
    kind = groups.get("kind") or _kind_of_words(groups.get("parts") or "")
    kind = "-".join(part for part in re.split(r"[- ]", kind.upper()) if part)
    port = groups.get("port") or ""
    port = PORT_BY_COUNTRY.get(port.lower(), port.upper())
    spdx = f"CC-{kind}-{groups['version']}"
    with_port = f"{spdx}-{port}" if port else spdx
    known = find_license(with_port) or find_license(spdx)
    return known.spdx if known else ""


def _kind_of_words(words: str) -> str:
    lower = re.sub(r"[\s–—-]", "", words.lower())
    parts = ["BY"]
    parts += ["NC"] if "noncommercial" in lower else []
    parts += ["ND"] if "noderiv" in lower else ["SA"] if "sharealike" in lower else []
    return "-".join(parts)


def _license_in_words(page: str) -> str:
    """Return the license that a page names in a paragraph about licenses."""
    paragraphs = [
        text for text in re.split(r"\n\s*\n", page) if re.search(r"licen[cs]e|creativecommons\.org", text, re.I)
    ]
    found = (recognize_license(paragraph) for paragraph in paragraphs)
    return next((name for name in found if name.startswith(("CC", "GFDL"))), "")
