"""Entries in, ranked candidates out."""
