"""Convert what stands in lines of text: references, shortcodes, index entries, code that would be run."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from oerbook.importers.line_conversion.markdown_blocks import replace_in_words
from oerbook.importers.line_conversion.myst_blocks import safe_label
from oerbook.importers.quarto_pages.context import PageContext

BOOKDOWN_REFERENCE = re.compile(r"\\@ref\((?P<label>[^()\s]+)\)")
BRACKETED_REFERENCE = re.compile(
    r"\[(?P<before>[^\[\]@]*?)(?P<minus>-)?@(?P<label>(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|rem|nte|tip|wrn|imp|cau)-[\w:-]+)\](?!\()"
)
NUMBER_REFERENCE = re.compile(r"(?<![\w@\[])-@(?P<label>(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|def|exm|exr)-[\w:-]*\w)")
EQUATION_REFERENCE = re.compile(r"(?<![\w@/\[{])@(?P<label>eq-[\w:-]*\w)")
SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(?P<name>[\w-]+)\s*(?P<arguments>.*?)\s*>\}\}", re.S)
ESCAPED_SHORTCODE = re.compile(r"\{\{\{<(.*?)>\}\}\}", re.S)
INDEX_ENTRY = re.compile(r"\\index[a-z]?\{(?P<entry>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
LATEX_ONLY_COMMENT = re.compile(
    r"`r +if \((?:!?knitr::|!)?is_(?:latex|html)_output\(\)\) *(?P<quote>['\"])(?:<!--|-->)(?P=quote)`"
)
TEX_FORMULA = re.compile(r"(?<!\\)\\\((?P<tex>\S(?:[^\n$]*?\S)?)\\\)")
FOOTNOTE = re.compile(r"\[\^(?P<name>[^\]\s]+)\]")
EMPTY_COMMAND = re.compile(
    r"\\(?:newpage|pagebreak|clearpage|cleardoublepage|noindent|bigskip|medskip|smallskip|hfill|vfill|frontmatter|"
    r"mainmatter|backmatter|appendix|tableofcontents|listoffigures|listoftables|printindex)(?![A-Za-z])(?:\{\})?"
)
NAMED_COMMAND = re.compile(r"\\(LaTeX|TeX|BibTeX|XeLaTeX)(?![A-Za-z])(?:\{\})?")
SPACING_COMMAND = re.compile(
    r"\\(?:vspace|hspace|pagestyle|thispagestyle|setcounter|addtocounter)\*?\{[^{}]*\}(?:\{[^{}]*\})?"
)
INLINE_CODE = re.compile(r"(?<!`)`(?:r|\{(?:r|python|julia|ojs)\}|python)[ \t]+(?P<code>[^`\n]+)`(?!`)")
IMPLICIT_LINK = re.compile(
    r"(?<![\]!\\])\[(?P<words>[^\[\]^@\n][^\[\]\n]*)\](?:\[(?P<heading>[^\[\]^@\n]*)\])?(?![\[(:{])"
)
SPAN_ATTRIBUTES = re.compile(r"(?<=\])\{(?P<items>[^{}\n]*)\}")
YOUTUBE = re.compile(r"(?:youtube(?:-nocookie)?\.com|youtu\.be)$")
ARGUMENT = re.compile(
    r"(?:(?P<key>[\w-]+)\s*=\s*)?(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<plain>[^\s\"'=]+))"
)


def convert_inline_text(text: str, line: int, context: PageContext) -> str:
    """Return lines of text as MyST. `line` is the number of the first of them."""
    text = LATEX_ONLY_COMMENT.sub("", text)
    for match in INLINE_CODE.finditer(text):
        context.not_run.append(line + text.count("\n", 0, match.start()))
    if context.page.path.lower().endswith(".rmd"):
        text = replace_in_words(text, lambda words: TEX_FORMULA.sub(r"$\g<tex>$", words))
    text = replace_in_words(text, lambda words: _convert_references(words, context))
    return replace_in_words(text, lambda words: _convert_commands(words, line, context))


def _convert_references(words: str, context: PageContext) -> str:
    words = FOOTNOTE.sub(lambda match: _footnote(match["name"], context), words)
    words = BOOKDOWN_REFERENCE.sub(lambda match: _bookdown_reference(match["label"], context), words)
    words = BRACKETED_REFERENCE.sub(_bracketed, words)
    words = NUMBER_REFERENCE.sub(lambda match: number_reference(match["label"]), words)
    words = EQUATION_REFERENCE.sub(lambda match: f"{{eq}}`{match['label']}`", words)
    return IMPLICIT_LINK.sub(lambda match: _implicit_link(match, context), words)


def number_reference(label: str) -> str:
    """Return a reference that shows the number alone.

    >>> number_reference("fig-worm"), number_reference("eq-one")
    ('{numref}`%s <fig-worm>`', '{eq}`eq-one`')
    """
    return f"{{eq}}`{label}`" if re.match(r"eq[-:]", label) else f"{{numref}}`%s <{label}>`"


def _footnote(name: str, context: PageContext) -> str:
    """Return a footnote, under a name that is no label of the book: MyST has one namespace for both."""
    taken = name in context.page.labels or name in context.page.wanted_labels
    return f"[^note-{name}]" if taken else f"[^{name}]"


def _bookdown_reference(label: str, context: PageContext) -> str:
    label = safe_label(label)
    known = context.page.labels
    if label not in known and f"fig:{label}" in known:
        label = f"fig:{label}"
    return number_reference(label)


def _bracketed(match: re.Match[str]) -> str:
    """Return `[@fig-x]`, `[-@fig-x]` or `[Words @fig-x]` of Quarto as a reference."""
    before, label = match["before"].strip(), match["label"]
    if label.startswith("eq-"):
        return f"{before} {{eq}}`{label}`".strip()
    if before:
        return f"[{before} %s](#{label})"
    return number_reference(label) if match["minus"] else f"@{label}"


def _implicit_link(match: re.Match[str], context: PageContext) -> str:
    """Return `[Words of a heading]` as a link to the heading."""
    label = context.heading_labels.get(" ".join((match["heading"] or match["words"]).split()).lower())
    return f"[{match['words']}](#{label})" if label else match[0]


def _convert_commands(words: str, line: int, context: PageContext) -> str:
    def place(match: re.Match[str]) -> int:
        return line + match.string.count("\n", 0, match.start())

    words = SHORTCODE.sub(lambda match: _shortcode(match, place(match), context), words)
    words = ESCAPED_SHORTCODE.sub(r"{{<\1>}}", words)
    words = NAMED_COMMAND.sub(r"\1", words)
    words = EMPTY_COMMAND.sub("", SPACING_COMMAND.sub("", words))
    return SPAN_ATTRIBUTES.sub(_span_attributes, words)


def _span_attributes(match: re.Match[str]) -> str:
    """Return the attributes of a span; an unnumbered one needs none."""
    return "" if match["items"].strip() in ("-", ".unnumbered", ".unlisted") else match[0]


def _shortcode(match: re.Match[str], line: int, context: PageContext) -> str:
    """Return a shortcode of Quarto that stands in a line of text."""
    name = match["name"]
    values = [
        item.group("double") or item.group("single") or item.group("plain") or ""
        for item in ARGUMENT.finditer(match["arguments"])
        if not item["key"]
    ]
    first = values[0] if values else ""
    if name == "pagebreak":
        return ""
    if name == "kbd":
        return " + ".join(f"{{kbd}}`{key}`" for key in re.split(r"[-+](?=.)", first)) if first else ""
    if name in ("var", "meta"):
        value = _variable(first, context)
        if value:
            return value
    if name in ("fa", "bi", "icon"):
        return f"{{fa}}`{first}`" if name == "fa" and first else ""
    if name in ("video", "include", "embed"):
        return f"[{first}]({first})" if name != "include" else match[0]
    context.report("import-unsupported", f"the shortcode “{name}” is not carried over", line)
    return f"`{match[0]}`"


def _variable(name: str, context: PageContext) -> str:
    value: object = context.page.variables
    for key in name.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int | float) else ""


def block_shortcode(text: str) -> list[str] | None:
    """Return the directive for a shortcode that is a paragraph of its own: a video or an included page.

    >>> block_shortcode('{{< video https://youtu.be/abc title="Rain" >}}')
    ['```{youtube} abc', ':title: Rain', '```']
    """
    match = SHORTCODE.fullmatch(text.strip())
    if match is None or match["name"] not in ("video", "include"):
        return None
    options: dict[str, str] = {}
    first = ""
    for item in ARGUMENT.finditer(match["arguments"]):
        value = item["double"] or item["single"] or item["plain"] or ""
        if item["key"]:
            options[item["key"]] = value
        else:
            first = first or value
    if match["name"] == "include":
        return [f"```{{include}} {first}", "```"]
    title = [f":title: {options['title']}"] if options.get("title") else []
    identifier = youtube_id(first)
    return [f"```{{youtube}} {identifier}", *title, "```"] if identifier else [f"```{{video}} {first}", *title, "```"]


def youtube_id(url: str) -> str:
    """Return the id of a video on YouTube, "" for any other address.

    >>> youtube_id("https://www.youtube.com/watch?v=abc"), youtube_id("a.mp4")
    ('abc', '')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if not YOUTUBE.search(parts.hostname or ""):
        return ""
    last = parts.path.rstrip("/").rpartition("/")[2]
    return parse_qs(parts.query).get("v", [last])[0]


def take_index_entries(text: str) -> tuple[str, list[str]]:
    r"""Return text without `\index{…}`, and the entries as MyST writes them.

    >>> take_index_entries("Soil\\index{soil!life} lives.")
    ('Soil lives.', ['single: soil; life'])
    """
    entries: list[str] = []

    def take(match: re.Match[str]) -> str:
        entries.append(_index_entry(match["entry"]))
        return ""

    text = replace_in_words(text, lambda words: INDEX_ENTRY.sub(take, words))
    return text, [entry for entry in entries if entry]


def _index_entry(entry: str) -> str:
    entry, _bar, reference = entry.partition("|")
    parts = [re.sub(r"\\\w+\{([^{}]*)\}", r"\1", part.rpartition("@")[2]) for part in entry.split("!")]
    parts = [re.sub(r"\\([_#$%&{}])", r"\1", part).replace("`", "") for part in parts]
    words = "; ".join(part.replace(";", ",").strip() for part in parts[:3])
    see = re.match(r"see(also)?\{(.*)\}", reference)
    if see:
        return f"{'seealso' if see[1] else 'see'}: {words}; {see[2]}"
    return f"single: {words}" if re.search(r"[;,:]", words) else words
