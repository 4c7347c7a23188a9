"""What `oerbook credits` does."""
