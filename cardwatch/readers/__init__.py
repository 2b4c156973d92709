"""Readers: bytes to a document."""
