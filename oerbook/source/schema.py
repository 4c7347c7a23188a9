"""Keys of front matter: each with the kind of its value and what it is for; names follow mystmd.

The checks of front matter, their suggestions and the tables of the handbook follow from these tables.
"""

from __future__ import annotations

from dataclasses import dataclass

from oerbook.model.findings import Severity

ANY_PAGE = "chapter"  # the key is for every page
TITLE_PAGE = "book"  # the key is for the title page


@dataclass(frozen=True, slots=True)
class FrontMatterKey:
    """A key: the kind of its value, its text in the handbook, the pages that can have it, the level of findings.

    `field` is the field of the model that holds the value, if it has another name; `values.read_fields` reads it.
    """

    kind: str
    help: str
    pages: str = TITLE_PAGE
    severity: Severity = Severity.ERROR  # of a value that is not of the kind
    field: str = ""


Schema = dict[str, FrontMatterKey]

BOOK_KEYS: Schema = {
    "title": FrontMatterKey("text", "the title; without it, the first heading is the title", ANY_PAGE),
    "short_title": FrontMatterKey("text", "a shorter title, for menus and running heads", ANY_PAGE),
    "subtitle": FrontMatterKey("text", "the subtitle", ANY_PAGE),
    "description": FrontMatterKey(
        "text", "one or two sentences, for search engines, library catalogs and the back cover", ANY_PAGE
    ),
    "date": FrontMatterKey("date", "the date of publication, for the copyright page", ANY_PAGE),
    "language": FrontMatterKey(
        "language",
        "the language. Generated text is in that language (complete for English, German, French, Spanish and "
        "Dutch), and straight quotes become its own: “ ”, « », „ “",
        ANY_PAGE,
    ),
    "license": FrontMatterKey(
        "license", "the license: an SPDX id such as `CC-BY-4.0`, or an expression such as `CC-BY-4.0 AND MIT`", ANY_PAGE
    ),
    "authors": FrontMatterKey("people", "names, or ids of files in `contributors/`", ANY_PAGE),
    "author": FrontMatterKey("people", "another spelling of `authors`", ANY_PAGE, field="authors"),
    "contributors": FrontMatterKey("people", "people with another role than author", ANY_PAGE),
    "editors": FrontMatterKey("people", "the editors", ANY_PAGE),
    "reviewers": FrontMatterKey("people", "the reviewers", ANY_PAGE),
    "sources": FrontMatterKey(
        "works",
        "works that the book reuses, each with `title`, `authors`, `source`, `license`, `relation`, `changes` and "
        "`retrieved`; see {ref}`declaring-sources`",
        ANY_PAGE,
        field="reused_works",
    ),
    "keywords": FrontMatterKey("texts", "for library catalogs and search engines", ANY_PAGE),
    "numbering": FrontMatterKey(
        "numbering", "`false`: no chapter numbers; in a chapter: no number, for a preface", ANY_PAGE, field="numbered"
    ),
    "math": FrontMatterKey("pairs", "macros: a name and its TeX", ANY_PAGE),
    "substitutions": FrontMatterKey("pairs", "names with the texts that replace them", ANY_PAGE),
    "abbreviations": FrontMatterKey("pairs", "abbreviations with their meaning", ANY_PAGE),
    "solutions": FrontMatterKey(
        "after|fold|end|hidden",
        "where solutions appear: after the exercise, there but folded on the web, at the chapter's end, or nowhere",
        ANY_PAGE,
    ),
    "bibliography": FrontMatterKey("any", "the `.bib` files; default: all in `chapters/`", ANY_PAGE),
    "bibliography_placement": FrontMatterKey(
        "book|chapter", "one list at the end of the book, or one in each chapter", ANY_PAGE
    ),
    "draft": FrontMatterKey("flag", "`true` leaves the chapter out of the book", ANY_PAGE),
    "edition": FrontMatterKey("text", "the edition, for the copyright page"),
    "publisher": FrontMatterKey("text", "the publisher"),
    "publisher_place": FrontMatterKey("text", "where the publisher is"),
    "isbn": FrontMatterKey(
        "isbn", "the ISBN, or one for each format: `{epub: …, pdf: …, paperback: …}`; check digits are checked"
    ),
    "series": FrontMatterKey("text", "the series that the book belongs to"),
    "issn": FrontMatterKey("issn", "the ISSN of the series; its check digit is checked"),
    "doi": FrontMatterKey("doi", "the DOI"),
    "copyright": FrontMatterKey("text", "a line for the copyright page"),
    "repository": FrontMatterKey("repository", "the address of the repository, for links to the source"),
    "github": FrontMatterKey("repository", "another spelling of `repository`: `owner/name`", field="repository"),
    "url": FrontMatterKey("url", "the address of the web site"),
    "subject": FrontMatterKey("text", "the subject, for library catalogs"),
    "toc": FrontMatterKey("any", "the [order of chapters](#order-of-the-book), if file names do not give it"),
    "theme": FrontMatterKey(
        "text", "the design: `classic`, `plain` or one of the book's own; see {doc}`/making/design`"
    ),
    "paper": FrontMatterKey("paper", "the paper size: {doc}`/making/print`"),
    "print": FrontMatterKey("print", "settings for a printer: {doc}`/making/print`", field="printing"),
    "logo": FrontMatterKey("file", "a picture in `chapters/`"),
    "cover": FrontMatterKey("file", "a picture in `chapters/`"),
    "bibliography_style": FrontMatterKey(
        "text", "`author-year`, `numbered`, or a style by name or as a `.csl` file; see {ref}`citing-works`"
    ),
    "references": FrontMatterKey("any", "other books: a key and a web address"),
    "execute": FrontMatterKey(
        "flag",
        "`true`: run code cells and notebooks (needs `oerbook[notebooks]`). Outputs are cached; a page runs again "
        "only when its code changes",
    ),
    "maintainers": FrontMatterKey(
        "texts",
        "who looks after the book, or, on the page that opens a part, after that part: ids of `contributors/`, "
        "for `CODEOWNERS`",
        ANY_PAGE,
    ),
    "credit": FrontMatterKey("credit", "how credit is shown; see [below](#credit-policy)"),
    "submissions": FrontMatterKey(
        "submissions",
        "rules for submissions: `allow`, a list of codes from {doc}`findings` that become notes, and `sign_off: "
        "true` if every commit needs `Signed-off-by`",
    ),
    "commercial": FrontMatterKey("flag", "`true`: the book is sold, so no part may be for non-commercial use only"),
    "accessibility": FrontMatterKey(
        "accessibility",
        "what a person certified about the accessibility of the book; see {ref}`accessibility-statement`",
    ),
    "back_matter": FrontMatterKey("back_matter", "pages that oerbook adds after the chapters; see {ref}`back-matter`"),
    "embeds": FrontMatterKey(
        "hosts", "more sites whose pages may be embedded, by their host: `[tube.example.org]`; see {ref}`other-sites`"
    ),
    "versions": FrontMatterKey(
        "flag", "`true`: `oerbook publish` keeps the sites of earlier editions, each in a folder named after its tag"
    ),
}
PAGE_KEYS: Schema = {name: key for name, key in BOOK_KEYS.items() if key.pages == ANY_PAGE}
PERSON_KEYS: Schema = {
    "name": FrontMatterKey("name", "the name as it is printed"),
    "orcid": FrontMatterKey("orcid", "the ORCID iD; its check digit is checked"),
    "affiliations": FrontMatterKey("affiliations", "names, or mappings with `name`, `ror` and `url`"),
    "affiliation": FrontMatterKey("affiliations", "another spelling of `affiliations`", field="affiliations"),
    "website": FrontMatterKey("url", "a web address"),
    "url": FrontMatterKey("url", "another spelling of `website`", field="website"),
    "github": FrontMatterKey("account", "the account on GitHub"),
    "identities": FrontMatterKey("texts", "other names and accounts in the history"),
    "former_names": FrontMatterKey("texts", "earlier names in the history; they are never printed"),
    "aliases": FrontMatterKey("texts", "another spelling of `identities`"),
    "roles": FrontMatterKey("texts", "roles in the book, in addition to those from the history"),
    "credit": FrontMatterKey("flag", "`false` to stay unnamed"),
    "email": FrontMatterKey("text", "ignored, and never printed"),
}
# Keys of the file beside an image, such as `worm.jpg.yml`, that says where the image comes from.
IMAGE_KEYS: Schema = {
    "title": FrontMatterKey("text", "the title of the image"),
    "authors": FrontMatterKey("texts", "who made it"),
    "creator": FrontMatterKey("texts", "another spelling of `authors`"),
    "creators": FrontMatterKey("texts", "another spelling of `authors`"),
    "author": FrontMatterKey("texts", "another spelling of `authors`"),
    "source": FrontMatterKey("text", "the web address of the original"),
    "url": FrontMatterKey("url", "another spelling of `source`"),
    "license": FrontMatterKey(
        "text", "the SPDX id of its license, or words such as `all rights reserved, with permission`"
    ),
    "relation": FrontMatterKey("relation", "`adapted`, `verbatim` or `quoted`"),
    "changes": FrontMatterKey("text", "what was changed: `cropped`"),
    "retrieved": FrontMatterKey("date", "the date on which it was copied"),
}
# Keys of nested mappings, by kind.
NESTED_KEYS: dict[str, Schema] = {
    "credit": {
        "min_words": FrontMatterKey("count", "authors of a chapter have written at least this many of its words …"),
        "min_share": FrontMatterKey("share", "… or this share of it; declared authors always count"),
        "order": FrontMatterKey("share|alphabetical|declared", "the order of names"),
        "group_author": FrontMatterKey("text", "a name that stands first on the book"),
        "show_shares": FrontMatterKey("flag", "`true`: show shares in the book"),
        "coauthors": FrontMatterKey("split|full|author-only", "how co-authors share the words of a commit"),
        "placement": FrontMatterKey(
            "top|end|credits", "of the byline: at the `top`, at the `end`, or on the `credits` page only"
        ),
        "bots": FrontMatterKey("texts", "more committers that are programs"),
    },
    "print": {
        "two_sided": FrontMatterKey("flag", "`false`: one margin for all pages, and no empty left-hand pages"),
        "crop_marks": FrontMatterKey("flag", "`true`: show where to cut the pages, too"),
        "black_and_white": FrontMatterKey("flag", "`true`: no color in text and photographs"),
        "paper_thickness": FrontMatterKey("length", "of one sheet, for the width of the spine"),
        "bleed": FrontMatterKey("length", "how far the cover reaches beyond its edges"),
        "lists": FrontMatterKey("lists", "lists after the table of contents"),
    },
    "accessibility": {
        "conforms_to": FrontMatterKey("conformance", "the standard, such as `WCAG 2.2 Level AA`"),
        "certified_by": FrontMatterKey("text", "who certified it; without a name, nothing is claimed"),
        "report": FrontMatterKey("url", "the address of the certifier's report"),
        "contact": FrontMatterKey("url", "a web address for readers who meet a barrier"),
    },
    "back_matter": {
        "citation": FrontMatterKey("flag", "`false`: no page “How to cite”"),
        "licenses": FrontMatterKey("flag", "`false`: no page “Licenses and attributions”"),
        "accessibility": FrontMatterKey("flag", "`false`: no page “Accessibility”"),
        "contributors": FrontMatterKey("flag", "`false`: no page “About the contributors”"),
    },
    "submissions": {
        "allow": FrontMatterKey("texts", "codes that become notes"),
        "sign_off": FrontMatterKey("flag", "`true`: every commit needs `Signed-off-by`"),
    },
}
EXAMPLE_BY_KIND: dict[str, str] = {
    "text": 'a text, for example "Soil and water"',
    "texts": "a list of texts, for example [soil, water]",
    "flag": "true or false",
    "count": "a whole number, for example 100",
    "share": "a share, for example 5 %",
    "paper": "a paper size, for example a5, letter, 6x9in or 170x240mm",
    "print": "nested keys, for example crop_marks: true on an indented line",
    "length": "a length, for example 0.1 mm",
    "lists": "figures, tables or both, for example [figures, tables]",
    "accessibility": "nested keys, for example certified_by: Ada Lee on an indented line",
    "conformance": "a standard, for example WCAG 2.2 Level AA",
    "back_matter": "nested keys, for example citation: false on an indented line",
    "credit": "nested keys, for example order: alphabetical on an indented line",
    "submissions": "nested keys, for example sign_off: true on an indented line",
    "date": "a date, for example 2026-09-01",
    "language": "a language tag, for example en or pt-BR",
    "license": "an SPDX license id, for example CC-BY-4.0",
    "people": "a list of names or of ids of contributors/, for example [ada, Bo Lee]",
    "works": "a list of works, each with title, authors, source and license",
    "relation": "adapted, verbatim, quoted or linked",
    "pairs": 'names with texts, for example R: "\\\\mathbb{R}"',
    "numbering": "true or false",
    "isbn": "an ISBN, for example 978-3-16-148410-0",
    "issn": "an ISSN, for example 2049-3630",
    "doi": "a DOI, for example 10.5281/zenodo.1234567",
    "orcid": "an ORCID iD, for example 0000-0002-1825-0097",
    "url": "a web address, for example https://example.org/book",
    "repository": "a web address, or owner/name on GitHub, for example ada/soil",
    "account": "the name of an account on GitHub, for example adal",
    "name": "the name of a person, for example Ada Lee",
    "affiliations": "names, or mappings with name, ror and url",
    "file": "the name of a file in chapters/",
    "hosts": "names of hosts, for example [tube.example.org]",
    "any": "a value",
}
