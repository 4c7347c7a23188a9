"""What `oerbook adopt` does."""
