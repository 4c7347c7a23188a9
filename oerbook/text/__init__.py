"""Functions on text alone: characters, slugs."""
