"""Citations: the works of the bibliography files, set by pandoc's citation processor in the style of the book."""
