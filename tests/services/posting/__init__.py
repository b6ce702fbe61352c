"""Posting once, whatever happens."""
