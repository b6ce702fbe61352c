"""Syllabot: a Discord bot that keeps a machine-learning study group moving."""

__version__ = "0.1.0"
