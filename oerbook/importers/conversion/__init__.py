"""A book read from a file of another program: its values, labels, pictures and checks."""
