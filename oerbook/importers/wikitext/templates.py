"""Convert templates of Wikipedia and Wikibooks: what they show as words, boxes, formulas or notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import mwparserfromhell
from mwparserfromhell import nodes

from oerbook.importers.web.elements import append_content, make
from oerbook.importers.wikitext import inline_templates, references
from oerbook.importers.wikitext.bibliography import template_name
from oerbook.importers.wikitext.inline_templates import first_named_value, positional_values
from oerbook.importers.wikitext.lines import EmptyPiece, Piece
from oerbook.importers.wikitext.links import convert_picture
from oerbook.importers.wikitext.page_converter import PageConverter
from oerbook.importers.wikitext.state import page_link
from oerbook.importers.wikitext.template_names import BOX_BY_NAME, DROPPED_TEMPLATES, HATNOTES, QUOTE_TEMPLATES

MAX_SAMPLE_CHARS = 200
MAX_EXPANDED_CHARS = 100_000
PICTURE_TEMPLATES = ("image", "multiple image", "annotated image", "css image crop")


def convert_template(converter: PageConverter, template: nodes.Template) -> Sequence[Piece]:
    """Return what a template shows."""
    name = template_name(template)
    for rule in CONVERSION_RULES:
        pieces = rule(converter, template, name)
        if pieces is not None:
            return pieces
    return _convert_unknown(converter, template, name)


def _convert_quotation(converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece] | None:
    if name not in QUOTE_TEMPLATES:
        return None
    values = positional_values(template)
    text = first_named_value(template, "text", "quote") or (values[0] if values else "")
    author = first_named_value(template, "author", "sign", "by")
    credits = [author, first_named_value(template, "source", "title", "cite"), *(values[1:3] if author is None else [])]
    quotation = make("blockquote")
    quotation.extend(converter.blocks(mwparserfromhell.parse(str(text).strip())))
    shown = [value for value in credits if value is not None and str(value).strip()]
    if shown:
        line = make("p", "— ")
        for number, value in enumerate(shown):
            append_content(line, [*([", "] if number else []), *converter.inline(value)])
        quotation.append(line)
    return [quotation]


def _convert_hatnote(converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece] | None:
    values = positional_values(template)
    if name not in HATNOTES or not values:
        return None
    line = append_content(make("em"), [f"{HATNOTES[name]}: "])
    for number, value in enumerate(values, start=1):
        title = str(value).strip()
        label = first_named_value(template, f"l{number}", f"label {number}")
        text = converter.inline(label) if label else [title.replace("#", " § ")]
        append_content(line, [*([", "] if number > 1 else []), *page_link(converter.state, title, text)])
    return [append_content(make("p"), [line])]


def _convert_pictures(converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece] | None:
    return list(_iterate_pictures(converter, template)) if name in PICTURE_TEMPLATES else None


def _iterate_pictures(converter: PageConverter, template: nodes.Template) -> Iterator[Piece]:
    for parameter in template.params:
        match = re.fullmatch(r"image(\d*)", str(parameter.name).strip().lower())
        file_name = str(parameter.value).strip()
        if not match or not file_name:
            continue
        alt = first_named_value(template, f"alt{match[1]}") or ""
        caption = first_named_value(template, f"caption{match[1]}", f"caption_{match[1]}") or ""
        yield from convert_picture(
            converter, file_name.partition(":")[2] or file_name, ["thumb", f"alt={alt}", str(caption)]
        )


def _convert_box(converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece] | None:
    kind = BOX_BY_NAME.get(name)
    if kind is None:
        return None
    values = positional_values(template)
    title = first_named_value(template, "title", "name", "header", "heading", "theme", "note")
    text = first_named_value(template, "text", "content", "body", "statement", "proof", "question", "q")
    if text is None and values:
        text = values[-1] if len(values) > 1 and title is None else values[0]
        if len(values) > 1 and title is None:
            title = values[0]
    if text is None:
        return [EmptyPiece()]
    box = make("div", class_=kind)
    if title is not None and str(title).strip():
        box.set("data-title", " ".join(str(title.strip_code()).split()))
    box.extend(converter.blocks(mwparserfromhell.parse(str(text).strip())))
    answer = first_named_value(template, "answer", "solution", "a")
    if answer is None or kind != "exercise":
        return [box]
    solution = make("div", class_="dropdown", data_title="Answer")
    solution.extend(converter.blocks(mwparserfromhell.parse(str(answer).strip())))
    return [box, solution]


def _convert_dropped(converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece] | None:
    if DROPPED_TEMPLATES.fullmatch(name):
        references.collect_definitions(
            converter, mwparserfromhell.parse("".join(str(p.value) for p in template.params))
        )
        converter.state.dropped[f"{{{{{name}}}}}"] += 1
        return [EmptyPiece()]
    return None


def _convert_unknown(converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece]:
    """Return the words of an unknown template: those of its parameters, in their order."""
    definition = converter.state.context.templates.get(name)
    if definition:
        return converter.pieces(mwparserfromhell.parse(_expand(definition, template)))
    sample = " ".join(template.__str__().split())[:MAX_SAMPLE_CHARS]
    converter.state.unknown.setdefault(name, sample)
    values = positional_values(template)
    if not values:
        long_values = [p.value for p in template.params if len(str(p.value).split()) > 2 and "=" not in str(p.value)]
        return [piece for value in long_values for piece in (" ", *converter.content(value))] or [EmptyPiece()]
    pieces: list[Piece] = []
    for number, value in enumerate(values):
        pieces += [*([" "] if number else []), *converter.content(value)]
    return pieces


def _expand(definition: str, template: nodes.Template) -> str:
    """Return the text of a template with the values of its parameters."""
    text = re.sub(r"<noinclude>.*?(?:</noinclude>|$)|</?includeonly>", "", definition, flags=re.S)
    only = re.findall(r"<onlyinclude>(.*?)</onlyinclude>", text, re.S)
    code = mwparserfromhell.parse("".join(only) or text)
    values = {str(p.name).strip(): str(p.value) for p in template.params}
    for argument in code.filter_arguments(recursive=True):
        value = values.get(str(argument.name).strip(), str(argument.default) if argument.default is not None else "")
        try:
            code.replace(argument, value)
        except ValueError:
            continue
    return str(code)[:MAX_EXPANDED_CHARS]


Rule = Callable[[PageConverter, nodes.Template, str], Sequence[Piece] | None]
CONVERSION_RULES: tuple[Rule, ...] = (
    inline_templates.convert_characters,
    inline_templates.convert_date,
    inline_templates.convert_citation,
    inline_templates.convert_formula,
    inline_templates.convert_marked_words,
    inline_templates.convert_first_value,
    _convert_quotation,
    _convert_hatnote,
    _convert_box,
    _convert_pictures,
    _convert_dropped,
)
