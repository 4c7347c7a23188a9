"""Make paragraphs of WordPress text, where blank lines divide paragraphs and line ends are line breaks."""

from __future__ import annotations

import re

BLOCK = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote|address|"
    "style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|figcaption|details|menu|summary"
)
BLOCK_TAG = re.compile(rf"</?(?:{BLOCK})\b[^>]*>", re.I)
KEPT_MARK = re.compile(r"<wbr data-kept='(\d+)'>")
PROTECTED = re.compile(r"<(pre|script|style|textarea)\b.*?</\1>", re.S | re.I)


def add_paragraphs(text: str) -> str:
    """Return HTML with `p` and `br` where WordPress shows paragraphs and line breaks.

    >>> add_paragraphs("One\\nline.\\n\\nTwo. <ul><li>x</li></ul>")
    '<p>One<br>\\nline.</p>\\n<p>Two.</p>\\n<ul>\\n<li>\\nx\\n</li>\\n</ul>'
    """
    kept: list[str] = []

    def protect(match: re.Match[str]) -> str:
        kept.append(match[0])
        is_inline = match[1].lower() == "script"  # a formula
        mark = f"<wbr data-kept='{len(kept) - 1}'>"
        return mark if is_inline else f"\n\n{mark}\n\n"

    text = PROTECTED.sub(protect, text.replace("\r\n", "\n").replace("\r", "\n"))
    text = BLOCK_TAG.sub(lambda match: f"\n\n{match[0]}\n\n", text)
    pieces = [piece.strip() for piece in re.split(r"\n\s*\n", text) if piece.strip()]
    result = []
    inside = 0  # how many elements are open that hold text without paragraphs of its own
    for piece in pieces:
        tag = re.fullmatch(r"<(/?)(\w+)[^>]*?(/?)>", piece)
        if tag and BLOCK_TAG.fullmatch(piece):
            if re.fullmatch(r"p|h[1-6]|li|td|th|dt|dd|caption|figcaption|summary|legend", tag[2], re.I):
                inside += -1 if tag[1] else 1
            result.append(piece)
        else:
            alone = KEPT_MARK.fullmatch(piece)
            if alone and not kept[int(alone[1])].lower().startswith("<script"):
                result.append(piece)
                continue
            broken = piece.replace("\n", "<br>\n")
            result.append(broken if inside > 0 else f"<p>{broken}</p>")
    html = "\n".join(result)
    return KEPT_MARK.sub(lambda match: kept[int(match[1])], html)
