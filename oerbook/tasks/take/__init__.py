"""What `oerbook take` does."""
