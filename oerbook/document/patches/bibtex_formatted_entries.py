"""Report a bibliography that cannot be generated, and leave it empty.

Written for sphinxcontrib-bibtex 2.7, which evaluates `:style:` and `:filter:` when all pages have been read, so an
error stops the whole build: https://github.com/mcmtroffaes/sphinxcontrib-bibtex/issues/148
"""

from __future__ import annotations

from typing import Any

from pybtex.plugin import PluginNotFound
from sphinxcontrib.bibtex.domain import BibtexDomain

from oerbook.document.context.build_context import BuildContext
from oerbook.model.findings import Severity
from oerbook.sandbox.limits import failure_reason, time_limit

_get_formatted_entries = BibtexDomain.get_formatted_entries


def _formatted_entries(context: BuildContext, domain: Any, key: Any, *args: Any) -> list[Any]:
    """Return the entries of a bibliography; report and leave empty one that fails."""
    try:
        with time_limit(context.page_timeout_s):
            return list(_get_formatted_entries(domain, key, *args))
    except Exception as error:  # noqa: BLE001 - a :filter: that is invalid or never ends, values that cannot be compared
        bibliography = domain.bibliographies[key]
        if isinstance(error, PluginNotFound):
            reason, hint = f"there is no style {bibliography.style}", "Remove :style:, or use plain, unsrt or alpha."
        else:
            reason, hint = failure_reason(error), "Remove :filter:, or simplify it."
        message = f"this bibliography cannot be generated: {reason}"
        context.report_problem(
            key.docname, "directive-option", message, bibliography.line, severity=Severity.ERROR, hint=hint
        )
        return []


def install(context: BuildContext) -> None:
    """Replace the generation of a bibliography's entries."""
    domain: Any = BibtexDomain
    domain.get_formatted_entries = lambda self, key, *args: _formatted_entries(context, self, key, *args)
