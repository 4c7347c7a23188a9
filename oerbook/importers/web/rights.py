"""Recognize the license that a text, URL or notice states, with its version."""

from __future__ import annotations

import re

from oerbook.licensing.spdx import find_license

CC_URL = re.compile(
    r"creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-sa|-nd)?)|publicdomain/(zero|mark))/(\d\.\d)"
    r"(?:/([a-z]{2,3})(?=[/\s\"'<>.,;)]|$))?",
    re.I,
)
CC_SHORT = re.compile(
    r"\bCC[\s-]+(BY(?:[\s-]+NC)?(?:[\s-]+(?:SA|ND))?)(?:[\s-]+|\s*\(?(?:version|v\.?)?\s*)(\d\.\d)(?:\s+([A-Z]{2,3})\b)?",
    re.I,
)
CC_LONG = re.compile(
    r"(?:Creative\s+Commons(?:\s+license[:,]?)?[\s:,“\"]*)(?:Public\s+)?Attribution"
    r"((?:[\s–-]*(?:Non-?Commercial|Share-?\s?Alike|No-?\s?Deriv(?:ative)?s?(?:\s+Works)?))*)"
    r"[\s,–-]*(?:International\s+)?(?:Public\s+)?(?:License[\s,]*)?\(?(?:CC[\s-]*BY[\w\s-]*?)?\)?[\s,]*(?:version\s*|v\.?\s*)?(\d\.\d)",
    re.I,
)
CC0 = re.compile(r"\bCC[\s-]?0\b|Creative\s+Commons\s+(?:CC0|Zero)", re.I)
PUBLIC_DOMAIN_MARK = re.compile(
    r"Public\s+Domain\s+Mark|(?:is|are)\s+in\s+the\s+public\s+domain|no\s+known\s+copyright|^\W*public\s+domain\W*$",
    re.I,
)
GFDL = re.compile(r"(?:GNU\s+Free\s+Documentation\s+Licen[sc]e|\bGFDL\b)(?:[\s,]*(?:version|v\.?)?\s*(\d\.\d))?", re.I)
PORT_CODES = frozenset(["at", "au", "de", "fr", "igo", "nl", "uk", "us", "jp"])


def find_license_in(*texts: str) -> str:
    """Return the SPDX id of the license that texts state, "" if none is stated with its version.

    The first text that states one counts, URLs before names.

    >>> find_license_in("https://creativecommons.org/licenses/by-nc-sa/3.0/de/")
    'CC-BY-NC-SA-3.0-DE'
    >>> find_license_in("under a Creative Commons Attribution-ShareAlike 4.0 International License")
    'CC-BY-SA-4.0'
    >>> find_license_in("CC BY-SA", "© 2020 Ada Lee, CC BY 4.0")
    'CC-BY-4.0'
    """
    for text in texts:
        found = _find_in(text)
        if found:
            return found
    return ""


def _find_in(text: str) -> str:
    url = CC_URL.search(text)
    if url:
        return _from_url(url)
    short = CC_SHORT.search(text)
    if short:
        return _valid(f"CC-{re.sub(r'[^A-Z]+', '-', short[1].upper())}-{short[2]}", short[3] or "")
    long = CC_LONG.search(text)
    if long:
        return _valid(f"CC-BY{_elements(long[1])}-{long[2]}")
    if CC0.search(text):
        return "CC0-1.0"
    gfdl = GFDL.search(text)
    if gfdl:
        return f"GFDL-{gfdl[1] or '1.3'}-or-later"
    if PUBLIC_DOMAIN_MARK.search(text):
        return "CC-PDM-1.0"
    bare = find_license(text.strip()) if text.strip() and len(text) < 60 else None
    return bare.spdx if bare else ""


def _from_url(match: re.Match[str]) -> str:
    if match[2]:
        return "CC0-1.0" if match[2].lower() == "zero" else "CC-PDM-1.0"
    return _valid(f"CC-{match[1].upper()}-{match[3]}", match[4] or "")


def _elements(words: str) -> str:
    lower = words.lower()
    found = [("-NC", "commercial" in lower), ("-SA", "share" in lower), ("-ND", "deriv" in lower)]
    return "".join(element for element, is_there in found if is_there)


def _valid(spdx: str, port: str = "") -> str:
    """Return the id with its port, or without it if SPDX has none for that country."""
    with_port = f"{spdx}-{port.upper()}" if port.lower() in PORT_CODES else ""
    for candidate in (with_port, spdx):
        license_ = find_license(candidate) if candidate else None
        if license_:
            return license_.spdx
    return ""
