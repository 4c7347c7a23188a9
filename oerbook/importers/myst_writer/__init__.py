"""Write pandoc blocks as MyST, as a person would have written it.

Besides pandoc's own elements, blocks may hold these, which converters make:

- `Div` with a class of `BOX_CLASSES` (note, warning, tip …), or `admonition` and an attribute `title`: a box;
- `Div` with a class of `STATEMENT_CLASSES` (theorem, proof …), attribute `title`: a statement; its id is its label;
- `Div.exercise`, `Div.solution` with an attribute `for`: an exercise, a solution of the exercise with that id;
- `Div.glossary` around a definition list: the glossary;
- `Div.figure-group` around pictures, followed by `Div.caption`; `Div.epigraph`; `Div.verse`;
- `Div.equation` with an id around one display formula: a numbered formula;
- `Span.index` with an attribute `entry` ("soil; life of"): an index entry; `Span.term`: a link to the glossary;
- `Span.target` with an id: a place that links may lead to;
- `Link` to `#id`: a link to the element with that id in this chapter or, if there is none, in any chapter, or to the
  chapter with that key. With the class `number` it shows the number ("Figure 3"), without content too;
- `CodeBlock` with attributes `caption` and `linenos`;
- `RawBlock` and `RawInline` of format `myst`: MyST that is written as it stands.
"""

from __future__ import annotations

from oerbook.importers.myst_writer.page import PageContext, WrittenPage, write_page

__all__ = ["PageContext", "WrittenPage", "write_page"]
