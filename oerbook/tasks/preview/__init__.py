"""What `oerbook serve` does."""
