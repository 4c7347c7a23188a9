"""New books, files, themes and workflows."""
