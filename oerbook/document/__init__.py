"""Sphinx, docutils and MyST: from a `Book` to resolved pages, and from those to pandoc blocks."""
