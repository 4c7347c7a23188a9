"""Formulas in Sphinx: nodes, equation numbers, titles and outputs of notebooks; `formulas` converts them."""
