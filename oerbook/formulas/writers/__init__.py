"""Write MathML trees as Typst, OMML and English."""
