"""Parse BibTeX and biblatex files: a mistake costs one field or one entry, never the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

MAX_MACRO_CHARS = 10_000  # what one @string may stand for, expanded
MAX_UNCLOSED_REPAIRS = 20  # fields of one entry, and entries within it, that are repaired
ENTRY_START = re.compile(
    r"^[ \t]*@[ \t]*(?:(?:comment|preamble|string)\s*[{(]|[^\W\d]\w*\s*[{(]\s*[^\s{}(),=\"]*\s*(?:[,})]|$|\w+\s*=))",
    re.M | re.I,
)
ENTRY_HEAD = re.compile(r"@[ \t]*(\w+)\s*([{(])\s*")
FIELD_NAME = re.compile(r"\s*([^\s={}(),\"#%]+)\s*=\s*")
NEXT_FIELD = re.compile(r"[,\n]\s*[^\s={}(),\"#%]+\s*=\s*(?:[{\"]|\w)")
BARE_WORD = re.compile(r"[^\s{}(),\"#=]+")
BRACES = re.compile(r"[{}]")
BRACES_AND_QUOTES = re.compile(r'[{}"]')
WHITESPACE = re.compile(r"\s*")
MONTH_NUMBER_BY_MACRO = dict(
    zip(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        map(str, range(1, 13)),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class BibtexField:
    """A field of an entry: name in lower case, value without its delimiters, macros expanded."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class BibtexEntry:
    """An entry of a bibliography file: type and field names in lower case, the key as written, the line of its @."""

    kind: str
    key: str
    fields: tuple[BibtexField, ...]
    line: int

    def get(self, name: str) -> str:
        """Return the value of a field, "" when the entry lacks it."""
        return next((field.value for field in self.fields if field.name == name), "")


