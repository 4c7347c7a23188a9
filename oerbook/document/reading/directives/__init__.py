"""Directives of other tools that have an implementation of their own."""
