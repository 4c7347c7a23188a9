"""Formulas: TeX to MathML and Typst, macros, spoken text."""
