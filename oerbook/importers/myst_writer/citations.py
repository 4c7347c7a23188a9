"""Write citations as roles, or in brackets where words with markup stand before or behind a work."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from oerbook.importers.myst_writer.state import PageState
from oerbook.importers.myst_writer.wrap import keep_together, single_line
from oerbook.manuscript.pandoc_ast import Inline
from oerbook.model.untyped import Json

WriteInlines = Callable[[PageState, Sequence[Inline]], str]
KEY = re.compile(r"[\w:.+/-]+")
PLAIN_WORDS = re.compile(r"[^`{}\\*$\[\]<>]*")
ROLE_BY_MODE = {"AuthorInText": "cite:t", "SuppressAuthor": "cite:yearpar", "NormalCitation": "cite:p"}


def write_citation(state: PageState, inline: Inline, write_inlines: WriteInlines) -> str:
    """Return a citation; the words that the source shows if a work has no entry in the bibliography."""
    citations, shown = inline["c"]
    keys = [str(citation["citationId"]) for citation in citations]
    known = state.context.citation_keys
    missing = [key for key in keys if not KEY.fullmatch(key) or (known and key not in known)]
    if missing or not known:
        text = write_inlines(state, shown)
        names = ", ".join(missing or keys)
        state.report("import-citation", f"{names} has no entry in the bibliography; the citation is shown as words")
        return text
    state.counts["references"] += len(keys)
    works = [_write_work(state, citation, write_inlines) for citation in citations]
    role = ROLE_BY_MODE.get(citations[0]["citationMode"]["t"], "cite:p")
    if all(PLAIN_WORDS.fullmatch(before + after) for before, _key, after in works):
        parts = [
            f"{f'{{{before}}}' if before else ''}{key}{f'{{{after}}}' if after else ''}" for before, key, after in works
        ]
        return keep_together(f"{{{role}}}`{','.join(parts)}`")
    parts = [f"{before} @{key}{f', {after}' if after else ''}".strip() for before, key, after in works]
    return f"[{'; '.join(parts)}]"


def _write_work(state: PageState, citation: Json, write_inlines: WriteInlines) -> tuple[str, str, str]:
    """Return the words before a work, its key, and the words behind it, without a leading comma."""
    before = single_line(write_inlines(state, citation["citationPrefix"]))
    after = single_line(write_inlines(state, citation["citationSuffix"]))
    return before, str(citation["citationId"]), after.lstrip(",").strip()
