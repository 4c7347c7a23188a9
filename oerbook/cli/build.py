"""oerbook build: make the book."""

from __future__ import annotations

import time
from pathlib import Path

import click

from oerbook.cli import options

FORMATS = ("html", "epub", "pdf", "docx")


@click.command("build")
@click.argument("formats", nargs=-1, type=click.Choice([*FORMATS, "all"]))
@options.root
@options.out("Where to put the book")
@click.option(
    "--print", "printed", is_flag=True, help="Make the pages for a printer as well, and their cover with its spine."
)
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--json", "as_json", is_flag=True, help="Print artifacts, digests and findings as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
@click.option("-v", "--verbose", is_flag=True, help="Print remarks as well.")
def command(
    formats: tuple[str, ...],
    root: Path,
    out: Path | None,
    printed: bool,
    strict: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Make the book in FORMATS: html, epub, pdf, docx or all [default: html epub pdf].

    The book is the folder that holds chapters/. Whatever is wrong in it is printed with file and line; the rest of
    the book is made all the same. The exit code is 1 if there are errors (with --strict: or warnings).
    """
    import os

    from oerbook.cli import output
    from oerbook.model.findings import Severity
    from oerbook.reports.json_report import row
    from oerbook.tasks.build.build import build

    asked = FORMATS if "all" in formats else formats or (() if printed else ("html", "epub", "pdf"))
    wanted = (*asked, "print") if printed else asked
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    begun = time.monotonic()
    bars = output.Bars(quiet or as_json)
    report = build(root, wanted, out or root / "_build", bars, int(given) if given.isdigit() else None)
    if as_json:
        made = [{"format": a.format, "path": str(a.path), "sha256": a.digest} for a in report.artifacts]
        output.as_json({"artifacts": made, "findings": [row(f) for f in report.findings]})
    else:
        output.findings(report.findings, verbose, strict)
        if not quiet:
            output.artifacts(report.artifacts, time.monotonic() - begun)
    grave = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return 1 if any(finding.severity in grave for finding in report.findings) else 0
