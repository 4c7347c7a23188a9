"""Caches, files and archives on the disk."""
