"""The theme's tokens as CSS: properties for light and dark mode, and fonts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from oerbook.theming.fallback_fonts import css_font_stack, fallback_font_face_rules
from oerbook.theming.fonts import FONT_ROLES, FontSubset
from oerbook.theming.theme import Theme, TokenValue

TYPE_SCALE_STEPS = range(-2, 7)  # exponents of the type scale
GENERIC_FAMILY_BY_ROLE = {"text": "serif", "sans": "sans-serif", "mono": "monospace", "math": "math"}


def render_tokens_css(theme: Theme, subsets: Sequence[FontSubset]) -> str:
    """Return the style sheet with the fonts, sizes and colors of the site."""
    tokens = theme.tokens
    parts = tokens.get("parts", {})
    light = _properties(tokens.get("color", {})) + _accents(parts.get("accents", []))
    dark = _properties(tokens.get("night", {}), "color-scheme: dark;") + _accents(parts.get("night-accents", []))
    lines = [
        f"/* Made from the tokens of the theme {theme.name}: change theme.toml, not this file. */",
        *(render_font_face(subset, f"fonts/{subset.file.name}") for subset in subsets),
        *_fallback_rules(tokens, subsets),
        f":root {{\n  color-scheme: light;\n{light}{_sizes(tokens.get('type', {}))}{_font_stacks(tokens)}}}",
        f'@media (prefers-color-scheme: dark) {{\n  :root:not([data-theme="light"]) {{\n{dark}  }}\n}}',
        f':root[data-theme="dark"] {{\n{dark}}}',
        *(f"body.part-{n} {{ --accent: var(--part-{n}); }}" for n in range(1, len(parts.get("accents", [])) + 1)),
    ]
    return "\n".join(lines) + "\n"


def render_preload_js(subsets: Sequence[FontSubset]) -> str:
    """Return the script that preloads the text font before the style sheets.

    A `<link>` would do, but browsers report it as an error on pages opened from a folder.
    """
    first = next((subset.file.name for subset in subsets if subset.face.role == "text"), "")
    return f"""// Made from the theme: the face of the text is asked for at once, before the style sheets name it.
"use strict";
if ({json.dumps(first)} && location.protocol !== "file:") {{
  const face = document.createElement("link");
  const href = `${{document.documentElement.dataset.content_root}}_static/fonts/${{{json.dumps(first)}}}`;
  Object.assign(face, {{ rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href }});
  document.head.append(face);
}}
"""


def _properties(values: Mapping[str, TokenValue], head: str = "") -> str:
    lines = [head] if head else []
    lines += [f"--{name}: {value};" for name, value in values.items()]
    return "".join(f"  {line}\n" for line in lines)


def _sizes(values: Mapping[str, TokenValue]) -> str:
    """Return sizes as properties: the theme's own, and its type scale in rem."""
    scale = float(values.get("scale", 1.2))
    sizes = {name: values[name] for name in ("screen-size", "line-height", "measure", "space") if name in values}
    steps = {f"step-{step}".replace("--", "-down-"): f"{scale**step:.4g}rem" for step in TYPE_SCALE_STEPS}
    return _properties(sizes | steps)


def _font_stacks(tokens: Mapping[str, Mapping[str, TokenValue]]) -> str:
    families, fallbacks = tokens.get("type", {}), tokens.get("fallback", {})
    return _properties(
        {
            role: css_font_stack(families.get(role, ""), fallbacks.get(role) or GENERIC_FAMILY_BY_ROLE[role])
            for role in FONT_ROLES
        }
    )


def _fallback_rules(tokens: Mapping[str, Mapping[str, TokenValue]], subsets: Sequence[FontSubset]) -> Iterator[str]:
    """Yield the rules that scale local fallback fonts to those of the book."""
    for role in dict.fromkeys(subset.face.role for subset in subsets):
        of_role = [subset for subset in subsets if subset.face.role == role]
        yield from fallback_font_face_rules(of_role, tokens.get("fallback", {}).get(role, ""))


def _accents(colors: Sequence[str]) -> str:
    """Return the accent colors of the parts as properties: --part-1 and so on."""
    return _properties({f"part-{number}": color for number, color in enumerate(colors, start=1)})


def render_font_face(subset: FontSubset, href: str) -> str:
    """Return the @font-face rule of a font subset."""
    ranges = ", ".join(f"U+{low:X}-{high:X}" if high > low else f"U+{low:X}" for low, high in subset.ranges)
    return (
        f'@font-face {{ font-family: "{subset.face.family}"; font-style: {subset.face.style}; '
        f"font-weight: {_weights(subset)}; font-display: swap; "
        f'src: url("{href}") format("woff2"); unicode-range: {ranges}; }}'
    )


def _weights(subset: FontSubset) -> str:
    return "600 700" if subset.face.weight >= 600 else "400"
