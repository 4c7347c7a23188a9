"""What a license permits and demands, read from its SPDX id or from plain words such as "all rights reserved"."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from oerbook.licensing.spdx import find_license

CC_ID = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)(?:-([A-Z]{2,3}))?(?:-[A-Z]+)?")
PUBLIC_DOMAIN_IDS = frozenset(["CC0-1.0", "CC-PDM-1.0", "CC-PDDC", "Unlicense", "0BSD", "NIST-PD"])
PERMISSIVE_ID = re.compile(r"MIT|ISC|Zlib|Apache-2\.0|BSD-[23]-Clause|ODC-By-1\.0|OFL-1\.1|etalab-2\.0|OGL-UK-\d\.0")
OTHER_SHARE_ALIKE_ID = re.compile(r"(?:A|L)?GPL-\d.*|GFDL-.*|MPL-.*|FAL-.*|LAL-.*|ODbL-.*|EUPL-.*|Artistic-.*")
NO_VERSION = re.compile(r"(?:cc|creative commons)?[\s_-]*(?:by|attribution)(?:[\s_-]*[a-z]+)*", re.IGNORECASE)
# Plain words that authors write in the place of a license, and what they mean.
FAMILY_BY_PHRASE = (
    ("all rights reserved", "reserved"),
    ("permission", "reserved"),
    ("fair use", "exception"),
    ("fair dealing", "exception"),
    ("quotation", "exception"),
    ("public domain", "public-domain"),
    ("own work", "own"),
    ("copyright", "reserved"),
)


class LicenseFamily(enum.Enum):
    """The kinds of terms that the rules tell apart."""

    PUBLIC_DOMAIN = "public-domain"  # CC0, Public Domain Mark, out of copyright
    CREATIVE_COMMONS = "creative-commons"
    PERMISSIVE = "permissive"  # MIT, BSD, Apache: keep the notice
    SHARE_ALIKE = "share-alike"  # GPL, GFDL and others: only under the same license
    RESERVED = "reserved"  # all rights reserved, used with permission
    EXCEPTION = "exception"  # quotation, fair use: no license is needed, and none is given
    OWN = "own"  # the authors' own work
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one license.

    `elements` are those of a Creative Commons license, such as {"BY", "NC", "SA"}. `version` is (major, minor), (0, 0)
    if there is none. `port` is the country of a version that was adapted to its law, such as "DE".
    """

    id: str
    family: LicenseFamily
    elements: frozenset[str] = frozenset()
    version: tuple[int, int] = (0, 0)
    port: str = ""

    @property
    def commercial(self) -> bool:
        """Whether commercial use is permitted."""
        return "NC" not in self.elements and self.family not in (LicenseFamily.RESERVED, LicenseFamily.UNKNOWN)

    @property
    def adaptable(self) -> bool:
        """Whether adapted versions may be shared."""
        unfree = (LicenseFamily.RESERVED, LicenseFamily.EXCEPTION, LicenseFamily.UNKNOWN)
        return "ND" not in self.elements and self.family not in unfree

    @property
    def share_alike(self) -> bool:
        """Whether adapted versions must have the same license."""
        return "SA" in self.elements or self.family is LicenseFamily.SHARE_ALIKE


def parse_terms(text: str) -> Terms:
    """Return the terms of one SPDX id or of plain words; `LicenseFamily.UNKNOWN` for anything else and for expressions.

    >>> sorted(parse_terms("cc-by-nc-sa-3.0-de").elements), parse_terms("CC-BY-SA-3.0-DE").port
    (['BY', 'NC', 'SA'], 'DE')
    >>> parse_terms("All rights reserved, used with permission").family, parse_terms("CC-BY-SA").family.value
    (<LicenseFamily.RESERVED: 'reserved'>, 'unknown')
    """
    license_ = find_license(text)
    if license_ is None:
        lower = text.casefold()
        return Terms(
            text,
            next((LicenseFamily(kind) for words, kind in FAMILY_BY_PHRASE if words in lower), LicenseFamily.UNKNOWN),
        )
    spdx = license_.spdx
    match = CC_ID.fullmatch(spdx)
    if match:
        major, minor = match[2].split(".")
        elements = frozenset(match[1].split("-"))
        return Terms(spdx, LicenseFamily.CREATIVE_COMMONS, elements, (int(major), int(minor)), match[3] or "")
    if spdx in PUBLIC_DOMAIN_IDS:
        return Terms(spdx, LicenseFamily.PUBLIC_DOMAIN)
    if PERMISSIVE_ID.fullmatch(spdx):
        return Terms(spdx, LicenseFamily.PERMISSIVE)
    return Terms(spdx, LicenseFamily.SHARE_ALIKE if OTHER_SHARE_ALIKE_ID.fullmatch(spdx) else LicenseFamily.UNKNOWN)


def lacks_version(text: str) -> bool:
    """Return whether a text names a Creative Commons license without its version.

    >>> lacks_version("CC BY-SA"), lacks_version("Creative Commons Attribution"), lacks_version("CC-BY-4.0")
    (True, True, False)
    """
    return find_license(text) is None and bool(NO_VERSION.fullmatch(text.strip())) and not re.search(r"\d", text)
