"""What a book says of itself in each format: values from the book, no files."""
