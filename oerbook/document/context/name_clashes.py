"""Keep builds repeatable when two pages define the same name.

Sphinx reports a duplicate name when it reads the second page, and the page that is read last gets the name. So pages
with a common name are read together and in order whenever one of them is read; otherwise the result would depend on the
order of changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from oerbook.document.context.page_state import page_state

OTHER_DEFINITION = re.compile(r"other instance in (?P<location>[^\n]+?)\.?$")


def record_name_clash(env: Any, docname: str, message: str) -> None:
    """Record the other page if a message reports that it defines the same name."""
    match = OTHER_DEFINITION.search(message)
    if not match or docname not in env.found_docs:
        return
    location = match["location"].strip()
    other = location if location in env.found_docs else env.path2doc(location)
    if other and other != docname:
        page_state(env, docname).clashes.add(other)


def pages_with_clashing_names(env: Any, names: Iterable[str]) -> set[str]:
    """Return the given pages and all that clash with them, directly or through others."""
    neighbours: dict[str, set[str]] = {}
    for name, state in env.oerbook.items():
        for other in state.clashes:
            neighbours.setdefault(name, set()).add(other)
            neighbours.setdefault(other, set()).add(name)
    reached, pending = set[str](), list(names)
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending.extend(neighbours.get(name, ()))
    return reached


def reread_clashing_pages(app: Any, names: list[str], read: Callable[[list[str]], None]) -> None:
    """Read pages from scratch, and again with those that turn out to clash."""
    env = app.env
    _clear(app, names)
    read(names)
    clashing = pages_with_clashing_names(env, names) & env.found_docs
    if clashing - set(names):
        together = sorted(name for name in clashing if pages_with_clashing_names(env, [name]) - {name})
        _clear(app, together)
        read(together)


def _clear(app: Any, names: Iterable[str]) -> None:
    for name in names:
        app.events.emit("env-purge-doc", app.env, name)
        app.env.clear_doc(name)
