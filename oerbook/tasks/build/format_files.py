"""Write the file of one format; a format that fails costs only itself."""

from __future__ import annotations

import hashlib
import traceback
from dataclasses import replace
from pathlib import Path

from oerbook.document.session import BuildResult
from oerbook.errors import OerbookError
from oerbook.formats import FORMATS
from oerbook.formats.pdf.typst_project import fallback_families
from oerbook.manuscript.manuscript import Manuscript
from oerbook.model.artifacts import Artifact
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.formats import BOOK_FORMATS
from oerbook.sandbox.limits import failure_reason
from oerbook.storage.cache import Cache, make_cache_key
from oerbook.storage.code_digest import code_digest
from oerbook.storage.fast_json import encode_json
from oerbook.storage.machine_errors import find_machine_error
from oerbook.tasks.progress import Progress

# The packages whose code decides what a finished file looks like.
FORMATTING_PACKAGES = (
    "formats",
    "images",
    "licensing",
    "locale",
    "manuscript",
    "markup",
    "metadata",
    "model",
    "source",
    "storage",
    "text",
    "theming",
    "tools",
)
REPORT_BUG_HINT = "The other formats are complete. Please report this with the book and the file _build/.cache/{}."


def write_format(name: str, result: BuildResult, path: Path, progress: Progress) -> Artifact | Finding:
    """Write a format, unless its file of an earlier build is still valid; return a finding if that fails."""
    target = BOOK_FORMATS[name].target
    if target in result.failures_by_target:
        return make_format_failure_finding(name, result.failures_by_target[target], result.cache_dir)
    try:
        with progress.stage(f"writing {name}", None):
            return _write(name, result.manuscripts[target], path)
    except Exception as error:  # noqa: BLE001 - packages raise anything, and the other formats must be made
        return make_format_failure_finding(name, error, result.cache_dir)


def make_format_failure_finding(name: str, error: Exception, cache_dir: Path) -> Finding:
    """Return the finding for a format that was not made; keep the traceback of an internal error."""
    place = Place("chapters/index.md")
    error = find_machine_error(error, access=True) or error
    if isinstance(error, OerbookError):
        return Finding(
            "format-failed",
            f"the {BOOK_FORMATS[name].title} was not made: {error.message}",
            place,
            Severity.ERROR,
            error.hint,
        )
    file_name = f"failure-{name}.txt"
    cache_dir.mkdir(parents=True, exist_ok=True)
    (cache_dir / file_name).write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    message = f"the {BOOK_FORMATS[name].title} was not made: {failure_reason(error)}"
    return Finding("format-failed", message, place, Severity.ERROR, REPORT_BUG_HINT.format(file_name))


def _write(name: str, manuscript: Manuscript, path: Path) -> Artifact:
    cache, key = Cache(manuscript.cache_dir), _key(name, manuscript)
    cached: tuple[str, Artifact] | None = cache.get("state", name, tuple)
    if cached and cached[0] == key and path.is_file() and cached[1].digest == _sha256(path):
        return replace(cached[1], path=path)
    artifact = FORMATS[name].build(manuscript, path)
    cache.put("state", name, (key, artifact))
    return artifact


def _key(name: str, manuscript: Manuscript) -> str:
    """Return a digest of everything that a format's file depends on."""
    files = [p for p in sorted(manuscript.theme_dir.rglob("*")) if p.is_file()]
    book = manuscript.book
    files += [book.root / name for name in (book.settings.cover, book.settings.logo) if name]
    files += sorted(p for p in (book.root / "chapters" / "_fonts").glob("*") if p.is_file())
    text = encode_json([section.blocks for section in manuscript.sections], sort_keys=True)
    kinds = repr([(section.slug, section.kind) for section in manuscript.sections])
    metadata = repr(replace(book, root=Path()))
    return make_cache_key(
        code_digest(*FORMATTING_PACKAGES),
        name,
        text,
        kinds,
        metadata,
        repr(fallback_families(manuscript)) if name != "docx" else "",  # installed font packages; EPUB: for its cover
        str(manuscript.epoch),
        repr(manuscript.accessibility),
        *(p.read_bytes() for p in files if p.is_file()),
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
