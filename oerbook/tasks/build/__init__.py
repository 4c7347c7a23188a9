"""What `oerbook build` does."""
