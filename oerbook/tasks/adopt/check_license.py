"""Check that the license of a book permits its import: it must be stated, and permit adaptations."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.errors import OerbookError
from oerbook.licensing.expressions import alternatives
from oerbook.licensing.terms import LicenseFamily, parse_terms
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place, Severity

NAME_LICENSE = "Find out what the authors permit, then name it: oerbook adopt --license CC-BY-4.0 …"


def check_license(plan: ImportPlan, named_license: str) -> Iterator[Finding]:
    """Yield a finding if a book that is only moved states no license.

    `named_license` is what the user named, who answers for it. Raises OerbookError if the pages are changed and the
    license is not known or forbids that.
    """
    if not plan.license:
        message = "the book does not state its license"
        if plan.is_adaptation:
            raise OerbookError(f"{message}, so it may not be changed", hint=NAME_LICENSE)
        hint = "Set license: in chapters/index.md to what the authors permit."
        yield Finding("import-license-missing", message, Place("chapters/index.md"), Severity.WARNING, hint)
    elif plan.is_adaptation and not named_license and not _permits_changes(plan.license):
        message = f"the license {plan.license} does not permit adapted versions, and a converted book is one"
        hint = "Ask the authors. If they permit it, say under which license: oerbook adopt --license CC-BY-4.0 …"
        raise OerbookError(message, hint=hint)


def _permits_changes(license_id: str) -> bool:
    """Say whether one of the alternatives of a license permits changes; an unknown license is left to the editor."""
    return any(
        all(terms.adaptable or terms.family is LicenseFamily.UNKNOWN for terms in map(parse_terms, parts))
        for parts in alternatives(license_id)
    )
