"""Apply the edits of one paragraph: the words that stay keep their markup, new words are written as MyST."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from oerbook.importers.editing_copies.paragraphs import SourceParagraph
from oerbook.importers.editing_copies.words import WORD, Word, read_words
from oerbook.importers.myst_writer.escaping import escape_text


@dataclass(frozen=True, slots=True)
class Run:
    """Some text of an edited copy in one look."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class EditedParagraph:
    """A paragraph of an edited copy: its kind (see `SourceParagraph`), its runs, and the depth of a list item."""

    kind: str
    runs: tuple[Run, ...]
    level: int = 0

    @property
    def text(self) -> str:
        """The text of the paragraph."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of the new source, and whether it is a mark of emphasis."""

    text: str
    is_mark: bool = False


def edit_paragraph(source: SourceParagraph, text: str, edited: EditedParagraph) -> str:
    """Return the lines of a paragraph with the edits of its copy; an unchanged one stays as it is, to the character."""
    if source.kind == "source":
        return source.prefix + (text if edited.text.split() == text.split() else edited.text)
    old = read_words(text)
    new = [word for run in edited.runs for word in _words_of(run)]
    shown = [word for word in old if word.shown]
    matcher = SequenceMatcher(None, [word.key for word in shown], [word.key for word in new], autojunk=False)
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    if not changes or all(
        not "".join(w.shown for w in (*shown[a:b], *new[c:d])).strip() for _tag, a, b, c, d in changes
    ):
        return source.prefix + text
    deleted = {number for _tag, start, end, _c, _d in changes for number in range(start, end)}
    inserted = {start: new[new_start:new_end] for _tag, start, _end, new_start, new_end in changes}
    return source.prefix + "".join(_without_empty_marks(_assemble(old, deleted, inserted)))


def write_run(run: Run) -> str:
    """Return new text in a look of its own as MyST."""
    return _write(run.text, (run.bold, run.italic), is_raw=False)


def _assemble(old: Sequence[Word], deleted: set[int], inserted: dict[int, list[Word]]) -> Iterator[_Piece]:
    """Yield the pieces of the new source; new words stand between marks that close and marks that open."""
    bold = italic = False
    number = 0
    opening: list[_Piece] = []
    for word in old:
        if not word.shown:
            closes = bold if word.source == "**" else italic
            bold, italic = (not bold, italic) if word.source == "**" else (bold, not italic)
            if closes and not opening:
                yield _Piece(word.source, is_mark=True)
            else:
                opening.append(_Piece(word.source, is_mark=True))
            continue
        look = (bold and not _marks(opening, "**"), italic and not _marks(opening, "*"))
        words = inserted.get(number, [])
        if words and number in deleted and (words[0].bold, words[0].italic) == (bold, italic):
            yield from opening  # the first words of a passage in another look are replaced
            opening, look = [], (bold, italic)
        if words:
            yield _Piece(_write_words(words, look, is_raw=word.is_markup and number in deleted))
        yield from opening
        opening = []
        if number not in deleted:
            yield _Piece(word.source)
        number += 1
    yield from opening
    if inserted.get(number):
        yield _Piece(_write_words(inserted[number], (bold, italic), is_raw=False))


def _marks(pieces: Sequence[_Piece], mark: str) -> bool:
    return any((piece.text == "**") == (mark == "**") for piece in pieces)


def _write_words(words: Sequence[Word], look: tuple[bool, bool], *, is_raw: bool) -> str:
    """Return new words as MyST; `look` is that of the words around them."""
    runs: list[Run] = []
    for word in words:
        if runs and ((runs[-1].bold, runs[-1].italic) == (word.bold, word.italic) or word.shown.isspace()):
            runs[-1] = Run(runs[-1].text + word.shown, runs[-1].bold, runs[-1].italic)
        else:
            runs.append(Run(word.shown, word.bold, word.italic))
    return "".join(_write(r.text, (r.bold != look[0], r.italic != look[1]), is_raw=is_raw) for r in runs)


def _write(text: str, marks: tuple[bool, bool], *, is_raw: bool) -> str:
    """Return text as MyST between marks of strong and plain emphasis, which stand next to words."""
    text = " ".join(text.split("\n"))
    inner = text.strip()
    if is_raw or not inner:
        return text
    mark = "**" * marks[0] + "*" * marks[1]
    start = text.index(inner)
    return f"{text[:start]}{mark}{escape_text(inner)}{mark[::-1]}{text[start + len(inner) :]}"


def _without_empty_marks(pieces: Iterator[_Piece]) -> list[str]:
    """Return the texts of pieces without emphasis around nothing."""
    kept: list[_Piece] = []
    for piece in pieces:
        if piece.is_mark and kept and kept[-1].is_mark and kept[-1].text == piece.text:
            kept.pop()
        elif piece.text:
            kept.append(piece)
    return [piece.text for piece in kept]


def _words_of(run: Run) -> list[Word]:
    """Return the words of a run; spaces have no look."""
    return [
        Word(" ", text) if text.isspace() else Word(text, text, run.bold, run.italic) for text in WORD.findall(run.text)
    ]
