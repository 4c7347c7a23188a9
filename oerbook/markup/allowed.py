"""The elements and attributes that a finished book may contain; all others are removed.

HTML: https://html.spec.whatwg.org/multipage/indices.html. MathML: https://www.w3.org/TR/mathml-core/.
"""

from __future__ import annotations

import re


def split_names(text: str) -> frozenset[str]:
    """Return the names in a text, separated by white space."""
    return frozenset(text.split())


TEXT_ELEMENTS = split_names(
    """
    a abbr address article aside audio b bdi bdo big blockquote br caption cite code col colgroup data dd del
    details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd
    label li mark nav ol p picture pre q rp rt ruby s samp section small source span strong sub summary sup
    table tbody td tfoot th thead time tr track tt u ul var video wbr
    """
)
MATH_ELEMENTS = split_names(
    """
    annotation maction math menclose merror mfrac mi mlabeledtr mmultiscripts mn mo mover mpadded mphantom
    mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none
    semantics
    """
)
# An icon that the program draws into the text of a page.
ICON_ELEMENTS = frozenset(["circle", "g", "path", "rect", "svg"])
# In a page around its text: what only the theme writes.
PAGE_ELEMENTS = split_names(
    """
    body button form head html link main meta noscript script title
    """
)
PAGE_SVG_ELEMENTS = split_names(
    """
    circle clipPath defs ellipse g line linearGradient path polygon polyline rect stop svg text tspan
    """
)

GLOBAL_ATTRIBUTES = split_names(
    """
    class dir hidden id lang role style tabindex title
    """
)
ATTRIBUTE_PREFIXES = ("aria-", "data-")
HTML_ATTRIBUTES: dict[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "a": "href rel hreflang download type",
        "audio": "controls loop muted preload src",
        "blockquote": "cite",
        "col": "span width",
        "colgroup": "span width",
        "data": "value",
        "del": "cite datetime",
        "details": "open name",
        "img": "src srcset sizes alt width height loading decoding",
        "input": "type name value checked disabled",
        "ins": "cite datetime",
        "label": "for",
        "li": "value",
        "ol": "start type reversed",
        "q": "cite",
        "source": "src srcset sizes media type",
        "table": "border width",
        "td": "colspan rowspan headers align valign",
        "th": "colspan rowspan headers scope abbr align valign",
        "time": "datetime",
        "track": "src kind srclang label default",
        "video": "controls loop muted playsinline poster preload src width height",
    }.items()
}
MATH_ATTRIBUTES = split_names(
    """
    accent accentunder align alttext columnalign columnlines columnspacing columnspan columnwidth depth dir
    display displaystyle encoding equalcolumns equalrows fence form frame framespacing height intent arg largeop
    linethickness lspace lquote mathbackground mathcolor mathsize mathvariant maxsize minlabelspacing minsize
    movablelimits notation rowalign rowlines rowspacing rowspan rquote rspace scriptlevel separator side
    stretchy subscriptshift superscriptshift symmetric voffset width xmlns
    """
)
ICON_ATTRIBUTES = split_names(
    """
    clip-rule cx cy d fill fill-rule height preserveAspectRatio r rx ry stroke stroke-width version viewBox
    width x xmlns y
    """
)
EXTRA_PAGE_ATTRIBUTES: dict[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "a": "aria-keyshortcuts",
        "button": "type",
        "form": "action method",
        "html": "xmlns",
        "input": "autocomplete spellcheck",
        "link": "rel href type title id media hreflang",
        "meta": "charset name content http-equiv property",
        "script": "data-scripts type",
    }.items()
}
PAGE_SVG_ATTRIBUTES = ICON_ATTRIBUTES | frozenset(
    [
        "clip-path",
        "dominant-baseline",
        "dx",
        "dy",
        "fill-opacity",
        "font-family",
        "font-size",
        "font-weight",
        "gradientTransform",
        "gradientUnits",
        "offset",
        "opacity",
        "points",
        "stop-color",
        "stop-opacity",
        "stroke-dasharray",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-opacity",
        "text-anchor",
        "transform",
        "vector-effect",
        "x1",
        "x2",
        "y1",
        "y2",
    ]
)
URL_ATTRIBUTES = frozenset(["action", "cite", "href", "poster", "src"])
INPUT_TYPES = frozenset(["checkbox", "radio"])
# Ids that pages have around their text; docutils never makes one with this prefix.
RESERVED_ID_PREFIX = "oerbook_"
RESERVED_IDS = frozenset({"pygments_dark_css", "search-results", "search-progress"})  # those of Sphinx
# Declarations of a style attribute: nothing that moves an element over others or loads something.
SAFE_DECLARATION = re.compile(
    r"\s*(?:color|background-color|text-align|vertical-align|white-space|font-(?:size|style|weight|variant)|"
    r"(?:max-|min-)?(?:width|height)|(?:margin|padding)(?:-\w+)?|border(?:-\w+){0,2}|text-decoration|list-style-type|"
    r"--[\w-]+)\s*:[\w\s.,#%]*(?:\([\d\s.,%]*\))?[\w\s.,#%]*",
    re.I,
)


def is_safe_style(style: str) -> bool:
    """Return whether all declarations of a style attribute are allowed.

    >>> is_safe_style("width: 80%; color: red;"), is_safe_style("position: fixed"), is_safe_style("margin-left:-9px")
    (True, False, False)
    """
    return all(SAFE_DECLARATION.fullmatch(part) for part in style.split(";") if part.strip())
