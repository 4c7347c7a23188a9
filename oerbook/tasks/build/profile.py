"""Measure the stages of a build: time, CPU time, memory and what was cached; draw them over time."""

from __future__ import annotations

import html
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from oerbook.storage import cache
from oerbook.tasks.progress import Progress

ROW_PX, LABEL_PX, CHART_PX, MARGIN_PX = 30, 170, 560, 16
COLORS = {"own": "#2a5d84", "other": "#c8682b", "text": "#222", "line": "#ccc"}


@dataclass(frozen=True, slots=True)
class StageProfile:
    """A stage: when it began and how long it took, and the CPU seconds of this process and of others that it started.

    `hits` of `lookups` in the cache found a value. `peak_mib` is the memory of the largest process so far.
    """

    name: str
    start_s: float
    wall_s: float
    own_cpu_s: float
    other_cpu_s: float
    hits: int
    lookups: int
    peak_mib: float

    @property
    def cpu_s(self) -> float:
        """Return the CPU seconds of all processes."""
        return self.own_cpu_s + self.other_cpu_s


class BuildProfile:
    """Passes the stages of a build on to a progress display, and measures them."""

    def __init__(self, progress: Progress) -> None:
        self.stages: list[StageProfile] = []
        self._progress = progress
        self._start = time.monotonic()

    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Callable[..., None]]:
        """Measure a stage while the context is open."""
        start, before, found = time.monotonic(), os.times(), (cache.counts.hits, cache.counts.lookups)
        with self._progress.stage(name, total) as advance:
            yield advance
        after = os.times()
        self.stages.append(
            StageProfile(
                name,
                start - self._start,
                time.monotonic() - start,
                max(0.0, after.user + after.system - before.user - before.system),
                max(0.0, after.children_user + after.children_system - before.children_user - before.children_system),
                cache.counts.hits - found[0],
                cache.counts.lookups - found[1],
                _peak_mib(),
            )
        )


def _peak_mib() -> float:
    """Return the memory of the largest process until now in MiB, 0 where that is not known."""
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def format_table(stages: Sequence[StageProfile]) -> str:
    """Return the stages as a table of text."""
    rows = [f"{'stage':<18}{'seconds':>9}{'CPU s':>8}{'cached':>12}{'MiB':>7}"]
    for stage in stages:
        cached = f"{stage.hits} of {stage.lookups}" if stage.lookups else ""
        rows.append(f"{stage.name:<18}{stage.wall_s:>9.2f}{stage.cpu_s:>8.2f}{cached:>12}{stage.peak_mib:>7.0f}")
    wall, cpu = sum(stage.wall_s for stage in stages), sum(stage.cpu_s for stage in stages)
    return "\n".join([*rows, f"{'all':<18}{wall:>9.2f}{cpu:>8.2f}"])


def draw_svg(stages: Sequence[StageProfile]) -> str:
    """Return a drawing of the stages over time: CPU time of this process, then that of pandoc, Typst and git."""
    end = max((stage.start_s + stage.wall_s for stage in stages), default=0.0) or 1.0
    scale = CHART_PX / end
    width, height = LABEL_PX + CHART_PX + 2 * MARGIN_PX, ROW_PX * (len(stages) + 2) + MARGIN_PX
    parts = []
    for tick in range(5):
        x = LABEL_PX + CHART_PX * tick / 4
        parts.append(f'<path d="M{x:.0f} {ROW_PX}V{height - ROW_PX}" stroke="{COLORS["line"]}"/>')
        parts.append(_text(x, ROW_PX - 10, f"{end * tick / 4:.1f} s", "middle"))
    for number, stage in enumerate(stages):
        x, y = LABEL_PX + stage.start_s * scale, ROW_PX * (number + 1) + 6
        share = scale * min(1.0, stage.wall_s / max(stage.cpu_s, 1e-9))  # several processes work at once
        own, other = stage.own_cpu_s * share, stage.other_cpu_s * share
        parts.append(_text(LABEL_PX - 8, y + 13, stage.name, "end"))
        parts.append(_bar(x, y, max(stage.wall_s * scale, 1), "#e4e4e4"))
        parts += [_bar(x, y, own, COLORS["own"]), _bar(x + own, y, other, COLORS["other"])]
    parts.append(_text(LABEL_PX, height - 6, "blue: oerbook; orange: pandoc, Typst, git; grey: waiting", "start"))
    style = f'font-family="sans-serif" font-size="13" fill="{COLORS["text"]}"'
    title = "<title>The stages of the build over time</title>"
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>{title}{"".join(parts)}</svg>\n'


def _bar(x: float, y: float, length: float, color: str) -> str:
    return f'<rect x="{x:.1f}" y="{y}" width="{length:.1f}" height="{ROW_PX - 12}" fill="{color}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}">{html.escape(words)}</text>'
