"""Split the findings of a submission into new ones and those that existed before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from oerbook.model.findings import Finding


def split_new_from_existing(
    before: Sequence[Finding], after: Sequence[Finding], renamed: Mapping[str, str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the new and the existing findings of `after`.

    `renamed` maps old paths of pages to new ones.
    A finding existed if one of `before` matches it, wherever its line is now: in the same page, in another page (as
    when a chapter is divided), or, for a copied passage, with other words (as when a part of it was changed).
    """
    moved = {
        f: replace(f, place=replace(f.place, path=renamed[f.place.path])) for f in before if f.place.path in renamed
    }
    unmatched = [moved.get(f, f) for f in before] if moved else list(before)
    new = list(after)
    existing: list[Finding] = []
    # From exact to loose; most findings are the same object, as these are cached.
    keys: tuple[Callable[[Finding], Hashable], ...] = (id, _same_page, _any_page, _same_related_page)
    for key in keys:
        by_key: dict[Hashable, list[Finding]] = defaultdict(list)
        for finding in unmatched:
            by_key[key(finding)].append(finding)
        still_new: list[Finding] = []
        for finding in new:
            matches = by_key[key(finding)]
            (existing if matches else still_new).append(finding)
            matches[:1] = []
        unmatched, new = [finding for matches in by_key.values() for finding in matches], still_new
    return tuple(new), tuple(sorted(existing, key=lambda f: f.sort_key))


def _same_page(finding: Finding) -> tuple[str, ...]:
    return finding.code, finding.place.path, _without_numbers(finding.message)


def _any_page(finding: Finding) -> tuple[str, ...]:
    return finding.code, _without_numbers(finding.message)


def _same_related_page(finding: Finding) -> tuple[str, ...]:
    """Return a key without the message, for a finding that is about two pages."""
    return finding.code, finding.place.path, _without_numbers(finding.related_path or finding.message)


@lru_cache(maxsize=5000)
def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "#", text)
