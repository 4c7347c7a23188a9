"""What formats read: pages as pandoc blocks."""
