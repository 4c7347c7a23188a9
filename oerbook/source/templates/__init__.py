"""Text of new books, chapters and contributor files."""
