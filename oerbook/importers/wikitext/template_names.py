"""Names of templates of Wikipedia and Wikibooks, by what they show."""

from __future__ import annotations

import re

# Templates that stand for characters.
CHARS_BY_TEMPLATE = {
    "snd": " – ",
    "spnd": " – ",
    "spaced ndash": " – ",
    "spaced en dash": " – ",
    "ndash": "–",
    "mdash": "—",
    "—": "—",
    "spaced mdash": " — ",
    "nbsp": "\xa0",
    "space": " ",
    "spaces": "\xa0",
    "·": " · ",
    "dot": " · ",
    "•": " • ",
    "bull": " • ",
    "!": "|",
    "=": "=",
    "'": "’",
    "pipe": "|",
    "'s": "’s",
    "'\"": "’”",
    "\"'": "“‘",
    "-": "",
    "clear": "",
    "zwj": "",
    "zwnj": "\u200c",
    "thinsp": "\u2009",
    "hsp": "\u200a",
    "minus": "−",
    "times": "×",
    "sup2": "²",
    "°": "°",
    "deg": "°",
    "en dash": "–",
    "em dash": "—",
    "\\": " / ",
    "pi": "π",
    "hairspace": "\u200a",
    "thin space": "\u2009",
    "wj": "\u2060",
    "gaps": "",
    "crlf": "\n",
    "pb": "\n\n",
    "break": "\n",
    "paragraph break": "\n\n",
    "yes": "Yes",
    "no": "No",
    "ya": "Yes",
    "tick": "✓",
    "cross": "✗",
    "usd": "US$",
    "cc": "",
    "shy": "",
    "sic": "[sic]",
    "year": "",
    "ellipsis": "…",
    "...": "…",
    "prime": "′",
}
# What the first, or the second, parameter of these says is shown as it is.
TEMPLATES_SHOWING_FIRST_VALUE = frozenset(
    [
        "as written",
        "avoid wrap",
        "big",
        "big math",
        "block indent",
        "center",
        "centre",
        "columns-list",
        "cslist",
        "div col",
        "endplainlist",
        "flatlist",
        "font color",
        "formatnum",
        "hlist",
        "in5",
        "ipa",
        "italics",
        "key press",
        "keypress",
        "large",
        "larger",
        "lc",
        "lcfirst",
        "linktext",
        "nihongo2",
        "no italics",
        "nobold",
        "nobr",
        "nobreak",
        "noitalics",
        "nonbold",
        "normal",
        "not a typo",
        "notatypo",
        "nowrap",
        "num",
        "okina",
        "plain list",
        "plainlist",
        "proper name",
        "resize",
        "respell",
        "script",
        "small",
        "smaller",
        "text",
        "tl",
        "transl",
        "ubl",
        "uc",
        "ucfirst",
        "unbulleted list",
        "uppercase",
        "vanchor",
        "visible anchor",
    ]
)
TEMPLATES_SHOWING_SECOND_VALUE = frozenset(
    [
        "color",
        "colour",
        "font",
        "font color",
        "fontcolor",
        "lang",
        "lang-x",
        "langx",
        "script",
        "transl",
        "transliteration",
    ]
)
TAG_BY_NAME = {
    "em": "em",
    "strong": "strong",
    "mvar": "em",
    "var": "em",
    "code": "code",
    "tt": "code",
    "mono": "code",
    "kbd": "kbd",
    "key": "kbd",
    "sub": "sub",
    "sup": "sup",
    "smallcaps": "span",
    "sc": "span",
    "u": "u",
    "del": "del",
    "s": "s",
    "italic title": "em",
    "title italic": "em",
    "i": "em",
    "bold": "strong",
    "highlight": "mark",
    "highlight round": "mark",
    "codes": "code",
    "dfn": "dfn",
}
BOX_BY_NAME = {
    "note": "note",
    "info": "note",
    "infobox note": "note",
    "tip": "tip",
    "warning": "warning",
    "caution": "caution",
    "important": "important",
    "textbox": "admonition",
    "text box": "admonition",
    "definition": "definition",
    "theorem": "theorem",
    "math theorem": "theorem",
    "math proof": "proof",
    "proof": "proof",
    "example": "example",
    "quote box": "epigraph",
    "robelbox": "admonition",
    "box": "admonition",
    "sidenote": "admonition",
    "exercise": "exercise",
    "question": "exercise",
    "exercises": "exercise",
    "hidden": "dropdown",
    "hidebox": "dropdown",
    "hide": "dropdown",
    "collapse": "dropdown",
    "show": "dropdown",
    "solution": "dropdown",
    "answer": "dropdown",
    "lemma": "lemma",
    "remark": "remark",
}
HATNOTES = {
    "main": "Main article",
    "main article": "Main article",
    "hauptartikel": "Main article",
    "see also": "See also",
    "see": "See",
    "further": "Further information",
    "further information": "Further information",
    "details": "Details",
    "article détaillé": "Main article",
    "seealso": "See also",
    "siehe auch": "See also",
}
QUOTE_TEMPLATES = frozenset(
    [
        "blockquote",
        "bq",
        "citation bloc",
        "cquote",
        "cytat",
        "poem quote",
        "poemquote",
        "quotation",
        "quote",
        "quote frame",
        "rquote",
        "verse translation",
        "zitat",
    ]
)
NOTE_TEMPLATES = frozenset(
    [
        "#tag:ref",
        "anmerkung",
        "efn",
        "efn-la",
        "efn-ua",
        "fn",
        "footnote",
        "note label",
        "notetag",
        "refn",
    ]
)
MATH_TEMPLATES = frozenset(
    [
        "big math",
        "bigmath",
        "math",
        "math2",
        "mathcal",
    ]
)
IPA_OPTIONS = frozenset(["local", "lang", "pron", "us", "uk", "also", "icon", "small", "audio", "en"])
# What has a use in a wiki only: navigation, maintenance, facts in boxes.
DROPPED_TEMPLATES = re.compile(
    r"(?:"
    r"short description|use (?:\w+ )*(?:dates|english|spelling)|good article|featured article|pp-?\S*|"
    r"authority control|coord(?:inates)?\b.*|defaultsort:?.*|displaytitle:?.*|portal\b.*|subject bar|"
    r"sister project.*|commons.*|wikiquote|wiktionary|wikisource|wikibooks|wikispecies|wikivoyage|"
    r"wikiversity|refimprove|unreferenced.*|more citations needed|citation needed|cn|fact|clarify|when|who|"
    r"which|by whom|verify.*|better source.*|dead link|cbignore|webarchive|cleanup.*|expand.*|stub|.*-stub|"
    r"italic title|clear.*|-|toc\b.*|tocright|reflist.*|refs|references.*|notelist.*|refbegin|refend|"
    r"div col end|end div col|colend|col-.*|bookcat|navbox.*|navigation|.*navbox|.*sidebar|infobox.*|"
    r"taxobox.*|speciesbox|automatic taxobox|chembox.*|drugbox|.*infobox|about|for|other uses\b.*|"
    r"redirect\b.*|distinguish.*|hatnote group|for multi|multiple issues|update.*|original research.*|"
    r"pov.*|cite check|featured list|merge.*|split.*|chapter navigation|prevnext|previous next|.*nav|"
    r"print version.*|alphabetical|status|stage|subjects|shelves|dewey|loc|anchors?|protected|"
    r"semiprotected|good-article|link fa|link ga|interwiki.*|use list-defined references|engvar.*|bots|"
    r"nobots|cat main|category.*|template.*|lead too (?:long|short)|under construction|in use|inuse|"
    r"persondata|good topic|featured topic|dynamic list|spoken wikipedia.*|library resources.*|curlie|dmoz|"
    r"imdb.*|ill-wd|#if.*|#ifeq.*|#switch.*|#expr.*|subst:.*|mathrm end|exclude in print|bookinfo.*|"
    r"wikipedia|wp"
    r")",
    re.I,
)
