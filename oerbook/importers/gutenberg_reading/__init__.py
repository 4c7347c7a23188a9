"""Reading of books of Project Gutenberg: header, plain text, web pages."""
