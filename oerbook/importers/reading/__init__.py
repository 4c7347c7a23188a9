"""What importers share: the search for a book, its settings, names and contents, and the plan of the import."""
