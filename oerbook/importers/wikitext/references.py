"""Convert references of wikitext: notes, citations of works, short citations; names that are used again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import mwparserfromhell
from mwparserfromhell import nodes
from mwparserfromhell.wikicode import Wikicode

from oerbook.importers.web.elements import append_content, make
from oerbook.importers.wikitext.bibliography import CITE_TEMPLATES, format_citation, read_work, template_name
from oerbook.importers.wikitext.lines import EmptyPiece, Piece
from oerbook.importers.wikitext.page_converter import PageConverter
from oerbook.model.untyped import XmlElement

SHORT_CITATIONS = frozenset(["sfn", "sfnp", "sfnm", "harvnb", "harv", "harvp", "harvtxt", "harvs"])


def collect_definitions(converter: PageConverter, code: Wikicode) -> None:
    """Remember the text of each named reference, and the works of the bibliography, before the page is converted."""
    for tag in code.filter_tags(recursive=True, matches=lambda node: str(node.tag).strip().lower() == "ref"):
        name = reference_name(tag)
        if name and tag.contents is not None and str(tag.contents).strip():
            converter.state.key_by_name.setdefault(f"text:{name}", str(tag.contents))
    for template in code.filter_templates(recursive=True):
        if template_name(template) in CITE_TEMPLATES:
            work = read_work(template)
            for short in work.short_names:
                converter.state.citation_by_name.setdefault(short, work.key)


def reference_name(tag: nodes.Tag) -> str:
    """Return the name of a reference with its group, "" for one without a name."""
    values = {str(a.name).strip().lower(): str(a.value or "").strip().strip("\"'") for a in tag.attributes}
    return f"{values.get('group', '')}/{values['name']}" if values.get("name") else ""


def convert_reference(converter: PageConverter, tag: nodes.Tag) -> Iterator[Piece]:
    """Yield a note or a citation; the same name gives the same one again."""
    state = converter.state
    name = reference_name(tag)
    text = str(tag.contents or "").strip()
    if not text and name:
        text = state.key_by_name.get(f"text:{name}", "")
    if not text:
        if name:
            state.unknown.setdefault(f"ref {name.strip('/')}", "the page has no text for this reference")
        yield EmptyPiece()
        return
    yield make_reference(converter, text, name)


def make_reference(converter: PageConverter, text: str, name: str = "") -> XmlElement:
    """Return the citation of a work, if a reference holds nothing else, or else a note."""
    state = converter.state
    code = mwparserfromhell.parse(text)
    works = [t for t in code.filter_templates(recursive=False) if template_name(t) in CITE_TEMPLATES]
    rest = "".join(str(node) for node in code.nodes if node not in works)
    if works and not re.search(r"[^\W_]", rest) and all(read_work(work).has_title for work in works):
        return make("span", class_="citation", data_cites=" ".join(_add_work(converter, work) for work in works))
    identity = name or f"text:{text}"
    key = state.key_by_name.get(f"note:{identity}")
    if key is None:
        key = state.new_note()
        state.key_by_name[f"note:{identity}"] = key
        holder = make("div", class_="note-text", data_note=key)
        state.notes[key] = holder
        content = converter.content(code)
        if content and not isinstance(content[0], str) and content[0].tag in ("p", "ul", "div", "blockquote"):
            holder.extend([piece for piece in content if not isinstance(piece, str)])
        else:
            holder.append(append_content(make("p"), content))
    return make("span", class_="note-ref", data_note=key)


def convert_short_citation(converter: PageConverter, template: nodes.Template) -> list[Piece]:
    """Return a citation from an author's name, a year and pages: {{sfn|Lee|2020|p=3}}."""
    state = converter.state
    values = [str(p.value).strip() for p in template.params if not p.showkey]
    named = {str(p.name).strip().lower(): str(p.value).strip() for p in template.params if p.showkey}
    key = state.citation_by_name.get("/".join(values).casefold())
    pages = next((named[k] for k in ("p", "pp", "page", "pages", "loc") if k in named), "")
    prefix = "p. " if "p" in named or "page" in named else "pp. " if "pp" in named or "pages" in named else ""
    if key and key in state.bibliography:
        return [
            make("span", class_="citation", data_cites=key, **({"data_suffix": f"{prefix}{pages}"} if pages else {}))
        ]
    text = f"{' & '.join(values[:-1])} {values[-1] if values else ''}{', ' + prefix + pages if pages else ''}".strip()
    if template_name(template).startswith("harv"):
        return [text]
    return [make_reference(converter, text)]


def add_citation(template: nodes.Template, converter: PageConverter) -> list[Piece]:
    """Return a work that stands in the text, as words."""
    work = read_work(template)
    if work.has_title:
        _add_work(converter, template)
    return list(format_citation(template))


def _add_work(converter: PageConverter, template: nodes.Template) -> str:
    """Add a work to the bibliography and return its key."""
    bibliography = converter.state.bibliography
    work = read_work(template)
    number, key = 0, work.key
    while key in bibliography and bibliography[key] != work.entry(key):
        key = f"{work.key}{chr(ord('a') + number)}" if number < 26 else f"{work.key}-{number}"
        number += 1
    bibliography[key] = work.entry(key)
    for short in work.short_names:
        converter.state.citation_by_name[short] = key
    return key
