"""Which findings a submission brings, and which were there before it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from oerbook.model.findings import Finding

QUOTED = re.compile("“.*?”")


def split(
    before: Sequence[Finding], after: Sequence[Finding], renamed: Mapping[str, str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Divide findings into those that a submission brings and those that were there, wherever their lines are now.

    A finding that left one page and turned up in another, as when a chapter is divided, was there before; so was a
    passage that is copied still, if it was changed in part.
    """
    moved = {
        f: replace(f, place=replace(f.place, path=renamed[f.place.path])) for f in before if f.place.path in renamed
    }
    there = [moved.get(f, f) for f in before] if moved else before
    left, brought = list(there), list(after)
    old: list[Finding] = []
    ways: tuple[Callable[[Finding], Any], ...] = (id, _in_place, _elsewhere, _in_part)  # most are the very same
    for alike in ways:
        had: dict[Any, list[Finding]] = defaultdict(list)
        for finding in left:
            had[alike(finding)].append(finding)
        fresh: list[Finding] = []
        for finding in brought:
            known = had[alike(finding)]
            (old if known else fresh).append(finding)
            known[:1] = []
        left, brought = [finding for known in had.values() for finding in known], fresh
    return tuple(brought), tuple(sorted(old, key=lambda f: f.sort_key))


def _in_place(finding: Finding) -> tuple[str, ...]:
    return finding.code, finding.place.path, _bare(finding)


def _elsewhere(finding: Finding) -> tuple[str, ...]:
    return finding.code, _bare(finding)


def _in_part(finding: Finding) -> tuple[str, ...]:
    words = _bare(finding)
    return finding.code, finding.place.path, QUOTED.sub("", words) if finding.code == "text-copied" else words


def _bare(finding: Finding) -> str:
    return _without_numbers(finding.message)


@lru_cache(maxsize=5000)
def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "#", text)
