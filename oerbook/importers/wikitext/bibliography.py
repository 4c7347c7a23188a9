"""Read works from templates such as {{cite book}}, as BibTeX entries or as words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from mwparserfromhell import nodes

from oerbook.importers.web.elements import make
from oerbook.model.untyped import XmlElement
from oerbook.text.slugs import ascii_slug

TYPE_BY_TEMPLATE = {
    "cite book": "book",
    "cite encyclopedia": "incollection",
    "cite encyclopaedia": "incollection",
    "cite journal": "article",
    "cite magazine": "article",
    "cite news": "article",
    "cite newspaper": "article",
    "cite web": "online",
    "cite conference": "inproceedings",
    "cite thesis": "phdthesis",
    "cite report": "techreport",
    "cite tech report": "techreport",
    "cite press release": "misc",
    "cite arxiv": "misc",
    "cite map": "misc",
    "cite episode": "misc",
    "cite av media": "misc",
    "cite video": "misc",
    "cite podcast": "misc",
    "cite speech": "misc",
    "cite court": "misc",
    "cite patent": "misc",
    "cite document": "misc",
    "cite interview": "misc",
    "cite dictionary": "incollection",
    "cite q": "misc",
    "citation": "misc",
    "literatur": "book",
    "internetquelle": "online",
    "ouvrage": "book",
    "article": "article",
    "lien web": "online",
}
CITE_TEMPLATES = frozenset(TYPE_BY_TEMPLATE) - {"article"}
PARAMETERS_BY_FIELD = {
    "title": ("title", "titel", "titre", "trans-title", "script-title"),
    "chapter": ("chapter", "contribution", "section", "entry", "article", "kapitel"),
    "journal": (
        "journal",
        "magazine",
        "newspaper",
        "work",
        "periodical",
        "website",
        "sammelwerk",
        "périodique",
        "site",
        "werk",
    ),
    "booktitle": ("encyclopedia", "encyclopaedia", "book-title", "conference", "dictionary"),
    "publisher": ("publisher", "institution", "verlag", "éditeur", "hrsg"),
    "address": ("location", "place", "publication-place", "ort", "lieu"),
    "volume": ("volume", "band", "tome"),
    "number": ("issue", "number", "nummer"),
    "edition": ("edition", "auflage"),
    "series": ("series", "reihe"),
    "pages": ("pages", "page", "pp", "p", "at", "seiten", "passage"),
    "doi": ("doi",),
    "isbn": ("isbn",),
    "issn": ("issn",),
    "url": ("url", "chapter-url", "archive-url"),
    "language": ("language", "sprache"),
}
LATEX_ESCAPES = str.maketrans({"&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "_": r"\_", "{": "", "}": "", "\\": ""})


@dataclass(frozen=True, slots=True)
class ReferencedWork:
    """A work: its kind in BibTeX, fields, the last names of its authors, and its year."""

    kind: str
    fields: Mapping[str, str]
    last_names: tuple[str, ...]
    year: str

    @property
    def has_title(self) -> bool:
        """Whether it can stand in a bibliography: it has a title."""
        return bool(self.fields.get("title"))

    @property
    def key(self) -> str:
        """The key made of author and year, or of the title: lee2020."""
        first = self.last_names[0] if self.last_names else " ".join(self.fields.get("title", "work").split()[:2])
        return f"{ascii_slug(_plain_letters(first)) or 'work'}{self.year}"

    @property
    def short_names(self) -> tuple[str, ...]:
        """What short citations call it: last names and year, in lower case."""
        return ("/".join((*self.last_names[:4], self.year)).casefold(),) if self.last_names else ()

    def entry(self, key: str) -> str:
        """Return the BibTeX entry."""
        lines = [f"  {name} = {{{value}}}," for name, value in self.fields.items() if value]
        return "\n".join([f"@{self.kind}{{{key},", *lines, "}"])


def template_name(template: nodes.Template) -> str:
    """Return the name of a template as it is compared: lower case, spaces, no namespace.

    >>> import mwparserfromhell
    >>> template_name(mwparserfromhell.parse("{{Cite_web |url=x}}").nodes[0])
    'cite web'
    """
    name = re.sub(r"<!--.*?-->", "", str(template.name), flags=re.S)
    return " ".join(name.replace("_", " ").split()).lower().removeprefix("template:")


def read_work(template: nodes.Template) -> ReferencedWork:
    """Return the work that a template describes."""
    values = read_values(template)
    names = _read_names(values, ("last", "surname", "author", "first"))
    editors = _read_names(values, ("editor-last", "editor-surname", "editor"))
    date = (
        values.get("date")
        or values.get("year")
        or values.get("datum")
        or values.get("jahr")
        or values.get("année")
        or ""
    )
    year = next(iter(re.findall(r"\b(1[0-9]{3}|20[0-9]{2})\b", date)), "")
    fields = {
        name: next((values[key] for key in keys if values.get(key)), "") for name, keys in PARAMETERS_BY_FIELD.items()
    }
    kind = TYPE_BY_TEMPLATE.get(template_name(template), "misc")
    if kind == "misc" and fields["journal"]:
        kind = "article"
    elif kind == "misc" and (fields["isbn"] or fields["publisher"]) and not fields["url"]:
        kind = "book"
    if kind == "book" and fields["chapter"]:
        kind, fields["booktitle"], fields["title"] = "incollection", fields["title"], fields["chapter"]
    if kind in ("online", "techreport", "phdthesis") and fields["journal"] and not fields["publisher"]:
        fields["publisher"] = fields["journal"]
    ordered = {
        "author": " and ".join(names),
        "editor": " and ".join(editors),
        "title": fields["title"],
        **{key: fields[key] for key in ("booktitle", "journal", "edition", "volume", "number", "series", "pages")},
        "year": year,
        **{key: fields[key] for key in ("publisher", "address", "doi", "isbn", "issn", "url")},
        "note": values.get("quote", ""),
    }
    if kind not in ("article",):
        ordered["journal"] = ""
    ordered["pages"] = re.sub(r"\s*[–—-]+\s*", "--", ordered["pages"])
    escaped = {k: v if k in ("url", "doi") else v.translate(LATEX_ESCAPES) for k, v in ordered.items()}
    return ReferencedWork(kind, escaped, tuple(name.split(",")[0].strip("{} ") for name in names), year)


def read_values(template: nodes.Template) -> dict[str, str]:
    """Return the parameters of a template as plain text by lower-case name."""
    values = {}
    for parameter in template.params:
        text = re.sub(r"<!--.*?-->", "", str(parameter.value), flags=re.S)
        if "[[" in text or "{{" in text or "<" in text or "''" in text or "&" in text:
            text = str(parameter.value.strip_code())
        values[str(parameter.name).strip().lower()] = " ".join(text.split())
    return values


def format_citation(template: nodes.Template) -> list[str | XmlElement]:
    """Return a work as words: authors, year, title, where it appeared."""
    work = read_work(template)
    fields = {key: value.replace("\\", "").replace("--", "–") for key, value in work.fields.items() if key != "url"}
    people = fields.get("author") or fields.get("editor") or ""
    names = "; ".join(name.strip("{}") for name in people.split(" and ")) if people else ""
    head = f"{names} ({work.year}). " if names and work.year else f"{names}. " if names else ""
    title = make("em", fields.get("title", ""))
    url = work.fields.get("url", "")
    shown: str | XmlElement = title
    if url and fields.get("title"):
        shown = make("a", href=url)
        shown.append(title)
    details = [
        fields[k]
        for k in ("booktitle", "journal", "volume", "number", "publisher", "address", "pages")
        if fields.get(k)
    ]
    if not head and work.year:
        details.append(work.year)
    tail = ". " + ", ".join(details) + "." if details else "."
    rest = [f" ISBN {fields['isbn']}."] if fields.get("isbn") else []
    doi = fields.get("doi")
    link: list[str | XmlElement] = [" ", make("a", f"doi:{doi}", href=f"https://doi.org/{doi}")] if doi else []
    return [head, shown, tail, *rest, *link]


def _read_names(values: Mapping[str, str], keys: tuple[str, ...]) -> list[str]:
    """Return names as "Last, First" in their order."""
    names: list[str] = []
    last_key, other_keys = keys[0], keys[1:]
    prefix = last_key.removesuffix("last")
    for number in ("", *map(str, range(1, 31))):
        last = next((values[f"{k}{number}"] for k in (last_key, *other_keys[:2]) if values.get(f"{k}{number}")), "")
        if not last and number in ("", "1"):
            last = (
                values.get({"last": "autor", "editor-last": "herausgeber"}.get(last_key, ""), "") if not names else ""
            )
        first = values.get(f"{prefix}first{number}") or values.get(f"{prefix}given{number}") or ""
        if last and first:
            names.append(f"{last}, {first}")
        elif last:
            names += [f"{{{last}}}" if " " in last and "," not in last else last]
    if not names and values.get("vauthors") and prefix == "":
        names = [name.strip() for name in values["vauthors"].split(",") if name.strip()]
    return list(dict.fromkeys(names))


def _plain_letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
