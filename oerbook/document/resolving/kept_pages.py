"""Keep pages in memory that were resolved in this run, so that their first user does not load them from the cache."""

from __future__ import annotations

from docutils import nodes

MAX_KEPT_PAGES = 64


class KeptPages:
    """A few resolved pages by name; each is handed out once, because its user may change it."""

    def __init__(self) -> None:
        self._trees: dict[str, nodes.document] = {}

    def put(self, name: str, tree: nodes.document) -> None:
        """Keep a page, if there are not too many."""
        if len(self._trees) < MAX_KEPT_PAGES:
            self._trees[name] = tree

    def take(self, name: str) -> nodes.document | None:
        """Return a page and forget it."""
        return self._trees.pop(name, None)

    def clear(self) -> None:
        """Forget all pages."""
        self._trees.clear()
