"""Keep contributors' e-mail addresses out of every finished file, wherever an author may have typed one.

Known are the addresses in the book's git history, in .mailmap and in the files of contributors. They are removed from
what all formats are made of (manuscripts and the finished site), and each place in the sources is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TypeVar

from oerbook.attribution.identity import is_placeholder_email
from oerbook.document.session import BuildResult
from oerbook.errors import MachineError, OerbookError
from oerbook.git.commits import emails_by_name
from oerbook.manuscript.manuscript import Manuscript, Section
from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import Json
from oerbook.storage.fast_json import encode_json
from oerbook.storage.files import write_atomically

ADDRESS_REPLACEMENT = "…"  # stands in place of an address
AT_SIGN_PATTERN = r"\\*(?:@|%40|&#0*64;|&#[xX]0*40;|&commat;|u0040)"
AT_SIGN = re.compile(AT_SIGN_PATTERN.removeprefix(r"\\*"), re.I)
# One of them is in every text with an address; looking for them is ten times as fast as looking for AT_SIGN.
SUBSTRINGS_OF_ADDRESSES = ("@", "%40", "64;", "40;", "0040", "&c", "&C")
NON_ADDRESS_CHAR = re.compile(r"[^\w.+%\\-]")
MAX_LOCAL_PART_CHARS = 200  # before the @: mail servers allow 64
POSSIBLE_ADDRESS = re.compile(rf"(?:mailto:)?[\w.+%\\-]+{AT_SIGN_PATTERN}[\w\\-]+(?:\.[\w\\-]+)+", re.I)
LINK_ATTRIBUTE = re.compile(r"""\s(?:href|src|content)=(["'])([^"'<>]*)\1""")
TEXT_SUFFIXES_IN_SITE = frozenset(
    [".bib", ".csv", ".html", ".ipynb", ".js", ".json", ".md", ".svg", ".tex", ".tsv", ".txt", ".webmanifest", ".xml"]
)
SOURCE_SUFFIXES = frozenset([".bib", ".ipynb", ".md", ".svg"])
DELETE_ADDRESS_HINT = (
    "Delete it, or write an address of the project that no contributor uses in git, or the address of a web page."
)
MaskedT = TypeVar("MaskedT")


def may_hold_address(text: str) -> bool:
    """Say whether a text has one of the signs of an address; looking for them is fast."""
    return any(sign in text for sign in SUBSTRINGS_OF_ADDRESSES)


class PrivateAddresses:
    """The e-mail addresses of a book's contributors, and functions that remove them. They are never shown."""

    def __init__(self, addresses: frozenset[str]) -> None:
        self._addresses = addresses

    def contains(self, text: str) -> bool:
        """Say whether one of the addresses is in a text."""
        if not may_hold_address(text):
            return False
        found = (POSSIBLE_ADDRESS.match(text, _start_of_address(text, sign.start())) for sign in AT_SIGN.finditer(text))
        return any(match is not None and self._is_private(match[0]) for match in found)

    def mask(self, text: str) -> str:
        """Return a text without the addresses.

        >>> PrivateAddresses(frozenset({"ada@x.org"})).mask("Ask ada@x.org or bo@x.org, ada%40x.org.")
        'Ask … or bo@x.org, ….'
        """
        if not self.contains(text):
            return text
        return POSSIBLE_ADDRESS.sub(lambda match: ADDRESS_REPLACEMENT if self._is_private(match[0]) else match[0], text)

    def mask_value(self, value: MaskedT) -> MaskedT:
        """Return a frozen value with all its texts masked."""
        masked: Json = value
        if isinstance(value, str):
            masked = self.mask(value)
        elif isinstance(value, tuple) and type(value) is tuple:
            masked = tuple(self.mask_value(item) for item in value)
        elif is_dataclass(value) and not isinstance(value, type):
            values = {field.name: self.mask_value(getattr(value, field.name)) for field in fields(value) if field.init}
            masked = replace(value, **values)
        return masked  # type: ignore[no-any-return]

    def mask_blocks(self, blocks: Json) -> Json:
        """Return pandoc's blocks without the addresses; a link to one becomes plain text."""
        if isinstance(blocks, list):
            return [self.mask_blocks(item) for item in blocks]
        if isinstance(blocks, dict):
            if blocks.get("t") == "Link" and self.contains(blocks["c"][2][0]):
                return {"t": "Span", "c": [["", [], []], self.mask_blocks(blocks["c"][1])]}
            return {key: self.mask_blocks(item) for key, item in blocks.items()}
        return self.mask(blocks) if isinstance(blocks, str) else blocks

    def mask_page(self, page: str) -> str:
        """Return a finished page or other text file of a site without the addresses, and without links to them."""
        without_links = LINK_ATTRIBUTE.sub(lambda match: "" if self.contains(match[2]) else match[0], page)
        return self.mask(without_links)

    def _is_private(self, candidate: str) -> bool:
        return _plain(candidate) in self._addresses


def known_addresses(book: Book) -> PrivateAddresses:
    """Return the addresses in a book's history, in .mailmap and in the files of its contributors."""
    try:
        addresses = {address for found in emails_by_name(book.root, "HEAD").values() for address in found}
    except MachineError:
        raise
    except OerbookError:  # no repository, or no commit yet
        addresses = set()
    for path in (book.root / ".mailmap", *sorted((book.root / "contributors").glob("**/*.md"))):
        addresses |= {_plain(match[0]) for match in POSSIBLE_ADDRESS.finditer(_read(path))}
    people = {address.casefold() for address in addresses if "@" in address and not is_placeholder_email(address)}
    return PrivateAddresses(frozenset(a for a in people if not re.match(r"no-?reply@", a)))


def mask_result(result: BuildResult, private: PrivateAddresses) -> BuildResult:
    """Return what Sphinx made without the addresses; the files of the site are changed in place."""
    if result.site is not None:
        for path in result.site.rglob("*"):
            if path.suffix.lower() in TEXT_SUFFIXES_IN_SITE and path.is_file():
                mask_file(path, private)
    manuscripts = {target: _mask_manuscript(made, private) for target, made in result.manuscripts.items()}
    return replace(result, manuscripts=manuscripts, page_contents=private.mask_value(result.page_contents))


def mask_files(files: Mapping[str, bytes], private: PrivateAddresses) -> dict[str, bytes]:
    """Return files, given by name, without the addresses."""
    return {name: private.mask(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
            for name, data in files.items()}  # fmt: skip


def mask_file(path: Path, private: PrivateAddresses) -> None:
    """Remove the addresses from a finished text file."""
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    if private.contains(text):
        write_atomically(path, private.mask_page(text).encode("utf-8", "surrogateescape"))


def private_address_findings(book: Book, private: PrivateAddresses) -> Iterator[Finding]:
    """Report each line of the sources that has an address, without showing it."""
    for folder in ("chapters", "contributors"):
        for path in sorted((book.root / folder).rglob("*")):
            if path.suffix.lower() not in SOURCE_SUFFIXES:
                continue
            for number, line in enumerate(_read(path).split("\n"), start=1):
                if "@" in line and private.contains(line):
                    place = Place(path.relative_to(book.root).as_posix(), number)
                    message = "the e-mail address of a contributor stands here; it is left out of every format"
                    if path.suffix.lower() == ".svg":  # word processors get a drawing as a picture
                        message = "this drawing shows the e-mail address of a contributor"
                    yield Finding("email-left-out", message, place, Severity.WARNING, DELETE_ADDRESS_HINT)


def _mask_manuscript(manuscript: Manuscript, private: PrivateAddresses) -> Manuscript:
    for drawing in manuscript.media_dir.glob("*.svg"):
        mask_file(drawing, private)
    if private.contains(repr(manuscript.book)):
        manuscript = replace(manuscript, book=private.mask_value(manuscript.book))
    masked = (_mask_section(section, private) for section in manuscript.sections)
    return replace(manuscript, sections=tuple(masked))


def _mask_section(section: Section, private: PrivateAddresses) -> Section:
    if not may_hold_address(section.title + encode_json(section.blocks).decode()):
        return section
    return replace(section, title=private.mask(section.title), blocks=private.mask_blocks(section.blocks))


def _start_of_address(text: str, sign: int) -> int:
    """Return where an address begins whose @ is at the index `sign`.

    Looking for addresses at every @ is a hundred times as fast as at every letter.
    """
    start = max(0, sign - MAX_LOCAL_PART_CHARS)
    return max((match.end() for match in NON_ADDRESS_CHAR.finditer(text, start, sign)), default=start)


def _plain(candidate: str) -> str:
    """Return an address as it is in git, from one with escapes, a scheme or a full stop behind it."""
    text = re.sub(AT_SIGN_PATTERN, "@", candidate.replace("\\", ""), flags=re.I).casefold()
    return text.removeprefix("mailto:").strip(".")


def _read(path: Path) -> str:
    try:
        return "" if path.is_symlink() else path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
