"""Turn the formulas of PreTeXt into TeX."""

from __future__ import annotations

import re

from oerbook.model.untyped import XmlElement

SIGNS = {r"\amp": "&", r"\lt": "<", r"\gt": ">"}
DISPLAY_TAGS = ("me", "men", "md", "mdn")
ALIGNMENT = re.compile(r"(?<!\\)&")


def formula_tex(element: XmlElement) -> str:
    """Return the TeX of m, me, men, md and mdn; rows become an aligned environment."""
    rows = [child for child in element if child.tag in ("mrow", "intertext")]
    if not rows:
        return clean_tex(_text(element)).strip()
    lines = []
    for row in rows:
        tex = clean_tex(_text(row)).strip()
        if row.tag == "intertext":
            lines.append(rf"&\text{{{' '.join(tex.split())}}}")
        else:
            lines.append(tex.removesuffix(r"\\").strip())
    environment = (
        "aligned"
        if any(ALIGNMENT.search(re.sub(r"\\begin\{.*?\\end\{\w+\*?\}", "", line, flags=re.S)) for line in lines)
        else "gathered"
    )
    return lines[0] if len(lines) == 1 and environment == "gathered" else _environment(environment, lines)


def _environment(name: str, lines: list[str]) -> str:
    body = " \\\\\n".join(lines)
    return f"\\begin{{{name}}}\n{body}\n\\end{{{name}}}"


def clean_tex(tex: str) -> str:
    r"""Return TeX with the characters that PreTeXt writes as macros.

    >>> clean_tex(r"a \amp \lt b \amplitude")
    'a & < b \\amplitude'
    """
    return re.sub(r"\\(?:amp|lt|gt)(?![A-Za-z])\s?", lambda match: f"{SIGNS[match[0].strip()]} ", tex).rstrip()


def _text(element: XmlElement) -> str:
    """Return the text of a formula; blanks to fill in become lines, references their ids."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == "fillin":
            pieces.append(r"\underline{\qquad}")
        elif child.tag == "xref":
            pieces.append(rf"\text{{{child.get('ref') or ''}}}")
        else:
            pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)
