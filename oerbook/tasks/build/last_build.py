"""Keep a record of the last build: if nothing changed since, its files and findings are those of the next one.

Light to import, because Sphinx and all else that builds takes seconds to load.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oerbook.model.artifacts import Artifact
from oerbook.model.findings import Finding, from_row, to_row
from oerbook.model.formats import BOOK_FORMATS
from oerbook.model.untyped import Json
from oerbook.storage.cache import Cache
from oerbook.storage.file_cache import list_files, make_file_stamp
from oerbook.tasks.build.build_report import BuildReport, dedupe_findings
from oerbook.tasks.build.downloads import DOWNLOAD_FOLDER, SiteArchive
from oerbook.tasks.build.inputs import BuildInputs, folder_stamp, from_json, list_inputs, to_json
from oerbook.tasks.build.install_site import install_site
from oerbook.tasks.build.output_lock import lock_output_folder

RECORD_CACHE_KEY = ("state", "last-build")
CREDITS_FILE = "credits.json"


@dataclass(frozen=True, slots=True)
class InstalledSite:
    """What an installed site is made from: the folder that Sphinx wrote, and the archive among the downloads."""

    folder: Path
    archive: SiteArchive


@dataclass(frozen=True, slots=True)
class FinishedBuild:
    """A finished build: its files, the findings of all formats, and by format those of one alone."""

    artifacts: tuple[Artifact, ...]
    findings: tuple[Finding, ...]
    format_findings: Mapping[str, tuple[Finding, ...]]
    site: InstalledSite | None


def reuse_last_build(root: Path, formats: Sequence[str], out: Path, epoch: int | None) -> BuildReport | None:
    """Return the report of the last build if it had these formats and nothing changed since; otherwise None.

    The site is installed again if it has other downloads than a site of these formats.
    Raises OerbookError when another build is using `out`.
    """
    out = out.resolve()
    if "print" in formats or not (out / ".cache" / RECORD_CACHE_KEY[0] / f"{RECORD_CACHE_KEY[1]}.json").is_file():
        return None
    with lock_output_folder(out):
        record = Cache(out / ".cache").get_json(*RECORD_CACHE_KEY)
        if record is None or not all(_is_valid(record["formats"].get(name), out) for name in formats):
            return None
        last_inputs = from_json(record["inputs"])
        inputs = list_inputs(root, out, epoch, last_inputs)
        if inputs is None or inputs.digest != last_inputs.digest or _stamp(out / CREDITS_FILE) != record["credits"]:
            return None
        if "html" in formats and not _offer_downloads(record, formats, out):
            return None
        return _report(record, formats, out)


def save_build(out: Path, inputs: BuildInputs, build: FinishedBuild) -> None:
    """Record a build. Formats that an earlier build made from the same inputs stay in the record."""
    cache = Cache(out / ".cache")
    last: Json = cache.get_json(*RECORD_CACHE_KEY) or {"inputs": {"digest": ""}}
    formats = last["formats"] if last["inputs"]["digest"] == inputs.digest else {}
    for artifact in build.artifacts:
        rows = [to_row(finding) for finding in build.format_findings.get(artifact.format, ())]
        formats[artifact.format] = _format_row(artifact) | {"findings": rows}
    site = None if "html" not in formats else last.get("site")
    if build.site is not None:
        archive = build.site.archive
        offered = [artifact.format for artifact in build.artifacts if artifact.format not in ("html", "print")]
        site = {
            "folder": str(build.site.folder),
            "stamp": folder_stamp(build.site.folder),
            "offered": sorted(offered),
            "further": _further_files(out / "html", build.site.folder),
            "archive": archive.file_name,
            "epoch": archive.epoch,
        }
    rows = [to_row(finding) for finding in build.findings]
    record = {"inputs": to_json(inputs), "formats": formats, "site": site, "findings": rows}
    cache.put_json(*RECORD_CACHE_KEY, record | {"credits": _stamp(out / CREDITS_FILE)})


def _further_files(installed: Path, folder: Path) -> list[str]:
    """Return the files of an installed site that Sphinx did not write, except for its downloads."""
    names = {path.removeprefix(f"{installed.as_posix()}/") for path in list_files(installed)}
    names -= {path.removeprefix(f"{folder.as_posix()}/") for path in list_files(folder)}
    return sorted(name for name in names if not name.startswith(f"{DOWNLOAD_FOLDER}/"))


def _format_row(artifact: Artifact) -> dict[str, Json]:
    """Return a format's file, its digest and its stat values."""
    return {"file": artifact.path.name, "digest": artifact.digest, "stamp": _stamp(artifact.path)}


def _stamp(path: Path) -> Json:
    """Return the stat values of a file, or a digest of those of all files below a folder; None if there is none."""
    try:
        return folder_stamp(path) if path.is_dir() else list(make_file_stamp(os.lstat(path)))
    except OSError:
        return None


def _is_valid(row: Json, out: Path) -> bool:
    """Return whether a format was made, and its files are as they were then."""
    return row is not None and _stamp(out / row["file"]) == row["stamp"]


def _offer_downloads(record: Json, formats: Sequence[str], out: Path) -> bool:
    """Let the site offer these formats as downloads; return whether that was possible."""
    site, offered = record["site"], sorted(set(formats) - {"html"})
    if site["offered"] == offered:
        return True
    folder, installed = Path(site["folder"]), out / "html"
    if folder_stamp(folder) != site["stamp"]:
        return False
    others = _artifacts(record, offered, out)
    further = {name: (installed / name).read_bytes() for name in site["further"]}
    archive = SiteArchive(site["archive"], site["epoch"], out / ".cache")
    record["formats"]["html"] |= _format_row(install_site(folder, out, others, further, archive))
    site["offered"] = offered
    Cache(out / ".cache").put_json(*RECORD_CACHE_KEY, record)
    return True


def _artifacts(record: Json, formats: Sequence[str], out: Path) -> list[Artifact]:
    rows = {name: record["formats"][name] for name in record["formats"] if name in formats}
    return [Artifact(name, out / row["file"], row["digest"]) for name, row in rows.items()]


def _report(record: Json, formats: Sequence[str], out: Path) -> BuildReport:
    rows = [*record["findings"], *(row for name in formats for row in record["formats"][name]["findings"])]
    artifacts = sorted(_artifacts(record, formats, out), key=lambda artifact: list(BOOK_FORMATS).index(artifact.format))
    return BuildReport(tuple(artifacts), dedupe_findings([from_row(row) for row in rows]), is_reused=True)
