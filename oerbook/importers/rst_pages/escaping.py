"""Write plain text, code and links as MyST."""

from __future__ import annotations

import re

EXPLICIT = re.compile(r"^(?P<words>.*?)\s*<(?P<target>[^<>]+)>$", re.S)
HTML_LIKE = re.compile(r"<(?=[A-Za-z/!?])|&(?=#?\w+;)")


def escape_text(text: str) -> str:
    r"""Return plain text with what only MyST would read escaped, and with the escapes of reStructuredText read.

    >>> escape_text("a <b> costs $5 \\* and \\x"), escape_text("A\\_b [x](y)")
    ('a \\<b> costs \\$5 \\* and x', 'A\\_b [x]\\(y)')
    """
    text = re.sub(r"\\(.)", lambda match: match[0] if match[1] in "*_`\\|<>$[]#" else match[1], text)
    text = HTML_LIKE.sub(lambda match: f"\\{match[0]}", text)
    text = re.sub(r"(?<!\\)\$", r"\\$", text)
    text = re.sub(r"(?<=\])\((?=\S)", r"\\(", text)
    text = re.sub(r"(?<![^\s(])\*+(?=\s)", lambda match: match[0].replace("*", "\\*"), text)
    return re.sub(r"\{(?=[\w:-]+\}`)", r"\\{", text)


def code_span(text: str) -> str:
    """Return text as code, between as many back-quotes as it needs.

    >>> code_span("a"), code_span("a`b")
    ('`a`', '``a`b``')
    """
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    mark = "`" * (longest + 1) if longest else "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{mark}{pad}{text}{pad}{mark}"


def written_link(words: str, target: str) -> str:
    """Return a link; an e-mail address gets its scheme, and an address with spaces brackets."""
    target = target.replace("\\", "").replace("\x00", "")
    if re.fullmatch(r"[\w.+-]+@[\w.-]+", target):
        target = f"mailto:{target}"
    target = f"<{target}>" if re.search(r"[\s()]", target) else target
    return f"[{escape_text(words)}]({target})"
