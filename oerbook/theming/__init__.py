"""Themes: design tokens, style sheets, fonts."""
