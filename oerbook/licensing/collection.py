"""What a book permits as a whole, and which works it may hold unmodified.

A book is a collection of chapters: each keeps its own terms. Sources: sections 1 and 4(a) of version 3.0, sections
2(a)(4) and 2(a)(5) of version 4.0, and the chart for collections in Creative Commons' FAQ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oerbook.licensing.adaptation import Permission, Verdict
from oerbook.licensing.expressions import alternatives
from oerbook.licensing.terms import LicenseFamily, Terms, parse_terms


@dataclass(frozen=True, slots=True)
class BookTerms:
    """What one may do with a whole book: True, False, or None if the terms of a part are not known."""

    commercial: bool | None
    adaptable: bool | None
    share_alike: bool
    licenses: tuple[str, ...]

    @property
    def expression(self) -> str:
        """The SPDX expression of all parts."""
        return " AND ".join(f"({spdx})" if " OR " in spdx else spdx for spdx in self.licenses)


def judge_collection(item: str, *, commercial: bool) -> Verdict:
    """Return whether a book may hold an unmodified work under the license `item`.

    `commercial`: the book is sold, or others may sell it.

    >>> judge_collection("CC-BY-NC-4.0", commercial=True).permission.name
    'FORBIDDEN'
    >>> judge_collection("CC-BY-ND-4.0", commercial=True).permission.name
    'ALLOWED'
    """
    verdicts = [
        min((_judge_item(parse_terms(spdx), commercial) for spdx in ids), key=lambda verdict: verdict.permission)
        for ids in alternatives(item)
    ]
    return max(verdicts, key=lambda verdict: verdict.permission)


def _judge_item(terms: Terms, commercial: bool) -> Verdict:
    if terms.family is LicenseFamily.UNKNOWN:
        return Verdict(Permission.UNKNOWN, f"The terms of “{terms.id}” are not known here; read them.")
    if commercial and "NC" in terms.elements:
        version = f"{terms.version[0]}.{terms.version[1]}"
        section = "2(a)(1)" if terms.version >= (4, 0) else "4"
        reason = f"{terms.id} does not permit a collection that is sold or that others may sell."
        return Verdict(Permission.FORBIDDEN, reason, f"CC {version} section {section}")
    if terms.family is LicenseFamily.RESERVED:
        reason = (
            f"“{terms.id}” holds for this book only if the permission covers it, and passes no right on to readers."
        )
        return Verdict(Permission.DISCOURAGED, reason)
    return Verdict(
        Permission.ALLOWED, f"An unmodified work under {terms.id} may be part of a collection; it keeps its terms."
    )


def combined_terms(licenses: Iterable[str]) -> BookTerms:
    """Return the terms of a book whose parts have these licenses.

    >>> terms = combined_terms(["CC-BY-4.0", "CC-BY-NC-SA-4.0"])
    >>> terms.commercial, terms.adaptable, terms.share_alike, terms.expression
    (False, True, True, 'CC-BY-4.0 AND CC-BY-NC-SA-4.0')
    """
    ids = tuple(dict.fromkeys(licenses))
    parts = [parse_terms(spdx) for text in ids for spdx in alternatives(text)[0]]
    unknown = any(part.family is LicenseFamily.UNKNOWN for part in parts) or not parts
    commercial = all(part.commercial for part in parts if part.family is not LicenseFamily.UNKNOWN)
    adaptable = all(
        part.adaptable for part in parts if part.family not in (LicenseFamily.UNKNOWN, LicenseFamily.EXCEPTION)
    )
    return BookTerms(
        None if unknown and commercial else commercial,
        None if unknown and adaptable else adaptable,
        any(part.share_alike for part in parts),
        ids,
    )
