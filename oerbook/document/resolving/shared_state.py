"""Describe what pages share: titles, numbers, order, labels and citations, and other domains' data, for a digest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oerbook.document.resolving.stable_json import stable_json

# The domains whose data pages take through their references; any other domain concerns every page.
TRACKED_DOMAINS = frozenset({"std", "math", "cite", "prf", "index", "py", "todo"})
IGNORED_DOMAIN_DATA = frozenset({"citation_refs"})  # with the lines of citations, in the order in which pages were read


def describe_shared_state(env: Any, statements: Sequence[str]) -> str:
    """Return titles, numbers, order, labels and citations of all pages, and the theorems and exercises."""
    domains = {
        name: {kind: value for kind, value in data.items() if kind not in IGNORED_DOMAIN_DATA}
        for name, data in env.domaindata.items()
        if name in TRACKED_DOMAINS
    }
    return stable_json({
        "titles": {name: node.astext() for name, node in env.titles.items()},
        "numbers": env.toc_secnumbers,
        "figures": env.toc_fignumbers,
        "order": env.toctree_includes,
        "domains": domains,
        "statements": statements,
    })  # fmt: skip


def describe_untracked_domains(env: Any) -> str:
    """Return the data of the domains that concern every page."""
    return stable_json({name: data for name, data in env.domaindata.items() if name not in TRACKED_DOMAINS})
