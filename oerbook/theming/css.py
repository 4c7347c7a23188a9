"""The tokens as CSS: custom properties for day and night, and the faces of the book."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oerbook.theming.fallback_fonts import fitted, stack
from oerbook.theming.fonts import ROLES, Subset
from oerbook.theming.theme import Theme

STEPS = range(-2, 7)
GENERIC = {"text": "serif", "sans": "sans-serif", "mono": "monospace", "math": "math"}


def tokens_css(theme: Theme, subsets: Sequence[Subset]) -> str:
    """Return the style sheet that gives every page of the site its faces, sizes and colours."""
    tokens = theme.tokens
    parts = tokens.get("parts", {})
    day = _properties(tokens.get("colour", {})) + _accents(parts.get("accents", []))
    night = _properties(tokens.get("night", {}), "color-scheme: dark;") + _accents(parts.get("night-accents", []))
    lines = [
        f"/* Made from the tokens of the theme {theme.name}: change theme.toml, not this file. */",
        *(font_face(piece, f"fonts/{piece.file.name}") for piece in subsets),
        *_beside(tokens, subsets),
        f":root {{\n  color-scheme: light;\n{day}{_type(tokens.get('type', {}))}{_families(tokens)}}}",
        f'@media (prefers-color-scheme: dark) {{\n  :root:not([data-theme="light"]) {{\n{night}  }}\n}}',
        f':root[data-theme="dark"] {{\n{night}}}',
        *(f"body.part-{n} {{ --accent: var(--part-{n}); }}" for n in range(1, len(parts.get("accents", [])) + 1)),
    ]
    return "\n".join(lines) + "\n"


def faces_js(subsets: Sequence[Subset]) -> str:
    """Return the script that asks for the face of the text before the style sheets are there, so that it is seldom late.

    A `<link>` would do, but browsers call it an error in pages that are opened from a folder.
    """
    first = next((piece.file.name for piece in subsets if piece.face.role == "text"), "")
    return f"""// Made from the theme: the face of the text is asked for at once, before the style sheets name it.
"use strict";
if ({json.dumps(first)} && location.protocol !== "file:") {{
  const face = document.createElement("link");
  const href = new URL({json.dumps(f"fonts/{first}")}, document.currentScript.src).href;
  Object.assign(face, {{ rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href }});
  document.head.append(face);
}}
"""


def _properties(values: Mapping[str, Any], head: str = "") -> str:
    lines = [head] if head else []
    lines += [f"--{name}: {value};" for name, value in values.items()]
    return "".join(f"  {line}\n" for line in lines)


def _type(values: Mapping[str, Any]) -> str:
    """Return sizes: what the theme says, and the steps of its scale in em."""
    scale = float(values.get("scale", 1.2))
    said = {name: values[name] for name in ("screen-size", "line-height", "measure", "space") if name in values}
    steps = {f"step-{step}".replace("--", "-down-"): f"{scale**step:.4g}rem" for step in STEPS}
    return _properties(said | steps)


def _families(tokens: Mapping[str, Mapping[str, Any]]) -> str:
    said, beside = tokens.get("type", {}), tokens.get("fallback", {})
    return _properties({role: stack(said.get(role, ""), beside.get(role) or GENERIC[role]) for role in ROLES})


def _beside(tokens: Mapping[str, Mapping[str, Any]], subsets: Sequence[Subset]) -> Iterator[str]:
    """Yield the rules that fit the reader's own faces to those of the book."""
    for role in dict.fromkeys(piece.face.role for piece in subsets):
        yield from fitted(
            [piece for piece in subsets if piece.face.role == role], tokens.get("fallback", {}).get(role, "")
        )


def _accents(colours: Sequence[str]) -> str:
    """Return the accents of the parts as properties: --part-1 and so on."""
    return _properties({f"part-{number}": colour for number, colour in enumerate(colours, start=1)})


def font_face(piece: Subset, href: str) -> str:
    """Return the rule that makes a piece of a face known under the family's name."""
    ranges = ", ".join(f"U+{low:X}-{high:X}" if high > low else f"U+{low:X}" for low, high in piece.ranges)
    return (
        f'@font-face {{ font-family: "{piece.face.family}"; font-style: {piece.face.style}; '
        f"font-weight: {_weights(piece)}; font-display: swap; "
        f'src: url("{href}") format("woff2"); unicode-range: {ranges}; }}'
    )


def _weights(piece: Subset) -> str:
    return "600 700" if piece.face.weight >= 600 else "400"
