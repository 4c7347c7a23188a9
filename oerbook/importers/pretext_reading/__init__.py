"""Reading of PreTeXt books: the tree of files, facts, and chapters as HTML for the common steps."""
