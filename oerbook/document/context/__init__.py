"""What one run knows: the book, its findings, page names and line numbers."""
