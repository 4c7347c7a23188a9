"""Phrases of a spoken formula, in English and in the language of a book at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oerbook.text.translations import FORMULA_CONTEXT, translate


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a description: in English, on which rules decide, and in the language of the book."""

    english: str
    text: str


@dataclass(frozen=True, slots=True)
class PhraseTranslator:
    """Says phrases in the language of a book."""

    language: str

    def translate_phrase(self, message: str, **parts: Phrase) -> Phrase:
        """Return a message of the catalogs with the parts that it names.

        >>> PhraseTranslator("de").translate_phrase("{base} squared", base=untranslated("x"))
        Phrase(english='x squared', text='x zum Quadrat')
        """
        english = message.format(**{name: part.english for name, part in parts.items()})
        translation = translate(self.language, message, FORMULA_CONTEXT)
        return Phrase(english, translation.format(**{name: part.text for name, part in parts.items()}))


def untranslated(text: str, translated: str | None = None) -> Phrase:
    """Return a phrase that is the same in every language, unless `translated` is given."""
    return Phrase(text, text if translated is None else translated)


def join_phrases(phrases: Iterable[Phrase], separator: str = " ") -> Phrase:
    """Return phrases as one, with single spaces."""
    listed = list(phrases)
    english, text = (separator.join(texts) for texts in ([p.english for p in listed], [p.text for p in listed]))
    return Phrase(" ".join(english.split()), " ".join(text.split()))