@dataclass(frozen=True, slots=True)
class BibtexMistake:
    """What is wrong on a line of a bibliography file."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ParsedBibliography:
    """The entries of a file in their order, and the mistakes in it by line."""

    records: tuple[BibtexEntry, ...]
    mistakes: tuple[BibtexMistake, ...]


def parse_bibtex(text: str) -> ParsedBibliography:
    r"""Parse a bibliography file.

    >>> text = "@string{p = {Press}}\n@book{Lee, title = {Soil {and} sun}, publisher = p # { A}, year=2001}"
    >>> found = parse_bibtex(text)
    >>> [(field.name, field.value) for field in found.records[0].fields]
    [('title', 'Soil {and} sun'), ('publisher', 'Press A'), ('year', '2001')]
    >>> parse_bibtex("@book{a, title = {No end,\n year = 2001\n}\n@book{b, title = {B}}").mistakes[0]
    BibtexMistake(line=1, message='the field title of the entry a is not closed: a brace is missing')
    """
    parser = _Parser(text)
    records = tuple(parser.records())
    return ParsedBibliography(records, tuple(sorted(set(parser.mistakes), key=lambda m: (m.line, m.message))))


class _Parser:
    def __init__(self, text: str, depth: int = 0) -> None:
        self.text, self.depth = text, depth
        self.unclosed = 0  # fields of the entry being read
        self.macros = dict(MONTH_NUMBER_BY_MACRO)
        self.mistakes: list[BibtexMistake] = []
        self._counted, self._line = 0, 1

    def records(self) -> Iterator[BibtexEntry]:
        first: dict[str, int] = {}
        starts = [match.start() for match in ENTRY_START.finditer(self.text)]
        for start, end in zip(starts, [*starts[1:], len(self.text)], strict=False):
            at = start
            while (head := ENTRY_HEAD.search(self.text, at, end)) and (
                at == start or self._same_line(at, head.start())
            ):
                record, at = self._entry(head, end)
                if record is None:
                    continue
                earlier = first.setdefault(record.key.casefold(), record.line)
                if earlier != record.line:
                    message = f"the key {record.key} is also that of the entry in line {earlier}, which alone is used"
                    self.mistakes.append(BibtexMistake(record.line, message))
                yield record

    def _same_line(self, end: int, start: int) -> bool:
        """Say whether an entry begins where another ended: only text without meaning stands between them."""
        between = self.text[end:start]
        return "%" not in between.rpartition("\n")[2] and "@" not in between

    def _line_at(self, index: int) -> int:
        if index < self._counted:
            return self._line - self.text.count("\n", index, self._counted)
        self._line += self.text.count("\n", self._counted, index)
        self._counted = index
        return self._line

    def _mistake(self, index: int, message: str) -> None:
        self.mistakes.append(BibtexMistake(self._line_at(index), message))

    def _entry(self, head: re.Match[str], end: int) -> tuple[BibtexEntry | None, int]:
        kind, closer = head[1].lower(), "}" if head[2] == "{" else ")"
        line = self._line_at(head.start())
        if kind in ("comment", "preamble"):
            return None, self._closing_brace(head.end() - 1, end, BRACES) or end
        at, key = head.end(), ""
        if kind != "string":
            comma = re.compile(r"[,{}()\s]").search(self.text, at, end)
            stop = comma.start() if comma else end
            key = self.text[at:stop].strip()
            at = stop
            if not key:
                self._mistake(head.start(), f"this @{kind} has no key, so nothing can cite it")
        self.unclosed = 0
        fields, at = self._fields(key, at, end, closer)
        if kind == "string":
            self.macros.update((field.name, field.value) for field in fields)
            return None, at
        kept: dict[str, BibtexField] = {}
        for field in fields:
            if field.name in kept and kept[field.name].value != field.value:
                self.mistakes.append(BibtexMistake(field.line, f"the entry {key} has the field {field.name} twice"))
            kept.setdefault(field.name, field)
        return (BibtexEntry(kind, key, tuple(kept.values()), line) if key else None), at

    def _fields(self, key: str, at: int, end: int, closer: str) -> tuple[list[BibtexField], int]:
        """Return the fields that begin at an index, and the index behind the entry."""
        fields: list[BibtexField] = []
        first = at
        while True:
            at = _skip(self.text, at, end, ", \t\r\n")
            if at >= end:
                return self._unclosed(key, first, fields), end
            if self.text[at] == closer:
                rest = re.compile(r"\s*,(?=\s*[\w-]+\s*=\s*[{\"\w])").match(self.text, at + 1, end)
                if not rest:
                    return fields, at + 1
                self._mistake(at, f"the entry {key} has a closing brace too many")
                at = rest.end()
            name = FIELD_NAME.match(self.text, at, end)
            if not name:
                at = self._skip_junk(key, at, end, closer)
                continue
            value, after = self._value(key, name[1], name.end(), end)
            fields.append(BibtexField(name[1].lower(), " ".join(value.split()), self._line_at(name.start(1))))
            at = WHITESPACE.match(self.text, after, end).end()  # type: ignore[union-attr]
            if at < end and self.text[at] not in f",{closer}" and FIELD_NAME.match(self.text, at, end):
                self._mistake(after, f"a comma is missing after the field {name[1]} of the entry {key}")

    def _unclosed(self, key: str, index: int, fields: list[BibtexField]) -> list[BibtexField]:
        """Return the fields of an entry without its last brace; one that swallowed others gives them back."""
        for place, field in enumerate(fields):
            if self.depth < MAX_UNCLOSED_REPAIRS and (cut := NEXT_FIELD.search(field.value)):
                message = f"the field {field.name} of the entry {key} is not closed: a brace is missing"
                self.mistakes.append(BibtexMistake(field.line, message))
                value = _balance(field.value[: cut.start()].rstrip().removesuffix("}"))
                inner = _Parser(f"@x{{{key}{field.value[cut.start() :]}}}", self.depth + 1).records()
                swallowed = [replace(one, line=field.line) for record in inner for one in record.fields]
                return [*fields[:place], replace(field, value=value), *swallowed, *fields[place + 1 :]]
        if not any(mistake.line >= self._line_at(index) for mistake in self.mistakes):
            self._mistake(index, f"the entry {key} is not closed: a brace is missing at its end")
        return fields

    def _skip_junk(self, key: str, at: int, end: int, closer: str) -> int:
        """Return the index behind text that is no field."""
        match = re.compile(rf"[,{re.escape(closer)}\n]").search(self.text, at + 1, end)
        stop = match.start() if match else end
        text = self.text[at:stop].strip()
        if not text.startswith("%"):
            self._mistake(at, f"this text in the entry {key} is no field: {text[:40]}")
        return stop

    def _value(self, key: str, name: str, at: int, end: int) -> tuple[str, int]:
        """Return the value that begins at an index, macros expanded, and the index behind it."""
        parts: list[str] = []
        while at < end:
            opener = self.text[at]
            if opener in '{"':
                stop = self._closing_brace(at, end, BRACES if opener == "{" else BRACES_AND_QUOTES)
                if stop is None:
                    self._mistake(at, f"the field {name} of the entry {key} is not closed: a brace is missing")
                    self.unclosed += 1
                    cut = NEXT_FIELD.search(self.text, at, end) if self.unclosed < MAX_UNCLOSED_REPAIRS else None
                    stop = cut.start() if cut else end
                    parts.append(_balance(self.text[at + 1 : stop].rstrip().rstrip(',}"').rstrip()))
                    return "".join(parts), stop
                parts.append(self.text[at + 1 : stop - 1])
                at = stop
            elif word := BARE_WORD.match(self.text, at, end):
                parts.append(self._macro(key, word))
                at = word.end()
            following = re.compile(r"\s*#\s*").match(self.text, at, end)
            if not following:
                break
            at = following.end()
        return "".join(parts)[: 100 * MAX_MACRO_CHARS], at

    def _macro(self, key: str, word: re.Match[str]) -> str:
        if word[0].isdigit():
            return word[0]
        value = self.macros.get(word[0].lower())
        if value is None:
            if not re.search(r"\d", word[0]):
                self._mistake(word.start(), f"no @string says what {word[0]} in the entry {key} stands for")
            return word[0]
        if len(value) > MAX_MACRO_CHARS:
            message = f"the abbreviation {word[0][:50]} stands for more than {MAX_MACRO_CHARS} characters and is cut"
            self._mistake(word.start(), message)
            self.macros[word[0].lower()] = value = value[:MAX_MACRO_CHARS]
        return value

    def _closing_brace(self, at: int, end: int, delimiters: re.Pattern[str]) -> int | None:
        """Return the index behind the group that opens at an index, None when it is not closed."""
        quoted, depth = self.text[at] == '"', 0
        if self.text[at] == "(":
            close = self.text.find(")", at, end)
            return close + 1 if close >= 0 else None
        for match in delimiters.finditer(self.text, at + quoted, end):
            if match[0] == "{":
                depth += 1
            elif match[0] == "}":
                depth -= 1
                if depth < 0 or (not depth and not quoted):
                    return match.end() if not quoted else None
            elif not depth:
                return match.end()
        return None


def _skip(text: str, at: int, end: int, chars: str) -> int:
    while at < end and text[at] in chars:
        at += 1
    return at


def _balance(text: str) -> str:
    """Return text with as many closing braces as opening ones."""
    missing = text.count("{") - text.count("}")
    return text + "}" * missing if missing >= 0 else text.replace("}", "")


def decode_bibtex(data: bytes) -> tuple[str, BibtexMistake | None]:
    """Return the text of a bibliography file, and mistakes; one that is not UTF-8 is read as Windows-1252."""
    for encoding, mark in (("utf-8-sig", b""), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff")):
        if data.startswith(mark):
            try:
                return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n"), None
            except UnicodeDecodeError as error:
                start = error.start
                continue
    line = data.count(b"\n", 0, start) + 1
    text = data.decode("cp1252", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return text, BibtexMistake(
        line, "this file is not UTF-8: it is read as Windows-1252 (Latin-1), and letters may be wrong"
    )
