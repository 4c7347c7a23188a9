"""Previews of submissions in the published site."""
