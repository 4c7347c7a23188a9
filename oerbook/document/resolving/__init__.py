"""The Sphinx builder: numbers, dependencies between pages, rendered pages."""
