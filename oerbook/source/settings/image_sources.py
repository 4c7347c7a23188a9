"""Read where images come from: a file beside each, such as `worm.jpg.yml` beside `worm.jpg`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from oerbook.model.book import ReusedWork
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source import front_matter
from oerbook.source.schema import IMAGE_KEYS
from oerbook.source.text import load_page_text
from oerbook.source.values import as_work
from oerbook.text.slugs import is_utf8_name

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".tif", ".tiff", ".bmp", ".pdf")
YAML_SUFFIXES = (".yml", ".yaml")
IMAGE_RECORD_SUFFIXES = tuple(f"{image}{yaml}" for image in IMAGE_SUFFIXES for yaml in YAML_SUFFIXES)

ImageSources = tuple[tuple[str, ReusedWork], ...]  # the path of the image below `chapters/`, and its record


def read_image_sources(root: Path, folders: Iterable[str]) -> tuple[ImageSources, tuple[Finding, ...]]:
    """Return the records of all images, sorted by path, and the findings in their files.

    `folders` are paths below `chapters/` with a final slash, "" for `chapters/` itself.
    """
    records: list[tuple[str, ReusedWork]] = []
    findings: list[Finding] = []
    for folder in sorted(folders):
        with os.scandir(root / "chapters" / folder) as entries:
            names = [e.name for e in entries if is_utf8_name(e.name) and e.name.lower().endswith(IMAGE_RECORD_SUFFIXES)]
        for name in sorted(names):
            path = f"chapters/{folder}{name}"
            text, problem = load_page_text(root / path, root)
            if problem:
                message = f"what this file says of its image is left out: {problem}"
                findings.append(Finding("front-matter", message, Place(path), Severity.ERROR))
                continue
            work, work_findings = _read_record(text, path)
            findings += work_findings
            if work is not None:
                records.append((f"{folder}{name}".rpartition(".")[0], work))
    return tuple(records), tuple(findings)


def _read_record(text: str, path: str) -> tuple[ReusedWork | None, list[Finding]]:
    """Return the work that a file describes, None if it is not YAML, and its findings."""
    has_markers = text.startswith("---\n")
    matter = front_matter.read_front_matter(text if has_markers else f"---\n{text.rstrip()}\n---\n", path, IMAGE_KEYS)
    shift = 0 if has_markers else 1
    findings = [
        replace(f, place=replace(f.place, line=max(f.place.line - shift, 1))) if f.place.line else f
        for f in matter.findings
    ]
    return (None if matter.error else as_work(matter.values)), findings
