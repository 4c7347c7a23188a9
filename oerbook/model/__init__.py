"""Frozen values that every package shares: findings, people, the book, its history, what was built."""
