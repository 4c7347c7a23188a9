"""Licenses by SPDX id or expression (https://spdx.org/licenses/).

Those that books use have their names here; `license-expression` knows every other id.
"""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING

from oerbook.model.book import License

if TYPE_CHECKING:
    from license_expression import Licensing

SPDX_URL = "https://spdx.org/licenses/"
CC_URL = "https://creativecommons.org"
CC_LICENSE_NAMES = {
    "BY": "Attribution",
    "BY-SA": "Attribution-ShareAlike",
    "BY-NC": "Attribution-NonCommercial",
    "BY-NC-SA": "Attribution-NonCommercial-ShareAlike",
    "BY-ND": "Attribution-NoDerivatives",
    "BY-NC-ND": "Attribution-NonCommercial-NoDerivatives",
}
CC_VERSIONS = {"4.0": "International", "3.0": "Unported", "2.5": "Generic", "2.0": "Generic", "1.0": "Generic"}


def _creative_commons() -> dict[str, License]:
    licenses = {}
    for kind, name in CC_LICENSE_NAMES.items():
        for version, scope in CC_VERSIONS.items():
            spdx = f"CC-{kind}-{version}"
            url = f"{CC_URL}/licenses/{kind.lower()}/{version}/"
            licenses[spdx] = License(spdx, f"Creative Commons {name} {version} {scope}", url)
    return licenses


LICENSES: dict[str, License] = {
    **_creative_commons(),
    "CC0-1.0": License("CC0-1.0", "Creative Commons Zero 1.0 Universal", f"{CC_URL}/publicdomain/zero/1.0/"),
    "CC-PDM-1.0": License("CC-PDM-1.0", "Public Domain Mark 1.0", f"{CC_URL}/publicdomain/mark/1.0/"),
    "GFDL-1.3-or-later": License(
        "GFDL-1.3-or-later", "GNU Free Documentation License 1.3 or later", "https://www.gnu.org/licenses/fdl-1.3.html"
    ),
    "GFDL-1.2-or-later": License(
        "GFDL-1.2-or-later", "GNU Free Documentation License 1.2 or later", "https://www.gnu.org/licenses/fdl-1.2.html"
    ),
    "FAL-1.3": License("FAL-1.3", "Free Art License 1.3", "https://artlibre.org/licence/lal/en/"),
    "ODbL-1.0": License("ODbL-1.0", "Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "ODC-By-1.0": License(
        "ODC-By-1.0", "Open Data Commons Attribution 1.0", "https://opendatacommons.org/licenses/by/1-0/"
    ),
    "MIT": License("MIT", "MIT License", "https://opensource.org/license/mit"),
    "BSD-2-Clause": License("BSD-2-Clause", "BSD 2-Clause License", "https://opensource.org/license/bsd-2-clause"),
    "BSD-3-Clause": License("BSD-3-Clause", "BSD 3-Clause License", "https://opensource.org/license/bsd-3-clause"),
    "ISC": License("ISC", "ISC License", "https://opensource.org/license/isc-license-txt"),
    "Apache-2.0": License("Apache-2.0", "Apache License 2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    "MPL-2.0": License("MPL-2.0", "Mozilla Public License 2.0", "https://www.mozilla.org/MPL/2.0/"),
    "GPL-2.0-or-later": License(
        "GPL-2.0-or-later", "GNU General Public License 2 or later", "https://www.gnu.org/licenses/gpl-2.0.html"
    ),
    "GPL-3.0-only": License(
        "GPL-3.0-only", "GNU General Public License 3", "https://www.gnu.org/licenses/gpl-3.0.html"
    ),
    "GPL-3.0-or-later": License(
        "GPL-3.0-or-later", "GNU General Public License 3 or later", "https://www.gnu.org/licenses/gpl-3.0.html"
    ),
    "AGPL-3.0-or-later": License(
        "AGPL-3.0-or-later",
        "GNU Affero General Public License 3 or later",
        "https://www.gnu.org/licenses/agpl-3.0.html",
    ),
    "LGPL-3.0-or-later": License(
        "LGPL-3.0-or-later",
        "GNU Lesser General Public License 3 or later",
        "https://www.gnu.org/licenses/lgpl-3.0.html",
    ),
    "Unlicense": License("Unlicense", "The Unlicense", "https://unlicense.org/"),
}
WORD_BY_SPDX_OPERATOR = {"AND": "and", "OR": "or", "WITH": "with", "(": "(", ")": ")"}
MAX_EXPRESSION_CHARS = 300
_BY_LOWER_CASE_ID = {spdx.lower(): license_ for spdx, license_ in LICENSES.items()}


def find_license(spdx: str) -> License | None:
    """Return the license with an SPDX id (upper or lower case) or expression; None when it is unknown.

    >>> find_license("cc-by-4.0").name
    'Creative Commons Attribution 4.0 International'
    >>> find_license("cc-by-4.0 and mit").name, find_license("Zlib").url, find_license("CC BY 4.0")
    ('Creative Commons Attribution 4.0 International and MIT License', 'https://spdx.org/licenses/Zlib.html', None)
    """
    return _BY_LOWER_CASE_ID.get(spdx.strip().lower()) or _parse_expression(spdx)


@cache
def _parse_expression(text: str) -> License | None:
    """Return the license of an SPDX expression, with the licenses' names; None when it is not valid."""
    parser = spdx_parser()
    try:
        parsed = parser.parse(text, validate=True, strict=True) if len(text) <= MAX_EXPRESSION_CHARS else None
    except Exception:  # noqa: BLE001 - besides its own errors, the parser raises IndexError and others for "()"
        return None
    if parsed is None:
        return None
    expression = str(parsed)
    ids = parser.license_keys(expression)
    words = expression.replace("(", "( ").replace(")", " )").split()
    named = (
        " ".join(WORD_BY_SPDX_OPERATOR.get(word) or _name(word) for word in words).replace("( ", "(").replace(" )", ")")
    )
    return License(expression, named, f"{SPDX_URL}{ids[0]}.html" if len(ids) == 1 else SPDX_URL)


def _name(spdx: str) -> str:
    known = _BY_LOWER_CASE_ID.get(spdx.lower())
    return known.name if known else spdx


@cache
def spdx_parser() -> Licensing:
    """Import the library and its list of licenses, which takes 0.2 seconds."""
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()


def closest_license(name: str) -> str:
    """Return the SPDX id closest to a name, "" when none is close.

    >>> closest_license("CC BY 4.0"), closest_license("CC-BY-SA")
    ('CC-BY-4.0', 'CC-BY-SA-4.0')
    """
    normalized = name.strip().lower().replace(" ", "-").replace("_", "-")
    for candidate in (normalized, f"{normalized}-4.0", f"cc-{normalized}", f"cc-{normalized}-4.0"):
        if candidate in _BY_LOWER_CASE_ID:
            return _BY_LOWER_CASE_ID[candidate].spdx
    close = difflib.get_close_matches(normalized, list(_BY_LOWER_CASE_ID), 1, 0.7)
    return _BY_LOWER_CASE_ID[close[0]].spdx if close else ""
