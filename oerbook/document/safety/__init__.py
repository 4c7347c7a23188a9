"""Limits and allow-lists for what a stranger may write in a page."""
