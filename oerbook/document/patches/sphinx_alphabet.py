"""Sort index and glossaries in the alphabet of the book's language.

Written for Sphinx 9.0, which sorts decomposed letters by code point, so that accented words follow all others:
https://github.com/sphinx-doc/sphinx/blob/v9.0.4/sphinx/environment/adapters/indexentries.py
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.environment.adapters import indexentries
from sphinx.transforms import GlossarySorter

from oerbook.document.context.build_context import BuildContext
from oerbook.text.collation import collation_key, first_letter

RIGHT_TO_LEFT_MARK = "\N{RIGHT-TO-LEFT MARK}"
_group = indexentries._group_by_func


def _entry_key(language: str, entry: Any) -> Any:
    """Return the sort key of an entry: signs first, then words."""
    term, (_targets, _subentries, category) = entry
    word = (category or term).removeprefix(RIGHT_TO_LEFT_MARK)
    return bool(first_letter(word, language)) or word.startswith("_"), collation_key(word, language), term


def _subentry_key(language: str, entry: Any) -> Any:
    word = entry[0].removeprefix(RIGHT_TO_LEFT_MARK)
    return bool(first_letter(word, language)) or word.startswith("_"), collation_key(word, language)


def _letter(language: str, entry: Any) -> str:
    """Return the letter or category that an entry stands under."""
    term, (_targets, _subentries, category) = entry
    letter = first_letter(term.removeprefix(RIGHT_TO_LEFT_MARK), language)
    return letter if letter and category is None else _group(entry)


def _sort_glossary(language: str, transform: GlossarySorter) -> None:
    for glossary in transform.document.findall(addnodes.glossary):
        for terms in glossary.findall(nodes.definition_list) if glossary["sorted"] else ():
            if terms.parent is glossary:
                terms[:] = sorted(terms, key=lambda item: _term_key(language, item))


def _term_key(language: str, item: Any) -> Any:
    term = item.next_node(nodes.term)
    return collation_key(term.astext() if term is not None else "", language)


def install(context: BuildContext) -> None:
    """Replace the sort keys of the index, and the sorting of glossaries."""
    language = context.book.language
    module: Any = indexentries
    module._key_func_1 = lambda entry: _entry_key(language, entry)
    module._key_func_2 = lambda entry: _subentry_key(language, entry)
    module._group_by_func = lambda entry: _letter(language, entry)
    GlossarySorter.apply = lambda self, **_options: _sort_glossary(language, self)  # type: ignore[method-assign]
