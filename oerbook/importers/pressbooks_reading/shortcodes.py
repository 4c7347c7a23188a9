"""Convert the shortcodes of WordPress and Pressbooks: notes, formulas, captions, glossary terms, players."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from oerbook.model.findings import Finding, Place, Severity

ENCLOSING = (
    "footnote|fn|caption|wp_caption|latex|asciimath|equation|pb_glossary|heading|subheading|blockquote|bold|strong|italics|em|"
    "code|textbox|columns|video|audio|embed|email|media|pb_language|anchor|h5p|media_attributions|one_half|two_third|table|"
    "attributions|playlist|gallery|sidebar|aside"
)
SHORTCODE = re.compile(
    rf"\[(?P<escape>\[)?(?P<name>{ENCLOSING})(?P<options>(?:\s[^\[\]]*?)?)(?P<closed>/)?\]"
    r"(?:(?P<body>(?:(?!\[(?P=name)[\s\]]).)*?)\[/(?P=name)\])?",
    re.S | re.I,
)
OPTION = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")
DOLLAR_LATEX = re.compile(r"\$latex\s+(.+?)(?<!\\)\$", re.S)
BARE_URL = re.compile(r"^[ \t]*(https?://[^\s<>\[\]]+)[ \t]*$", re.M)
UNKNOWN = re.compile(r"\[/?([a-z][a-z0-9_-]{2,30})(?:\s+\w+=[^\]]*)?\]")
MAX_PASSES = 8


@dataclass(slots=True)
class ShortcodeState:
    """What is collected in one post: notes, and findings on what could not be kept."""

    place: str
    site_url: str = ""
    glossary: Mapping[str, str] = field(default_factory=dict)  # title of the entry by id
    media: Mapping[str, str] = field(default_factory=dict)  # address of an attachment by id
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def report(self, message: str, severity: Severity = Severity.WARNING) -> None:
        """Add a finding."""
        self.findings.append(Finding("import-markup", message, Place(self.place), severity))


def convert_shortcodes(text: str, state: ShortcodeState) -> str:
    """Return text with its shortcodes as HTML."""
    text = DOLLAR_LATEX.sub(lambda match: _formula(match[1]), text)
    for _ in range(MAX_PASSES):
        converted = SHORTCODE.sub(lambda match: _convert(match, state), text)
        if converted == text:
            break
        text = converted
    text = BARE_URL.sub(lambda match: f'<a href="{match[1]}">{match[1]}</a>', text)
    for name in sorted(
        {m[1] for m in UNKNOWN.finditer(re.sub(r"<[^>]*>", "", text)) if f"[/{m[1]}]" in text or "=" in m[0]}
    ):
        state.report(f"the shortcode [{name}] is not known and is shown as it stands")
    return text


def _convert(match: re.Match[str], state: ShortcodeState) -> str:
    name = match["name"].lower()
    if match["escape"]:
        return match[0].replace("[", "&#91;")
    options = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in OPTION.finditer(match["options"] or "")}
    return RULES[name](state, options, match["body"] or "")


def _formula(tex: str, *, display: bool = False) -> str:
    source = html.unescape(re.sub(r"<br\s*/?>|</?p>|</?em>", " ", tex)).strip().replace("</", "< /")
    return f'<script type="math/tex{"; mode=display" if display else ""}">{source}</script>'


def _note(state: ShortcodeState, _options: Mapping[str, str], body: str) -> str:
    state.notes.append(body.strip())
    return f'<span class="note-ref" data-note="s{len(state.notes)}"></span>'


def _caption(_state: ShortcodeState, options: Mapping[str, str], body: str) -> str:
    match = re.match(r"\s*((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)", body, re.S)
    if match is None:
        return body
    caption = match[2].strip() or options.get("caption", "")
    return f"\n\n<figure>{match[1].strip()}<figcaption>{caption}</figcaption></figure>\n\n"


def _term(state: ShortcodeState, options: Mapping[str, str], body: str) -> str:
    entry = state.glossary.get(options.get("id", ""), "")
    return f'<span class="term" data-entry="{html.escape(entry)}">{body}</span>' if entry else body


def _player(state: ShortcodeState, options: Mapping[str, str], body: str) -> str:
    urls = [options[k] for k in ("src", "mp4", "webm", "ogv", "mp3", "m4a", "ogg", "wav", "m4v") if k in options]
    url = next(iter(urls), "") or next(iter(re.findall(r"https?://[^\s\[\]<>\"]+", body)), "")
    state.report(f"a player cannot stand in a book; a link to {url or 'nothing'} took its place", Severity.INFO)
    return f'<a href="{html.escape(url)}">{html.escape(url)}</a>' if url else body


def _exercise(state: ShortcodeState, options: Mapping[str, str], _body: str) -> str:
    number = options.get("id", "")
    url = f"{state.site_url}/wp-admin/admin-ajax.php?action=h5p_embed&id={number}"
    state.report(f"the interactive exercise H5P {number} is not in the export; a link to it took its place")
    return f'<a href="{html.escape(url)}">Interactive exercise {html.escape(number)}</a>'


def _picture(state: ShortcodeState, options: Mapping[str, str], body: str) -> str:
    url = state.media.get(options.get("id", ""), "") or options.get("src", "")
    return f'<img src="{html.escape(url)}" alt="{html.escape(options.get("alt", ""))}">{body}' if url else body


def _gallery(state: ShortcodeState, options: Mapping[str, str], _body: str) -> str:
    urls = [state.media.get(number.strip(), "") for number in options.get("ids", "").split(",")]
    return "\n\n".join(f'<img src="{html.escape(url)}" alt="">' for url in urls if url)


def _asciimath(state: ShortcodeState, _options: Mapping[str, str], body: str) -> str:
    state.report("a formula in AsciiMath is shown as code; write it in TeX")
    return f"<code>{body}</code>"


def _unknown_table(state: ShortcodeState, options: Mapping[str, str], body: str) -> str:
    state.report(f"the table {options.get('id', '')} of TablePress is not in the export", Severity.WARNING)
    return body


def _wrap(tag: str, attributes: str = "") -> Rule:
    return lambda _state, _options, body: f"<{tag}{attributes}>{body}</{tag}>"


def _keep(_state: ShortcodeState, _options: Mapping[str, str], body: str) -> str:
    return body


def _drop(_state: ShortcodeState, _options: Mapping[str, str], _body: str) -> str:
    return ""


def _anchor(_state: ShortcodeState, options: Mapping[str, str], body: str) -> str:
    return f'<span id="{html.escape(options.get("id", ""))}">{body}</span>'


def _language(_state: ShortcodeState, options: Mapping[str, str], body: str) -> str:
    return f'<span lang="{html.escape(options.get("lang", ""))}">{body}</span>'


def _math(_state: ShortcodeState, _options: Mapping[str, str], body: str) -> str:
    return _formula(body)


def _equation(_state: ShortcodeState, _options: Mapping[str, str], body: str) -> str:
    return _formula(body, display=True)


Rule = Callable[[ShortcodeState, Mapping[str, str], str], str]
RULES: dict[str, Rule] = {
    **dict.fromkeys(("footnote", "fn"), _note),
    **dict.fromkeys(("caption", "wp_caption"), _caption),
    **dict.fromkeys(("video", "audio", "embed", "playlist"), _player),
    **dict.fromkeys(("bold", "strong"), _wrap("strong")),
    **dict.fromkeys(("italics", "em"), _wrap("em")),
    **dict.fromkeys(("columns", "one_half", "two_third", "email", "attributions"), _keep),
    **dict.fromkeys(("textbox", "sidebar", "aside"), _wrap("div", ' class="textbox"')),
    "latex": _math,
    "equation": _equation,
    "asciimath": _asciimath,
    "pb_glossary": _term,
    "pb_language": _language,
    "heading": _wrap("h2"),
    "subheading": _wrap("h3"),
    "blockquote": _wrap("blockquote"),
    "code": _wrap("code"),
    "media": _picture,
    "gallery": _gallery,
    "media_attributions": _drop,
    "anchor": _anchor,
    "h5p": _exercise,
    "table": _unknown_table,
}
