"""Compare what the resolved book holds with what each finished file shows."""
