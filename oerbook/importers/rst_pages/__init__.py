"""Convert pages in reStructuredText to MyST."""
