"""Formulas: read TeX into MathML; write MathML, Typst, Word and spoken text. No Sphinx."""
