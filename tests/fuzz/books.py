"""Random books: everything that a stranger can write into one, well-formed, hostile and broken."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import strategies as st

from oerbook.source.schema import BOOK_KEYS, NESTED_KEYS, PAGE_KEYS, PERSON_KEYS
from oerbook.source.settings.foreign_keys import FOREIGN_KEYS

Files = dict[str, str | bytes]
CHARACTERS = "abZé09 .,;:!?-_*`$#<>@/\\'\"~()[]{}=+&%^|\t\u00a0\u200b\u200d\u202e\u2028\u0301ßﬁ漢字אع😀\ufeff\u00ad"
STRINGS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "java\tscript:alert(1)", "\"><svg onload=alert(1)>",
    "' onfocus=alert(1) autofocus='", "]]>", "-->", "</style>", "</title><script>f()</script>", "{{ 7*7 }}", "{% raw %}", "${jndi:x}",
    "%(x)s", "{0}", "{x.__class__}", "\\input{/etc/passwd}", "../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "C:\\x", "//evil.example/x",
    "#import \"/etc/passwd\"", "#panic()", "#read(\"/etc/passwd\")", "= Title", "*/ #x", "$x$", "@x", "<x>", "_", "~", "x" * 400, "", " ",
    "-1", "0", "1e999", "null", "true", "yes", "2026-13-45", "[a", "{a", "&a", "*a", "!!python/object/apply:os.system [id]", "|", ">", "%", "\u202eabc", "a\u0000b",
    "../x.md", "x.md#y", "#x", "https://example.org/a b", "http://[::1", "http://%", "https://example.org:99999999/", "mailto:x@evil.example", "data:text/html,<script>f()</script>",
    "x.svg", "x.png", "missing.png", "n.ipynb", "refs.bib", "conf.py", ".git/config", "CON", "a/../../b", "index", "search", "genindex", "x\ny", "\r", "\\", "`", "```", ":::", "---",
)  # fmt: skip
strings = st.sampled_from(STRINGS) | st.text(CHARACTERS, max_size=12)
lines = strings.map(lambda text: " ".join(text.split()))
ROLES = (
    "ref", "doc", "numref", "eq", "math", "term", "abbr", "cite", "cite:p", "cite:t", "index", "download", "kbd", "sub", "sup", "raw", "code", "any", "file", "menuselection", "guilabel",
    "pep", "rfc", "ruby", "fa", "octicon", "material-regular", "bdg-primary", "bdg-link-primary", "button-link", "glue:text", "glue", "eval", "underline", "u", "del", "si", "chem", "prf:ref", "exercise:ref",
    "footcite", "token", "keyword", "option", "envvar", "py:func", "c:expr", "title", "pageref", "nobody", "download ", "{x}", "html",
)  # fmt: skip
DIRECTIVES = (
    "note", "warning", "admonition", "figure", "image", "table", "list-table", "csv-table", "math", "code-block", "code-cell", "code", "literalinclude", "include", "raw", "only", "ifconfig", "toctree", "contents",
    "glossary", "index", "bibliography", "div", "class", "container", "compound", "epigraph", "pull-quote", "highlights", "parsed-literal", "rubric", "topic", "sidebar", "margin", "aside", "dropdown", "card",
    "grid", "grid-item", "grid-item-card", "tab-set", "tab-item", "button-ref", "button-link", "exercise", "solution", "exercise-start", "exercise-end", "proof", "prf:theorem", "prf:proof", "prf:algorithm", "iframe",
    "video", "audio", "embed", "mermaid", "eval-rst", "versionadded", "deprecated", "seealso", "todo", "todolist", "tabularcolumns", "centered", "hlist", "productionlist", "acks", "default-role", "role", "replace",
    "unicode", "date", "meta", "title", "sectnum", "target-notes", "footer", "header", "restructuredtext-test-directive", "figure-md", "subfigure", "blockquote", "anywidget", "bokeh", "doctest", "testcode", "py:function",
    "c:function", "cpp:class", "js:module", "automodule", "autoclass", "graphviz", "plantuml", "highlight", "line-block", "show-index", "glue:figure", "nobody", "tableofcontents", "printindex", "hidden", "custom", "myst:demo",
)  # fmt: skip
OPTIONS = (
    "name", "class", "width", "height", "scale", "alt", "target", "align", "figwidth", "figclass", "label", "numbered", "nonumber", "file", "url", "header-rows", "stub-columns", "widths", "delim", "encoding", "language",
    "linenos", "lineno-start", "emphasize-lines", "lines", "start-after", "end-before", "pyobject", "diff", "dedent", "tab-width", "caption", "maxdepth", "glob", "hidden", "titlesonly", "caption", "filter", "style", "cited",
    "open", "color", "link", "link-type", "link-alt", "shadow", "columns", "gutter", "padding", "margin", "img-top", "img-background", "sync", "selected", "tags", "load", "number-lines", "loading", "title", "parser", "literal",
    "format", "sorted", "expand", "click-parent", "tooltip", "ref-type", "enumerated", "kind", "icon", "placement",
)  # fmt: skip
inline = st.one_of(
    lines,
    st.builds("*{}*".format, lines), st.builds("**{}**".format, lines), st.builds("`{}`".format, lines), st.builds("${}$".format, lines),
    st.builds("[{}]({})".format, lines, lines), st.builds("[{}](<{}>)".format, lines, lines), st.builds("![{}]({})".format, lines, lines), st.builds("<{}>".format, lines),
    st.builds("{{{}}}`{}`".format, st.sampled_from(ROLES), lines), st.builds("{{{}}}`{} <{}>`".format, st.sampled_from(ROLES), lines, lines),
    st.builds("[{}]{{{}}}".format, lines, lines), st.builds("[{}]{{.{} #{} {}={}}}".format, lines, lines, lines, lines, lines), st.builds("`{}`{{{}}}".format, lines, lines),
    st.builds("[^{}]".format, lines), st.builds("[@{}]".format, lines), st.builds("{{{{ {} }}}}".format, lines), st.builds("[{}][]".format, lines), st.just("[^1]"), st.just("&#x3c;script&#62; &nbsp; &#0; &#xD800;"),
    st.builds("<{0} {1}={2}>{3}</{0}>".format, st.sampled_from(["b", "a", "div", "img", "svg", "script", "math", "style", "iframe", "video", "input", "template", "noscript", "details", "x-y", "table", "td", "body", "form", "object"]),
              st.sampled_from(["href", "src", "onclick", "style", "class", "id", "name", "srcset", "poster", "data-x", "xmlns", "action", "is", "slot"]), lines, lines),
    st.just("*w*.func()"), st.just("$x$.len()"), st.just("$\\href{javascript:f()}{x} \\begin{matrix} a & b \\\\ c$"), st.builds("$\\{}{{{}}}$".format, st.sampled_from(["text", "href", "url", "html", "htmlClass", "style", "input", "def\\x", "newcommand{\\x}", "frac{1}", "color", "ce", "SI{1}", "operatorname", "class"]), lines),
)  # fmt: skip
paragraphs = st.lists(inline, min_size=1, max_size=5).map(" ".join)
options = st.lists(st.builds(":{}: {}".format, st.sampled_from(OPTIONS), lines), max_size=3).map("\n".join)


def _nested(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bodies = st.lists(blocks, max_size=3).map("\n\n".join)
    fences = st.sampled_from(["```", "````", ":::", "::::", "~~~", "``````"])
    directives = st.builds(
        "{0}{{{1}}} {2}\n{3}\n\n{4}\n{0}".format, fences, st.sampled_from(DIRECTIVES), lines, options, bodies
    )
    return st.one_of(
        directives,
        bodies.map(lambda text: "\n".join(f"> {line}" for line in text.split("\n"))),
        bodies.map(lambda text: "- " + "\n  ".join(text.split("\n"))),
        bodies.map(lambda text: "1. " + "\n   ".join(text.split("\n"))),
        st.builds("{}\n: {}".format, lines, bodies.map(lambda text: "\n  ".join(text.split("\n")))),
        st.builds("[^1]: {}".format, bodies.map(lambda text: "\n    ".join(text.split("\n")))),
        st.builds("<div class={}>\n\n{}\n\n</div>".format, lines, bodies),
        st.builds(
            "```{{eval-rst}}\n.. {}:: {}\n   :{}: {}\n\n   {}\n```".format,
            st.sampled_from(DIRECTIVES), lines, st.sampled_from(OPTIONS), lines, lines,
        ),
    )  # fmt: skip


simple = st.one_of(
    paragraphs,
    st.builds("{} {}".format, st.sampled_from(["#", "##", "###", "####", "######"]), paragraphs),
    st.builds("| {} | {} |\n|---|:-:|\n| {} | {} |".format, inline, inline, inline, inline),
    st.builds("```{}\n{}\n```".format, st.sampled_from(["python", "", "{python}", "html", "none", "mermaid", "nosuch", "{code-cell} ipython3", "{math}"]), strings),
    st.builds("$$\n{}\n$$ ({})".format, lines, lines), st.builds("({})=".format, lines), st.builds("% {}".format, lines), st.builds("+++ {}".format, lines), st.builds("[{}]: {} \"{}\"".format, lines, lines, lines),
    st.builds("*[{}]: {}".format, lines, lines), st.builds("{{.{} #{}}}\n{}".format, lines, lines, paragraphs), st.just("---"), st.just("***"), st.builds("{}\n====".format, lines), strings,
    st.builds("- [ ] {}\n- [x] {}".format, lines, lines), st.builds("![{}](x.svg){{width={} .{}}}".format, lines, lines, lines), st.just("![a](x.png)"), st.just("[f](x.svg) [g](n.ipynb) [h](refs.bib)"),
    st.builds("<!-- {} -->".format, lines), st.builds("<{}>\n{}".format, lines, strings), st.just("```{figure} x.svg\nA caption\n```"), st.just("{cite}`a` {cite:t}`b,a`"),
)  # fmt: skip
blocks = st.recursive(simple, _nested, max_leaves=6)

yaml_values = st.recursive(
    st.one_of(
        strings.map(lambda text: json.dumps(text)),
        lines,
        st.sampled_from(["true", "1", "-1", "1.5", "2026-01-02", "2026-13-45", "~", "[]", "{}", ".inf", "0x1F", "!!set {a}", "!x y", "1_000", "12:30:45", "? a", "&a b", "*a", "|\n  x\n", ">-\n  y\n"]),
    ),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    | st.lists(st.tuples(st.sampled_from(sorted({*BOOK_KEYS, "name", "title", "source", "license", "url", "orcid", "ror", "file", "x"})), inner), max_size=3).map(
        lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items) + "}"
    ),
    max_leaves=4,
)  # fmt: skip


def front_matter(keys: Sequence[str]) -> st.SearchStrategy[str]:
    """Return front matter with some of the keys, each with any value."""
    nested = st.sampled_from(sorted(NESTED_KEYS)).flatmap(
        lambda kind: st.lists(st.tuples(st.sampled_from(sorted(NESTED_KEYS[kind])), yaml_values), max_size=4).map(
            lambda rows: f"{kind}: {{{', '.join(f'{key}: {value}' for key, value in rows)}}}"
        )
    )
    rows = st.builds("{}: {}".format, st.sampled_from(sorted(keys)), yaml_values) | nested | lines
    return st.lists(rows, max_size=5).map(lambda found: "\n".join(found))


def pages(keys: Sequence[str]) -> st.SearchStrategy[str]:
    """Return a page with front matter, or without."""
    body = st.lists(blocks, min_size=1, max_size=5).map("\n\n".join)
    whole = st.builds("---\n{}\n---\n\n# A page\n\n{}\n".format, front_matter(keys), body)
    return st.builds("# {}\n\n{}\n".format, paragraphs, body) | whole | strings


FIELDS = ("title", "author", "year", "url", "doi", "journal", "note", "editor", "isbn", "pages", "crossref", "month", "date", "keywords", "eprint", "booktitle", "shorthand", "sortkey", "file", "abstract", "langid", "related", "xdata")  # fmt: skip
KINDS = (
    "article",
    "book",
    "misc",
    "online",
    "string",
    "preamble",
    "comment",
    "inbook",
    "set",
    "xdata",
    "nobody",
    "software",
)
entries = st.builds(
    "@{}{{{},\n{}\n}}".format,
    st.sampled_from(KINDS),
    st.sampled_from(["a", "b", "c"]) | strings,
    st.lists(st.builds("{} = {}{}{},".format, st.sampled_from(FIELDS), st.sampled_from(["{", '"', "", "{{"]), strings, st.sampled_from(["}", '"', "", "}}"])), max_size=5).map("\n".join),
)  # fmt: skip
bibliographies = st.lists(entries | strings, max_size=5).map("\n".join)

SVG_ELEMENTS = ("g", "rect", "path", "text", "use", "image", "a", "script", "style", "foreignObject", "animate", "set", "defs", "filter", "feImage", "pattern", "mask", "marker", "symbol", "svg", "switch", "title", "metadata", "linearGradient", "textPath", "iframe", "x:script", "handler", "tref", "feGaussianBlur", "clipPath", "feTurbulence", "font-face")  # fmt: skip
SVG_ATTRIBUTES = ("x", "y", "width", "height", "href", "xlink:href", "style", "fill", "filter", "id", "onload", "onclick", "class", "d", "transform", "attributeName", "values", "to", "from", "begin", "dur", "viewBox", "xml:base", "src", "clip-path", "mask", "stdDeviation", "points", "font-size", "patternUnits", "requiredExtensions", "gradientTransform")  # fmt: skip
SVG_VALUES = st.sampled_from(
    ["javascript:alert(1)", "#a", "#b", "url(#a)", "url(https://evil.example/x)", "99999999", "-1", "1e400", "nan", "0", "10", "100%", "https://evil.example/x.png", "data:image/svg+xml,<svg/>", "data:image/png;base64,iVBORw0KGgo=", "data:text/html,x", "file:///etc/passwd", "M0 0L9 9z", "M" + "1 " * 50, "rotate(a)", "href", "xlink:href", "onload", "@import url(//x)", "matrix(1e30 0 0 1 0 0)", "a", "b", "0 0 9 9", "0 0 0 0", "x.png", "1s", "red;background:url(//x)", "\\75rl(//x)"]
) | st.text("abc<>&#;:()0 1.-", max_size=6).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))  # fmt: skip


def _elements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attributes = st.dictionaries(st.sampled_from(SVG_ATTRIBUTES), SVG_VALUES, max_size=4).map(
        lambda found: "".join(f' {key}="{value}"' for key, value in found.items())
    )
    return st.builds("<{0}{1}>{2}</{0}>".format, st.sampled_from(SVG_ELEMENTS), attributes, st.lists(inner, max_size=3).map("".join))  # fmt: skip


svg_parts = st.recursive(st.sampled_from(["x", "&e;", "<!-- -->", "<?x y?>", "<![CDATA[<script>f()</script>]]>", "alert(1)", "*{fill:url(//x)}", ""]), _elements, max_leaves=8)  # fmt: skip
drawings = st.builds(
    "{}<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' xmlns:x='http://www.w3.org/1999/xhtml' {}>{}</svg>".format,
    st.sampled_from(["", "<?xml version='1.0'?>", "<!DOCTYPE svg [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", "<!DOCTYPE svg [<!ENTITY e '<script/>'>]>", "<?xml-stylesheet href='//x'?>", "\ufeff", "<?xml version='1.0' encoding='utf-16'?>"]),
    st.sampled_from(["", "width='9' height='9'", "width='99999999' height='1'", "viewBox='0 0 9 9'", "viewBox='0 0 1e9 1e9'", "width='-1' height='nan'", "onload='f()'", "width='100%' height='1em'"]),
    st.lists(svg_parts, max_size=4).map("".join),
) | strings  # fmt: skip

MIME_TYPES = ("text/plain", "text/html", "image/png", "image/svg+xml", "image/jpeg", "text/latex", "text/markdown", "application/json", "application/javascript", "application/vnd.plotly.v1+json", "image/gif", "application/pdf", "x/y", "application/vnd.jupyter.widget-view+json")  # fmt: skip
json_values = st.recursive(strings | st.integers(-9, 9) | st.none() | st.booleans(), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["tags", "name", "x", "data", "text"]), inner, max_size=2), max_leaves=3)  # fmt: skip
sources = paragraphs | blocks | st.lists(strings, max_size=2)
outputs = st.one_of(
    st.fixed_dictionaries({"output_type": st.sampled_from(["display_data", "execute_result"]), "data": st.dictionaries(st.sampled_from(MIME_TYPES), strings | drawings | json_values, max_size=3), "metadata": json_values}),
    st.fixed_dictionaries({"output_type": st.just("stream"), "name": strings, "text": strings}),
    st.fixed_dictionaries({"output_type": st.just("error"), "ename": strings, "evalue": strings, "traceback": st.lists(strings, max_size=2)}),
    json_values,
)  # fmt: skip
cells = st.one_of(
    st.fixed_dictionaries({"cell_type": st.just("markdown"), "source": sources, "metadata": json_values, "attachments": st.dictionaries(strings, st.dictionaries(st.sampled_from(MIME_TYPES), strings, max_size=1), max_size=1)}),
    st.fixed_dictionaries({"cell_type": st.just("code"), "source": sources, "metadata": json_values, "outputs": st.lists(outputs, max_size=2), "execution_count": json_values}),
    st.fixed_dictionaries({"cell_type": st.sampled_from(["raw", "nobody", ""]), "source": sources, "metadata": json_values}),
    json_values,
)  # fmt: skip
notebooks = st.fixed_dictionaries(
    {"nbformat": st.just(4) | json_values, "nbformat_minor": st.just(5) | json_values, "metadata": st.just({"kernelspec": {"name": "python3", "display_name": "P"}}) | json_values, "cells": st.lists(cells, max_size=4)}
).map(json.dumps) | strings  # fmt: skip

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000201"
    "5b5f3d0d0000000049454e44ae426082"
)
pictures = st.just(PNG) | st.binary(max_size=60).map(lambda tail: PNG[:33] + tail) | st.sampled_from(
    [b"%!PS-Adobe-3.0\n", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", b"BM" + b"\0" * 60, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", PNG[:20]]
)  # fmt: skip


@st.composite
def books(draw: st.DrawFn) -> Files:
    """Return the files of a book."""
    head = "title: A book\nlicense: CC-BY-4.0\n"
    index = draw(pages([*BOOK_KEYS])) if draw(st.integers(0, 3)) == 0 else f"---\n{head}---\n\n# A book\n\nWords.\n"
    files: Files = {"chapters/index.md": index, "chapters/00-good.md": "# Good\n\nThe word perseverance stays.\n"}
    for number in range(draw(st.integers(1, 4))):
        files[f"chapters/{number + 1:02}-p.md"] = draw(pages([*PAGE_KEYS, *FOREIGN_KEYS]))
    files["chapters/refs.bib"] = draw(bibliographies)
    files["chapters/x.svg"] = draw(drawings)
    files["chapters/x.png"] = draw(pictures)
    files["chapters/09-n.ipynb"] = draw(notebooks)
    people = st.builds("---\n{}\n---\n\n{}\n".format, front_matter([*PERSON_KEYS]), paragraphs)
    files["contributors/ada.md"] = draw(people)
    if draw(st.integers(0, 5)) == 0:
        files[f"chapters/{draw(st.sampled_from(['search', 'genindex', 'index', '_static', 'a b', 'é', 'x.y', '-', '10-', 'CON', 'copyright-page']))}.md"] = draw(pages([*PAGE_KEYS]))  # fmt: skip
    return {name: text.encode(errors="replace") if isinstance(text, str) else text for name, text in files.items()}
