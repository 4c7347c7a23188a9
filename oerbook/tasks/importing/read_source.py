"""Read a source with the converter for its format, and decide under which license it comes in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook, SourceRecord
from oerbook.importers.converters import CONVERTERS, find_converter
from oerbook.licensing.adaptation import Permission, judge_adaptation
from oerbook.licensing.spdx import closest_license, find_license

LICENSE_HINT = "Ask who holds the rights, and name it: --license CC-BY-4.0"


def read_source(source: Path, format_name: str, options: ConversionOptions) -> ConvertedBook:
    """Return the book in a file or folder, with its license and a record of where it is from.

    `format_name` is a converter of the table, "" to find it by content. Raises OerbookError if the format is not known,
    the source cannot be read, or its license is missing or forbids an adaptation.
    """
    if not source.exists():
        raise OerbookError(f"there is no {source}", hint="Check the spelling.")
    name = format_name or find_converter(source)
    if not name:
        formats = ", ".join(converter.SUMMARY for converter in CONVERTERS.values())
        raise OerbookError(f"{source.name} is of no format that can be imported", hint=f"These can be: {formats}.")
    book = CONVERTERS[name].convert(source, options)
    if not book.chapters:
        raise OerbookError(f"{source.name} has no text", hint="Open it, and check that it is the right file.")
    license_ = choose_license(book, options.license, source.name)
    records = book.sources or (SourceRecord(book.title, license=license_),)
    return replace(
        book, license=license_, sources=tuple(r if r.license else replace(r, license=license_) for r in records)
    )


def choose_license(book: ConvertedBook, given: str, source_name: str) -> str:
    """Return the license of what is imported. Raises OerbookError if there is none, or if it forbids an adaptation."""
    if given and find_license(given) is None:
        guess = closest_license(given)
        hint = f"Did you mean {guess}?" if guess else "Use an SPDX identifier such as CC-BY-4.0 or CC-BY-SA-4.0."
        raise OerbookError(f"unknown license {given}", hint=hint)
    stated = book.license
    if not stated and not given:
        raise OerbookError(f"{source_name} states no license, so it may not be reused", hint=LICENSE_HINT)
    license_ = stated or given
    verdict = judge_adaptation(license_, given or license_)
    if verdict.permission is Permission.FORBIDDEN:
        clause = f" ({verdict.clause})" if verdict.clause else ""
        hint = "Link to it instead, or ask its authors for another license."
        raise OerbookError(f"{source_name} may not be imported: {verdict.reason}{clause}", hint=hint)
    return given or license_
