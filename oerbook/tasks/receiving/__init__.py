"""Chapters that go to authors as files of a word processor, and come back as submissions."""
