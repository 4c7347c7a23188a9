"""SPDX expressions as alternatives: "A AND (B OR C)" is {A, B} or {A, C}."""

from __future__ import annotations

from functools import cache
from itertools import product

from oerbook.licensing.spdx import find_license, spdx_parser
from oerbook.model.untyped import Json

MAX_ALTERNATIVES = 64


@cache
def alternatives(text: str) -> tuple[frozenset[str], ...]:
    """Return the sets of licenses that satisfy an expression; a text that is no expression stands for itself.

    >>> [sorted(ids) for ids in alternatives("CC-BY-4.0 AND (MIT OR Apache-2.0)")]
    [['CC-BY-4.0', 'MIT'], ['Apache-2.0', 'CC-BY-4.0']]
    >>> alternatives("with permission")
    (frozenset({'with permission'}),)
    """
    license_ = find_license(text)
    if license_ is None:
        return (frozenset([text]),)
    if " " not in license_.spdx:
        return (frozenset([license_.spdx]),)
    sets = _expand(spdx_parser().parse(license_.spdx))
    return tuple(dict.fromkeys(sets))[:MAX_ALTERNATIVES]


def _expand(node: Json) -> list[frozenset[str]]:
    """Return the alternatives of a node of license_expression's tree."""
    if not node.args:
        return [frozenset([str(node)])]
    parts = [_expand(part) for part in node.args]
    if node.operator.strip() == "OR":
        return [ids for part in parts for ids in part]
    return [frozenset().union(*ids) for ids in product(*(part[:MAX_ALTERNATIVES] for part in parts))][:MAX_ALTERNATIVES]
