"""Pages that clash: two that give something the same name. What is said of them, and who wins, is told by the book alone.

Sphinx tells of a name that is taken when it reads a page, and whichever page is read last has it. So pages that clash are
read together and in their order, whenever one of them is read: else the same book would look otherwise after each change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

OTHER = re.compile(r"other instance in (?P<place>[^\n]+?)\.?$")


def note(env: Any, docname: str, message: str) -> None:
    """Note that a message tells of a name that another page has given already."""
    found = OTHER.search(message)
    if not found or docname not in env.found_docs:
        return
    place = found["place"].strip()
    other = place if place in env.found_docs else env.path2doc(place)
    if other and other != docname:
        env.oerbook_clashes.setdefault(docname, set()).add(other)


def involved(env: Any, names: Iterable[str]) -> set[str]:
    """Return pages and all that clash with them, directly or through others."""
    beside: dict[str, set[str]] = {}
    for name, others in env.oerbook_clashes.items():
        for other in others:
            beside.setdefault(name, set()).add(other)
            beside.setdefault(other, set()).add(name)
    found, pending = set[str](), list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(beside.get(name, ()))
    return found


def read_together(app: Any, names: list[str], read: Callable[[list[str]], None]) -> None:
    """Have pages read as if none of them had been there before, and once more with those that they turn out to clash with."""
    env = app.env
    _clear(app, names)
    read(names)
    clashing = involved(env, names) & env.found_docs
    if clashing - set(names):
        together = sorted(name for name in clashing if involved(env, [name]) - {name})
        _clear(app, together)
        read(together)


def _clear(app: Any, names: Iterable[str]) -> None:
    for name in names:
        app.events.emit("env-purge-doc", app.env, name)
        app.env.clear_doc(name)
