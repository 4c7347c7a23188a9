"""Values as JSON text that is the same in every run."""

from __future__ import annotations

import json
from typing import Any

from docutils import nodes


def stable_json(value: Any) -> str:
    """Return plain data as text that does not depend on the order of sets and keys."""
    try:
        return json.dumps(value, sort_keys=True, default=_to_json)
    except TypeError:  # keys that are not strings
        pass
    if isinstance(value, dict):
        return "{" + ",".join(sorted(f"{stable_json(k)}:{stable_json(v)}" for k, v in value.items())) + "}"
    return "[" + ",".join(map(stable_json, value)) + "]"


def _to_json(value: Any) -> Any:
    """Return plain data for a value that JSON cannot represent."""
    if isinstance(value, set | frozenset):
        return sorted(map(stable_json, value))
    return repr(value) if isinstance(value, nodes.Node) else type(value).__name__
