"""What `oerbook import` does, and `oerbook adopt` with files that are not a repository."""
