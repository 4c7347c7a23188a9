"""Which license an adaptation may have: the chart of Creative Commons, versions, ports and other licenses.

Sources: the legal codes (each verdict names the section), and the chart in Creative Commons' FAQ ("If I derive or adapt
material offered under a Creative Commons license, which CC license(s) can I use?"). Guidance, not legal advice.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from oerbook.licensing.expressions import alternatives
from oerbook.licensing.terms import LicenseFamily, Terms, parse_terms

# Licenses that are proposed for an adaptation, the freest first.
CANDIDATES = (
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-NC-ND-4.0",
    "FAL-1.3",
    "GFDL-1.3-or-later",
    "GPL-3.0-or-later",
)
# BY-SA compatible licenses: creativecommons.org/compatiblelicenses
BY_SA_COMPATIBLE = frozenset(["FAL-1.3", "GPL-3.0-only", "GPL-3.0-or-later"])
FREE_ART_COMPATIBLE = frozenset(["CC-BY-SA-4.0"])
GNU_VERSION = re.compile(r"((?:A|L)?GPL|GFDL)-(\d)\.(\d)(-no-invariants|-invariants)?(?:-(only|or-later))?")


class Permission(enum.IntEnum):
    """Whether a license may be used; higher is freer."""

    FORBIDDEN = 0
    UNKNOWN = 1  # the license is not known well enough to tell
    DISCOURAGED = 2  # the terms do not forbid it, Creative Commons advises against it
    ALLOWED = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer, the sentence that explains it, and the clause it rests on ("" if there is none)."""

    permission: Permission
    reason: str
    clause: str = ""


def judge_adaptation(source: str, adapter: str) -> Verdict:
    """Return whether an adaptation of a work under the license `source` may be shared under `adapter`.

    Both are SPDX ids or expressions. Of the alternatives of a source (OR) the best answer counts, of an adapter's the
    worst; all licenses that a source combines (AND) must agree, and one of those that an adapter combines must.

    >>> judge_adaptation("CC-BY-SA-3.0", "CC-BY-SA-4.0").permission.name
    'ALLOWED'
    >>> judge_adaptation("CC-BY-SA-4.0", "CC-BY-4.0").reason
    'An adaptation of CC-BY-SA-4.0 must have the same license, in this version or a later one.'
    """
    return min(
        (
            max(
                (
                    min(
                        (max((_judge(parse_terms(s), parse_terms(a)) for a in mine), key=_rank) for s in theirs),
                        key=_rank,
                    )
                    for theirs in alternatives(source)
                ),
                key=_rank,
            )
            for mine in alternatives(adapter)
        ),
        key=_rank,
    )


