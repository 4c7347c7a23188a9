"""Licenses by their SPDX ids."""
