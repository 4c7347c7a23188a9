"""Settings of the title page that need more than a value: files that it names."""
