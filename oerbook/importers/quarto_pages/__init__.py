"""Convert pages of Quarto and of R Markdown to MyST."""
