"""Image files: their kind by content, safe opening, metadata removal, scaling."""
