"""Processes with limits, in which text from strangers is read."""
