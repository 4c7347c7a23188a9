"""What `oerbook check` does."""