def adapter_licenses(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the candidates under which one adaptation of all sources may be shared, the freest first.

    >>> adapter_licenses(["CC-BY-NC-4.0", "CC-BY-NC-SA-4.0"]), adapter_licenses(["CC-BY-SA-4.0", "CC-BY-NC-4.0"])
    (('CC-BY-NC-SA-4.0',), ())
    """
    works = list(sources)
    allowed = Permission.ALLOWED
    return tuple(c for c in CANDIDATES if all(judge_adaptation(source, c).permission is allowed for source in works))


def conflicting_pairs(sources: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of sources that no license lets an adaptation combine.

    >>> conflicting_pairs(["CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-4.0"])
    [('CC-BY-NC-4.0', 'CC-BY-SA-4.0')]
    """
    works = sorted(set(sources))
    pairs = [(a, b) for a, b in product(works, works) if a < b]
    return [pair for pair in pairs if not adapter_licenses(pair)]


def _rank(verdict: Verdict) -> Permission:
    return verdict.permission


def _judge(source: Terms, adapter: Terms) -> Verdict:
    """Return the verdict for two single licenses."""
    if source.family in (LicenseFamily.RESERVED, LicenseFamily.EXCEPTION):
        return _without_license(source)
    if LicenseFamily.UNKNOWN in (source.family, adapter.family):
        unknown = source if source.family is LicenseFamily.UNKNOWN else adapter
        return Verdict(Permission.UNKNOWN, f"The terms of “{unknown.id}” are not known here; read them.")
    if source.family is LicenseFamily.OWN or (source.id == adapter.id and source.adaptable):
        return Verdict(Permission.ALLOWED, "The adaptation has the license of the source.")
    if source.family is LicenseFamily.PUBLIC_DOMAIN:
        return Verdict(
            Permission.ALLOWED,
            f"{source.id} puts no condition on adaptations.",
            "CC0 1.0 section 2" * (source.id == "CC0-1.0"),
        )
    if "ND" in source.elements:
        reason = f"{source.id} does not let anyone share an adaptation; only unmodified copies may be used."
        return Verdict(Permission.FORBIDDEN, reason, _section(source, "3(a)"))
    if source.share_alike:
        return _judge_share_alike(source, adapter)
    return _judge_attribution(source, adapter)


def _without_license(source: Terms) -> Verdict:
    if source.family is LicenseFamily.RESERVED:
        reason = f"“{source.id}” permits no adaptation, unless the permission says so; ask for a license."
        return Verdict(Permission.FORBIDDEN, reason)
    return Verdict(Permission.FORBIDDEN, f"“{source.id}” covers a quotation as it stands, not an adaptation.")


def _judge_share_alike(source: Terms, adapter: Terms) -> Verdict:
    """Return the verdict for a source whose adaptations keep its license."""
    if source.family is LicenseFamily.SHARE_ALIKE:
        return _judge_other_copyleft(source, adapter)
    same = f"An adaptation of {source.id} must have the same license, in this version or a later one."
    clause = _section(source, "3(b)(1)", "4(b)")
    if source.id == "CC-BY-SA-4.0" and adapter.id in BY_SA_COMPATIBLE:
        reason = f"Creative Commons has declared {adapter.id} compatible with CC-BY-SA-4.0, in this direction only."
        return Verdict(Permission.ALLOWED, reason, clause)
    if adapter.elements == source.elements and _is_later_version(source, adapter):
        return Verdict(Permission.ALLOWED, same, clause)
    return Verdict(Permission.FORBIDDEN, same, clause)


def _judge_other_copyleft(source: Terms, adapter: Terms) -> Verdict:
    """Return the verdict for a GNU, Free Art or similar source."""
    same = f"An adaptation of {source.id} must have the same license."
    if source.id == "FAL-1.3" and adapter.id in FREE_ART_COMPATIBLE:
        reason = "The Free Art License 1.3 names CC-BY-SA-4.0 as compatible."
        return Verdict(Permission.ALLOWED, reason, "FAL 1.3 section 5")
    if _is_later_gnu(source.id, adapter.id):
        return Verdict(Permission.ALLOWED, same)
    known = GNU_VERSION.fullmatch(source.id) or source.id.startswith(("FAL-", "LAL-"))
    return Verdict(Permission.FORBIDDEN if known else Permission.UNKNOWN, same)


def _is_later_version(source: Terms, adapter: Terms) -> bool:
    """Return whether a share-alike license may be replaced by another version or port of it.

    Version 1.0 names no later version. Versions 2.0 to 3.0 accept ports of the same version (4(b)); 4.0 has no ports.
    """
    if source.version == (1, 0):
        return adapter.version == (1, 0) and adapter.port == source.port
    return adapter.version >= source.version


def _is_later_gnu(source: str, adapter: str) -> bool:
    """Return whether one GNU license may be replaced by another: the same, or a later one if it says "or later"."""
    old, new = GNU_VERSION.fullmatch(source), GNU_VERSION.fullmatch(adapter)
    if not old or not new or (old[1], old[4]) != (new[1], new[4]):
        return False
    versions = (old[2], old[3]), (new[2], new[3])
    return versions[0] == versions[1] if old[5] != "or-later" else versions[1] >= versions[0]


def _judge_attribution(source: Terms, adapter: Terms) -> Verdict:
    """Return the verdict for BY, BY-NC and permissive sources: the adapter's license should keep all their elements."""
    clause = _section(source, "3(a)(4)", "4(a)")
    missing = source.elements - adapter.elements
    keeps_notice = source.family is LicenseFamily.PERMISSIVE and adapter.family is not LicenseFamily.PUBLIC_DOMAIN
    if adapter.family is LicenseFamily.RESERVED:
        missing = frozenset()
    if adapter.family in (LicenseFamily.SHARE_ALIKE, LicenseFamily.PERMISSIVE):
        missing -= {"BY"}  # these keep notices of authorship, too
    if keeps_notice or (not missing and adapter.family is not LicenseFamily.PUBLIC_DOMAIN):
        return Verdict(
            Permission.ALLOWED, f"{source.id} lets an adaptation have any license that keeps its terms.", clause
        )
    lost = "the condition of attribution" if "NC" not in missing else "the condition of non-commercial use"
    reason = f"{source.id} does not forbid {adapter.id} for an adaptation, but readers would not see {lost}."
    return Verdict(Permission.DISCOURAGED, reason, clause)


def _section(terms: Terms, section4: str, section3: str = "") -> str:
    """Return the clause of a Creative Commons license: a section of 4.0, or of 3.0 and earlier."""
    if terms.family is not LicenseFamily.CREATIVE_COMMONS:
        return ""
    kind = "-".join(element for element in ("BY", "NC", "SA", "ND") if element in terms.elements)
    section = section4 if terms.version >= (4, 0) else section3 or "3, 4"
    return f"CC {kind} {terms.version[0]}.{terms.version[1]} section {section}"
