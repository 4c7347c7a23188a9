"""Metadata of the book for every format: values computed from the book, no files."""
