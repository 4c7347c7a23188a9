"""Convert templates that stand in a line of text: characters, formulas, references, marked words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mwparserfromhell import nodes
from mwparserfromhell.wikicode import Wikicode

from oerbook.importers.web.elements import append_content, make, make_formula
from oerbook.importers.wikitext import references
from oerbook.importers.wikitext.bibliography import CITE_TEMPLATES
from oerbook.importers.wikitext.lines import EmptyPiece, Piece, text_of_content
from oerbook.importers.wikitext.page_converter import PageConverter
from oerbook.importers.wikitext.state import heading_id, page_link
from oerbook.importers.wikitext.template_names import (
    CHARS_BY_TEMPLATE,
    IPA_OPTIONS,
    MATH_TEMPLATES,
    NOTE_TEMPLATES,
    TAG_BY_NAME,
    TEMPLATES_SHOWING_FIRST_VALUE,
    TEMPLATES_SHOWING_SECOND_VALUE,
)

SIGN_TEMPLATES = frozenset(["val", "sqrt", "radic", "e", "abs", "bra", "ket", "brace", "bracket"])
DATE_TEMPLATES = frozenset(
    ["birth date", "death date", "start date", "end date", "birth date and age", "dts", "film date", "date"]
)
LANGUAGE = re.compile(r"[a-z]{2,3}(-\w+)*")


def positional_values(template: nodes.Template) -> list[Wikicode]:
    """Return the parameters without a name, and those named 1, 2 …"""
    return [p.value for p in template.params if not p.showkey or str(p.name).strip().isdigit()]


def first_named_value(template: nodes.Template, *names: str) -> Wikicode | None:
    """Return the first parameter that has one of these names."""
    wanted = {name.lower() for name in names}
    return next(
        (
            p.value
            for p in template.params
            if p.showkey and str(p.name).strip().lower() in wanted and str(p.value).strip()
        ),
        None,
    )


def convert_characters(_converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece] | None:
    """Return the characters that a template stands for."""
    if name in CHARS_BY_TEMPLATE and not (
        positional_values(template) and name in ("sic", "yes", "no", "-", "year", "pi")
    ):
        return [CHARS_BY_TEMPLATE[name]] if CHARS_BY_TEMPLATE[name] else [EmptyPiece()]
    return None


def convert_date(converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece] | None:
    """Return a date or a year in words."""
    values = positional_values(template)
    if name in ("circa", "c.", "ca.", "ca"):
        return ["c. ", *(converter.inline(values[0]) if values else [])]
    if name in ("as of", "since"):
        return [f"{'As of' if name == 'as of' else 'Since'} {'-'.join(str(v).strip() for v in values)}"]
    if name in DATE_TEMPLATES:
        numbers = [f"{str(value).strip():0>2}" for value in values if str(value).strip().isdigit()]
        return ["-".join(numbers) or " ".join(map(str, values))]
    return None


def convert_citation(converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece] | None:
    """Return a work, a short citation, a reference used again, or a note."""
    values = positional_values(template)
    if name in CITE_TEMPLATES:
        return references.add_citation(template, converter)
    if name in references.SHORT_CITATIONS:
        return references.convert_short_citation(converter, template)
    if name in ("r", "ref name"):
        names = [f"/{str(value).strip()}" for value in values]
        texts = [(key, converter.state.key_by_name.get(f"text:{key}", "")) for key in names]
        return [references.make_reference(converter, text, key) for key, text in texts if text] or [EmptyPiece()]
    if name in NOTE_TEMPLATES and values:
        key = first_named_value(template, "name")
        return [references.make_reference(converter, str(values[0]), f"efn/{key}" if key else "")]
    return [EmptyPiece()] if name in NOTE_TEMPLATES else None


def convert_formula(converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece] | None:
    """Return a formula, a fraction, a number with its unit."""
    values = positional_values(template)
    if name in ("chem", "chem2", "ce"):
        return [make_formula(rf"\ce{{{''.join(str(value).strip() for value in values)}}}")]
    if name in ("su", "sub sup", "subsup"):
        parts = [(tag, first_named_value(template, tag[2:])) for tag in ("sup", "sub")]
        return [append_content(make(tag), converter.inline(value)) for tag, value in parts if value is not None]
    if not values:
        return None
    if name in ("sfrac", "frac", "fraction"):
        numbers = [text_of_content(converter.inline(value)) for value in values]
        whole = [numbers[0]] if len(numbers) > 2 else []
        return [" ".join([*whole, "/".join(numbers[-2:] if len(numbers) > 1 else ["1", *numbers])])]
    if name in ("convert", "cvt", "units"):
        return [" ".join(str(value).strip() for value in values[:2])]
    return _convert_sign(converter, values, name)


def _convert_sign(converter: PageConverter, values: Sequence[Wikicode], name: str) -> Sequence[Piece] | None:
    if name not in SIGN_TEMPLATES and name not in MATH_TEMPLATES:
        return None
    content = converter.inline(values[0])
    if name in MATH_TEMPLATES or name == "val":
        return content
    if name in ("sqrt", "radic"):
        return ["√(", *content, ")"] if len(str(values[0])) > 1 else ["√", *content]
    if name == "e":
        return ["×10", append_content(make("sup"), content)]
    ends = {"abs": ("|", "|"), "bra": ("⟨", "|"), "ket": ("|", "⟩"), "brace": ("{", "}"), "bracket": ("[", "]")}
    return [ends[name][0], *content, ends[name][1]] if name in ends else None


def convert_marked_words(converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece] | None:
    """Return words in a font, a language or with an explanation."""
    values = positional_values(template)
    if not values:
        return None
    if name in TAG_BY_NAME:
        element = append_content(make(TAG_BY_NAME[name]), converter.inline(values[0]))
        if element.tag == "span":
            element.set("class", "smallcaps")
        return [element]
    if name.startswith("lang-"):
        return [append_content(make("span", lang=name[5:]), converter.inline(values[0]))]
    if name in TEMPLATES_SHOWING_SECOND_VALUE and len(values) > 1:
        language = str(values[0]).strip()
        element = append_content(make("span"), converter.inline(values[1]))
        if name.startswith("lang") and LANGUAGE.fullmatch(language):
            element.set("lang", language)
        return [element]
    if name in ("abbr", "abbrlink", "tooltip", "gloss") and len(values) > 1:
        return [append_content(make("abbr", title=str(values[1].strip_code()).strip()), converter.inline(values[0]))]
    if name in ("nihongo", "nihongo3"):
        rest = [str(value.strip_code()).strip() for value in values[1:] if str(value).strip()]
        return [*converter.inline(values[0]), f" ({', '.join(rest)})" if rest else ""]
    return None


def convert_first_value(converter: PageConverter, template: nodes.Template, name: str) -> Sequence[Piece] | None:
    """Return what a template around some words, such as {{nowrap}}, holds; anchors and links between languages."""
    values = positional_values(template)
    if not values:
        return None
    if name in ("anchor", "visible anchor", "vanchor"):
        anchor = make("span", id=heading_id(converter.state.context.title, str(values[0])))
        return [anchor, *(converter.inline(values[0]) if name.startswith("v") else [])]
    if name in ("ill", "interlanguage link", "link-interwiki", "interlanguage link multi"):
        text = first_named_value(template, "lt") or (values[3] if len(values) > 3 else values[0])
        return page_link(converter.state, str(values[0]), converter.inline(text))
    if name.startswith("ipac"):
        sounds = [str(value).strip() for value in values]
        return [
            "/" + "".join(s for s in sounds if s not in IPA_OPTIONS and not s.endswith((".ogg", ".mp3", ".wav"))) + "/"
        ]
    if name not in TEMPLATES_SHOWING_FIRST_VALUE and not name.startswith(("ipa-", "nowrap")):
        return None
    pieces: list[Piece] = []
    for number, value in enumerate(values if "list" in name or name == "ubl" else values[:1]):
        pieces += [*([", "] if number else []), *converter.content(value)]
    return pieces
