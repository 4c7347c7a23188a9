"""Read the styles of a Word document, and what a paragraph of each is: a heading, code, a caption …"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from oerbook.importers.word.namespaces import w
from oerbook.model.untyped import XmlElement

MAX_BASE_STYLES = 20
MONOSPACE = re.compile(r"courier|consol|mono|menlo|typewriter|code|fixed|terminal|inconsolata", re.I)
# Names of styles in the languages of word processors, letters only -> what a paragraph is. The first match counts.
NAME_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), role)
    for pattern, role in (
        (r"^(toc|inhaltsverzeichnis|verzeichnis|tablematires|indice|contents)(heading|h|part|chapter|fm)?\d*$", "drop"),
        (r"^index(level|head|body|title)?\d*$|^graphicslug$|^_?(code|box)space|^annotation|^comment", "drop"),
        (r"(code|listing|program|quelltext|source).*(caption|legend|title|beschriftung)", "listing-caption"),
        (r"code(label|filename|title)", "text"),
        (r"code|verbatim|preformatted|sourcetext|quelltext|console|terminal|programlisting|listing", "code"),
        (r"^(table|tabelle|tabla|tableau).*(title|caption|heading|titel|beschriftung)", "caption"),
        (r"caption|beschriftung|lgende|legende|epgrafe|bildunterschrift|figuretitle", "caption"),
        (r"^(box|sidebar|textbox)(title|head|type)|^box(head[ab])", "box-title"),
        (r"^(box|sidebar|textbox)", "box"),
        (r"^(note|hinweis|remark)(text|body|continued)?$", "note"),
        (r"^(tip|tipp|warning|warnung|caution|important|achtung)(text|body)?$", "named-box"),
        (r"epigraph", "quote"),
        (r"blockquote|blocktext|quotation|^quote|intensequote|extract|zitat|citation$|citazione", "quote"),
        (r"^(chapter|kapitel|appendix|anhang|backmatter|frontmatter)(title|heading|titel)$", "h1"),
        (r"^(part|teil)(title|heading|titel)$", "h1"),
        (r"^(chapter|part|appendix)(number)$", "drop"),
    )
)
HEADING_NAME = re.compile(
    r"(?:heading|head|h|berschrift|titre|ttulo|titulo|rubrik|kop|titolo|section|subsection|title)(?:level|level)?([1-6a-e])(?:number|num|exercise)?$"
)
LETTER_LEVELS = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}


@dataclass(frozen=True, slots=True)
class Style:
    """A style: its name, the id of the one it is based on, and what it says itself (None: nothing)."""

    name: str
    based_on: str = ""
    kind: str = "paragraph"
    outline_level: int | None = None
    size: int | None = None  # half points
    traits: Mapping[str, bool] = field(default_factory=dict)  # bold, italic, monospace, raised, lowered, small-caps …


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """All styles by id."""

    styles: Mapping[str, Style] = field(default_factory=dict)

    def outline_level(self, style_id: str) -> int | None:
        """Return the outline level (0 is the highest) of a style or of the next one that it is based on."""
        return next((s.outline_level for s in self.chain(style_id) if s.outline_level is not None), None)

    def has_trait(self, style_id: str, trait: str) -> bool:
        """Say whether a style or one that it is based on has a trait, such as bold."""
        return next((style.traits[trait] for style in self.chain(style_id) if trait in style.traits), False)

    def character_traits(self) -> dict[str, dict[str, bool]]:
        """Return the traits of each character style by its name."""
        return {
            style.name: {
                trait: self.has_trait(style_id, trait) for link in self.chain(style_id) for trait in link.traits
            }
            for style_id, style in self.styles.items()
            if style.kind == "character"
        }

    def chain(self, style_id: str) -> list[Style]:
        """Return a style and those that it is based on."""
        chain: list[Style] = []
        while style_id in self.styles and len(chain) < MAX_BASE_STYLES:
            chain.append(self.styles[style_id])
            style_id = self.styles[style_id].based_on
        return chain


def read_styles(root: XmlElement | None) -> StyleSheet:
    """Return the styles of `word/styles.xml`."""
    if root is None:
        return StyleSheet()
    styles = {}
    for element in root.iter(w("style")):
        name = value_of(element.find(w("name")))
        style = Style(
            name,
            value_of(element.find(w("basedOn"))),
            element.get(w("type"), "paragraph"),
            _number(value_of(element.find(f"{w('pPr')}/{w('outlineLvl')}"))),
            _number(value_of(element.find(f"{w('rPr')}/{w('sz')}"))),
            read_traits(element.find(w("rPr"))),
        )
        styles[element.get(w("styleId"), "")] = style
    return StyleSheet(styles)


def guess_role(sheet: StyleSheet, style_id: str, declared: Mapping[str, str]) -> str:
    """Return what paragraphs of a style are: `h1` … `h9`, one of the roles of `NAME_RULES`, or `text`.

    `declared` maps names of styles to roles, as the user says. The outline level counts more than the name.
    """
    style = sheet.styles.get(style_id)
    if style is None:
        return "text"
    wanted = {name.casefold(): role for name, role in declared.items()}
    if role := wanted.get(style.name.casefold()) or wanted.get(style_id.casefold()):
        return role
    level = sheet.outline_level(style_id)
    if level is not None and level < 9:
        return f"h{level + 1}"
    return role_by_name(style.name)


def role_by_name(name: str) -> str:
    """Return what paragraphs of a style are by the style's name alone.

    >>> [role_by_name(name) for name in ("HeadB", "Source Code", "CaptionLine", "Body Text", "Überschrift 2")]
    ['h2', 'code', 'caption', 'text', 'h2']
    """
    letters = re.sub(r"[^a-z0-9_]", "", name.casefold())
    match = HEADING_NAME.search(letters)
    if match and not letters.startswith(("toc", "box", "table", "index", "run", "list")):
        return f"h{LETTER_LEVELS.get(match[1]) or int(match[1])}"
    return next((role for pattern, role in NAME_RULES if pattern.search(letters)), "text")


def read_traits(properties: XmlElement | None) -> dict[str, bool]:
    """Return what run properties say about the look of text."""
    if properties is None:
        return {}
    traits = {}
    for tag, trait in (("b", "bold"), ("i", "italic"), ("smallCaps", "small-caps"), ("strike", "struck")):
        element = properties.find(w(tag))
        if element is not None:
            traits[trait] = element.get(w("val"), "true") not in ("0", "false", "off")
    position = value_of(properties.find(w("vertAlign")))
    if position:
        traits["raised"], traits["lowered"] = position == "superscript", position == "subscript"
    fonts = properties.find(w("rFonts"))
    if fonts is not None:
        traits["monospace"] = bool(MONOSPACE.search(fonts.get(w("ascii")) or fonts.get(w("hAnsi")) or ""))
    return traits


def value_of(element: XmlElement | None) -> str:
    """Return the attribute `w:val` of an element, "" if there is none."""
    return str(element.get(w("val"), "")) if element is not None else ""


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None
