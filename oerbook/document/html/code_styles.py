"""Pygments styles for light and dark mode, with a WCAG contrast of at least 4.5.

https://www.w3.org/TR/WCAG22/#contrast-minimum
"""

from __future__ import annotations

from typing import ClassVar

from pygments.style import Style
from pygments.token import Comment, Error, Generic, Keyword, Name, Number, Operator, Punctuation, String, Token


class LightStyle(Style):  # type: ignore[misc]
    """Dark text on a light background."""

    background_color = "#f5f2ea"
    highlight_color = "#fbe9a9"
    line_number_color = "#5b564c"
    styles: ClassVar = {
        Token: "#1c1b19",
        Comment: "italic #5f594e",
        Keyword: "bold #7a1f5c",
        Operator: "#3d3a34",
        Punctuation: "#3d3a34",
        Name.Function: "#1d4f91",
        Name.Class: "bold #1d4f91",
        Name.Builtin: "#0b5a7a",
        Name.Namespace: "#1c1b19",
        Name.Decorator: "#7a1f5c",
        Name.Tag: "#7a1f5c",
        Name.Attribute: "#0b5a7a",
        String: "#2c6116",
        Number: "#8a3b00",
        Generic.Heading: "bold",
        Generic.Deleted: "#a3000b",
        Generic.Inserted: "#2c6116",
        Generic.Emph: "italic",
        Generic.Strong: "bold",
        Generic.Prompt: "#5f594e",
        Generic.Output: "#3d3a34",
        Error: "#a3000b",
    }


class DarkStyle(Style):  # type: ignore[misc]
    """Light text on a dark background."""

    background_color = "#211f1c"
    highlight_color = "#453c12"
    line_number_color = "#aca597"
    styles: ClassVar = {
        Token: "#e9e5dc",
        Comment: "italic #c4bdaf",
        Keyword: "bold #f0a3d0",
        Operator: "#d6d0c4",
        Punctuation: "#d6d0c4",
        Name.Function: "#9cc4ff",
        Name.Class: "bold #9cc4ff",
        Name.Builtin: "#8fd3ea",
        Name.Namespace: "#e9e5dc",
        Name.Decorator: "#f0a3d0",
        Name.Tag: "#f0a3d0",
        Name.Attribute: "#8fd3ea",
        String: "#b5dd9c",
        Number: "#f2b98a",
        Generic.Heading: "bold",
        Generic.Deleted: "#ff9d96",
        Generic.Inserted: "#b5dd9c",
        Generic.Emph: "italic",
        Generic.Strong: "bold",
        Generic.Prompt: "#b3ac9e",
        Generic.Output: "#d6d0c4",
        Error: "#ff9d96",
    }
